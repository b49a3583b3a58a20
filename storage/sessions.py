"""Sessions of the desk: a random id in the browser's cookie, its hash here.

Idle for 30 minutes or begun 8 hours ago, a session is over (OWASP ASVS 7.3). A cookie that is
replayed after the logout finds no row.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final

from sqlite_utils import Database

from storage.clock import later, stamp
from storage.connection import raw, write
from storage.users import User, user_named

IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=8)
_TOUCH: Final = timedelta(minutes=1)
"""How stale ``seen_at`` may be: a write a minute, not one a page."""


def begin(db: Database, user_id: int, *, now: str | None = None) -> str:
    """Open a session; returns its id (256 random bits), which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    now = now or stamp()
    with write(db) as conn:
        conn.execute(
            "DELETE FROM _session WHERE began_at <= ? OR seen_at <= ?",
            (later(now, -ABSOLUTE), later(now, -IDLE)),
        )
        conn.execute(
            "INSERT INTO _session (id_hash, user_id, began_at, seen_at) VALUES (?, ?, ?, ?)",
            (_hash(token), user_id, now, now),
        )
    return token


def whose(db: Database, token: str, *, now: str | None = None) -> User | None:
    """The active account whose session this is; None if it is over or was never begun."""
    if not token:
        return None
    now = now or stamp()
    row = raw(db).execute(
        "SELECT user.name, seen_at FROM _session JOIN user ON user.id = user_id"
        " WHERE id_hash = ? AND began_at > ? AND seen_at > ? AND active",
        (_hash(token), later(now, -ABSOLUTE), later(now, -IDLE)),
    ).fetchone()  # fmt: skip
    if row is None:
        return None
    if row[1] <= later(now, -_TOUCH):
        with write(db) as conn:
            conn.execute("UPDATE _session SET seen_at = ? WHERE id_hash = ?", (now, _hash(token)))
    return user_named(db, row[0])


def end(db: Database, token: str) -> None:
    """Close a session; nothing happens if it is closed already."""
    with write(db) as conn:
        conn.execute("DELETE FROM _session WHERE id_hash = ?", (_hash(token),))


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
