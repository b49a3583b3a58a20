"""Packages that are legal but odd, and what is wrong with the others."""

from __future__ import annotations

import pytest

from tests.support_docx import (
    element,
    members,
    notices,
    para,
    read_members,
    relationship,
    relationships,
    run,
    texts,
)
from word.reasons import Refused

STRICT = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main":
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships":
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "http://schemas.openxmlformats.org/officeDocument/2006/math":
        "http://purl.oclc.org/ooxml/officeDocument/math",
}  # fmt: skip
STYLES = '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="正文"/></w:style>'
FOOTNOTES = f'<w:footnote w:id="1">{para("脚注")}</w:footnote>'
BODY = para("甲", '<w:r><w:footnoteReference w:id="1"/></w:r>')


def strict(text: str) -> str:
    for transitional, name in STRICT.items():
        text = text.replace(transitional, name)
    return text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_strict_files_read_the_same(encoding: str, quote: str) -> None:
    formula = "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>"
    files = members(BODY + para(formula), styles=STYLES, footnotes=FOOTNOTES)
    expected = read_members(files)
    odd = {n: strict(str(t)).replace('"', quote).encode(encoding) for n, t in files.items()}
    assert read_members(odd) == expected
    assert texts(expected) == ["甲", "x", "1脚注"]


@pytest.mark.parametrize(
    "target",
    ["/word/styles.xml", "../word/styles.xml", "styles.xml#x", "STYLES.XML", "st%79les.xml"],
)
def test_odd_targets_are_found(target: str) -> None:
    files = members(para("甲"), styles=STYLES)
    files["word/_rels/document.xml.rels"] = relationships(relationship("s", "styles", target))
    assert [b.style for b in read_members(files).blocks] == ["正文"]


@pytest.mark.parametrize("target", ["NULL", "#_top", "", "../../../etc/passwd", "/", "missing.xml"])
def test_targets_that_lead_nowhere_do_no_harm(target: str) -> None:
    files = members(para("甲"))
    kinds = ("styles", "numbering", "footnotes", "comments", "settings", "image")
    files["word/_rels/document.xml.rels"] = relationships(
        *(relationship(kind, kind, target) for kind in kinds)
    )
    reading = read_members(files)
    assert (texts(reading), reading.notices) == (["甲"], ())


def test_the_main_part_may_lie_anywhere() -> None:
    files = members(para("甲"), styles=STYLES)
    moved = {
        "[Content_Types].xml": files["[Content_Types].xml"],
        "_rels/.rels": relationships(relationship("x", "officeDocument", "/text/main.xml")),
        "text/main.xml": files["word/document.xml"],
        "text/_rels/main.xml.rels": relationships(relationship("s", "styles", "../s.xml")),
        "s.xml": files["word/styles.xml"],
    }
    assert [(b.text, b.style) for b in read_members(moved).blocks] == [("甲", "正文")]


def test_without_relationships_the_main_part_is_found_by_type_or_name() -> None:
    files = members(para("甲"))
    del files["_rels/.rels"]
    assert texts(read_members(files)) == ["甲"]
    del files["[Content_Types].xml"]
    assert texts(read_members(files)) == ["甲"]


def test_a_package_without_a_document_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        read_members({"readme.txt": "x"})
    assert refused.value.reason == "not_word"


@pytest.mark.parametrize("part", ["footnotes", "comments", "numbering"])
def test_a_damaged_side_part_is_a_notice(part: str) -> None:
    place = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    mark = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    files = members(para("甲", mark, properties=place), **{part: ""})
    files[f"word/{part}.xml"] = "<w:broken"
    reading = read_members(files)
    assert texts(reading) == ["甲"]
    assert [n.message for n in reading.notices] == ["有1个附属部件损坏，其内容未读出"]


def test_a_hostile_side_part_refuses_the_file() -> None:
    files = members(BODY, footnotes="")
    files["word/footnotes.xml"] = "<!DOCTYPE x>" + element("footnotes", "")
    with pytest.raises(Refused) as refused:
        read_members(files)
    assert refused.value.reason == "hostile_xml"


def test_what_lies_outside_is_reported_and_not_fetched() -> None:
    outside = "http://example.invalid/x"
    rels = relationship("h", "hyperlink", outside, "External")
    rels += relationship("i", "image", outside, "External")
    files = members(
        para(f'<w:hyperlink r:id="h">{run("甲")}</w:hyperlink>'), rels=rels, settings=""
    )
    files["word/_rels/settings.xml.rels"] = relationships(
        relationship("t", "attachedTemplate", outside, "External")
    )
    reading = read_members(files)
    assert texts(reading) == ["甲"]
    assert notices(reading) == {"external_template": 1, "external_links": 1}
