"""Tables, notes, comments, headers, footers, charts and diagrams of a Word file."""

from __future__ import annotations

import pytest

from nlp.types import Block
from tests.support_docx import (
    NAMESPACES,
    box,
    element,
    field,
    members,
    notices,
    para,
    read,
    read_members,
    relationship,
    row,
    run,
    table,
    texts,
)


def cell(*inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(inner)}</w:tc>"


def note(kind: str, note_id: int, *paragraphs: str) -> str:
    return f'<w:{kind} w:id="{note_id}">{"".join(paragraphs)}</w:{kind}>'


def mark(kind: str, note_id: int, attributes: str = "") -> str:
    return f'<w:r><w:{kind}Reference w:id="{note_id}" {attributes}/></w:r>'


# Tables


def test_rows_come_as_blocks_with_cells_between_tabs() -> None:
    reading = read(para("前") + table(row("姓名", "单位"), row("甲", "城关镇")) + para("后"))
    assert reading.blocks == (
        Block("body", "", "前"),
        Block("table", "", "姓名\t单位"),
        Block("table", "", "甲\t城关镇"),
        Block("body", "", "后"),
    )


def test_merged_cells_come_once() -> None:
    start = cell(para("合并"), properties='<w:vMerge w:val="restart"/>')
    going_on = cell(para(), properties="<w:vMerge/>")
    wide = cell(para("跨列"), properties='<w:gridSpan w:val="2"/>')
    reading = read(
        table(f"<w:tr>{start}{cell(para('一'))}</w:tr>", f"<w:tr>{going_on}{wide}</w:tr>")
    )
    assert texts(reading) == ["合并\t一", "\t跨列"]
    assert reading.notices == ()


def test_text_in_a_continued_cell_is_hidden_text() -> None:
    going_on = cell(para("藏"), properties='<w:vMerge w:val="continue"/>')
    reading = read(table(f"<w:tr>{going_on}{cell(para('一'))}</w:tr>"))
    assert texts(reading) == ["\t一"]
    assert notices(reading) == {"hidden_text": 1}


def test_a_vertical_merge_over_many_rows_is_quick() -> None:
    going_on = f"<w:tr>{cell(para('甲'))}{cell(para(), properties='<w:vMerge/>')}</w:tr>"
    assert texts(read(table(going_on * 3000))) == ["甲\t"] * 3000


def test_paragraphs_of_a_cell_stand_on_lines() -> None:
    made = cell(para("一", "<w:r><w:tab/></w:r>", "二"), para("三"))
    assert texts(read(table(f"<w:tr>{made}{cell(para('四'))}</w:tr>"))) == ["一 二\n三\t四"]


def test_a_row_of_one_cell_is_a_frame_around_paragraphs() -> None:
    framed = cell(para("标题", properties='<w:jc w:val="center"/>'), para("正文"))
    reading = read(table(f"<w:tr>{framed}</w:tr>"))
    assert reading.blocks == (
        Block("table", "", "标题", align="center"),
        Block("table", "", "正文"),
    )


def test_nested_tables_follow_their_row() -> None:
    deepest = table(row("深", "丙"))
    inner = table(f"<w:tr>{cell(para('内'), deepest)}{cell(para('乙'))}</w:tr>")
    outer = table(
        f"<w:tr>{cell(para('外'), inner, para())}{cell(para('甲'))}</w:tr>", row("末", "")
    )
    reading = read(outer)
    assert texts(reading, "table") == ["外\t甲", "内\t乙", "深\t丙", "末\t"]
    assert notices(reading) == {"nested_tables": 2}


def test_controls_around_rows_and_cells() -> None:
    def control(inner: str) -> str:
        return f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    body = table(
        control(row("甲", "乙")), f"<w:tr>{control(cell(para('丙')))}{cell(para('丁'))}</w:tr>"
    )
    assert texts(read(body)) == ["甲\t乙", "丙\t丁"]


