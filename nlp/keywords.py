"""Keywords of a draft: term frequency × inverse document frequency of general prose.

The table of ``data/idf.txt`` holds the six thousand most common words; a word that is not in it
is rare in general prose and weighs as one just beyond its end. Longer words say more: weight grows
with the square root of length up to four characters, so 基层治理 goes before 基层 at equal counts
and a slogan of ten characters before neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from itertools import islice

from nlp.text import is_han

RARE_WORD_IDF = 8.5
TOP = 8
_LENGTH_WEIGHT = (0.0, 0.0, 2**0.5, 3**0.5)
_LONG_WEIGHT = 2.0


def keywords(
    words: Iterable[str] | Mapping[str, int],
    idf: Mapping[str, float] | None = None,
    top: int = TOP,
) -> tuple[str, ...]:
    """The ``top`` weightiest words of at least two characters, weightiest first.

    ``words`` are those of ``Segmenter.words``, or how often each occurs; words of equal weight
    stay in order of appearance.
    """
    table = general_idf() if idf is None else idf
    counts = words if isinstance(words, Mapping) else Counter(words)
    rarest = max(RARE_WORD_IDF, _rarest() if idf is None else max(idf.values(), default=0.0))
    best: tuple[str, ...] = ()
    for least in (4, 2, 1):  # rarer words are weighed only if one could be among the best
        weights = _weights([item for item in counts.items() if item[1] >= least], table)
        best = _weightiest(weights, top)
        if len(best) == top and weights[best[-1]] > (least - 1) * _LONG_WEIGHT * rarest:
            break
    return best


def _weights(counts: Iterable[tuple[str, int]], table: Mapping[str, float]) -> dict[str, float]:
    return {
        word: (
            count
            * table.get(word, RARE_WORD_IDF)
            * (_LENGTH_WEIGHT[len(word)] if len(word) < 4 else _LONG_WEIGHT)
        )
        for word, count in counts
        if len(word) > 1 and not word.isascii()
    }


def _weightiest(weights: Mapping[str, float], top: int) -> tuple[str, ...]:
    ranked = sorted(weights, key=weights.__getitem__, reverse=True)
    return tuple(islice((word for word in ranked if is_han(word[0])), top))


@cache
def _rarest() -> float:
    return max(general_idf().values())


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
