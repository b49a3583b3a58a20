from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.counting import count_characters, count_content, counted
from tests.support_text import block, draft, prose


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("党建引领。", 5),
        ("2026年", 2),
        ("增长3.5%", 3),
        ("中,文", 3),
        ("hello world 你好", 4),
        ("12380举报电话 0999-5550000", 6),
        ("“三会一课”——要求", 10),
        ("　　段首空格", 4),
        ("零\u200b宽", 2),
        ("①②Ⅱ★", 4),
        ("a\tb\nc", 3),
        ("ＡＢ１２", 4),
    ],
)
def test_count_as_word_counts(text, count):
    assert count_characters(text) == count


@given(st.text(max_size=80), st.text(max_size=80))
def test_counts_of_separate_lines_add_up(a, b):
    assert count_characters(f"{a}\n{b}") == count_characters(a) + count_characters(b)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=80))
def test_every_ideograph_counts_one(text):
    assert count_characters(text) == len(text)


def test_repeated_table_heads_count_once_and_other_equal_rows_each_time():
    head, row = block("单位\t人数", layer="table"), block("甲\t乙", layer="table")
    assert count_content(("table", b) for b in (head, row, head, row)) == 4 + 2 + 2


def test_only_content_counts_and_automatic_numbers_do_not():
    found = draft(
        "望溪镇抓实网格党建",
        block("抓组织", label="一、"),
        "三十个网格全部建立党小组，覆盖居民两千余户，做到楼栋有人管、难事有人帮、意见有人听。",
        "二、抓服务",
        "党员认领微心愿。",
        "附件：网格清单",
        "望溪镇党委",
        "2026年9月30日",
    )
    body = "三十个网格全部建立党小组，覆盖居民两千余户，做到楼栋有人管、难事有人帮、意见有人听。"
    assert found.characters == len("抓组织") + len(body) + len("二、抓服务") + len(
        "党员认领微心愿。"
    )


def test_the_title_is_not_counted():
    assert draft("望溪镇抓实网格党建", prose(120)).characters == count_characters(prose(120))


@given(
    st.text(alphabet="党。，“—ab3%. \t\n\u3000\xa0\u200b\ufeff\xad\ufe0fÄж①𠀀\ud800", max_size=60)
)
def test_counting_by_table_is_the_rule_as_a_pattern(text):
    invisible = (
        "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff]"
    )
    solid = "".join(re.sub(invisible, "", text).split())
    runs = re.findall("[!-~\xa1-\xac\xae-\u167f\u1681-\u1fff]+", text)
    assert count_characters(text) == len(solid) - sum(map(len, runs)) + len(runs)
    assert counted(text).shape == (len(text),)
