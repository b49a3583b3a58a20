"""How the intake fares, in figures that a monitoring system reads every few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage.connection import raw


@dataclass(frozen=True, slots=True)
class LastRun:
    """The intake that was started last; ``scheduled``: some intake was ever run by Prefect."""

    started: datetime
    ended: datetime | None
    outcome: str
    scheduled: bool


@dataclass(frozen=True, slots=True)
class Pulse:
    """Counts of everything stored, the age of the queue, the size of the file."""

    files: dict[str, int]  # by state
    refused: dict[str, int]  # by reason
    drafts: dict[str, int]  # by state on the desk
    oldest: datetime | None  # when the draft was received that waits longest
    last_run: LastRun | None
    bytes: int


def last_run(db: Database) -> LastRun | None:
    """The intake that was started last, None if there was none.

    ``scheduled`` looks at the last thousand runs only: it is asked with every page.
    """
    row = (
        raw(db)
        .execute(
            "SELECT started_at, ended_at, outcome, EXISTS ("
            " SELECT 1 FROM (SELECT how FROM run ORDER BY id DESC LIMIT 1000)"
            " WHERE how = 'prefect')"
            " FROM run ORDER BY id DESC LIMIT 1"
        )
        .fetchone()
    )
    if row is None:
        return None
    started, ended, outcome, scheduled = row
    return LastRun(_moment(started), _moment(ended) if ended else None, outcome, bool(scheduled))


def pulse(db: Database) -> Pulse:
    """The figures now. Raises StorageError.

    Counted over indexes: tens of milliseconds for 200,000 drafts.
    """
    conn = raw(db)

    def counted(sql: str) -> dict[str, int]:
        return {str(key): int(number) for key, number in conn.execute(sql)}

    oldest = conn.execute(
        "SELECT manuscript.received_at FROM draft JOIN manuscript ON manuscript.id = manuscript_id"
        " WHERE draft.id = (SELECT min(draft_id) FROM _desk WHERE state = 'waiting')"
    ).fetchone()
    pages, size = (conn.execute(f"PRAGMA {name}").fetchone()[0] for name in _SIZE)
    return Pulse(
        files=counted("SELECT state, count(*) FROM manuscript GROUP BY state"),
        refused=counted(
            "SELECT reason, count(*) FROM manuscript WHERE state = 'refused' GROUP BY reason"
        ),
        drafts=counted("SELECT state, count(*) FROM _desk GROUP BY state"),
        oldest=_moment(oldest[0]) if oldest else None,
        last_run=last_run(db),
        bytes=int(pages) * int(size),
    )


_SIZE = ("page_count", "page_size")


def _moment(stamped: str) -> datetime:
    return datetime.fromisoformat(stamped)
