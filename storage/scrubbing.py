"""What was deleted leaves the file, too: SQLite keeps freed pages and the log as they are.

Overwriting on deletion is no proof alone, since pages freed before it was switched on still hold
what they held; writing the whole file anew is.
"""

from __future__ import annotations

from sqlite_utils import Database

from storage.connection import raw
from storage.errors import explained


def scrub(db: Database) -> bool:
    """Write the file anew without anything deleted, and empty its log; False if others read on.

    Then the log still holds the past, and a later call may succeed. Needs room for another copy.
    Raises StorageError (busy, disk full).
    """
    conn = raw(db)
    with explained(_path(db)):
        conn.execute("PRAGMA secure_delete=ON")
        conn.execute("INSERT INTO _search (_search) VALUES ('optimize')")  # drops what was deleted
        conn.execute("VACUUM")
        busy, *_ = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _path(db: Database) -> str:
    return next((str(file) for _, name, file in raw(db).execute("PRAGMA database_list")), "")
