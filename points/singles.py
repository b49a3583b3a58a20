"""Points of events that stand by themselves: commissions, topics, faults, additions by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from points.conditions import Fact
from points.events import Entry, Event, Unit
from points.fields import SECTIONS
from points.ledger import entries_of
from points.profile import Profile
from points.scoring import scored, thousandths, told

ALONE = ("commission", "topic", "fault", "bonus")


def due_events(events: Sequence[Event], today: date) -> list[Event]:
    """Commissions as they came out, on the day that they were due; other events unchanged.

    A commission is 按时 (delivered by the day it was due, or with no such day), 迟交 or, once the
    day is over, 未交; one that is still open is left out. It counts on the day it was due, so that
    a late delivery changes the period that asked for it and no other.
    """
    return [
        done
        for event in events
        if (done := _due(event, today) if event.section == "commission" else event) is not None
    ]


def _due(event: Event, today: date) -> Event | None:
    due, came = event.due, event.delivered
    if came is None and (due is None or due >= today):
        return None
    late = (came - due).days if came is not None and due is not None else 0
    state = "未交" if came is None else "迟交" if late > 0 else "按时"
    day = due or came or event.day
    return replace(event, day=day, facts={**event.facts, "state": state, "days_late": max(late, 0)})


def single_entries(
    profile: Profile, events: Sequence[Event], units: Mapping[int, Unit]
) -> Iterator[Entry]:
    """Entries of commissions (see :func:`due_events`), topics, faults and additions by hand.

    ``nth``: how often the unit had it in the calendar year: a commission of that state, a fault
    of that form.
    """
    seen: dict[tuple[object, ...], int] = defaultdict(int)
    for event in sorted((e for e in events if e.section in ALONE), key=lambda e: (e.day, e.id)):
        unit = units.get(event.unit_id or 0)
        if unit is None:
            continue
        kind = event.facts.get("state" if event.section == "commission" else "form")
        key = (event.section, unit.id, event.day.year, kind)
        seen[key] += 1
        yield from _entry(profile, event, unit, seen[key])


def _entry(profile: Profile, event: Event, unit: Unit, nth: int) -> Iterator[Entry]:
    title = SECTIONS[event.section]
    if event.section == "bonus":
        words = str(event.facts.get("note") or "")
        rule, points = title, event.points
        note = f"{title}{told(points)}" + (f"：{words}" if words else "")
    else:
        facts: dict[str, Fact] = {
            **event.facts, "group": unit.group, "unit": unit.name, "nth": nth
        }  # fmt: skip
        found = scored(profile.section(event.section), event, facts)
        rule, points = f"{title}·{found.rule}", thousandths(found.value)
        alone = found.effect == "none" or found.words == found.plain
        note = found.words if alone else f"{found.words}={told(points)}"
    yield from entries_of(event, unit, profile.authors, rule, points, note)
