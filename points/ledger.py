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
    if len(names) == 1:
        yield _line(event, unit, names[0], rule, points, note)
        return
    weights = _weights(authors, len(names))
    parts = split_among(points, weights)
    for name, weight, part in zip(names, weights, parts, strict=True):
        if weight == 0:
            continue
        shared = weight != sum(weights)
        words = f"；作者{len(names)}人，{name}按{_ratio(weights)}得{told(part)}" if shared else ""
        yield _line(event, unit, name, rule, part, note + words)


def _line(event: Event, unit: Unit, author: str, rule: str, points: int, note: str) -> Entry:
    return Entry(
        unit_id=unit.id,
        author=author,
        draft_id=event.draft_id,
        item_id=event.item_id,
        event_id=event.id,
        rule=rule,
        thousandths=points,
        day=event.day,
        period="",
        note=note,
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
