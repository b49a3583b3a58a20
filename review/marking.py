"""A draft's text as lines of marked pieces: what is highlighted, what is flagged, what may go."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

from nlp.types import Paragraph
from review.wording import visible


@dataclass(frozen=True, slots=True)
class Mark:
    """A half-open range of the draft's text with the class that it is shown in."""

    start: int
    end: int
    kind: str  # "term", "flag", "cut", "shared"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring characters under the same marks."""

    text: str
    kinds: str  # classes, "" for none
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as it is shown; ``cells`` only of a table row."""

    number: int
    role: str
    level: int
    cells: tuple[tuple[Piece, ...], ...]
    flags: tuple[str, ...]  # what is said of it in the margin


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that belong together: the rows of a table, or one paragraph."""

    table: bool
    lines: tuple[Line, ...]


def parts(
    paragraphs: Sequence[Paragraph], marks: Sequence[Mark], flags: Sequence[tuple[int, str]]
) -> list[Part]:
    """The text in parts; ``flags`` are (place, words), shown at the line that holds the place."""
    lines = list(_lines(paragraphs, marks, flags))
    found: list[Part] = []
    for table, group in groupby(lines, key=lambda line: line.role == "table"):
        if table:
            found.append(Part(table=True, lines=tuple(group)))
        else:
            found += [Part(table=False, lines=(line,)) for line in group]
    return found


def _lines(
    paragraphs: Sequence[Paragraph], marks: Sequence[Mark], flags: Sequence[tuple[int, str]]
) -> Iterator[Line]:
    start, waiting = 0, sorted(flags)
    ahead = deque(sorted(enumerate(marks), key=lambda one: one[1].start))
    open_: list[tuple[int, Mark]] = []  # those that reach into the line; each is looked at once
    for number, paragraph in enumerate(paragraphs, start=1):
        line = paragraph.line
        end = start + len(line)
        while ahead and ahead[0][1].start < end:
            open_.append(ahead.popleft())
        open_ = [one for one in open_ if one[1].end > start]
        here = [mark for _, mark in sorted(open_, key=itemgetter(0))]
        cells, at = [], start
        for cell in line.split("\t") if paragraph.role == "table" else [line]:
            cells.append(tuple(_pieces(cell, at, here)))
            at += len(cell) + 1
        told = []
        while waiting and waiting[0][0] <= end:
            told.append(waiting.pop(0)[1])
        yield Line(number, paragraph.role, paragraph.level, tuple(cells), tuple(told))
        start = end + 1


def _pieces(text: str, start: int, marks: Sequence[Mark]) -> Iterator[Piece]:
    """``text``, which stands at ``start``, cut where a mark begins or ends."""
    end = start + len(text)
    edges = {start, end}
    for mark in marks:
        edges.update(place for place in (mark.start, mark.end) if start < place < end)
    ordered = sorted(edges)
    for low, high in pairwise(ordered):
        over = [mark for mark in marks if mark.start <= low and mark.end >= high]
        kinds = " ".join(dict.fromkeys(mark.kind for mark in over))
        title = "；".join(dict.fromkeys(mark.title for mark in over if mark.title))
        yield Piece(visible(text[low - start : high - start]), kinds, title)
