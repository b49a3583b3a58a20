"""The body of a document in pieces, so that what repeats in it is parsed once.

Nearly every paragraph of a draft is plain: properties, then runs of text. The markup of its runs
says the same few things over and over, and building a tree of all of it costs many times what
the text does. So a plain paragraph is taken apart in the text of the file, and only the distinct
pieces of its markup are parsed, all in one go, together with every paragraph and table that is
not plain. A body that is laid out in any other way is left to the parser as a whole.

That nothing malformed passes: every piece begins with a start tag and ends with the end tag that
belongs to it, so it closes nothing that was opened before it, and if all of them together are
well-formed, so is each. What is not parsed is text without markup, checked for its characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from word.directory import MiB
from word.ooxml import Element, W
from word.reasons import Refused
from word.sheet import root_tag

_LARGEST = 4 * MiB  # beyond it the guard counts elements before it builds a tree
_OPEN, _CLOSE = b"<w:body>", b"</w:body></w:document>"
_P_END = "</w:p>"
_P_PR, _P_PR_END = "<w:pPr>", "</w:pPr>"
_R_END, _RUN_END = "</w:r>", "</w:t></w:r>"
_P_STARTS = ("<w:p>", "<w:p ")
_RUN_STARTS = ("<w:r>", "<w:r ")
_DOCUMENT, _BODY = W + "document", W + "body"
_P, _R, _T, _R_PR = W + "p", W + "r", W + "t", W + "rPr"
_BESIDE_TEXT = frozenset(
    W + name for name in ("tab", "br", "cr", "noBreakHyphen", "lastRenderedPageBreak")
)
# A line end of DOS is left to the parser, which makes one sign of it.
_LEGAL = bytes({9, 10, *range(32, 256)})


# A paragraph of nothing but properties and runs of text: the numbers of the piece that holds its
# properties, if any, and of those that its runs look like, and the text of each run.
Plain = tuple[int | None, list[tuple[int, str]]]


class Body(NamedTuple):
    """A body whose distinct pieces are parsed."""

    root: Element  # holds the pieces; those that are not of plain paragraphs in the file's order
    pieces: list[Element]
    children: list[int | Plain]  # in the order of the file; a number is that of a whole piece


def cut_body(data: bytes, parse: Callable[[bytes], Element]) -> Body | None:
    """Take apart the main part of a document; None where only a parse of the whole will do.

    Args:
        data: the part.
        parse: makes a root element of bytes; it raises ``Refused`` if it does not like them.
    """
    opened = root_tag(data) if len(data) <= _LARGEST else b""
    end = data.rfind(_CLOSE)
    if not opened or not data.startswith(_OPEN, len(opened)) or data[end:].rstrip() != _CLOSE:
        return None
    inner = data[len(opened) + len(_OPEN) : end]
    if inner.translate(None, _LEGAL) or b"\xef\xbf\xbe" in inner or b"\xef\xbf\xbf" in inner:
        return None
    cutter = _Cutter()
    try:
        if not cutter.cut(inner.decode()):
            return None
        pieces = "".join([*cutter.pieces, *(tag + _P_END for tag in cutter.tags)])
        root = parse(opened + _OPEN + pieces.encode() + _CLOSE)
    except (UnicodeDecodeError, Refused):  # a parse of the whole tells what is wrong
        return None
    return cutter.put_together(root)


class _Cutter:
    """Takes the text of a body apart; pieces are known by their number."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.tags: dict[str, None] = {}  # start tags of plain paragraphs
        self._numbers: dict[str, int] = {}  # of the pieces of plain paragraphs
        self._runs: list[int] = []
        self._children: list[int | Plain] = []

    def cut(self, text: str) -> bool:
        """Whether every child of the body could be told from the next."""
        at = 0
        while at < len(text):
            start = text.find(">", at) + 1
            tag = text[at:start]
            if not tag[1:2].isalpha():  # an end tag, or text: not laid out as it looked
                return False
            end = start if tag.endswith("/>") else _end(text, tag[1:-1].partition(" ")[0], start)
            if not end:
                return False
            self._children.append(self._child(text[at:end], tag))
            at = end
        return True

    def put_together(self, root: Element) -> Body | None:
        """The body again, its pieces now parsed; None if a piece is not what it looked like."""
        body = root[0]
        pieces = list(body)
        tags = pieces[len(self.pieces) :]
        if (root.tag, body.tag) != (_DOCUMENT, _BODY) or len(tags) != len(self.tags):
            return None
        if any(tag.tag != _P for tag in tags):
            return None
        if not all(_holds_text(pieces[number]) for number in self._runs):
            return None
        return Body(body, pieces, self._children)

    def _child(self, child: str, tag: str) -> int | Plain:
        """A plain paragraph as its pieces, anything else as a piece of its own."""
        plain = None
        if child.startswith(_P_STARTS) and "&" not in child and not tag.endswith("/>"):
            plain = self._plain(child, tag)
        return self._add(child) if plain is None else plain

    def _plain(self, child: str, tag: str) -> Plain | None:
        """The pieces of a plain paragraph; None if it is not plain."""
        start, properties = len(tag), None
        if child.startswith(_P_PR, start):
            end = child.find(_P_PR_END, start) + len(_P_PR_END)
            properties, start = self._known(child[start:end]), end
        *chunks, rest = child[start : -len(_P_END)].split(_RUN_END)
        if rest:
            return None
        runs: list[tuple[int, str]] = []
        numbers = self._numbers
        for chunk in chunks:
            head, _, text = chunk.rpartition(">")
            number = numbers.get(head)
            if number is None:
                number = self._run(head)
            if number < 0 or "<" in text:
                return None
            runs.append((number, text))
        self.tags[tag] = None
        return properties, runs

    def _run(self, head: str) -> int:
        """The number of the run whose text begins behind ``head``; -1 if it is not just a run."""
        inside = head[len("<w:r") :]
        if not head.startswith(_RUN_STARTS) or any(
            sign in inside for sign in (_R_END, *_RUN_STARTS)
        ):
            return -1
        known = self._numbers[head] = self._add(f"{head}>{_RUN_END}")
        self._runs.append(known)
        return known

    def _known(self, piece: str) -> int:
        known = self._numbers.get(piece)
        if known is None:
            known = self._numbers[piece] = self._add(piece)
        return known

    def _add(self, piece: str) -> int:
        self.pieces.append(piece)
        return len(self.pieces) - 1


def _end(text: str, name: str, start: int) -> int:
    """Where the element ends whose start tag ends at ``start``; 0 if it does not end."""
    closing = f"</{name}>"
    end = text.find(closing, start)
    if end < 0:
        return 0
    end += len(closing)
    if text.find(f"<{name} ", start, end) < 0 and text.find(f"<{name}>", start, end) < 0:
        return end
    depth = 1  # it holds others of its name: text boxes in a paragraph, tables in a table
    for tag in re.compile(rf"<(/?){re.escape(name)}(?: [^>]*)?>").finditer(text, start):
        if not tag[0].endswith("/>"):
            depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return 0


def _holds_text(run: Element) -> bool:
    """Whether an element is a run with nothing but an empty text and what may stand before it."""
    *before, last = run
    if before and before[0].tag == _R_PR:
        del before[0]
    beside = all(element.tag in _BESIDE_TEXT for element in before)
    return bool(run.tag == _R and last.tag == _T and beside and not len(last) and not last.text)
