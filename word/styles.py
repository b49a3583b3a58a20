"""Styles: what a paragraph or a run inherits (ECMA-376 part 1, 17.7).

Only what the reader uses: name, outline level, alignment, numbering, size, bold, hidden. Every
style is resolved when it is first asked for and kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from word.ooxml import VAL, Element, W, is_on
from word.sheet import Sheet

_BASED_ON = W + "basedOn"
_NUM_PR, _NUM_ID, _ILVL = W + "numPr", W + "numId", W + "ilvl"
_JC, _OUTLINE = W + "jc", W + "outlineLvl"
_SZ, _B, _VANISH, _R_STYLE = W + "sz", W + "b", W + "vanish", W + "rStyle"
_STYLE_ID = W + "styleId"
_R_PR, _P_PR = W + "rPr", W + "pPr"
_HEADING = re.compile(r"(?:heading|标题|標題) ?([1-9])")
_WORD_DEFAULT = 10.0  # points, when nothing states a size (17.3.2.38)
_ALIGN = {
    "left": "left", "start": "left", "right": "right", "end": "right", "center": "center",
    "both": "both", "distribute": "both", "thaiDistribute": "both",
    "lowKashida": "both", "mediumKashida": "both", "highKashida": "both",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """What is said of a run; None = nothing said here."""

    size: float | None = None  # points
    bold: bool | None = None
    hidden: bool | None = None
    style: str = ""  # id of the character style


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with all that it inherits."""

    name: str = ""
    chain: tuple[str, ...] = ()  # ids, itself first, then what it is based on
    level: int = 0  # outline level 1–9, 0 = body text
    align: str = ""
    num_id: str = ""
    ilvl: int | None = None
    face: Face = Face()


NO_FACE = Face()


def face_of(properties: Element | None) -> Face:
    """Read a ``w:rPr`` element."""
    if properties is None:
        return NO_FACE
    size = bold = hidden = None
    style = ""
    for child in properties:
        tag = child.tag
        if tag == _SZ:
            size = points(child.get(VAL))
        elif tag == _B:
            bold = is_on(child)
        elif tag == _VANISH:
            hidden = is_on(child)
        elif tag == _R_STYLE:
            style = child.get(VAL) or ""
    return Face(size, bold, hidden, style)


def points(value: str | None) -> float | None:
    """A font size in points: half-points, or with a unit as Strict files may write ("12pt")."""
    text = value or ""
    half = 1.0 if text.endswith("pt") else 0.5
    try:
        size = float(text.removesuffix("pt")) * half
    except ValueError:
        return None
    return size if 0 < size < 2000 else None


def alignment(properties: Element | None) -> str:
    """Alignment stated in a ``w:pPr``; "" if none or not one that Word has."""
    found = None if properties is None else properties.find(_JC)
    return "" if found is None else align_of(found)


def align_of(element: Element) -> str:
    """Alignment that a ``w:jc`` states; "" if it is not one that Word has."""
    return _ALIGN.get(element.get(VAL) or "", "")


def outline(element: Element) -> int:
    """Level 1–9 of a ``w:outlineLvl`` (0–8 in the file); 0 for its 9, which means body text."""
    value = element.get(VAL) or ""
    return int(value) + 1 if value in tuple("012345678") else 0


