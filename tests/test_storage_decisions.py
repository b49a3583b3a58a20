"""Decisions: appended, undone, never altered; what people say holds over what the model says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from nlp.types import Findings
from storage.aspects import Aspect, aspect_code, remember_aspects
from storage.commit import commit_batch
from storage.connection import open_database, write
from storage.decisions import (
    Decided,
    DecisionError,
    Labelled,
    decide,
    decisions_since,
    labelled,
    undo,
)
from storage.driver import sqlite3
from storage.facts import draft_facts
from storage.ledger import receive
from storage.migrations import MIGRATIONS
from storage.questions import run_summary
from storage.runs import start_run
from tests.support_storage import ASPECTS, draft, findings, outcome, submission
from zugao.cli import main

MORE = (*ASPECTS, Aspect("B2", "党员教育", "B", "党员队伍"))


def fill(db: Database, *found: Findings) -> None:
    """One file a draft; drafts of different words, so that none is a duplicate."""
    remember_aspects(db, MORE, "t1")
    run = start_run(db, "direct", "/inbox")
    receive(db, [submission(f"{n}.docx") for n in range(len(found))], run)
    bodies = ["院坝议事办实事十二件", "选调生到村历练两年", "网格员上门代办"]
    for n, one in enumerate(found, start=1):
        piece = draft(f"题目{n}", body=bodies[n - 1])
        commit_batch(db, run, [outcome(n, piece, found=[one])])


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Drafts 1 (model: A1), 2 (model: C2), 3 (undecided)."""
    db = open_database(tmp_path / "zugao.db")
    fill(db, findings(), findings(theme="C2"), findings(theme=""))
    yield db
    db.close()


def current(db: Database) -> list[tuple[object, ...]]:
    return db.execute(
        "SELECT draft_id, theme_code, theme, category_code, theme_probability, theme_source, genre"
        " FROM drafts ORDER BY draft_id"
    ).fetchall()


MODEL = [
    (1, "A1", "农村党建", "A", 0.7, "model", "经验"),
    (2, "C2", "年轻干部培养", "C", 0.2, "model", "经验"),
    (3, None, None, None, None, "model", "经验"),
]


def test_what_a_person_says_holds_everywhere(db: Database) -> None:
    assert current(db) == MODEL
    done = decide(db, 3, "B2", secondary=["A1"], genre="动态", who="张", note="看了全文")
    assert done == Decided(1, "correct", None, "B2", "经验", "动态")
    assert current(db)[2] == (3, "B2", "党员教育", "B", None, "editor", "动态")
    facts = draft_facts(db, 3)
    assert facts is not None
    tags = [(t["kind"], t["code"], t["source"]) for t in facts["tags"] if t["kind"] != "keyword"]  # type: ignore[union-attr]
    assert tags == [
        ("theme", "B2", "editor"),
        ("theme", "A1", "editor"),
        ("nearest", "A1", "model"),
        ("nearest", "C2", "model"),
        ("genre", "动态", "editor"),
    ]
    assert facts["theme_name"] == "党员教育"
    assert [(d["who"], d["note"], d["holds"]) for d in facts["decisions"]] == [  # type: ignore[union-attr]
        ("张", "看了全文", 1)
    ]
    counted = {row["code"]: row["mean_probability"] for row in run_summary(db, 1).themes}
    assert counted == {"A1": 0.7, "B2": None, "C2": 0.2}
    # the model's own word and tags are as they were
    assert db.execute("SELECT theme FROM draft WHERE id = 3").fetchone() == (None,)


def test_agreeing_is_told_from_correcting(db: Database) -> None:
    assert decide(db, 1, "A1").kind == "accept"
    assert decide(db, 1, "A1", genre="经验").kind == "accept"
    assert decide(db, 1, "A1", secondary=["B2"]).kind == "correct"
    kept = decide(db, 1, "C2")
    assert (kept.kind, labelled(db)[0].secondary) == ("correct", ("B2",))
    assert decide(db, 1, "X0").theme == "X0"
    assert labelled(db)[0].secondary == ()
    assert current(db)[0][1:4] == ("X0", "不属于任何方面", "X")


def test_undo_goes_back_one_decision_at_a_time(db: Database) -> None:
    decide(db, 1, "C2")
    decide(db, 1, "B2", genre="动态")
    assert undo(db, 1, who="李") == Decided(3, "undo", "B2", "C2", "动态", "经验")
    assert undo(db, 1) == Decided(4, "undo", "C2", "A1", "经验", "经验")
    assert current(db) == MODEL
    with pytest.raises(DecisionError, match="没有可以撤销"):
        undo(db, 1)
    decide(db, 1, "C2")
    assert current(db)[0][1] == "C2"
    kinds = db.execute("SELECT kind, holds FROM decisions ORDER BY decision_id").fetchall()
    assert kinds == [("correct", 0), ("correct", 0), ("undo", 0), ("undo", 0), ("correct", 1)]


