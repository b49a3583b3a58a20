"""Drafts as JSON lines: ``id, title, text``, and where a person labelled them, the labels.

The same shape serves ``zugao classify`` (labels not needed) and ``zugao evaluate`` (needed).
A line that is no draft becomes a :class:`BadLine`; nothing in a file raises.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nlp.starter import Sample

GENRES = {"调研": "调研报告"}
"""Other names of genres that are met in labelled files."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no draft: its number (1-based) and one Chinese clause why."""

    number: int
    reason: str


def read_samples(lines: Iterable[str]) -> Iterator[Sample | BadLine]:
    """One draft a line, blank lines skipped; ``theme`` and ``genre`` are "" where not labelled."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _sample(number, line)


def _sample(number: int, line: str) -> Sample | BadLine:
    try:
        row = json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return BadLine(number, "不是JSON")
    if not isinstance(row, dict):
        return BadLine(number, "不是一个对象（应为{…}）")
    if not isinstance(row.get("text"), str):
        return BadLine(number, "缺少文字项text")
    secondary = row.get("secondary") or []
    if not isinstance(secondary, list):
        return BadLine(number, "secondary应为列表")
    genre = _text(row, "genre")
    return Sample(
        id=_text(row, "id") or str(number),
        theme=_text(row, "primary"),
        secondary=tuple(str(code) for code in secondary),
        genre=GENRES.get(genre, genre),
        level="",
        title=" ".join(_text(row, "title").split()),
        text=_text(row, "text"),
    )


def _text(row: dict[str, Any], key: str) -> str:
    """A field as text without lone surrogates, which no terminal and no file can hold."""
    value = row.get(key)
    return "" if value is None else str(value).encode("utf-8", "replace").decode()
