"""Keywords of a draft: term frequency × inverse document frequency of general prose.

The table of ``data/idf.txt`` holds the six thousand most common words; a word that is not in it
is rare in general prose and weighs as one just beyond its end. Longer words say more: weight grows
with the square root of length up to four characters, so 基层治理 goes before 基层 at equal counts
and a slogan of ten characters before neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from heapq import nlargest
from importlib import resources

from nlp.text import is_han

RARE_WORD_IDF = 8.5
TOP = 8
_LENGTH_WEIGHT = (0.0, 0.0, 2**0.5, 3**0.5)
_LONG_WEIGHT = 2.0


def keywords(
    words: Sequence[str], idf: Mapping[str, float] | None = None, top: int = TOP
) -> tuple[str, ...]:
    """The ``top`` weightiest words of at least two characters, weightiest first.

    ``words`` are those of ``Segmenter.words``; words of equal weight stay in order of appearance.
    """
    table = general_idf() if idf is None else idf
    weights = {
        word: (
            count
            * table.get(word, RARE_WORD_IDF)
            * (_LENGTH_WEIGHT[len(word)] if len(word) < 4 else _LONG_WEIGHT)
        )
        for word, count in Counter(words).items()
        if len(word) > 1 and not word.isascii()
    }
    floor = min(nlargest(top, weights.values()), default=0.0)
    chosen = [word for word, weight in weights.items() if weight >= floor and is_han(word[0])]
    if len(chosen) < top:  # words of other scripts are among the weightiest
        chosen = [word for word in weights if is_han(word[0])]
    return tuple(sorted(chosen, key=weights.__getitem__, reverse=True)[:top])


@cache
def general_idf() -> Mapping[str, float]:
    """Inverse document frequency (natural logarithm) of the common words of general prose."""
    table: dict[str, float] = {}
    text = resources.files("nlp").joinpath("data", "idf.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            value, *words = line.split()
            table.update(dict.fromkeys(words, float(value)))
    return table
