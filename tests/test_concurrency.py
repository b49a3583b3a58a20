"""Writers, readers and backups at once: nobody is locked out, no update is lost, nothing torn.

The long run (4 writers, 10,000 transactions each) is benchmarks.concurrency.
"""

from __future__ import annotations

import importlib.util
import sqlite3
from pathlib import Path

import pytest

from storage import driver
from storage.connection import open_database
from storage.health import sqlite_name, sqlite_problem
from tests.support_writers import contend, deferred


def test_four_writers_with_readers_and_backups(tmp_path: Path) -> None:
    found = contend(tmp_path / "zugao.db", writers=4, each=60, think=0.002)
    assert (found.done, found.locked, found.counted, found.rows) == (240, 0, 240, 240)
    assert found.torn == 0
    assert min(found.reads, found.backups) >= 1


def test_deferred_transactions_fail_at_the_same_work(tmp_path: Path) -> None:
    """Positive control: BEGIN alone, as most libraries do it, in spite of the same patience."""
    found = contend(tmp_path / "zugao.db", writers=4, each=60, think=0.002, begin=deferred)
    assert found.locked > 0
    assert found.done + found.locked == 240


@pytest.mark.skipif(driver.sqlite3 is sqlite3, reason="the standard library is the only one here")
def test_a_second_sqlite_library_is_kept_away_from_our_database(tmp_path: Path) -> None:
    """Opened and closed by another library of this process, a file loses our locks."""
    path = tmp_path / "zugao.db"
    open_database(path).close()
    for given in (path, str(path), path.as_uri() + "?mode=ro", bytes(path)):
        with pytest.raises(RuntimeError, match="second SQLite library"):
            sqlite3.connect(given, uri=str(given).startswith("file:"))
    sqlite3.connect(tmp_path / "another.db").close()
    sqlite3.connect(":memory:").close()


def test_the_doctor_names_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    own = "pysqlite3" if importlib.util.find_spec("pysqlite3") else "sqlite3"
    assert sqlite_name() == f"{driver.sqlite3.sqlite_version}（{own}）"
    monkeypatch.setattr("storage.health.wal_is_safe", lambda: False)
    assert "低于 3.51.3" in sqlite_problem()
