"""Several processes that read, think and write on one database, readers and backups beside them."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from storage.backup import copy_database
from storage.connection import open_database, raw, write
from storage.errors import StorageError, explained

_FORK = multiprocessing.get_context("fork")
Begin = Callable[[Database], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    done: int  # transactions acknowledged
    locked: int  # that failed because somebody else was writing
    counted: int  # what the shared counter says; fewer than done: updates were lost
    rows: int
    reads: int
    backups: int
    torn: int  # reads or backups whose counter and rows disagree, or that went back


@contextmanager
def deferred(db: Database) -> Iterator[Any]:
    """The control: a transaction that becomes a writer only at its first write."""
    with explained("db"):
        conn = raw(db)
        conn.execute("BEGIN")
        try:
            yield conn
            conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise


def contend(
    path: Path, *, writers: int = 4, each: int = 50, think: float = 0.0, begin: Begin = write
) -> Outcome:
    """Let ``writers`` processes run ``each`` transactions: read a counter, think, write it back.

    Two readers and one that makes backups work beside them until the last writer is through.
    """
    db = open_database(path)
    with write(db) as conn:
        conn.execute("CREATE TABLE _count (n INTEGER NOT NULL) STRICT")
        conn.execute("CREATE TABLE _counted (who INTEGER NOT NULL, n INTEGER NOT NULL) STRICT")
        conn.execute("INSERT INTO _count VALUES (0)")
    db.close()
    stop, results = _FORK.Event(), _FORK.Queue()
    workers = [
        _FORK.Process(target=_write, args=(path, who, each, think, begin, results))
        for who in range(writers)
    ]
    others = [_FORK.Process(target=_read, args=(path, stop, results)) for _ in range(2)]
    others.append(_FORK.Process(target=_back_up, args=(path, stop, results)))
    for process in (*others, *workers):
        process.start()
    told = [results.get() for _ in workers]
    stop.set()
    told += [results.get() for _ in others]
    for process in (*others, *workers):
        process.join()
    db = open_database(path, readonly=True)
    counted, rows = _state(db)
    db.close()
    total: dict[str, int] = {}
    for each_told in told:
        for name, value in each_told.items():
            total[name] = total.get(name, 0) + value
    return Outcome(counted=counted, rows=rows, **total)


def _write(path: Path, who: int, each: int, think: float, begin: Begin, results: Any) -> None:
    db, dice = open_database(path), random.Random(who)
    done = locked = 0
    for _ in range(each):
        try:
            with begin(db) as conn:
                [(n,)] = conn.execute("SELECT n FROM _count").fetchall()
                if think:
                    time.sleep(dice.uniform(0, think))
                conn.execute("UPDATE _count SET n = ?", (n + 1,))
                conn.execute("INSERT INTO _counted VALUES (?, ?)", (who, n))
            done += 1
        except StorageError:
            locked += 1
    db.close()
    results.put({"done": done, "locked": locked})


def _state(db: Database) -> tuple[int, int]:
    """Counter and rows, in one look."""
    sql = "SELECT (SELECT n FROM _count), (SELECT count(*) FROM _counted)"
    [(counted, rows)] = raw(db).execute(sql).fetchall()
    return counted, rows


def _read(path: Path, stop: Any, results: Any) -> None:
    db, reads, torn, last = open_database(path, readonly=True), 0, 0, 0
    while not stop.is_set() or not reads:
        counted, rows = _state(db)
        torn += counted != rows or counted < last
        last, reads = counted, reads + 1
    db.close()
    results.put({"reads": reads, "torn": torn})


def _back_up(path: Path, stop: Any, results: Any) -> None:
    made = torn = 0
    copy = path.with_name("copy.db")
    while not stop.is_set() or not made:
        copy_database(path, copy)
        db = open_database(copy, readonly=True)
        counted, rows = _state(db)
        db.close()
        copy.unlink()
        torn, made = torn + (counted != rows), made + 1
    results.put({"backups": made, "torn": torn})
