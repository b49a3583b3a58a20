"""Themes of a draft: a linear model over words, pairs of characters and the lexicon.

Scoring is plain numpy over arrays read from an ``.npz`` file; nothing in such a file can run
code. Features are four blocks, each of length 1: words and pairs by sublinear tf-idf, and the
cosines of the draft, and of its title alone, with the terms of each aspect; then one figure of
how dense lexicon terms are at all, which tells texts of no aspect apart. The shape follows what
works best with few labels: words, characters and one lexicon feature per aspect, and a
temperature on the scores (Guo et al., ICML 2017).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.evidence import WeightedWords
from nlp.lexicon import Lexicon
from nlp.taxonomy import NONE
from nlp.types import Term, Theme

FORMAT = 1
"""History: 1 = blocks words, pairs, lexicon, title lexicon, density."""

PRIMARY = 0.40
"""Probability from which the best aspect is said to be the theme."""
SECONDARY = 0.15
"""Probability from which a further aspect is said to be a secondary theme."""
CATEGORY = 0.60
"""Summed probability from which a category is sure, whether or not an aspect is."""
SHOWN_TERMS = 8

_LEXICON_SCALE = 1.0
_WORD_SCALE = 2.0

Floats = npt.NDArray[np.float32]


class ModelRefused(ValueError):
    """A model file that cannot be used; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model says of one draft."""

    themes: tuple[Theme, ...]  # primary first; () = 无法判断
    nearest: tuple[Theme, ...]  # best three aspects
    category: str  # "" if not sure
    category_probability: float
    none: float  # probability that no aspect fits


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Keys of one block with their inverse document frequencies and rows in the weights."""

    rows: Mapping[str, int]
    idf: Floats  # (len(rows),)

    def vector(self, counts: Mapping[str, int]) -> tuple[npt.NDArray[np.intp], Floats]:
        """Rows of the known keys, and their tf-idf values scaled to length ``_WORD_SCALE``."""
        rows = self.rows
        known = [(rows[key], count) for key, count in counts.items() if key in rows]
        if not known:
            return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32)
        places, tf = np.array(known, dtype=np.intp).T
        values = (1.0 + np.log(tf.astype(np.float32))) * self.idf[places]
        return places, values * np.float32(_WORD_SCALE / np.linalg.norm(values))


