"""Printed items and the units that they came from: who is credited, in which order, how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from points.events import Event


@dataclass(frozen=True, slots=True)
class Source:
    """One distinct unit of an item; of its drafts there, the one that used most is credited."""

    adoption: Event  # the adoption that is credited
    share: Fraction  # of all the unit's drafts in the item together


def sources_of_items(adoptions: Iterable[Event]) -> dict[int, list[Source]]:
    """The sources of each item, largest share first; a draft of no known unit is its own source."""
    by_item: dict[int, dict[tuple[str, int], list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in adoptions:
        if event.item_id is not None:
            owner = ("unit", event.unit_id) if event.unit_id is not None else ("event", event.id)
            by_item[event.item_id][owner].append(event)
    return {item: _ordered(list(units.values())) for item, units in by_item.items()}


def _ordered(units: Sequence[list[Event]]) -> list[Source]:
    found = [
        Source(
            min(events, key=lambda e: (-e.share, e.id)), sum((e.share for e in events), Fraction(0))
        )
        for events in units
    ]
    return sorted(found, key=lambda source: (-source.share, source.adoption.id))


def place(event: Event, items: Mapping[int, Sequence[Source]]) -> tuple[int | None, list[Fraction]]:
    """The position of an adoption among its item's sources, and the shares of all of them.

    None if another draft of the same unit is credited for the item.
    """
    sources = items[event.item_id] if event.item_id is not None else []
    for position, source in enumerate(sources):
        if source.adoption.id == event.id:
            return position, [source.share for source in sources]
    return None, [source.share for source in sources]
