"""The one SQLite library of this process.

Two SQLite libraries that open the same file in one process undo each other's file locks, so
nothing here imports ``sqlite3`` directly: everybody takes the module that sqlite-utils took
(pysqlite3 where it is installed, else the standard library's).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    from sqlite_utils.utils import sqlite3

__all__ = ["WAL_SAFE_FROM", "sqlite3", "sqlite_version", "wal_is_safe"]

WAL_SAFE_FROM = (3, 51, 3)
"""First release without the WAL-reset bug (two connections that checkpoint at the same moment
can corrupt the file; SQLite 3.7.0 to 3.51.2)."""


def sqlite_version() -> tuple[int, ...]:
    """Version of the SQLite library in use, e.g. ``(3, 53, 4)``."""
    return tuple(int(part) for part in sqlite3.sqlite_version.split("."))


def wal_is_safe() -> bool:
    """Whether WAL may be used with this library; if not, databases are opened in DELETE mode."""
    return sqlite_version() >= WAL_SAFE_FROM
