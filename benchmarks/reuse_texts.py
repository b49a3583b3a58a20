"""Texts to make variants of: our own samples and starter drafts, public ones if they are there."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.text import fold
from samples.sources import load

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
LEAST = 380  # folded characters: 20 % of the sentences are then more than one sentence
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?[”’）]?")


@dataclass(frozen=True)
class Text:
    """One original: its theme, its paragraphs."""

    theme: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def sentences(self) -> list[list[str]]:
        """Sentences of each paragraph."""
        return [_SENTENCE.findall(paragraph) for paragraph in self.paragraphs]


def texts(seed: int = 4) -> list[Text]:
    """Unlike originals of at least ``LEAST`` folded characters, in random order.

    A text that shares more than 2 % of its 12-grams with those before it is left out: what is
    really copied must not be counted as a mistake.
    """
    found = [*_samples(), *_starter(), *_public()]
    random.Random(seed).shuffle(found)
    seen: set[str] = set()
    kept = []
    for text in found:
        folded = fold("".join(text.paragraphs)).text
        grams = {folded[at : at + 12] for at in range(len(folded) - 11)}
        if len(folded) >= LEAST and len(grams & seen) <= 0.02 * len(grams):
            kept.append(text)
        seen |= grams
    return kept


def boilerplate() -> str:
    """About 300 characters of phrases that every unit writes, from a list that is not ours."""
    path = SHARED / "stock_phrases.tsv"
    if not path.exists():
        return ""
    phrases = [line.split("\t")[1] for line in path.read_text("utf-8").splitlines()[:400]]
    long = [phrase for phrase in phrases if len(phrase) >= 14]
    return "，".join(random.Random(9).sample(long, min(14, len(long)))) + "。"


def _samples() -> Iterator[Text]:
    for source in load(ROOT / "samples" / "drafts"):
        lines = [line for line in source.lines if len(line) > 30 and not line.startswith("#")]
        yield Text(source.shows[0], source.lines[0].lstrip("# "), tuple(lines))


def _starter() -> Iterator[Text]:
    """The starter drafts are short: four of a theme make one text."""
    for file in sorted((ROOT / "nlp" / "data" / "starter").glob("[A-Z][0-9].md")):
        bodies = [body for _, body in _entries(file)]
        for start in range(0, len(bodies) - 3, 4):
            lines = [line for body in bodies[start : start + 4] for line in body]
            yield Text(file.stem, lines[0][:20], tuple(lines))


def _entries(file: Path) -> Iterator[tuple[str, list[str]]]:
    for part in re.split(r"\n(?=---\nid)", file.read_text("utf-8")):
        found = re.match(r"\s*---\n(.*?)\n---\n(.*)", part, re.S)
        if found:
            yield found[1], [line.strip() for line in found[2].splitlines() if line.strip()]


def _public() -> Iterator[Text]:
    path = SHARED / "themes_dev" / "themes_dev.jsonl"
    if path.exists():
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            lines = [line.strip() for line in row["text"].splitlines() if line.strip()]
            yield Text(row["primary"], row["title"], tuple(lines))
