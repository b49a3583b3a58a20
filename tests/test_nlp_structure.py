from __future__ import annotations

import pytest

from nlp.types import Notice, Paragraph
from tests.support_text import block, draft, drafts, prose, roles


def test_a_plain_draft_from_title_to_date():
    found = draft(
        "望溪镇抓实网格党建",
        prose(),
        "一、主要做法",
        "（一）建强组织。" + prose(),
        "望溪镇党委",
        "2026年9月30日",
    )
    assert found.title == "望溪镇抓实网格党建"
    assert roles(found) == ["title", "body", "heading", "body", "signature", "date"]
    assert found.paragraphs[2] == Paragraph("heading", "一、", "主要做法", 1)
    assert found.paragraphs[3].label == "（一）"
    assert found.paragraphs[3].level == 0
    assert (found.unit, found.dated, found.position) == ("望溪镇党委", "2026-09-30", 1)


def test_a_title_over_two_centred_lines_with_subtitle_and_byline():
    look = {"align": "center", "size": 22.0}
    found = draft(
        block("关于望溪镇网格党建工作", **look),
        block("情况的调研报告", **look),
        block("——以三个村为例", align="center", size=16.0),
        block("云溪县委组织部 王溪", align="center", size=16.0),
        block("（2026年9月）", align="center", size=16.0),
        block(prose(), size=16.0),
    )
    assert found.title == "关于望溪镇网格党建工作情况的调研报告"
    assert found.subtitle == "以三个村为例"
    assert (found.unit, found.author, found.dated) == ("云溪县委组织部", "王溪", "2026-09")
    assert roles(found) == ["title", "title", "subtitle", "byline", "date", "body"]


def test_a_title_over_two_lines_of_plain_text():
    found = draft("中共望溪镇委员会", "关于网格党建工作情况的报告", "县委组织部：", prose())
    assert found.title == "关于网格党建工作情况的报告"
    assert found.unit == "中共望溪镇委员会"
    assert roles(found) == ["byline", "title", "body", "body"]


def test_a_title_that_is_repeated_is_read_once():
    found = draft("望溪镇抓实网格党建", "望溪镇抓实网格党建", prose())
    assert found.title == "望溪镇抓实网格党建"
    assert roles(found) == ["title", "title", "body"]


def test_a_masthead_is_not_the_title():
    found = draft(
        "云溪组工信息",
        "第12期",
        "云溪县委组织部    2026年9月30日",
        "望溪镇抓实网格党建",
        prose(),
    )
    assert found.title == "望溪镇抓实网格党建"
    assert roles(found) == ["furniture", "furniture", "byline", "title", "body"]
    assert (found.unit, found.dated) == ("云溪县委组织部", "2026-09-30")


@pytest.mark.parametrize("first", [prose(), "编辑同志：", "一、基本情况"])
def test_prose_salutations_and_numbered_lines_are_no_titles(first):
    assert draft(first, prose(), prose()).title == ""


def test_a_labelled_title_loses_its_label():
    assert draft("标题：望溪镇抓实网格党建", prose()).title == "望溪镇抓实网格党建"


def test_a_file_of_one_line_has_no_title_but_loses_nothing():
    found = draft("望溪镇抓实网格党建")
    assert (found.title, roles(found)) == ("", ["body"])


def test_bylines_at_head_and_tail():
    found = draft(
        "望溪镇抓实网格党建",
        "报送单位：望溪镇党委    签发人：李岭",
        prose(),
        "信息员：王溪  联系电话：0999-5550000",
    )
    assert roles(found) == ["title", "byline", "body", "byline"]
    assert (found.unit, found.signer, found.author, found.phone) == (
        "望溪镇党委",
        "李岭",
        "王溪",
        "0999-5550000",
    )


def test_the_signature_speaks_before_a_contacts_office():
    found = draft(
        "关于报送信息的通知",
        prose(),
        "云溪县委组织部",
        "2026年9月30日",
        "联系人：县委组织部办公室 王溪",
    )
    assert (found.unit, found.author) == ("云溪县委组织部", "王溪")


