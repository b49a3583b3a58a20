"""A body in pieces reads as the whole, and what is malformed is refused either way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.types import Reading, Refusal
from tests.support_docx import box, element, field, members, para, read, read_members, row, run
from tests.support_docx import table as rows
from word.guard import parse_xml
from word.package import parse
from word.pieces import cut_body
from word.reasons import Refused

STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="正文"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="h"><w:name w:val="heading 2"/>'
    '<w:rPr><w:b/><w:vanish w:val="0"/></w:rPr></w:style>'
)
PROPERTIES = (
    "",
    '<w:pStyle w:val="h"/>',
    '<w:jc w:val="center"/>',
    '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>',
    "<w:rPr><w:del/></w:rPr>",
    "<w:sectPr/>",
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
RUNS = (
    run("走访群众"),
    run("走访群众", "<w:b/>"),
    run("共三户", '<w:sz w:val="32"/>'),
    run("暗", "<w:vanish/>"),
    run(" 空 格 "),
    "<w:r><w:t> 空 格 </w:t></w:r>",
    "<w:r><w:rPr><w:i/></w:rPr><w:tab/><w:lastRenderedPageBreak/><w:t>制表</w:t></w:r>",
    "<w:r><w:t/></w:r>",
    "<w:r><w:t></w:t></w:r>",
    run("甲&amp;乙&#x4E00;"),
    run("甲>乙"),
    "<w:r><w:br/></w:r>",
    '<w:r w:rsidR="00A1"><w:t>换\n行</w:t><w:br/><w:t>下行</w:t></w:r>',
    '<w:ins w:id="1"><w:r><w:t>增</w:t></w:r></w:ins>',
    '<w:bookmarkStart w:id="0" w:name="x"/>',
    field("REF x", run("域")),
    '<w:r><w:fldChar w:fldCharType="begin"/><w:t>残</w:t></w:r>',
    box(para("框中")),
)
OTHERS = (
    rows(row("甲", "乙")),
    rows(row(f"<w:tc>{rows(row('内', '表'))}</w:tc>", "外")),
    f"<w:sdt><w:sdtContent>{para('控件')}</w:sdtContent></w:sdt>",
    "<w:p/>",
    '<w:p w:rsidR="00A1"/>',
    '<w:bookmarkEnd w:id="0"/>',
    "\n",
    "<w:sectPr/>",
)
paragraphs = st.builds(
    lambda properties, inner: para(*inner, properties=properties),
    st.sampled_from(PROPERTIES),
    st.lists(st.sampled_from(RUNS[:8] * 4 + RUNS), max_size=5),
)
bodies = st.lists(paragraphs | paragraphs | st.sampled_from(OTHERS), max_size=7).map("".join)


@contextmanager
def whole() -> Iterator[None]:
    """Bodies are parsed as wholes."""
    with patch("word.docx.cut_body", return_value=None):
        yield


def verdict(document: str | bytes) -> Reading | Refusal:
    files = members("", styles=STYLES, numbering=NUMBERING) | {"word/document.xml": document}
    try:
        return read_members(files)
    except Refused as refused:
        return Refusal(refused.reason)


@settings(max_examples=250, deadline=None)
@given(bodies)
def test_pieces_read_as_the_whole(body: str) -> None:
    document = element("document", f"<w:body>{body}</w:body>")
    found = verdict(document)
    with whole():
        assert found == verdict(document)
    assert isinstance(found, Reading)


@settings(max_examples=250, deadline=None)
@given(bodies, st.data())
def test_a_broken_body_gets_the_same_verdict(body: str, data: st.DataObject) -> None:
    document = element("document", f"<w:body>{para('首段')}{body}</w:body>")
    at = data.draw(st.integers(document.index("<w:body>"), len(document)))
    cut = data.draw(st.integers(0, 12))
    extra = data.draw(st.sampled_from(["", "<", ">", "&", "]]>", "\x01", "\ufffe", "\r", "</w:p>"]))
    broken = (document[:at] + extra + document[at + cut :]).encode()
    found = verdict(broken)
    with whole():
        assert found == verdict(broken)


@pytest.mark.parametrize(
    "broken",
    [
        *(run(text) for text in ("甲<乙", "甲&乙", "甲]]>乙", "甲\x01", "甲\ufffe", "甲&nbsp;")),
        "<w:r><w:t>甲</w:t>",
        '<w:r x="1" x="2"><w:t>甲</w:t></w:r>',
        "<w:r><q:rPr/><w:t>甲</w:t></w:r>",
    ],
)
def test_what_is_not_well_formed_is_refused(broken: str) -> None:
    body = f"{para('首段')}<w:p>{broken}</w:p>"
    document = element("document", f"<w:body>{body}</w:body>")
    assert verdict(document) == Refusal("damaged_xml")
    start = document.replace("<w:p><w:pPr>", '<w:p x="1" x="2"><w:pPr>').replace(broken, run("甲"))
    assert verdict(start) == Refusal("damaged_xml")


@pytest.mark.parametrize("body", [para("甲"), para("甲") + rows(row("乙", "丙")) + para("丁")])
def test_common_bodies_are_taken_apart(body: str) -> None:
    assert cut_body(element("document", f"<w:body>{body}</w:body>").encode(), parse) is not None


def test_what_repeats_is_parsed_once() -> None:
    parsed: list[bytes] = []

    def watched(data: bytes) -> object:
        parsed.append(data)
        return parse_xml(data)

    body = "".join(para(f"第{n}段", run("强调", "<w:b/>")) for n in range(200))
    found = cut_body(element("document", f"<w:body>{body}</w:body>").encode(), watched)
    assert found is not None
    assert len(found.children) == 200
    assert [data.count(b"<w:r>") for data in parsed] == [2]


def test_a_damaged_sheet_of_one_file_says_nothing_of_the_next() -> None:
    damaged = STYLES + "<!-- --><w:style"
    first = read(para("甲", properties='<w:pStyle w:val="h"/>'), styles=damaged)
    again = read(para("甲", properties='<w:pStyle w:val="h"/>'), styles=damaged)
    sound = read(para("甲", properties='<w:pStyle w:val="h"/>'), styles=STYLES)
    assert [n.code for n in first.notices] == ["damaged_parts"]
    assert again == first
    assert (sound.notices, sound.blocks[0].level) == ((), 2)


def test_lists_of_files_with_the_same_definitions_count_apart() -> None:
    item = para("甲", properties=PROPERTIES[3])
    for _ in range(2):
        labels = [block.label for block in read(item * 2, numbering=NUMBERING).blocks]
        assert labels == ["一、", "二、"]
