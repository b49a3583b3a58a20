"""Proposed adoptions that wait for an editor, and the editor's answers to them."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlite_utils import Database

from storage.connection import raw
from storage.event_log import EventError
from storage.events import adopt, reject
from storage.match_candidates import titles_like
from storage.matching import sure_proposals

_LITTLE: Final = 0.25
"""Likeness of titles that is worth a look where a person asks; no match is proposed for it."""

_OPEN: Final = "SELECT * FROM proposals ORDER BY published_on, item_id, share DESC, draft_id"


def open_proposals(db: Database) -> list[dict[str, Any]]:
    """The rows of the view ``proposals``, oldest issue first; evidence and warnings as values."""
    rows = [dict(row) for row in db.query(_OPEN)]
    for row in rows:
        row["evidence"] = json.loads(row["evidence"])
        row["warnings"] = json.loads(row["warnings"])
    return rows


def count_open(db: Database) -> int:
    """How many proposals wait."""
    return int(raw(db).execute("SELECT count(*) FROM proposals").fetchone()[0])


def open_sure(db: Database) -> list[int]:
    """Numbers of the sure proposals that may be recorded without looking at each."""
    return [one.proposal_id for one in sure_proposals(db)]


def confirm(db: Database, proposal_id: int, *, who: str = "", note: str = "") -> int:
    """Record a proposal as an editor's adoption; returns the number of the event.

    Raises EventError: ``no_proposal``, or as ``adopt``.
    """
    item, draft, form, share, confidence = _proposal(db, proposal_id)
    return adopt(db, draft, item, form=form, share=share, confidence=confidence, who=who, note=note)


def refuse(db: Database, proposal_id: int, *, who: str = "", note: str = "") -> int:
    """Record that an item was not made from the draft; returns the number of the event.

    Raises EventError: ``no_proposal``, or as ``reject``.
    """
    item, draft, *_ = _proposal(db, proposal_id)
    return reject(db, draft, item, who=who, note=note)


def _proposal(db: Database, proposal_id: int) -> tuple[int, int, str, float, float]:
    row = (
        raw(db)
        .execute(
            "SELECT item_id, draft_id, form, share, confidence FROM adoption_proposal WHERE id = ?",
            (proposal_id,),
        )
        .fetchone()
    )
    if row is None:
        raise EventError("no_proposal", f"没有第{proposal_id}号采用建议；编号见 zugao proposals。")
    item, draft, form, share, confidence = row
    return item, draft, form, share, confidence


def last_item(db: Database) -> int:
    """The highest number of a printed item; 0 if there is none."""
    return int(raw(db).execute("SELECT coalesce(max(id), 0) FROM printed_item").fetchone()[0])


def unmatched_since(db: Database, item_id: int) -> list[dict[str, Any]]:
    """Printed items after ``item_id`` that no draft was found for (rows of ``unmatched_items``)."""
    sql = "SELECT * FROM unmatched_items WHERE item_id > ? ORDER BY item_id"
    return [dict(row) for row in db.query(sql, [item_id])]


def unmatched(db: Database, count: int) -> list[dict[str, Any]]:
    """The latest ``count`` printed items that no draft was found for."""
    sql = "SELECT * FROM unmatched_items ORDER BY published_on DESC, item_id DESC LIMIT ?"
    return [dict(row) for row in db.query(sql, [count])]


def count_unmatched(db: Database) -> int:
    """How many printed items no draft was found for."""
    return int(raw(db).execute("SELECT count(*) FROM unmatched_items").fetchone()[0])


def printed_item(db: Database, item_id: int) -> dict[str, Any] | None:
    """A printed item with its text and where it stands; None if there is none."""
    sql = """
    SELECT item.id AS item_id, item.title AS printed_title, item.column_name, item.byline,
      item.text, item.url, outlet.name AS outlet, outlet.level, issue.number AS issue_number,
      issue.published_on
    FROM printed_item AS item JOIN issue ON issue.id = item.issue_id
    JOIN outlet ON outlet.id = issue.outlet_id WHERE item.id = ?
    """
    return next((dict(row) for row in db.query(sql, [item_id])), None)


def drafts_titled_like(db: Database, title: str, count: int) -> list[int]:
    """Ids of the drafts whose titles are most like a printed one, however little, best first."""
    return [id_ for id_, _ in titles_like(raw(db), title, _LITTLE, printed=False)[:count]]