@pytest.mark.parametrize(
    "tail",
    [["（云溪县委组织部 王 溪）"], ["（供稿：云溪县委组织部 王溪）"], ["云溪县委组织部 王溪"]],
)
def test_senders_on_a_line_of_their_own(tail):
    found = draft("望溪镇抓实网格党建", prose(), *tail)
    assert (found.unit, found.author) == ("云溪县委组织部", "王溪")
    assert roles(found) == ["title", "body", "byline"]


def test_a_sender_in_the_bracket_that_closes_the_text():
    found = draft("望溪镇抓实网格党建", prose() + "（云溪县委组织部 王溪）")
    assert (found.unit, found.author) == ("云溪县委组织部", "王溪")
    assert roles(found) == ["title", "body"]


def test_joint_signatures():
    found = draft("通知", prose(), "云溪县委组织部", "云溪县财政局", "2026年9月30日")
    assert found.unit == "云溪县委组织部、云溪县财政局"


def test_unit_and_date_on_one_line():
    found = draft("望溪镇抓实网格党建", prose(), "云溪县委组织部 2026年9月30日")
    assert (found.unit, found.dated) == ("云溪县委组织部", "2026-09-30")


def test_a_right_aligned_line_above_the_date_is_the_signature():
    found = draft(
        "望溪镇抓实网格党建",
        prose(),
        block("网格党建工作推进组", align="right"),
        block("2026年9月30日", align="right"),
    )
    assert found.unit == "网格党建工作推进组"


def test_a_masked_date_is_a_date_line_without_a_date():
    found = draft("望溪镇抓实网格党建", prose(), "望溪镇党委", "20XX年X月X日")
    assert (roles(found)[-1], found.dated) == ("date", "")


def test_attachments_before_the_signature_and_their_text_after_it():
    found = draft(
        "关于做好发展党员工作的通知",
        prose(),
        "附件：1.自查清单",
        "2.整改台账",
        "云溪县委组织部",
        "2026年9月30日",
        "附件1",
        "自查清单",
        prose(),
    )
    assert found.attachments == ("自查清单", "整改台账")
    assert (
        roles(found)
        == ["title", "body", "attachment", "attachment", "signature", "date"] + ["attachment"] * 3
    )
    assert found.unit == "云溪县委组织部"


def test_a_sentence_about_an_attachment_is_prose():
    found = draft("通知", prose(), "附件1所列任务由各镇党委负责落实，于月底前完成。", prose())
    assert roles(found) == ["title", "body", "body", "body"]


def test_heading_levels_from_numbers_styles_and_shape():
    found = draft(
        "望溪镇抓实网格党建",
        "一、主要做法",
        prose(),
        block("建强组织", label="（一）"),
        prose(),
        "1.配强力量",
        prose(),
        "（1）选人",
        prose(),
        "工作成效",
        prose(),
        block("几点体会", style="heading 2"),
        "好。",
    )
    levels = [p.level for p in found.paragraphs if p.role == "heading"]
    assert levels == [1, 2, 3, 4, 2, 2]
    assert found.paragraphs[3].line == "（一）建强组织"


def test_an_unnumbered_heading_in_a_draft_without_numbers_is_of_level_one():
    found = draft("望溪镇抓实网格党建", prose(), "主要做法", prose())
    assert found.paragraphs[2] == Paragraph("heading", "", "主要做法", 1)


def test_items_of_a_list_are_not_headings():
    found = draft("望溪镇抓实网格党建", prose(), "1.桌椅", "2.电脑", "3.展板", prose())
    assert roles(found)[2:5] == ["body"] * 3


def test_points_counted_with_words_are_prose():
    found = draft("望溪镇抓实网格党建", "一是抓组织", prose(), "二是抓服务", prose())
    assert "一是抓组织" in [p.text for p in found.paragraphs]
    assert [p.label for p in found.paragraphs] == [""] * 5


