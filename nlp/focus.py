"""报送重点: which of the topics that the office currently wants a draft answers to.

Judged on the same evidence as themes: folded text with the title counting more, words weighted by
their rarity. A topic's own terms count most; its name and sentence speak through the words that
they share with the draft.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nlp.evidence import TITLE_WEIGHT, WeightedWords
from nlp.keywords import RARE_WORD_IDF, general_idf
from nlp.segment import Segmenter, stop_words
from nlp.text import fold, to_simplified
from nlp.types import Term, Theme

MATCHED = 0.6
"""From here a draft answers to a topic: one term in the title, or two in the text."""
_WORDS = 6.0
"""A cosine of 0.18 with the topic's name and sentence is worth about one term seen twice: where
drafts on a topic of the starter corpus part from the others."""
_SCALE = 1.2


@dataclass(frozen=True, slots=True)
class Focus:
    """A topic that the office wants; days are ISO dates, both included, "" = open."""

    name: str
    sentence: str = ""
    terms: tuple[str, ...] = ()
    since: str = ""
    until: str = ""

    def is_open(self, day: str) -> bool:
        """Whether a draft that came in on this ISO date may answer; "" = any day."""
        return not day or ((not self.since or self.since <= day) and day <= (self.until or day))


@dataclass(frozen=True, slots=True)
class Matcher:
    """Topics made ready: terms folded, words of name and sentence weighted, length 1."""

    topics: tuple[tuple[Focus, tuple[str, ...], Mapping[str, float]], ...]

    @classmethod
    def of(cls, topics: Iterable[Focus], segmenter: Segmenter) -> Matcher:
        """Prepare topics; a term that folds to nothing is left out."""
        return cls(tuple(_prepared(topic, segmenter) for topic in topics))

    def match(self, document: WeightedWords, day: str = "") -> tuple[Theme, ...]:
        """Topics open on this day that the draft answers to, best first, with their terms."""
        wanted = [topic for topic in self.topics if topic[0].is_open(day)]
        if not wanted or not document.size:
            return ()
        words = _vector(document.words)
        found = [_judge(topic, terms, vector, document, words) for topic, terms, vector in wanted]
        good = [theme for theme in found if theme.probability >= MATCHED]
        return tuple(sorted(good, key=lambda theme: (-theme.probability, theme.code)))


def _prepared(
    topic: Focus, segmenter: Segmenter
) -> tuple[Focus, tuple[str, ...], Mapping[str, float]]:
    """The topic, its terms folded, and the words of name and sentence that are no terms."""
    terms = tuple(dict.fromkeys(t for t in (fold(x).text for x in topic.terms) if t))
    words = segmenter.words(to_simplified(f"{topic.name}\n{topic.sentence}"))
    return topic, terms, _vector(_count(word for word in words if word not in terms))


def _judge(
    topic: Focus,
    terms: Sequence[str],
    vector: Mapping[str, float],
    document: WeightedWords,
    words: Mapping[str, float],
) -> Theme:
    weights = {
        term: math.log1p(
            document.content.text.count(term) + TITLE_WEIGHT * document.title.text.count(term)
        )
        for term in terms
    }
    shared = sum(weight * words.get(word, 0.0) for word, weight in vector.items())
    evidence = sum(weights.values()) + _WORDS * shared
    named = [(term, weight) for term, weight in weights.items() if weight]
    named.sort(key=lambda item: (-item[1], item[0]))
    placed = tuple(_placed(term, weight, document) for term, weight in named)
    return Theme(topic.name, round(1 - math.exp(-evidence / _SCALE), 4), placed)


def _placed(term: str, weight: float, document: WeightedWords) -> Term:
    """Where the term stands first: in the content, else in the title."""
    folded = document.content if term in document.content.text else document.title
    place = folded.text.find(term)
    start, last = int(folded.offsets[place]), int(folded.offsets[place + len(term) - 1])
    return Term(term, start, last + 1, round(weight, 4))


def _count(words: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts


def _vector(counts: Mapping[str, int]) -> dict[str, float]:
    """Sublinear tf × general idf of words of two characters and more, brought to length 1."""
    idf, silent = general_idf(), stop_words()
    values = {
        word: (1 + math.log(count)) * idf.get(word, RARE_WORD_IDF)
        for word, count in counts.items()
        if len(word) > 1 and word not in silent
    }
    norm = math.sqrt(sum(value * value for value in values.values()))
    return {word: value / norm for word, value in values.items()} if norm else {}
