"""Formats by content, and the text of those that are not Word's."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.types import Block, Notice, Reading, Refusal
from tests.support_files import (
    MACRO,
    SHEET,
    body_xml,
    compound,
    docx,
    docx_parts,
    paragraph,
    zipped,
)
from tests.support_pages import ofd, pdf
from word.lines import paragraphs
from word.plain import decode, read_plain
from word.read import Office, after_conversion, read_native
from word.reasons import Refused
from word.sniff import kind_of

WORD_HEADER = b"\xec\xa5\xc1\x00" + bytes(6) + b"\0\0"
LOCKED_HEADER = b"\xec\xa5\xc1\x00" + bytes(6) + b"\0\1"
ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}
SAMPLE = "今年以来，云岭县委组织部坚持党建引领，推动基层治理提质增效。"
TRADITIONAL = "今年以來，雲嶺縣委組織部堅持黨建引領，推動基層治理提質增效。"


def texts(reading: object) -> list[str]:
    assert isinstance(reading, Reading)
    return [block.text for block in reading.blocks]


class TestSniff:
    @pytest.mark.parametrize(
        ("kind", "data"),
        [
            ("docx", docx("甲")),
            ("docx", zipped(docx_parts(body_xml(""), "x"))),
            ("docm", zipped(docx_parts(body_xml(""), MACRO))),
            ("docm", zipped({**docx_parts(body_xml("")), "word/vbaProject.bin": b"x"})),
            ("office", zipped(docx_parts(b"", SHEET) | {"word/document.xml": b""})),
            ("odt", zipped(ODT)),
            ("encrypted", zipped({**ODT, "META-INF/manifest.xml": b"<m:encryption-data/>"})),
            ("ofd", ofd(["甲"])),
            ("zip", zipped({"a.docx": docx("甲")})),
            ("doc", compound({"WordDocument": WORD_HEADER})),
            ("encrypted", compound({"WordDocument": LOCKED_HEADER})),
            ("encrypted", compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"})),
            ("office", compound({"Workbook": b"x"})),
            ("rtf", b"{\\rtf1\\ansi a}"),
            ("pdf", b"%PDF-1.4\n"),
            ("html", b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>"),
            ("html", b"MIME-Version: 1.0\r\nContent-Type: multipart/related"),
            ("xml", b'<?xml version="1.0"?><w:wordDocument/>'),
            ("packed", b"Rar!\x1a\x07\x00"),
            ("image", b"\xff\xd8\xff\xe0"),
            ("txt", SAMPLE.encode()),
            ("unknown", bytes(range(256)) * 4),
        ],
    )
    def test_kinds(self, kind: str, data: bytes) -> None:
        assert kind_of(data) == kind

    def test_a_damaged_compound_file(self) -> None:
        with pytest.raises(Refused) as caught:
            kind_of(compound({"WordDocument": WORD_HEADER})[:700])
        assert caught.value.reason == "damaged_file"


class TestPlain:
    @pytest.mark.parametrize(
        ("encoding", "mark"),
        [
            ("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("gb18030", b""),
            ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE),
            ("utf-16-le", b""), ("utf-16-be", b""),
        ],
    )  # fmt: skip
    def test_encodings(self, encoding: str, mark: bytes) -> None:
        for text in (SAMPLE, SAMPLE * 40, "党建引领 2026年第3期\r\n" + SAMPLE):
            decoded = decode(mark + text.encode(encoding))
            assert decoded is not None
            assert decoded[0] == text

    def test_traditional_text_of_both_kinds(self) -> None:
        for encoding in ("big5", "gb18030", "utf-8"):
            assert decode(TRADITIONAL.encode(encoding)) == (TRADITIONAL, encoding)

    def test_binary_is_no_text(self) -> None:
        assert decode(bytes(range(256))) is None
        assert decode(b"\x01\x02abc") is None

    def test_a_broken_character_is_let_through_and_reported(self) -> None:
        data = (SAMPLE * 10).encode()
        reading = read_plain(data[:42] + b"\xff" + data[42:])
        assert reading.notices == (Notice("unreadable_characters", "有1个字符无法识别", 1),)

    def test_blocks_of_text(self) -> None:
        reading = read_plain("标题\r\n\r\n　　正文一。  \n  \n正文二。".encode("gb18030"))
        assert reading.format == "txt"
        assert texts(reading) == ["标题", "　　正文一。", "正文二。"]
        assert [notice.code for notice in reading.notices] == ["encoding"]

    def test_blocks_of_markdown(self) -> None:
        text = "# 经验做法\n\n**概况**\n第**条\n## 一、主要做法 ##\n"
        text += "| 项 | 数 |\n|---|---|\n| 甲 | 3 |\n"
        assert read_plain(text.encode(), markdown=True).blocks == (
            Block("body", "", "经验做法", level=1),
            Block("body", "", "概况", bold=True),
            Block("body", "", "第**条"),
            Block("body", "", "一、主要做法", level=2),
            Block("table", "", "项\t数"),
            Block("table", "", "甲\t3"),
        )

    @given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
    def test_utf_8_is_never_mistaken(self, text: str) -> None:
        assert decode(text.encode()) == (text.removeprefix("\ufeff"), "utf-8") or text.startswith(
            "\ufeff"
        )

    def test_a_text_that_is_no_draft(self) -> None:
        with pytest.raises(Refused) as caught:
            read_plain(b"a" * ((8 << 20) + 1))
        assert caught.value.reason == "too_large"

    @given(st.binary(max_size=400))
    def test_no_bytes_break_it(self, data: bytes) -> None:
        decode(data)


class TestLines:
    def test_wrapped_lines_become_paragraphs(self) -> None:
        wide = "一" * 28
        page = [
            "关于某事的报告",
            "　　" + wide[:26],
            wide,
            "完。",
            "一、" + "二" * 26,
            "三三。",
            "（一）四",
            "- 1 -",
        ]
        assert paragraphs([page]) == [
            "关于某事的报告",
            wide[:26] + wide + "完。",
            "一、" + "二" * 26 + "三三。",
            "（一）四",
        ]

    def test_a_paragraph_goes_on_over_the_page(self) -> None:
        wide = "一" * 28
        assert paragraphs([[wide, wide, "— 1 —"], ["二二。", "第 2 页 共 2 页"]]) == [
            wide + wide + "二二。"
        ]

    def test_latin_words_keep_their_space(self) -> None:
        line = "the quick brown fox jumps over it"
        assert paragraphs([[line, "and on"]]) == [line + " and on"]

    def test_a_year_is_no_page_number_inside_text(self) -> None:
        assert paragraphs([["2026年", "1949", "年"]]) == ["2026年", "1949", "年"]


class TestPages:
    WIDE = "一" * 28

    @pytest.mark.parametrize("make", [pdf, ofd])
    def test_text_layer(self, make: object) -> None:
        data = make(["关于党建的报告", self.WIDE, "二二。"], ["第二页的话。"])  # type: ignore[operator]
        kind = kind_of(data)
        reading = read(data)
        assert isinstance(reading, Reading)
        assert reading.format == kind
        assert texts(reading) == ["关于党建的报告", self.WIDE + "二二。", "第二页的话。"]

    @pytest.mark.parametrize("make", [pdf, ofd])
    def test_scan(self, make: object) -> None:
        answer = read(make([], picture=True))  # type: ignore[operator]
        assert isinstance(answer, Refusal)
        assert answer.reason == "scan_needs_ocr"

    @pytest.mark.parametrize("make", [pdf, ofd])
    def test_text_beside_a_picture(self, make: object) -> None:
        lines = [self.WIDE, "二二。"]
        assert texts(read(make(lines, picture=True))) == [self.WIDE + "二二。"]  # type: ignore[operator]

    @pytest.mark.parametrize("make", [pdf, ofd])
    def test_nothing(self, make: object) -> None:
        answer = read(make([]))  # type: ignore[operator]
        assert isinstance(answer, Refusal)
        assert answer.reason == "no_text"

    def test_password(self) -> None:
        assert reason(pdf(["甲"], password="x")) == "encrypted"
        assert reason(b"%PDF-1.4\n garbage") == "damaged_file"


def read(data: bytes, name: str = "稿件.docx") -> Reading | Refusal | Office:
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return read_native(Path(file.name), name)


def reason(data: bytes, name: str = "稿件.docx") -> str:
    answer = read(data, name)
    assert isinstance(answer, Refusal)
    return answer.reason


class TestRead:
    def test_suffix_says_nothing(self) -> None:
        for name in ("甲.docx", "甲.doc", "甲", "甲.pdf"):
            reading = read(docx("甲乙丙"), name)
            assert isinstance(reading, Reading)
            assert (reading.format, texts(reading)) == ("docx", ["甲乙丙"])

    def test_markdown_by_name_only(self) -> None:
        reading = read("# 甲".encode(), "甲.md")
        assert isinstance(reading, Reading)
        assert (reading.format, reading.blocks[0].level) == ("md", 1)
        assert texts(read("# 甲".encode(), "甲.txt")) == ["# 甲"]

    def test_what_needs_conversion(self) -> None:
        word = compound({"WordDocument": WORD_HEADER})
        assert read(word, "甲.wps") == Office("wps")
        assert read(word, "甲.docx") == Office("doc")
        assert read(b"{\\rtf1 a}") == Office("rtf")
        assert read(zipped(ODT)) == Office("odt")

    @pytest.mark.parametrize(
        ("expected", "data", "name"),
        [
            ("empty_file", b"", "甲.docx"),
            ("macro", zipped(docx_parts(body_xml(paragraph("甲")), MACRO)), "甲.docx"),
            ("macro", zipped({**docx_parts(b""), "word/vbaProject.bin": b""}), "甲.docx"),
            ("encrypted", compound({"EncryptedPackage": b"x"}), "甲.docx"),
            ("not_word", zipped(docx_parts(b"", SHEET)), "甲.docx"),
            ("not_word", compound({"Workbook": b"x"}), "甲.doc"),
            ("unknown_format", b"<html><body>x</body></html>", "甲.doc"),
            ("unknown_format", bytes(range(256)), "甲.docx"),
            ("unknown_encoding", bytes(range(256)), "甲.txt"),
            ("archive_nested", zipped({"a.docx": b"x"}), "甲.zip"),
            ("archive_format", b"7z\xbc\xaf\x27\x1c", "甲.7z"),
            ("scan_needs_ocr", b"\x89PNG\r\n\x1a\n", "甲.png"),
            ("no_text", docx("", "　"), "甲.docx"),
            ("no_text", b" \n\n ", "甲.txt"),
            ("damaged_zip", docx("甲" * 99)[:-40], "甲.docx"),
            ("damaged_xml", zipped(docx_parts(b"<w:document>")), "甲.docx"),
            ("hostile_xml", zipped(docx_parts(b"<!DOCTYPE a [] ><a/>")), "甲.docx"),
            ("hostile_zip", zipped({**docx_parts(b""), "x": bytes(20 << 20)}), "甲.docx"),
        ],
    )
    def test_reasons(self, expected: str, data: bytes, name: str) -> None:
        assert reason(data, name) == expected

    def test_conversion_is_said(self) -> None:
        made = Reading("docx", (Block("body", "", "甲"),), (Notice("pictures", "含图片1张"),))
        assert after_conversion(made, "wps") == Reading(
            "wps", made.blocks, (*made.notices, Notice("converted", "由.wps经LibreOffice转换"))
        )
        assert after_conversion(Refusal("damaged_zip"), "doc") == Refusal(
            "conversion_failed", "damaged_zip "
        )
        assert after_conversion(Refusal("no_text"), "doc") == Refusal("no_text")

    def test_a_span_of_two_hundred_million_columns(self) -> None:
        row = (
            '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="200000000"/></w:tcPr>'
            f"{paragraph('甲')}</w:tc></w:tr></w:tbl>"
        )
        assert texts(read(zipped(docx_parts(body_xml(row))))) == ["甲"]
