from __future__ import annotations

import json
from collections import Counter

import pytest

from nlp.quality import check_quality
from nlp.types import Flag
from tests.conftest import SHARED
from tests.support_text import draft, drafts, prose

TITLE, SIGNED = "望溪镇抓实网格党建", "望溪镇党委"


def flags(*body: str) -> list[Flag]:
    return list(check_quality(draft(TITLE, *body, SIGNED)))


def places(*body: str) -> list[tuple[str, int, str]]:
    """(kind, count, text of the first place) of every flag."""
    found = draft(TITLE, *body, SIGNED)
    return [(f.kind, f.count, found.text[f.start : f.end]) for f in check_quality(found)]


def test_a_clean_draft_has_no_flags():
    assert flags(prose()) == []


def test_masks():
    assert places(prose(), "XX镇于X年X月投入***万元。" + prose()) == [("placeholder", 3, "XX")]
    (flag,) = flags("XX镇" + prose())
    assert (flag.severity, flag.message) == (
        "warn",
        "有1处待填占位符（如XX、某某），请填上实际内容",
    )


def test_residues_of_websites():
    assert places(prose(), "下载本文", "第1页 共3页") == [("website_residue", 2, "下载本文")]
    assert places("请点击下载<br/>" + prose()) == [("website_residue", 2, "点击下载")]


def test_a_list_of_contents_is_no_residue():
    assert places("目录", "一、做法\t1", prose()) == []


def test_wrong_character_set():
    broken = "党建引领基层治理，取得良好成效。".encode().decode("gbk", "ignore") * 5
    (flag,) = flags(broken)
    assert flag == Flag("mojibake", "error", "疑似乱码，请核对原文件编码")


def test_half_width_punctuation():
    assert places("抓组织,抓服务;效果好!" + prose()) == [("halfwidth_punctuation", 3, ",")]
    assert places("三个村(社区)试点。" + prose()) == [("halfwidth_punctuation", 2, "(")]


@pytest.mark.parametrize(
    "text",
    [
        "比分3:2，增长3.5%，共1,200人。",
        "时间为9:30至11:00。",
        "网址https://example.org/a,b。",
        "A(B)C级，PDCA(循环)",
    ],
)
def test_half_width_punctuation_that_is_right(text):
    kinds = [kind for kind, _, _ in places(text + prose())]
    assert kinds == (["halfwidth_punctuation"] if "循环" in text else [])


def test_marks_without_partner():
    assert places("村（社区试点。" + prose(), prose()) == [
        ("unbalanced_marks", 1, "村（社区试点。" + prose())
    ]
    assert places("“网格党建。" + prose()) == [("unbalanced_marks", 1, "“网格党建。" + prose())]


@pytest.mark.parametrize(
    "body",
    [
        ["1）抓组织；2）抓服务；a）抓保障。" + prose()],
        ["（试点)已经完成。" + prose()],
        ["“第一段的话。" + prose(), "“第二段的话。”" + prose()],
        ["《“两新”组织条例》（试行）【摘要】〔2026〕1号。" + prose()],
    ],
)
def test_marks_that_have_their_partner(body):
    assert "unbalanced_marks" not in [kind for kind, _, _ in places(*body)]


def test_doubled_punctuation():
    assert places("抓组织。。抓服务，，效果好。" + prose()) == [("doubled_punctuation", 2, "。。")]
    assert places("真的吗？！好……——“好。”" + prose()) == []


def test_what_is_missing():
    found = check_quality(draft(prose(), prose()))
    assert [(f.kind, f.severity, f.message) for f in found] == [
        ("no_title", "warn", "未找到标题，请补"),
        ("missing_signature", "info", "未找到落款、报送单位或信息员，请补"),
    ]
    assert [f.kind for f in check_quality(draft(TITLE, prose()))] == ["missing_signature"]
    assert list(check_quality(draft(TITLE, prose(), "信息员：王溪"))) == []


def test_invisible_characters():
    found = check_quality(draft(TITLE, "抓\u200b组\u200b织\u202e好" + prose(), SIGNED))
    assert found == (
        Flag("zero_width", "info", "含零宽或不可见字符2个", count=2),
        Flag("bidi", "warn", "含文字方向控制符1个，显示顺序可能被改动", count=1),
    )


def test_signature_lines_are_not_judged():
    assert places(prose(), "（云溪县委组织部,王溪)") == []


def test_rules_stay_fast_on_hostile_text():
    found = draft(TITLE, "，。" * 5000 + "（" * 5000 + "(" * 5000 + "Xx某" * 3000)
    check_quality(found)


@pytest.mark.shared_data
def test_few_false_alarms_on_published_prose():
    lines = (SHARED / "themes_dev" / "themes_dev.jsonl").read_text(encoding="utf-8").splitlines()
    counts = Counter(
        flag.kind
        for row in map(json.loads, lines)
        for found in drafts(row["title"], *row["text"].split("\n"))
        for flag in check_quality(found)
    )
    del counts["missing_signature"]  # most of the texts were cut
    assert sum(counts.values()) <= 10, counts
