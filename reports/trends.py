"""Rising keywords: per theme, what is written of more in this period than in the last."""

from __future__ import annotations

import math
from dataclasses import dataclass

from storage.trends import PeriodWords

LEAST = 2
"""Drafts of this period that a rising keyword needs: one draft is no trend."""
SURE = 1.0
"""Standard errors by which the log-odds must have grown."""


@dataclass(frozen=True, slots=True)
class Rising:
    """A keyword of a theme: drafts that have it and drafts of the theme, now and before."""

    theme: str
    word: str
    now: int
    of_now: int
    before: int
    of_before: int
    score: float  # growth of the log-odds in standard errors


def rising(now: PeriodWords, before: PeriodWords, top: int = 8) -> list[Rising]:
    """At most ``top`` keywords of each theme, the surest growth first; themes by code.

    The measure is the difference of log-odds over its standard error, half a draft added to every
    count (Monroe, Colaresi and Quinn, "Fightin' Words", 2008, with a flat prior).
    """
    found: dict[str, list[Rising]] = {}
    for (theme, word), count in now.words.items():
        earlier, total = before.words.get((theme, word), 0), before.drafts.get(theme, 0)
        score = growth(count, now.drafts[theme], earlier, total)
        if count >= LEAST and score >= SURE:
            one = Rising(theme, word, count, now.drafts[theme], earlier, total, round(score, 3))
            found.setdefault(theme, []).append(one)
    return [
        one
        for theme in sorted(found)
        for one in sorted(found[theme], key=lambda r: (-r.score, -r.now, r.word))[:top]
    ]


def growth(now: int, of_now: int, before: int, of_before: int) -> float:
    """Difference of the log-odds of ``now`` in ``of_now`` and ``before`` in ``of_before``."""
    cells = [now + 0.5, of_now - now + 0.5, before + 0.5, of_before - before + 0.5]
    difference = math.log(cells[0] / cells[1]) - math.log(cells[2] / cells[3])
    return difference / math.sqrt(sum(1 / cell for cell in cells))
