"""Adoption on the command line: lists, adopting by hand, what came of it, taking it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from storage.periods import today
from tests.support_adoption import make_office
from zugao.cli import main
from zugao.console import Exit


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The office of ``make_office``: its folder."""
    folder = tmp_path / "稿件库"
    assert CliRunner().invoke(main, ["init", str(folder)]).exit_code == 0
    make_office(folder / "zugao.db").close()
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


def test_outlets_and_issues_are_imported_and_listed(home: Path, tmp_path: Path, root: Path) -> None:
    done = told(home, "outlets", root / "samples" / "outlets.csv")
    assert done == {"added": 7, "changed": 3, "unchanged": 0, "refused": []}
    table = tmp_path / "期.csv"
    table.write_text("刊物,期号,印发日期\n云泽党建,3,2026-09-10\n云泽党史,4,2026-09-10\n")
    result = zugao(home, "issues", table)
    assert result.exit_code == Exit.REFUSED
    assert "期表已导入：新增 1 个，更改 0 个，没有变的 0 个；有 1 行没有导入。" in result.output
    assert "第3行“云泽党史”：没有这个刊物，名称相近的有“云泽党建”" in result.output
    assert (
        "2026-09-10 云泽党建（市） 2026 年第 3 期 0 条，采用 0 篇次" in zugao(home, "issues").output
    )
    assert "省 江岚组工通讯" in zugao(home, "outlets").output


def test_init_takes_a_list_of_outlets_and_tells_what_it_left_out(tmp_path: Path) -> None:
    table = tmp_path / "刊物.csv"
    table.write_text("名称,种类,级别\n云泽晨报,媒体,市\n云泽晚报,报纸,市\n", encoding="utf-8")
    folder = tmp_path / "稿件库"
    result = CliRunner().invoke(main, ["init", str(folder), "--outlets", str(table)])
    assert result.exit_code == 0
    assert "刊物表已导入：新增 1 个，更改 0 个，没有变的 0 个；有 1 行没有导入\n" in result.output
    assert "第3行“云泽晚报”：不认识种类“报纸”" in result.output
    assert [row["name"] for row in told(folder, "outlets")] == ["云泽晨报"]


def test_one_draft_in_a_known_issue(home: Path) -> None:
    (event,) = told(
        home, "adopt", 1, "--outlet", "《组工信息》", "--issue", "第23期", "--who", "张"
    )["events"]
    assert {key: event[key] for key in ("event_id", "kind", "draft_id", "outlet", "issue_number",
            "published_on", "printed_title", "form", "share", "who", "warnings")} == {
        "event_id": 1, "kind": "adopt", "draft_id": 1, "outlet": "云泽组工信息",
        "issue_number": "23", "published_on": "2026-09-15", "printed_title": "题目1",
        "form": "单篇", "share": 1.0, "who": "张", "warnings": [],
    }  # fmt: skip
    words = zugao(home, "adopt", 3, "--item", 4).output
    assert words == (
        "已记为第 2 号：采用 第 3 号《题目3》（望岚县委组织部）"
        " 云泽组工信息第 20 期（市，2026-08-20）《早先的一条》 单篇 注意：刊发早于收稿\n"
        "要撤回：zugao undo 2\n"
    )


def test_an_issue_that_is_not_known_is_recorded_with_its_day(home: Path) -> None:
    where = ("--outlet", "组工信息", "--issue", 24)
    assert "没有登记第24期；加上印发日期（--date）" in refused(home, "adopt", 1, *where)
    (event,) = told(home, "adopt", 1, *where, "--date", "2026年9月28日")["events"]
    assert (event["issue_number"], event["published_on"]) == ("24", "2026-09-28")
    other = refused(home, "adopt", 3, *where, "--date", "2026-09-29")
    assert "第24期登记的印发日期是2026-09-28，不是2026-09-29" in other
    (event,) = told(home, "adopt", 3, "--outlet", "江岚组工通讯", "--date", "2026-09-30")["events"]
    assert (event["issue_number"], event["level"]) == ("2026-09-30", "省")


