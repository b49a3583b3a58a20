"""Shared credit (合并、综合、合写): what each unit of one printed item gets."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from points.rules import Credit


def credited(
    value: Fraction, credit: Credit, position: int, shares: Sequence[Fraction]
) -> tuple[Fraction, str]:
    """Points of the unit at ``position`` among the units of an item, and the words for it.

    ``shares``: the share of each unit in the item, largest first. An item of one unit gives it
    everything. Otherwise, for n units: ``full`` each gets the value; ``equal`` value ÷ n;
    ``half`` value ÷ 2; ``share`` in proportion to the shares; ``ratio`` in proportion to its
    parts, units beyond them get nothing; ``fixed`` its parts as points, the last for all that
    follow, whatever the value. So the sum is at most n × value (full), value (equal, share,
    ratio), n × value ÷ 2 (half).
    """
    n = len(shares)
    if n == 1 or credit.how == "full":
        return value, ""
    if credit.how == "equal":
        return value / n, f"÷{n}家"
    if credit.how == "half":
        return value / 2, "×合写一半"
    if credit.how == "fixed":
        return credit.parts[min(position, len(credit.parts) - 1)], "，合写按固定分"
    weights = list(shares) if credit.how == "share" else _parts(credit, n)
    if not sum(weights):
        weights = [Fraction(1)] * n
    part = weights[position] / sum(weights)
    return value * part, f"×占{_fraction(part)}"


def _parts(credit: Credit, n: int) -> list[Fraction]:
    """The weights of the first ``n`` units; zero for those beyond the parts."""
    parts = list(credit.parts[:n])
    return parts + [Fraction(0)] * (n - len(parts))


def _fraction(part: Fraction) -> str:
    """``3/5``, or per cent where the numbers are too long to read."""
    if part.denominator <= 20:
        return str(part)
    return f"{float(100 * part):.1f}%"


def split_among(thousandths: int, weights: Sequence[Fraction]) -> list[int]:
    """Thousandths in proportion to the weights, whole; what is left over goes to the first.

    The sum is exactly ``thousandths``. Weights that sum to zero count as equal.
    """
    if not sum(weights):
        weights = [Fraction(1)] * len(weights)
    whole = sum(weights)
    parts = [int(thousandths * weight / whole) for weight in weights]
    parts[0] += thousandths - sum(parts)
    return parts