@dataclass(frozen=True, slots=True, eq=False)
class TermTable:
    """The lexicon as a matrix: term × aspect of the model, columns of length 1."""

    rows: Mapping[str, int]
    weights: Floats  # (terms, classes), already times idf
    idf: Floats  # (terms,)

    @classmethod
    def of(cls, lexicon: Lexicon, codes: Sequence[str], idf: Mapping[str, float]) -> TermTable:
        """Weights^1.5 × idf per aspect; a term that the idf does not know counts as rarest."""
        terms = lexicon.terms
        rows = {term: row for row, term in enumerate(terms)}
        rarest = max(idf.values(), default=1.0)
        scale = np.array([idf.get(term, rarest) for term in terms], dtype=np.float32)
        weights = np.zeros((len(terms), len(codes)), dtype=np.float32)
        for column, code in enumerate(codes):
            for term, weight in lexicon.weights.get(code, {}).items():
                weights[rows[term], column] = weight**1.5
        weights *= scale[:, None]
        weights /= np.maximum(np.linalg.norm(weights, axis=0), 1e-9)
        return cls(rows, weights, scale)

    def cosines(self, counts: Mapping[str, int]) -> tuple[list[str], Floats, Floats]:
        """Known terms, their parts in the sum (terms, classes), and the sum (classes,)."""
        terms = [term for term in counts if term in self.rows]
        places = [self.rows[term] for term in terms]
        tf = np.log1p(np.array([counts[term] for term in terms], dtype=np.float32))
        parts = self.weights[places] * (tf * self.idf[places])[:, None]
        return terms, parts, parts.sum(axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """One draft as numbers; ``dense`` holds lexicon, title lexicon and density."""

    words: npt.NDArray[np.intp]
    word_values: Floats
    pairs: npt.NDArray[np.intp]
    pair_values: Floats
    dense: Floats  # (2 × classes + 1,)
    terms: tuple[tuple[list[str], Floats, float], ...]  # names, parts, norm of both lexicon blocks


def _unit(vector: Floats) -> tuple[Floats, float]:
    norm = max(float(np.linalg.norm(vector)), 1e-9)
    return vector * np.float32(_LEXICON_SCALE / norm), norm


@dataclass(frozen=True, slots=True, eq=False)
class ThemeModel:
    """Weights, vocabulary and lexicon; the same input always gives the same verdict."""

    codes: tuple[str, ...]  # classes, X0 among them
    words: Vocabulary
    pairs: Vocabulary
    table: TermTable
    word_weights: Floats  # (words, classes)
    pair_weights: Floats  # (pairs, classes)
    dense_weights: Floats  # (2 × classes + 1, classes)
    bias: Floats  # (classes,)
    temperature: float
    parents: Mapping[str, str]  # aspect → category
    lexicon: Lexicon
    metadata: Mapping[str, Any]

    @property
    def version(self) -> str:
        """What is stored with every tag that the model made."""
        return str(self.metadata["version"])

    @classmethod
    def load(cls, path: Path | None = None, lexicon: Lexicon | None = None) -> ThemeModel:
        """Read a model file, the shipped one by default.

        ``lexicon`` is the one to score with (the office's own), by default the shipped one.
        Raises ModelRefused, with a sentence that says what to do, for any file that is not a
        model of this format.
        """
        from nlp.model_file import read_model

        return read_model(path, lexicon or Lexicon.load())

    def features(self, document: WeightedWords) -> Features:
        """The numbers that the model sees of one draft."""
        terms, parts, total = self.table.cosines(document.terms)
        title_terms, title_parts, title_total = self.table.cosines(document.title_terms)
        body, norm = _unit(total)
        title, title_norm = _unit(title_total)
        density = math.log1p(10 * float(total.max(initial=0)) / max(document.size, 50) ** 0.5)
        return Features(
            *self.words.vector(document.words),
            *self.pairs.vector(document.pairs),
            np.concatenate([body, title, np.array([density], dtype=np.float32)]),
            ((terms, parts, norm), (title_terms, title_parts, title_norm)),
        )

    def scores(self, features: Features) -> Floats:
        """Calibrated log-scores of the classes (up to a constant)."""
        logits = (
            self.bias
            + features.word_values @ self.word_weights[features.words]
            + features.pair_values @ self.pair_weights[features.pairs]
            + features.dense @ self.dense_weights
        )
        return np.asarray(logits / self.temperature, dtype=np.float32)

    def probabilities(self, documents: Sequence[WeightedWords]) -> Floats:
        """Probability of every class for every draft: (drafts, classes), rows sum to 1."""
        if not documents:
            return np.zeros((0, len(self.codes)), dtype=np.float32)
        return softmax(np.stack([self.scores(self.features(d)) for d in documents]))

    def predict(self, documents: Sequence[WeightedWords]) -> list[Verdict]:
        """Themes of each draft with the terms that carried them."""
        seen = [self.features(document) for document in documents]
        if not seen:
            return []
        chances = softmax(np.stack([self.scores(features) for features in seen]))
        triples = zip(documents, seen, chances, strict=True)
        return [self._verdict(*triple) for triple in triples]

    def _verdict(self, document: WeightedWords, features: Features, chances: Floats) -> Verdict:
        order = [int(i) for i in np.argsort(-chances, kind="stable")]
        aspects = [i for i in order if self.codes[i] != NONE]
        nearest = tuple(self._theme(i, document, features, chances) for i in aspects[:3])
        sure = order[0] == aspects[0] and chances[aspects[0]] >= PRIMARY and document.size > 0
        further = tuple(t for t in nearest[1:] if t.probability >= SECONDARY)
        category, probability = self._category(chances)
        none = float(chances[self.codes.index(NONE)])
        themes = (nearest[0], *further) if sure else ()
        return Verdict(themes, nearest, category, probability, none)

    def _category(self, chances: Floats) -> tuple[str, float]:
        sums: dict[str, float] = {}
        for code, chance in zip(self.codes, chances.tolist(), strict=True):
            if code != NONE:
                category = self.parents[code]
                sums[category] = sums.get(category, 0.0) + chance
        best = max(sums, key=sums.__getitem__)
        return (best if sums[best] >= CATEGORY else ""), round(sums[best], 4)

    def _theme(
        self, column: int, document: WeightedWords, features: Features, chances: Floats
    ) -> Theme:
        terms = explain(self, column, document, features)
        return Theme(self.codes[column], round(float(chances[column]), 4), terms)


def softmax(logits: Floats) -> Floats:
    """Rows of scores → rows of probabilities."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def explain(
    model: ThemeModel, column: int, document: WeightedWords, features: Features
) -> tuple[Term, ...]:
    """Up to eight words and terms that raised the score of a class most, first place of each.

    The share of a term in the score is its value times the weight of the class; pairs of
    characters are left out, because they are not words.
    """
    shares: dict[str, float] = {}
    names = [key for key in document.words if key in model.words.rows]
    values = features.word_values * model.word_weights[features.words, column]
    for name, share in zip(names, values.tolist(), strict=True):
        shares[name] = share
    size = len(model.codes)
    for block, (terms, parts, norm) in enumerate(features.terms):
        weights = model.dense_weights[block * size : (block + 1) * size, column]
        for term, share in zip(terms, (parts @ weights / norm).tolist(), strict=True):
            shares[term] = shares.get(term, 0.0) + share * _LEXICON_SCALE
    return _placed(shares, document)


def _placed(shares: Mapping[str, float], document: WeightedWords) -> tuple[Term, ...]:
    found: list[Term] = []
    for name in sorted(shares, key=lambda key: (-shares[key], key)):
        if shares[name] <= 0 or len(found) == SHOWN_TERMS:
            break
        if any(name in term.text or term.text in name for term in found):
            continue
        for folded in (document.content, document.title):
            if (place := folded.text.find(name)) >= 0:
                start = int(folded.offsets[place])
                end = int(folded.offsets[place + len(name) - 1]) + 1
                found.append(Term(name, start, end, round(shares[name], 4)))
                break
    return tuple(found)
