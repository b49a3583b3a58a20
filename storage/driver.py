"""The one SQLite library of this process.

Two SQLite libraries that open the same file in one process undo each other's file locks, so
nothing here imports ``sqlite3`` directly: everybody takes the module that sqlite-utils took
(pysqlite3 where it is installed, else the standard library's).
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    import sqlite3
else:
    from sqlite_utils.utils import sqlite3

__all__ = ["WAL_SAFE_FROM", "claim", "sqlite3", "sqlite_version", "wal_is_safe"]

WAL_SAFE_FROM = (3, 51, 3)
"""First release without the WAL-reset bug (two connections that checkpoint at the same moment
can corrupt the file; SQLite 3.7.0 to 3.51.2)."""


def sqlite_version() -> tuple[int, ...]:
    """Version of the SQLite library in use, e.g. ``(3, 53, 4)``."""
    return tuple(int(part) for part in sqlite3.sqlite_version.split("."))


def wal_is_safe() -> bool:
    """Whether WAL may be used with this library; if not, databases are opened in DELETE mode."""
    return sqlite_version() >= WAL_SAFE_FROM


_claimed: set[str] = set()


def claim(path: str | os.PathLike[str]) -> None:
    """Keep another SQLite library of this process away from a database that we open.

    The standard library's module announces each connection as an audit event; where it is not the
    library in use, a connection of it to a claimed file is refused with RuntimeError.
    """
    if not _claimed and sqlite3.__name__ != "sqlite3":
        sys.addaudithook(_refuse_second)
    _claimed.add(os.path.realpath(path))


def _refuse_second(event: str, arguments: tuple[object, ...]) -> None:
    if event != "sqlite3.connect":
        return
    given = arguments[0]
    if not isinstance(given, str | bytes | os.PathLike):
        return
    name = os.fsdecode(given)
    if name.startswith("file:"):
        name = unquote(urlsplit(name).path)
    if os.path.realpath(name) in _claimed:
        raise RuntimeError(f"a second SQLite library of this process would open {name}")
