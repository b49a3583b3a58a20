"""What a paragraph inherits: style name, outline level, alignment, size, bold."""

from __future__ import annotations

import pytest

from tests.support_docx import NAMESPACES, notices, para, read, run
from word.guard import parse_xml
from word.sheet import Sheet

DEFAULTS = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="21"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:jc w:val="both"/></w:pPr></w:pPrDefault></w:docDefaults>'
)
STYLES = (
    DEFAULTS
    + '<w:style w:type="character" w:default="1" w:styleId="c"><w:name w:val="Char"/></w:style>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>'
    '<w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="t1"><w:name w:val="公文标题"/><w:basedOn w:val="1"/>'
    '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:sz w:val="44"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="o"><w:name w:val="heading 3"/>'
    '<w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
    '<w:style w:type="character" w:styleId="s"><w:name w:val="Strong"/>'
    '<w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="x"><w:name w:val="甲"/><w:basedOn w:val="y"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="y"><w:name w:val="乙"/><w:basedOn w:val="x"/></w:style>'
)


def look(
    *inner: str, properties: str = "", styles: str = STYLES
) -> tuple[str, int, str, float, bool]:
    (b,) = read(para(*inner, properties=properties), styles=styles).blocks
    return b.style, b.level, b.align, b.size, b.bold


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("", ("Normal", 0, "both", 10.5, False)),
        ('<w:pStyle w:val="1"/>', ("heading 1", 1, "both", 16.0, True)),
        ('<w:pStyle w:val="t1"/>', ("公文标题", 1, "center", 22.0, True)),
        ('<w:pStyle w:val="t1"/><w:jc w:val="end"/>', ("公文标题", 1, "right", 22.0, True)),
        ('<w:pStyle w:val="t1"/><w:outlineLvl w:val="9"/>', ("公文标题", 0, "center", 22.0, True)),
        ('<w:outlineLvl w:val="8"/>', ("Normal", 9, "both", 10.5, False)),
        ('<w:pStyle w:val="o"/>', ("heading 3", 0, "both", 10.5, False)),
        ('<w:pStyle w:val="missing"/>', ("Normal", 0, "both", 10.5, False)),
        ('<w:pStyle w:val="x"/>', ("甲", 0, "both", 10.5, False)),
        ('<w:jc w:val="bogus"/>', ("Normal", 0, "both", 10.5, False)),
        ('<w:jc w:val="start"/>', ("Normal", 0, "left", 10.5, False)),
        ('<w:jc w:val="distribute"/>', ("Normal", 0, "both", 10.5, False)),
    ],
)
def test_paragraph_styles(properties: str, expected: tuple[str, int, str, float, bool]) -> None:
    assert look("文", properties=properties) == expected


@pytest.mark.parametrize(
    ("style", "direct", "expected"),
    [
        ("a", "", (10.5, False)),
        ("a", '<w:sz w:val="36"/><w:b/>', (18.0, True)),
        ("a", '<w:sz w:val="12pt"/>', (12.0, False)),
        ("a", '<w:sz w:val="nonsense"/>', (10.5, False)),
        ("a", '<w:rStyle w:val="s"/>', (14.0, True)),
        ("1", '<w:rStyle w:val="s"/>', (14.0, False)),  # a toggle: bold twice is not bold
        ("1", '<w:b w:val="0"/>', (16.0, False)),
    ],
)
def test_run_styles(style: str, direct: str, expected: tuple[float, bool]) -> None:
    assert look(run("文", direct), properties=f'<w:pStyle w:val="{style}"/>')[3:] == expected


def test_size_and_weight_are_those_of_most_of_the_text() -> None:
    large, bold = '<w:sz w:val="44"/>', "<w:b/>"
    assert look(run("大字", large), run("小字小", bold))[3:] == (10.5, True)
    assert look(run("大字大字", large), run("小字小", bold))[3:] == (22.0, False)


def test_without_a_styles_part_nothing_is_known() -> None:
    (block,) = read(para("文", properties='<w:pStyle w:val="1"/>')).blocks
    assert (block.style, block.level, block.size) == ("", 0, 0.0)


def test_without_defaults_words_own_size_holds() -> None:
    assert look("文", styles='<w:style w:type="paragraph" w:styleId="a"/>')[3] == 10.0


@pytest.mark.parametrize("name", ["heading 2", "Heading 2", "标题 2", "标题2"])
def test_headings_by_name(name: str) -> None:
    styles = f'<w:style w:type="paragraph" w:styleId="z"><w:name w:val="{name}"/></w:style>'
    assert look("文", properties='<w:pStyle w:val="z"/>', styles=styles)[:2] == (name, 2)


def test_a_damaged_styles_part_is_a_notice() -> None:
    reading = read(para("文"), styles="<w:style></w:wrong>")
    assert [b.text for b in reading.blocks] == ["文"]
    assert notices(reading) == {"damaged_parts": 1}


# The same answers, whether an element is cut out of the bytes or found in the tree

PLAIN = f"<w:styles {NAMESPACES}>{STYLES}</w:styles>".encode()
VARIANTS = {
    "plain": PLAIN,
    "declared": b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + PLAIN,
    "comment": PLAIN.replace(b"<w:docDefaults>", b'<!-- w:styleId="1" --><w:docDefaults>'),
    "cdata": PLAIN.replace(b"</w:styles>", b"<w:x><![CDATA[<w:style ]]></w:x></w:styles>"),
    "single quotes": PLAIN.replace(b'"', b"'"),
    "other prefix": PLAIN.replace(b"w:", b"word:").replace(b"xmlns:w=", b"xmlns:word="),
    "utf-16": PLAIN.decode().encode("utf-16"),
    "gbk": b'<?xml version="1.0" encoding="gbk"?>' + PLAIN.decode().encode("gbk"),
    "wider tags": PLAIN.replace(b"<w:style w:type=", b"<w:style  w:type=").replace(b'">', b'" >'),
}


@pytest.mark.parametrize("data", VARIANTS.values(), ids=VARIANTS)
def test_a_sheet_finds_the_same_however_it_is_written(data: bytes) -> None:
    sheet = Sheet(data, parse_xml)
    name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}name"
    value = name.replace("name", "val")
    assert sheet.default_style() == "a"
    assert [sheet.find("style", "styleId", i).find(name).get(value) for i in ("t1", "1", "x")] == [
        "公文标题", "heading 1", "甲",
    ]  # fmt: skip
    assert sheet.find("style", "styleId", "none") is None
    assert sheet.first("docDefaults") is not None
    assert Sheet(data, parse_xml).first("latentStyles") is None


def test_a_sheet_needs_the_tree_only_when_it_must() -> None:
    parsed: list[bytes] = []

    def parse(data: bytes) -> object:
        parsed.append(data)
        return parse_xml(data)

    sheet = Sheet(PLAIN, parse)
    assert sheet.find("style", "styleId", "t1") is not None
    assert max(map(len, parsed)) < len(PLAIN)
    assert sheet.find("style", "styleId", "none") is None
    assert max(map(len, parsed)) == len(PLAIN)


def test_a_sheet_with_many_questions_answers_from_the_tree() -> None:
    many = "".join(f'<w:style w:type="paragraph" w:styleId="s{i}"/>' for i in range(600))
    parsed: list[int] = []

    def parse(data: bytes) -> object:
        parsed.append(len(data))
        return parse_xml(data)

    sheet = Sheet(f"<w:styles {NAMESPACES}>{many}</w:styles>".encode(), parse)
    assert all(sheet.find("style", "styleId", f"s{i}") is not None for i in range(600))
    assert len(parsed) == 201
