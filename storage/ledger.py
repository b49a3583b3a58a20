"""The ledger of files: each submitted file has a row, from the moment it is safely stored.

A submission is told by (its place in the inbox, content): the same inbox taken in twice is the same
rows, and two units may send one file under one name. What happens to a file is appended to its
event log.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlite_utils import Database

from nlp.types import Refusal
from storage.clock import later, stamp
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.texts import storable, storable_name
from word.reasons import REASONS

RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5))
"""Waiting time after the first and second failure for a passing reason; the third is final."""

CURED_OUTSIDE = frozenset({"needs_libreoffice"})
"""Reasons that no waiting cures: refused at once, and released when the cause is gone."""


@dataclass(frozen=True, slots=True)
class FileStat:
    """What tells a file in the inbox from a changed one without reading it."""

    path: str
    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, path: str, stat: os.stat_result) -> FileStat:
        """The facts of ``os.lstat``; inodes beyond SQLite's 63 bits are cut."""
        return cls(path, stat.st_size, stat.st_mtime_ns, stat.st_ino & (2**63 - 1))


@dataclass(frozen=True, slots=True)
class Submission:
    """A file as it came in: stored (``sha256``), or refused before it could be stored."""

    name: str  # file name as given
    unit_given: str  # unit as folder or file name says it; "" if unknown
    source: str  # its place: path within the inbox; of a member "archive › path within it"
    unit_id: int | None = None
    sha256: str | None = None
    size: int = 0
    refusal: Refusal | None = None
    archive_id: int | None = None  # manuscript id of the archive that it was packed in: a
    # member counts as received when the archive was, also if it is unpacked by a later run
    stat: FileStat | None = None  # of the inbox file; None for a member of an archive


