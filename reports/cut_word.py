"""A proposed cut as a Word file: deletions as tracked changes that an editor accepts or rejects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt, RGBColor

from nlp.types import Draft
from storage.texts import storable

AUTHOR: Final = "稿件系统"

Pieces = Sequence[tuple[str, int]]  # text, number of the dropped passage from 1 or 0 = kept


def write_cut(
    file: Path, draft: Draft, lines: Iterable[Pieces], *, head: str, reasons: Sequence[str]
) -> None:
    """Write the draft with its dropped passages deleted under revision; OSError if it cannot.

    ``reasons[n - 1]`` becomes the comment on passage ``n``; ``head`` that on the title.
    """
    document: Any = Document()
    _set_up(document)
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for paragraph, pieces in zip(draft.paragraphs, lines, strict=True):
        line = document.add_paragraph()
        if paragraph.role in ("title", "subtitle"):
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif paragraph.role in ("signature", "date"):
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        else:
            line.paragraph_format.first_line_indent = Pt(32)
        for text, number in pieces:
            run = line.add_run("".join(storable(text).replace("\t", "　").splitlines()))
            run.bold = paragraph.role in ("title", "heading")
            if number:
                _comment(document, run, reasons[number - 1])
                _delete(run._r, number, stamp)
        if all(number for _, number in pieces) and pieces:
            _delete_mark(line._p, len(reasons) + 1, stamp)
    first = next((r for line in document.paragraphs for r in line.runs), None)
    if first is not None:
        _comment(document, first, head)
    document.save(str(file))


def _set_up(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.size, style.font.name = Pt(16), "Times New Roman"
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋_GB2312")
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.line_spacing = Pt(28)
    style.paragraph_format.space_after = Pt(0)


def _comment(document: Any, run: Any, text: str) -> None:
    document.add_comment(run, text=text, author=AUTHOR, initials="稿")


def _delete(run: Any, number: int, stamp: str) -> None:
    """Wrap a run in ``w:del``; its text becomes ``w:delText`` (ECMA-376 part 1, 17.13.5.14)."""
    deletion = _change("w:del", number, stamp)
    run.addprevious(deletion)
    deletion.append(run)
    for text in run.findall(qn("w:t")):
        text.tag = qn("w:delText")


def _delete_mark(paragraph: Any, number: int, stamp: str) -> None:
    """Delete the mark too where all of a paragraph goes, or an empty line would remain."""
    properties = paragraph.get_or_add_pPr()
    mark = OxmlElement("w:rPr")
    mark.append(_change("w:del", number, stamp))
    properties.append(mark)


def _change(tag: str, number: int, stamp: str) -> Any:
    change = OxmlElement(tag)
    for name, value in (("id", str(number)), ("author", AUTHOR), ("date", stamp)):
        change.set(qn(f"w:{name}"), value)
    return change
