"""Sender and date of a draft, gathered from its by-lines, 落款, date lines and last bracket.

A labelled line (报送单位：…) speaks before the 落款, and that before a line without label, a
contact's office or the bracket that closes the last paragraph. Of several dates the last holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp.byline import (
    Byline,
    ending_bracket,
    is_labelled,
    is_name,
    names_unit,
    read_bracket,
    read_cells,
    read_labelled,
    read_names,
    read_sender,
)
from nlp.dateline import find_date, read_date_line
from nlp.tail import dated_unit
from nlp.types import Paragraph


def find_sender(paragraphs: Sequence[Paragraph]) -> tuple[Byline, str]:
    """(sender, ISO date) that the paragraphs of one draft state; "" for what they do not."""
    evidence = _Evidence()
    for paragraph in paragraphs:
        if paragraph.role == "byline":
            evidence.add_byline(paragraph.text)
        elif paragraph.role == "signature":
            evidence.add_signature(paragraph.text)
        elif paragraph.role == "date":
            evidence.dated = read_date_line(paragraph.text) or evidence.dated
        elif paragraph.role == "subtitle" and (found := find_date(paragraph.text)):
            evidence.dated = evidence.dated or found[0]  # （2026年4月9日，根据录音整理）
    last = next((p.text for p in reversed(paragraphs) if p.role == "body"), "")
    if bracket := ending_bracket(last):
        evidence.loose = evidence.loose.over(read_bracket(bracket[0]))
    return evidence.labelled.over(evidence.signed).over(evidence.loose), evidence.dated


class _Evidence:
    """What has been read so far, by how much it is worth."""

    def __init__(self) -> None:
        self.labelled = Byline()
        self.signed = Byline()
        self.loose = Byline()
        self.dated = ""

    def add_byline(self, text: str) -> None:
        if "\t" in text:
            self.labelled = self.labelled.over(read_cells(text.split("\t")))
            return
        if not is_labelled(text):
            self._add_loose(text.strip("（）()[]［］ \u3000"))
            return
        found = read_labelled(text)
        if found.unit and not names_unit(text):  # a contact's office, not the sender
            self.loose = self.loose.over(Byline(found.unit))
            found = replace(found, unit="")
        self.labelled = self.labelled.over(found)

    def _add_loose(self, text: str) -> None:
        unit, day = dated_unit(text)
        found = Byline(unit) if unit else read_bracket(text)
        if not found and is_name(text):
            found = Byline(author=read_names(text))
        self.loose = self.loose.over(found)
        self.dated = day or self.dated

    def add_signature(self, text: str) -> None:
        """A line of the 落款; several lines are joint senders, joined by 、."""
        unit, day = dated_unit(text)
        sender = Byline(unit) if unit else read_sender(text)
        unit = sender.unit or "".join(text.split())
        joint = f"{self.signed.unit}、{unit}" if self.signed.unit else unit
        self.signed = Byline(joint, self.signed.author or sender.author)
        self.dated = day or self.dated
