"""The ledger: every file a row, the same inbox twice the same rows, passing reasons tried again."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from sqlite_utils import Database

from nlp.types import Refusal
from storage.connection import open_database, write
from storage.driver import sqlite3
from storage.ledger import (
    FileStat,
    Receipt,
    count_waiting,
    receive,
    refuse,
    release,
    unseen,
    waiting,
)
from storage.runs import start_run
from tests.support_storage import digest, submission


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return open_database(tmp_path / "zugao.db")


@pytest.fixture
def run(db: Database) -> int:
    return start_run(db, "direct", "/inbox")


def states(db: Database) -> list[tuple[str, str, int]]:
    rows = db.query("SELECT state, reason, attempts FROM manuscript ORDER BY id")
    return [(row["state"], row["reason"], row["attempts"]) for row in rows]


def events(db: Database) -> list[tuple[int, str]]:
    rows = db.query("SELECT manuscript_id, kind FROM _manuscript_event ORDER BY id")
    return [(row["manuscript_id"], row["kind"]) for row in rows]


def test_new_files_wait_in_the_order_of_arrival(db: Database, run: int) -> None:
    assert receive(db, [submission("乙.docx"), submission("甲.docx")], run) == [
        Receipt(1, new=True),
        Receipt(2, new=True),
    ]
    assert [(w.manuscript_id, w.name, w.sha256) for w in waiting(db)] == [
        (1, "乙.docx", digest("乙.docx")),
        (2, "甲.docx", digest("甲.docx")),
    ]
    assert events(db) == [(1, "received"), (2, "received")]


def test_waiting_files_come_in_pages(db: Database, run: int) -> None:
    receive(db, [submission(f"{n}.docx") for n in range(5)], run)
    refuse(db, [(3, Refusal("macro"))], run)
    first = waiting(db, count=2)
    assert [w.manuscript_id for w in first] == [1, 2]
    assert [w.manuscript_id for w in waiting(db, after=2, count=2)] == [4, 5]
    assert waiting(db, after=5) == []
    assert [count_waiting(db, after=id_) for id_ in (0, 2, 4, 5)] == [4, 2, 1, 0]


def test_a_page_reads_its_own_files_only(db: Database, run: int) -> None:
    """In the order of an index from the last id on: no sorting, whatever waits or is read."""
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    waiting(db, after=7, count=3)
    count_waiting(db, after=7)
    db.conn.set_trace_callback(None)
    for sql in asked:
        first, *others = (row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}"))
        assert first == "SEARCH manuscript USING INDEX manuscript_waiting (id>?)"
        assert not any("TEMP B-TREE" in step or "SCAN" in step for step in others)
    assert len(asked) == 2


def test_a_known_submission_changes_nothing(db: Database, run: int) -> None:
    files = [submission("甲.docx"), submission("乙.docx")]
    receive(db, files, run)
    before = list(db.query("SELECT * FROM manuscript"))
    changes = db.conn.total_changes
    assert receive(db, files[::-1], run) == [Receipt(2, new=False), Receipt(1, new=False)]
    assert list(db.query("SELECT * FROM manuscript")) == before
    assert (len(events(db)), db.conn.total_changes) == (2, changes)


def test_same_bytes_from_two_units_are_one_blob_and_two_submissions(db: Database, run: int) -> None:
    receipts = receive(
        db,
        [
            submission("甲.docx", content="x"),
            submission("甲.docx", content="x", unit="沅北县"),
            submission("甲（改）.docx", content="x"),
            submission("甲.docx", content="y"),
        ],
        run,
    )
    assert [receipt.new for receipt in receipts] == [True] * 4
    assert db["_blob"].count == 2


def test_a_file_that_could_not_be_stored_has_one_row_too(db: Database, run: int) -> None:
    link = replace(submission("链接.docx"), sha256=None, refusal=Refusal("not_regular_file", "l"))
    assert [receive(db, [link], run)[0].new for _ in range(2)] == [True, False]
    assert states(db) == [("refused", "not_regular_file", 0)]
    assert events(db) == [(1, "received"), (1, "refused")]
    assert waiting(db) == []


def test_a_file_that_cannot_be_stored_keeps_the_latest_reason(db: Database, run: int) -> None:
    file = replace(submission("甲.docx"), sha256=None, refusal=Refusal("unreadable"))
    for refusal in (Refusal("unreadable"), Refusal("too_large"), Refusal("too_large")):
        receive(db, [replace(file, refusal=refusal)], run)
    assert states(db) == [("refused", "too_large", 0)]
    assert [kind for _, kind in events(db)] == ["received", "refused", "refused"]
    assert db["refused_files"].count == 1
    receive(db, [submission("甲.docx")], run)
    assert db["refused_files"].count == 0


def test_only_changed_files_are_looked_at_again(db: Database, run: int) -> None:
    stat = FileStat("/inbox/甲.docx", 10, 111, 7)
    changed = [replace(stat, size=11), replace(stat, mtime_ns=112), replace(stat, inode=8)]
    assert unseen(db, [stat]) == [stat]
    receive(db, [replace(submission("甲.docx"), stat=stat)], run)
    assert unseen(db, [*changed, stat]) == changed
    receive(db, [replace(submission("甲.docx", content="new"), stat=changed[0])], run)
    assert unseen(db, [stat, changed[0]]) == [stat]


def test_a_file_refused_for_a_passing_reason_is_looked_at_again(db: Database, run: int) -> None:
    stats = [FileStat(f"/inbox/{n}.docx", 10, 111, n) for n in range(2)]
    for stat, reason in zip(stats, ("unreadable", "not_regular_file"), strict=True):
        refused = replace(submission(stat.path), sha256=None, refusal=Refusal(reason), stat=stat)
        receive(db, [refused], run)
    assert unseen(db, stats) == stats[:1]


def test_an_unchanged_inbox_of_5000_files_is_quick(db: Database, run: int) -> None:
    stats = [FileStat(f"/inbox/临溪县/第{n}号简报.docx", n, 10**18 + n, n) for n in range(5000)]
    receive(db, [replace(submission(s.path), stat=s) for s in stats], run)
    assert unseen(db, stats) == []


def test_inodes_beyond_63_bits(db: Database, run: int) -> None:
    facts = SimpleNamespace(st_size=1, st_mtime_ns=2, st_ino=2**64 - 2)
    stat = FileStat.of("/inbox/甲.docx", cast(os.stat_result, facts))
    receive(db, [replace(submission("甲.docx"), stat=stat)], run)
    assert unseen(db, [stat]) == []


def test_names_that_are_not_utf8(db: Database, run: int) -> None:
    raw = "/inbox/" + "安全生产.docx".encode("gbk").decode("utf-8", "surrogateescape")
    stat = FileStat(raw, 1, 2, 3)
    receive(db, [replace(submission(raw[7:], content="x"), source=raw, stat=stat)], run)
    assert [w.name for w in waiting(db)] == ["安全生产.docx"]
    assert unseen(db, [stat]) == []


def test_a_lasting_reason_refuses_at_once(db: Database, run: int) -> None:
    receive(db, [submission("甲.docx")], run)
    assert refuse(db, [(1, Refusal("macro", "vbaProject.bin"))], run) == 1
    assert states(db) == [("refused", "macro", 1)]
    assert refuse(db, [(1, Refusal("no_text"))], run) == 0
    assert states(db) == [("refused", "macro", 1)]


def test_a_passing_reason_is_tried_three_times_with_pauses(db: Database, run: int) -> None:
    receive(db, [submission("甲.docx")], run)
    for minutes in (1, 5):
        assert refuse(db, [(1, Refusal("timeout"))], run) == 1
        row = next(db.query("SELECT retry_at, at FROM manuscript, _manuscript_event"
                            " ORDER BY _manuscript_event.id DESC LIMIT 1"))  # fmt: skip
        assert waiting(db, now=row["at"]) == []
        waited = int(row["retry_at"][14:16]) - int(row["at"][14:16])
        assert waited % 60 == minutes
        assert len(waiting(db, now=row["retry_at"])) == 1
    refuse(db, [(1, Refusal("timeout"))], run)
    assert states(db) == [("refused", "timeout", 3)]
    assert waiting(db, now="9999") == []
    assert [kind for _, kind in events(db)] == ["received", "postponed", "postponed", "refused"]


def test_a_member_of_an_archive_came_with_it(db: Database, run: int) -> None:
    receive(db, [submission("九月.zip")], run)
    later = start_run(db, "direct", "/inbox")  # the first run was killed before unpacking
    receive(db, [replace(submission("甲.docx"), archive_id=1), submission("乙.docx")], later)
    rows = list(db.query("SELECT run_id, archive_id, received_at FROM manuscript"))
    assert [(row["run_id"], row["archive_id"]) for row in rows] == [
        (run, None),
        (run, 1),
        (later, None),
    ]
    assert rows[0]["received_at"] == rows[1]["received_at"]


def test_release_when_the_cause_is_gone(db: Database, run: int) -> None:
    stored = [submission("甲.doc"), submission("乙.doc"), submission("丙.doc")]
    receive(db, [*stored, replace(submission("丁"), sha256=None, refusal=Refusal("macro"))], run)
    refuse(db, [(1, Refusal("needs_libreoffice")), (2, Refusal("macro"))], run)
    assert states(db)[0] == ("refused", "needs_libreoffice", 1)
    assert release(db, "needs_libreoffice", run) == 1
    assert states(db)[0] == ("received", "", 0)
    assert [w.manuscript_id for w in waiting(db)] == [1, 3]
    assert release(db, "macro", run) == 1  # the one that was never stored stays
    assert events(db)[-2:] == [(1, "released"), (2, "released")]


@pytest.mark.parametrize("change", ["UPDATE _manuscript_event SET kind = 'read'",
                                    "DELETE FROM _manuscript_event"])  # fmt: skip
def test_the_event_log_is_append_only(db: Database, run: int, change: str) -> None:
    receive(db, [submission("甲.docx")], run)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), write(db) as conn:
        conn.execute(change)
    assert events(db) == [(1, "received")]
