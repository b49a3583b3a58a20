"""What is read of a paragraph: every construct in which Word keeps text, in its final view."""

from __future__ import annotations

import pytest

from nlp.types import Block
from tests.support_docx import box, field, members, notices, para, read, read_members, run, texts
from word.reasons import Refused

VANISH = "<w:vanish/>"


def inserted(inner: str) -> str:
    return f'<w:ins w:id="1" w:author="x">{inner}</w:ins>'


def deleted(text: str) -> str:
    return f'<w:del w:id="2" w:author="x"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def control(inner: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def simple(instruction: str, inner: str) -> str:
    return f'<w:fldSimple w:instr="{instruction}">{inner}</w:fldSimple>'


def alternate(choice: str, fallback: str, requires: str = "w14") -> str:
    return (
        f'<mc:AlternateContent><mc:Choice Requires="{requires}">{choice}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )


RUBY = (
    "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>pīnyīn</w:t></w:r></w:rt>"
    "<w:rubyBase><w:r><w:t>标记</w:t></w:r></w:rubyBase></w:ruby></w:r>"
)
MOVED_TO = f'<w:moveTo w:id="3" w:author="x">{run("标记")}</w:moveTo>'
MOVED_FROM = f'<w:moveFrom w:id="3" w:author="x">{run("标记")}</w:moveFrom>'
FORMULA = (
    "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num>"
    "<m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>"
)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (run("标记"), "标记"),
        (inserted(run("标记")), "标记"),
        (deleted("标记"), ""),
        (inserted(deleted("标记")), ""),
        (MOVED_TO, "标记"),
        (MOVED_FROM, ""),
        (control(run("标记")), "标记"),
        (control(control(run("标记"))), "标记"),
        (f'<w:smartTag w:element="chsdate">{run("标记")}</w:smartTag>', "标记"),
        (f'<w:customXml w:element="x">{run("标记")}</w:customXml>', "标记"),
        (f'<w:hyperlink r:id="none">{run("标记")}</w:hyperlink>', "标记"),
        (f'<w:bdo w:val="ltr">{run("标记")}</w:bdo>', "标记"),
        (simple("DATE", run("标记")), "标记"),
        (field(" DATE ", run("标记")), "标记"),
        (field(" IF ", run("标记") + field(" REF x ", run("内层"))), "标记内层"),
        (run("标记", VANISH), ""),
        (run("标记", '<w:vanish w:val="0"/>'), "标记"),
        (run("标记", "<w:webHidden/>"), "标记"),
        (RUBY, "标记"),
        (alternate(run("标记"), run("标记")), "标记"),
        (alternate(run("不懂"), run("标记"), "v"), "标记"),
        ("<w:r>" + alternate("<w:t>标记</w:t>", "<w:t>标记</w:t>") + "</w:r>", "标记"),
        (FORMULA, "a/b"),
        ("<m:oMathPara>" + FORMULA + "</m:oMathPara>", "a/b"),
        ("<w:r><w:t>甲</w:t><w:noBreakHyphen/><w:t>乙</w:t></w:r>", "甲-乙"),
        ("<w:r><w:t>甲</w:t><w:softHyphen/><w:t>乙</w:t></w:r>", "甲乙"),
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:ptab/><w:t>丙</w:t></w:r>", "甲\t乙\t丙"),
        ("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:cr/><w:t>丙</w:t></w:r>", "甲\n乙\n丙"),
        ('<w:r><w:br w:type="page"/><w:t>甲</w:t><w:br/></w:r>', "甲"),
        ("<w:r><w:lastRenderedPageBreak/><w:t>甲</w:t></w:r>", "甲"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r>', "α"),
        ('<w:r><w:sym w:font="宋体" w:char="2460"/></w:r>', "①"),
        ("<w:r><w:t>  甲 </w:t></w:r>", "甲"),
        ('<w:r><w:t xml:space="preserve">　　甲 </w:t></w:r>', "　　甲 "),
        ("<w:r><w:t>甲\n乙</w:t></w:r>", "甲 乙"),
    ],
)
def test_text_of_a_paragraph(inner: str, expected: str) -> None:
    assert texts(read(para(inner))) == ([expected] if expected else [])


def test_the_marks_of_a_paragraph_stand_in_its_block() -> None:
    reading = read(para("甲", properties='<w:jc w:val="center"/><w:outlineLvl w:val="1"/>'))
    assert reading.blocks == (Block("body", "", "甲", level=2, align="center"),)
    assert (reading.format, reading.notices) == ("docx", ())


def test_tracked_changes_are_counted() -> None:
    inner = inserted(run("甲")) + inserted(run("乙")) + deleted("丙") + MOVED_FROM + MOVED_TO
    (notice,) = read(para(inner)).notices
    assert notice.code == "tracked_changes"
    assert notice.message == "含修订痕迹（插入2处、删除1处、移动1处）"
    assert notice.count == 4


