"""How alike two titles are, and the grams by which titles alike find each other."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Final

from nlp.fingerprints import gram_codes
from nlp.text import fold

GRAM: Final = 4
"""Characters of an indexed gram: 党建引领 alone is in every fiftieth title, two such are not."""
_WHOLE: Final = 8
"""Folded characters from which being contained in the other title says something."""
_SHIFT: Final = 16  # SQLite's integers have 63 bits; 48 are kept, as for fingerprints


@lru_cache(maxsize=4096)
def folded_title(title: str) -> str:
    """A title as it is compared: without marks, spaces and the like."""
    return fold(title).text


@lru_cache(maxsize=4096)
def title_grams(title: str) -> tuple[int, ...]:
    """Hashes of the grams of a title and of the title as a whole, sorted, unique, 48 bits."""
    folded = folded_title(title)
    if not folded:
        return ()
    codes = (*gram_codes(folded, GRAM), *gram_codes(folded, len(folded)))
    return tuple(sorted({int(code) >> _SHIFT for code in codes}))


def title_likeness(a: str, b: str) -> float:
    """0 to 1: how much of both titles is the same, 1 for titles equal but for marks.

    Mean of the Dice coefficient of their character pairs and of the share of the shorter one that
    is in the longer: an editor cuts a unit's name off or puts one before.
    """
    one, other = folded_title(a), folded_title(b)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    pairs, others = _pairs(one), _pairs(other)
    common = (pairs & others).total()
    smaller, larger = sorted((pairs.total(), others.total()))
    if not smaller:
        return 0.0
    dice = 2 * common / (smaller + larger)
    if min(len(one), len(other)) < _WHOLE:
        return dice
    return min(0.99, (dice + common / smaller) / 2)


def _pairs(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(len(text) - 1))
