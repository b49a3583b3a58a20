"""The page and the styles of an official document, as GB/T 9704-2012 sets them.

A4, 版心 156 × 225 mm, 22 lines of 28 characters; title 小标宋 二号, body 仿宋 三号, headings 黑体
and 楷体 三号, page numbers — 1 — in 四号 outside at the foot. An office that has its own file lets
its styles of these names decide instead (:func:`open_template`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Mm, Pt, RGBColor

from storage.errors import why
from word.guard import open_parts
from word.reasons import Refused

SONG, FANG, KAI, HEI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
SUBSTITUTES: Final = {
    SONG: "方正小标宋_GBK;华文中宋;宋体",
    FANG: "仿宋;方正仿宋_GBK;华文仿宋",
    KAI: "楷体;方正楷体_GBK;华文楷体",
    HEI: "SimHei;方正黑体_GBK;华文黑体",
}
"""What a machine without the font may take; written into the file's font table."""

LINE: Final = 28.95  # points: 22 lines in 225 mm
TIGHTER: Final = -5  # twentieths of a point between characters: 28 of 三号 in 156 mm
RED: Final = RGBColor(0xE6, 0x00, 0x12)
_MACRO: Final = re.compile("vbaproject|macroenabled|activex", re.IGNORECASE)
"""In the content type of a part that holds a program."""


class TemplateError(ValueError):
    """A template that cannot be used; the message is one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class _Look:
    font: str
    size: float  # points
    align: str = "JUSTIFY"
    first: float = 0  # characters of indent of the first line
    line: float = LINE  # points exactly, 0 = as high as the text
    red: bool = False
    before: float = 0  # points above
    keep: bool = False  # stays with the next paragraph


STYLES: Final[dict[str, _Look]] = {
    "公文发文机关": _Look(SONG, 36, "CENTER", line=0, red=True, before=64),
    "公文发文字号": _Look(FANG, 16, "CENTER", before=LINE * 2),
    "公文标题": _Look(SONG, 22, "CENTER", line=34),
    "公文主送": _Look(FANG, 16),
    "公文正文": _Look(FANG, 16, first=2),
    "公文一级标题": _Look(HEI, 16, first=2, keep=True),
    "公文二级标题": _Look(KAI, 16, first=2, keep=True),
    "公文附件说明": _Look(FANG, 16, "LEFT"),
    "公文署名": _Look(FANG, 16, "RIGHT", keep=True),
    "公文日期": _Look(FANG, 16, "RIGHT"),
    "公文附件": _Look(HEI, 16, "LEFT", keep=True),
    "公文表题": _Look(HEI, 14, "CENTER", line=24, before=6, keep=True),
    "公文表头": _Look(HEI, 10.5, "CENTER", line=0),
    "公文表文": _Look(FANG, 10.5, "CENTER", line=0),
    "公文图": _Look(FANG, 10.5, "CENTER", line=0, before=6),
    "公文版记": _Look(FANG, 14, "LEFT", line=0),
}
"""Style → how the built-in template has it. These names are what a template must offer."""


def open_template(file: Path | None) -> Any:
    """An empty document with the page and styles of ``file``, or of GB/T 9704 where it is None.

    Raises TemplateError with one sentence where the file is no Word file, holds macros, refers to
    what lies outside, or lacks styles.
    """
    if file is None:
        return built_in()
    try:
        open_parts(file)
        document = Document(str(file))
    except OSError as error:
        raise TemplateError(f"模板 {file} 打不开（{why(error)}）。") from None
    except (Refused, PackageNotFoundError, BadZipFile, KeyError, ValueError):
        raise TemplateError(
            f"模板 {file} 不是 Word 文件（.docx），请在 Word 里另存后再用。"
        ) from None
    _refuse_active(document, file)
    have = {style.name for style in document.styles}
    missing = [name for name in STYLES if name not in have]
    if missing:
        raise TemplateError(
            f"模板 {file} 缺少样式：{'、'.join(missing)}。"
            "请先用 zugao template 写出一份自带的模板，在它上面改。"
        )
    body = document.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    return document


def _refuse_active(document: Any, file: Path) -> None:
    """Macros run, and what lies outside is fetched, on every machine that opens the output."""
    package = document.part.package
    if any(_MACRO.search(part.content_type) for part in package.iter_parts()):
        raise TemplateError(f"模板 {file} 带有宏，不能用：请另存为不带宏的 .docx。")
    outside = (rel for rel in package.iter_rels() if rel.is_external)
    if any(not rel.reltype.endswith("/hyperlink") for rel in outside):
        raise TemplateError(
            f"模板 {file} 引用了外部的模板、图片或对象，不能用：请在 Word 里断开链接后另存。"
        )


def built_in() -> Any:
    """A new document with our page, styles and page numbers, and nothing in it."""
    document = Document()
    _page(document.sections[0])
    _normal(document)
    for name, look in STYLES.items():
        _style(document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH), look)
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    _number(section.footer.paragraphs[0], odd=True)
    _number(section.even_page_footer.paragraphs[0], odd=False)
    _substitutes(document)
    return document


def sample(file: Path) -> None:
    """Write the built-in template with one line in each style, for an office to change."""
    document = built_in()
    for name in STYLES:
        document.add_paragraph(f"{name}：样式示例", style=name)
    document.save(str(file))


def _page(section: Any) -> None:
    """A4; 天头 37, 订口 28, 版心 156 × 225 mm, from which 35 and 26 follow (GB/T 9704, 5.2)."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)  # the dash stands 7 mm under the 版心