def test_a_deleted_paragraph_mark_joins_what_it_parted() -> None:
    gone = "<w:rPr><w:del/></w:rPr>"
    reading = read(
        para("甲", properties='<w:jc w:val="center"/>' + gone)
        + para(deleted("乙"), properties=gone)
        + para("丙", properties='<w:jc w:val="right"/>')
    )
    assert [(b.text, b.align) for b in reading.blocks] == [("甲丙", "right")]
    assert notices(reading) == {"tracked_changes": 2}


def test_a_join_with_an_emptied_paragraph_keeps_the_looks_of_the_text() -> None:
    gone = '<w:jc w:val="center"/><w:rPr><w:del/></w:rPr>'
    reading = read(para("甲", properties=gone) + para(deleted("乙")))
    assert [(b.text, b.align) for b in reading.blocks] == [("甲", "center")]


def test_a_style_separator_runs_heading_and_text_together() -> None:
    hidden = '<w:outlineLvl w:val="0"/><w:rPr><w:vanish/><w:specVanish/></w:rPr>'
    reading = read(para("一、目标。", properties=hidden) + para("全年完成。") + para("二"))
    assert [(b.text, b.level) for b in reading.blocks] == [("一、目标。全年完成。", 1), ("二", 0)]


def test_a_last_paragraph_without_a_mark_is_not_lost() -> None:
    gone = "<w:rPr><w:del/></w:rPr>"
    assert texts(read(para("甲", properties=gone))) == ["甲"]


def test_hidden_text_is_dropped_and_reported() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="P"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    character, paragraph = '<w:rStyle w:val="H"/>', '<w:pStyle w:val="P"/>'
    reading = read(
        para(run("甲", VANISH), run("乙", character), "留")
        + para("丙", properties=paragraph)
        + para(run("丁", '<w:vanish w:val="false"/>'), properties=paragraph)
        + para(run("戊", character), properties=paragraph),  # a toggle: twice hidden is shown
        styles=styles,
    )
    assert texts(reading) == ["留", "丁", "戊"]
    assert [n.message for n in reading.notices] == ["含隐藏文字3处（未计入正文）"]


def test_fields_over_several_paragraphs() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    body = para(begin, separate, "目录一") + para(field("PAGEREF", run("3"))) + para(end, "正文")
    assert texts(read(body)) == ["目录一", "3", "正文"]


def test_text_between_begin_and_separator_is_instruction() -> None:
    nested = field("MERGEFIELD 甲", run("内层"))
    begin, rest = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        (
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + run("结果")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        ),
    )
    assert texts(read(para(begin, nested, rest))) == ["结果"]


def test_deleted_field_marks_still_count() -> None:
    def gone(kind: str) -> str:
        return f'<w:del><w:r><w:fldChar w:fldCharType="{kind}"/></w:r></w:del>'

    body = para(gone("begin"), gone("separate"), "甲", gone("end"), "乙")
    assert texts(read(body)) == ["甲乙"]


def test_hidden_field_marks_still_count() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="P"><w:rPr><w:vanish/></w:rPr></w:style>'
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    body = para(begin, field("REF x", run("藏")), properties='<w:pStyle w:val="P"/>')
    end = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("果")
    body += para(end, '<w:r><w:fldChar w:fldCharType="end"/></w:r>', "甲")
    assert texts(read(body, styles=styles)) == ["果甲"]


@pytest.mark.parametrize("kinds", [["begin"], ["end"], ["separate", "begin"], ["end", "begin"]])
def test_a_broken_field_does_not_swallow_the_text(kinds: list[str]) -> None:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in kinds]
    reading = read(para(*marks, "甲") + para("乙"))
    assert texts(reading) == ["甲", "乙"]
    assert notices(reading) == {"broken_fields": 1}


@pytest.mark.parametrize(
    ("instruction", "begin", "expected"),
    [
        (r"eq \o\ac(○,7)", "", "⑦"),
        (r"EQ \o\ac(○,甲)", "", "甲"),
        (r"eq \o\ac(□,28)", "", "28"),
        (r'EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(zǔ zhī),组织)', "", "组织"),
        (r'SYMBOL 254 \f "Wingdings" \s 12', "", "☑"),
        ("FORMCHECKBOX", "<w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData>", "☑"),
        (
            "FORMCHECKBOX",
            '<w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData>',
            "□",
        ),
        (
            "FORMDROPDOWN",
            '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="城区"/>'
            '<w:listEntry w:val="山区"/></w:ddList></w:ffData>',
            "山区",
        ),
        ("MACROBUTTON Nothing 单击填写", "", "单击填写"),
        ("XE 词条", "", ""),
    ],
)
def test_fields_without_a_stored_result(instruction: str, begin: str, expected: str) -> None:
    reading = read(para("前", field(instruction, begin=begin), "后"))
    assert texts(reading) == [f"前{expected}后"]
    assert reading.notices == ()


