"""Paragraphs from printed lines: PDF and OFD keep where a line ends, not where a paragraph does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width

from nlp.types import Notice

_PAGE_NUMBER = re.compile(r"[\s\-–—－·第]{0,6}\d{1,4}[\s\-–—－·页]{0,6}(?:共\s?\d{1,4}\s?页)?")
_NEW = re.compile(  # a line that begins so begins a paragraph
    r"[ \u3000\t]{2}|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[.．、]|第[一二三四五六七八九十百]{1,4}[章节条篇]|附件|——"
)
_ENDS = "。！？：；”’）)"
_SLACK = 4  # a line this much narrower than the widest (two Han characters) ends its paragraph


def paragraphs(pages: Iterable[Sequence[str]]) -> list[str]:
    """Join the printed lines of ``pages`` into paragraphs; bare page numbers are left out.

    A line goes on into the next when it is as wide as the text area and the next does not look
    like the beginning of a paragraph; an empty line always separates. Width counts a Han
    character as two.
    """
    lines = [line for page in pages for line in _without_number(page)]
    widths = [_width(line) for line in lines]
    full = _full_width(widths)
    found: list[str] = []
    running = False  # the last paragraph is still open
    for line, width in zip(lines, widths, strict=True):
        if not line.strip():
            running = running and bool(found) and found[-1][-1] not in _ENDS
            continue
        if running and not _NEW.match(line):
            found[-1] = _joined(found[-1], line.strip())
        else:
            found.append(line.strip())
        running = width >= full - _SLACK
    return found


def pages_cut(count: int, limit: int) -> tuple[Notice, ...]:
    """The notice that only the first ``limit`` of ``count`` pages were read, if that is so."""
    if count <= limit:
        return ()
    return (Notice("pages_cut", f"共{count}页，只读了前{limit}页", count - limit),)


def _without_number(page: Sequence[str]) -> list[str]:
    """The lines of a page without a bare page number at its head or tail."""
    lines = list(page)
    while lines and not lines[-1].strip():
        lines.pop()
    if lines and _PAGE_NUMBER.fullmatch(lines[-1].strip()):
        lines.pop()
    elif lines and _PAGE_NUMBER.fullmatch(lines[0].strip()):
        del lines[0]
    return lines


def _full_width(widths: Sequence[int]) -> int:
    """The width of the text area: that which a tenth of the lines reach."""
    known = sorted(width for width in widths if width)
    return max(20, known[len(known) * 9 // 10]) if known else 0


def _width(line: str) -> int:
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in line.rstrip())


def _joined(before: str, after: str) -> str:
    """Put two lines together; only words of Latin script need a space between them."""
    spaced = before[-1].isascii() and before[-1].isalnum() and after[:1].isascii()
    return f"{before} {after}" if spaced and after[:1].isalpha() else before + after
