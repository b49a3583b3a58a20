"""The rows that a bulletin lists beside the figures of units: pieces, commissions, points."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlite_utils import Database

from storage.connection import raw
from storage.evidence import commission_state, days
from storage.periods import Period

# By level, the highest first.
_PIECES: Final = """
SELECT adoptions.adoption_id, adoptions.draft_id, adoptions.unit_id,
  coalesce(adoptions.unit, '') AS unit, coalesce(adoptions.unit_group, '') AS unit_group,
  coalesce(nullif(adoptions.printed_title, ''), adoptions.title) AS title, drafts.genre,
  adoptions.outlet, adoptions.level, adoptions.tier, adoptions.issue_number,
  adoptions.published_on, adoptions.form, adoptions.share
FROM issue CROSS JOIN adoptions ON adoptions.issue_id = issue.id
JOIN drafts ON drafts.draft_id = adoptions.draft_id
WHERE issue.published_on >= :start AND issue.published_on < :end
ORDER BY CASE adoptions.level WHEN '中央' THEN 0 WHEN '省' THEN 1 WHEN '市' THEN 2 ELSE 3 END,
  adoptions.published_on, adoption_id
"""

_INSTRUCTED: Final = "SELECT DISTINCT draft_id FROM instructions WHERE draft_id IS NOT NULL"

_COMMISSIONS: Final = """
SELECT commission_id, unit_id, unit, title, coalesce(due_on, issued_on) AS due_on,
  coalesce(delivered_on, '') AS delivered_on
FROM commissions
WHERE coalesce(due_on, issued_on) >= :start AND coalesce(due_on, issued_on) < :end
ORDER BY unit_group, unit, due_on, commission_id
"""

_AWARDS: Final = """
SELECT award.id AS award_id, award.unit_id, unit.name AS unit, award.rule, award.points,
  award.effective_on, award.note, award.mark, award.draft_id,
  coalesce(draft.title, '') AS title, award.event_id
FROM profile_days AS version
CROSS JOIN award ON award.profile_id = version.profile_id
  AND award.effective_on >= max(:start, version.first_day)
  AND award.effective_on < min(:end, version.end_day)
JOIN unit ON unit.id = award.unit_id
LEFT JOIN draft ON draft.id = award.draft_id
WHERE version.profile = (SELECT name FROM rule_profile WHERE id = :profile)
  AND award.reverses IS NULL
  AND NOT EXISTS (SELECT 1 FROM award AS back WHERE back.reverses = award.id)
ORDER BY unit.group_name, unit.name, award.effective_on, award.id
"""

_STATES: Final = {"on_time": "按时", "late": "逾期", "missed": "未交", "": "未到期"}


def pieces_of(db: Database, period: Period) -> list[dict[str, Any]]:
    """Adoptions printed in the period, highest level first; ``instructed``: 批示 on the draft."""
    instructed = {draft for (draft,) in raw(db).execute(_INSTRUCTED)}
    rows = db.query(_PIECES, days(period))
    return [{**row, "instructed": row["draft_id"] in instructed} for row in rows]


def commissions_of(db: Database, period: Period, on: date) -> list[dict[str, Any]]:
    """Commissions due in the period with ``state`` as of the day ``on``: 按时 逾期 未交 未到期."""
    return [
        {
            **row,
            "state": _STATES[commission_state(row["due_on"], row["delivered_on"] or None, on)],
        }
        for row in db.query(_COMMISSIONS, days(period))
    ]


def awards_of(db: Database, period: Period, profile_id: int) -> list[dict[str, Any]]:
    """Entries of the ledger that count in the period and were not reversed."""
    return list(db.query(_AWARDS, {**days(period), "profile": profile_id}))
