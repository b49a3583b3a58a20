"""Themes of a draft: a linear model over words, pairs of characters and the lexicon.

Scoring is plain numpy over arrays read from an ``.npz`` file; nothing in such a file can run
code. Features are words and pairs by sublinear tf-idf, of the whole draft and, over the same
vocabulary, of its title alone, so that a title says as much over a long text as over a short one;
then the cosines of the draft, and of its title alone, with the terms of each aspect, and one
figure of how dense lexicon terms are at all, which tells texts of no aspect apart. The shape
follows what works best with few labels: words, characters and one lexicon feature per aspect,
and a temperature on the scores (Guo et al., ICML 2017).
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
from nlp.pairs import Keys, Pairs
from nlp.taxonomy import NONE
from nlp.types import Term, Theme

FORMAT = 2
"""History: 1 = blocks words, pairs, lexicon, title lexicon, density; 2 = words and pairs of the
title added to those of the draft, the lexicon's blocks shorter."""

PRIMARY = 0.40
"""Probability from which the best aspect is said to be the theme."""
SECONDARY, _SOFTER = 0.09, 3.0
"""Share from which a further aspect is a secondary theme, of probabilities made softer by this
factor: calibrated ones ask which theme comes first, and beside a sure one leave nothing to tell
a second subject from none at all."""
CATEGORY = 0.60
"""Summed probability from which a category is sure, whether or not an aspect is."""
LEAST_SIZE = 20
"""Characters below which nothing is said: a title alone may be about anything."""
SHOWN_TERMS = 8
_CANDIDATES = 16
"""Terms of each block that are considered: more than are shown, as some overlap."""

_WORD_SCALE, _TITLE_SCALE = 2.0, 0.8
_LEXICON_SCALE = 0.6
"""Lengths of the blocks. The shorter a block, the less the regularised model leans on it: with
1,000 drafts the words know more than the lexicon; with 400 both should be as long."""
_DOUBT, _TITLE_DOUBT = 0.5, 0.2
"""Added to the length of the lexicon's vector before dividing by it: about what one strong term
gives. Otherwise a lone weak term ("数据" over a table of numbers) would count as a full verdict."""

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]


