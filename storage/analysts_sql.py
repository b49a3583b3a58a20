"""Questions of analysts in SQL: read only, bounded, and nothing but this database.

Each of the walls alone has a hole (a file opened ``mode=ro`` may still ATTACH another one), so
there are several: the file is opened read-only, ``query_only`` is on, an authorizer lets through
only the reading of what is not internal, and the time, the rows, the bytes and (where the process
does nothing else) the memory of an answer are bounded.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.connection import open_database, raw
from storage.driver import sqlite3
from storage.errors import RefusedError

SECONDS: Final = 30.0
ROWS: Final = 100_000
_STEPS: Final = 10_000  # of SQLite's machine between two looks at the clock
_LONGEST: Final = 100_000  # characters of a question
_BYTES: Final = 200_000_000  # of text in an answer
MEMORY: Final = 512 * 1024 * 1024
"""Bytes that SQLite may hold in a process of its own."""

_READING: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
_LISTING: Final = frozenset(
    {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "foreign_key_list"}
)
"""Pragmas that say what the database holds, and change nothing."""
_CLOSED: Final = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"})
"""Functions that reach outside."""
_PRIVATE: Final = frozenset({"user", "_session", "audit"})
"""Accounts and the log of who did what."""

_CODES: Final = {
    sqlite3.SQLITE_ATTACH: "attach",
    sqlite3.SQLITE_DETACH: "attach",
    sqlite3.SQLITE_PRAGMA: "pragma",
    sqlite3.SQLITE_FUNCTION: "function",
    sqlite3.SQLITE_READ: "internal",
}
SENTENCES: Final = {
    "attach": "只能查本数据库，不能用 ATTACH 打开别的文件。",
    "pragma": "只能用查看结构的 PRAGMA（如 table_info），不能改设置。",
    "function": "查询里有不允许使用的函数。",
    "internal": "账号、日志和以下划线开头的内部表不对外查询；请用视图，见 docs/database.md。",
    "write": "只能查询，不能改动数据库。",
    "time": "查询超过{seconds:g}秒，已停止：请加上日期范围，或用 --seconds 放宽。",
    "long": "查询太长，不能超过{longest}字。",
    "several": "一次只能写一条查询。",
    "empty": "没有查询：请写一条 SELECT。",
    "big": "结果太大，已停止：请加上条件，或只取需要的列。",
    "syntax": "查询写得不对：{why}",
}


class QuestionError(RefusedError):
    """A question that is not answered; the message is one Chinese sentence.

    ``reason`` is a key of :data:`SENTENCES`.
    """

    def __init__(self, reason: str, **words: object) -> None:
        super().__init__(reason, SENTENCES[reason].format(**words))


@dataclass(frozen=True, slots=True)
class Answer:
    """Columns and rows; ``cut``: whether there were more rows than asked for."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    cut: bool


def answer(
    path: Path | str,
    sql: str,
    parameters: Sequence[object] = (),
    *,
    seconds: float = SECONDS,
    most: int = ROWS,
    memory: int = 0,
) -> Answer:
    """Ask the database at ``path``; at most ``most`` rows within ``seconds``.

    ``memory``: bytes that SQLite may hold from now on in this whole process, 0 for no bound: for a
    process that does nothing else. Raises QuestionError, and StorageError if the database cannot
    be opened.
    """
    if len(sql) > _LONGEST:
        raise QuestionError("long", longest=_LONGEST)
    if not sql.strip().strip(";"):
        raise QuestionError("empty")
    db = open_database(path, readonly=True)
    try:
        conn, refused = raw(db), _Refusals()
        if memory:
            conn.execute(f"PRAGMA hard_heap_limit={int(memory)}")
        with _walls(conn, refused, seconds):
            try:
                return _asked(conn, sql, parameters, most)
            except (sqlite3.Error, sqlite3.Warning, ValueError, MemoryError) as error:
                if isinstance(error, QuestionError):
                    raise
                raise _explained(error, refused, seconds) from None
    finally:
        db.close()


