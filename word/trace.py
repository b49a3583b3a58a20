"""From the text of a draft back to the places in its Word file.

The document is read a second time with every visible character of its runs replaced by a sign of
its own from planes of Unicode that no text uses. What the reader then gives says of each
character where it came from, whatever way it took: list numbers, tracked changes, fields, text
boxes and tables are handled by the one reader there is, and no offsets are carried through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from lxml import etree

from nlp.text import clean
from word.directory import Member
from word.docx import read_docx
from word.ooxml import W
from word.package import Package, Parts

Place = tuple[int, int]
"""Which ``w:t`` of the main part in document order, and which character of it."""

_FIRST, _LAST = 0x40000, 0xDFFFF  # planes 4 to 13: unassigned, legal in XML
_MAIN_LAYERS = frozenset({"body", "table", "textbox"})


class _Marked:
    """The parts of a package with the main part replaced."""

    def __init__(self, parts: Parts, name: str, data: bytes) -> None:
        self._parts, self._name, self._data = parts, name, data

    @property
    def names(self) -> frozenset[str]:
        """Names of all parts."""
        return self._parts.names

    def read(self, name: str) -> bytes:
        """The bytes of one part."""
        return self._data if name == self._name else self._parts.read(name)

    def member(self, name: str) -> Member:
        """One part as it lies in the file."""
        return self._parts.member(name)


def trace(parts: Parts, lines: Sequence[str]) -> list[list[Place | None]]:
    """For each of ``lines``, paragraphs of the file's drafts in order, the places of its signs.

    None for white space and for what stands in no run of the main part: list numbers that Word
    makes, symbols, notes. A line that is not found has None throughout.

    Raises:
        Refused: as ``word.docx.read_docx``.
    """
    package = Package(parts)
    name = package.main()
    root = package.xml(name)
    origins: list[Place] = []
    signs: list[str] = []
    for index, element in enumerate(root.iter(W + "t")):
        if element.text:
            element.text = _mark(element.text, index, origins, signs)
    marked = Package(_Marked(parts, name, etree.tostring(root, encoding="utf-8")))
    text, places = _stream(marked, origins, signs)
    return _matched(text, places, lines)


def _mark(text: str, index: int, origins: list[Place], signs: list[str]) -> str:
    marked = []
    for offset, sign in enumerate(text):
        if not _is_visible(sign) or len(signs) > _LAST - _FIRST:
            marked.append(sign)
            continue
        marked.append(chr(_FIRST + len(signs)))
        origins.append((index, offset))
        signs.append(sign)
    return "".join(marked)


@lru_cache(maxsize=4096)
def _is_visible(sign: str) -> bool:
    return not sign.isspace() and clean(sign)[0] == sign


def _stream(
    package: Package, origins: Sequence[Place], signs: Sequence[str]
) -> tuple[str, list[Place | None]]:
    """All visible characters of a reading in order, and their places."""
    text: list[str] = []
    places: list[Place | None] = []
    for block in read_docx(package).blocks:
        for sign in block.label + block.text:
            number = ord(sign) - _FIRST
            if 0 <= number < len(signs):
                text.append(signs[number])
                places.append(origins[number] if block.layer in _MAIN_LAYERS else None)
            elif _is_visible(sign):
                text.append(sign)
                places.append(None)
    return "".join(text), places


def _matched(
    text: str, places: Sequence[Place | None], lines: Sequence[str]
) -> list[list[Place | None]]:
    """Each line is the next occurrence of its visible characters in the stream."""
    position, found = 0, []
    for line in lines:
        shown = [offset for offset, sign in enumerate(line) if _is_visible(sign)]
        start = text.find("".join(line[offset] for offset in shown), position)
        of_line: list[Place | None] = [None] * len(line)
        if shown and start >= 0:
            position = start + len(shown)
            for offset, place in zip(shown, places[start:position], strict=True):
                of_line[offset] = place
        found.append(of_line)
    return found
