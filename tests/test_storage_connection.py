"""The connection: its settings, its one kind of write, and what it says when it cannot work."""

from __future__ import annotations

import ast
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import connection
from storage.connection import open_database, write
from storage.driver import sqlite3, sqlite_version, wal_is_safe
from storage.errors import SENTENCES, StorageError
from storage.migrations import MIGRATIONS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "zugao.db"


def pragma(db: Database, name: str) -> object:
    return db.execute(f"PRAGMA {name}").fetchone()[0]


def add_unit(db: Database, name: str) -> None:
    with write(db) as conn:
        conn.execute("INSERT INTO unit (name) VALUES (?)", (name,))


def units(path: Path) -> list[str]:
    db = open_database(path, readonly=True)
    try:
        return [row["name"] for row in db.query("SELECT name FROM unit ORDER BY id")]
    finally:
        db.close()


def test_settings(path: Path) -> None:
    db = open_database(path)
    names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "mmap_size")
    assert [pragma(db, name) for name in names] == ["wal", 2, 1, 0, 0]
    assert pragma(db, "busy_timeout") == 15000


def test_old_sqlite_gets_a_journal_that_is_safe(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wal_is_safe() == (sqlite_version() >= (3, 51, 3))
    monkeypatch.setattr(connection, "wal_is_safe", lambda: False)
    db = open_database(path)
    assert (pragma(db, "journal_mode"), pragma(db, "synchronous")) == ("delete", 2)


def test_every_table_is_strict_and_foreign_keys_hold(path: Path) -> None:
    db = open_database(path)
    loose = [
        row["name"]
        for row in db.query("SELECT name, strict FROM pragma_table_list WHERE type = 'table'")
        if not row["strict"] and not row["name"].startswith(("sqlite_", "_sqlite_"))
    ]
    assert loose == []
    with pytest.raises(sqlite3.IntegrityError), write(db) as conn:
        conn.execute("INSERT INTO unit_alias (alias, unit_id) VALUES ('甲', 99)")
    assert list(db.query("PRAGMA foreign_key_check")) == []


def test_every_foreign_key_has_an_index(path: Path) -> None:
    """Without one, deleting a row scans the whole child table."""
    db = open_database(path)
    for table in db.table_names():
        indexed = {index.columns[0] for index in db[table].indexes} | set(db[table].pks[:1])
        wanted = {key.column for key in db[table].foreign_keys}
        assert wanted <= indexed, table


def test_write_commits_or_rolls_back_whole(path: Path) -> None:
    db = open_database(path)
    add_unit(db, "甲县")
    with suppress(KeyError), write(db) as conn:
        conn.execute("INSERT INTO unit (name) VALUES ('乙县')")
        db["unit"].insert({"name": "丙县"})  # joins by savepoint
        raise KeyError
    assert units(path) == ["甲县"]


def test_two_writers_wait_for_each_other(path: Path) -> None:
    """Read, think, write: with a deferred BEGIN one of the two would fail at once."""
    first, done = open_database(path), []

    def other() -> None:
        db = open_database(path)
        with write(db) as conn:
            n = conn.execute("SELECT count(*) FROM unit").fetchone()[0]
            conn.execute("INSERT INTO unit (name) VALUES (?)", (f"后来{n}",))
        done.append(n)
        db.close()

    thread = threading.Thread(target=other)
    with write(first) as conn:
        conn.execute("SELECT count(*) FROM unit").fetchone()
        thread.start()
        time.sleep(0.1)
        conn.execute("INSERT INTO unit (name) VALUES ('先来')")
    thread.join()
    assert (done, units(path)) == ([1], ["先来", "后来1"])


def test_many_processes_may_open_a_new_database_at_once(path: Path) -> None:
    children = []
    for number in range(4):
        pid = os.fork()
        if not pid:
            try:
                add_unit(open_database(path), f"{number}")
                os._exit(0)
            except BaseException:
                os._exit(1)
        children.append(pid)
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    assert (codes, sorted(units(path))) == ([0] * 4, ["0", "1", "2", "3"])


def test_reading_needs_a_database_and_cannot_write(path: Path) -> None:
    with pytest.raises(StorageError) as missing:
        open_database(path, readonly=True)
    assert missing.value.reason == "missing"
    assert not path.exists()
    open_database(path).close()
    reader = open_database(path, readonly=True)
    with pytest.raises(StorageError) as refused:
        add_unit(reader, "甲县")
    assert refused.value.reason == "readonly"
    assert units(path) == []


def test_not_a_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "说明.txt"
    path.write_text("这是一份说明，不是数据库。" * 99)
    before = path.read_bytes()
    with pytest.raises(StorageError) as error:
        open_database(path)
    assert (error.value.reason, path.read_bytes()) == ("not_a_database", before)
    assert str(error.value) == SENTENCES["not_a_database"].format(path=path)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as error:
        open_database(tmp_path)
    assert error.value.reason == "cannot_open"


def test_damaged_database(path: Path) -> None:
    db = open_database(path)
    add_unit(db, "甲县")
    pragma(db, "wal_checkpoint(TRUNCATE)")
    db.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xaa" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(StorageError) as error:
        open_database(path)
    assert error.value.reason == "corrupt"


def test_newer_schema_is_refused(path: Path) -> None:
    db = open_database(path)
    db[MIGRATIONS.migrations_table].insert(
        {"migration_set": "zugao", "name": "m999_future", "applied_at": "2030-01-01"}
    )
    db.close()
    for readonly in (False, True):
        with pytest.raises(StorageError) as error:
            open_database(path, readonly=readonly)
        assert error.value.reason == "newer"


def test_full_disk(path: Path) -> None:
    db = open_database(path)
    pages = pragma(db, "page_count")
    pragma(db, f"max_page_count={pages}")
    with pytest.raises(StorageError) as error, write(db) as conn:
        conn.executemany("INSERT INTO unit (name) VALUES (?)", [(f"{n:0999}",) for n in range(999)])
    assert error.value.reason == "full"
    pragma(db, f"max_page_count={int(str(pages)) + 999}")
    add_unit(db, "空间有了")
    assert units(path) == ["空间有了"]


def test_busy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = open_database(path)
    monkeypatch.setattr(connection, "BUSY_TIMEOUT", 0.05)
    other = open_database(path)
    with write(holder), pytest.raises(StorageError) as error:
        add_unit(other, "甲县")
    assert error.value.reason == "busy"


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root may write anywhere: be nobody for a moment."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_read_only_folder() -> None:
    with tempfile.TemporaryDirectory() as name:  # tmp_path itself is closed to others
        folder = Path(name)
        path = folder / "zugao.db"
        open_database(path).close()
        path.chmod(0o444)
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(StorageError) as error:
            add_unit(open_database(path), "甲县")
        with unprivileged(), pytest.raises(StorageError) as new:
            open_database(folder / "new.db")
        folder.chmod(0o755)
    assert error.value.reason == "readonly"
    assert new.value.reason == "cannot_open"


def test_our_own_mistakes_are_not_explained_away(path: Path) -> None:
    db = open_database(path)
    with pytest.raises(sqlite3.OperationalError, match="no such table"), write(db) as conn:
        conn.execute("SELECT * FROM nowhere")


def imported(source: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_only_the_driver_imports_sqlite(root: Path) -> None:
    """Two SQLite libraries on one file in one process drop each other's locks."""
    users = {
        source.name
        for source in (root / "storage").glob("*.py")
        if imported(source) & {"sqlite3", "pysqlite3", "sqlite_utils.utils"}
    }
    assert users == {"driver.py"}


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_disk_that_is_mounted_read_only(tmp_path: Path) -> None:
    disk = tmp_path / "盘"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], check=False).returncode:
        pytest.skip("this machine does not let us mount")
    try:
        open_database(disk / "zugao.db").close()
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        with pytest.raises(StorageError) as caught:
            open_database(disk / "zugao.db")
        assert caught.value.reason == "readonly"
        db = open_database(disk / "zugao.db", readonly=True)
        assert list(db.query("SELECT count(*) AS n FROM draft")) == [{"n": 0}]
        db.close()
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_disk_that_is_full(tmp_path: Path) -> None:
    disk = tmp_path / "盘"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=False)
    if made.returncode:
        pytest.skip("this machine does not let us mount")
    try:
        db = open_database(disk / "zugao.db")
        with pytest.raises(StorageError) as caught, write(db) as conn:
            conn.execute(
                "CREATE TABLE filler AS WITH RECURSIVE n(i) AS"
                " (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100)"
                " SELECT zeroblob(100000) AS x FROM n"
            )
        assert caught.value.reason == "full"
        assert db.table_names().count("filler") == 0
        db.close()
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_database_of_an_earlier_version_is_brought_up_to_date_for_readers_too(
    tmp_path: Path,
) -> None:
    path = tmp_path / "zugao.db"
    db = open_database(path)
    with write(db) as conn:
        conn.execute("DROP VIEW clusters")
        conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm003_views'")
    db.close()
    reader = open_database(path, readonly=True)
    assert "clusters" in reader.view_names()
    with pytest.raises(StorageError), write(reader) as conn:
        conn.execute("DELETE FROM unit")
    reader.close()
