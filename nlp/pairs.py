"""Pairs of neighbouring characters as numbers: counted, looked up and compared by numpy.

A pair is its 64-bit polynomial code (``nlp.fingerprints.gram_codes``), so that the 1,500 pairs of
a draft cost a sort instead of 1,500 strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp.fingerprints import gram_codes

Codes = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Distinct pairs of a text, ascending by code, with how often each occurs."""

    codes: Codes
    counts: Counts

    def known(self, keys: Codes) -> tuple[Counts, Counts]:
        """Places in ``keys`` (ascending) of the pairs that stand there, and their counts."""
        if not keys.size:
            return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
        places = np.minimum(keys.searchsorted(self.codes), keys.size - 1)
        hits = keys[places] == self.codes
        return places[hits], self.counts[hits]


def count_pairs(text: str, title: str = "", weight: int = 1) -> Pairs:
    """Pairs of a text, and those of its title ``weight`` times."""
    parts = [gram_codes(text, 2), *([gram_codes(title, 2)] * weight if title else [])]
    codes = np.concatenate(parts)
    codes.sort()
    first = np.ones(codes.size, dtype=np.bool_)
    np.not_equal(codes[1:], codes[:-1], out=first[1:])
    places = np.append(first.nonzero()[0], codes.size)
    return Pairs(codes[places[:-1]], places[1:] - places[:-1])


def sorted_keys(pairs: Sequence[str]) -> tuple[list[str], Codes]:
    """Distinct pairs (two characters each) in ascending order of code, and the codes."""
    codes = gram_codes("".join(pairs), 2)[::2]
    order = np.argsort(codes)
    return [pairs[place] for place in order.tolist()], codes[order]
