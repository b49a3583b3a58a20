"""Backups taken while others write: ours beside plain copies of the file.

    python -m benchmarks.backups --count 500 [--write]

Three writers append rows and say so after each COMMIT. A copy is bad if SQLite finds it damaged,
if counter and rows disagree, or if a row that was acknowledged before the copy began is missing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.reliability import Line, report
from storage.backup import check_database, copy_database
from storage.connection import open_database, raw, write

_FORK = multiprocessing.get_context("fork")
Copy = Callable[[Path, Path], object]


def file_only(source: Path, target: Path) -> None:
    """The database's file, as ``cp zugao.db`` does."""
    shutil.copyfile(source, target)


def file_and_wal(source: Path, target: Path) -> None:
    """The file and then its write-ahead log."""
    shutil.copyfile(source, target)
    wal = source.with_name(source.name + "-wal")
    if wal.exists():
        shutil.copyfile(wal, target.with_name(target.name + "-wal"))


def _append(path: Path, stop: Any, said: Any) -> None:
    db = open_database(path)
    filler = "稿" * 400
    while not stop.is_set():
        with write(db) as conn:
            [(n,)] = conn.execute("SELECT n FROM _count").fetchall()
            conn.execute("UPDATE _count SET n = ?", (n + 1,))
            conn.execute("INSERT INTO _row VALUES (?, ?)", (n, filler))
            if n > 3000:  # the file stays of one size, its pages are used again
                conn.execute("DELETE FROM _row WHERE n = ?", (n - 3000,))
        with said.get_lock():
            said.value = max(said.value, n + 1)


@contextmanager
def load(path: Path, writers: int = 3) -> Iterator[Any]:
    """Writers at work; yields the number of the last row that one of them acknowledged."""
    db = open_database(path)
    with write(db) as conn:
        conn.execute("CREATE TABLE _count (n INTEGER NOT NULL) STRICT")
        conn.execute("CREATE TABLE _row (n INTEGER PRIMARY KEY, filler TEXT NOT NULL) STRICT")
        conn.execute("INSERT INTO _count VALUES (0)")
    db.close()
    stop, said = _FORK.Event(), _FORK.Value("q", 0)
    processes = [_FORK.Process(target=_append, args=(path, stop, said)) for _ in range(writers)]
    for process in processes:
        process.start()
    try:
        yield said
    finally:
        stop.set()
        for process in processes:
            process.join()


def verdict(copy: Path, acknowledged: int) -> str:
    """ "" or what is wrong with a copy."""
    try:
        db = open_database(copy)  # as somebody who restores it would
    except Exception as error:
        return f"cannot be opened: {type(error).__name__}"
    try:
        [(counted, last)] = raw(db).execute(
            "SELECT (SELECT n FROM _count), (SELECT max(n) + 1 FROM _row)"
        )
        found = [str(row[0]) for row in raw(db).execute("PRAGMA integrity_check")]
    except Exception:
        return "damaged"
    finally:
        db.close()
    if found != ["ok"] or check_database(copy):
        return "damaged"
    if counted != (last or 0):
        return "torn"
    return "stale" if counted < acknowledged else ""


def measured(what: str, count: int, copy: Copy) -> Line:
    """So many copies under load, as a line."""
    tally: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as room:
        path, target = Path(room) / "zugao.db", Path(room) / "copy" / "zugao.db"
        with load(path) as said:
            for _ in range(count):
                shutil.rmtree(target.parent, ignore_errors=True)
                target.parent.mkdir()
                acknowledged = said.value
                copy(path, target)
                bad = verdict(target, acknowledged)
                tally[bad] = tally.get(bad, 0) + 1
        rows = said.value
    bad = {name: n for name, n in tally.items() if name}
    parts = ", ".join(f"{name} {n}" for name, n in bad.items())
    figure = f"{sum(bad.values())} of {count} bad{f' ({parts})' if parts else ''}"
    return Line(what, f"{figure}; {rows} rows written meanwhile")


def main() -> None:
    """Ours, then the controls on a tenth."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    few = max(10, asked.count // 10)
    lines = [
        measured("zugao backup (SQLite's backup API, checked)", asked.count, copy_database),
        measured("control: cp of the file", few, file_only),
        measured("control: cp of the file and its WAL", few, file_and_wal),
    ]
    report("backups", lines, write=asked.write)


if __name__ == "__main__":
    main()
