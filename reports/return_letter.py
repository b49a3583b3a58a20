"""退稿函: what a unit is told of a draft that is returned, as text and as a Word file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from storage.texts import storable

TITLE: Final = "退稿函"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one unit about one draft."""

    to: str  # the unit
    draft_title: str
    received_on: str  # ISO date
    reasons: tuple[str, ...]
    note: str
    office: str
    day: str  # ISO date

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Address, body, closing; office and day are signed apart."""
        head = f"贵单位{_day(self.received_on)}报送的《{self.draft_title or '无标题'}》收悉。"
        if self.reasons:
            why = "经审阅，此稿暂不采用，原因是：" + _listed(self.reasons)
        else:
            why = "经审阅，此稿暂不采用。"
        closing = "感谢支持，欢迎修改后再报，或另报新稿。"
        said = [head + why, *(line.strip() for line in self.note.splitlines() if line.strip())]
        return (f"{self.to or '报送单位'}：", *said, closing)

    @property
    def text(self) -> str:
        """The whole letter, a paragraph a line."""
        return "\n".join([TITLE, "", *self.paragraphs, "", self.office, _day(self.day)])


def write_letter(letter: Letter) -> bytes:
    """The letter as a Word file: 二号 title, 三号 text, signed at the right."""
    document: Any = Document()
    style = document.styles["Normal"]
    style.font.size, style.font.name = Pt(16), "Times New Roman"
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋_GB2312")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(TITLE)
    run.font.size, run.bold = Pt(22), True
    first, *others = letter.paragraphs
    document.add_paragraph(_clean(first))
    for line in others:
        document.add_paragraph(_clean(line)).paragraph_format.first_line_indent = Pt(32)
    for line in ("", letter.office, _day(letter.day)):
        document.add_paragraph(_clean(line)).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _listed(reasons: Sequence[str]) -> str:
    if len(reasons) == 1:
        return reasons[0] + "。"
    return "；".join(f"{n}. {reason}" for n, reason in enumerate(reasons, start=1)) + "。"


def _day(iso: str) -> str:
    """2026-09-03 → 2026年9月3日."""
    year, month, day = iso.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def _clean(text: str) -> str:
    """What XML can hold."""
    return "".join(c if c.isprintable() else " " for c in storable(text))