def test_deleted_rows_and_cells_are_gone() -> None:
    gone_row = row("删", "除").replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>")
    new_row = row("新", "增").replace("<w:tr>", "<w:tr><w:trPr><w:ins/></w:trPr>")
    gone_cell = cell(para("删"), properties="<w:cellDel/>")
    reading = read(
        table(gone_row, new_row, f"<w:tr>{cell(para('甲'))}{gone_cell}{cell(para('乙'))}</w:tr>")
    )
    assert texts(reading) == ["新\t增", "甲\t乙"]
    assert notices(reading) == {"tracked_changes": 2}


def test_a_text_box_in_a_cell_follows_the_row() -> None:
    made = table(f"<w:tr>{cell(para('甲', box(para('框'))))}{cell(para('乙'))}</w:tr>")
    assert [(b.layer, b.text) for b in read(made).blocks] == [
        ("table", "甲\t乙"),
        ("textbox", "框"),
    ]


def test_empty_rows_give_no_block() -> None:
    assert texts(read(table(row("", ""), row("甲", "")))) == ["甲\t"]


# Notes


def test_notes_follow_the_body_in_the_order_of_their_marks() -> None:
    body = para("甲", mark("footnote", 3), mark("endnote", 2)) + para("乙", mark("footnote", 1))
    footnotes = (
        note("footnote", -1, para("分隔线"))
        + note("footnote", 1, para("<w:r><w:footnoteRef/></w:r>", " 脚注二"), para("续"))
        + note("footnote", 3, para("脚注一"))
        + note("footnote", 4, para("无人引用"))
    )
    reading = read(body, footnotes=footnotes, endnotes=note("endnote", 2, para("尾注")))
    assert reading.blocks[2:] == (
        Block("footnote", "1", "脚注一"),
        Block("footnote", "2", "脚注二"),
        Block("footnote", "", "续"),
        Block("endnote", "i", "尾注"),
    )
    assert [n.message for n in reading.notices] == ["含脚注2条", "含尾注1条"]


def test_note_numbers_as_the_settings_and_sections_say() -> None:
    own = (
        '<w:sectPr><w:footnotePr><w:numFmt w:val="decimalEnclosedCircle"/>'
        '<w:numRestart w:val="eachSect"/><w:numStart w:val="3"/></w:footnotePr></w:sectPr>'
    )
    body = (
        para("甲", mark("footnote", 1))
        + para("乙", mark("footnote", 2), properties=own)
        + para("丙", mark("footnote", 3))
        + "<w:sectPr/>"
    )
    reading = read(
        body,
        footnotes="".join(note("footnote", i, para(str(i))) for i in (1, 2, 3)),
        settings='<w:footnotePr><w:numFmt w:val="upperRoman"/></w:footnotePr>',
    )
    assert texts(reading, "footnote") == ["③1", "④2", "V3"]


def test_custom_note_marks_are_not_counted() -> None:
    body = para("甲", mark("footnote", 1, 'w:customMarkFollows="1"'), "*", mark("footnote", 2))
    footnotes = note("footnote", 1, para("星")) + note("footnote", 2, para("一"))
    assert texts(read(body, footnotes=footnotes)) == ["甲*", "星", "1一"]


def test_a_note_with_a_deleted_mark_is_gone() -> None:
    body = para("甲", f"<w:del>{mark('footnote', 1)}</w:del>")
    assert texts(read(body, footnotes=note("footnote", 1, para("脚注")))) == ["甲"]


def test_notes_numbered_by_page_are_reported() -> None:
    settings = '<w:footnotePr><w:numRestart w:val="eachPage"/></w:footnotePr>'
    footnotes = note("footnote", 1, para("脚注"))
    reading = read(para("甲", mark("footnote", 1)), footnotes=footnotes, settings=settings)
    assert notices(reading) == {"footnotes": 1, "note_numbers": 1}


def test_marks_in_tables_and_text_boxes_count() -> None:
    body = table(row("甲", "乙").replace(run("乙"), run("乙") + mark("footnote", 1)))
    body += para("丙", box(para("框", mark("footnote", 2))))
    footnotes = note("footnote", 1, para("一")) + note("footnote", 2, para("二"))
    assert texts(read(body, footnotes=footnotes), "footnote") == ["1一", "2二"]


# Comments


