"""Printed issues as files: Word, plain text, PDF with a text layer, and lists as CSV or Excel."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from samples import parts
from samples.docx_writer import EPOCH, packed, set_font
from samples.printed import Item, Printed

HEADER = ("标题", "媒体", "日期", "署名")
_PLACES = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
Line = tuple[str, str]
"""What a line is, and its text."""
_LOOKS: Mapping[str, tuple[str, float, str]] = {
    "name": ("方正小标宋简体", 36, "center"),
    "number": ("楷体_GB2312", 16, "center"),
    "contents": ("黑体", 16, "center"),
    "entry": ("仿宋_GB2312", 14, ""),
    "column": ("黑体", 16, "left"),
    "title": ("方正小标宋简体", 22, "center"),
    "byline": ("楷体_GB2312", 16, "center"),
    "ending": ("楷体_GB2312", 16, "right"),
    "body": ("仿宋_GB2312", 16, ""),
    "imprint": ("仿宋_GB2312", 14, ""),
}


def write(issue: Printed) -> bytes:
    """The issue in its format; a PDF as the .docx that LibreOffice turns into it."""
    if issue.format == "csv":
        return _csv(issue.items).encode("gb18030")  # as Excel saves it on Chinese Windows
    if issue.format == "xlsx":
        return _xlsx(issue.items)
    lines = list(_lines(issue))
    if issue.format == "txt":
        indented = ("　　" + text if kind == "body" else text for kind, text in lines)
        return ("\r\n".join(indented) + "\r\n").encode("utf-8")
    return _docx(lines)


def _lines(issue: Printed) -> Iterator[Line]:
    yield "name", issue.outlet
    total = f"（总第{issue.total}期）" if issue.total else ""
    yield "number", f"第{issue.number}期{total}"
    day = date.fromisoformat(issue.date)
    yield "number", f"编辑部编　　{day.year}年{day.month}月{day.day}日"
    if issue.contents:
        yield "contents", "本期目录"
        for page, item in enumerate(issue.items, start=2):
            yield "entry", f"{item.title}……{page}"
    column = ""
    for item in issue.items:
        if item.column != column:
            column = item.column
            yield "column", f"【{column}】"
        yield from _item(item, issue.bylines)
    yield "imprint", "报：市委常委　送：各县区委组织部，市直各单位党组织"
    yield "imprint", "责任编辑：编辑部　　　　共印200份"


def _item(item: Item, bylines: str) -> Iterator[Line]:
    yield "title", item.title
    if bylines == "head" and item.byline:
        yield "byline", item.byline
    yield from (("body", line) for line in item.lines)
    if bylines == "tail" and item.byline:
        yield "ending", f"（{item.byline}）"


def _docx(lines: Sequence[Line]) -> bytes:
    document = docx.Document()
    parts.strip(document)
    core = document.core_properties
    core.author, core.last_modified_by, core.title, core.comments = "", "", "", ""
    core.created = core.modified = datetime(*EPOCH[:3])
    for kind, text in lines:
        font, size, place = _LOOKS[kind]
        paragraph = document.add_paragraph()
        if place in _PLACES:
            paragraph.alignment = _PLACES[place]
        if kind == "body":
            paragraph.paragraph_format.first_line_indent = Pt(32)
        set_font(paragraph.add_run(text), font, size)
    return packed(document)


def _rows(items: Sequence[Item]) -> Iterator[tuple[str, str, str, str]]:
    yield HEADER
    for item in items:
        yield item.title, item.outlet, item.day, item.byline


def _csv(items: Sequence[Item]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(_rows(items))
    return out.getvalue()


def _xlsx(items: Sequence[Item]) -> bytes:
    """A workbook whose parts and properties bear fixed dates, so that a build repeats."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.created = book.properties.modified = datetime(*EPOCH[:3])
    sheet = book.active
    for row in _rows(items):
        sheet.append(row)
    saved, out = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as given, zipfile.ZipFile(out, "w") as fixed:
        for member in given.infolist():
            content = given.read(member)
            if member.filename == "docProps/core.xml":  # openpyxl stamps the hour of saving
                content = _dated(content)
            fixed.writestr(zipfile.ZipInfo(member.filename, EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _dated(core: bytes) -> bytes:
    """The core properties with a fixed hour of saving."""
    fixed = datetime(*EPOCH[:3]).isoformat().encode() + b"Z</dcterms:modified>"
    return re.sub(rb"[^<>]*</dcterms:modified>", fixed, core)
