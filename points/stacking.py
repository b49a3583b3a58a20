"""The same draft adopted several times: what all its adoptions together are worth.

An event's own points are the value of the events up to it less the value of those before it. So
whatever the policy, the entries of a draft add up to the value of all its events, and an event
never changes what earlier periods were told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from points.profile import DraftSection


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a draft, in the order of time."""

    value: int  # thousandths
    level: int  # 0 the lowest; -1 unknown
    key: str  # events with the same key count once where the profile says so; "" its own


def worth(steps: Sequence[Step], policy: DraftSection) -> int:
    """Thousandths of the steps together.

    First ``once``: of steps with one key only the highest counts. Then ``sum`` adds; ``max`` (就高)
    takes the highest; ``top_levels`` takes the best of each level and adds the ``top`` highest
    levels; ``increment`` (再加) adds only those that reach a higher level than any before.
    """
    kept = _once(steps) if policy.once != "none" else list(steps)
    if policy.stacking == "sum":
        return sum(step.value for step in kept)
    if policy.stacking == "max":
        return max((step.value for step in kept), default=0)
    if policy.stacking == "increment":
        return _rising(kept)
    best: dict[int, int] = {}
    for step in kept:
        best[step.level] = max(step.value, best.get(step.level, step.value))
    return sum(best[level] for level in sorted(best, reverse=True)[: policy.top])


def _once(steps: Sequence[Step]) -> list[Step]:
    best: dict[str, Step] = {}
    for number, step in enumerate(steps):
        key = step.key or f"\0{number}"
        if key not in best or step.value > best[key].value:
            best[key] = step
    return list(best.values())


def _rising(steps: Sequence[Step]) -> int:
    total, reached = 0, -2
    for step in steps:
        if step.level > reached:
            total, reached = total + step.value, step.level
    return total
