"""Fields that show something without a stored result: what Word shows for them.

Most fields store their result as ordinary runs; these do not (ECMA-376 part 1, 17.16.5): EQ, in
which Word keeps enclosed characters (带圈字符) and old phonetic guides, SYMBOL, and form fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from word.ooxml import VAL, Element, W, is_on, whole
from word.symbols import symbol

_OVERSTRIKE = re.compile(r"\\o(?:\\a[a-z])?\s?\(", re.IGNORECASE)
_SWITCHES = re.compile(r"\\[a-z]{1,3}(?:[ ]?\d{1,4})?", re.IGNORECASE)
_RINGS = "○〇◯O"
_FONT = re.compile(r'\\f\s{0,4}"?([^"\\]{1,60})')
_LONGEST = 2000  # characters of an instruction that are looked at
SILENT = frozenset({
    "XE", "TC", "TA", "RD", "ASK", "SET", "PRIVATE", "ADVANCE", "NEXT", "ADDIN", "PAGE",
    "NUMPAGES", "SECTIONPAGES", "FORMTEXT", "HYPERLINK", "INCLUDEPICTURE", "EMBED", "LINK",
    "TOC", "INDEX",
})  # fmt: skip
"""Fields that, without a stored result, show nothing or nothing but a page number."""


@dataclass(slots=True)
class Field:
    """A complex field that is being read."""

    begin: Element  # its w:fldChar
    code: list[str] = field(default_factory=list)
    shows: bool = False  # past its separator: what follows is its result


def unstored(found: Field) -> str | None:
    """What a field without a stored result shows; None if we cannot tell.

    Fields that show nothing give "".
    """
    instruction = "".join(found.code).strip()[:_LONGEST]
    name = instruction.split(maxsplit=1)[0].upper() if instruction else ""
    if not name or name in SILENT:
        return ""
    if name == "EQ":
        return _overstrike(instruction)
    if name == "SYMBOL":
        return _symbol(instruction)
    if name == "MACROBUTTON":  # the macro's name, then the text that stands in the document
        return (*instruction.split(maxsplit=2), "", "")[2]
    if name == "FORMCHECKBOX":
        return _check_box(found.begin)
    if name == "FORMDROPDOWN":
        return _drop_down(found.begin)
    return None


def _overstrike(instruction: str) -> str | None:
    """Text of ``EQ \\o(…)``: its last argument, ringed if the first one is a ring."""
    start = _OVERSTRIKE.search(instruction)
    if start is None:
        return None
    arguments = _arguments(instruction[start.end() :])
    base = arguments[-1]
    if len(arguments) > 1 and arguments[0] in _RINGS and base.isdecimal() and len(base) < 3:
        number = int(base)
        return chr(0x2460 + number - 1) if 1 <= number <= 20 else base
    return base


def _arguments(text: str) -> list[str]:
    """Split at the commas of the outermost level, up to its closing bracket."""
    depth, parts = 1, [""]
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            break
        if depth == 1 and sign in ",;，；":
            parts.append("")
        else:
            parts[-1] += sign
    return [_SWITCHES.sub("", part).strip("() ") for part in parts]


def _symbol(instruction: str) -> str | None:
    words = instruction.split()
    font = _FONT.search(instruction)
    text = words[1] if len(words) > 1 else ""
    base = 16 if text.lower().startswith("0x") else 10
    try:
        return symbol(font[1] if font else "", int(text, base))
    except ValueError:
        return None


def _check_box(begin: Element) -> str:
    box = begin.find(f"{W}ffData/{W}checkBox")
    if box is None:
        return "□"
    state = box.find(W + "checked")
    state = box.find(W + "default") if state is None else state
    return "☑" if state is not None and is_on(state) else "□"


def _drop_down(begin: Element) -> str:
    choices = begin.find(f"{W}ffData/{W}ddList")
    if choices is None:
        return ""
    entries = [entry.get(VAL) or "" for entry in choices.iterchildren(W + "listEntry")]
    chosen = choices.find(W + "result")
    index = 0 if chosen is None else whole(chosen.get(VAL), 0)
    return entries[index] if 0 <= index < len(entries) else ""
