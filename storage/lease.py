"""A lease: at most one intake at a time on a database, whatever was killed before.

It is free when nobody has it, when its holder was a process of this machine that is gone, or when
a holder elsewhere has not renewed it for a while.
"""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlite_utils import Database

from storage.clock import later, stamp
from storage.connection import raw, write

STALE_AFTER = timedelta(minutes=10)
"""A holder renews after each batch; far longer than any batch takes."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Proof of holding ``name``; the token tells it from a later holder's."""

    name: str
    token: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lease."""

    host: str
    pid: int
    process_start: str  # boot and start tick of the process, "" where the system does not tell
    acquired_at: str
    renewed_at: str


def acquire(db: Database, name: str, *, stale_after: timedelta = STALE_AFTER) -> Lease | None:
    """Take the lease; None if somebody alive holds it (see :func:`holder`)."""
    lease, now, pid = Lease(name, secrets.token_hex(16)), stamp(), os.getpid()
    with write(db) as conn:
        present = holder(db, name)
        if present is not None and not _is_over(present, now, stale_after):
            return None
        conn.execute(
            "INSERT OR REPLACE INTO _lease"
            " (name, token, host, pid, process_start, acquired_at, renewed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (name, lease.token, socket.gethostname(), pid, process_start(pid), now, now),
        )
    return lease


def renew(db: Database, lease: Lease) -> bool:
    """Say that the holder is alive; False if the lease was lost, then it must stop writing."""
    with write(db) as conn:
        cursor = conn.execute(
            "UPDATE _lease SET renewed_at = ? WHERE name = ? AND token = ?",
            (stamp(), lease.name, lease.token),
        )
    return bool(cursor.rowcount)


def release(db: Database, lease: Lease) -> None:
    """Give the lease back; a lease that was lost stays with its new holder."""
    with write(db) as conn:
        conn.execute("DELETE FROM _lease WHERE name = ? AND token = ?", (lease.name, lease.token))


def holder(db: Database, name: str) -> Holder | None:
    """Who holds the lease, alive or not."""
    row = (
        raw(db)
        .execute(
            "SELECT host, pid, process_start, acquired_at, renewed_at FROM _lease WHERE name = ?",
            (name,),
        )
        .fetchone()
    )
    return None if row is None else Holder(*row)


def process_start(pid: int) -> str:
    """What tells a process from a later one with the same id; "" if it is gone or unknown.

    On Linux the boot id and field 22 of ``/proc/<pid>/stat`` (start time in ticks since boot).
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    state, start = fields[0], fields[19]
    return "" if state in "ZX" else f"{boot}:{start}"  # dead, only not yet buried by its parent


def _is_over(present: Holder, now: str, stale_after: timedelta) -> bool:
    """A living process of this machine holds it however long a file takes; others must renew."""
    if present.host == socket.gethostname() and present.process_start:
        return process_start(present.pid) != present.process_start
    return later(present.renewed_at, stale_after) <= now
