"""The taxonomy of themes as data: categories, aspects, versions.

Codes are never reused; a retired aspect keeps its name, so that old tags stay readable.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

NONE = "X0"
"""Code of "fits no aspect" in models and samples; never the code of an aspect."""


class TaxonomyRefused(ValueError):
    """A taxonomy file that cannot be used; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Category:
    """大类."""

    code: str
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class Aspect:
    """方面: what a draft is tagged with. ``category`` is the code of its category."""

    code: str
    name: str
    category: str
    definition: str
    retired: bool = False
    into: str = field(default="", repr=False)  # of a retired aspect: the one that takes its place


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Categories and aspects of one version, in file order."""

    version: str
    categories: tuple[Category, ...]
    aspects: tuple[Aspect, ...]

    @classmethod
    def load(cls, path: Path | None = None) -> Taxonomy:
        """Read a taxonomy file, the shipped one by default.

        Raises TaxonomyRefused if it is not a well-formed taxonomy, OSError if unreadable.
        """
        source = path or files("nlp") / "data" / "taxonomy.toml"
        try:
            table = tomllib.loads(source.read_text("utf-8"))
            taxonomy = cls(
                str(table["version"]),
                tuple(Category(**entry) for entry in table["category"]),
                tuple(Aspect(**entry) for entry in table["aspect"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise TaxonomyRefused(f"主题体系文件格式不对：{error}") from error
        taxonomy._check()
        return taxonomy

    def _check(self) -> None:
        codes = [c.code for c in self.categories] + [a.code for a in self.aspects]
        repeated = sorted({code for code in codes if codes.count(code) > 1})
        if repeated:
            raise TaxonomyRefused(f"主题体系中代码重复：{'、'.join(repeated)}")
        if NONE in codes:
            raise TaxonomyRefused(f"主题体系不能使用代码{NONE}，它表示不属于任何主题")
        known = {c.code for c in self.categories}
        lost = [a.code for a in self.aspects if a.category not in known]
        if lost:
            raise TaxonomyRefused(f"下列方面的大类不存在：{'、'.join(lost)}")
        used = set(self.codes)
        adrift = [a.code for a in self.aspects if a.into and not a.retired]
        adrift += [code for code, heir in self.successors().items() if heir not in used]
        if adrift:
            raise TaxonomyRefused(
                f"into 只写在停用（retired = true）的方面上，指向在用的方面：{'、'.join(adrift)}"
            )

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the aspects in use, in file order."""
        return tuple(a.code for a in self.aspects if not a.retired)

    def successors(self) -> Mapping[str, str]:
        """Retired aspect → the one in its place, through as many steps as there are.

        Only those that have one; a chain that comes back to itself ends where it started.
        """
        heirs = {a.code: a.into for a in self.aspects if a.into}
        found: dict[str, str] = {}
        for code in heirs:
            last, seen = code, {code}
            while (heir := heirs.get(last)) and heir not in seen:
                last = heir
                seen.add(heir)
            found[code] = last
        return found

    def parents(self) -> Mapping[str, str]:
        """Aspect code → category code, retired aspects included."""
        return {a.code: a.category for a in self.aspects}

    def name(self, code: str) -> str:
        """Name of an aspect or category; KeyError for an unknown code."""
        return self.names()[code]

    def names(self) -> dict[str, str]:
        """Code → name of every category and aspect, retired ones included."""
        entries: tuple[Any, ...] = (*self.categories, *self.aspects)
        return {entry.code: entry.name for entry in entries}