def test_comments_are_a_layer_of_their_own() -> None:
    comments = note("comment", 0, para("请核实"), para("数字")) + note("comment", 1, para("同意"))
    reading = read(para("甲"), comments=comments)
    assert texts(reading, "comment") == ["请核实", "数字", "同意"]
    assert [n.message for n in reading.notices] == ["含批注2条"]


# Headers and footers


def margins(body: str, settings: str = "", **parts: str) -> list[tuple[str, str]]:
    """Read with header and footer parts; a part is related by its name."""
    rels = "".join(relationship(n, n[:6], f"{n}.xml") for n in parts)
    files = members(body, rels=rels, settings=settings)
    files |= {f"word/{n}.xml": element("hdr", inner) for n, inner in parts.items()}
    return [(b.layer, b.text) for b in read_members(files).blocks if b.layer != "body"]


def section(*references: str, extra: str = "") -> str:
    made = "".join(
        f'<w:{name[:6]}Reference w:type="{kind}" r:id="{name}"/>'
        for name, kind in (reference.split() for reference in references)
    )
    return f"<w:sectPr>{made}{extra}</w:sectPr>"


def test_headers_and_footers_of_the_sections() -> None:
    body = para("甲", properties=section("header1 default")) + section("footer1 default")
    found = margins(
        body, header1=para("内部资料"), footer1=para("某办公室"), header2=para("没用上")
    )
    assert found == [("header", "内部资料"), ("footer", "某办公室")]


def test_the_same_header_is_read_once() -> None:
    body = para("甲", properties=section("header1 default")) + section("header2 default")
    assert margins(body, header1=para("同"), header2=para("同") + para("异")) == [
        ("header", "同"),
        ("header", "异"),
    ]


def test_headers_that_do_not_show_are_left_out() -> None:
    body = para("甲") + section("header1 first", "header2 even", "header3 default")
    parts = {"header1": para("首页"), "header2": para("偶数页"), "header3": para("各页")}
    assert margins(body, **parts) == [("header", "各页")]
    shown = body.replace("</w:sectPr>", "<w:titlePg/></w:sectPr>")
    assert margins(shown, "<w:evenAndOddHeaders/>", **parts) == [
        ("header", "首页"),
        ("header", "偶数页"),
        ("header", "各页"),
    ]


@pytest.mark.parametrize(
    "inner",
    [
        para("— ", field("PAGE", run("3")), " —"),
        para("第", field("PAGE", run("3")), "页 共", field("NUMPAGES", run("9")), "页"),
        para("Page ", field("PAGE", run("3")), " of 9"),
        para(box(para(field("PAGE", run("iv"))))),
        para("- ", field("PAGE"), " -"),
    ],
)
def test_bare_page_numbers_are_dropped(inner: str) -> None:
    assert margins(para("甲") + section("footer1 default"), footer1=inner + para("留")) == [
        ("footer", "留")
    ]


# Drawings that live in other parts


def test_charts_and_diagrams_give_their_words() -> None:
    chart = '<w:r><w:drawing><c:chart r:id="c1"/></w:drawing></w:r>'
    diagram = '<w:r><w:drawing><dgm:relIds r:dm="d1"/></w:drawing></w:r>'
    rels = relationship("c1", "chart", "charts/chart1.xml")
    rels += relationship("d1", "diagramData", "diagrams/data1.xml")
    files = members(para("甲", chart, diagram), rels=rels)

    def words(text: str) -> str:
        return f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"

    files["word/charts/chart1.xml"] = (
        f"<c:chartSpace {NAMESPACES}><c:chart><c:title><c:tx><c:rich>{words('各乡镇情况')}</c:rich>"
        "</c:tx></c:title></c:chart></c:chartSpace>"
    )
    files["word/diagrams/data1.xml"] = (
        f"<dgm:dataModel {NAMESPACES}><dgm:ptLst><dgm:pt><dgm:t>{words('受理')}{words('登记')}"
        f'</dgm:t></dgm:pt><dgm:pt type="pres"><dgm:t>{words("不显示")}</dgm:t></dgm:pt>'
        "</dgm:ptLst></dgm:dataModel>"
    )
    reading = read_members(files)
    assert texts(reading, "textbox") == ["各乡镇情况", "受理", "登记"]
    assert notices(reading) == {"charts": 1, "diagrams": 1}
