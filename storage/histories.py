"""What became of drafts, event by event, with the words that a reader needs."""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

import json

from sqlite_utils import Database

from storage.questions import Row
from storage.schema_adoption import stands

_EVENTS = f"""
SELECT event.id AS event_id, event.kind, event.happened_on, unit.name AS unit, event.draft_id,
  draft.title AS draft_title, event.item_id, printed_item.title AS printed_title,
  coalesce(outlet.name, wished.name) AS outlet, issue.number AS issue_number, issue.published_on,
  issue.state AS issue_state, coalesce(event.level, outlet.level) AS level, event.form,
  event.share, event.person, event.severity, event.title, event.due_on,
  event.points / 1000.0 AS points, event.note, event.detail, event.source, event.confidence,
  event.who, event.refers_to, event.undoes,
  datetime(event.recorded_at, '+8 hours') AS recorded,
  event.kind <> 'undo' AND {stands("event.id")} AS holds
FROM event
LEFT JOIN draft ON draft.id = event.draft_id
LEFT JOIN unit ON unit.id = coalesce(event.unit_id, draft.unit_id)
LEFT JOIN printed_item ON printed_item.id = event.item_id
LEFT JOIN issue ON issue.id = printed_item.issue_id
LEFT JOIN outlet ON outlet.id = issue.outlet_id
LEFT JOIN outlet AS wished ON wished.id = event.detail ->> 'outlet_id'
"""

# A draft's own events, what was written on an item that it is printed in, and what undoes these.
_OF_DRAFT = f"""
WITH own(id) AS (
  SELECT id FROM event WHERE draft_id = :draft
  UNION
  SELECT said.id FROM event AS said
  WHERE said.kind = 'instruction' AND said.draft_id IS NULL AND said.item_id IN (
    SELECT event.item_id FROM event
    WHERE event.draft_id = :draft AND event.kind = 'adopt' AND {stands("event.id")})
)
SELECT id FROM own UNION SELECT id FROM event WHERE undoes IN (SELECT id FROM own)
"""


def draft_history(db: Database, draft_id: int) -> list[Row]:
    """All events of a draft in order, those of the items that it is printed in too.

    Columns: those of the view ``events`` and ``printed_title outlet issue_number published_on
    issue_state share confidence warnings`` (a list of codes, see ``storage.event_log.WARNINGS``).
    """
    return _rows(db, f"{_EVENTS} WHERE event.id IN ({_OF_DRAFT}) ORDER BY event.id", draft=draft_id)


def latest_events(db: Database, count: int, kind: str = "") -> list[Row]:
    """The latest events (of a kind), latest first; columns as in :func:`draft_history`."""
    sql = f"{_EVENTS} WHERE :kind IN ('', event.kind) ORDER BY event.id DESC LIMIT :count"
    return _rows(db, sql, kind=kind, count=count)


def events_numbered(db: Database, ids: tuple[int, ...]) -> list[Row]:
    """The events of these numbers, in order; columns as in :func:`draft_history`."""
    chosen = "WHERE event.id IN (SELECT value FROM json_each(:ids)) ORDER BY event.id"
    return _rows(db, f"{_EVENTS} {chosen}", ids=json.dumps(ids))


def standing_adoptions(db: Database, draft_id: int) -> list[Row]:
    """The adoptions of a draft that hold, also in issues that are not printed yet."""
    return [r for r in draft_history(db, draft_id) if r["kind"] == "adopt" and r["holds"]]


def _rows(db: Database, sql: str, **values: object) -> list[Row]:
    rows = list(db.query(sql, values))
    for row in rows:
        row["warnings"] = json.loads(str(row.pop("detail"))).get("warnings", [])
    return rows
