"""The commit: a batch is written whole, once, with everything that belongs to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from nlp.types import Flag, Genre, Refusal, Theme
from storage import commit
from storage.aspects import remember_aspects
from storage.commit import Committed, Outcome, commit_batch
from storage.connection import open_database
from storage.ledger import receive, waiting
from storage.runs import start_run
from storage.units import UnitRow, import_units
from tests.support_storage import ASPECTS, draft, findings, outcome, submission


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = open_database(tmp_path / "zugao.db")
    import_units(db, [UnitRow("临溪县委组织部", "县区", aliases=("临溪县",)), UnitRow("沅北县")])
    remember_aspects(db, ASPECTS, "t1")
    return db


@pytest.fixture
def run(db: Database) -> int:
    return start_run(db, "direct", "/inbox")


def take_in(db: Database, run: int, count: int = 1, *, unit_id: int | None = 1) -> None:
    receive(db, [submission(f"{n}.docx", unit_id=unit_id) for n in range(count)], run)


def snapshot(db: Database) -> dict[str, list[object]]:
    return {name: list(db[name].rows) for name in db.table_names()}


def rows(db: Database, sql: str) -> list[tuple[object, ...]]:
    return db.execute(sql).fetchall()


def test_everything_of_a_draft_is_written(db: Database, run: int) -> None:
    take_in(db, run)
    flag = Flag("over_hard", "warn", "正文1834字，超过上限1500字334字", 3, 9, 1834, 1500)
    piece = draft(unit="柳湾镇")
    done = commit_batch(db, run, [outcome(1, piece, found=[findings(flags=(flag,))])])
    assert done == Committed(read=1, drafts=1)
    (stored,) = db["draft"].rows
    assert {k: v for k, v in stored.items() if k != "created_at"} == {
        "model_version": "m1",
        "id": 1, "manuscript_id": 1, "position": 1, "run_id": run, "unit_id": 1,
        "unit_as_written": "柳湾镇", "title": piece.title, "subtitle": "", "author": "陈小满",
        "signer": "", "phone": "", "dated": "2026-09-30", "attachments": '["名单"]',
        "characters": piece.characters, "genre": "经验", "genre_probability": 0.9,
        "category": "A", "category_probability": 0.8, "theme": "A1", "theme_probability": 0.7,
    }  # fmt: skip
    assert rows(db, "SELECT text FROM _draft_text") == [(piece.text,)]
    assert rows(
        db,
        "SELECT kind, code, rank, probability, terms, source, model_version, taxonomy_version"
        " FROM tag ORDER BY kind, rank",
    ) == [
        ("genre", "经验", 1, 0.9, '["做法"]', "rule", "", ""),
        ("keyword", "议事", 1, None, "[]", "rule", "", ""),
        ("keyword", "院坝", 2, None, "[]", "rule", "", ""),
        ("nearest", "A1", 1, 0.7, '[["村",0,1,1.5]]', "model", "m1", "t1"),
        ("nearest", "C2", 2, 0.2, "[]", "model", "m1", "t1"),
        ("theme", "A1", 1, 0.7, '[["村",0,1,1.5]]', "model", "m1", "t1"),
    ]
    assert rows(
        db,
        "SELECT kind, severity, message, start_offset, end_offset, count_value, limit_value,"
        " source FROM flag",
    ) == [("over_hard", "warn", flag.message, 3, 9, 1834, 1500, "rule")]
    assert rows(db, "SELECT code, message, count_value FROM manuscript_notice") == [
        ("pictures", "含图片2张", 2)
    ]
    assert rows(db, "SELECT code, message FROM draft_notice") == [("traditional", "繁体字稿件")]
    assert rows(db, "SELECT state, format FROM manuscript") == [("read", "docx")]
    assert rows(db, "SELECT kind FROM _manuscript_event ORDER BY id") == [("received",), ("read",)]


def test_undecided_theme_is_null_and_its_nearest_are_kept(db: Database, run: int) -> None:
    take_in(db, run)
    commit_batch(db, run, [outcome(1, draft(), found=[findings(theme="")])])
    assert rows(db, "SELECT theme, theme_probability, category FROM draft") == [(None, None, None)]
    assert rows(db, "SELECT code FROM tag WHERE kind = 'nearest' ORDER BY rank") == [
        ("A1",),
        ("C2",),
    ]


def test_a_second_commit_changes_no_row(db: Database, run: int) -> None:
    take_in(db, run, 3)
    batch = [outcome(1), replace(outcome(2), drafts=(), refusal=Refusal("macro")), outcome(3)]
    assert commit_batch(db, run, batch) == Committed(read=2, refused=1, drafts=2)
    before = snapshot(db)
    assert commit_batch(db, run, batch) == Committed()
    assert snapshot(db) == before
    assert waiting(db, now="9999") == []


def test_a_refusal_after_reading_and_a_reading_after_refusal_are_ignored(
    db: Database, run: int
) -> None:
    take_in(db, run, 2)
    refused = [Outcome(2, refusal=Refusal("macro"))]
    commit_batch(db, run, [outcome(1), *refused])
    before = snapshot(db)
    assert commit_batch(db, run, [Outcome(1, refusal=Refusal("macro")), outcome(2)]) == Committed()
    assert snapshot(db) == before


def test_an_archive_is_read_without_drafts(db: Database, run: int) -> None:
    take_in(db, run)
    assert commit_batch(db, run, [Outcome(1, "zip")]) == Committed(read=1)
    assert rows(db, "SELECT state, format FROM manuscript") == [("read", "zip")]


def test_a_compilation_gives_several_drafts(db: Database, run: int) -> None:
    take_in(db, run)
    pieces = [draft("甲事", position=1), draft("乙事", position=2)]
    commit_batch(db, run, [outcome(1, *pieces)])
    assert rows(db, "SELECT manuscript_id, position, title FROM draft ORDER BY id") == [
        (1, 1, "甲事"),
        (1, 2, "乙事"),
    ]


def test_a_postponed_file_that_is_read_later_keeps_no_reason(db: Database, run: int) -> None:
    take_in(db, run)
    commit_batch(db, run, [Outcome(1, refusal=Refusal("timeout"))])
    assert rows(db, "SELECT state, reason FROM manuscript") == [("received", "timeout")]
    commit_batch(db, run, [outcome(1)])
    assert rows(db, "SELECT state, reason, retry_at FROM manuscript") == [("read", "", None)]


def test_unit_of_a_draft(db: Database, run: int) -> None:
    """The file's unit; without one, the unit that the draft names in full; else a flag."""
    receive(db, [submission("a"), submission("b", unit=""), submission("c", unit="望岚县")], run)
    receive(db, [submission("d", unit_id=2)], run)
    pieces = ("临溪县委组织部", "", "临溪县的邻居", "临溪县")
    commit_batch(
        db, run, [outcome(n, draft(f"{n}", unit=unit)) for n, unit in enumerate(pieces, start=1)]
    )
    assert rows(db, "SELECT unit_id FROM draft ORDER BY id") == [(1,), (None,), (None,), (2,)]
    assert rows(db, "SELECT draft_id, kind, severity, message FROM flag") == [
        (2, "unknown_unit", "warn", "没有写明报送单位"),
        (3, "unknown_unit", "warn", "报送单位“望岚县”不在单位表中"),
    ]


