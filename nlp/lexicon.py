"""The lexicon of themes: weighted terms per aspect, editable by the office.

A term is looked for in folded text (``nlp.text.fold``: Han, letters and digits only), so quotes,
spaces and Traditional script make no difference and no word boundary can hide it.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from nlp.text import fold

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
    _heads: Mapping[str, tuple[tuple[str, str], ...]] = field(repr=False, compare=False)
    # first two characters → (last two characters, term) of every term of three or more

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
        heads: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for term in sorted({term for terms in kept.values() for term in terms}):
            heads[term[:2]].append((term[-2:], term))
        return cls(version, kept, {head: tuple(terms) for head, terms in heads.items()})

    @property
    def terms(self) -> tuple[str, ...]:
        """All terms, sorted."""
        return tuple(sorted(term for group in self._heads.values() for _, term in group))

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the terms and weights."""
        canonical = json.dumps(self.weights, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def count(self, folded: str, pairs: Mapping[str, int]) -> dict[str, int]:
        """How often each term that occurs stands in folded text.

        ``pairs`` counts the pairs of neighbouring characters of ``folded``: they give terms of
        two characters at once, and ``str.count`` is asked only for longer terms whose first and
        last pair both occur.
        """
        found: dict[str, int] = {}
        for head in pairs.keys() & self._heads.keys():
            for tail, term in self._heads[head]:
                if len(term) == 2:
                    found[term] = pairs[head]
                elif tail in pairs and (times := folded.count(term)):
                    found[term] = times
        return found
