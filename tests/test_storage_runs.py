"""Runs as recorded, and the lease that keeps two intakes from overlapping."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import lease
from storage.connection import open_database, write
from storage.lease import acquire, holder, process_start, release, renew
from storage.runs import finish_run, latest_run, start_run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "zugao.db"


@pytest.fixture
def db(path: Path) -> Database:
    return open_database(path)


def in_child(work: Callable[[], bool], *, killed: bool = False) -> bool:
    """What ``work`` answers in another process, which then exits or is killed."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.write(writer, b"1" if work() else b"0")
            if killed:
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(0)
    os.close(writer)
    answer = os.read(reader, 1)
    os.close(reader)
    os.waitpid(pid, 0)
    return answer == b"1"


def test_a_run_is_recorded(db: Database) -> None:
    assert latest_run(db) is None
    first = start_run(db, "direct", "/inbox")
    finish_run(db, first, "refusals", {"files": 3, "seconds": 1.5})
    second = start_run(db, "prefect", "/inbox", flow_run_id="f1")
    assert latest_run(db) == second
    rows = [
        (row["how"], row["flow_run_id"], row["outcome"], row["counts"], bool(row["ended_at"]))
        for row in db["run"].rows
    ]
    assert rows == [
        ("direct", "", "refusals", '{"files": 3, "seconds": 1.5}', True),
        ("prefect", "f1", "running", "{}", False),
    ]


def test_a_closed_run_stays_as_it_is(db: Database) -> None:
    run = start_run(db, "direct", "/inbox")
    finish_run(db, run, "completed", {"files": 3})
    before = list(db["run"].rows)
    finish_run(db, run, "failed", {})
    assert list(db["run"].rows) == before


def test_one_holder_at_a_time(db: Database, path: Path) -> None:
    held = acquire(db, "intake")
    assert held is not None
    assert acquire(db, "intake") is None
    assert in_child(lambda: acquire(open_database(path), "intake") is None)
    assert acquire(db, "learning") is not None
    release(db, held)
    assert holder(db, "intake") is None
    assert acquire(db, "intake") is not None


def test_holder_tells_who(db: Database) -> None:
    acquire(db, "intake")
    found = holder(db, "intake")
    assert found is not None
    assert (found.pid, found.process_start) == (os.getpid(), process_start(os.getpid()))


def test_a_killed_holder_is_replaced_at_once(db: Database, path: Path) -> None:
    assert in_child(lambda: acquire(open_database(path), "intake") is not None, killed=True)
    assert acquire(db, "intake") is not None


def test_a_killed_child_that_nobody_buried_counts_as_gone(db: Database, path: Path) -> None:
    ready, pid = os.pipe(), os.fork()
    if not pid:
        acquire(open_database(path), "intake")
        os.write(ready[1], b"1")
        os._exit(0)
    os.read(ready[0], 1)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # dead, and still in the process table
    try:
        assert acquire(db, "intake") is not None
    finally:
        os.waitpid(pid, 0)


def test_another_process_with_the_same_id_is_not_the_holder(db: Database) -> None:
    acquire(db, "intake")
    with write(db) as conn:
        conn.execute("UPDATE _lease SET process_start = 'an-earlier-boot:1'")
    assert acquire(db, "intake") is not None


def test_a_holder_on_another_machine_is_trusted_until_it_is_stale(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease.socket, "gethostname", lambda: "elsewhere")
    held = acquire(db, "intake")
    monkeypatch.undo()
    with write(db) as conn:
        conn.execute("UPDATE _lease SET pid = 999999999")  # means nothing here
    assert acquire(db, "intake") is None
    later = acquire(db, "intake", stale_after=timedelta(seconds=-1))
    assert later is not None
    assert held is not None
    assert not renew(db, held)
    release(db, held)  # must not free the new holder's
    assert holder(db, "intake") is not None


def test_renewing_keeps_it(db: Database) -> None:
    held = acquire(db, "intake")
    assert held is not None
    with write(db) as conn:
        conn.execute("UPDATE _lease SET renewed_at = '2020-01-01T00:00:00.000Z'")
    assert renew(db, held)
    assert acquire(db, "intake") is None
    with write(db) as conn:
        conn.execute("UPDATE _lease SET renewed_at = '2020-01-01T00:00:00.000Z'")
    assert acquire(db, "intake") is None  # one slow file must not let a second run in


def test_process_start() -> None:
    assert process_start(os.getpid())
    time.sleep(0.05)  # the kernel counts starts in ticks of 10 ms
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as later:
        assert process_start(later.pid) not in ("", process_start(os.getpid()))
    assert process_start(2**22 + 1) == ""