@pytest.mark.parametrize(
    ("draft_id", "theme", "more", "sentence"),
    [
        (99, "A1", {}, "没有第99号稿件"),
        (1, "Q7", {}, "没有在用的方面“Q7”"),
        (1, "A1", {"secondary": ["A1"]}, "不能与主要主题相同"),
        (1, "A1", {"secondary": ["B2", "B2"]}, "不能重复|也不能重复"),
        (1, "A1", {"secondary": ["X0"]}, "没有次要主题"),
        (1, "X0", {"secondary": ["B2"]}, "没有次要主题"),
        (1, "A1", {"genre": "散文"}, "不认识的体裁“散文”"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_leaves_nothing(
    db: Database, draft_id: int, theme: str, more: dict[str, object], sentence: str
) -> None:
    with pytest.raises(DecisionError, match=sentence):
        decide(db, draft_id, theme, **more)  # type: ignore[arg-type]
    assert db.execute("SELECT count(*) FROM decision").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM tag WHERE source = 'editor'").fetchone() == (0,)


def test_decisions_are_never_altered(db: Database) -> None:
    decide(db, 1, "B2")
    for sql in ("UPDATE decision SET theme = 'A1'", "DELETE FROM decision"):
        with pytest.raises(sqlite3.DatabaseError, match="append-only"), write(db) as conn:
            conn.execute(sql)
    assert current(db)[0][1] == "B2"


def test_labels_are_the_standing_ones_with_the_text_that_is_judged(db: Database) -> None:
    decide(db, 1, "C2")
    decide(db, 2, "A1", genre="动态")
    decide(db, 3, "A1")
    undo(db, 1)
    undo(db, 3)
    decide(db, 3, "X0")
    assert labelled(db) == [
        Labelled(2, 2, "题目2", "一、做法\n选调生到村历练两年", "A1", (), "动态", 2),
        Labelled(3, 6, "题目3", "一、做法\n网格员上门代办", "X0", (), "经验", 3),
    ]
    assert (decisions_since(db, 0), decisions_since(db, 2), decisions_since(db, 6)) == (2, 1, 0)


def test_aspects_are_named_by_code_or_name(db: Database) -> None:
    assert [aspect_code(db, given) for given in ("b2", "党员教育", " A1 ", "别的")] == [
        "B2", "B2", "A1", "别的"
    ]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["A1", "C2", "B2", "X0", "undo"]), max_size=10))
def test_any_history_ends_as_a_stack_would(steps: list[str]) -> None:
    """A decision pushes, an undo pops; the drafts view shows the top, else the model's word."""
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    fill(db, findings())
    stack = ["A1"]
    for step in steps:
        if step != "undo":
            decide(db, 1, step)
            stack.append(step)
        elif len(stack) > 1:
            undo(db, 1)
            stack.pop()
        assert current(db)[0][1] == stack[-1]
    assert [label.theme for label in labelled(db)] == stack[1:][-1:]
    db.close()


def test_a_database_of_the_version_before_keeps_its_tags(tmp_path: Path) -> None:
    db = Database(tmp_path / "old.db")
    MIGRATIONS.apply(db, stop_before="m004_decisions")
    with db.conn:
        db.execute("INSERT INTO run (started_at, how) VALUES ('2026', 'direct')")
        db.execute("INSERT INTO _blob VALUES (?, 1, '2026')", ["a" * 64])
        db.execute(
            "INSERT INTO manuscript (unit_given, name, sha256, source, received_at, run_id)"
            " VALUES ('', 'x', ?, '', '2026-01-01', 1)",
            ["a" * 64],
        )
        db.execute(
            "INSERT INTO draft VALUES (1, 1, 1, 1, NULL, '', '题', '', '', '', '', '', '[]', 1,"
            " '动态', 1, 'A', 1, 'A1', 0.9, '2026')"
        )
        for kind in ("theme", "nearest"):
            db.execute(
                "INSERT INTO tag VALUES (1, ?, 'A1', 1, 0.9, '[]', 'model', 'm0', 't0', '2026')",
                [kind],
            )
    db.close()
    db = open_database(tmp_path / "old.db")
    assert db.execute("SELECT theme_code, model_version FROM drafts").fetchall() == [("A1", "m0")]
    assert db.execute("SELECT kind, code, model_version FROM current_tags").fetchall() == [
        ("nearest", "A1", "m0"),
        ("theme", "A1", "m0"),
    ]
    decide(db, 1, "X0")
    assert db.execute("SELECT theme_code FROM drafts").fetchall() == [("X0",)]
    db.close()


def test_the_command_records_and_takes_back(tmp_path: Path) -> None:
    home = tmp_path / "库"

    def zugao(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--home", str(home), *words])
        return done.exit_code, done.output

    assert CliRunner().invoke(main, ["init", str(home)]).exit_code == 0
    db = open_database(home / "zugao.db")
    fill(db, findings(theme=""))
    db.close()
    named = ("--theme", "党员教育·党内集中教育", "--genre", "动态", "--who", "张")
    assert zugao("decide", "1", *named) == (
        0, "第 1 号稿件已改正：主题 无法判断 → B2，体裁 经验 → 动态。\n"
    )  # fmt: skip
    shown = zugao("show", "1", "--no-text")[1]
    assert "主要 B2 党员教育·党内集中教育（人定）" in shown.replace("　", " ")
    assert "动态（人定）" in shown
    assert "张 改正：B2 党员教育·党内集中教育，体裁 动态" in shown.replace("　", " ")
    code, told = zugao("decide", "1", "--undo", "--json")
    assert (code, json.loads(told)["theme"]) == (0, None)
    assert zugao("decide", "1", "--undo") == (1, "第1号稿件没有可以撤销的主题意见。\n")
    assert zugao("decide", "1")[0] == 2
    assert zugao("decide", "1", "--theme", "Q7")[1] == "主题体系里没有在用的方面“Q7”。\n"
