"""Write a source as a Word file the way Chinese offices set their drafts."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from itertools import groupby
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from samples import parts
from samples.layout import NOTE, Kind, Line, check_numbers, lay_out, run_in
from samples.sources import Source, SourceError

EPOCH = (2026, 10, 1, 0, 0, 0)  # every zip member's date, so that a build repeats byte for byte
MARKS = re.compile(r"\{\+\+([^{}]+)\+\+\}|\{--([^{}]+)--\}|\[\^(\d+)\]")
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
BODY_FONT = "仿宋_GB2312"
HEADINGS = {1: ("黑体", False), 2: ("楷体_GB2312", False), 3: (BODY_FONT, True)}
STYLES = {"title": "Title", "subtitle": "Subtitle"}


def write(source: Source) -> bytes:
    """``source`` as the bytes of a .docx; the same source gives the same bytes."""
    lines = lay_out(source.lines)
    revised = any(re.search(r"\{\+\+|\{--", line.text) for line in lines)
    if revised != source.word.tracked:
        raise SourceError(f"{source.key}：修订标记与 tracked 不一致")
    if source.word.auto_numbers:
        check_numbers(lines, source.key)
    return packed(_Page(source).document(lines))


def packed(document: Document) -> bytes:
    """The package of ``document`` with its members' dates fixed."""
    saved, out = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as given, zipfile.ZipFile(out, "w") as fixed:
        for member in given.infolist():
            info = zipfile.ZipInfo(member.filename, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            fixed.writestr(info, given.read(member))
    return out.getvalue()


def set_font(target: Any, font: str, size: float, *, bold: bool = False) -> None:
    """Set a run's or a style's font for Chinese and Latin letters alike."""
    target.font.name = font
    target.font.size = Pt(size)
    target.font.bold = bold or None
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)


