"""What a drawing holds that can be read: text boxes, word art, charts, diagrams; and what cannot.

Covers DrawingML (``w:drawing``), VML (``w:pict``) and embedded objects (``w:object``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from word.notices import Tally
from word.ooxml import DGM, MC, PIC, R_ID, A, C, Element, O, R, V, W, branch

_BOX = W + "txbxContent"
_ALTERNATE = MC + "AlternateContent"
_PICTURES = frozenset({PIC + "pic", V + "imagedata"})
_WORD_ART, _DRAWN_TEXT = V + "textpath", A + "p"
_CHART, _DIAGRAM = C + "chart", DGM + "relIds"
_OLE = O + "OLEObject"
_HAS_TEXT = frozenset({"", "node", "asst", "doc"})  # kinds of dgm:pt that carry words


@dataclass(slots=True)
class Drawing:
    """What was found in one drawing."""

    boxes: list[Element] = field(default_factory=list)  # w:txbxContent, outermost only
    lines: list[str] = field(default_factory=list)  # word art and drawn text
    charts: list[str] = field(default_factory=list)  # relationship ids
    diagrams: list[str] = field(default_factory=list)  # relationship ids of the data parts


def look(element: Element, tally: Tally) -> Drawing:
    """Look through a ``w:drawing``, ``w:pict`` or ``w:object``; counts go to ``tally``."""
    found = Drawing()
    if element.tag == W + "object":
        _count_object(element, tally)
    _walk(element, found, tally, in_object=element.tag == W + "object")
    return found


def _walk(element: Element, found: Drawing, tally: Tally, *, in_object: bool) -> None:
    for child in element:
        tag = child.tag
        if tag == _BOX:
            found.boxes.append(child)
            tally["text_boxes"] += 1
        elif tag == _ALTERNATE:
            chosen = branch(child)
            if chosen is not None:
                _walk(chosen, found, tally, in_object=in_object)
        elif tag in _PICTURES:
            tally["pictures"] += not in_object  # in an object it is only the preview
        elif tag == _WORD_ART:
            found.lines.append(child.get("string") or "")
        elif tag == _DRAWN_TEXT:
            found.lines.append(drawn_text(child))
        elif tag == _CHART:
            found.charts.append(child.get(R_ID) or "")
            tally["charts"] += 1
        elif tag == _DIAGRAM:
            found.diagrams.append(child.get(R + "dm") or "")
            tally["diagrams"] += 1
        else:
            _walk(child, found, tally, in_object=in_object)


def _count_object(element: Element, tally: Tally) -> None:
    ole = next(element.iter(_OLE), None)
    program = "" if ole is None else ole.get("ProgID") or ""
    tally["equation_objects" if program.startswith("Equation") else "embedded_objects"] += 1


def drawn_text(paragraph: Element) -> str:
    """Text of a DrawingML paragraph ``a:p``."""
    return "".join(t.text or "" for t in paragraph.iter(A + "t"))


def chart_lines(root: Element) -> list[str]:
    """The titles of a chart and its axes."""
    titles = root.iter(C + "title")
    lines = ["".join(drawn_text(p) for p in title.iter(A + "p")) for title in titles]
    return [line for line in lines if line.strip()]


def diagram_lines(root: Element) -> list[str]:
    """The words of a diagram (SmartArt), one line per paragraph, from its data part."""
    lines = []
    for point in root.iter(DGM + "pt"):
        if (point.get("type") or "") in _HAS_TEXT:
            lines += [drawn_text(p) for p in point.iter(A + "p")]
    return [line for line in lines if line.strip()]
