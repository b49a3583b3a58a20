"""The issues folder: what is taken, what is refused and why, what waits, what is told at intake."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from flows import issues_folder
from flows import matching as served
from flows.adoption import LEASE, Matched, match_once
from flows.direct import intake_directly
from flows.inbox import InboxError
from flows.office import Busy, open_office
from storage import lease
from storage.connection import open_database, raw
from storage.facts import draft_facts
from tests.support_printed import make_home, quiet
from zugao.cli import main
from zugao.judging import judge
from zugao.settings import Settings, load_settings

BODY = (
    "入汛前后，双河镇把三十里长的干渠分成二十六段，每段交给一名住在渠边的老党员看管，村里人叫他们水管员。"
    "谁家放水、放多久，记在渠头的木牌上，隔天一换。六月里连着两场大雨，有三处渠堤渗水，都是夜里巡渠时发现的。"
)
TITLE = "双河镇党员义务水管员管好三十里渠"
Match = Callable[..., Matched]


@pytest.fixture
def settings(root: Path, tmp_path: Path) -> Settings:
    return make_home(tmp_path / "库", root)


@pytest.fixture
def match(settings: Settings) -> Match:
    return lambda place=None: match_once(settings, place, quiet, wait=False)


def issue(settings: Settings, name: str, *lines: str) -> Path:
    path = settings.issues / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def sound(settings: Settings, name: str = "一期.txt", number: int = 3) -> Path:
    head = ("云泽组工信息", f"第{number}期", "2026年7月20日")
    return issue(settings, name, *head, TITLE, BODY, "（临溪县委组织部）")


def draft(settings: Settings, title: str = TITLE, text: str = BODY) -> None:
    path = settings.inbox / "临溪县委组织部" / f"{title}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{title}\n{text}\n临溪县委组织部\n2026年7月1日\n", encoding="utf-8")
    intake_directly(settings, settings.inbox, quiet, wait=False)


def one(matched: Matched) -> tuple[str, str]:
    (file,) = matched.files
    return file.reason, "".join(file.complaints)


@pytest.mark.parametrize(
    ("name", "lines", "reason", "words"),
    [
        ("甲.txt", ("第3期", "2026年7月20日"), "no_outlet", "没有写是哪个刊物"),
        (
            "甲.txt", ("云泽组工情报", "第3期", "2026年7月20日"), "unknown_outlet",
            "“云泽组工情报”不在刊物表里，名称相近的有“云泽组工参阅”“云泽组工信息”",
        ),
        ("云泽组工信息.txt", ("云泽组工信息",), "no_number", "没有写期号和印发日期"),
        ("甲.txt", ("云泽组工信息", "第3期"), "no_date", "没有写印发日期"),
        ("甲.txt", ("云泽组工信息", "第3期", "2090年7月20日"), "future", "还没有到"),
    ],
)  # fmt: skip
def test_what_an_issue_lacks_is_named(
    settings: Settings, match: Match, name: str, lines: tuple[str, ...], reason: str, words: str
) -> None:
    issue(settings, name, *lines, TITLE, BODY)
    code, said = one(match())
    assert code == reason
    assert words in said
    assert said.count("。") <= 2
    assert f"“{name}”" in said


def test_an_issue_without_articles(settings: Settings, match: Match) -> None:
    issue(settings, "甲.txt", "云泽组工信息", "第3期", "2026年7月20日")
    assert one(match())[0] in ("no_items", "no_text")


def test_the_file_name_or_its_folder_says_what_the_masthead_does_not(
    settings: Settings, match: Match
) -> None:
    issue(settings, "云泽党建第4期2026-07-21.txt", TITLE, BODY)
    issue(settings, "组工参阅/2026年第5期.txt", "2026年7月22日", TITLE, BODY + "另有一句。")
    assert match().refused == 0
    db = open_database(settings.database)
    rows = db.query("SELECT name, number, published_on FROM issue JOIN outlet ON outlet.id ="
                    " outlet_id ORDER BY published_on")  # fmt: skip
    assert [tuple(row.values()) for row in rows] == [
        ("云泽党建", "4", "2026-07-21"), ("云泽组工参阅", "5", "2026-07-22"),
    ]  # fmt: skip
    db.close()


def test_two_issues_with_one_number(settings: Settings, match: Match) -> None:
    sound(settings)
    issue(settings, "二期.txt", "组工信息", "第3期", "2026年7月21日", "另一篇文章", BODY)
    matched = match()
    assert [file.reason for file in matched.files] == ["", "same_number"]
    assert "已有2026年第3期" in matched.files[1].complaints[0]


def test_unreadable_files_and_the_same_content_twice(settings: Settings, match: Match) -> None:
    sound(settings, "甲.txt")
    sound(settings, "乙.txt")
    (settings.issues / "空.docx").write_bytes(b"")
    (settings.issues / "坏.docx").write_bytes(b"PK\3\4nothing")
    found = [(file.name, file.reason) for file in match().files]
    assert found == [
        ("乙.txt", ""),
        ("坏.docx", "damaged_zip"),
        ("空.docx", "empty_file"),
    ]


def test_a_file_that_is_still_being_written_waits(settings: Settings) -> None:
    file = settings.home / "zugao.toml"
    text = file.read_text("utf-8").replace("settle_seconds = 5.0", "settle_seconds = 0.05")
    file.write_text(text, "utf-8")
    sound(settings)
    (settings.issues / "半.docx").write_bytes(b"PK\3\4half of it")
    matched = match_once(load_settings(settings.home), None, quiet)
    assert matched.moving == ("半.docx",)
    assert [(one.name, one.items) for one in matched.files] == [("一期.txt", 1)]


def test_a_refused_file_is_tried_again_once_its_outlet_is_known(
    settings: Settings, match: Match, tmp_path: Path
) -> None:
    issue(settings, "甲.txt", "汀洲快讯", "第3期", "2026年7月20日", TITLE, BODY)
    assert one(match())[0] == "unknown_outlet"
    assert one(match())[0] == "unknown_outlet"
    table = tmp_path / "刊物.csv"
    table.write_text("名称,种类,级别\n汀洲快讯,内刊,县\n", encoding="utf-8")
    assert (
        CliRunner().invoke(main, ["--home", str(settings.home), "outlets", str(table)]).exit_code
        == 0
    )
    assert one(match()) == ("", "")
    assert match().files == ()


def test_rows_of_a_list_that_cannot_be_used(settings: Settings, match: Match) -> None:
    issue(
        settings, "清单.csv", "标题,媒体,刊发日期",
        f"{TITLE},云泽晨报,2026-07-20", "没有媒体的,,2026-07-20", "别的报纸的,云泽早报,2026-07-20",
        "没有日期的,云泽晨报,", "日期怪的,云泽晨报,不日", "将来的,云泽晨报,2998-01-01",
        f"{TITLE},云泽晨报社,2026/7/20",
    )  # fmt: skip
    matched = match()
    (file,) = matched.files
    assert (file.items, file.reason, len(file.complaints)) == (1, "rows", 5)
    assert "云泽晨报" in file.complaints[1]
    again = match()  # a list that was taken in part is read again, and doubles nothing
    assert (again.files[0].items, again.matched) == (0, 0)


def test_a_list_that_is_none(settings: Settings, match: Match) -> None:
    issue(settings, "清单.csv", "甲,乙", "1,2")
    assert one(match())[0] == "no_header"


def test_a_workbook_that_would_fill_the_memory_is_not_opened(
    settings: Settings, match: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issues_folder, "_LARGEST_LIST", 1 << 20)
    book = Workbook()
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/big.xml", b"\0" * (1 << 20))
    (settings.issues / "清单.xlsx").write_bytes(saved.getvalue())
    assert one(match())[0] == "hostile_zip"


def test_titles_with_signs_of_formulas_stay_text(settings: Settings, match: Match) -> None:
    issue(settings, "清单.csv", "标题,媒体,日期", "=1+1,云泽晨报,2026-07-20")
    match()
    db = open_database(settings.database)
    assert raw(db).execute("SELECT title FROM printed_item").fetchall() == [("=1+1",)]
    db.close()


def test_a_draft_that_comes_after_its_printing(settings: Settings, match: Match) -> None:
    sound(settings)
    assert [row["printed_title"] for row in match().unmatched] == [TITLE]
    draft(settings)
    again = match()
    assert (again.files, again.matched, again.recorded) == ((), 1, 1)
    db = open_database(settings.database)
    facts: Any = draft_facts(db, 1)
    (flag,) = [one for one in facts["flags"] if one["kind"] == "already_printed"]
    assert flag["message"] == (
        f"已刊发：《云泽组工信息》第3期（2026-07-20）《{TITLE}》，本稿100%与它相同"
    )
    assert facts["text"][flag["start_offset"] : flag["end_offset"]] == BODY[:-1]
    rows = raw(db).execute("SELECT kind, unit_a, draft_a, draft_b FROM duplicates").fetchall()
    assert rows == [("已刊发", "云泽组工信息", None, 1)]
    (warnings,) = raw(db).execute("SELECT warnings FROM adoption_proposal").fetchone()
    assert "printed_before_received" in warnings
    db.close()
    shown = CliRunner().invoke(main, ["--home", str(settings.home), "show", "1"]).output
    assert "已刊发：《云泽组工信息》第3期" in shown.replace("\n", "")


def test_a_file_that_is_not_stored_is_told_as_well(
    settings: Settings, match: Match, tmp_path: Path
) -> None:
    sound(settings)
    match()
    file = tmp_path / "来稿.txt"
    file.write_text(f"{TITLE}\n{BODY}\n临溪县委组织部\n2026年7月25日\n", encoding="utf-8")
    (judged,) = judge(settings.home, str(file)).judged
    told = [flag.message for flag in judged.flags if flag.kind == "already_printed"]
    assert len(told) == 1
    assert told[0].startswith("已刊发：《云泽组工信息》第3期")


def test_a_draft_that_came_before_is_not_told(settings: Settings, match: Match) -> None:
    draft(settings)
    sound(settings)
    assert match().recorded == 1
    db = open_database(settings.database)
    assert raw(db).execute("SELECT count(*) FROM printed_reuse").fetchone() == (0,)
    db.close()


def test_a_listed_title_is_matched_by_a_later_draft(settings: Settings, match: Match) -> None:
    issue(settings, "清单.csv", "标题,媒体,日期,署名", f"{TITLE},云泽晨报,2026-07-20,临溪县")
    assert match().recorded == 0
    draft(settings)
    assert match().recorded == 1


def test_no_folder_and_a_run_that_is_busy(settings: Settings, match: Match, tmp_path: Path) -> None:
    with pytest.raises(InboxError, match="没有找到"):
        match(tmp_path / "无")
    with open_office(settings) as office:
        held = lease.acquire(office.db, LEASE)
        assert held is not None
        with pytest.raises(Busy, match="另一个比对刊发的任务"):
            match()
        lease.release(office.db, held)


def test_the_commands(settings: Settings) -> None:
    home = ["--home", str(settings.home)]
    draft(settings, "双河镇义务水管员管好三十里长渠", "别的正文，与刊发的全然不同。" * 9)
    issue(settings, "清单.csv", "标题,媒体,日期", f"{TITLE},云泽晨报,2026-07-20", "空的,,")
    ran = CliRunner().invoke(main, [*home, "match", "--no-wait"])
    assert ran.exit_code == 3, ran.output
    assert "没有写是哪个媒体" in ran.output
    listed = CliRunner().invoke(main, [*home, "proposals"])
    assert "只有标题可比" in listed.output
    refused = CliRunner().invoke(main, [*home, "refuse", "1", "--who", "张"])
    assert refused.exit_code == 0, refused.output
    assert CliRunner().invoke(main, [*home, "proposals"]).output == "没有等待确认的采用。\n"
    unknown = CliRunner().invoke(main, [*home, "confirm", "9"])
    assert (unknown.exit_code, "没有第9号采用建议" in unknown.output) == (1, True)
    assert CliRunner().invoke(main, [*home, "confirm"]).exit_code == 2


def test_nothing_is_recorded_where_the_settings_say_so(settings: Settings) -> None:
    file = settings.home / "zugao.toml"
    file.write_text(
        file.read_text("utf-8").replace("record_sure = true", "record_sure = false"), "utf-8"
    )
    careful = load_settings(settings.home)
    draft(careful)
    sound(careful)
    assert match_once(careful, None, quiet, wait=False).recorded == 0
    done = CliRunner().invoke(main, ["--home", str(settings.home), "confirm", "--all-sure"])
    assert done.exit_code == 0, done.output
    assert match_once(careful, None, quiet, wait=False).waiting == 0


def test_the_served_flow_tells_what_it_did(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[str] = []
    monkeypatch.setattr(served, "create_markdown_artifact", lambda text, **_: told.append(text))
    monkeypatch.setattr(served, "match_task", served.match_task.fn)
    issue(settings, "甲.txt", "第3期", "2026年7月20日", TITLE, BODY)
    state = served.matching.fn(str(settings.home))
    assert (state.is_completed(), state.name) == (True, "退回")
    assert "没有写是哪个刊物" in told[0]
    assert served.matching.fn(str(tmp_path / "无")).is_failed()
