"""Names of WordprocessingML and its neighbours, in Clark notation, and how its values are read.

Only transitional names stand here: ``word.package`` maps Strict files onto them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Element: TypeAlias = Any  # an lxml element; lxml ships no types

_OFFICE = "http://schemas.openxmlformats.org/"
W = f"{{{_OFFICE}wordprocessingml/2006/main}}"
R = f"{{{_OFFICE}officeDocument/2006/relationships}}"
M = f"{{{_OFFICE}officeDocument/2006/math}}"
A = f"{{{_OFFICE}drawingml/2006/main}}"
PIC = f"{{{_OFFICE}drawingml/2006/picture}}"
C = f"{{{_OFFICE}drawingml/2006/chart}}"
DGM = f"{{{_OFFICE}drawingml/2006/diagram}}"
MC = f"{{{_OFFICE}markup-compatibility/2006}}"
V = "{urn:schemas-microsoft-com:vml}"
O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741

VAL = W + "val"
ID = W + "id"
R_ID = R + "id"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

# Namespaces of mc:Choice/@Requires that we read at least as well as the fallback.
UNDERSTOOD = frozenset(
    "http://schemas.microsoft.com/office/" + rest
    for rest in (
        "word/2010/wordprocessingShape",
        "word/2010/wordprocessingGroup",
        "word/2010/wordprocessingCanvas",
        "word/2010/wordprocessingDrawing",
        "word/2010/wordml",
        "word/2012/wordml",
        "drawing/2010/main",
        "drawing/2014/main",
        "drawing/2007/8/2/chart",
    )
)


def is_on(element: Element) -> bool:
    """Value of an on/off property element (ECMA-376 part 1, 17.17.4): absent val means on."""
    return element.get(VAL) not in ("0", "false", "off")


def whole(text: str | None, default: int) -> int:
    """Read a decimal attribute; anything that is not an integer gives ``default``."""
    try:
        return int(text or "")
    except ValueError:
        return default


def branch(alternate: Element) -> Element | None:
    """The one branch of an ``mc:AlternateContent`` to read; None if it has none.

    The first Choice whose required namespaces we understand, else the Fallback, else the first
    Choice: the branches say the same thing, so reading two would double the text.
    """
    choices = alternate.findall(MC + "Choice")
    for choice in choices:
        spaces = choice.nsmap
        if all(spaces.get(p) in UNDERSTOOD for p in (choice.get("Requires") or "").split()):
            return choice
    fallback = alternate.find(MC + "Fallback")
    if fallback is not None:
        return fallback
    return choices[0] if choices else None
