"""Rules on a whole month, quarter, half or year: tasks, thresholds, caps, floors, marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from points.calendar import MONTHS, Span, spans_ending
from points.conditions import Fact, all_hold
from points.events import Entry, Event, Unit
from points.fields import SECTIONS
from points.profile import Profile
from points.rules import PeriodRule
from points.scoring import shown, thousandths, told

_STATES = {"on_time": "按时", "late": "迟交", "missed": "未交"}
_PLAIN = {
    "commissions": "commission",
    "instructions": "instruction",
    "outcomes": "outcome",
    "topics": "topic",
    "faults": "fault",
}
NAMES = {
    "submitted": "报送",
    "valid": "有效报送",
    "adopted": "采用",
    "commissions": "约稿",
    "on_time": "按时约稿",
    "late": "迟交约稿",
    "missed": "未交约稿",
    "instructions": "批示",
    "outcomes": "转化",
    "topics": "课题",
    "faults": "差错",
}


def task_entries(
    profile: Profile,
    events: Sequence[Event],
    units: Mapping[int, Unit],
    entries: Sequence[Entry],
    bounds: tuple[date, date],
    today: date,
) -> list[Entry]:
    """Entries of the rules of a period whose last day lies in ``bounds`` (half-open).

    ``events``, ``entries``: all of the spans concerned (:func:`points.engine.reach`). A span that
    has not ended by ``today`` gives nothing yet. Short spans come before long ones that end on
    the same day, so that a yearly cap sees the monthly tasks.
    """
    due = sorted(
        (
            (span, number, rule)
            for number, rule in enumerate(profile.period.rules)
            for span in spans_ending(rule.every, *bounds)
            if span.end <= today
        ),
        key=lambda one: (one[0].end, MONTHS[one[2].every], one[1]),
    )
    if not due:
        return []
    happened = _by_unit(events)
    made: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        made[entry.unit_id].append(entry)
    found: list[Entry] = []
    for span, _, rule in due:
        for unit in units.values():
            if unit.active:
                tally = _Tally(profile, span, unit, happened[unit.id], made[unit.id])
                for entry in tally.apply(rule):
                    found.append(entry)
                    made[unit.id].append(entry)
    return found


def _by_unit(events: Sequence[Event]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        if event.unit_id is not None:
            found[event.unit_id].append(event)
    return found


class _Tally:
    """What one unit did in one span, as far as the profile held then."""

    def __init__(
        self,
        profile: Profile,
        span: Span,
        unit: Unit,
        events: Sequence[Event],
        made: Sequence[Entry],
    ) -> None:
        start = max(span.start, profile.valid_from)
        self.profile, self.span, self.unit = profile, span, unit
        self.events = [e for e in events if start <= e.day < span.end]
        self.made = [e for e in made if start <= e.day < span.end]

    def count(self, what: str, rule: PeriodRule | None = None) -> int:
        """How many of ``what`` there are, of those that the rule's ``where`` wants."""
        found = [e for e in self._of(what) if rule is None or self._wanted(e, rule)]
        return len({e.draft_id for e in found}) if what == "adopted" else len(found)

    def _of(self, what: str) -> list[Event]:
        if what in ("submitted", "valid"):
            sent = [e for e in self.events if e.section == "submission"]
            return [e for e in sent if what == "submitted" or e.facts.get("valid")]
        if what == "adopted":
            return [e for e in self.events if e.section == "adoption"]
        if what in _STATES:
            done = [e for e in self.events if e.section == "commission"]
            return [e for e in done if e.facts.get("state") == _STATES[what]]
        return [e for e in self.events if e.section == _PLAIN[what]]

    def _wanted(self, event: Event, rule: PeriodRule) -> bool:
        if not rule.where:
            return True
        kind = self.profile.class_of(str(event.facts.get("genre", "")))
        unit = self.unit
        facts = {**event.facts, "class": kind, "group": unit.group, "unit": unit.name}
        return all_hold(rule.where, {**facts, "share": event.share})

    def _points(self, rule: PeriodRule) -> int:
        wanted = {SECTIONS[kind] for kind in rule.of}
        return sum(
            e.thousandths for e in self.made if not wanted or e.rule.partition("·")[0] in wanted
        )

    def _fact(self, name: str, rule: PeriodRule) -> Fact:
        if name in ("group", "unit"):
            return self.unit.group if name == "group" else self.unit.name
        if name == "points":
            return Fraction(self._points(rule), 1000)
        if name == "count":
            return self.count(rule.count, rule)
        if name == "rate":
            sent = self.count("submitted")
            return Fraction(self.count("adopted"), sent) if sent else None
        return self.count(name)

    def apply(self, rule: PeriodRule) -> Iterator[Entry]:
        """The rule's entry for this unit and span, if it says anything of it."""
        facts = {name: self._fact(name, rule) for name in rule.when}
        if not all_hold(rule.when, facts):
            return
        points, words = self._give(rule)
        if not points and not rule.mark and rule.target is None:
            return
        seen = "、".join(
            f"{NAMES.get(name, '得分' if name == 'points' else '采用率')}{_number(value)}"
            for name, value in facts.items()
            if name not in ("group", "unit", "count")
        )
        note = f"{self.span.label}：" + "，".join(part for part in (seen, words) if part)
        if rule.mark:
            note += f"；{rule.mark}"
        yield Entry(
            unit_id=self.unit.id,
            author="",
            draft_id=None,
            item_id=None,
            event_id=None,
            rule=f"{SECTIONS['period']}·{rule.name}",
            thousandths=points,
            day=self.span.last,
            period=self.span.label,
            note=note,
            mark=rule.mark,
        )

    def _give(self, rule: PeriodRule) -> tuple[int, str]:
        if rule.points is not None:
            points = thousandths(rule.points)
            return points, f"{rule.name}{told(points)}"
        if rule.cap is not None or rule.floor is not None:
            return self._bounded(rule)
        if not rule.count:
            return 0, ""
        count, name = self.count(rule.count, rule), NAMES[rule.count]
        if rule.each is not None:
            points = thousandths(rule.each * count)
            return points, f"{name}{count}×{shown(rule.each)}分={told(points)}"
        if rule.target is None or rule.full is None:
            return 0, f"{name}{count}"
        reached = min(Fraction(1), count / rule.target)
        points = thousandths(rule.full * (reached if rule.pro_rata else int(reached)))
        return points, f"{name}{count}，任务{shown(rule.target)}，得{told(points)}"

    def _bounded(self, rule: PeriodRule) -> tuple[int, str]:
        now = self._points(rule)
        if rule.cap is not None:
            points = min(0, thousandths(rule.cap) - now)
            return points, f"{told(now)}超过上限{shown(rule.cap)}分，减{told(-points)}"
        floor = rule.floor if rule.floor is not None else Fraction(0)
        points = max(0, thousandths(floor) - now)
        return points, f"{told(now)}低于下限{shown(floor)}分，补{told(points)}"


def _number(value: Fact) -> str:
    return shown(Fraction(value)) if isinstance(value, int | Fraction) else str(value)
