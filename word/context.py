"""What all flows of text of one document share while it is read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from word.notices import Tally
from word.numbering import Counters, Numbering
from word.ooxml import Element
from word.package import Package
from word.reasons import Refused
from word.styles import Styles


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

    @cached_property
    def styles(self) -> Styles:
        """The styles of the document; none if it has no such part."""
        return Styles(self.side_part("styles", shared=True))

    @cached_property
    def numbering(self) -> Numbering:
        """The lists of the document; none if it has no such part."""
        return Numbering(self.side_part("numbering", shared=True), self.styles.list_of)

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

    def side_part(self, kind: str, *, shared: bool = False) -> Element | None:
        """Root of the part of a kind that belongs to the main document; None if there is none."""
        name = self.package.related(self.main, kind)
        return self.part(name, shared=shared) if name else None

    def part(self, name: str, *, shared: bool = False) -> Element | None:
        """Root of a part beside the main document; None, and counted, if it is damaged.

        Raises:
            Refused: if the part is hostile.
        """
        try:
            return self.package.shared_xml(name) if shared else self.package.xml(name)
        except Refused as refused:
            if not refused.reason.startswith("damaged"):
                raise
            self.tally["damaged_parts"] += 1
            return None

    def linked(self, part: str, relationship: str) -> Element | None:
        """Root of the part that ``part`` refers to by a relationship id; None if there is none."""
        found = self.package.relationships(part).get(relationship)
        return self.part(found.target) if found and found.target and not found.external else None

    def note(self, kind: str, note_id: str, *, custom: bool) -> None:
        """Remember a note mark for the notes that follow the body."""
        self.notes.append(NoteReference(kind, note_id, len(self.sections), custom))
