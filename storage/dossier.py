"""What happened to a draft after it was read: for the desk's page of it."""

from __future__ import annotations

from sqlite_utils import Database

from storage.questions import Row

_ADOPTIONS = """
SELECT outlet, level, issue_number, published_on, form, printed_title FROM adoptions
WHERE draft_id = ? ORDER BY published_on
"""

_AWARDS = """
SELECT rule, points, effective_on, profile, profile_version FROM awards
WHERE draft_id = ? ORDER BY effective_on, award_id
"""

# The other drafts that are the same piece, told apart by when they came.
_VERSIONS = """
SELECT draft.id AS draft_id, draft.title, unit.name AS unit, manuscript.received_on
FROM _cluster AS mine JOIN _cluster AS member ON member.cluster = mine.cluster
JOIN draft ON draft.id = member.draft_id
JOIN manuscript ON manuscript.id = draft.manuscript_id
LEFT JOIN unit ON unit.id = draft.unit_id
WHERE mine.draft_id = :id AND member.draft_id <> :id
ORDER BY manuscript.received_on, draft.id LIMIT 20
"""


def adoptions_of(db: Database, draft_id: int) -> list[Row]:
    """Where the draft was printed."""
    return list(db.query(_ADOPTIONS, [draft_id]))


def awards_of(db: Database, draft_id: int) -> list[Row]:
    """The points that stand for the draft."""
    return list(db.query(_AWARDS, [draft_id]))


def versions_of(db: Database, draft_id: int) -> list[Row]:
    """Other versions of the same piece, earliest first, at most 20."""
    return list(db.query(_VERSIONS, {"id": draft_id}))


def desk_state(db: Database, draft_id: int) -> str:
    """Where the draft stands: waiting, accepted, returned, adopted; "" if there is none."""
    row = next(db.query("SELECT state FROM _desk WHERE draft_id = ?", [draft_id]), None)
    return str(row["state"]) if row else ""
