"""Whether the database file itself is sound, as SQLite sees it."""

from __future__ import annotations

from sqlite_utils import Database

from storage.connection import raw
from storage.driver import WAL_SAFE_FROM, sqlite3, sqlite_version, wal_is_safe
from storage.errors import explained


def quick_check(db: Database) -> list[str]:
    """What SQLite finds wrong (``PRAGMA quick_check``); empty if nothing.

    Reads the whole file: seconds for a large one. Raises StorageError if it cannot be read.
    """
    with explained("zugao.db"):
        found = [str(row[0]) for row in raw(db).execute("PRAGMA quick_check")]
    return [] if found == ["ok"] else found


def sqlite_problem() -> str:
    """What this SQLite library costs, as a Chinese sentence; "" if it is a safe one.

    Versions 3.7.0 to 3.51.2 can damage a WAL database when two connections checkpoint at the
    same moment (fixed in 3.51.3), so the database is kept in DELETE mode there: slower, but safe.
    """
    if wal_is_safe():
        return ""
    wanted = ".".join(map(str, WAL_SAFE_FROM))
    return f"低于 {wanted}，已自动改用较慢但安全的日志方式；安装 pysqlite3 可恢复。"


def sqlite_name() -> str:
    """The version in use and the library that brings it, as people write it."""
    return f"{'.'.join(map(str, sqlite_version()))}（{sqlite3.__name__.partition('.')[0]}）"