class Styles:
    """The styles of a document."""

    def __init__(self, sheet: Sheet | None) -> None:
        """``sheet`` is the styles part; None if the document has none."""
        self.sheet = sheet
        self._elements: dict[str, Element | None] = {}
        self._paragraphs: dict[str, Style] = {}
        self._characters: dict[str, Face] = {}
        self._default = "" if sheet is None else sheet.default_style()
        self._face, self._align = NO_FACE, ""
        if sheet is not None:
            self._read_defaults(sheet.first("docDefaults"))

    def paragraph(self, style_id: str) -> Style:
        """A paragraph style; an unknown or empty id gives the default style."""
        known = self._paragraphs.get(style_id)
        if known is None:
            known = self._paragraphs[style_id] = self._resolve(style_id)
        return known

    def face(self, style: Style, direct: Face) -> tuple[float, bool, bool]:
        """Size in points (0 = unknown), bold and hidden of a run in a paragraph of ``style``.

        Bold and hidden are toggles (17.7.3): on in the paragraph style and again in the character
        style means off; stated on the run itself they are absolute.
        """
        base, own = style.face, self._character(direct.style) if direct.style else NO_FACE
        size = direct.size or own.size or base.size or self._face.size or 0.0
        bold = direct.bold
        if bold is None:
            bold = bool(self._face.bold) or bool(base.bold) != bool(own.bold)
        hidden = direct.hidden
        if hidden is None:
            hidden = bool(self._face.hidden) or bool(base.hidden) != bool(own.hidden)
        return size, bold, hidden

    def list_of(self, style_id: str) -> str:
        """Id of the list that a numbering style stands for; "" if it has none."""
        element = self._element(style_id)
        found = None if element is None else element.find(f"{_P_PR}/{_NUM_PR}/{_NUM_ID}")
        return "" if found is None else found.get(VAL) or ""

    def _read_defaults(self, defaults: Element | None) -> None:
        self._face = Face(size=_WORD_DEFAULT)
        if defaults is not None:
            said = face_of(defaults.find(f"{W}rPrDefault/{_R_PR}"))
            self._face = Face(said.size or _WORD_DEFAULT, said.bold, said.hidden)
            self._align = alignment(defaults.find(f"{W}pPrDefault/{_P_PR}"))

    def _element(self, style_id: str) -> Element | None:
        if style_id not in self._elements:
            found = self.sheet.find("style", "styleId", style_id) if self.sheet else None
            self._elements[style_id] = found
        return self._elements[style_id]

    def _chain(self, style_id: str) -> list[Element]:
        """The style and those it is based on, nearest first; a circle is cut."""
        chain: dict[str, Element] = {}
        while style_id and style_id not in chain:
            element = self._element(style_id)
            if element is None:
                break
            chain[style_id] = element
            based_on = element.find(_BASED_ON)
            style_id = "" if based_on is None else based_on.get(VAL) or ""
        return list(chain.values())

    def _resolve(self, style_id: str) -> Style:
        chain = self._chain(style_id) or self._chain(self._default)
        if not chain:
            return Style(align=self._align)
        properties = [element.find(_P_PR) for element in chain]
        lists = [p.find(_NUM_PR) for p in properties if p is not None]
        num_id, ilvl = _numbering(lists)
        return Style(
            name=_name(chain[0]),
            chain=tuple(element.get(_STYLE_ID) or "" for element in chain),
            level=_level(chain),
            align=next((a for p in properties if (a := alignment(p))), self._align),
            num_id=num_id,
            ilvl=ilvl,
            face=_inherited(chain),
        )

    def _character(self, style_id: str) -> Face:
        known = self._characters.get(style_id)
        if known is None:
            known = self._characters[style_id] = _inherited(self._chain(style_id))
        return known


def _name(element: Element) -> str:
    found = element.find(W + "name")
    return "" if found is None else found.get(VAL) or ""


def _level(chain: list[Element]) -> int:
    """The nearest stated outline level; a built-in heading has one by its name."""
    for element in chain:
        stated = element.find(f"{_P_PR}/{_OUTLINE}")
        if stated is not None:
            return outline(stated)
        if match := _HEADING.fullmatch(_name(element).lower()):
            return int(match[1])
    return 0


def _numbering(lists: list[Element | None]) -> tuple[str, int | None]:
    """List and level of the nearest ``w:numPr`` that states them."""
    num_id, ilvl = "", None
    for element in lists:
        if element is None:
            continue
        stated, level = element.find(_NUM_ID), element.find(_ILVL)
        if ilvl is None and level is not None and (level.get(VAL) or "").isdecimal():
            ilvl = int(level.get(VAL))
        if stated is not None:
            return stated.get(VAL) or "", ilvl
    return num_id, ilvl


def _inherited(chain: list[Element]) -> Face:
    faces = [face_of(element.find(_R_PR)) for element in chain]
    return Face(
        size=next((f.size for f in faces if f.size is not None), None),
        bold=next((f.bold for f in faces if f.bold is not None), None),
        hidden=next((f.hidden for f in faces if f.hidden is not None), None),
    )
