"""The lexicon of themes: weighted terms per aspect, editable by the office.

A term is looked for in folded text (``nlp.text.fold``: Han, letters and digits only), so quotes,
spaces and Traditional script make no difference and no word boundary can hide it.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np

from nlp.pairs import Counts, Keys, Pairs, sorted_keys
from nlp.text import fold

_PAIRS = 4
"""Pairs of a term that are looked at before it is searched for."""
_WEIGHTS = {"w0": 0.0, "w1": 1.0, "w2": 2.0, "w3": 3.0}


class LexiconRefused(ValueError):
    """A lexicon file that cannot be used; the message is a sentence for people."""


def _read(source: Path | Traversable) -> tuple[str, dict[str, dict[str, float]]]:
    """Version and aspect → folded term → weight (0 = struck out)."""
    try:
        table = tomllib.loads(source.read_text("utf-8"))
    except ValueError as error:
        raise LexiconRefused(f"主题词表格式不对：{error}") from error
    weights: dict[str, dict[str, float]] = {}
    for code, tiers in table.items():
        if not isinstance(tiers, dict):
            continue
        terms = weights[code] = {}
        for tier, text in tiers.items():
            if tier not in _WEIGHTS or not isinstance(text, str):
                raise LexiconRefused(f"主题词表{code}中的“{tier}”不是w0至w3档的词")
            for word in text.split():
                terms[_folded(word, code)] = _WEIGHTS[tier]
    return str(table.get("version", "")), weights


def _folded(word: str, code: str) -> str:
    term = fold(word).text
    if len(term) < 2:
        raise LexiconRefused(f"主题词表{code}中的“{word}”太短，至少要有两个字")
    return term


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Weighted terms of every aspect and of X0 (general texts)."""

    version: str
    weights: Mapping[str, Mapping[str, float]]  # aspect → folded term → 1, 2 or 3
    terms: tuple[str, ...]  # all of them, sorted
    _keys: Keys = field(repr=False, compare=False)
    _table: Counts = field(repr=False, compare=False)

    @classmethod
    def load(cls, path: Path | None = None, office: Path | None = None) -> Lexicon:
        """Read the shipped lexicon (or ``path``), then the office's additions over it.

        Raises LexiconRefused for a malformed file, OSError for an unreadable one.
        """
        version, weights = _read(path or files("nlp") / "data" / "lexicon.toml")
        if office is not None:
            added, changes = _read(office)
            version = f"{version}+{added or 'office'}"
            for code, terms in changes.items():
                weights.setdefault(code, {}).update(terms)
        return cls.of(version, weights)

    @classmethod
    def of(cls, version: str, weights: Mapping[str, Mapping[str, float]]) -> Lexicon:
        """A lexicon of folded terms; terms of weight 0 are left out."""
        kept = {c: {t: w for t, w in terms.items() if w > 0} for c, terms in weights.items()}
        terms = tuple(sorted({term for group in kept.values() for term in group}))
        return cls(version, kept, terms, *_pair_table(terms))

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the terms and weights."""
        canonical = json.dumps(self.weights, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def count(self, folded: str, pairs: Pairs, title: str = "", weight: int = 1) -> dict[str, int]:
        """How often each term that occurs stands in folded text, plus ``weight`` × in its title.

        ``pairs`` counts the pairs of characters of both the same way (``nlp.pairs``). A term can
        occur only as often as its rarest pair, which settles terms of two characters and leaves
        ``str.count`` hardly a longer one that is not there.
        """
        places, counts = pairs.known(self._keys)
        totals = np.zeros(self._keys.codes.size, dtype=np.intp)
        totals[places] = counts
        begun = totals.take(self._table[0]).nonzero()[0]
        most = totals.take(self._table.take(begun, axis=1)).min(axis=0)
        found: dict[str, int] = {}
        likely = most.nonzero()[0]
        for row, times in zip(begun[likely].tolist(), most[likely].tolist(), strict=True):
            term = self.terms[row]
            if len(term) == 2:
                found[term] = times
            elif total := folded.count(term) + weight * title.count(term):
                found[term] = total
        return found


def _pair_table(terms: Sequence[str]) -> tuple[Keys, Counts]:
    """Codes of the pairs in the terms, and per term the places of its first pairs in them.

    Shape (_PAIRS, terms); a short term repeats its last pair.
    """
    pairs = [[term[i : i + 2] for i in range(len(term) - 1)] for term in terms]
    order, keys = sorted_keys(sorted({pair for group in pairs for pair in group}))
    rows = {pair: row for row, pair in enumerate(order)}
    padded = [(group + [group[-1]] * _PAIRS)[:_PAIRS] for group in pairs]
    table = np.array([[rows[pair] for pair in group] for group in padded], dtype=np.intp)
    return keys, np.ascontiguousarray(table.reshape(len(terms), _PAIRS).T)
