"""An official document as Word: 发文机关, 文号, title, 主送, body, 附件, 署名, 日期, 版记.

What it says comes in as a :class:`Letter` of plain blocks; how it looks is the template's
(:mod:`reports.official_style`).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Mm, Pt

from reports.official_style import indent, open_template
from storage.texts import storable


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph in the style ``公文`` + ``style``."""

    text: str
    style: str = "正文"


@dataclass(frozen=True, slots=True)
class Head:
    """A column, or with ``under`` a group of columns; ``width`` in shares of the table."""

    text: str
    width: float = 1
    under: tuple[Head, ...] = ()
    left: bool = False  # its text starts at the left, as names and titles do


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title above; heads of one or two rows are repeated on every page."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    size: float = 10.5  # points


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG as wide as the text, with the words that stand for it where it is not seen."""

    png: bytes
    words: str
    width: float = 156  # mm


Block = Line | Table | Picture


@dataclass(frozen=True, slots=True)
class Annex:
    """附件: on a page of its own; ``wide`` lays the paper on its side."""

    title: str
    blocks: tuple[Block, ...]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """An official document; empty parts are left out."""

    title: str
    body: tuple[Block, ...]
    issuer: str = ""  # 发文机关标志, in red above the line
    number: str = ""  # 发文字号
    to: str = ""  # 主送
    signed: str = ""
    dated: date | None = None
    annexes: tuple[Annex, ...] = ()
    copy_to: str = ""  # 抄送
    printed_by: str = ""  # 印发机关


def write_letter(letter: Letter, file: Path, template: Path | None = None) -> None:
    """Write the document. Raises TemplateError for a bad template, OSError if it cannot write."""
    document = open_template(template)
    _opening(document, letter)
    for block in letter.body:
        _block(document, block)
    _closing(document, letter)
    wide = False
    for number, annex in enumerate(letter.annexes, 1):
        _turn(document, was=wide, wide=annex.wide)
        wide = annex.wide
        add_line(document, f"附件{number if len(letter.annexes) > 1 else ''}", "附件")
        add_line(document, annex.title, "标题")
        for block in annex.blocks:
            _block(document, block)
    _imprint(document, letter)
    _label(document, letter)
    document.save(str(file))


def day_words(day: date) -> str:
    """2026年10月9日: Arabic numerals, no leading zeros (GB/T 9704, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def signature_indents(signed: str, dated: str) -> tuple[float, float]:
    """Characters free at the right of 署名 and 日期.

    The date begins two characters right of the signature, which ends two from the edge; a date
    longer than the signature ends there instead, and the signature moves (GB/T 9704, 7.3.5.2).
    """
    long, short = _width(signed), _width(dated)
    return (4 + short - long, 2) if short > long else (2, long - short)


def _width(text: str) -> float:
    return sum(0.5 if character.isascii() else 1 for character in text)


def _opening(document: Any, letter: Letter) -> None:
    if letter.issuer:
        add_line(document, letter.issuer, "发文机关")
    if letter.number:
        add_rule(add_line(document, letter.number, "发文字号"), "E60012")
    if letter.issuer or letter.number:
        for _ in range(2):
            add_line(document, "", "正文")
    add_line(document, letter.title, "标题")
    add_line(document, "", "正文")
    if letter.to:
        add_line(document, letter.to + "：", "主送")


def add_rule(paragraph: Any, colour: str) -> None:
    """Rule a paragraph below in ``colour``: the red line under the number, 4 mm below it."""
    borders = OxmlElement("w:pBdr")
    borders.append(_edge("bottom", 12, space=11, colour=colour))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def _edge(name: str, size: int, *, space: int = 0, colour: str = "000000") -> Any:
    """A single line, ``size`` in eighths of a point."""
    edge = OxmlElement(f"w:{name}")
    values = {"val": "single", "sz": str(size), "space": str(space), "color": colour}
    for key, value in values.items():
        edge.set(qn(f"w:{key}"), value)
    return edge


def _closing(document: Any, letter: Letter) -> None:
    """附件说明, 署名 and 日期, on one page with the end of the text (GB/T 9704, 7.3.5)."""
    begun = max(0, len(document.paragraphs) - 1)
    titles = [annex.title for annex in letter.annexes]
    if titles:
        add_line(document, "", "正文")
    for number, title in enumerate(titles, 1):
        first, order = number == 1, f"{number}." if len(titles) > 1 else ""
        added = add_line(document, f"{'附件：' if first else ''}{order}{title}", "附件说明")
        hang = _width(order) + (3 if first else 0)
        indent(added._p.get_or_add_pPr(), left=2 + 3 + _width(order), hanging=hang)
    if letter.signed:
        dated = day_words(letter.dated) if letter.dated else ""
        for _ in range(2):
            add_line(document, "", "署名")
        places = signature_indents(letter.signed, dated)
        for text, style, right in zip(
            (letter.signed, dated), ("署名", "日期"), places, strict=True
        ):
            indent(add_line(document, text, style)._p.get_or_add_pPr(), right=right)
    for paragraph in document.paragraphs[begun:-1]:
        paragraph.paragraph_format.keep_with_next = True


def _turn(document: Any, *, was: bool, wide: bool) -> None:
    """A new page; a new section with the paper turned where the direction changes."""
    if was == wide:
        document.add_page_break()
        return
    old = document.sections[-1]
    new = document.add_section(WD_SECTION.NEW_PAGE)
    new.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    new.page_width, new.page_height = old.page_height, old.page_width
    margins = (old.top_margin, old.right_margin, old.bottom_margin, old.left_margin)
    top, right, bottom, left = margins
    if wide:  # turned so that the head of the table lies at the binding
        new.top_margin, new.right_margin, new.bottom_margin, new.left_margin = (
            left, top, right, bottom,
        )  # fmt: skip
        new.footer_distance = Mm(17)
    else:
        new.top_margin, new.right_margin, new.bottom_margin, new.left_margin = (
            right, bottom, left, top,
        )  # fmt: skip
        new.footer_distance = document.sections[0].footer_distance


def _block(document: Any, block: Block) -> None:
    if isinstance(block, Line):
        add_line(document, block.text, block.style)
    elif isinstance(block, Picture):
        run = add_line(document, "", "图").add_run()
        shape = run.add_picture(io.BytesIO(block.png), width=Mm(block.width))
        shape._inline.docPr.set("descr", block.words)
    else:
        _table(document, block)


def add_line(document: Any, text: str, style: str) -> Any:
    """Add a paragraph in the style ``公文`` + ``style``; returns it."""
    return document.add_paragraph(plain(text), style="公文" + style)


def plain(text: str) -> str:
    """What XML can hold: control characters and lone surrogates replaced."""
    return storable("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text))


def _leaves(heads: Iterable[Head]) -> list[Head]:
    return [leaf for head in heads for leaf in (head.under or (head,))]


def _table(document: Any, table: Table) -> None:
    if table.title:
        add_line(document, table.title, "表题")
    leaves, deep = _leaves(table.heads), any(head.under for head in table.heads)
    made = document.add_table(rows=2 if deep else 1, cols=len(leaves))
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    _borders(made._tbl.tblPr)
    _heads(made, table.heads, table.size, 2 if deep else 1)
    section = document.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    widths = [int(room * leaf.width / sum(one.width for one in leaves)) for leaf in leaves]
    _widths(made, widths)
    style = document.styles["公文表文"].style_id
    for row in table.rows:
        made._tbl.append(parse_xml(_row_xml(row, leaves, widths, style, table.size)))


def _row_xml(
    row: Sequence[str], leaves: Sequence[Head], widths: Sequence[int], style: str, size: float
) -> str:
    """A row as text: thousands of cells made one by one as objects take minutes."""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width // 635}" w:type="dxa"/>'
        '<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{_LEFT if leaf.left else ""}</w:pPr>'
        f'<w:r><w:rPr><w:sz w:val="{round(size * 2)}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(plain(text))}</w:t></w:r></w:p></w:tc>'
        for text, leaf, width in zip(row, leaves, widths, strict=True)
    )
    return f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _heads(made: Any, heads: Sequence[Head], size: float, depth: int) -> None:
    column = 0
    for head in heads:
        top = made.cell(0, column)
        if head.under:
            top = top.merge(made.cell(0, column + len(head.under) - 1))
            for offset, leaf in enumerate(head.under):
                _head(made.cell(1, column + offset), leaf.text, size)
        elif depth == 2:
            top = top.merge(made.cell(1, column))
        _head(top, head.text, size)
        column += len(head.under) or 1
    for row in made.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        _unbroken(row)


def _unbroken(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _head(cell: Any, text: str, size: float) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "公文表头"
    paragraph.add_run(plain(text)).font.size = Pt(size)
    centre = OxmlElement("w:vAlign")
    centre.set(qn("w:val"), "center")
    cell._tc.get_or_add_tcPr().append(centre)


_LEFT: Final = '<w:jc w:val="left"/>'
_EDGES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")
_AFTER_BORDERS: Final = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
    "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd",
    "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
    "w:suppressOverlap", "w:jc", "w:rPr", "w:sectPr",
)  # fmt: skip
"""What the schema wants behind w:pBdr (ECMA-376 part 1, 17.3.1.26)."""


def _borders(properties: Any) -> None:
    """Thin lines, and margins in the cells that leave room for figures."""
    borders, margins = OxmlElement("w:tblBorders"), OxmlElement("w:tblCellMar")
    for edge in _EDGES:
        borders.append(_edge(edge, 4))
    for side, room in (("top", "30"), ("left", "40"), ("bottom", "30"), ("right", "40")):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), room)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.append(borders)
    properties.append(margins)


def _widths(made: Any, widths: Sequence[int]) -> None:
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for row in made._tbl.tr_lst:
        place = 0
        for cell in row.tc_lst:
            cell.width = sum(widths[place : place + cell.grid_span])
            place += cell.grid_span


def _imprint(document: Any, letter: Letter) -> None:
    """版记: 抄送, 印发机关 and 印发日期 between lines, after everything else."""
    lines = [f"　抄送：{letter.copy_to}。"] if letter.copy_to else []
    if letter.printed_by and letter.dated:
        lines.append(f"　{letter.printed_by}\t{day_words(letter.dated)}印发")
    last = document.sections[-1]
    room = last.page_width - last.left_margin - last.right_margin
    for text in ["", *lines] if lines else []:
        paragraph = add_line(document, text, "版记")
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(room - Pt(14), alignment=WD_TAB_ALIGNMENT.RIGHT)
        if text:
            borders = OxmlElement("w:pBdr")
            for edge in ("top", "bottom", "between"):
                borders.append(_edge(edge, 8, space=3))
            paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def _label(document: Any, letter: Letter) -> None:
    core = document.core_properties
    core.title, core.author, core.comments = (
        plain(letter.title).replace("\n", ""),
        plain(letter.signed),
        "",
    )
