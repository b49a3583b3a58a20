"""The one way to a connection, and the one way to write.

Settings follow what was measured to lose nothing: WAL with synchronous=FULL, and every write
transaction begun IMMEDIATE, so that two writers wait for each other instead of failing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from storage.driver import claim, sqlite3, wal_is_safe
from storage.errors import StorageError, explained, on_readonly_disk
from storage.migrations import MIGRATIONS, is_newer

__all__ = ["BUSY_TIMEOUT", "Database", "open_database", "raw", "write"]

BUSY_TIMEOUT = 15.0
"""Seconds that a connection waits for another writer."""

_STATEMENTS = 2000
"""Prepared statements that are kept. The driver drops the least used one, so once its cache is full
(the migrations alone fill one of 100) every new statement would be prepared anew each time."""

_PRAGMAS = (
    "foreign_keys=ON",
    "synchronous=FULL",
    "trusted_schema=OFF",
    "mmap_size=0",
    "cache_size=-32000",  # 32 MB: the fingerprint index is hit at random
)


def open_database(path: Path | str, *, readonly: bool = False) -> Database:
    """Open the database, creating it and bringing its schema up to date unless ``readonly``.

    Raises :class:`StorageError` when the file cannot be used: missing (readonly), not writable,
    disk full, not a database, damaged, or written by a newer version.
    """
    path = Path(path)
    with explained(path):
        if readonly and not path.exists():
            raise StorageError("missing", path)
        if not readonly:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif _is_older(path):
            open_database(path).close()  # brings the schema up to date, or says why it cannot
        conn = _connect(path, readonly=readonly)
        try:
            db = Database(conn)
            _prepare(db, path, readonly=readonly)
        except BaseException:
            conn.close()
            raise
    return db


@contextmanager
def write(db: Database) -> Iterator[sqlite3.Connection]:
    """One write transaction: BEGIN IMMEDIATE, then COMMIT, or ROLLBACK on any exception.

    Methods of sqlite-utils called inside join by savepoint. Raises :class:`StorageError` when the
    database cannot be written (busy, read-only, disk full).
    """
    with explained(_path_of(db)):
        conn = raw(db)
        conn.execute("BEGIN IMMEDIATE")
        try:
            yield conn
            conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise


def raw(db: Database) -> sqlite3.Connection:
    """The connection under ``db``, for prepared statements on hot paths."""
    return db.conn


def _connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    uri = path.absolute().as_uri() + ("?mode=ro" if readonly else "?mode=rwc")
    if readonly and on_readonly_disk(path):
        uri += "&immutable=1"  # nobody can write there, and WAL's helper file cannot be made
    claim(path)
    # isolation_level=None: no hidden deferred BEGIN before a write; write() is the only one.
    return sqlite3.connect(
        uri, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None, cached_statements=_STATEMENTS
    )


def _is_older(path: Path) -> bool:
    """Whether a database of ours lacks steps of the schema: written before an upgrade."""
    conn = _connect(path, readonly=True)
    try:
        return bool(MIGRATIONS.pending(Database(conn)))
    finally:
        conn.close()


def _prepare(db: Database, path: Path, *, readonly: bool) -> None:
    conn = raw(db)
    for pragma in _PRAGMAS:
        conn.execute(f"PRAGMA {pragma}")
    if is_newer(db):
        raise StorageError("newer", path)
    if readonly:
        conn.execute("PRAGMA query_only=ON")
        return
    _set_journal(conn)
    if MIGRATIONS.pending(db):
        with write(db):  # whoever waited here finds nothing pending any more
            MIGRATIONS.apply(db)


def _set_journal(conn: sqlite3.Connection) -> None:
    """WAL where it is safe, else DELETE; asked first, because a change needs the file alone."""
    wanted = "wal" if wal_is_safe() else "delete"
    if conn.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
        conn.execute(f"PRAGMA journal_mode={wanted}")


def _path_of(db: Database) -> str:
    for _, name, file in raw(db).execute("PRAGMA database_list"):
        if name == "main":
            return str(file)
    return ""
