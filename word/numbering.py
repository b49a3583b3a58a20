"""List numbers as Word shows them (ECMA-376 part 1, 17.9).

A paragraph names a list (``w:num``) and a level; the list stands on an abstract definition, which
may be kept in a numbering style, and may override levels and start values. Numbers count per
abstract definition, so lists that share one go on from each other unless they restart.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from word.numerals import numeral
from word.ooxml import MC, VAL, Element, W, branch, is_on, whole
from word.sheet import Sheet
from word.symbols import symbol

_LEVELS = 9
_LONGEST = 255  # characters; Word's own labels have at most 31, a hostile one is on every paragraph
_PLACE = re.compile(r"%([1-9])")
_ILVL, _ABSTRACT_ID = W + "ilvl", W + "abstractNumId"
_PICTURE_BULLET = "•"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list."""

    start: int = 0  # 17.9.25: zero where nothing is stated
    format: str = "decimal"
    pattern: str = ""  # of the format "custom": its first number, "001"
    text: str = ""  # with places: "第%1条", "%1.%2"
    restart: int | None = None  # 1-based level that restarts this one; 0 never; None the usual
    legal: bool = False  # write every place in plain digits
    style: str = ""  # id of the paragraph style tied to this level
    font: str = ""
    hidden: bool = False
    picture: bool = False


@dataclass(frozen=True, slots=True)
class List:
    """A list with its overrides applied."""

    key: str  # of the counters, shared by lists on the same abstract definition
    levels: tuple[Level | None, ...]
    restarts: frozenset[int] = field(default=frozenset())  # levels that start anew in this list

    def start(self, ilvl: int) -> int:
        """First number of a level."""
        level = self.levels[ilvl]
        return level.start if level else 0


class Numbering:
    """The list definitions of a document."""

    def __init__(self, sheet: Sheet | None, list_of_style: Callable[[str], str]) -> None:
        """``sheet`` is the numbering part; None if there is none.

        ``list_of_style`` gives the list id that a numbering style stands for, or "".
        """
        self._sheet = sheet
        self._list_of_style = list_of_style
        self._lists: dict[str, List | None] = {}

    def find(self, num_id: str) -> List | None:
        """The list of an id; None if it is not defined."""
        if num_id not in self._lists:
            self._lists[num_id] = self._read(num_id)
        return self._lists[num_id]

    def level_of_style(self, num_id: str, chain: tuple[str, ...], stated: int | None) -> int:
        """Level of a paragraph that is numbered by its style.

        The level tied to the style (or to one it is based on) wins over the stated one.
        """
        found = self.find(num_id)
        for style in chain if found else ():
            for ilvl, level in enumerate(found.levels if found else ()):
                if level and level.style == style:
                    return ilvl
        return stated or 0

    def _read(self, num_id: str) -> List | None:
        num = self._num(num_id)
        key, abstract = ("", None) if num is None else self._abstract(num, seen={num_id})
        if num is None or abstract is None:
            return None
        levels = _levels(abstract.iterchildren(W + "lvl"))
        restarts = set()
        for override in num.iterchildren(W + "lvlOverride"):
            ilvl = whole(override.get(_ILVL), -1)
            if not 0 <= ilvl < _LEVELS:
                continue
            levels.update(_levels(override.iterchildren(W + "lvl"), ilvl))
            start = override.find(W + "startOverride")
            if start is not None:
                restarts.add(ilvl)
                first = whole(start.get(VAL), 0)
                levels[ilvl] = replace(levels.get(ilvl, Level()), start=first)
        return List(key, tuple(levels.get(i) for i in range(_LEVELS)), frozenset(restarts))

    def _num(self, num_id: str) -> Element | None:
        return self._sheet.find("num", "numId", num_id) if self._sheet else None

    def _abstract(self, num: Element, seen: set[str]) -> tuple[str, Element | None]:
        """The abstract definition under a list, through numbering styles; circles are cut."""
        reference = num.find(_ABSTRACT_ID)
        key = "" if reference is None else reference.get(VAL) or ""
        if self._sheet is None:
            return key, None
        abstract = self._sheet.find("abstractNum", "abstractNumId", key)
        link = None if abstract is None else abstract.find(W + "numStyleLink")
        if link is None:
            return key, abstract
        linked = self._list_of_style(link.get(VAL) or "")
        target = self._num(linked) if linked and linked not in seen else None
        if target is not None:
            return self._abstract(target, seen | {linked})
        return self._owner(link.get(VAL) or "") or (key, abstract)

    def _owner(self, style: str) -> tuple[str, Element] | None:
        """The abstract definition that says that it belongs to a numbering style."""
        root = self._sheet.root() if self._sheet else None
        for candidate in () if root is None else root.iterchildren(W + "abstractNum"):
            owner = candidate.find(W + "styleLink")
            if owner is not None and owner.get(VAL) == style:
                return candidate.get(_ABSTRACT_ID) or "", candidate
        return None


