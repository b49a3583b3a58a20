"""The starter corpus: original labelled drafts that ship with the product, in plain text.

Files ``data/starter/*.md`` hold many drafts each; every draft is a block of front matter between
two lines ``---`` and its text. The first model of a new office is trained on these alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from nlp.types import Draft, Paragraph

_FRONT = re.compile(r"^---\n((?:[a-z]+:.*\n)+)---\n", re.MULTILINE)


class StarterRefused(ValueError):
    """A file of training drafts that cannot be used; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled draft. ``theme`` is an aspect code or X0; ``level`` county, city or province."""

    id: str
    theme: str
    secondary: tuple[str, ...]
    genre: str
    level: str
    title: str
    text: str

    def draft(self) -> Draft:
        """The sample as a draft: its title, then one body paragraph a line."""
        lines = [Paragraph("body", "", line) for line in self.text.splitlines() if line.strip()]
        title = Paragraph("title", "", self.title)
        return Draft(position=1, title=self.title, paragraphs=(title, *lines))


def parse(text: str, name: str = "") -> list[Sample]:
    """The samples of one file, in order. Raises StarterRefused for missing or unknown fields."""
    pieces = _FRONT.split(text)
    samples = []
    for front, body in zip(pieces[1::2], pieces[2::2], strict=True):
        fields = dict(line.split(":", 1) for line in front.splitlines())
        values = {key: value.strip() for key, value in fields.items()}
        secondary = tuple(values.pop("secondary", "").split())
        try:
            samples.append(Sample(**values, secondary=secondary, text=body.strip()))
        except TypeError as error:
            raise StarterRefused(f"训练稿{name}中的“{front.strip()[:40]}”字段不对") from error
    return samples


def load(folder: Path | None = None) -> list[Sample]:
    """All samples of a folder (the shipped one by default), files in order of name."""
    source = folder or files("nlp") / "data" / "starter"
    paths = sorted((p for p in source.iterdir() if p.name.endswith(".md")), key=lambda p: p.name)
    return [sample for path in paths for sample in parse(path.read_text("utf-8"), path.name)]


def digest(samples: Iterable[Sample]) -> str:
    """SHA-256 (hex) of the samples: changes with any letter of any of them."""
    running = hashlib.sha256()
    for sample in samples:
        running.update(repr(sample).encode())
    return running.hexdigest()