class _Page:
    """The page being written: one document and the look it has."""

    def __init__(self, source: Source) -> None:
        self.word = source.word
        self.plain = source.word.look == "plain"
        self.styled = source.word.look == "styled"
        self.size = 12.0 if self.plain else 16.0  # 小四 or 三号
        self.body_font = "宋体" if self.plain else BODY_FONT
        self.revisions = 0
        self.doc = docx.Document()
        parts.strip(self.doc)
        self._set_up(source)

    def document(self, lines: list[Line]) -> Document:
        for is_row, group in groupby(lines, key=lambda line: line.kind == "row"):
            if is_row:
                self._table([line.text for line in group])
                continue
            for line in group:
                if line.kind != "note":
                    self._line(line)
        notes = [line.text for line in lines if line.kind == "note"]
        if notes:
            parts.add_footnotes(
                self.doc,
                [(NOTE.match(note)[1], NOTE.sub("", note, 1)) for note in notes],  # type: ignore[index]
            )
        return self.doc

    def _set_up(self, source: Source) -> None:
        core = self.doc.core_properties
        core.author, core.last_modified_by, core.title, core.comments = source.unit, "", "", ""
        core.created = core.modified = datetime(*EPOCH[:3])
        normal = self.doc.styles["Normal"]
        set_font(normal, self.body_font, self.size)
        normal.paragraph_format.space_after = Pt(0)
        for language in self.doc.styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")
        section = self.doc.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        if not self.plain:  # the margins of GB/T 9704
            section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
            section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
        if self.styled:
            self._set_styles(section)
        if self.word.auto_numbers:
            parts.define_list(self.doc, int(self.size * 40), styled=self.styled)

    def _set_styles(self, section: Any) -> None:
        styles = self.doc.styles
        for name in ("Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3"):
            parts.plain_style(styles[name].element)
        set_font(styles["Title"], "方正小标宋简体", 22)
        set_font(styles["Subtitle"], "楷体_GB2312", 16)
        for level, (font, bold) in HEADINGS.items():
            set_font(styles[f"Heading {level}"], font, 16, bold=bold)
            if self.word.auto_numbers:
                parts.number(styles[f"Heading {level}"].element.get_or_add_pPr(), level)
        footer = section.footer.paragraphs[0]
        footer.alignment = CENTRE
        footer.add_run("— ")
        footer._p.append(parts.page_field())
        footer.add_run(" —")

    def _line(self, line: Line) -> None:
        paragraph = self.doc.add_paragraph()
        self._place(paragraph, line.kind)
        if line.kind == "box":
            paragraph._p.append(parts.text_box(line.text))
        elif line.kind == "title":
            font = "宋体" if self.plain else "方正小标宋简体"
            self._runs(paragraph, line.text, font, 16 if self.plain else 22, bold=self.plain)
        elif line.kind in ("subtitle", "byline"):
            self._runs(paragraph, line.text, "楷体_GB2312", self.size)
        elif line.level:
            self._heading(paragraph, line)
        else:
            self._runs(paragraph, line.text, self.body_font, self.size)

    def _place(self, paragraph: Paragraph, kind: Kind) -> None:
        form = paragraph.paragraph_format
        if self.styled and kind in STYLES:
            paragraph.style = self.doc.styles[STYLES[kind]]
        if not self.plain:
            form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            form.line_spacing = Pt(34 if kind == "title" else 29)
        if kind == "box":
            form.line_spacing_rule = WD_LINE_SPACING.SINGLE
        if kind in ("title", "subtitle", "byline"):
            form.alignment = CENTRE
        elif kind in ("signature", "date"):
            form.alignment = RIGHT
            form.right_indent = Pt(self.size * (2 if kind == "signature" else 4))
        elif kind not in ("salutation", "box"):
            form.first_line_indent = Pt(self.size * 2)

    def _heading(self, paragraph: Paragraph, line: Line) -> None:
        """A numbered line: its own paragraph, or run in before the text."""
        head, rest = run_in(line.text)
        alone = not rest and len(head) <= 45
        font, bold = HEADINGS[line.level] if alone or rest else (self.body_font, False)
        if self.plain:
            font, bold = "宋体", alone or bool(rest)
        if self.styled and alone:
            paragraph.style = self.doc.styles[f"Heading {line.level}"]
        if self.word.auto_numbers:
            head = head.removeprefix(line.label).lstrip()
            if not (self.styled and alone):
                parts.number(paragraph._p.get_or_add_pPr(), line.level)
        self._runs(paragraph, head, font, self.size, bold=bold)
        if rest:
            self._runs(paragraph, rest, self.body_font, self.size)

    def _runs(
        self, paragraph: Paragraph, text: str, font: str, size: float, *, bold: bool = False
    ) -> None:
        """Add ``text`` as runs, with its revisions and footnote marks."""
        end = 0
        for found in [*MARKS.finditer(text), None]:
            if plain := text[end : found.start() if found else None]:
                paragraph._p.append(self._run(paragraph, plain, font, size, bold=bold))
            if found is None:
                break
            end = found.end()
            inserted, deleted, note = found.groups()
            if note:
                paragraph._p.append(parts.note_mark(note))
                continue
            self.revisions += 1
            run = self._run(paragraph, inserted or deleted, font, size, bold=bold)
            tag = "ins" if inserted else "del"
            paragraph._p.append(parts.revision(run, tag, self.revisions))

    def _run(self, paragraph: Paragraph, text: str, font: str, size: float, *, bold: bool) -> Any:
        element = parse_xml(f"<w:r {nsdecls('w')}/>")
        run = Run(element, paragraph)
        run.text = text
        if not self.styled or font not in (self.body_font, "方正小标宋简体"):
            set_font(run, font, size, bold=bold)
        return element

    def _table(self, rows: list[str]) -> None:
        cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
        table = self.doc.add_table(len(cells), max(map(len, cells)))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        lines = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides
        )
        table._tbl.tblPr.find(qn("w:tblLook")).addprevious(
            parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>")
        )
        for index, row in enumerate(cells):
            for cell, text in zip(table.rows[index].cells, row, strict=False):
                paragraph = cell.paragraphs[0]
                paragraph.alignment = CENTRE
                self._runs(paragraph, text, self.body_font, 12, bold=index == 0)
