"""An edited text beside the one that was sent: which pieces stayed, came and went."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

_PIECE: Final = re.compile(r"[^，。；：！？、\n]+|[，。；：！？、\n]")
_MOST: Final = 8000
"""Pieces that are compared with each other: 50 ms whatever they are."""


class Part(NamedTuple):
    """A run of text: ``kind`` "same", "ins" (only in the new text) or "del" (only in the old)."""

    kind: str
    text: str


def differences(old: str, new: str) -> list[Part]:
    """The new text with what went from the old one.

    Compared clause by clause; a very long text line by line, or as a whole. The parts that are not
    "del" are the new text, those that are not "ins" the old one.
    """
    before, after = _pieces(old, new)
    parts = list(_parts(before, after))
    found = []
    for same, run in groupby(parts, key=lambda part: part.kind == "same"):
        told = list(run)
        for kind in ("same",) if same else ("del", "ins"):  # what went stands before what came
            text = "".join(part.text for part in told if part.kind == kind)
            if text:
                found.append(Part(kind, text))
    return found


def _pieces(old: str, new: str) -> tuple[list[str], list[str]]:
    for before, after in (
        (_PIECE.findall(old), _PIECE.findall(new)),
        (old.splitlines(keepends=True), new.splitlines(keepends=True)),
    ):
        if max(len(before), len(after)) <= _MOST:
            return before, after
    return [old], [new]


def _parts(before: Sequence[str], after: Sequence[str]) -> Iterator[Part]:
    for step in Indel.opcodes(before, after):
        if step.tag == "equal":
            yield Part("same", "".join(after[step.dest_start : step.dest_end]))
        elif step.tag == "delete":
            yield Part("del", "".join(before[step.src_start : step.src_end]))
        else:
            yield Part("ins", "".join(after[step.dest_start : step.dest_end]))
