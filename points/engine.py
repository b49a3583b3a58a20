"""The engine: events and a profile in, the ledger as it ought to stand out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from points.calendar import spans_ending
from points.drafts import draft_entries
from points.events import Entry, Event, Unit
from points.profile import Profile
from points.singles import due_events, single_entries
from points.tasks import task_entries


def compute(
    profile: Profile,
    events: Iterable[Event],
    units: Iterable[Unit],
    start: date,
    end: date,
    *,
    today: date,
) -> tuple[Entry, ...]:
    """Entries whose day lies in [start, end) and in the validity of the profile.

    ``events`` must hold, of every draft that something happened to since :func:`reach`, all that
    ever happened to it and to the printed items that it is in; and all commissions and faults
    of the years concerned. More changes nothing. The order of the events does not matter. An
    event of an unknown unit gets nothing, but counts as a source of its item.
    """
    known = {unit.id: unit for unit in units}
    done = due_events(list(events), today)
    made = [*draft_entries(profile, done, known), *single_entries(profile, done, known)]
    first = max(start, profile.valid_from)
    last = end if profile.valid_to is None else min(end, profile.valid_to)
    if first < last:
        # From where the longest span begins: a quarter's cap sees the tasks of all its months.
        whole = max(reach(profile, first, last), profile.valid_from)
        made += task_entries(profile, done, known, made, (whole, last), today)
    kept = [entry for entry in made if first <= entry.day < last]
    return tuple(sorted(kept, key=_order))


def _order(entry: Entry) -> tuple[date, int, int, int]:
    """Authors of one event, and rules of one period, stay in the order in which they are named."""
    return entry.day, entry.event_id or 0, entry.unit_id, entry.draft_id or 0


def reach(profile: Profile, start: date, end: date) -> date:
    """The first day whose events matter for [start, end): where the longest span begins."""
    starts = [
        span.start for rule in profile.period.rules for span in spans_ending(rule.every, start, end)
    ]
    return min([start, *starts])


def asks_submissions(profile: Profile) -> bool:
    """Whether any rule counts what units sent, so that drafts must be loaded too."""
    wanted = {"submitted", "valid", "rate"}
    return any(
        rule.count in wanted or wanted.intersection(rule.when) for rule in profile.period.rules
    )


def total(entries: Sequence[Entry]) -> int:
    """The sum of the entries, thousandths."""
    return sum(entry.thousandths for entry in entries)
