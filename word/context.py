"""What all flows of text of one document share while it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from nlp.types import Notice
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

    @cached_property
    def styles(self) -> Styles:
        """The styles of the document; none if it has no such part."""
        return Styles(self._sheet("styles"))

    @cached_property
    def numbering(self) -> Numbering:
        """The lists of the document; none if it has no such part."""
        return Numbering(lambda: self._sheet("numbering"), self.styles.list_of)

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
        return Counters(self.numbering, self.tally.unknown_formats)

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
        data = _undamaged(lambda: self.package.data(name)) if name else b""
        self.tally["damaged_parts"] += data is None
        if not data:
            return None
        sheet = Sheet(data, lambda some: _undamaged(lambda: parse(some)))
        self._sheets.append(sheet)
        return sheet

    def linked(self, part: str, relationship: str) -> Element | None:
        """Root of the part that ``part`` refers to by a relationship id; None if there is none."""
        found = self.package.relationships(part).get(relationship)
        return self.part(found.target) if found and found.target and not found.external else None

    def note(self, kind: str, note_id: str, *, custom: bool) -> None:
        """Remember a note mark for the notes that follow the body."""
        self.notes.append(NoteReference(kind, note_id, len(self.sections), custom))


def _undamaged(read: Callable[[], T]) -> T | None:
    """What ``read`` gives, or None if it finds something damaged; what is hostile is refused."""
    try:
        return read()
    except Refused as refused:
        if refused.reason.startswith("damaged"):
            return None
        raise