class Counters:
    """Counts one flow of text: the body, all text boxes, all footnotes…"""

    def __init__(self, find: Callable[[str], List | None], unknown: set[str]) -> None:
        """``find`` gives the list of an id.

        Names of number formats that we cannot write are added to ``unknown``.
        """
        self._find = find
        self._unknown = unknown
        self._values: dict[str, list[int | None]] = {}
        self._started: set[str] = set()

    def label(self, num_id: str, ilvl: int) -> str:
        """Count one more paragraph of a list and give its label; "" if it shows none."""
        found = self._find(num_id)
        if found is None or not 0 <= ilvl < _LEVELS:
            return ""
        level = found.levels[ilvl]
        if level is None:
            return ""
        values = self._count(num_id, found, ilvl)
        if level.hidden:
            return ""
        if level.picture:
            return _PICTURE_BULLET
        if level.format == "bullet":
            return _bullet(level)
        label = _PLACE.sub(lambda m: self._place(found, level, values, int(m[1]) - 1), level.text)
        return label[:_LONGEST]

    def _count(self, num_id: str, found: List, ilvl: int) -> list[int | None]:
        values = self._values.setdefault(found.key, [None] * _LEVELS)
        if num_id not in self._started:
            self._started.add(num_id)
            for restarted in found.restarts:
                values[restarted] = None
        for upper in range(ilvl):  # a level that was skipped counts as begun
            if values[upper] is None:
                values[upper] = found.start(upper)
        current = values[ilvl]
        values[ilvl] = found.start(ilvl) if current is None else current + 1
        for deeper in range(ilvl + 1, _LEVELS):
            level = found.levels[deeper]
            limit = deeper if level is None or level.restart is None else level.restart
            if ilvl < limit:
                values[deeper] = None
        return values

    def _place(self, found: List, shown: Level, values: list[int | None], place: int) -> str:
        """The number of one place; one below the paragraph's own level stands at its start."""
        value, level = values[place], found.levels[place] or Level()
        value = level.start if value is None else value
        if shown.legal:
            return "" if level.format == "none" else str(value)
        if level.format == "custom" and level.pattern.isdecimal():
            return f"{value:0{len(level.pattern)}d}"
        written = numeral(value, level.format)
        if written is None:
            self._unknown.add(level.format)
            return str(value)
        return written


def _levels(elements: Element, ilvl: int | None = None) -> dict[int, Level]:
    found = {}
    for element in elements:
        place = whole(element.get(_ILVL), -1) if ilvl is None else ilvl
        if 0 <= place < _LEVELS:
            found[place] = _level(element)
    return found


def _level(element: Element) -> Level:
    values: dict[str, Element] = {}
    for child in element:
        if child.tag == MC + "AlternateContent":  # how Word 2010 writes 001, 002…
            chosen = branch(child)
            values.update({inner.tag: inner for inner in (() if chosen is None else chosen)})
        else:
            values.setdefault(child.tag, child)

    def value(name: str, default: str = "") -> str:
        found = values.get(W + name)
        return default if found is None else found.get(VAL) or default

    restart = values.get(W + "lvlRestart")
    legal = values.get(W + "isLgl")
    face = values.get(W + "rPr")
    fonts = None if face is None else face.find(W + "rFonts")
    vanish = None if face is None else face.find(W + "vanish")
    custom = values.get(W + "numFmt")
    return Level(
        start=whole(value("start"), 0),
        format=value("numFmt", "decimal"),
        pattern=""
        if custom is None
        else (custom.get(W + "format") or "").partition(",")[0][:_LONGEST],
        text=value("lvlText")[:_LONGEST],
        restart=None if restart is None else whole(restart.get(VAL), 0),
        legal=legal is not None and is_on(legal),
        style=value("pStyle"),
        font="" if fonts is None else fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or "",
        hidden=vanish is not None and is_on(vanish),
        picture=W + "lvlPicBulletId" in values,
    )


def _bullet(level: Level) -> str:
    """The bullet in Unicode; a sign that cannot be told is shown as the common one."""
    return "".join(symbol(level.font, ord(sign)) or _PICTURE_BULLET for sign in level.text)
