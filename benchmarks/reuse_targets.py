"""What issue 4 asks of reuse, beside what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean

OURS = "zugao"


@dataclass(frozen=True)
class Told:
    """What only ours tells, as shares; errors of the copied share in points."""

    named: float
    near: float
    error: float
    error_95: float


def targets(figures: Mapping[str, Mapping[str, float]], false: float, told: Told) -> list[str]:
    """A Markdown table of ``figures[method][kind]`` (F1), false alarms per 1,000 and the rest."""
    ours = figures[OURS]
    least = min(ours, key=lambda kind: ours[kind])
    peers = {name: of for name, of in figures.items() if name != OURS}
    ahead = [
        f"{kind}, {name}: {f1:.3f} against {ours[kind]:.3f}"
        for name, of in peers.items()
        for kind, f1 in of.items()
        if f1 > ours[kind]
    ]
    level = sum(any(of[kind] == ours[kind] for of in peers.values()) for kind in ours)
    at_one = all(ours[k] == 1 for k in ours if any(of[k] == ours[k] for of in peers.values()))
    macro = mean(ours.values())
    behind = (
        f"behind: {'; '.join(ahead)}"
        if ahead
        else (f"never behind; level with one of them on {level} kinds" + ", all at 1.000" * at_one)
    )
    rows = (
        ("macro-F1 ≥ 0.99", f"{macro:.3f}", macro >= 0.99),
        ("every kind ≥ 0.97", f"{ours[least]:.3f} ({least})", ours[least] >= 0.97),
        ("hard negatives flagged ≤ 2 per 1,000", f"{false:.1f}", false <= 2),
        ("kind named right ≥ 92 %", f"{told.named:.1%}", told.named >= 0.92),
        ("boundaries within 10 characters for ≥ 95 %", f"{told.near:.1%}", told.near >= 0.95),
        (
            "copied share within 2 points",
            f"{told.error:.2f} on average, 95 % within {told.error_95:.2f}",
            told.error_95 <= 2,
        ),
        ("better than every peer on every kind", behind if peers else "no peer ran",
         bool(peers) and not ahead and at_one),
    )  # fmt: skip
    lines = [f"| {what} | {figure} | {'yes' if met else 'no'} |" for what, figure, met in rows]
    return ["| target | measured | met |", "|---|---|---|", *lines]
