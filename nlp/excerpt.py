"""节选 or 包含: is a text that lies in a larger one that text cut down, or a piece taken in whole?

A compilation takes in whole paragraphs, one after another, and goes on with other matters. Who
cuts a text stops inside a paragraph or leaves something out in between, and what is left out
comes back to the words of what stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from nlp.fingerprints import gram_codes
from nlp.text import Folded

GRAM: Final = 4
"""Characters of a repeated word or name; shorter ones repeat in any two texts."""
ECHO: Final = 8.0
"""What one repeated gram in a hundred weighs is 0.08 of the text: measured on the tuning half of
``benchmarks.reuse``, the rest of a piece repeats 3.2 % of its grams, another piece 0.4 %."""
TORN: Final = 0.35
"""A cut inside a paragraph or between sentences: with a quarter of the text it is enough."""
SLACK: Final = 5
"""Folded characters by which an alignment misses the end of a paragraph."""
SKIPPED: Final = 40
"""Folded characters left out in between: the better part of a sentence."""


def likeness(whole: str, folded: Folded, part: str, ranges: Sequence[tuple[int, int]]) -> float:
    """What speaks for a cut version beyond the share that was kept; 0 = nothing.

    ``ranges`` (not empty) are half-open ranges of ``folded``, the content of ``whole``, that the
    folded text ``part`` shares with it.
    """
    ordered = sorted(ranges)
    start, end = ordered[0][0], max(last for _, last in ordered)
    torn = _skips(ordered) or _cuts(whole, folded, start) or _cuts(whole, folded, end)
    return ECHO * _echo(folded.text, part, ordered) + TORN * torn


def _skips(ordered: Sequence[tuple[int, int]]) -> bool:
    """Whether something is left out between the first and the last range."""
    end = ordered[0][1]
    for start, last in ordered[1:]:
        if start - end > SKIPPED:
            return True
        end = max(end, last)
    return False


def _cuts(whole: str, folded: Folded, place: int) -> bool:
    """Whether a folded offset lies inside a paragraph of a text that has several."""
    length = len(folded.text)
    if place <= SLACK or place >= length - SLACK or "\n" not in whole.strip():
        return False
    around = whole[int(folded.offsets[place - SLACK]) : int(folded.offsets[place + SLACK - 1]) + 1]
    return "\n" not in around


def _echo(whole: str, part: str, ordered: Sequence[tuple[int, int]]) -> float:
    """Share of the grams outside the ranges that ``part`` has as well."""
    codes = gram_codes(whole, GRAM)
    outside = np.ones(codes.size, dtype=np.bool_)
    for start, end in ordered:
        outside[max(0, start - GRAM + 1) : end] = False
    left = codes[outside]
    return float(np.isin(left, gram_codes(part, GRAM)).mean()) if left.size else 0.0
