"""Pairs of neighbouring characters as numbers: counted, looked up and compared by numpy.

A pair is its 64-bit polynomial code (``nlp.fingerprints.gram_codes``), so that the 1,500 pairs of
a draft cost a sort instead of 1,500 strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from nlp.fingerprints import gram_codes

Codes = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.intp]


_SLOTS = 2**18
_MASK = np.uint64(_SLOTS - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """Pairs to be looked up: their codes, ascending, and which low bits of a code occur at all.

    The bits settle most pairs of a draft that are not among the keys without a search.
    """

    codes: Codes
    slots: npt.NDArray[np.bool_] = field(repr=False)  # (_SLOTS,)

    @classmethod
    def of(cls, codes: Codes) -> Keys:
        """Keys of distinct codes in ascending order."""
        slots = np.zeros(_SLOTS, dtype=np.bool_)
        slots[codes & _MASK] = True
        return cls(codes, slots)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Distinct pairs of a text, ascending by code, with how often each occurs."""

    codes: Codes
    counts: Counts

    def known(self, keys: Keys) -> tuple[Counts, Counts]:
        """Places in ``keys`` of the pairs that stand there, and their counts."""
        maybe = keys.slots.take((self.codes & _MASK).view(np.intp)).nonzero()[0]
        codes = self.codes[maybe]
        places = keys.codes.searchsorted(codes)
        hits = keys.codes.take(places, mode="clip") == codes
        return places[hits], self.counts[maybe[hits]]


def count_pairs(text: str, title: str = "", weight: int = 1) -> Pairs:
    """Pairs of a text, and those of its title ``weight`` times."""
    parts = [gram_codes(text, 2), *([gram_codes(title, 2)] * weight if title else [])]
    codes = np.concatenate(parts)
    codes.sort()
    first = np.ones(codes.size, dtype=np.bool_)
    np.not_equal(codes[1:], codes[:-1], out=first[1:])
    places = np.append(first.nonzero()[0], codes.size)
    return Pairs(codes[places[:-1]], places[1:] - places[:-1])


def sorted_keys(pairs: Sequence[str]) -> tuple[list[str], Keys]:
    """Distinct pairs (two characters each) in ascending order of code, and their codes."""
    codes = gram_codes("".join(pairs), 2)[::2]
    order = np.argsort(codes)
    return [pairs[place] for place in order.tolist()], Keys.of(codes[order])
