from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.splitting import split
from nlp.text import clean
from nlp.types import Block, Notice, Reading
from tests.conftest import SHARED
from tests.support_text import block, draft, drafts, prose, reading

TITLES = ("望溪镇抓实网格党建", "石桥镇培养后备干部", "柳河乡办好老年课堂")


def titles(*lines: str | Block) -> list[str]:
    return [found.title for found in drafts(*lines)]


@pytest.mark.parametrize(
    "markers",
    [
        ("第一篇：{}", "第二篇：{}", "第三篇：{}"),
        ("第1篇 {}", "第2篇 {}", "第3篇 {}"),
        ("【篇一】{}", "【篇二】{}", "【篇三】{}"),
        ("篇1：{}", "篇2：{}", "篇3：{}"),
        ("范文一：{}", "范文二：{}", "范文三：{}"),
        ("稿件1：{}", "稿件2：{}", "稿件3：{}"),
    ],
)
def test_numbered_markers_split(markers):
    lines: list[str] = []
    for marker, title in zip(markers, TITLES, strict=True):
        lines += [marker.format(title), prose()]
    assert titles(*lines) == list(TITLES)


def test_markers_on_lines_of_their_own():
    found = drafts("范文一", TITLES[0], prose(), "范文二", TITLES[1], prose())
    assert [d.title for d in found] == [TITLES[0], TITLES[1]]
    assert found[1].paragraphs[0].role == "furniture"


def test_numbered_titles_of_a_collection():
    lines = ["发言稿篇一", prose(), "发言稿篇二", prose(), "发言稿篇三", prose()]
    assert len(drafts(*lines)) == 3


def test_preface_and_contents_become_furniture_of_the_first_piece():
    found = drafts(
        "八月组工信息汇编",
        "目录",
        "第一篇：" + TITLES[0],
        "第二篇：" + TITLES[1],
        "第一篇：" + TITLES[0],
        prose(),
        "第二篇：" + TITLES[1],
        prose(),
    )
    assert [d.title for d in found] == [TITLES[0], TITLES[1]]
    assert [p.role for p in found[0].paragraphs] == ["furniture"] * 4 + ["title", "body"]


def test_pieces_know_their_place_and_origin():
    first, second = drafts("第一篇：甲的做法", prose(), "第二篇：乙的做法", prose())
    assert (first.position, second.position) == (1, 2)
    assert first.notices == (Notice("split_from_compilation", "拆自合编稿件，共2篇，此为第1篇", 2),)
    assert second.notices[0].message == "拆自合编稿件，共2篇，此为第2篇"


def test_the_notices_of_the_file_go_with_every_piece():
    made = reading("第一篇：甲的做法", prose(), "第二篇：乙的做法", prose())
    pictures = Notice("pictures", "含图片3张", 3)
    pieces = split(Reading(made.format, made.blocks, (pictures,)))
    assert [piece.notices[0] for piece in pieces] == [pictures, pictures]


def test_titles_after_signature_and_date_split():
    lines: list[str] = []
    for number, title in enumerate(TITLES, 1):
        lines += [title, prose(), "望溪镇党委", f"2026年9月{number}日"]
    found = drafts(*lines)
    assert [d.title for d in found] == list(TITLES)
    assert [d.dated for d in found] == ["2026-09-01", "2026-09-02", "2026-09-03"]


def test_titles_after_a_senders_bracket_split():
    lines: list[str] = []
    for title in TITLES:
        lines += [title, prose() + "（云溪县委组织部 王溪）"]
    assert titles(*lines) == list(TITLES)


@pytest.mark.parametrize("opening", ["尊敬的各位领导、同志们：", "在村干部大会上的发言"])
def test_speeches_that_end_with_thanks_split(opening):
    lines = [opening, prose(), "以上发言，请批评指正。谢谢大家！"] * 3
    assert len(drafts(*lines)) == 3


def test_titles_set_alike_split():
    look = {"align": "center", "size": 22.0, "bold": True}
    lines: list[Block] = []
    for title in TITLES:
        lines += [block(title, **look), block(prose(200), size=16.0)]
    assert titles(*lines) == list(TITLES)


@pytest.mark.parametrize(
    "lines",
    [
        # chapters
        [TITLES[0], "一、做法", prose(200), "二、成效", prose(200), "三、打算", prose(200)],
        # bare headings
        [TITLES[0], prose(200), "主要做法", prose(200), "工作成效和体会", prose(200)],
        # numbered lists
        [TITLES[0], "1.抓组织", prose(200), "2.抓服务", prose(200)],
        # one letter quoted in the middle of a report
        [TITLES[0], prose(200), "石桥村党支部", "2026年9月1日", "来信反映的办理情况", prose(200)],
        # an attachment with a title of its own
        [TITLES[0], prose(200), "望溪镇党委", "2026年9月1日", "附件1", TITLES[1], prose(200)],
        # numbers that do not begin at one
        [TITLES[0], prose(200), "第二篇：" + TITLES[1], prose(200), "第三篇：丙", prose(200)],
        # markers without text under them
        [TITLES[0], "材料一：台账", "材料二：清单", prose(200)],
        # markers deep inside a report
        [TITLES[0], prose(400), "材料一：台账", prose(), "材料二：清单", prose()],
        # cases numbered in the text
        [TITLES[0], prose(200), "典型案例（一）", prose(200), "典型案例（二）", prose(200)],
        # a speech
        ["在会上的讲话", "（2026年9月1日）", "同志们：", prose(200), "一、提高认识", prose(200)],
    ],
)
def test_ordinary_drafts_stay_whole(lines):
    assert len(drafts(*lines)) == 1


