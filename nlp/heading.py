"""List numbers and headings of official prose: 一、 → 1, （一） → 2, 1. → 3, （1） → 4.

The levels are those of GB/T 9704—2012 §7.3.3. "一是 …" and ① count points inside a paragraph and
are not headings. A number whose line goes on into prose is a run-in heading: it stays body text.
"""

from __future__ import annotations

import re

LONGEST_HEADING = 50
LONGEST_BARE_HEADING = 20
"""Characters; a line without a number is taken for a heading only up to this length."""

_HAN = "一二三四五六七八九十百零〇"
_NUMBER = re.compile(
    rf"""
    (?P<one>[{_HAN}]{{1,4}}[、．.]|第[{_HAN}\d]{{1,4}}(?:章|部分|节|编)[、：:\s]?)
    |(?P<two>[（(][{_HAN}]{{1,4}}[）)][、.．]?)
    |(?P<three>\d{{1,3}}(?:、|[.．](?!\d)))
    |(?P<four>[（(]\d{{1,3}}[）)]、?|\d{{1,3}}[）)]、?)
    """,
    re.VERBOSE,
)
_LEVELS = {"one": 1, "two": 2, "three": 3, "four": 4}
_FIGURES = re.compile(r"[一二三四五六七八九十]{1,3}|\d{1,3}")
_STARTS = frozenset(f"{_HAN}第（(0123456789")
_SENTENCE_END = re.compile("[。！？!?；;]")
_PROSE_MARK = re.compile("[，。！？；：,;:!?\t]")
_HEADING_STYLE = re.compile(r"(?:heading|标题|標題)\s?(\d)", re.IGNORECASE)


def split_number(text: str) -> tuple[str, str, int]:
    """(number, rest, level) of a line; ("", text, 0) if it does not begin with a list number.

    The number is as typed; white space after it is dropped (one space stays after 第一章).
    """
    if text[:1] not in _STARTS or not (match := _NUMBER.match(text)) or match.end() == len(text):
        return "", text, 0
    number = match[0]
    return number, text[match.end() :].lstrip(), _LEVELS[match.lastgroup or "one"]


def number_level(number: str) -> int:
    """Level of a list number as Word shows it: "一、" → 1; 0 for "①", "•" or none."""
    match = _NUMBER.fullmatch(number.strip()) if number else None
    return _LEVELS[match.lastgroup or "one"] if match else 0


def number_value(number: str) -> int:
    """What a list number counts: "二、" → 2, "（十二）" → 12, "第3章" → 3; 0 if it cannot be told.

    Counts from one hundred on and other figures (〇, ①) give 0.
    """
    figures = _FIGURES.search(number)
    if not figures:
        return 0
    if figures[0].isdecimal():
        return int(figures[0]) if len(figures[0]) < 3 else 0
    tens, ten, ones = figures[0].rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or (not ten and len(figures[0]) > 1):
        return 0
    return ((_HAN.find(tens) + 1 if tens else 1) * 10 if ten else 0) + (
        _HAN.find(ones) + 1 if ones else 0
    )


def style_level(style: str, outline: int) -> int:
    """Heading depth that a style name ("heading 2", "标题 2") or an outline level states, or 0."""
    match = _HEADING_STYLE.match(style)
    level = int(match[1]) if match else outline
    return min(level, 4)


def is_heading_text(text: str, level: int) -> bool:
    """Whether the text after a list number stands alone as a heading rather than as prose.

    A full stop at the very end is common after 一、 headings and is accepted there only.
    """
    if not text or len(text) > LONGEST_HEADING:
        return False
    body = text[:-1] if level == 1 and text[-1] == "。" and len(text) <= 30 else text
    return not _SENTENCE_END.search(body)


def is_bare_heading(text: str) -> bool:
    """Whether a line without a number has the shape of a heading: short, no prose marks."""
    return 2 <= len(text) <= LONGEST_BARE_HEADING and not _PROSE_MARK.search(text)