class ModelRefused(ValueError):
    """A model file that cannot be used; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model says of one draft."""

    themes: tuple[Theme, ...]  # primary first; () = 无法判断
    nearest: tuple[Theme, ...]  # best three aspects, with terms as far as they are shown
    category: str  # "" if not sure
    category_probability: float
    none: float  # probability that no aspect fits


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Keys of one block with their inverse document frequencies and rows in the weights."""

    rows: Mapping[str, int]
    idf: Floats  # (len(rows),)

    def vector(self, counts: Mapping[str, int], length: float) -> tuple[list[str], Places, Floats]:
        """The known keys, their rows, and their tf-idf values scaled to ``length``."""
        rows = self.rows
        known = list(filter(rows.__contains__, counts))
        places = np.fromiter(map(rows.__getitem__, known), np.intp, len(known))
        tf = np.fromiter(map(counts.__getitem__, known), np.float32, len(known))
        return known, places, _scaled(tf, self.idf[places], length)


@dataclass(frozen=True, slots=True, eq=False)
class PairVocabulary:
    """The same for pairs of characters: rows of the weights in ascending order of code."""

    pairs: tuple[str, ...]
    keys: Keys
    idf: Floats  # (len(pairs),)

    def vector(self, pairs: Pairs, length: float) -> tuple[Places, Floats]:
        """Rows of the known pairs, and their tf-idf values scaled to ``length``."""
        places, counts = pairs.known(self.keys)
        return places, _scaled(counts.astype(np.float32), self.idf[places], length)


def _scaled(tf: Floats, idf: Floats, length: float) -> Floats:
    """Sublinear tf × idf, brought to one length."""
    values = (np.float32(1) + np.log(tf)) * idf
    return values * np.float32(length / max(math.sqrt(float(values @ values)), 1e-9))


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
        terms = list(filter(self.rows.__contains__, counts))
        places = np.fromiter(map(self.rows.__getitem__, terms), np.intp, len(terms))
        tf = np.log1p(np.fromiter(map(counts.__getitem__, terms), np.float32, len(terms)))
        parts = self.weights.take(places, axis=0)
        parts *= (tf * self.idf[places])[:, None]
        return terms, parts, parts.sum(axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """One draft as numbers; ``dense`` holds lexicon, title lexicon and density.

    What the title has comes after what the draft has, so a row may stand twice: values add up.
    """

    names: list[str]  # the words that ``words`` are the rows of
    words: Places
    word_values: Floats
    pairs: Places
    pair_values: Floats
    dense: Floats  # (2 × classes + 1,)
    terms: tuple[tuple[list[str], Floats, float], ...]  # names, parts, norm of both lexicon blocks


def _direction(vector: Floats, doubt: float) -> tuple[Floats, float]:
    """A vector of almost length 1, shorter the fewer terms made it; and what divided it."""
    norm = math.sqrt(float(vector @ vector)) + doubt
    return vector * np.float32(_LEXICON_SCALE / norm), norm


@dataclass(frozen=True, slots=True, eq=False)
class ThemeModel:
    """Weights, vocabulary and lexicon; the same input always gives the same verdict."""

    codes: tuple[str, ...]  # classes, X0 among them
    words: Vocabulary
    pairs: PairVocabulary
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
        body, norm = _direction(total, _DOUBT)
        title, title_norm = _direction(title_total, _TITLE_DOUBT)
        density = math.log1p(10 * float(total.max(initial=0)) / max(document.size, 50) ** 0.5)
        density *= _LEXICON_SCALE
        names, words, word_values = self.words.vector(document.words, _WORD_SCALE)
        more, again, word_more = self.words.vector(document.title_words, _TITLE_SCALE)
        pairs, pair_values = self.pairs.vector(document.pairs, _WORD_SCALE)
        pairs_again, pair_more = self.pairs.vector(document.title_pairs, _TITLE_SCALE)
        return Features(
            names + more,
            np.concatenate([words, again]),
            np.concatenate([word_values, word_more]),
            np.concatenate([pairs, pairs_again]),
            np.concatenate([pair_values, pair_more]),
            np.concatenate([body, title, np.array([density], dtype=np.float32)]),
            ((terms, parts, norm), (title_terms, title_parts, title_norm)),
        )

    def scores(self, features: Features) -> Floats:
        """Calibrated log-scores of the classes (up to a constant)."""
        logits = (
            self.bias
            + features.word_values @ self.word_weights.take(features.words, axis=0)
            + features.pair_values @ self.pair_weights.take(features.pairs, axis=0)
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
        order = np.argsort(-chances, kind="stable").tolist()
        aspects = [i for i in order if self.codes[i] != NONE][:3]
        best = aspects[0]
        sure = document.size >= LEAST_SIZE and order[0] == best and chances[best] >= PRIMARY
        shares = softened(chances)
        told = [best, *(i for i in aspects[1:] if shares[i] >= SECONDARY)] if sure else []
        shown = told or aspects[:2]
        terms = dict(zip(shown, explain(self, shown, document, features), strict=True))
        nearest = tuple(
            Theme(self.codes[i], round(float(chances[i]), 4), terms.get(i, ())) for i in aspects
        )
        themes = nearest[: len(told)]
        category, probability = self._category(chances)
        none = float(chances[self.codes.index(NONE)])
        return Verdict(themes, nearest, category, probability, none)

    def _category(self, chances: Floats) -> tuple[str, float]:
        sums: dict[str, float] = {}
        for code, chance in zip(self.codes, chances.tolist(), strict=True):
            if code != NONE:
                category = self.parents[code]
                sums[category] = sums.get(category, 0.0) + chance
        best = max(sums, key=sums.__getitem__)
        return (best if sums[best] >= CATEGORY else ""), round(sums[best], 4)


def softmax(logits: Floats) -> Floats:
    """Rows of scores → rows of probabilities."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def softened(chances: Floats) -> Floats:
    """Probabilities as if the scores spoke a third as loudly; they sum to 1."""
    shares = chances ** np.float32(1 / _SOFTER)
    return np.asarray(shares / shares.sum(), dtype=np.float32)


def explain(
    model: ThemeModel, columns: Sequence[int], document: WeightedWords, features: Features
) -> list[tuple[Term, ...]]:
    """For each class the words and terms that raised its score most, first place of each.

    The share of a term in the score is its value times the weight of the class; pairs of
    characters are left out, because they are not words.
    """
    size = len(model.codes)
    weights = model.word_weights[features.words[:, None], columns]
    groups = [(features.names, weights * features.word_values[:, None])]
    for block, (terms, parts, norm) in enumerate(features.terms):
        dense = model.dense_weights[block * size : (block + 1) * size, columns]
        groups.append((terms, parts @ (dense * np.float32(_LEXICON_SCALE / norm))))
    shares: list[dict[str, float]] = [{} for _ in columns]
    every = np.arange(len(columns))
    for names, values in groups:
        best = np.argsort(-values, axis=0)[:_CANDIDATES]
        gains = values[best, every].T.tolist()
        for share, rows, raised in zip(shares, best.T.tolist(), gains, strict=True):
            for row, gain in zip(rows, raised, strict=True):
                name = names[row]
                share[name] = share.get(name, 0.0) + gain
    return [_placed(share, document) for share in shares]


def _placed(shares: Mapping[str, float], document: WeightedWords) -> tuple[Term, ...]:
    found: list[Term] = []
    names: list[str] = []
    for share, name in sorted([(-share, name) for name, share in shares.items() if share > 0]):
        if len(found) == SHOWN_TERMS:
            break
        if name in "\n".join(names) or any(map(name.__contains__, names)):
            continue
        for folded in (document.content, document.title):
            if (place := folded.text.find(name)) >= 0:
                start = int(folded.offsets[place])
                end = int(folded.offsets[place + len(name) - 1]) + 1
                found.append(Term(name, start, end, round(-share, 4)))
                names.append(name)
                break
    return tuple(found)