@dataclass(frozen=True, slots=True)
class Receipt:
    """The ledger row of a submission, and whether it was made just now."""

    manuscript_id: int
    new: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored file that has not been read yet."""

    manuscript_id: int
    sha256: str
    size: int
    name: str
    source: str
    unit_id: int | None
    received_at: str
    attempts: int
    received_on: str  # the day of it in the office's calendar


def unseen(db: Database, stats: Sequence[FileStat]) -> list[FileStat]:
    """Those of ``stats`` that are not known exactly so: new or changed files to look at."""
    asked = json.dumps([(storable_name(s.path), s.size, s.mtime_ns, s.inode) for s in stats])
    rows = raw(db).execute(
        "SELECT asked.key FROM json_each(?) AS asked JOIN _seen"
        " ON _seen.path = asked.value ->> 0 AND _seen.size = asked.value ->> 1"
        " AND _seen.mtime_ns = asked.value ->> 2 AND _seen.inode = asked.value ->> 3",
        (asked,),
    )
    known = {key for (key,) in rows}
    return [stat for index, stat in enumerate(stats) if index not in known]


def receive(db: Database, submissions: Sequence[Submission], run_id: int) -> list[Receipt]:
    """Enter files into the ledger, in one transaction; a known submission changes nothing."""
    now = stamp()
    with write(db) as conn:
        return [_receive(conn, submission, run_id, now) for submission in submissions]


def waiting(
    db: Database, *, now: str | None = None, after: int = 0, count: int = -1
) -> list[Waiting]:
    """The stored files that are to be read now, in the order of arrival; -1 = all of them.

    Includes what an interrupted run left, and files whose time for another attempt has come.
    ``after`` is the id of the last one that was seen.
    """
    rows = raw(db).execute(
        "SELECT id, sha256, size, name, source, unit_id, received_at, attempts, received_on"
        " FROM manuscript INDEXED BY manuscript_waiting JOIN _blob USING (sha256)"
        " WHERE state = 'received' AND id > ?"
        " AND (retry_at IS NULL OR retry_at <= ?) ORDER BY id LIMIT ?",
        (after, now or stamp(), count),
    )
    return [Waiting(*row) for row in rows]


def count_waiting(db: Database, *, after: int = 0) -> int:
    """How many files :func:`waiting` would give."""
    found = raw(db).execute(
        "SELECT count(*) FROM manuscript INDEXED BY manuscript_waiting"
        " WHERE sha256 IS NOT NULL AND state = 'received' AND id > ?"
        " AND (retry_at IS NULL OR retry_at <= ?)",
        (after, stamp()),
    )
    return int(found.fetchone()[0])


def refuse(db: Database, refusals: Iterable[tuple[int, Refusal]], run_id: int) -> int:
    """Note for manuscripts by id why they were not read; returns how many rows changed.

    A passing reason leaves the file waiting for another attempt, twice; then it is refused.
    """
    now = stamp()
    with write(db) as conn:
        return sum(note_refusal(conn, id_, refusal, run_id, now) for id_, refusal in refusals)


def release(db: Database, reason: str, run_id: int | None = None) -> int:
    """Let every file refused for ``reason`` be read again, once its cause is gone.

    Returns how many. Files that could not be stored stay refused: they come again by themselves.
    """
    return _release(db, {"reason": reason, "id": None}, run_id)


def release_one(db: Database, manuscript_id: int) -> bool:
    """Let one refused file be read again because a person says so; False if there is none such."""
    return _release(db, {"reason": None, "id": manuscript_id}, None) > 0


def _release(db: Database, which: Mapping[str, object], run_id: int | None) -> int:
    now = stamp()
    with write(db) as conn:
        rows = conn.execute(
            "SELECT id, reason FROM manuscript WHERE state = 'refused' AND sha256 IS NOT NULL"
            " AND (:id IS NULL OR id = :id) AND (:reason IS NULL OR reason = :reason)",
            which,
        ).fetchall()
        conn.executemany(
            "UPDATE manuscript SET state = 'received', reason = '', detail = '', attempts = 0,"
            " retry_at = NULL WHERE id = ?",
            [(id_,) for id_, _ in rows],
        )
        for id_, reason in rows:
            note_event(conn, id_, run_id, "released", now, reason)
    return len(rows)


def passes(reason: str) -> bool:
    """Whether waiting may cure the reason (memory, time, a busy disk)."""
    return REASONS[reason].retry and reason not in CURED_OUTSIDE


def note_refusal(
    conn: sqlite3.Connection, manuscript_id: int, refusal: Refusal, run_id: int, now: str
) -> bool:
    """Inside a transaction: postpone or refuse a waiting manuscript; False if it is decided."""
    row = conn.execute(
        "SELECT attempts FROM manuscript WHERE id = ? AND state = 'received'", (manuscript_id,)
    ).fetchone()
    if row is None:
        return False
    attempts = row[0] + 1
    again = passes(refusal.reason) and attempts <= len(RETRY_AFTER)
    conn.execute(
        "UPDATE manuscript SET state = ?, reason = ?, detail = ?, attempts = ?, retry_at = ?"
        " WHERE id = ?",
        (
            "received" if again else "refused",
            refusal.reason,
            storable(refusal.detail),
            attempts,
            later(now, RETRY_AFTER[attempts - 1]) if again else None,
            manuscript_id,
        ),
    )
    kind = "postponed" if again else "refused"
    note_event(conn, manuscript_id, run_id, kind, now, refusal.reason, refusal.detail)
    return True


def note_event(
    conn: sqlite3.Connection,
    manuscript_id: int,
    run_id: int | None,
    kind: str,
    now: str,
    reason: str = "",
    detail: str = "",
) -> None:
    """Inside a transaction: append to the event log of a manuscript."""
    conn.execute(
        "INSERT INTO _manuscript_event (manuscript_id, run_id, kind, reason, detail, at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (manuscript_id, run_id, kind, reason, storable(detail), now),
    )


def _receive(conn: sqlite3.Connection, submission: Submission, run_id: int, now: str) -> Receipt:
    if submission.sha256 is not None:
        conn.execute(
            "INSERT INTO _blob (sha256, size, stored_at) VALUES (?, ?, ?) ON CONFLICT DO"
            " UPDATE SET erased_at = NULL WHERE erased_at IS NOT NULL",  # it came in again
            (submission.sha256, submission.size, now),
        )
    receipt = _enter(conn, submission, run_id, now)
    if submission.stat is not None and _settled(submission):
        _remember(conn, submission.stat, submission.sha256)
    return receipt


def _enter(conn: sqlite3.Connection, submission: Submission, run_id: int, now: str) -> Receipt:
    source = storable_name(submission.source)
    refusal, received_at, received_by = submission.refusal, now, run_id
    if submission.archive_id is not None:
        received_at, received_by = conn.execute(
            "SELECT received_at, run_id FROM manuscript WHERE id = ?", (submission.archive_id,)
        ).fetchone()
    cursor = conn.execute(
        "INSERT INTO manuscript (unit_id, unit_given, name, sha256, source, archive_id, state,"
        " reason, detail, received_at, run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (source, coalesce(sha256, '')) DO NOTHING",
        (
            submission.unit_id,
            storable_name(submission.unit_given),
            storable_name(submission.name),
            submission.sha256,
            source,
            submission.archive_id,
            "refused" if refusal else "received",
            refusal.reason if refusal else "",
            storable(refusal.detail) if refusal else "",
            received_at,
            received_by,
        ),
    )
    if cursor.rowcount:
        id_ = int(cursor.lastrowid or 0)
        note_event(conn, id_, run_id, "received", now)
        if refusal:
            note_event(conn, id_, run_id, "refused", now, refusal.reason, refusal.detail)
        return Receipt(id_, new=True)
    (id_,) = conn.execute(
        "SELECT id FROM manuscript WHERE source = ? AND coalesce(sha256, '') = ?",
        (source, submission.sha256 or ""),
    ).fetchone()
    if refusal and submission.sha256 is None:
        _update_reason(conn, id_, refusal, run_id, now)
    return Receipt(id_, new=False)


def _update_reason(
    conn: sqlite3.Connection, manuscript_id: int, refusal: Refusal, run_id: int, now: str
) -> None:
    """A file that could not be stored before cannot be stored now, but for another reason."""
    cursor = conn.execute(
        "UPDATE manuscript SET reason = ?, detail = ? WHERE id = ? AND reason <> ?",
        (refusal.reason, storable(refusal.detail), manuscript_id, refusal.reason),
    )
    if cursor.rowcount:
        note_event(conn, manuscript_id, run_id, "refused", now, refusal.reason, refusal.detail)


def _settled(submission: Submission) -> bool:
    """Whether the file need not be looked at again while it stays as it is.

    A file that could not be read for a passing reason can become readable without its size or
    time changing (permissions), so it is looked at every time.
    """
    return submission.refusal is None or not REASONS[submission.refusal.reason].retry


def _remember(conn: sqlite3.Connection, stat: FileStat, sha256: str | None) -> None:
    conn.execute(
        "INSERT INTO _seen (path, size, mtime_ns, inode, sha256) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns,"
        " inode = excluded.inode, sha256 = excluded.sha256",
        (storable_name(stat.path), stat.size, stat.mtime_ns, stat.inode, sha256),
    )
