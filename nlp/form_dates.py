"""Dates: days that no calendar has, news that comes late, dates that lie ahead."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from nlp.spans import Spans, one_flag, within
from nlp.types import Draft, Flag

_REPORTING = frozenset({"动态"})
"""Genres that report an event: a notice or a plan speaks of days to come."""
_LEAD = 60
"""Characters of the first paragraph in which its event is dated."""
_LONG_TERM = re.compile("以来|起|至|到|—|-|期间")
_LEAP = 2024


@dataclass(frozen=True, slots=True)
class _Day:
    """A date as written; ``year`` 0 where only 9月30日 stands."""

    start: int
    end: int
    year: int
    month: int
    day: int

    def possible(self) -> bool:
        """Whether some calendar has it; 29 February without a year is possible."""
        if not 1 <= self.month <= 12:
            return False
        return 1 <= self.day <= monthrange(self.year or _LEAP, self.month)[1]


def date_flags(
    draft: Draft, text: str, runs: Spans, judged: Spans, *, genre: str, received: str, late: int
) -> tuple[Flag, ...]:
    """Flags "impossible_date", "future_date" and "late_report".

    The event is what the first lines of a report are dated; it is measured against the date line,
    else against ``received`` (ISO date, "" if unknown). ``late`` days are allowed, 0 = any number.
    """
    days = list(_days(text, runs))
    wrong = [(d.start, d.end) for d in days if not d.possible()]
    flags = one_flag(
        "impossible_date", "warn", "有{}处日历上没有的日期，请核对", within(wrong, judged)
    )
    if ahead := _signed_ahead(draft, received):
        flags += (ahead,)
    said = _whole_date(draft.dated) or _whole_date(received)
    if genre in _REPORTING and said and (event := _event(draft, text, days)):
        flags += _timing(event, said, late)
    return flags


def _days(text: str, runs: Spans) -> Iterator[_Day]:
    """Dates of the form [2026年]9月30日 in the order of the text."""
    for place, (start, end) in enumerate(runs[:-1]):
        follower = runs[place + 1]
        if text[end : end + 1] != "月" or follower[0] != end + 1 or end - start > 2:
            continue
        if text[follower[1] : follower[1] + 1] != "日" or follower[1] - follower[0] > 2:
            continue
        year, first = 0, start
        if place and runs[place - 1][1] == start - 1 and text[start - 1] == "年":
            before = runs[place - 1]
            if before[1] - before[0] == 4:
                year, first = int(text[before[0] : before[1]]), before[0]
        month, day = int(text[start:end]), int(text[follower[0] : follower[1]])
        if year == 0 or 1 <= year <= 9999:
            yield _Day(first, follower[1] + 1, year, month, day)


def _whole_date(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso[:10]) if len(iso) >= 10 else None
    except ValueError:
        return None


def _signed_ahead(draft: Draft, received: str) -> Flag | None:
    """A date line later than the day on which the draft came in."""
    signed, came = _whole_date(draft.dated), _whole_date(received)
    if not signed or not came or signed <= came:
        return None
    spans = draft.ranges(frozenset({"date"}))
    start, end = spans[-1] if spans else (0, 0)
    message = f"成文日期{signed}晚于收稿日期{came}，请核对"
    return Flag("future_date", "warn", message, start, end, count=1)


def _event(draft: Draft, text: str, days: list[_Day]) -> _Day | None:
    """The day that the first lines name: alone, not the beginning of a period."""
    body = draft.ranges(frozenset({"body"}))
    if not body:
        return None
    start, end = body[0]
    lead = [d for d in days if start <= d.start < min(end, start + _LEAD) and d.possible()]
    if not lead or _LONG_TERM.match(text, lead[0].end):
        return None
    return lead[0]


def _timing(event: _Day, said: date, late: int) -> tuple[Flag, ...]:
    happened = _nearest(event, said)
    age = (said - happened).days
    if age < 0:
        message = f"所报的事在{happened}，晚于成文或收稿日期{said}，请核对"
        return (Flag("future_date", "warn", message, event.start, event.end, count=1),)
    if late and age > late:
        message = f"所报的事距成文或收稿已{age}天，超过{late}天，属迟报"
        return (Flag("late_report", "info", message, event.start, event.end, age, late),)
    return ()


def _nearest(event: _Day, said: date) -> date:
    """The event's date; without a year the last one that is at most a month ahead."""
    year = event.year or said.year
    try:
        happened = date(year, event.month, event.day)
    except ValueError:  # 29 February of a year that has none
        happened = date(year, 3, 1)
    if not event.year and happened > said + timedelta(days=31):
        return happened.replace(year=year - 1, day=min(event.day, 28))
    return happened