def test_units_listed_later_are_given_their_drafts(db: Database, run: int) -> None:
    take_in(db, run, unit_id=None)
    receive(db, [submission("望岚县关于议事的报告", unit="")], run)
    commit_batch(db, run, [outcome(1), outcome(2)])
    assert rows(db, "SELECT unit_id FROM draft") == [(None,), (None,)]
    assert import_units(db, [UnitRow("望岚县")]).assigned == 4
    assert rows(db, "SELECT unit_id FROM draft ORDER BY id") == [(1,), (3,)]
    assert rows(db, "SELECT unit_id FROM manuscript ORDER BY id") == [(1,), (3,)]
    assert db["flag"].count == 0


def test_copies_make_a_pair(db: Database, run: int) -> None:
    take_in(db, run, 2)
    same = findings(exact="a" * 32)
    pieces = [outcome(n, draft(), found=[same]) for n in (1, 2)]
    assert commit_batch(db, run, pieces).pairs == 1
    assert rows(db, "SELECT draft_a, draft_b FROM duplicate_pair") == [(1, 2)]


def test_nothing_of_a_failed_batch_stays(
    db: Database, run: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(db, run, 2)
    before = snapshot(db)

    def fail(*_: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(commit, "index_and_compare", fail)
    with pytest.raises(RuntimeError):
        commit_batch(db, run, [outcome(1), outcome(2)])
    assert snapshot(db) == before


def test_text_that_utf8_cannot_hold(db: Database, run: int) -> None:
    take_in(db, run)
    commit_batch(db, run, [outcome(1, draft("坏\ud800字", body="正\udc00文" * 9))])
    assert rows(db, "SELECT title FROM draft") == [("坏\ufffd字",)]
    assert len(str(rows(db, "SELECT text FROM _draft_text")[0][0])) == len(
        draft("坏\ud800字", body="正\udc00文" * 9).text
    )


def test_tags_of_another_taxonomy_say_so(db: Database, run: int) -> None:
    take_in(db, run)
    other = replace(findings(), themes=(Theme("Z9", 0.5),), nearest=(), genre=Genre("新体裁", 1.0))
    commit_batch(db, run, [outcome(1, draft(), found=[other])])
    assert rows(db, "SELECT code, taxonomy_version FROM tag WHERE kind = 'theme'") == [("Z9", "")]


def test_aspects_are_renamed_in_place_and_never_dropped(db: Database) -> None:
    remember_aspects(db, [replace(ASPECTS[0], name="农村基层党建")], "t2")
    assert rows(db, "SELECT code, name, version FROM aspect WHERE version <> '' ORDER BY code") == [
        ("A1", "农村基层党建", "t2"),
        ("C2", "年轻干部培养", "t1"),
    ]
