"""zugao rules and zugao points: what an office sees, and one sentence for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from points.ready import ready_profiles
from storage.periods import today
from tests.support_adoption import PRINTED, build_office
from zugao.cli import main
from zugao.console import Exit

QUARTER = f"{PRINTED.year}Q3"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "稿件库"
    assert "默认计分办法" in CliRunner().invoke(main, ["init", str(folder)]).output
    build_office(folder / "zugao.db").close()
    return folder


def zugao(home: Path, *words: object) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *(str(word) for word in words)])


def told(home: Path, *words: object) -> Any:
    result = zugao(home, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def refused(home: Path, *words: object) -> str:
    result = zugao(home, *words)
    assert result.exit_code == Exit.FAILED, result.output
    assert "Traceback" not in result.output
    return result.output.strip()


def test_an_office_begins_with_the_default_and_gives_it_up_for_its_own(home: Path) -> None:
    [default] = told(home, "rules")
    assert (default["name"], default["version"]) == ("默认计分办法", "1")
    assert told(home, "points", "--period", QUARTER)["profile"] == "默认计分办法"
    added = told(home, "rules", "add", "cumulative", "--who", "张")
    assert added["profile_id"] == 2
    assert told(home, "points", "--period", QUARTER)["profile"] == "信息积分累计办法"
    assert "3家" not in zugao(home, "rules").output
    assert "有几个计分办法" not in zugao(home, "points", "--period", QUARTER).output
    assert zugao(home, "rules", "add", "ascending").exit_code == 0
    assert refused(home, "points", "--period", QUARTER) == (
        "有几个计分办法：“信息积分累计办法”、“要情专报计分办法”，请指明用哪一个。"
    )


def test_points_are_settled_and_told_with_their_arithmetic(home: Path) -> None:
    told(home, "adopt", 1, 3, "--item", 2)
    first = told(home, "points", "--period", QUARTER)
    assert first["settled"] == [
        {"profile_id": 1, "added": 4, "reversed": 0, "standing": 4, "points": 10.0}
    ]
    drafts = [line for line in first["lines"] if line["draft_id"]]
    assert [(line["unit"], line["points"], line["note"]) for line in drafts] == [
        ("临溪县委组织部", 5.0, "市级10分÷2家=5分"),
        ("望岚县委组织部", 5.0, "市级10分÷2家=5分"),
    ]
    assert {line["mark"] for line in first["lines"]} == {"", "有效报送不足3篇，不参加表扬"}
    by_unit = zugao(home, "points", "--period", QUARTER, "--unit", "临溪县").output
    assert "市级10分÷2家=5分" in by_unit
    assert "第1号《题目1》" in by_unit
    assert "2 笔，合计 5 分" in by_unit
    sums = zugao(home, "points", "--period", QUARTER).output
    assert "4 笔，合计 10 分" in sums
    told(home, "unadopt", 1)
    after = told(home, "points", "--period", QUARTER)
    # both lines of the item and the mark of the unit that has no points any more
    assert (after["settled"][0]["reversed"], after["points"]) == (3, 10.0)
    assert told(home, "points", "--draft", 1)["lines"] == []
    assert [line["points"] for line in told(home, "points", "--draft", 3)["lines"]] == [10.0]


def test_a_profile_is_checked_shown_and_added(home: Path, tmp_path: Path) -> None:
    own = tmp_path / "办法.toml"
    shown = zugao(home, "rules", "show", "by_length").output
    assert shown == ready_profiles()["by_length"]
    own.write_text(shown.replace("示例一", "2026"), encoding="utf-8")
    assert "没有问题：“调研宣传信息计分办法”版本2026" in zugao(home, "rules", "check", own).output
    zugao(home, "rules", "add", own)
    assert zugao(home, "rules", "show", "调研宣传信息计分办法").output == own.read_text("utf-8")
    assert "没有版本9" in refused(home, "rules", "show", "默认计分办法", "--version", "9")
    own.write_text(own.read_text("utf-8").replace("points = 40", "points = 41"), encoding="utf-8")
    assert "请换一个版本号" in refused(home, "rules", "add", own)
    own.write_text(own.read_text("utf-8").replace('"2026"', '"2026改"'), encoding="utf-8")
    assert "适用日期重叠" in refused(home, "rules", "add", own)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("名称 = 1", "第1行第1列附近写得不对"),
        ('name = "x"', "version 没有写"),
        ("bonus = 1", "bonus 不是计分办法的项，请删去或检查拼写"),
        ("[[adoption.rules]]\nname = 'a'\npoints = -1", "adoption “a”的 points 不能小于0"),
        ("[[adoption.rules]]\nname = 'a'\nfactor = 1e99", "factor 太大"),
        ("[[period.rules]]\nname = 'a'\nevery = 'week'\npoints = 1", '应当是"month"'),
        ("[[fault.rules]]\nname = 'a'\npoints = 1\nwhen.lvl = 1", "when 里没有“lvl”这一项"),
    ],
)
def test_a_bad_profile_is_told_in_a_sentence(
    home: Path, tmp_path: Path, content: str, sentence: str
) -> None:
    own = tmp_path / "办法.toml"
    own.write_text(content, encoding="utf-8")
    for word in ("check", "add"):
        assert sentence in refused(home, "rules", word, own)
    assert len(told(home, "rules")) == 1


def test_other_bad_input(home: Path, tmp_path: Path) -> None:
    assert "还没有到" in refused(home, "points", "--period", today().year + 1)
    assert "看不懂期间" in refused(home, "points", "--period", "三季度")
    assert "没有叫“甲”的计分办法" in refused(home, "points", "--profile", "甲", "--period", QUARTER)
    assert "读不了（没有这个文件或文件夹）" in refused(home, "rules", "add", tmp_path / "无.toml")
    (tmp_path / "乱.toml").write_bytes("名".encode("gbk"))
    assert "不是 UTF-8 编码" in refused(home, "rules", "check", tmp_path / "乱.toml")
    refused(home, "points", "--period", QUARTER, "--unit", "没有的单位")
