"""The inside of paragraphs: runs, fields, changes, controls — to text in the final view.

Insertions and moved-in text stay; deleted, moved-from and hidden text goes and is counted. Of a
complex field its result is read, not its instruction. A soft break (``w:br``, ``w:cr``) becomes a
line feed, because Word shows a new line there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from word.context import Context
from word.drawing import Drawing, look
from word.fields import Field, unstored
from word.ooxml import ID, MC, VAL, XML_SPACE, Element, M, W, branch, is_on
from word.styles import NO_FACE, Style, face_of
from word.symbols import symbol

_R, _T, _R_PR = W + "r", W + "t", W + "rPr"
_SZ, _B, _VANISH, _R_STYLE = W + "sz", W + "b", W + "vanish", W + "rStyle"
_FIELD_CHAR, _FIELD_TYPE = W + "fldChar", W + "fldCharType"
_UNKNOWN_SIGN = "□"

Look = tuple[float, bool, bool]  # size in points (0 = unknown), bold, hidden


class Runs:
    """Collects the text of one paragraph after another; fields may span paragraphs."""

    def __init__(self, context: Context, root: Element, *, notes: bool) -> None:
        """``notes``: note marks met under ``root`` belong to the body and are remembered."""
        self._context = context
        self._tally = context.tally
        self._styles = context.styles
        self._root = root
        self._notes = notes
        self._fields: list[Field] = []
        self._fields_sound: bool | None = None  # None = not looked at yet
        self._muted = 0  # fields around us that are in their instruction
        self._known_looks: dict[tuple[str, ...], dict[object, Look]] = {}  # by style, by w:rPr
        self._known_runs: dict[tuple[str, ...], dict[int, tuple[Look, bool, bool]]] = {}
        self.skipped = 0  # deletions and moves left out so far
        self._set(context.styles.paragraph(""))
        self.clear()

    def clear(self) -> None:
        """Begin a new text."""
        self._pieces: list[str] = []
        self._looks: list[Look] = []  # of each piece
        self.drawings: list[Drawing] = []

    def style(self, style: Style) -> None:
        """Set the paragraph style that the runs to come inherit from."""
        if style is not self._style:
            self._set(style)

    def _set(self, style: Style) -> None:
        self._style = style
        self._own_looks = self._known_looks.setdefault(style.chain, {})
        self._own_runs = self._known_runs.setdefault(style.chain, {})
        self._plain = self._styles.face(style, NO_FACE)

    def __len__(self) -> int:
        """How many pieces of text have been collected since ``clear``."""
        return len(self._pieces)

    def visible(self, since: int) -> bool:
        """Whether anything but white space was collected after the first ``since`` pieces."""
        return any(not piece.isspace() for piece in self._pieces[since:])

    def text(self) -> str:
        """What was collected, without line feeds at its edges."""
        return "".join(self._pieces).strip("\n")

    def look_of_most(self) -> tuple[float, bool]:
        """Size of most of the text in points, and whether most of it is bold."""
        looks = self._looks
        first = looks[0] if looks else self._plain
        if looks.count(first) == len(looks):
            return first[0], first[1]
        sizes: dict[float, int] = {}
        bolds = 0
        for (size, bold, _), piece in zip(looks, self._pieces, strict=True):
            sizes[size] = sizes.get(size, 0) + len(piece)
            bolds += len(piece) if bold else -len(piece)
        return max(sizes, key=lambda size: sizes[size]), bolds > 0

    def read(self, parent: Element) -> None:
        """Take in all that a paragraph, or a wrapper inside one, holds."""
        for child in parent:
            if child.tag == _R:
                self.run(child)
            else:
                self.other(child)

    def other(self, element: Element) -> None:
        """Take in what stands in a paragraph beside runs."""
        # What we do not know is looked through: it may hold runs.
        _INLINE.get(element.tag, Runs.read)(self, element)

    def run(self, run: Element) -> None:
        """Take in one ``w:r``."""
        face = self._plain
        for child in run:
            tag = child.tag
            if tag == _R_PR:
                face = self._look(child)
                if face[2]:
                    self._hide(run)
                    return
            elif tag == _T:
                if face[2]:
                    self._hide(run)
                    return
                text = child.text
                if text and not self._muted:
                    if text[0] <= " " or text[-1] <= " " or "\n" in text:
                        text = _trimmed(text, preserved=self._preserves(child))
                    self._pieces.append(text)
                    self._looks.append(face)
            elif tag in _RUN:
                if face[2]:
                    self._hide(run)
                    return
                _RUN[tag](self, child)

    def take(self, pieces: list[Element], texts: list[tuple[int, str]]) -> None:
        """Take in runs of text: each looks like the piece of its number (see ``word.pieces``)."""
        known = self._own_runs
        for number, text in texts:
            if number not in known:
                known[number] = self._alike(pieces[number])
            look, preserved, beside = known[number]
            if look[2]:
                self._tally["hidden_text"] += bool(text.strip())
                continue
            if beside:
                self.run(pieces[number])
            if text and not self._muted:
                if text[0] <= " " or text[-1] <= " " or "\n" in text:
                    text = _trimmed(text, preserved=preserved)
                self._pieces.append(text)
                self._looks.append(look)

    def _alike(self, run: Element) -> tuple[Look, bool, bool]:
        """What holds of all runs like ``run``: look, white space kept, signs before the text."""
        stated = run[0].tag == _R_PR
        look = self._look(run[0]) if stated else self._plain
        return look, self._preserves(run[-1]), len(run) > 1 + stated

    def _look(self, properties: Element) -> Look:
        """How a run with these ``w:rPr`` looks; the few kinds of a document are kept."""
        size = bold = hidden = style = None
        for child in properties:
            tag = child.tag
            if tag == _SZ:
                size = child.get(VAL)
            elif tag == _B:
                bold = child.get(VAL, "1")
            elif tag == _VANISH:
                hidden = child.get(VAL, "1")
            elif tag == _R_STYLE:
                style = child.get(VAL)
        key = (size, bold, hidden, style)
        known = self._own_looks.get(key)
        if known is None:
            known = self._own_looks[key] = self._styles.face(self._style, face_of(properties))
        return known

    def skip(self, element: Element, code: str) -> None:
        """Leave out deleted or moved text, but follow the fields that it cuts."""
        self._tally[code] += 1
        self.skipped += 1
        self._only_fields(element)

    def formula(self, element: Element) -> None:
        """Signs of an ``m:oMath`` in their order; a fraction gets its stroke."""
        self._tally["equations"] += 1
        self._put("".join(_formula_text(element)))

    def _put(self, text: str) -> None:
        if text and not self._muted:
            self._pieces.append(text)
            self._looks.append(self._plain)

    def _preserves(self, element: Element) -> bool:
        return "preserve" in (element.get(XML_SPACE), self._root.get(XML_SPACE))

    def _text(self, element: Element) -> None:
        """A ``w:t`` in a branch of alternate content."""
        self._put(_trimmed(element.text or "", preserved=self._preserves(element)))

    def _hide(self, run: Element) -> None:
        if any((t.text or "").strip() for t in run.iter(_T)):
            self._tally["hidden_text"] += 1
        self._only_fields(run)

    def _only_fields(self, element: Element) -> None:
        for mark in element.iter(_FIELD_CHAR):
            self._field_char(mark)

    def _come(self, element: Element, code: str) -> None:
        self._tally[code] += 1
        self.read(element)

    def _control(self, control: Element) -> None:
        content = control_content(control, self._context)
        if content is not None:
            self.read(content)

    def _alternate(self, element: Element) -> None:
        chosen = branch(element)
        if chosen is not None:
            self.read(chosen)

    def _alternate_in_run(self, element: Element) -> None:
        chosen = branch(element)
        for child in () if chosen is None else chosen:
            if child.tag in _RUN:
                _RUN[child.tag](self, child)

    def _drawing(self, element: Element) -> None:
        if not self._muted:
            self.drawings.append(look(element, self._tally))

    def _sign(self, element: Element) -> None:
        """``w:sym``: a character of a symbol font."""
        try:
            code = int(element.get(W + "char") or "", 16)
        except ValueError:
            code = -1
        found = symbol(element.get(W + "font") or "", code)
        self._tally["unknown_symbols"] += found is None
        self._put(found or _UNKNOWN_SIGN)

    def _ruby(self, element: Element) -> None:
        """A phonetic guide: its base text, not the reading above it."""
        base = element.find(W + "rubyBase")
        if base is not None:
            self.read(base)

    def _note(self, element: Element, kind: str) -> None:
        if self._notes and not self._muted:
            custom = element.get(W + "customMarkFollows") in ("1", "true", "on")
            self._context.note(kind, element.get(ID) or "", custom=custom)

    def _field_char(self, element: Element) -> None:
        if self._fields_sound is None:
            self._fields_sound = _balanced(self._root)
            self._tally["broken_fields"] += not self._fields_sound
        if not self._fields_sound:
            return  # an unclosed field must not swallow the rest of the text
        kind = element.get(_FIELD_TYPE)
        if kind == "begin":
            self._fields.append(Field(element))
            self._muted += 1
        elif kind == "separate" and self._fields and not self._fields[-1].shows:
            self._fields[-1].shows = True
            self._muted -= 1
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            if not ended.shows:
                self._muted -= 1
                self._unstored(ended)

    def _unstored(self, ended: Field) -> None:
        if not self._muted:
            shown = unstored(ended)
            self._tally["unknown_fields"] += shown is None
            self._put(shown or "")

    def _field_code(self, element: Element) -> None:
        if self._fields and not self._fields[-1].shows:
            self._fields[-1].code.append(element.text or "")


def control_content(control: Element, context: Context) -> Element | None:
    """Content of a content control ``w:sdt``; a placeholder that was not filled in is counted.

    Word shows the placeholder, so it is read like other text.
    """
    placeholder = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    if placeholder is not None and is_on(placeholder):
        context.tally["placeholders"] += 1
    return control.find(W + "sdtContent")


def _trimmed(text: str, *, preserved: bool) -> str:
    """White space at the edges counts only where the file says so (XML 1.0, 2.10)."""
    return (text if preserved else text.strip(" \t\r\n")).replace("\n", " ")


def _balanced(root: Element) -> bool:
    """Whether every field under ``root`` that begins also ends."""
    depth = 0
    for mark in root.iter(_FIELD_CHAR):
        kind = mark.get(_FIELD_TYPE)
        depth += (kind == "begin") - (kind == "end")
        if depth < 0:
            return False
    return depth == 0


def _formula_text(element: Element) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag in (M + "t", _T):
            yield child.text or ""
        elif tag not in (W + "del", W + "moveFrom"):
            if tag == M + "den":
                yield "/"
            yield from _formula_text(child)


def _nothing(runs: Runs, element: Element) -> None:
    """Has no text, or none that is shown here."""


_Act = Callable[[Runs, Any], None]
_INLINE: dict[str, _Act] = {
    W + "pPr": _nothing,
    W + "ins": lambda runs, e: runs._come(e, "inserted"),
    W + "moveTo": lambda runs, e: runs._come(e, "moved_to"),
    W + "del": lambda runs, e: runs.skip(e, "deleted"),
    W + "moveFrom": lambda runs, e: runs.skip(e, "moved_from"),
    W + "sdt": Runs._control,
    MC + "AlternateContent": Runs._alternate,
    M + "oMath": Runs.formula,
}
_RUN: dict[str, _Act] = {
    _T: Runs._text,
    W + "tab": lambda runs, e: runs._put("\t"),
    W + "ptab": lambda runs, e: runs._put("\t"),
    W + "br": lambda runs, e: runs._put("\n"),
    W + "cr": lambda runs, e: runs._put("\n"),
    W + "noBreakHyphen": lambda runs, e: runs._put("-"),
    W + "sym": Runs._sign,
    W + "ruby": Runs._ruby,
    W + "fldChar": Runs._field_char,
    W + "instrText": Runs._field_code,
    W + "drawing": Runs._drawing,
    W + "pict": Runs._drawing,
    W + "object": Runs._drawing,
    W + "footnoteReference": lambda runs, e: runs._note(e, "footnote"),
    W + "endnoteReference": lambda runs, e: runs._note(e, "endnote"),
    MC + "AlternateContent": Runs._alternate_in_run,
}
