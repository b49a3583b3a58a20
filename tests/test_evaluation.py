"""Evaluation: figures by hand, tables, the HTML page, JSON lines good and bad, both commands."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner, Result

from nlp.evaluation import AspectFigures, Bin, Confusion, Evaluation, evaluate, label_figures
from nlp.lines import BadLine, read_samples
from nlp.starter import Sample
from nlp.themes import ThemeModel
from reports.evaluation import figures, tables
from reports.evaluation_page import page
from scripts.model_card import card
from zugao.cli import main

CODES = ("A1", "A2", "B1", "X0")
PARENTS = {"A1": "A", "A2": "A", "B1": "B"}
NAMES = {"A1": "农村", "A2": "城市<b>", "B1": "发展党员"}


@pytest.fixture
def found() -> Evaluation:
    """Five drafts: A1 right, A1 taken for A2, B1 right, X0 recognised, and a code of no model."""
    chances = np.array(
        [
            [0.95, 0.03, 0.01, 0.01],
            [0.30, 0.60, 0.05, 0.05],
            [0.05, 0.05, 0.85, 0.05],
            [0.10, 0.05, 0.05, 0.80],
            [0.25, 0.25, 0.25, 0.25],
        ]
    )
    return evaluate(
        chances,
        CODES,
        PARENTS,
        ["A1", "A1", "B1", "X0", "Z9"],
        [("动态", "动态"), ("经验", "动态"), ("经验", "经验"), ("", "评论"), ("动态", "动态")],
        model="m1",
        drafts_per_second=400.0,
    )


def test_figures_of_hand_made_drafts(found: Evaluation) -> None:
    assert (found.drafts, found.none, found.skipped) == (4, 1, 1)
    assert found.themes.accuracy == pytest.approx(2 / 3)
    assert found.themes.macro_f1 == pytest.approx((2 / 3 + 1) / 2)
    assert found.themes.each == (
        AspectFigures("A1", 2, 1.0, 0.5, pytest.approx(2 / 3)),
        AspectFigures("B1", 1, 1.0, 1.0, 1.0),
    )
    assert found.themes.confusions == (Confusion("A1", "A2", 1),)
    assert found.category_accuracy == 1.0
    assert found.top3 == 1.0
    # surest first: A1 right, B1 right, A1 wrong, X0 (taken as A1) wrong
    assert found.coverage == {"0.90": 0.5, "0.95": 0.5, "0.97": 0.5, "0.98": 0.5}
    assert (found.tagged, found.tagged_precision) == (0.75, pytest.approx(2 / 3))
    assert found.bins == (
        Bin(1, pytest.approx(0.6), 0.0),
        Bin(2, pytest.approx(0.825), 1.0),
        Bin(1, pytest.approx(0.95), 1.0),
    )
    assert found.ece == pytest.approx(0.25 * 0.6 + 0.5 * 0.175 + 0.25 * 0.05)
    assert found.abstention_auroc == 1.0
    assert found.genres.drafts == 4
    assert found.genres.confusions == (Confusion("经验", "动态", 1),)


def test_no_drafts_and_no_labels_are_figures_too() -> None:
    nothing = evaluate(np.zeros((0, 4)), CODES, PARENTS, [], [], model="m", drafts_per_second=1.0)
    assert (nothing.drafts, nothing.bins, nothing.themes.macro_f1) == (0, (), 0.0)
    assert math.isnan(nothing.abstention_auroc)
    assert dict(figures(nothing))["辨认不属于任何方面（AUROC）"] == "—"
    assert dict(figures(nothing))["体裁正确率"] == "没有标注"
    assert label_figures([]).each == ()


def test_tables_name_aspects_and_leave_out_what_is_empty(found: Evaluation) -> None:
    shown = {title: rows for title, _, rows in tables(found, NAMES)}
    assert shown["各方面"][0] == ("A1 农村", "2", "1.000", "0.500", "0.667")
    assert shown["最常混淆的主题"] == [("A1 农村", "A2 城市<b>", "1")]
    assert "最常混淆的主题" not in {
        title for title, *_ in tables(evaluate(
            np.eye(4)[:1], CODES, PARENTS, ["A1"], [], model="m", drafts_per_second=1.0), NAMES)
    }  # fmt: skip


def test_page_is_whole_well_formed_and_asks_nothing_of_the_net(found: Evaluation) -> None:
    html = page(found, NAMES, "试验<script>alert(1)</script>")
    assert "<script" not in html
    assert "城市&lt;b&gt;" in html
    assert not re.search(r"(?:src|href|url|@import)\s*[=(]", html)
    root = ElementTree.fromstring(html.split("\n", 1)[1].replace('<meta charset="utf-8">', ""))
    plots = list(root.iter("svg"))
    assert len(plots) == 2
    dots = list(plots[0].iter("circle"))
    assert [(dot.get("cx"), dot.get("cy")) for dot in dots][-1] == ("335.0", "20.0")
    assert len(list(plots[1].iter("rect"))) == 2


def test_lines_are_samples_or_say_why_not() -> None:
    lines = [
        '\ufeff{"id": 7, "title": "题\\n目", "text": "正文", "primary": "A1", "genre": "调研"}',
        "",
        "{",
        "[1]",
        '{"title": "只有题"}',
        '{"text": "\\ud800坏字"}',
        '{"text": "x", "secondary": "A2"}',
        "[" * 100_000,
    ]
    assert list(read_samples(lines)) == [
        Sample("7", "A1", (), "调研报告", "", "题 目", "正文"),
        BadLine(3, "不是JSON"),
        BadLine(4, "不是一个对象（应为{…}）"),
        BadLine(5, "缺少文字项text"),
        Sample("6", "", (), "", "", "", "?坏字"),
        BadLine(7, "secondary应为列表"),
        BadLine(8, "不是JSON"),
    ]


def zugao(*words: object, **more: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], **more)  # type: ignore[arg-type]


JOINING = {
    "id": "甲",
    "title": "严把发展党员入口关",
    "text": "对入党积极分子逐人建档，发展对象一律公示，预备党员按期转正，入党材料由组织员预审。",
    "primary": "B1",
    "secondary": [],
    "genre": "经验",
}
ODD = [
    {"id": "空", "text": ""},
    {"id": "英", "text": "The quick brown fox jumps over the lazy dog. " * 5},
    {"id": "表", "text": "\n".join("3.14\t2.72\t1.41" for _ in range(40))},
    {"id": "繁", "title": "發展黨員", "text": "入黨積極分子、預備黨員按期轉正，發展對象一律公示。"},
    {"id": "长", "text": "村党组织书记带头抓村级集体经济。" * 3200},
]


def test_classify_prints_findings_of_lines_and_files(tmp_path: Path, root: Path) -> None:
    lines = tmp_path / "稿件.jsonl"
    rows = [json.dumps(row, ensure_ascii=False) for row in (JOINING, *ODD)]
    lines.write_text("\n".join([*rows, "{坏"]), encoding="utf-8")
    text = tmp_path / "一篇.txt"
    text.write_text("村党组织书记领办合作社\n\n村党支部带头壮大村级集体经济。", encoding="gbk")
    result = zugao("--home", tmp_path, "classify", lines, text, "--json")
    assert result.exit_code == 3
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in told] == ["甲", "空", "英", "表", "繁", "长", "7", "1"]
    by_id = {row["id"]: row for row in told}
    assert by_id["甲"]["themes"][0]["code"] == "B1"
    assert by_id["甲"]["themes"][0]["name"] == "发展党员"
    word, start, end, _ = by_id["甲"]["themes"][0]["terms"][0]
    assert f"{JOINING['title']}\n{JOINING['text']}"[start:end] == word
    assert [by_id[key]["themes"] for key in ("空", "英", "表")] == [[], [], []]
    assert by_id["繁"]["themes"][0]["code"] == "B1"
    assert by_id["长"]["themes"][0]["code"] == "A1"
    assert by_id["7"] == {
        "file": str(lines), "id": "7", "error": "“稿件.jsonl”第7行不是JSON，已跳过。"
    }  # fmt: skip
    assert by_id["1"]["themes"][0]["code"] == "A1"


def test_classify_for_people_and_from_standard_input(tmp_path: Path) -> None:
    source = json.dumps({**JOINING, "id": "\x1b[31m"}, ensure_ascii=False)
    result = zugao("--home", tmp_path, "classify", "-", input=source)
    assert result.exit_code == 0
    assert "主要 B1 发展党员（把握" in result.output
    assert "\x1b[31m" not in result.output
    missing = zugao("--home", tmp_path, "classify", tmp_path / "无.jsonl")
    assert (missing.exit_code, missing.stdout) == (3, "")
    assert "“无.jsonl”读不了" in missing.stderr


def test_evaluate_a_file(tmp_path: Path) -> None:
    lines = tmp_path / "标注.jsonl"
    rows = [JOINING, {**JOINING, "primary": "Z9"}, {"text": "没有标注"}]
    lines.write_text("\n".join(json.dumps(row) for row in rows) + "\nx", encoding="utf-8")
    html = tmp_path / "评估.html"
    result = zugao("--home", tmp_path, "evaluate", lines, "--json", "--html", html)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["drafts"], told["skipped"]) == (1, 1)
    assert told["themes"]["accuracy"] == 1.0
    assert told["abstention_auroc"] is None
    assert "稿件3没有标注主题" in result.stderr
    assert "第4行不是JSON" in result.stderr
    assert "B1 发展党员" in html.read_text(encoding="utf-8")
    shown = zugao("--home", tmp_path, "evaluate", lines)
    assert "主要主题正确率（19方面）　1.000" in shown.output


def test_evaluate_without_labels_is_one_sentence(tmp_path: Path) -> None:
    lines = tmp_path / "空.jsonl"
    lines.write_text('{"text": "x"}', encoding="utf-8")
    result = zugao("--home", tmp_path, "evaluate", lines)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "没有标注了主题" in result.stderr


def test_model_card_is_plain_about_what_is_weak(found: Evaluation) -> None:
    text = card(ThemeModel.load(), found, found)
    assert "| 主要主题正确率 | 0.88 | 0.667 | **未达到** |" in text
    assert "| 大类正确率 | 0.94 | 1.000 | 达到 |" in text
    assert "F1 0.67（2 篇，篇数少，仅供参考）" in text
    assert "没有真实文章可测：A2" in text
    assert "| start | order | 0 corrections |" in text
    assert "这次没有测量" in card(ThemeModel.load(), found, None)