def test_what_fails_leaves_no_issue_and_no_item(home: Path) -> None:
    before = (told(home, "issues"), told(home, "items", 1))
    where = ("--outlet", "组工信息", "--issue", 24, "--date", "2026-09-28")
    assert "没有第99号稿件" in refused(home, "adopt", 1, 99, *where)
    assert "超过了100%" in refused(home, "adopt", 1, 3, *where, "--share", "0.9,0.9")
    assert "不认识采用形式“双篇”" in refused(home, "adopt", 1, *where, "--form", "双篇")
    assert "还没有到" in refused(home, "adopt", 1, *where[:-1], "2099-01-01")
    assert "名称相近的有“组工信息”" in refused(
        home, "adopt", 1, "--outlet", "组工信自", "--issue", 23
    )
    assert "请写明刊物和期号" in refused(home, "adopt", 1)
    assert "写了两次" in refused(home, "adopt", 1, 1, "--item", 1)
    assert "有2篇稿件，却写了1个所占比例" in refused(home, "adopt", 1, 3, *where, "--share", "1")
    assert (told(home, "issues"), told(home, "items", 1)) == before
    assert told(home, "events") == []


@pytest.mark.parametrize(
    ("written", "shares"),
    [("", [0.5, 0.5]), ("0.6,0.4", [0.6, 0.4]), ("3:2", [0.6, 0.4]), ("60％，40％", [0.6, 0.4])],
)
def test_several_drafts_are_one_merged_item(home: Path, written: str, shares: list[float]) -> None:
    option = ("--share", written) if written else ()
    events = told(home, "adopt", 1, 3, "--item", 2, *option)["events"]
    assert [event["share"] for event in events] == pytest.approx(shares)
    assert {event["form"] for event in events} == {"综合"}


@pytest.mark.parametrize("written", ["六成", "3:0", "1:nan", "0.5;0.5", "1e400:1"])
def test_shares_that_say_nothing(home: Path, written: str) -> None:
    assert "看不懂所占比例" in refused(home, "adopt", 1, 3, "--item", 2, "--share", written)


def test_a_second_draft_on_a_taken_item_is_asked_about(home: Path) -> None:
    told(home, "adopt", 1, "--item", 1)
    assert "zugao adopt 1 3 --item 1" in refused(home, "adopt", 3, "--item", 1)
    told(home, "adopt", 1, 3, "--item", 1)
    assert "已经这样记过了" in refused(home, "adopt", 1, 3, "--item", 1)
    told(home, "split", 1)
    shown = [(row["title"], row["adoptions"]) for row in told(home, "items", 1)]
    assert shown == [("村里的事村民议", 1), ("两县探索新路子", 0), ("题目3", 1)]


def test_unadopt_takes_the_only_adoption_back(home: Path) -> None:
    told(home, "adopt", 1, "--item", 1)
    told(home, "adopt", 1, "--item", 2)
    several = refused(home, "unadopt", 1)
    assert several.startswith("第 1 号稿件有 2 处采用（第 1 号：云泽组工信息第 23 期")
    told(home, "undo", 2)
    assert zugao(home, "unadopt", 1, "--note", "记错了").output == (
        "已记为第 4 号：撤销 第 1 号记录 “记错了”\n"
    )
    assert "没有可以撤销的采用" in refused(home, "unadopt", 1)


def test_several_are_taken_back_together_or_not_at_all(home: Path) -> None:
    asked = told(home, "commission", "防汛", "临溪县", "--due", today())["events"][0]["event_id"]
    came = told(home, "deliver", asked, 1)["events"][0]["event_id"]
    assert "请先撤销它们" in refused(home, "undo", asked)
    assert "没有第99号记录" in refused(home, "undo", came, 99)
    assert [row["holds"] for row in told(home, "events")] == [1, 1]
    told(home, "undo", asked, came)
    assert [row["holds"] for row in told(home, "events", "--kind", "约稿")] == [0]


