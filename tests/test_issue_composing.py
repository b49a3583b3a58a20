"""Composing an issue: the plan, edited texts, building, printing as adoption, taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from storage.composing import (
    build_items,
    edit_text,
    order_drafts,
    plan_draft,
    plan_of,
    print_issue,
    remove_draft,
    take_back_print,
)
from storage.driver import sqlite3
from storage.issues import IssueError, add_issue, items_of
from tests.support_adoption import make_office
from zugao.cli import main

DAY = date(2026, 9, 30)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = make_office(tmp_path / "zugao.db")
    yield db
    db.close()


def begun(db: Database) -> int:
    """An issue of outlet 1: draft 1 alone; drafts 3 and 4 of two units as one item."""
    issue = add_issue(db, 1, "30", None, year=2026, state="composing")
    plan_draft(db, issue, 1, column="基层党建")
    plan_draft(db, issue, 3, column="综合")
    plan_draft(db, issue, 4, beside=3)
    return issue


def titles(db: Database, issue: int) -> list[tuple[int, str, str, str]]:
    return [(i.position, i.column, i.title, i.byline) for i in plan_of(db, issue).items]


def adopted(db: Database) -> list[tuple[object, ...]]:
    return db.execute(
        "SELECT draft_id, printed_title, published_on, form, share, source FROM adoptions"
        " ORDER BY draft_id"
    ).fetchall()


def test_plan_order_and_removal(db: Database) -> None:
    issue = begun(db)
    assert titles(db, issue) == [
        (1, "基层党建", "题目1", "临溪县委组织部"),
        (2, "综合", "题目3", "望岚县委组织部、望岚县石鼓岭镇党委"),
    ]
    plan_draft(db, issue, 2)
    order_drafts(db, issue, [2, 4])
    assert [t for _, _, t, _ in titles(db, issue)] == ["题目2", "题目3", "题目1"]
    remove_draft(db, issue, 3)
    assert [t for _, _, t, _ in titles(db, issue)] == ["题目2", "题目4", "题目1"]


def test_what_is_printed_of_a_draft_is_its_content(db: Database) -> None:
    issue = begun(db)
    first, merged = plan_of(db, issue).items
    assert first.text == "一、做法\n院坝议事办实事十二件，村里的事村民说了算"
    assert merged.text.count("一、做法") == 2


def test_edited_texts_are_appended_and_the_last_holds(db: Database) -> None:
    issue = begun(db)
    edit_text(db, issue, 1, title="村里的事村民议", who="张")
    edit_text(db, issue, 1, text="改过的一段。\n又一段。", who="李")
    item = plan_of(db, issue).items[0]
    assert (item.title, item.text, item.edited) == (
        "村里的事村民议",
        "改过的一段。\n又一段。",
        True,
    )
    rows = db.execute("SELECT title, who FROM edited_text ORDER BY id").fetchall()
    assert rows == [("村里的事村民议", "张"), ("村里的事村民议", "李")]
    assert db.execute("SELECT title FROM draft WHERE id = 1").fetchone() == ("题目1",)
    with pytest.raises(sqlite3.DatabaseError, match="append-only"):
        db.execute("UPDATE edited_text SET title = '别的'")
    with pytest.raises(IssueError) as error:
        edit_text(db, issue, 1, title="村里的事村民议")
    assert error.value.reason == "empty"


def test_building_records_items_and_counts_nothing(db: Database) -> None:
    issue = begun(db)
    assert build_items(db, issue) == 2
    remove_draft(db, issue, 1)
    assert build_items(db, issue) == 1
    items = [(i["title"], i["origin"], i["byline"], i["adoptions"]) for i in items_of(db, issue)]
    assert items == [("题目3", "built", "望岚县委组织部、望岚县石鼓岭镇党委", 0)]
    assert adopted(db) == []


def test_printing_adopts_and_taking_it_back_is_identity(db: Database) -> None:
    issue = begun(db)
    assert print_issue(db, issue, DAY, who="张") == 3
    first = adopted(db)
    assert first == [
        (1, "题目1", "2026-09-30", "单篇", 1.0, "builder"),
        (3, "题目3", "2026-09-30", "综合", 0.5, "builder"),
        (4, "题目3", "2026-09-30", "综合", 0.5, "builder"),
    ]
    for change in (
        lambda: plan_draft(db, issue, 2), lambda: remove_draft(db, issue, 1),
        lambda: order_drafts(db, issue, [1]), lambda: edit_text(db, issue, 1, title="改"),
        lambda: build_items(db, issue), lambda: print_issue(db, issue, DAY),
    ):  # fmt: skip
        with pytest.raises(IssueError) as error:
            change()
        assert error.value.reason == "printed"
    assert take_back_print(db, issue) == 3
    assert adopted(db) == []
    assert plan_of(db, issue).state == "composing"
    print_issue(db, issue, DAY)
    assert adopted(db) == first
    assert len(items_of(db, issue)) == 2


def test_refused_with_a_reason(db: Database) -> None:
    issue = begun(db)
    empty = add_issue(db, 1, "31", None, year=2026, state="composing")
    cases = {
        "no_issue": lambda: plan_draft(db, 99, 1),
        "no_draft": lambda: plan_draft(db, issue, 99),
        "already": lambda: plan_draft(db, issue, 1),
        "not_in_issue": lambda: plan_draft(db, issue, 2, beside=5),
        "empty": lambda: print_issue(db, empty, DAY),
        "future": lambda: print_issue(db, issue, date(9000, 1, 1)),
        "not_printed": lambda: take_back_print(db, issue),
    }
    for reason, ask in cases.items():
        with pytest.raises(IssueError) as error:
            ask()
        assert error.value.reason == reason
    assert adopted(db) == []  # the refused printing left nothing behind
    assert plan_of(db, issue).state == "composing"


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations([1, 2, 3, 4, 5]), some=st.integers(0, 5))
def test_any_order_is_kept(db: Database, order: list[int], some: int) -> None:
    number = str(100 + len(db.execute("SELECT id FROM issue").fetchall()))
    issue = add_issue(db, 1, number, None, year=2026, state="composing")
    for draft in range(1, 6):
        plan_draft(db, issue, draft)
    order_drafts(db, issue, order[:some])
    rest = [draft for draft in range(1, 6) if draft not in order[:some]]
    now = [item.sources[0].draft_id for item in plan_of(db, issue).items]
    assert now == [*order[:some], *rest]


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = CliRunner()
    home = tmp_path / "home"
    assert run.invoke(main, ["init", str(home)]).exit_code == 0
    (home / "zugao.db").unlink()
    make_office(home / "zugao.db").close()
    monkeypatch.chdir(tmp_path)

    def say(*words: str, code: int = 0) -> str:
        result = run.invoke(main, ["--home", str(home), "issue", *words])
        assert result.exit_code == code, result.output
        return result.output

    assert "期编号 4" in say("new", "组工信息", "--number", "30", "--year", "2026")
    shown = say("add", "4", "1", "2", "--column", "基层党建")
    assert "1. 【基层党建】题目1" in shown
    (tmp_path / "改后.txt").write_text(
        "院坝里的议事桌\n改过的正文，只有这一段。\n", encoding="utf-8"
    )
    say("edit", "4", "2", "--title", "新题目", "--file", "改后.txt", "--who", "张")
    assert "云泽组工信息2026年第30期.docx" in say("build", "4")
    text = [p.text for p in Document("云泽组工信息2026年第30期.docx").paragraphs]
    assert text[:2] == ["云泽组工信息", "（2026年第30期）"]
    assert "目　录" in text
    styles = {p.text: p.style.name for p in Document("云泽组工信息2026年第30期.docx").paragraphs}
    assert (styles["一、做法"], styles["新题目"]) == ("公文一级标题", "公文标题")
    assert "1. 题目1（临溪县委组织部）" in text
    assert text.index("【基层党建】") < text.index("新题目")
    assert "记下采用 2 篇" in say("print", "4", "--date", "2026-09-30")
    assert "撤回采用 2 篇" in say("unprint", "4")
    assert "没有叫“不存在”的刊物" in say("new", "不存在", "--number", "1", code=1)
