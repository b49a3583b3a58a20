"""One event's points as lines of the ledger: one for each author."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from points.credit import split_among
from points.events import Entry, Event, Unit
from points.profile import Authors
from points.scoring import shown, told


def entries_of(
    event: Event, unit: Unit, authors: Authors, rule: str, points: int, note: str
) -> Iterator[Entry]:
    """Lines whose points add up to ``points``, thousandths; one line where no author is known."""
    names = tuple(dict.fromkeys(event.authors)) or ("",)
    weights = _weights(authors, len(names))
    parts = split_among(points, weights)
    for name, weight, part in zip(names, weights, parts, strict=True):
        if len(names) > 1 and weight == 0:
            continue
        shared = weight != sum(weights)
        words = f"；作者{len(names)}人，{name}按{_ratio(weights)}得{told(part)}" if shared else ""
        yield Entry(
            unit_id=unit.id,
            author=name,
            draft_id=event.draft_id,
            item_id=event.item_id,
            event_id=event.id,
            rule=rule,
            thousandths=part,
            day=event.day,
            period="",
            note=note + words,
        )


def _weights(authors: Authors, count: int) -> list[Fraction]:
    if authors.split == "first":
        return [Fraction(1)] + [Fraction(0)] * (count - 1)
    if isinstance(authors.split, str):
        return [Fraction(1)] * count
    given = list(authors.split[:count])
    weights = given + [Fraction(0)] * (count - len(given))
    return weights if sum(weights) else [Fraction(1)] * count


def _ratio(weights: Sequence[Fraction]) -> str:
    return "∶".join(shown(weight) for weight in weights)
