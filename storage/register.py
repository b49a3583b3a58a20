"""The register (台账): every draft, what became of it, and its points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlite_utils import Database

from storage.evidence import days
from storage.periods import Period
from storage.questions import Row

# NULL bounds: every draft.
_ALL: Final = """
SELECT register.*, coalesce((
    SELECT sum(award.points) FROM award
    CROSS JOIN profile_days AS version ON version.profile_id = award.profile_id
    WHERE award.draft_id = register.draft_id AND award.reverses IS NULL
      AND version.profile = (SELECT name FROM rule_profile WHERE id = :profile)
      AND award.effective_on >= version.first_day AND award.effective_on < version.end_day
      AND NOT EXISTS (SELECT 1 FROM award AS back WHERE back.reverses = award.id)), 0) / 1000.0
    AS points
FROM register
"""
OF_PERIOD: Final = _ALL + "WHERE received_on >= :start AND received_on < :end ORDER BY draft_id"


def register(
    db: Database, period: Period | None = None, profile_id: int | None = None
) -> Iterator[Row]:
    """Every draft (received in ``period``) as the view ``register`` has it, with ``points``.

    Points are all that the draft ever earned under the profile; 0 without one.
    """
    if period is None:
        yield from db.query(_ALL + "ORDER BY draft_id", {"profile": profile_id})
    else:
        yield from db.query(OF_PERIOD, {**days(period), "profile": profile_id})
