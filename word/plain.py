"""Plain text and Markdown: which encoding, then one block per line."""

from __future__ import annotations

import codecs
import re

from nlp.types import Block, Notice, Reading
from word.reasons import Refused

MAX_TEXT = 8 << 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_READABLE = re.compile("[\t\r\n -~\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’—…·]")
_PLAUSIBLE = 0.8  # of the characters must be ones that Chinese drafts are made of
_UNREADABLE = 0.01  # of the characters may be broken

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_RULE_ROW = re.compile(r"[|:\- \t]+")


def decode(data: bytes) -> tuple[str, str] | None:
    """The text of ``data`` and its encoding; None if it is not text in an encoding we know.

    A byte-order mark decides; then UTF-8; then, as each of GB18030, Big5 and UTF-16 reads
    nearly any bytes, the one that gives the most everyday characters. A few broken characters
    are let through as U+FFFD.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data.decode(encoding, "replace"), encoding)
    if b"\0" not in data:
        text = data.decode("utf-8", "replace")
        if text.isascii() or _broken(text) <= _UNREADABLE:
            return _checked(text, "utf-8")
    candidates: tuple[str, ...] = (
        ("gb18030", "big5") if b"\0" not in data else ("utf-16-le", "utf-16-be")
    )
    if b"\0" not in data and len(data) % 2 == 0:
        candidates += ("utf-16-le", "utf-16-be")
    scored = [(_everyday(data[:20_000], encoding), encoding) for encoding in candidates]
    best, encoding = max(scored, key=lambda pair: pair[0])
    if best < _PLAUSIBLE:
        return None
    return _checked(data.decode(encoding, "replace"), encoding)


def _checked(text: str, encoding: str) -> tuple[str, str] | None:
    if _BINARY.search(text) or _broken(text) > _UNREADABLE:
        return None
    return text, encoding


def _broken(text: str) -> float:
    return text.count("\ufffd") / max(1, len(text))


def _everyday(data: bytes, encoding: str) -> float:
    """Share of ASCII, Chinese punctuation and first-level characters among those decoded."""
    text = data.decode(encoding, "replace").removesuffix("\ufffd")  # may be cut in a character
    if not text:
        return 0.0
    return sum(map(_is_everyday, text)) / len(text)


def _is_everyday(char: str) -> bool:
    """GB 2312 and Big5 both order their first level by use: Simplified and Traditional."""
    if char < "\u4e00" or char > "\u9fff":
        return bool(_READABLE.match(char))
    return "\xb0" <= _lead(char, "gb2312") <= "\xd7" or "\xa4" <= _lead(char, "big5") <= "\xc6"


def _lead(char: str, encoding: str) -> str:
    """The first byte of a character, as a character; empty if the encoding does not have it."""
    return char.encode(encoding, "ignore")[:1].decode("latin-1")


def read_plain(data: bytes, *, markdown: bool = False) -> Reading:
    """Text or Markdown as one block per line that is not empty.

    Of Markdown the headings, tables and lines that are bold as a whole are understood; all else
    stays as written.

    Raises:
        Refused: ``unknown_encoding`` or ``too_large``: some fifty books' worth of text is no draft.
    """
    if len(data) > MAX_TEXT:
        raise Refused("too_large", f"{len(data)} bytes of text")
    decoded = decode(data)
    if decoded is None:
        raise Refused("unknown_encoding")
    text, encoding = decoded
    lines = [line.rstrip() for line in re.split(r"\r\n?|\n|\f|\u2028|\u2029", text)]
    make = _markdown_block if markdown else _block
    blocks = tuple(block for line in lines if line.strip() and (block := make(line)))
    return Reading("md" if markdown else "txt", blocks, _notices(text, encoding))


def _notices(text: str, encoding: str) -> tuple[Notice, ...]:
    notices = []
    if not encoding.startswith("utf"):
        notices.append(Notice("encoding", f"文字编码为{encoding.upper()}"))
    if broken := text.count("\ufffd"):
        notices.append(Notice("unreadable_characters", f"有{broken}个字符无法识别", broken))
    return tuple(notices)


def _block(line: str) -> Block:
    return Block("body", "", line)


def _markdown_block(line: str) -> Block | None:
    if heading := _HEADING.match(line):
        return Block("body", "", heading[2].strip(" #"), level=len(heading[1]))
    if line.startswith("|"):
        if _RULE_ROW.fullmatch(line):
            return None
        return Block("table", "", "\t".join(cell.strip() for cell in line.strip("|").split("|")))
    if line.startswith("```"):
        return None
    if line.startswith("**") and line.endswith("**") and line.count("**") == 2:
        return Block("body", "", line[2:-2], bold=True)
    return Block("body", "", line)
