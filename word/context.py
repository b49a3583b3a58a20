"""What all flows of text of one document share while it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from nlp.types import Notice
from word.directory import Member, inflate
from word.notices import Tally
from word.numbering import Counters, Numbering
from word.ooxml import Element
from word.package import Package, parse
from word.reasons import Refused
from word.sheet import Sheet
from word.styles import Styles

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NoteReference:
    """A footnote or endnote mark met in the text, in reading order."""

    kind: str  # "footnote" "endnote"
    id: str
    section: int  # 0-based
    custom: bool  # the mark is written by hand and not counted


class Context:
    """A document: its package, styles and lists, and what its flows of text leave to be read."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.main = package.main()
        self.tally = Tally()
        self.sections: list[Element] = []  # w:sectPr in order
        self.notes: list[NoteReference] = []
        self._sheets: list[Sheet] = []
        self._shown: set[str] = set()  # parts of charts and diagrams

    @cached_property
    def styles(self) -> Styles:
        """The styles of the document; none if it has no such part."""
        sheet = self._sheet("styles")
        return _styles(sheet) if _is_shared(sheet) else Styles(sheet)

    @cached_property
    def numbering(self) -> Numbering:
        """The lists of the document; none if it has no such part."""
        sheet, styles = self._sheet("numbering"), self.styles
        shared = _is_shared(sheet) and _is_shared(styles.sheet)
        return _numbering(sheet, styles) if shared else Numbering(sheet, styles.list_of)

    @cached_property
    def settings(self) -> Element | None:
        """Root of the settings; None if there are none."""
        return self.side_part("settings")

    @cached_property
    def box_counters(self) -> Counters:
        """All text boxes count their lists together, apart from the text around them."""
        return self.counters()

    def counters(self) -> Counters:
        """Counters for a flow of text of its own."""
        # The lists are opened when the first is met: a part that nobody needs may be damaged.
        return Counters(lambda num_id: self.numbering.find(num_id), self.tally.unknown_formats)

    def side_part(self, kind: str) -> Element | None:
        """Root of the part of a kind that belongs to the main document; None if there is none."""
        name = self.package.related(self.main, kind)
        return self.part(name) if name else None

    def part(self, name: str) -> Element | None:
        """Root of a part beside the main document; None, and counted, if it is damaged.

        Raises:
            Refused: if the part is hostile.
        """
        root = _undamaged(lambda: self.package.xml(name))
        self.tally["damaged_parts"] += root is None
        return root

    def close(self) -> tuple[Notice, ...]:
        """What was noticed, when all has been read."""
        self.tally["damaged_parts"] += sum(sheet.damaged for sheet in self._sheets)
        return self.tally.notices()

    def _sheet(self, kind: str) -> Sheet | None:
        name = self.package.related(self.main, kind)
        sheet = _undamaged(lambda: _open_sheet(self.package.member(name))) if name else None
        self.tally["damaged_parts"] += bool(name) and sheet is None
        if sheet is not None:
            self._sheets.append(sheet)
        return sheet

    def linked(self, part: str, relationship: str) -> Element | None:
        """Root of the part that ``part`` refers to by a relationship id; None if there is none.

        None as well when it was asked for before: to show a chart again takes a few bytes in the
        file, and would give its whole text once more.
        """
        found = self.package.relationships(part).get(relationship)
        if not found or not found.target or found.external or found.target in self._shown:
            return None
        self._shown.add(found.target)
        return self.part(found.target)

    def note(self, kind: str, note_id: str, *, custom: bool) -> None:
        """Remember a note mark for the notes that follow the body."""
        self.notes.append(NoteReference(kind, note_id, len(self.sections), custom))


# Files of one office come with the same styles and lists, so those read last are kept. What a
# sheet answers does not depend on what it was asked before, unless it is damaged.
_MOST = 16
_SHARED = 1 << 19  # bytes; a larger sheet is not kept for the next file


def _is_shared(sheet: Sheet | None) -> bool:
    return sheet is None or sheet.size <= _SHARED


def _open_sheet(member: Member) -> Sheet:
    if member.size > _SHARED:
        return Sheet(inflate(member), _parse)
    if _kept_sheet(member).damaged:
        _kept_sheet.cache_clear()
    return _kept_sheet(member)


@lru_cache(_MOST)
def _kept_sheet(member: Member) -> Sheet:
    return Sheet(inflate(member), _parse)


@lru_cache(_MOST)
def _styles(sheet: Sheet | None) -> Styles:
    return Styles(sheet)


@lru_cache(_MOST)
def _numbering(sheet: Sheet | None, styles: Styles) -> Numbering:
    return Numbering(sheet, styles.list_of)


def _parse(data: bytes) -> Element | None:
    return _undamaged(lambda: parse(data))


def _undamaged(read: Callable[[], T]) -> T | None:
    """What ``read`` gives, or None if it finds something damaged; what is hostile is refused."""
    try:
        return read()
    except Refused as refused:
        if refused.reason.startswith("damaged"):
            return None
        raise
