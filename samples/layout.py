"""What each line of a source is on the page: title, heading, table row, signature …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from samples.sources import SourceError

Kind = Literal[
    "title", "subtitle", "byline", "salutation", "heading", "body", "row", "box", "note",
    "signature", "date",
]  # fmt: skip

DIGITS = "一二三四五六七八九"
DATE = re.compile(r"[\d二〇○零一二三四五六七八九十]{4}年[\d一二三四五六七八九十]{1,3}月"
                  r"(?:[\d一二三四五六七八九十]{1,3}日)?$")  # fmt: skip
LABELS = (
    re.compile(r"[一二三四五六七八九十]{1,4}、"),
    re.compile(r"（[一二三四五六七八九十]{1,4}）"),
    re.compile(r"\d{1,2}[.．](?!\d)"),
)
RULE = re.compile(r"\|[\s|:-]+\|$")
NOTE = re.compile(r"\[\^(\d+)\]:\s*")
BOX = re.compile(r"\{box:\s*(.+)\}$")
SENTENCE_MARKS = frozenset("。！？；：，,.;:!?")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its part on the page; ``level`` 1–3 where it bears a list number."""

    kind: Kind
    text: str  # without the marks of the source format; with the number as typed
    level: int = 0
    label: str = ""


def lay_out(lines: Sequence[str]) -> list[Line]:
    """The lines of a source body as page lines."""
    laid: list[Line] = []
    attached = False  # the numbers in a list of attachments are no headings
    for index, line in enumerate(lines):
        if RULE.match(line):
            continue
        attached = line.startswith("附件") or (attached and not line.startswith("# "))
        before = laid[-1].kind if laid else None
        after = lines[index + 1] if index + 1 < len(lines) else ""
        page_line = _line(line, before, after)
        laid.append(Line("body", line) if attached and page_line.level else page_line)
    return laid


def _line(line: str, before: Kind | None, after: str) -> Line:
    if line.startswith("# "):
        return Line("title", line[2:])
    if line.startswith("|"):
        return Line("row", line)
    if found := BOX.match(line):
        return Line("box", found[1])
    if NOTE.match(line):
        return Line("note", line)
    if DATE.match(line):
        return Line("date", line)
    if _closes(line) and DATE.match(after):
        return Line("signature", line)
    if before in ("title", "subtitle", "byline"):
        if line.startswith("——"):
            return Line("subtitle", line)
        if _closes(line) or (line.startswith("（") and line.endswith("）") and len(line) <= 40):
            return Line("byline", line)
        if line.endswith("："):
            return Line("salutation", line)
    return _numbered(line)


def _closes(line: str) -> bool:
    """A short line without a sentence mark: a unit, a person, a place."""
    return len(line) <= 30 and not SENTENCE_MARKS & set(line) and label_of(line)[0] == 0


def _numbered(line: str) -> Line:
    level, label = label_of(line)
    return Line("heading" if level else "body", line, level, label)


def label_of(line: str) -> tuple[int, str]:
    """Level 1–3 and the typed list number at the start of ``line``; (0, "") if none."""
    for level, pattern in enumerate(LABELS, start=1):
        if found := pattern.match(line):
            return level, found[0]
    return 0, ""


def run_in(text: str) -> tuple[str, str]:
    """A numbered line as heading and what follows it in the same paragraph.

    The first sentence is the heading if more follows; otherwise the whole line is.
    """
    head = "".join(takewhile(lambda mark: mark != "。", text))
    return (head + "。", text[len(head) + 1 :]) if len(head) < len(text) - 1 else (text, "")


def chinese(number: int) -> str:
    """1–99 in Chinese figures, as Word's chineseCounting formats write them."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("" if tens == 1 else DIGITS[tens - 1]) + "十"
    return head + (DIGITS[ones - 1] if ones else "")


def check_numbers(lines: Sequence[Line], key: str) -> None:
    """Raise if a typed number is not the one that automatic numbering will show there."""
    counts = [0, 0, 0]
    for line in lines:
        if not line.level:
            continue
        counts[line.level - 1] += 1
        counts[line.level :] = [0] * (3 - line.level)
        number = counts[line.level - 1]
        due = (f"{chinese(number)}、", f"（{chinese(number)}）", f"{number}.")[line.level - 1]
        if line.label.replace("．", ".") != due:
            raise SourceError(f"{key}：自动编号在“{line.text[:12]}”处会显示{due}")
