"""A draft's text edited on its page: beside the one that was sent, appended, never lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.aspects import remember_aspects
from storage.commit import commit_batch
from storage.composing import edit_text, plan_draft, plan_of, source_text
from storage.connection import open_database, raw, write
from storage.decisions import DecisionError, Overtaken, decide
from storage.driver import sqlite3
from storage.editing import LONGEST, edited_of, edits_of, save_edited
from storage.handling import reasons_of, return_draft
from storage.ledger import receive
from storage.migrations import MIGRATIONS
from storage.runs import start_run
from tests.support_desk import PASSWORD, Office, office
from tests.support_storage import ASPECTS, draft, findings, outcome, submission

BODY = "柳湾镇把议事桌摆到院坝里，三个月办成实事十二件。"
SENT = f"一、做法\n{BODY}"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_database(tmp_path / "zugao.db")
    fill(db)
    yield db
    db.close()


def fill(db: Database) -> None:
    """Two drafts, and an issue that is being composed."""
    run = start_run(db, "direct", "/inbox")
    receive(db, [submission(f"{n}.docx") for n in range(2)], run)
    commit_batch(
        db, run,
        [outcome(n + 1, draft(f"题目{n}", body=BODY), found=[findings()]) for n in range(2)],
    )  # fmt: skip
    with write(db) as conn:
        conn.execute(
            "INSERT INTO outlet (id, name, kind, level) VALUES (1, '云泽组工', '刊物', '市')"
        )
        conn.execute(
            "INSERT INTO issue (id, outlet_id, year, number, state, made_at)"
            " VALUES (1, 1, 2026, '7', 'composing', 'x')"
        )


def test_an_edited_text_stands_beside_the_one_that_was_sent(db: Database) -> None:
    assert edited_of(raw(db), 1) is None
    save_edited(db, 1, " 新题目 ", "一、做法\r\n议事桌摆到院坝里。\r\n", who="王", expect=0)
    first = edited_of(raw(db), 1)
    assert first is not None
    assert (first.title, first.text, first.who) == ("新题目", "一、做法\n议事桌摆到院坝里。", "王")
    save_edited(db, 1, "题目0", SENT, who="李", expect=first.number)
    assert [row["who"] for row in edits_of(db, 1)] == ["王", "李"]
    assert source_text(db, [1]) == SENT
    assert edited_of(raw(db), 2) is None


@pytest.mark.parametrize(
    ("number", "title", "text", "sentence"),
    [
        (1, "题目0", SENT, "没有改动"),
        (1, " ", SENT, "不能空着"),
        (1, "题目0", " \n ", "不能空着"),
        (1, "题" * 201, SENT, "最多200字"),
        (1, "题目0", "长" * (LONGEST + 1), "最多"),
        (99, "题目0", SENT, "没有第99号稿件"),
    ],
)
def test_what_is_no_edit_is_said(
    db: Database, number: int, title: str, text: str, sentence: str
) -> None:
    with pytest.raises(DecisionError, match=sentence):
        save_edited(db, number, title, text, who="王", expect=0)
    assert edits_of(db, 1) == []


def test_who_saves_second_is_told(db: Database) -> None:
    save_edited(db, 1, "王的题目", SENT, who="王", expect=0)
    with pytest.raises(Overtaken):
        save_edited(db, 1, "李的题目", SENT, who="李", expect=0)
    held = edited_of(raw(db), 1)
    assert held is not None
    assert held.title == "王的题目"


def test_it_holds_in_an_issue_unless_the_text_is_changed_there(db: Database) -> None:
    plan_draft(db, 1, 1)
    plan_draft(db, 1, 2, beside=1)
    save_edited(db, 2, "题目1", "第二篇改过。", who="王", expect=0)
    (item,) = plan_of(db, 1).items
    assert (item.title, item.text, item.edited) == ("题目0", f"{SENT}\n第二篇改过。", True)
    save_edited(db, 1, "新题目", "第一篇改过。", who="王", expect=0)
    (item,) = plan_of(db, 1).items
    assert (item.title, item.text) == ("新题目", "第一篇改过。\n第二篇改过。")
    edit_text(db, 1, 1, text="合成一条。", who="李")
    (item,) = plan_of(db, 1).items
    assert (item.title, item.text) == ("新题目", "合成一条。")
    assert [row["who"] for row in edits_of(db, 1)] == ["王"]


def test_edits_of_the_version_before_stay_and_nothing_of_them_changes(
    tmp_path: Path, db: Database
) -> None:
    path = tmp_path / "old.db"
    old = Database(sqlite3.connect(path, isolation_level=None))
    MIGRATIONS.apply(old, stop_before="m018_edited_drafts")
    fill(old)
    remember_aspects(old, ASPECTS, "t1")
    decide(old, 1, "A1", who="王")
    row = (7, 1, 2, "改过的题目", "改过的正文", "王", "2026-09-30T01:02:03.004Z")
    raw(old).execute("INSERT INTO edited_text VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    raw(old).execute("INSERT INTO return_reason (decision_id, reason) VALUES (1, '时效已过')")
    old.close()
    new = open_database(path)
    assert raw(new).execute("SELECT * FROM edited_text").fetchall() == [row]
    assert raw(new).execute("SELECT * FROM return_reason").fetchall() == [(1, "时效已过", 0)]
    for sql in ("UPDATE edited_text SET text = 'x'", "DELETE FROM edited_text"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw(new).execute(sql)
    assert schema(new) == schema(db)  # brought up or made new, it is the same
    new.close()


def schema(db: Database) -> list[tuple[str, str]]:
    """Tables, indexes and triggers of edited texts as they stand in the database."""
    return raw(db).execute(
        "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'edited_text' ORDER BY name"
    ).fetchall()  # fmt: skip


def test_reasons_keep_their_order(db: Database) -> None:
    told = ["重复报送", "时效已过", "不实"]
    returned = reasons_of(db, return_draft(db, 1, told, who="王"))
    assert returned is not None
    assert returned["reasons"] == told


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home") as made:
        fill(made.db)
        yield made


def typed(title: str, text: str, seen: str = "0") -> dict[str, str]:
    return {"title": title, "text": text, "seen": seen}


def test_the_draft_page_shows_what_came_and_what_went(house: Office) -> None:
    editor = house.logged_in("editor")
    form = editor.get("/drafts/1/edit?tab=all").text
    assert SENT in form
    assert 'id="edited"' not in editor.get("/drafts/1").text
    text = "一、做法\r\n柳湾镇把议事桌摆到田埂上<img onerror=alert(1)>，三个月办成实事十二件。"
    answer = editor.post("/drafts/1/edit?tab=all", data=typed("题目0", text))
    assert answer.headers["location"] == "/drafts/1?tab=all#edited"
    page = editor.get("/drafts/1").text
    assert "<del>柳湾镇把议事桌摆到院坝里</del>" in page
    assert "<ins>柳湾镇把议事桌摆到田埂上&lt;img onerror=alert(1)&gt;</ins>" in page
    assert "editor 改稿" in page
    again = editor.get("/drafts/1/edit").text
    assert "恢复来稿原文" in again
    number = edited_of(raw(house.db), 1)
    assert number is not None
    restored = {"restore": "1", "seen": str(number.number)}
    assert editor.post("/drafts/1/edit", data=restored).status_code == 303
    assert 'id="edited"' not in editor.get("/drafts/1").text
    assert len(edits_of(house.db, 1)) == 2


def test_what_cannot_be_saved_stays_on_the_page(house: Office) -> None:
    editor, other = house.logged_in("editor"), house.logged_in("editor")
    empty = editor.post("/drafts/1/edit", data=typed("新题目", "  "))
    assert (empty.status_code, "不能空着" in empty.text, "新题目" in empty.text) == (
        400,
        True,
        True,
    )
    other.post("/drafts/1/edit", data=typed("别人的题目", SENT))
    late = editor.post("/drafts/1/edit", data=typed("我的题目", "我写的正文。"))
    assert late.status_code == 409
    assert "还没有保存" in late.text
    assert "<ins>别人的题目" in late.text
    assert 'value="我的题目"' in late.text
    assert "我写的正文。</textarea>" in late.text
    seen = re.findall(r'name="seen" value="(\d+)"', late.text)[0]
    assert editor.post("/drafts/1/edit", data=typed("我的题目", "我写的正文。", seen)).is_redirect
    assert editor.get("/drafts/99/edit").status_code == 404
    assert editor.post("/drafts/1/edit", data=typed("x", "y", "-1")).status_code == 400


def test_a_long_text_survives_a_session_that_ended(house: Office) -> None:
    """100,000 characters through the login page and back, as forms without script send them."""
    editor = house.logged_in("editor")
    editor.post("/logout")
    text = "\n".join("议事桌摆到院坝里，" * 100 for _ in range(100)) + "\n<b>完</b>"
    assert len(text) > 90_000
    login = editor.post("/drafts/1/edit?tab=all", data=typed("新题目", text))
    assert (login.status_code, "您填写的内容还在" in login.text) == (401, True)
    kept = fields(login.text)
    resume = editor.post("/login", data={**kept, "name": "editor", "password": PASSWORD})
    assert (resume.status_code, "接着提交" in resume.text) == (200, True)
    target = unescape(re.findall(r'<form method="post" action="(/drafts[^"]*)"', resume.text)[0])
    assert editor.post(target, data=fields(resume.text)).is_redirect
    held = edited_of(raw(house.db), 1)
    assert held is not None
    assert (held.title, held.text, held.who) == ("新题目", text, "editor")


def fields(page: str) -> dict[str, str]:
    """What a browser would send of a page's hidden fields."""
    found = re.findall(r'<textarea name="([^"]+)" hidden>([^<]*)</textarea>', page)
    found += re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}