def test_centred_section_titles_no_larger_than_the_text_do_not_split():
    lines = [block(TITLES[0], align="center", size=16.0)]
    for heading in ("第一部分 情况", "网格党建的做法", "网格党建的成效"):
        lines += [block(heading, align="center", size=16.0), block(prose(200), size=16.0)]
    assert len(drafts(*lines)) == 1


def test_a_wrong_split_would_be_noticed():
    """Positive control of the tests above: the same letter, signed twice, is two pieces."""
    signed = ["石桥村党支部", "2026年9月1日"]
    assert len(drafts(TITLES[0], prose(200), *signed, TITLES[1], prose(200), *signed)) == 2


@pytest.mark.parametrize(
    "lines",
    [
        [TITLES[0], prose(), *["2026年9月30日"] * 8000],
        [TITLES[0], prose(), "望溪镇党委", TITLES[1]] * 2000,
        ["第一篇：甲", prose()] * 4000,
        [block(TITLES[0], align="center", size=22.0), block(prose(), size=16.0)] * 4000,
        ["一、" + "长" * 40] * 8000,
        ["附件：1.甲"] * 8000,
        ["甲\t1"] * 8000,
    ],
)
def test_time_grows_with_the_lines_only(lines):
    drafts(*lines)


LINES = st.one_of(
    st.sampled_from(
        [
            *TITLES,
            prose(60),
            prose(200),
            "第一篇：甲的做法",
            "第二篇：乙的做法",
            "第三篇",
            "【篇一】",
            "目录",
            "一、做法\t1",
            "一、主要做法",
            "1.清单",
            "附件：1.清单 2.台账",
            "附件1",
            "望溪镇党委",
            "2026年9月30日",
            "（云溪县委组织部 王溪）",
            "信息员：王溪",
            "相关文章：",
            "下载本文",
            "——副标题",
            "主要做法",
            "同志们：",
        ]
    ),
    st.text(min_size=1, max_size=30),
)
BLOCKS = st.builds(
    Block,
    layer=st.sampled_from(["body", "body", "body", "table", "textbox", "footnote", "header"]),
    label=st.sampled_from(["", "", "", "一、", "（二）", "①"]),
    text=LINES,
    align=st.sampled_from(["", "center", "right"]),
    size=st.sampled_from([0.0, 16.0, 22.0]),
)


def characters(text: str) -> Counter[str]:
    return Counter("".join(clean(text)[0].split()))


@settings(max_examples=300, deadline=None)
@given(st.lists(BLOCKS, max_size=25))
def test_no_text_is_lost_or_doubled(blocks):
    found = split(Reading("docx", tuple(blocks)))
    if not found:
        return
    had, has = Counter[str](), Counter[str]()
    for each in blocks:
        if clean(each.text)[0].strip():
            had += characters(each.label + each.text)
    for each_draft in found:
        has += characters(each_draft.text)
    assert has == had
    assert [d.position for d in found] == list(range(1, len(found) + 1))


@settings(max_examples=100, deadline=None)
@given(st.lists(BLOCKS, max_size=15))
def test_a_file_with_prose_gives_a_draft(blocks):
    assert split(Reading("docx", (block(prose()), *blocks)))


def test_a_compilation_piece_that_is_only_furniture_loses_no_text():
    found = drafts("第一篇：甲的做法", prose(), "第二篇：乙的做法", prose(), "下载本文")
    assert found[-1].paragraphs[-1].text == "下载本文"


@pytest.mark.shared_data
def test_real_articles_stay_whole_and_keep_their_titles():
    lines = (SHARED / "themes_dev" / "themes_dev.jsonl").read_text(encoding="utf-8").splitlines()
    wrong = []
    for row in map(json.loads, lines):
        found = drafts(row["title"], *row["text"].split("\n"))
        if [d.title for d in found] != [row["title"]]:
            wrong.append(row["title"])
    assert len(wrong) <= 3, wrong


@pytest.mark.shared_data
def test_real_drafts():
    folder = SHARED / "real_drafts"
    by_number = {p.name[:3]: p.read_text(encoding="utf-8") for p in folder.glob("*.txt")}
    report = draft(*by_number["003"].split("\n"))
    assert len(report.title) == 22
    assert [p.level for p in report.paragraphs if p.role == "heading"] == [1, 1, 1, 1]
    assert [p.role for p in report.paragraphs][-6:] == ["furniture"] * 6
    survey = draft(*by_number["004"].split("\n"))
    assert survey.title == ""
    assert [p.label for p in survey.paragraphs if p.level == 1] == ["一、", "二、", "三、"]
    assert [p.label for p in survey.paragraphs if p.level == 2] == ["(一)", "(二)", "(三)"]
