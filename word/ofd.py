"""OFD (GB/T 33190-2016), the state's own page format: the text of its pages.

A package like a .docx: OFD.xml names the documents, a document lists its pages, a page holds text
objects whose ``TextCode`` carries the characters and their place.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import Any

from nlp.types import Block, Reading
from word.guard import Parts, parse_xml
from word.lines import pages_cut, paragraphs
from word.reasons import Refused

MAX_PAGES = 300
_SAME_LINE = 1.0  # millimetres


def read_ofd(parts: Parts) -> Reading:
    """The paragraphs of an OFD package.

    Raises:
        Refused: ``damaged_zip``, ``damaged_xml``, ``hostile_zip``, ``hostile_xml`` or
            ``scan_needs_ocr`` (pages without text that hold pictures).
    """
    names = _pages(parts)
    lines = []
    pictures = False
    for name in names[:MAX_PAGES]:
        root = parse_xml(parts.read(name))
        lines.append(_lines(root))
        pictures = pictures or any(True for _ in _named(root, "ImageObject"))
    found = paragraphs(lines)
    if not found and pictures:
        raise Refused("scan_needs_ocr", f"{len(names)} pages of pictures")
    blocks = tuple(Block("body", "", text) for text in found)
    return Reading("ofd", blocks, pages_cut(len(names), MAX_PAGES))


def _pages(parts: Parts) -> list[str]:
    """The names of the parts that hold the pages, in order."""
    found = []
    for root in _named(parse_xml(parts.read("OFD.xml")), "DocRoot"):
        document = _path("", root.text)
        for page in _named(parse_xml(parts.read(document)), "Page"):
            found.append(_path(document, page.get("BaseLoc")))
    return found


def _path(base: str, target: str | None) -> str:
    """The part that ``target`` names as seen from ``base``; a leading slash is the root."""
    target = (target or "").strip()
    return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(base), target))


def _lines(root: Any) -> list[str]:
    """The printed lines of a page: text pieces of one height, from left to right."""
    pieces: list[tuple[float, float, str]] = []
    for item in _named(root, "TextObject"):
        left, top = _corner(item)
        for code in _named(item, "TextCode"):
            text = "".join(code.itertext()).strip("\r\n")
            if text:
                pieces.append((top + _number(code.get("Y")), left + _number(code.get("X")), text))
    pieces.sort(key=lambda piece: piece[0])
    rows: list[list[tuple[float, float, str]]] = []
    for piece in pieces:
        if rows and piece[0] - rows[-1][0][0] <= _SAME_LINE:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return ["".join(text for _, _, text in sorted(row, key=lambda piece: piece[1])) for row in rows]


def _corner(item: Any) -> tuple[float, float]:
    """Left and top of an object's ``Boundary="x y width height"`` in millimetres."""
    values = [_number(value) for value in (item.get("Boundary") or "").split()]
    return (values[0], values[1]) if len(values) >= 2 else (0.0, 0.0)


def _number(value: str | None) -> float:
    try:
        return float(value or 0)
    except ValueError:
        return 0.0


def _named(root: Any, name: str) -> Iterator[Any]:
    """Elements of that local name; writers of OFD do not agree on the namespace."""
    return iter(root.iter("{*}" + name))