def test_a_field_that_cannot_be_told_is_reported() -> None:
    reading = read(para("前", field(r"EQ \a \al (甲,乙)")))
    assert texts(reading) == ["前"]
    assert notices(reading) == {"unknown_fields": 1}


def test_text_boxes_come_once_after_their_paragraph() -> None:
    reading = read(para("甲", box(para("框一"), para("框二")), "乙") + para("丙"))
    assert [(b.layer, b.text) for b in reading.blocks] == [
        ("body", "甲乙"),
        ("textbox", "框一"),
        ("textbox", "框二"),
        ("body", "丙"),
    ]
    assert [n.message for n in reading.notices] == ["含1个文本框"]


def test_old_text_boxes_and_word_art() -> None:
    shape = (
        f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{para('框')}</w:txbxContent></v:textbox>"
        '</v:shape><v:shape><v:textpath string="艺术字"/></v:shape></w:pict></w:r>'
    )
    assert texts(read(para(shape)), "textbox") == ["框", "艺术字"]


def test_a_text_box_in_a_text_box() -> None:
    assert texts(read(para("甲", box(para("外", box(para("内"))))))) == ["甲", "外", "内"]


def test_a_text_box_in_deleted_or_hidden_text_is_gone() -> None:
    hidden = box(para("框")).replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>", 1)
    assert texts(read(para("甲", f"<w:del>{box(para('框'))}</w:del>", hidden))) == ["甲"]


def test_pictures_and_objects_are_reported() -> None:
    picture = "<w:r><w:drawing><wp:inline><pic:pic/></wp:inline></w:drawing></w:r>"
    old = "<w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>"

    def embedded(program: str) -> str:
        ole = f'<o:OLEObject ProgID="{program}"/>'
        return f"<w:r><w:object><v:shape><v:imagedata/></v:shape>{ole}</w:object></w:r>"

    body = para("甲", picture, picture, old, embedded("Excel.Sheet.12"), embedded("Equation.3"))
    reading = read(body)
    assert texts(reading) == ["甲"]
    assert [n.message for n in reading.notices] == [
        "含图片3张",
        "含公式对象1个（内容未读出）",
        "含嵌入对象1个（内容未读出）",
    ]


def test_content_controls_around_blocks() -> None:
    empty = control(para("单击此处"), "<w:showingPlcHdr/>")
    reading = read(control(para("甲") + control(para("乙"))) + empty)
    assert texts(reading) == ["甲", "乙", "单击此处"]
    assert notices(reading) == {"placeholders": 1}


def test_wrappers_around_blocks() -> None:
    body = (
        f'<w:customXml w:element="x">{para("甲")}</w:customXml>'
        + inserted(para("乙"))
        + f"<w:del>{para('丙')}</w:del>"
        + alternate(para("丁"), para("丁"))
        + f"<w:unheardOf>{para('戊')}</w:unheardOf>"
        + FORMULA
    )
    assert texts(read(body)) == ["甲", "乙", "丁", "戊", "a/b"]


def test_what_lies_in_other_files_is_reported() -> None:
    reading = read(para("甲") + '<w:altChunk r:id="x"/><w:subDoc r:id="y"/>')
    assert texts(reading) == ["甲"]
    assert notices(reading) == {"alt_chunk": 1, "sub_documents": 1}


def test_an_unknown_symbol_is_shown_as_a_box_and_reported() -> None:
    reading = read(para('<w:r><w:sym w:font="Webdings" w:char="F021"/><w:t>甲</w:t></w:r>'))
    assert texts(reading) == ["□甲"]
    assert notices(reading) == {"unknown_symbols": 1}


def test_empty_paragraphs_give_no_block() -> None:
    assert texts(read(para() + para(" ") + para("<w:r><w:br/></w:r>") + para("甲"))) == ["甲"]


def test_what_is_not_a_word_document_is_refused() -> None:
    files = members("")
    files["word/document.xml"] = "<workbook/>"
    with pytest.raises(Refused) as refused:
        read_members(files)
    assert refused.value.reason == "not_word"


def test_deep_nesting_is_read() -> None:
    inner = run("甲")
    for _ in range(50):  # 100 elements deep, the guard allows 128
        inner = control(inner)
    assert texts(read(para(inner))) == ["甲"]


def test_the_deepest_nesting_that_the_guard_allows_is_read() -> None:
    inner = run("甲")
    for _ in range(122):  # document, body, p … r, t: 127 of 128
        inner = inserted(inner)
    assert texts(read(para(inner))) == ["甲"]


def test_a_wide_span_costs_nothing() -> None:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="200000000"/></w:tcPr>{para("甲")}</w:tc>'
    assert texts(read(f"<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl>")) == ["甲\t甲"]
