"""Days, and periods: half-open ranges of them, as reports name them. 31 December is its year's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_FORM = re.compile(r"(\d{4})(?:-?(?:Q([1-4])|H([12])|(\d{2})))?")
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?"
_DAY = re.compile(
    r"(?:(\d{4})(?:[-/.]|年) ?(\d{1,2})(?:[-/.]|月) ?(\d{1,2})日?|(\d{4})(\d{2})(\d{2}))" + _TIME,
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` up to but not including ``end``, in Asia/Shanghai.

    As ISO text they compare with the columns ``received_on``:
    ``received_on >= start AND received_on < end``.
    """

    start: date
    end: date


def before(period: Period) -> Period:
    """The period that ends where this one starts: as many months, of odd days as many days."""
    start, end = period.start, period.end
    if start.day != 1 or end.day != 1:
        return Period(start - (end - start), start)
    months = 12 * (end.year - start.year) + end.month - start.month
    year, month = divmod(12 * start.year + start.month - 1 - months, 12)
    return Period(date(year, month + 1, 1), start)


def year_before(period: Period) -> Period:
    """The same days of the year before; 29 February counts as 1 March."""
    return Period(_last_year(period.start), _last_year(period.end))


def year_to_date(period: Period) -> Period:
    """From 1 January of the year in which the period begins to the end of the period."""
    return Period(date(period.start.year, 1, 1), period.end)


def _last_year(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 3, 1)
    return day.replace(year=day.year - 1)


def parse_period(text: str) -> Period:
    """``2026`` a year, ``2026H1`` a half, ``2026Q3`` a quarter, ``2026-09`` a month.

    Also ``2026-07-01至2026-08-15``, both days included. Raises ValueError with a Chinese sentence
    for anything else.
    """
    first_day, between, last_day = text.partition("至")
    if between:
        start, end = parse_day(first_day), parse_day(last_day) + timedelta(days=1)
        if start >= end:
            raise ValueError(f"期间“{text}”的止日早于起日。")
        return Period(start, end)
    match = _FORM.fullmatch(text.strip().upper())
    if match is None:
        raise ValueError(_complaint(text))
    year, quarter, half, month = (int(part) if part else 0 for part in match.groups())
    if quarter:
        first, length = 3 * quarter - 2, 3
    elif half:
        first, length = 6 * half - 5, 6
    elif match[4]:
        first, length = month, 1
    else:
        first, length = 1, 12
    if not 1 <= first <= 12 or not 1 <= year <= 9998:
        raise ValueError(_complaint(text))
    last = first + length - 1
    end = date(year + 1, 1, 1) if last == 12 else date(year, last + 1, 1)
    return Period(date(year, first, 1), end)


def begun(text: str, on: date | None = None) -> Period:
    """:func:`parse_period`, refusing a period that begins after ``on`` (today)."""
    period = parse_period(text)
    if period.start > (on or today()):
        raise ValueError(f"期间“{text}”还没有开始，没有可统计的内容。")
    return period


def parse_day(text: str) -> date:
    """A day as people and Excel write it: 2026-09-15, 2026/9/15, 2026年9月15日, 20260915…

    A time after it, as Excel adds it, is dropped. Raises ValueError with a Chinese sentence.
    """
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match:
        try:
            return date(*(int(part) for part in match.groups() if part))
        except ValueError:  # no such day
            pass
    raise ValueError(f"看不懂日期“{text}”：请写成2026-09-15。")


def today() -> date:
    """The day in Asia/Shanghai."""
    return (datetime.now(UTC) + timedelta(hours=8)).date()


def _complaint(text: str) -> str:
    return (
        f"看不懂期间“{text}”：请写成2026（年）、2026H1（半年）、2026Q3（季度）、2026-09（月）"
        "或2026-07-01至2026-08-15（含首尾两天）。"
    )
