"""kill -9 before any SQL statement of an intake, then a rerun: the rows of an undisturbed run."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from sqlite_utils import Database

from nlp.types import Refusal
from storage import commit, ledger
from storage.commit import Outcome, commit_batch
from storage.connection import open_database, raw
from storage.driver import sqlite3
from storage.ledger import FileStat, receive, unseen, waiting
from storage.runs import finish_run, start_run
from tests.support_storage import draft, findings, outcome, submission

T = TypeVar("T")

NAMES = ("甲.docx", "乙.docx", "宏.docm", "丙.docx")
STATS = [FileStat(f"/inbox/{name}", 1, 2, number) for number, name in enumerate(NAMES)]
TIMES = ("_at", "run_id", "at")


def intake(db: Database) -> None:
    """One run as the pipeline does it: look, receive, read what waits, in batches of two."""
    run = start_run(db, "direct", "/inbox")
    for stats in batches(unseen(db, STATS)):
        receive(db, [replace(submission(s.path[7:]), stat=s) for s in stats], run)
    for batch in batches(waiting(db)):
        commit_batch(db, run, [read(w.manuscript_id, w.name) for w in batch])
    finish_run(db, run, "completed", {"files": len(STATS)})


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + 2] for start in range(0, len(items), 2))


def read(manuscript_id: int, name: str) -> Outcome:
    if name == "宏.docm":
        return Outcome(manuscript_id, refusal=Refusal("macro"))
    found = [findings(exact="a" * 32), findings(exact="b" * 32)]
    return outcome(manuscript_id, draft(position=1), draft("乙事", position=2), found=found)


def killed_before(path: Path, statement: int) -> bool:
    """Run :func:`intake` in a child that dies at the given statement; False if it got through."""
    pid = os.fork()
    if not pid:
        try:
            db = open_database(path)
            count = 0

            def die(_: str) -> None:
                nonlocal count
                count += 1
                if count == statement:
                    os.kill(os.getpid(), signal.SIGKILL)

            raw(db).set_trace_callback(die)
            intake(db)
            os._exit(0)
        except BaseException:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code in (0, -signal.SIGKILL)
    return code != 0


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows without times and run numbers, which the rerun may change."""
    db = open_database(path)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    tables = {}
    for table in db.table_names():
        if table not in ("run", "_sqlite_migrations", "sqlite_sequence", "_search_data"):
            kept = [c.name for c in db[table].columns if not c.name.endswith(TIMES)]
            listed = ", ".join(f'"{name}"' for name in kept)
            rows = db.execute(f'SELECT {listed} FROM "{table}" ORDER BY {listed}').fetchall()
            tables[table] = rows
    db.close()
    return tables


def outcomes_of_all_crashes(tmp_path: Path, start: Callable[[Path], None]) -> Iterator[
    tuple[int, dict[str, list[tuple[object, ...]]]]
]:  # fmt: skip
    statement, path = 1, tmp_path / "crash.db"
    while True:
        for old in tmp_path.glob("crash.db*"):
            old.unlink()
        start(path)
        if not killed_before(path, statement):
            return
        db = open_database(path)
        intake(db)
        intake(db)
        db.close()
        yield statement, content(path)
        statement += 1


@pytest.fixture
def start(tmp_path: Path) -> Callable[[Path], None]:
    """Makes a fresh empty database by copying one (closed, so the copy is whole)."""
    empty = tmp_path / "empty.db"
    open_database(empty).close()
    return lambda path: shutil.copyfile(empty, path) and None


@pytest.fixture
def undisturbed(tmp_path: Path) -> dict[str, list[tuple[object, ...]]]:
    path = tmp_path / "calm.db"
    db = open_database(path)
    intake(db)
    db.close()
    return content(path)


def test_killed_anywhere_and_run_again(
    tmp_path: Path,
    start: Callable[[Path], None],
    undisturbed: dict[str, list[tuple[object, ...]]],
) -> None:
    assert len(undisturbed["draft"]) == 6
    assert len(undisturbed["duplicate_pair"]) == 6
    last = 0
    for statement, rows in outcomes_of_all_crashes(tmp_path, start):
        assert rows == undisturbed, f"killed before statement {statement}"
        last = statement
    assert last > 60


def test_without_transactions_the_same_crashes_do_harm(
    tmp_path: Path,
    start: Callable[[Path], None],
    undisturbed: dict[str, list[tuple[object, ...]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Positive control: were each statement its own transaction, the test above would fail."""

    @contextmanager
    def careless(db: Database) -> Iterator[sqlite3.Connection]:
        raw(db).execute("PRAGMA foreign_keys=OFF")  # they are checked when a transaction ends
        yield raw(db)

    monkeypatch.setattr(commit, "write", careless)
    monkeypatch.setattr(ledger, "write", careless)
    crashes = outcomes_of_all_crashes(tmp_path, start)
    assert any(rows != undisturbed for _, rows in crashes)


def test_an_interrupted_run_is_marked_by_the_next(tmp_path: Path) -> None:
    db = open_database(tmp_path / "zugao.db")
    start_run(db, "direct", "/inbox")
    intake(db)
    assert [row["outcome"] for row in db["run"].rows] == ["interrupted", "completed"]
