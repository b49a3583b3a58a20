from __future__ import annotations

import pytest

from nlp.length import LengthRules, Limits, check_length, default_limits
from nlp.types import Flag
from tests.support_text import SENTENCE, block, draft, prose

RULES = LengthRules()
SMALL = LengthRules({"动态": Limits(50, 100, 150)}, title=10, paragraph=90, sentence=60)


def kinds(*lines, genre="动态", rules=RULES):
    return [flag.kind for flag in check_length(draft(*lines), genre, rules)]


def test_every_genre_has_limits_in_order():
    assert list(default_limits()) == [
        "动态",
        "经验",
        "问题",
        "建议",
        "调研报告",
        "讲话",
        "通知",
        "评论",
        "信访",
    ]
    assert default_limits()["动态"] == Limits(300, 800, 1500)
    assert default_limits()["调研报告"] == Limits(1500, 3000, 5000)


def test_limits_out_of_order_are_refused():
    with pytest.raises(ValueError, match="字数限额应为 下限≤建议≤上限，现为 900、800、1500"):
        Limits(900, 800, 1500)


def body(count: int) -> list[str]:
    """Paragraphs of together exactly so many characters, none of them long."""
    return ["望" * 99 + "。"] * (count // 100) + (["溪" * (count % 100)] if count % 100 else [])


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (299, ["under_floor"]),
        (300, []),
        (800, []),
        (801, ["over_soft"]),
        (1500, ["over_soft"]),
        (1501, ["over_hard"]),
    ],
)
def test_bounds_are_inclusive(count, expected):
    assert kinds("望溪镇抓实网格党建", *body(count)) == expected


def test_an_overlong_draft_says_by_how_much_and_from_where():
    found = draft("望溪镇抓实网格党建", *body(1834))
    assert found.characters == 1834
    (flag,) = check_length(found, "动态", RULES)
    assert flag == Flag(
        "over_hard",
        "warn",
        "正文1834字，超过动态上限1500字334字",
        start=10 + 15 * 101,
        end=len(found.text),
        count=1834,
        limit=1500,
    )


def test_the_same_draft_is_within_the_limits_of_another_genre():
    lines = ["望溪镇抓实网格党建", *body(1834)]
    assert kinds(*lines, genre="调研报告") == []
    assert kinds(*lines, genre="经验") == ["over_soft"]


def test_an_unknown_genre_is_judged_as_news():
    assert kinds("望溪镇抓实网格党建", *body(200), genre="无") == ["under_floor"]


def test_short_messages():
    (soft,) = check_length(draft("望溪镇抓实网格党建", *body(934)), "动态", RULES)
    assert soft.message == "正文934字，超过动态建议字数800字134字"
    (floor,) = check_length(draft("望溪镇抓实网格党建", *body(120)), "动态", RULES)
    assert floor.message == "正文120字，不足动态下限300字，差180字"
    assert (floor.start, floor.end, floor.count, floor.limit) == (10, 10 + 121, 120, 300)


def test_a_long_title():
    found = draft("望溪镇党建引领抓实网格", *["望" * 39 + "。"] * 2)
    (flag,) = check_length(found, "动态", SMALL)
    assert flag == Flag("long_title", "info", "标题11字，超过10字1字", 0, 11, 11, 10)


def test_the_longest_paragraph_is_shown_and_all_are_counted():
    found = draft(
        "望溪镇党建", "望" * 49 + "。" + "溪" * 49 + "。", "山" * 59 + "。" + "水" * 39 + "。"
    )
    rules = LengthRules({"动态": Limits(0, 900, 900)}, paragraph=90, sentence=60)
    (flag,) = check_length(found, "动态", rules)
    assert flag == Flag("long_paragraph", "info", "2个段落超过90字，最长100字", 6, 106, 100, 90)


def test_long_sentences():
    long = "望" * 70 + "。"
    found = draft("望溪镇党建", SENTENCE + long + SENTENCE)
    rules = LengthRules({"动态": Limits(0, 900, 900)}, sentence=60)
    (flag,) = check_length(found, "动态", rules)
    assert flag.message == "1个句子超过60字，最长71字"
    assert found.text[flag.start : flag.end] == long


def test_a_closing_quotation_mark_belongs_to_its_sentence():
    quote = "“" + "望" * 60 + "。”"
    found = draft("望溪镇党建", quote + SENTENCE)
    rules = LengthRules({"动态": Limits(0, 900, 900)}, sentence=60)
    (flag,) = check_length(found, "动态", rules)
    assert found.text[flag.start : flag.end] == quote


def test_table_rows_are_neither_paragraphs_nor_sentences():
    row = block("望" * 600, layer="table")
    assert kinds("望溪镇抓实网格党建", *body(200), row) == []


def test_an_ordinary_draft_has_no_length_flags():
    assert kinds("望溪镇抓实网格党建", *[prose(160)] * 3) == []
