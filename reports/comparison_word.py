"""A comparison as a Word file: a table of two columns with shading, A4 landscape."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor

from nlp.comparison import Line, rows
from nlp.comparison import Piece as Marked
from reports.comparison import Page, numeral, verdict_lines
from storage.texts import storable

_TINTS: Final = ("FDF0C4", "D9ECFB", "DDF3DC", "F9DFE6", "E7E0F7", "D5F0EE")
_GREY: Final = "ECEEF1"
_HEAD: Final = "F3F4F6"
_RED, _BLUE, _FAINT, _BROWN = (
    RGBColor.from_string(code) for code in ("B3261E", "1D4ED8", "6B7280", "92400E")
)
_KEY: Final = (
    "有底色的是相同文字，圆圈数字同号为同一段；红色加粗是改动的地名、单位、人名、数字，"
    "蓝色下划线是其他改动；灰底是引文和套话，不计入比例。"
)


def write_word(shown: Page, file: Path) -> None:
    """Write the page to ``file``; OSError if it cannot be written."""
    document = Document()
    _set_up(document)
    document.add_heading("稿件对照：" + _plain(shown.draft.title or "无标题"), level=1)
    for piece, match in zip(shown.sources, shown.comparison.matches, strict=True):
        first, *others = verdict_lines(match)
        beside = f"与{piece.heading}：" if shown.several else ""
        document.add_paragraph().add_run(_plain(beside + first) + "。").bold = True
        for line in others:
            document.add_paragraph(line + "。")
    document.add_paragraph(_KEY).runs[0].font.color.rgb = _FAINT
    _fill(document.add_table(rows=0, cols=2, style="Table Grid"), shown)
    document.save(str(file))


def _set_up(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.6)
    section.top_margin = section.bottom_margin = Cm(1.6)
    for name, size, font in (("Normal", 10.5, "宋体"), ("Heading 1", 16, "黑体")):
        style = document.styles[name]
        style.font.size, style.font.name = Pt(size), "Times New Roman"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(3)


def _fill(table: Any, shown: Page) -> None:
    right = "各篇来源，按左稿使用的先后排列" if shown.several else shown.sources[0].heading
    head = table.add_row()
    for cell, text in zip(head.cells, (shown.draft.heading, right), strict=True):
        _title(cell, text)
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # repeated on every page
    met: set[tuple[int, int]] = set()
    for row in rows(shown.comparison):
        if shown.several and row.opens is not None:
            _title(table.add_row().cells[1], shown.sources[row.opens].heading)
        cells = table.add_row().cells
        for column, line in enumerate((row.draft, row.source)):
            if line is not None:
                _line(cells[column].paragraphs[0], line, column, shown, met)


def _title(cell: Any, text: str) -> None:
    cell.paragraphs[0].add_run(_plain(text)).bold = True
    _shade(cell._tc.get_or_add_tcPr(), _HEAD)


def _line(paragraph: Any, line: Line, column: int, shown: Page, met: set[tuple[int, int]]) -> None:
    for piece in line:
        if piece.number and (column, piece.number) not in met:
            met.add((column, piece.number))
            number = paragraph.add_run(numeral(piece.number))
            number.bold, number.font.color.rgb = True, _BROWN
        _dress(paragraph.add_run(_plain(piece.text)), piece, several=shown.several)


def _dress(run: Any, piece: Marked, *, several: bool) -> None:
    if piece.number:
        place = piece.source if several else piece.number - 1
        _shade(run._r.get_or_add_rPr(), _TINTS[place % len(_TINTS)])
    if piece.mark in ("name", "number"):
        run.bold, run.font.color.rgb = True, _RED
    elif piece.mark == "words":
        run.underline, run.font.color.rgb = True, _BLUE
    elif piece.mark in ("quote", "stock"):
        run.font.color.rgb = _FAINT
        _shade(run._r.get_or_add_rPr(), _GREY)


def _shade(properties: Any, colour: str) -> None:
    shading = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{key}"), value)
    properties.append(shading)


def _plain(text: str) -> str:
    """What XML can hold: control characters and lone surrogates replaced."""
    return storable("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text))