def test_commissions_go_to_units_groups_or_all(home: Path) -> None:
    def asked(*words: str) -> list[str]:
        events = told(home, "commission", *words, "--due", today())["events"]
        return [event["unit"] for event in events]

    assert asked("防汛", "市直", "临溪县") == ["云泽市委党校", "临溪县委组织部"]
    assert len(asked("换届", "全部")) == 4
    assert asked("人才", "县区", "临溪县") == [
        "临溪县委组织部", "望岚县委组织部", "望岚县石鼓岭镇党委",
    ]  # fmt: skip
    assert "名称相近的有“临溪县”" in refused(home, "commission", "甲", "临西县", "--due", today())


def test_what_came_of_a_draft_is_in_its_history(home: Path) -> None:
    told(home, "adopt", 1, "--item", 1)
    told(home, "adopt", 1, "--pre", "--outlet", "江岚组工通讯")
    told(home, "instruct", 1, "--person", "市委主要领导", "--level", "市", "--note", "可推广")
    told(home, "instruct", "--item", 1, "--person", "省委有关领导", "--level", "省")
    told(home, "outcome", 1, "制度", "--level", "市", "--title", "议事桌办法")
    told(home, "fault", "临溪县", "失实", "--draft", 1, "--severity", "一般")
    told(home, "instruct", "--item", 2, "--person", "与此无关", "--level", "省")
    told(home, "undo", 2)
    kinds = [row["kind"] for row in told(home, "events", "--draft", 1)]
    assert kinds == ["adopt", "pre_adopt", "instruction", "instruction", "outcome", "fault", "undo"]
    shown = zugao(home, "show", 1, "--no-text").output.replace("\n", "")
    assert "采用和成果  采用 云泽组工信息第 23 期（市，2026-09-15）《村里的事村民议》 单篇" in shown
    assert "预采用" not in shown
    assert "批示 省委有关领导（省） 云泽组工信息第 23 期" in shown
    assert "None" not in shown
    assert [row["event_id"] for row in told(home, "show", 1)["events"]] == [1, 2, 3, 4, 5, 6, 8]


def test_topics_and_points_by_hand(home: Path) -> None:
    number = told(home, "topic", "望岚县委组织部", "村级后备力量", "--person", "周晓禾")["events"][
        0
    ]
    told(home, "topic-stage", number["event_id"], "结题", "--award", "优秀")
    (given,) = told(home, "bonus", "云泽市委党校", "--points", "-1.5", "--note", "缺席")["events"]
    assert given["points"] == -1.5
    assert "至多三位小数" in refused(
        home, "bonus", "云泽市委党校", "--points", 0.0001, "--note", "甲"
    )
    assert "分值应在" in refused(home, "bonus", "云泽市委党校", "--points", "inf", "--note", "甲")
    assert "没有写加减分的理由" in refused(home, "bonus", "云泽市委党校", "--points", 1)
    assert "“县区”是 3 个单位" in refused(home, "fault", "县区", "迟报")
    words = zugao(home, "events").output
    assert "课题进展 第 1 号课题 望岚县委组织部 结题 优秀" in words
    assert "加减分 云泽市委党校 -1.5 分" in words


def test_titles_of_strangers_cannot_write_to_the_terminal(home: Path) -> None:
    told(home, "adopt", 1, "--item", 1)
    noisy = "红[bold]色\x1b[31m题"
    told(home, "adopt", 3, "--outlet", "组工信息", "--issue", 23, "--title", noisy)
    for words in (("items", 1), ("events",)):
        output = zugao(home, *words).output
        assert "红[bold]色\ufffd[31m题" in output


@pytest.mark.parametrize(
    "words",
    [
        ("adopt", "1", "--item", "1", "--issue", "23"),
        ("adopt", "1", "--pre", "--item", "1"),
        ("adopt", "1", "--outlet", "组工信息", "--date", "九月"),
        ("adopt",),
    ],
)
def test_wrong_words_are_a_usage_error_in_chinese(home: Path, words: tuple[str, ...]) -> None:
    result = zugao(home, *words)
    assert result.exit_code == 2
    assert "错误：" in result.output


def test_an_unknown_kind_or_issue_is_said(home: Path) -> None:
    assert "没有“批阅”这一种记录，可用：采用、" in refused(home, "events", "--kind", "批阅")
    assert "没有编号为9的期" in refused(home, "items", 9)
    assert zugao(home, "events").output == "没有记录。\n"
