"""Active learning: in which order a person's judgement of drafts teaches the model most.

The model learns most where it wavers between two aspects (smallest margin between the best two
probabilities); asking only there would ask the same question again and again, so the aspects take
turns: of each the most doubtful draft, then of each the second, and so on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draft that nobody has judged; ``copy`` = an earlier draft says much the same."""

    id: int
    aspect: str  # the best guess
    margin: float  # probability of the best less that of the second best
    copy: bool = False


def teaching_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Most instructive first; copies of other drafts last; ties by id."""
    turns: dict[str, int] = {}
    ranked: list[tuple[bool, int, float, int, Candidate]] = []
    for one in sorted(candidates, key=lambda c: (c.copy, c.margin, c.id)):
        turn = turns[one.aspect] = turns.get(one.aspect, 0) + 1
        ranked.append((one.copy, turn, one.margin, one.id, one))
    return [entry[-1] for entry in sorted(ranked, key=lambda entry: entry[:-1])]