def test_layers_have_their_roles():
    found = draft(
        block("内部资料", layer="header"),
        "望溪镇抓实网格党建",
        prose(),
        block("村\t人数", layer="table"),
        block("文本框里的话" * 10, layer="textbox"),
        block("统计截至九月", layer="footnote", label="1"),
        block("请核对", layer="comment"),
    )
    assert roles(found) == ["margin", "title", "body", "table", "body", "note", "margin"]


def test_a_submission_form():
    found = draft(
        block("标题\t望溪镇抓实网格党建", layer="table"),
        block("报送单位\t望溪镇党委\t信息员\t王溪", layer="table"),
        block("正文\t" + prose(), layer="table"),
    )
    assert (found.title, found.unit, found.author) == ("望溪镇抓实网格党建", "望溪镇党委", "王溪")
    assert roles(found) == ["title", "byline", "table"]


def test_the_head_of_an_ordinary_table_stays_a_table():
    found = draft(
        "情况分析",
        prose(),
        block("单位\t受理件数", layer="table"),
        block("甲县\t12", layer="table"),
    )
    assert roles(found) == ["title", "body", "table", "table"]


def test_furniture_and_related_articles():
    found = draft(
        "某网        注册",
        "望溪镇抓实网格党建",
        "2026年03月11日15:25   来源:某网",
        prose(),
        "（责任编辑：某人）",
        "【网格党建】相关文章：",
        "山水县网格党建经验",
        "查看更多",
    )
    assert found.title == "望溪镇抓实网格党建"
    assert roles(found) == ["furniture", "title", "furniture", "body"] + ["furniture"] * 4


def test_a_list_of_contents_is_furniture():
    found = draft(
        "望溪镇抓实网格党建",
        "目  录",
        "一、主要做法\t1",
        "二、工作成效………3",
        prose(),
    )
    assert roles(found) == ["title", "furniture", "furniture", "furniture", "body"]


def test_figures_in_a_list_are_not_a_list_of_contents():
    found = draft("各村党员人数", prose(), "溪口村\t12", "石桥村\t15", "柳河村 18", prose())
    assert roles(found) == ["title"] + ["body"] * 5


def test_leaders_make_a_list_of_contents_without_a_heading():
    lines = [f"第{n}节 做法{'.' * 20}{n}" for n in "123"]
    assert roles(draft("八月汇编", *lines, prose())) == ["title"] + ["furniture"] * 3 + ["body"]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["", "　　", "\u200b"],
        ["目录", "一、做法\t1", "二、成效\t2"],
        ["甲 https://example.org/1", "乙 https://example.org/2", "丙 https://example.org/3"],
        ["下载本文", "上一篇：甲", "第1页 共3页"],
    ],
)
def test_nothing_but_furniture_is_no_draft(lines):
    assert drafts(*lines) == ()


def test_line_breaks_inside_a_paragraph_make_lines():
    found = draft("望溪镇抓实网格党建\n" + prose() + "\n望溪镇党委\n2026年9月30日")
    assert roles(found) == ["title", "body", "signature", "date"]


def test_invisible_characters_are_removed_and_reported_with_their_total():
    found = draft("望溪镇\u200b抓实网格党建", prose() + "\u200b\u200b")
    assert found.title == "望溪镇抓实网格党建"
    assert found.notices == (Notice("zero_width", "含零宽或不可见字符3个，已清除", 3),)


def test_traditional_script_is_reported_and_kept():
    found = draft("望溪鎮抓實網格黨建", "關於幹部隊伍建設，組織部門應當從嚴管理，注重實績。" * 4)
    assert found.title == "望溪鎮抓實網格黨建"
    assert found.notices == (Notice("traditional", "繁体字稿件，分析时按简体"),)


def test_offsets_refer_to_the_lines_that_a_person_sees():
    found = draft("望溪镇抓实网格党建", block("建强组织", label="一、"), prose())
    assert [found.text[a:b] for a, b in found.ranges()] == ["一、建强组织", prose()]
