"""What a submitting unit may see: its own files and drafts and what became of them, nothing else.

Every query names the unit; a draft of another unit is not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlite_utils import Database

from storage.clock import later, stamp
from storage.connection import raw, write
from storage.questions import Row
from storage.texts import storable, storable_name

_DRAFTS: Final = """
SELECT draft.id AS draft_id, draft.title, draft.characters, desk.genre, desk.state,
  desk.received_on, manuscript.name AS file_name,
  (SELECT json_group_array(json_object('outlet', outlet, 'level', level, 'form', form,
      'issue_number', issue_number, 'published_on', published_on, 'title', printed_title))
    FROM adoptions WHERE adoptions.draft_id = draft.id) AS adopted,
  (SELECT json_object('reasons', json(reasons), 'note', note, 'returned', returned)
    FROM returned_drafts WHERE returned_drafts.draft_id = draft.id
    ORDER BY decision_id DESC LIMIT 1) AS returned
FROM _desk AS desk JOIN draft ON draft.id = desk.draft_id
JOIN manuscript ON manuscript.id = draft.manuscript_id
WHERE desk.unit_id = :unit AND {}
"""

_FILES: Final = """
SELECT upload.id AS upload_id, upload.name, upload.made_at, upload.who,
  CASE WHEN manuscript.id IS NULL THEN 'waiting' ELSE manuscript.state END AS state,
  coalesce(manuscript.reason, '') AS reason
FROM upload LEFT JOIN manuscript ON manuscript.id = (
  SELECT max(id) FROM manuscript WHERE source = upload.source AND archive_id IS NULL)
WHERE upload.unit_id = :unit ORDER BY upload.id DESC LIMIT :count
"""

_COMMISSIONS: Final = """
SELECT commission_id, title, issued_on, due_on FROM commissions
WHERE unit_id = ? AND delivered_on IS NULL ORDER BY due_on, commission_id
"""

_POINTS: Final = """
SELECT profile, effective_on, points, note, mark, draft_id, title FROM awards
WHERE unit_id = :unit AND effective_on >= :start ORDER BY profile, effective_on DESC, award_id DESC
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was put into the inbox."""

    name: str
    source: str  # its place in the inbox
    size: int
    sha256: str


def own_drafts(db: Database, unit_id: int, before: int, count: int) -> list[Row]:
    """The unit's drafts with a number below ``before`` (0 = all), latest first.

    ``adopted`` lists where each was printed, ``returned`` why it was sent back (None if not).
    """
    below = "desk.draft_id < :before" if before else "1"
    sql = _DRAFTS.format(below) + " ORDER BY desk.draft_id DESC LIMIT :count"
    return [
        _parsed(row) for row in db.query(sql, {"unit": unit_id, "before": before, "count": count})
    ]


def own_draft(db: Database, unit_id: int, draft_id: int) -> Row | None:
    """One of the unit's drafts; None for what is not its own, as if there were none."""
    rows = db.query(_DRAFTS.format("desk.draft_id = :id"), {"unit": unit_id, "id": draft_id})
    return next((_parsed(row) for row in rows), None)


def unit_name(db: Database, unit_id: int) -> str:
    """Name of a unit, "" if there is none."""
    row = raw(db).execute("SELECT name FROM unit WHERE id = ?", (unit_id,)).fetchone()
    return str(row[0]) if row else ""


def counts_of(db: Database, unit_id: int) -> dict[str, int]:
    """How many drafts of the unit stand where."""
    rows = raw(db).execute(
        "SELECT state, count(*) FROM _desk WHERE unit_id = ? GROUP BY state", (unit_id,)
    )
    return dict(rows.fetchall())


def of_unit(db: Database, unit_id: int, drafts: Iterable[int]) -> set[int]:
    """Those of the drafts that the unit sent."""
    rows = raw(db).execute(
        "SELECT id FROM draft WHERE unit_id = ? AND id IN (SELECT value FROM json_each(?))",
        (unit_id, json.dumps(sorted(set(drafts)))),
    )
    return {int(id_) for (id_,) in rows}


def open_commissions(db: Database, unit_id: int) -> list[Row]:
    """What the unit was asked for and has not sent yet, the nearest day first."""
    return list(db.query(_COMMISSIONS, [unit_id]))


def points_since(db: Database, unit_id: int, start: str) -> list[Row]:
    """The unit's points that count from a day on, line by line, latest first."""
    return list(db.query(_POINTS, {"unit": unit_id, "start": start}))


def files_sent(db: Database, unit_id: int, count: int) -> list[Row]:
    """Files that the unit sent through the desk, latest first; ``state`` waiting, received, …"""
    return list(db.query(_FILES, {"unit": unit_id, "count": count}))


def note_upload(db: Database, unit_id: int, sent: Sent, *, who: str) -> None:
    """Record a file that lies in the inbox."""
    with write(db) as conn:
        conn.execute(
            "INSERT INTO upload (unit_id, who, name, source, size, sha256, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                unit_id, storable(who), storable_name(sent.name), storable_name(sent.source),
                sent.size, sent.sha256, stamp(),
            ),
        )  # fmt: skip


def sent_before(db: Database, unit_id: int, sha256: str) -> bool:
    """Whether the unit sent a file with this content through the desk already."""
    sql = "SELECT 1 FROM upload WHERE unit_id = ? AND sha256 = ? LIMIT 1"
    return raw(db).execute(sql, (unit_id, sha256)).fetchone() is not None


def sent_within_a_day(db: Database, unit_id: int) -> int:
    """Files that the unit sent through the desk in the last 24 hours."""
    since = later(stamp(), -timedelta(days=1))
    sql = "SELECT count(*) FROM upload WHERE unit_id = ? AND made_at >= ?"
    return int(raw(db).execute(sql, (unit_id, since)).fetchone()[0])


def _parsed(row: Row) -> dict[str, Any]:
    returned = row["returned"]
    return {
        **row,
        "adopted": json.loads(str(row["adopted"])),
        "returned": json.loads(str(returned)) if returned else None,
    }


def all_open_commissions(db: Database) -> list[Row]:
    """What all units were asked for and have not sent yet, the nearest day first."""
    sql = (
        "SELECT commission_id, unit, unit_group, title, issued_on, due_on, who FROM commissions"
        " WHERE delivered_on IS NULL ORDER BY due_on, commission_id"
    )
    return list(db.query(sql))
