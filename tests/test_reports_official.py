"""The official document: page, styles, places of signature and date, templates of an office."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from pypdf import PdfReader

from reports.official import (
    Annex,
    Head,
    Letter,
    Line,
    Table,
    day_words,
    signature_indents,
    write_letter,
)
from reports.official_style import STYLES, TemplateError, open_template, sample

TABLE = Table(
    "表1",
    (Head("排名"), Head("单位", 4, left=True), Head("信息", under=(Head("县"), Head("市")))),
    (("1", "临溪县委组织部", "2", "=1+1"), ("2", "白芦县\x00委组织部", "0", "")),
)
LETTER = Letter(
    "关于2026年第三季度\n组工信息采用情况的通报",
    (Line("一、总体情况", "一级标题"), Line("字" * 1700), TABLE),
    issuer="云泽市委组织部办公室",
    number="云组办通〔2026〕7号",
    to="各县区委组织部",
    signed="云泽市委组织部办公室",
    dated=date(2026, 10, 9),
    annexes=(Annex("统计表", (TABLE,), wide=True), Annex("采用条目", (Line("共1条。"),))),
    copy_to="市委办公室",
    printed_by="云泽市委组织部办公室",
)


def test_page_and_text(tmp_path: Path) -> None:
    write_letter(LETTER, tmp_path / "a.docx")
    document = Document(str(tmp_path / "a.docx"))
    page = document.sections[0]
    assert (page.page_width.mm, page.page_height.mm) == pytest.approx((210, 297), abs=0.02)
    assert page.page_width - page.left_margin - page.right_margin == pytest.approx(Mm(156), abs=700)
    room = page.page_height - page.top_margin - page.bottom_margin
    assert room == pytest.approx(Mm(225), abs=700)
    assert [s.page_width > s.page_height for s in document.sections] == [False, True, False]
    text = [p.text for p in document.paragraphs if p.text]
    assert text[:5] == [
        "云泽市委组织部办公室", "云组办通〔2026〕7号", "关于2026年第三季度\n组工信息采用情况的通报",
        "各县区委组织部：", "一、总体情况",
    ]  # fmt: skip
    assert text[7:11] == ["附件：1.统计表", "2.采用条目", "云泽市委组织部办公室", "2026年10月9日"]
    assert text[-2:] == ["　抄送：市委办公室。", "　云泽市委组织部办公室\t2026年10月9日印发"]
    table = document.tables[0]
    assert [c.text for c in table.rows[0].cells] == ["排名", "单位", "信息", "信息"]
    assert [c.text for c in table.rows[1].cells] == ["排名", "单位", "县", "市"]
    assert [c.text for c in table.rows[3].cells] == ["2", "白芦县\ufffd委组织部", "0", ""]
    style = document.styles["公文标题"]
    assert (style.font.size, style.font.name) == (Pt(22), "Times New Roman")
    assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"


def test_places_of_signature_and_date() -> None:
    assert signature_indents("云泽市委组织部办公室", "2026年10月9日") == (2, 3.5)
    assert signature_indents("市委", "2026年10月9日") == (8.5, 2)
    assert day_words(date(2026, 1, 5)) == "2026年1月5日"


@pytest.mark.office
def test_28_characters_a_line_and_22_lines_a_page(tmp_path: Path) -> None:
    write_letter(LETTER, tmp_path / "a.docx")
    program = shutil.which("soffice") or "libreoffice"
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [program, home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path]
    subprocess.run([*command, tmp_path / "a.docx"], check=True, capture_output=True, timeout=120)
    pages = PdfReader(tmp_path / "a.pdf").pages
    lines = [line.strip() for line in pages[1].extract_text().splitlines()]
    full = [line for line in lines if line == "字" * 28]
    assert len(full) == 22
    assert any("— 2 —" in " ".join(line.split()) for line in lines)


def test_template_of_the_office(tmp_path: Path) -> None:
    own = tmp_path / "模板.docx"
    sample(own)
    document = Document(str(own))
    document.styles["公文正文"].font.size = Pt(15)
    document.sections[0].left_margin = Mm(30)
    document.save(str(own))
    write_letter(LETTER, tmp_path / "b.docx", own)
    made = Document(str(tmp_path / "b.docx"))
    assert made.styles["公文正文"].font.size == Pt(15)
    assert made.sections[0].left_margin == pytest.approx(Mm(30), abs=700)
    assert "样式示例" not in "".join(p.text for p in made.paragraphs)


def test_bad_templates_are_told(tmp_path: Path) -> None:
    Document().save(str(tmp_path / "plain.docx"))
    with pytest.raises(TemplateError, match=r"缺少样式：公文发文机关、.*zugao template"):
        open_template(tmp_path / "plain.docx")
    (tmp_path / "no.docx").write_bytes(b"PK\x03\x04 no")
    with pytest.raises(TemplateError, match="不是 Word 文件"):
        open_template(tmp_path / "no.docx")
    with pytest.raises(TemplateError, match=r"不是 Word 文件|没有这个文件"):
        open_template(tmp_path / "missing.docx")
    assert len(STYLES) == len({*STYLES})
