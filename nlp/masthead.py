"""刊头 of a printed issue: the outlet's name, the number, the day; and its list of contents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.dateline import find_date
from nlp.heading import number_value
from nlp.text import fold

_LINES = 14
"""Lines of a masthead, at most."""
_LONGEST = 60
_HAN = "一二三四五六七八九十"
_NUMBER = re.compile(rf"第\s{{0,4}}(\d{{1,5}}|[{_HAN}]{{1,3}})\s{{0,4}}期|(?:^|\D)(\d{{1,5}})\s?期")
_LAST_YEAR = re.compile(r"(19\d\d|20\d\d)\s{0,4}(?:年|[.．/-]|第|$)")
_BEFORE_NAME = re.compile(r"^(?:内部(?:资料|刊物|参阅).{0,12}|秘密|机密|编号.{0,20}|[\W_]{0,8})$")
_NAME_EDGE = " \u3000《》〈〉“”\"'·-—_：:（）()【】[]"
_CONTENTS = re.compile(
    r"[【\[]?\s?(?:本\s?期\s?)?(?:目\s{0,6}录|要\s{0,6}目|导\s{0,2}读|提\s{0,2}要)\s?[】\]]?"
)
_ENTRY_NUMBER = re.compile(rf"^(?:[{_HAN}]{{1,3}}、|\d{{1,2}}[.．、]|[●■◆▲◇○★·•]\s?)")
_ENTRY_EDGE = " \u3000\t.．…·•“”\"'"
_PAGE = re.compile(r"(?<![\d.])\d{1,3}[)）]?\s{0,4}$")
_LONGEST_ENTRY = 80
COLUMN = re.compile(r"[【\[［〔◆■●▲◇★☆▶►※]\s?[^。，；！？]{2,14}?\s?[】\]］〕◆■●▲◇★☆◀◄※]?")
"""A line that names a column of the issue: 【经验交流】, ◆工作动态."""


@dataclass(frozen=True, slots=True)
class Masthead:
    """What an issue says of itself; "" where it does not."""

    outlet: str = ""
    number: str = ""
    day: str = ""  # ISO date "2026-09-18"; a month alone is no day
    year: str = ""

    def over(self, other: Masthead) -> Masthead:
        """This one, with its gaps filled from the other."""
        return Masthead(
            self.outlet or other.outlet,
            self.number or other.number,
            self.day or other.day,
            self.year or other.year,
        )


def read_masthead(lines: Sequence[str]) -> tuple[Masthead, int]:
    """(what the first lines say, how many lines they are) of an issue.

    The masthead ends at the contents, at a line of prose, or after the line with number and day.
    Its outlet is what stands before the number in the same line, else the line above it.
    """
    found = Masthead()
    end = 0
    for at, line in enumerate(lines[:_LINES]):
        if len(line) > _LONGEST or _CONTENTS.fullmatch(line) or "。" in line:
            break
        said = _read_line(line)
        if not (said.number or said.day) and found.number:
            break  # the first line of the text itself
        if said.number and not said.outlet:
            said = said.over(Masthead(outlet=_name_above(lines[:at])))
        if said.number or said.day:
            found, end = found.over(said), at + 1
    return found, end


def read_name(name: str) -> Masthead:
    """The same from a file name without its suffix, or a folder's: "云泽组工信息2026年第9期"."""
    return _read_line(name[:_LONGEST])


def _read_line(line: str) -> Masthead:
    number = _NUMBER.search(line)
    day = find_date(line)
    cuts = [len(line)]
    if number:
        cuts.append(number.start())
    if day:
        cuts.append(day[1])
    if year := _LAST_YEAR.search(line):
        cuts.append(year.start())
    figures = (number[1] or number[2]) if number else ""
    return Masthead(
        line[: min(cuts)].strip(_NAME_EDGE) if len(cuts) > 1 else "",
        _figures(figures),
        day[0] if day and len(day[0]) == 10 else "",
        year[1] if year else "",
    )


def _figures(text: str) -> str:
    return str(number_value(text) or text) if text and text[0] in _HAN else text.lstrip("0")


def _name_above(lines: Sequence[str]) -> str:
    names = [line.strip(_NAME_EDGE) for line in lines if not _BEFORE_NAME.match(line)]
    return "".join(names[-1].split()) if names else ""


def is_contents(line: str) -> bool:
    """Whether a line heads the list of contents: 目录, 本期目录, 要目."""
    return len(line) <= 12 and bool(_CONTENTS.fullmatch(line.strip()))


def read_contents(lines: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """(folded titles, how many lines) of the contents; ``lines`` begin below their heading.

    They end where the first title comes a second time, now over its text, or at prose.
    """
    entries: list[str] = []
    for at, line in enumerate(lines):
        if len(line) > _LONGEST_ENTRY or line.rstrip()[-1:] in "。；":
            return tuple(entries), at
        entry = entry_of(line)
        if entry in entries:
            return tuple(entries), at - bool(COLUMN.fullmatch(lines[at - 1]))
        if entry and not COLUMN.fullmatch(line):
            entries.append(entry)
    return (), 0  # nothing followed: no contents, or nothing else


def entry_of(line: str) -> str:
    """The folded title of a line of the contents, without number, leader and page."""
    line = _PAGE.sub("", _ENTRY_NUMBER.sub("", line.strip())).strip(_ENTRY_EDGE)
    return fold(line).text
