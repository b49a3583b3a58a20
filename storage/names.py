"""Names of units and outlets: folded for comparison, and which of them a wrong one is like."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping

_QUOTES = str.maketrans("", "", "《》〈〉“”‘’\"'「」『』")
_MOST = 3
_ALIKE = 0.55  # share of letters in common (difflib) from which a name is worth suggesting


def fold(name: str) -> str:
    """A name without what does not tell names apart: width, case, white space, quotation marks."""
    folded = unicodedata.normalize("NFKC", name).translate(_QUOTES)
    return "".join(folded.split()).casefold()


def nearest(name: str, owners: Mapping[str, int]) -> tuple[str, ...]:
    """Up to three of the names (name → whose it is) most like ``name``, one for each owner."""
    folded = {fold(known): known for known in owners}
    alike = difflib.get_close_matches(fold(name), folded, n=len(folded) or 1, cutoff=_ALIKE)
    one_each: dict[int, str] = {}
    for known in (folded[near] for near in alike):
        one_each.setdefault(owners[known], known)
    return tuple(one_each.values())[:_MOST]


def suggestion(names: tuple[str, ...]) -> str:
    """The nearest names in words, to follow a complaint; "" if there are none."""
    return f"，名称相近的有“{'”“'.join(names)}”" if names else ""