def _asked(conn: sqlite3.Connection, sql: str, parameters: Sequence[object], most: int) -> Answer:
    cursor = conn.execute(sql, parameters)
    if cursor.description is None:
        raise QuestionError("write")
    rows: list[tuple[object, ...]] = []
    room = _BYTES
    for row in cursor:
        room -= sum(len(value) for value in row if isinstance(value, str | bytes))
        if room < 0:
            raise QuestionError("big")
        if len(rows) == most:
            return Answer(_columns(cursor), rows, cut=True)
        rows.append(row)
    return Answer(_columns(cursor), rows, cut=False)


def _columns(cursor: sqlite3.Cursor) -> tuple[str, ...]:
    return tuple(str(column[0]) for column in cursor.description)


@dataclass(slots=True)
class _Refusals:
    """The first thing that the authorizer refused."""

    reason: str = ""
    late: bool = False


@contextmanager
def _walls(conn: sqlite3.Connection, refused: _Refusals, seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds

    closed = _closed_names(conn)

    def allow(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            fine = _readable(first or "", closed)
        else:
            fine = _allowed(action, first, second)
        if fine:
            return sqlite3.SQLITE_OK
        refused.reason = refused.reason or _CODES.get(action, "write")
        return sqlite3.SQLITE_DENY

    def past() -> bool:
        refused.late = time.monotonic() > end
        return refused.late

    conn.execute("PRAGMA query_only=ON")
    conn.execute("PRAGMA trusted_schema=OFF")
    conn.set_authorizer(allow)
    conn.set_progress_handler(past, _STEPS)
    try:
        yield
    finally:
        conn.set_progress_handler(None, 0)
        conn.set_authorizer(None)


def _closed_names(conn: sqlite3.Connection) -> frozenset[str]:
    """Tables that may not be read: private ones, internal ones that no view shows anyway."""
    listed = conn.execute("SELECT name, type, sql FROM sqlite_schema").fetchall()
    shown = frozenset(
        re.findall(r"\w+", " ".join(sql for _, kind, sql in listed if kind == "view"))
    )
    internal = {name for name, kind, _ in listed if kind == "table" and name.startswith("_")}
    return frozenset(internal - shown | _PRIVATE | {"sqlite_dbpage"})


def _readable(name: str, closed: frozenset[str]) -> bool:
    """Also names that the question itself gives (WITH …); of pragmas as tables the listing ones."""
    lower = name.lower()
    if lower.startswith("pragma_"):
        return lower.removeprefix("pragma_") in _LISTING
    return lower not in closed


def _allowed(action: int, first: str | None, second: str | None) -> bool:
    if action == sqlite3.SQLITE_PRAGMA:
        return (first or "").lower() in _LISTING
    if action == sqlite3.SQLITE_FUNCTION:
        return (second or "").lower() not in _CLOSED
    return action in _READING


def _explained(error: Exception, refused: _Refusals, seconds: float) -> QuestionError:
    if refused.late:
        return QuestionError("time", seconds=seconds)
    if refused.reason:
        return QuestionError(refused.reason)
    words = str(error)
    if "one statement" in words:
        return QuestionError("several")
    if isinstance(error, MemoryError) or "too big" in words or "memory" in words:
        return QuestionError("big")
    if "readonly" in words or "query_only" in words:
        return QuestionError("write")
    return QuestionError("syntax", why=_in_chinese(words))


_KNOWN: Final = (
    ("no such table: ", "没有表或视图“{}”，有哪些见 docs/database.md。"),
    ("no such column: ", "没有列“{}”，各列见 docs/database.md。"),
    ("no such function: ", "没有函数“{}”。"),
    ("ambiguous column name: ", "列“{}”在几个表里都有，请写明是哪个表的。"),
)


def _in_chinese(words: str) -> str:
    for opening, sentence in _KNOWN:
        if words.startswith(opening):
            return sentence.format(words.removeprefix(opening))
    if words.startswith("near "):
        return f"{words.removeprefix('near ').partition(':')[0]} 附近有语法错误。"
    if "incomplete input" in words:
        return "没有写完。"
    return "请检查括号、引号和参数。"