def _normal(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.size = Pt(16)
    _fonts(style, FANG)


def _style(style: Any, look: _Look) -> None:
    style.base_style = None
    style.font.size = Pt(look.size)
    style.font.color.rgb = RED if look.red else RGBColor(0, 0, 0)
    style.quick_style = True
    _fonts(style, look.font)
    form = style.paragraph_format
    form.alignment = getattr(WD_ALIGN_PARAGRAPH, look.align)
    form.space_before, form.space_after = Pt(look.before), Pt(0)
    form.widow_control, form.keep_with_next = False, look.keep
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if look.line:
        form.line_spacing = Pt(look.line)
    if look.first:
        indent(style.element.get_or_add_pPr(), first=look.first, size=look.size)
    if look.size == 16:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(TIGHTER))
        style.element.get_or_add_rPr().append(spacing)


def _fonts(style: Any, name: str) -> None:
    style.font.name = "Times New Roman"
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)


def indent(
    properties: Any,
    *,
    first: float = 0,
    left: float = 0,
    right: float = 0,
    hanging: float = 0,
    size: float = 16,
) -> None:
    """Indents in characters of ``size`` points: in both units, so that every program agrees."""
    made = properties.get_or_add_ind()
    values = {"firstLine": first, "left": left, "right": right, "hanging": hanging}
    for name, characters in values.items():
        if characters:
            made.set(qn(f"w:{name}Chars"), str(round(characters * 100)))
            made.set(qn(f"w:{name}"), str(round(characters * size * 20)))


def _number(paragraph: Any, *, odd: bool) -> None:
    """— 1 —, 四号 宋体, one character in from the outer edge (GB/T 9704, 7.5)."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if odd else WD_ALIGN_PARAGRAPH.LEFT
    side = {"right": 1.0} if odd else {"left": 1.0}
    indent(paragraph._p.get_or_add_pPr(), size=14, **side)
    for text in ("— ", "PAGE", " —"):
        run = paragraph.add_run("" if text == "PAGE" else text)
        run.font.size, run.font.name = Pt(14), "宋体"
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
        if text == "PAGE":
            _field(run._r, text)


def _field(run: Any, code: str) -> None:
    for kind in ("begin", "", "separate", "text", "end"):
        if kind == "":
            element = OxmlElement("w:instrText")
            element.text = f" {code} "
        elif kind == "text":
            element = OxmlElement("w:t")
            element.text = "1"
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run.append(element)


def _substitutes(document: Any) -> None:
    """Name substitutes in word/fontTable.xml (ECMA-376 part 1, 17.8.3.1)."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            part = relation.target_part
            table = parse_xml(part.blob)
            for name, others in SUBSTITUTES.items():
                font, alternative = OxmlElement("w:font"), OxmlElement("w:altName")
                font.set(qn("w:name"), name)
                alternative.set(qn("w:val"), others)
                font.append(alternative)
                table.append(font)
            part._blob = _xml(table)


def _xml(element: Any) -> bytes:
    from lxml import etree

    return bytes(etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True))
