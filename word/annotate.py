"""A copy of a Word file with comments at the exact passages; the original stays as it is.

Comments are Word's own (ECMA-376 part 1, 17.13.4), so they show in Word, WPS and LibreOffice. A
run is split only where it holds nothing but text: splitting one with a tab, a break or a drawing
would lose it, so such a run is commented on as a whole, and so is the drawing that holds a text
box, inside which Word takes no comments.
"""

from __future__ import annotations

import copy
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.text.run import Run
from lxml.etree import XMLSyntaxError

from word.guard import Parts, read_bytes
from word.ooxml import XML_SPACE, Element, W
from word.reasons import Refused
from word.trace import Place, trace

AUTHOR = "稿件系统"
INITIALS = "稿"
_R, _T, _R_PR = W + "r", W + "t", W + "rPr"
_TEMPLATE = "attachedTemplate"

_ODD = (Refused, BadZipFile, XMLSyntaxError, ValueError, KeyError, AttributeError)
"""What our reader and python-docx raise for files that it cannot open: Strict OOXML, templates,
parts that are missing, damaged, or of another type than their names say."""

Segment = tuple[int, int, Element]  # half-open offsets in a w:t, the run that shows them


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of ``texts[text][start:end]``; an empty range speaks of the whole."""

    text: int
    start: int
    end: int
    message: str  # paragraphs separated by line feeds


class NotAnnotatable(Exception):
    """A file that Word's comments cannot be written into; the message is a Chinese sentence."""


def annotate(source: Path, target: Path, texts: Sequence[str], remarks: Iterable[Remark]) -> int:
    """Write ``source`` (.docx) with ``remarks`` on its drafts' ``texts`` to ``target``.

    ``texts`` are all drafts of the file in order as ``nlp.types.Draft.text`` has them. Returns how
    many comments were written. A link to a template elsewhere is left out of the copy.
    Raises NotAnnotatable; OSError if the copy cannot be written.
    """
    try:
        data = read_bytes(source)
        lines = [line for text in texts for line in text.split("\n")]
        places = _joined(texts, trace(Parts(data), lines))
        document: Any = Document(io.BytesIO(data))
        ordered = sorted(remarks, key=lambda r: (r.text, r.start, -r.end))
        written = _write(document, places, ordered)
        _forget_template(document)
    except _ODD as error:
        raise NotAnnotatable(
            "这个文件的结构特殊，加不了批注；请用 Word 或 WPS 打开后另存为 .docx 再试。"
        ) from error
    document.save(str(target))
    return written


def _joined(texts: Sequence[str], traced: Sequence[list[Place | None]]) -> list[list[Place | None]]:
    """Places by text instead of by line; a line feed has none."""
    found, line = [], 0
    for text in texts:
        of_text: list[Place | None] = []
        for _ in text.split("\n"):
            of_text += [*traced[line], None]
            line += 1
        found.append(of_text[:-1])
    return found


def _write(
    document: Any, places: Sequence[Sequence[Place | None]], remarks: Sequence[Remark]
) -> int:
    spans = [_span(places[remark.text], remark) for remark in remarks]
    cuts: defaultdict[int, set[int]] = defaultdict(set)
    for span in spans:
        if span:
            cuts[span[0][0]].add(span[0][1])
            cuts[span[1][0]].add(span[1][1] + 1)
    segments = _split_runs(list(document.element.iter(_T)), cuts)
    written = 0
    for remark, span in zip(remarks, spans, strict=True):
        first = _run_at(segments, span[0]) if span else None
        last = _run_at(segments, span[1]) if span else None
        if first is None or last is None:
            continue
        body = document.element.body
        document.add_comment(
            [Run(first, body), Run(last, body)],
            text=remark.message,
            author=AUTHOR,
            initials=INITIALS,
        )
        written += 1
    return written


def _span(places: Sequence[Place | None], remark: Remark) -> tuple[Place, Place] | None:
    """First and last place of a remark; of one without any, the nearest before or after it."""
    inside = [place for place in places[remark.start : remark.end] if place]
    if inside:
        return inside[0], inside[-1]
    before = next((p for p in reversed(places[: remark.start]) if p), None)
    nearest = before or next((p for p in places[remark.start :] if p), None)
    return (nearest, nearest) if nearest else None


def _split_runs(texts: Sequence[Element], cuts: dict[int, set[int]]) -> dict[int, list[Segment]]:
    """Split the runs of the named ``w:t`` before the named characters where that is safe."""
    segments: dict[int, list[Segment]] = {}
    for index in sorted(cuts):
        element = texts[index]
        size = len(element.text or "")
        run = element.getparent()
        inner = sorted(cut for cut in cuts[index] if 0 < cut < size)
        if run.tag == _R and _outermost(element) is run and _is_plain(run):
            ranges = list(pairwise([0, *inner, size]))
            runs = _pieces(run, element, ranges)
            segments[index] = [(*r, piece) for r, piece in zip(ranges, runs, strict=True)]
        elif (outer := _outermost(element)) is not None:
            segments[index] = [(0, size, outer)]
    return segments


def _outermost(element: Element) -> Element | None:
    """The run around an element that stands in the body: that of the drawing for a text box."""
    runs = [parent for parent in element.iterancestors() if parent.tag == _R]
    return runs[-1] if runs else None


def _is_plain(run: Element) -> bool:
    """Whether a run holds one text and nothing else but its properties."""
    return sorted(child.tag for child in run if child.tag != _R_PR) == [_T]


def _pieces(run: Element, text: Element, ranges: Sequence[tuple[int, int]]) -> list[Element]:
    """Runs that show the parts of a plain run one after another; the last is ``run`` itself."""
    whole = text.text or ""
    kept = text.get(XML_SPACE) == "preserve"
    runs = []
    for start, end in ranges:
        piece = run if end == len(whole) else copy.deepcopy(run)
        shown = piece.find(_T)
        part = whole[start:end]
        if not kept:  # white space at the edges was not shown and must not appear now
            part = part.lstrip(" \t\r\n") if start == 0 else part
            part = part.rstrip(" \t\r\n") if end == len(whole) else part
        shown.text = part
        shown.set(XML_SPACE, "preserve")
        if piece is not run:
            run.addprevious(piece)
        runs.append(piece)
    return runs


def _run_at(segments: dict[int, list[Segment]], place: Place) -> Element | None:
    index, offset = place
    return next((run for a, b, run in segments.get(index, ()) if a <= offset < b), None)


def _forget_template(document: Any) -> None:
    """Remove the link to a template elsewhere: opening the copy must fetch nothing."""
    for relationship in document.part.rels.values():
        if relationship.is_external or not relationship.reltype.endswith("/settings"):
            continue
        part = relationship.target_part
        for name, link in list(part.rels.items()):
            if link.is_external and link.reltype.endswith("/" + _TEMPLATE):
                del part.rels[name]
        settings: Any = getattr(part, "element", ())  # none in a part of an unknown type
        for link in [child for child in settings if child.tag == W + _TEMPLATE]:
            settings.remove(link)
