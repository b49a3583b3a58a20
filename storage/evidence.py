"""Which rows stand behind each figure of a unit: the one place where figures are counted from.

A figure is the number of its rows (or the sum of their points), so a figure and its drill-down
cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlite_utils import Database

from points.fields import OTHER_CLASS
from storage.connection import raw
from storage.periods import Period

Base = Literal["published", "received"]
"""Which drafts a period's adoptions are those of: printed in it, or received in it."""

BASES: Final[dict[str, str]] = {"published": "印发日期", "received": "收到日期"}

Evidence = dict[int, dict[str, list[int]]]
"""Unit id → figure → ids, ascending. Drafts for ``submitted valid adopted``; adoption events for
``adoptions`` and each class and level (``信息|县``); events for ``commissions_*`` and
``instructions``; awards for ``bonus deductions points``."""

# A plus before a column keeps the planner from reading by its index instead of by the days.
SUBMITTED: Final = """
SELECT unit_id, draft_id, valid FROM submissions
WHERE received_on >= :start AND received_on < :end AND +unit_id IS NOT NULL
"""

# CROSS JOIN says in which order to read: the days first, then what hangs on them.
PRINTED: Final = """
SELECT adoptions.unit_id, adoptions.draft_id, adoptions.adoption_id, drafts.genre, adoptions.level
FROM issue CROSS JOIN adoptions ON adoptions.issue_id = issue.id
JOIN drafts ON drafts.draft_id = adoptions.draft_id
WHERE issue.published_on >= :start AND issue.published_on < :end
  AND +adoptions.unit_id IS NOT NULL
"""

OF_RECEIVED: Final = """
SELECT adoptions.unit_id, adoptions.draft_id, adoptions.adoption_id, drafts.genre, adoptions.level
FROM drafts CROSS JOIN adoptions ON adoptions.draft_id = drafts.draft_id
WHERE drafts.received_on >= :start AND drafts.received_on < :end AND +drafts.unit_id IS NOT NULL
"""

COMMISSIONED: Final = """
SELECT unit_id, commission_id, coalesce(due_on, issued_on) AS due, delivered_on FROM commissions
WHERE coalesce(due_on, issued_on) >= :start AND coalesce(due_on, issued_on) < :end
"""

INSTRUCTED: Final = """
SELECT DISTINCT unit_id, instruction_id FROM instructions
WHERE happened_on >= :start AND happened_on < :end AND +unit_id IS NOT NULL
"""

# Each version of the profile's name counts for the days on which it holds.
AWARDED: Final = """
SELECT award.unit_id, award.id, award.points, event.kind IS 'adopt'
FROM profile_days AS version
CROSS JOIN award ON award.profile_id = version.profile_id
  AND award.effective_on >= max(:start, version.first_day)
  AND award.effective_on < min(:end, version.end_day)
LEFT JOIN event ON event.id = award.event_id
WHERE version.profile = (SELECT name FROM rule_profile WHERE id = :profile)
  AND award.reverses IS NULL
  AND NOT EXISTS (SELECT 1 FROM award AS back WHERE back.reverses = award.id)
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a figure is asked of; ``today`` decides which commissions are overdue."""

    period: Period
    profile_id: int
    base: Base
    classes: Mapping[str, str]  # genre → report class
    today: date


def evidence(db: Database, asked: Asked) -> tuple[Evidence, dict[int, int]]:
    """The rows behind every figure of every unit that has any, and the points of each award."""
    found: Evidence = {}
    points: dict[int, int] = {}
    for unit, figure, id_, worth in _rows(db, asked):
        found.setdefault(unit, {}).setdefault(figure, []).append(id_)
        if worth is not None:
            points[id_] = worth
    for figures in found.values():
        for figure, ids in figures.items():
            figures[figure] = sorted(set(ids)) if figure == "adopted" else sorted(ids)
    return found, points


def days(period: Period) -> dict[str, str]:
    """The bounds as the queries name them."""
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def _rows(db: Database, asked: Asked) -> Iterator[tuple[int, str, int, int | None]]:
    """Unit, figure, id, and the points of an award."""
    conn, bounds = raw(db), days(asked.period)
    for unit, draft, valid in conn.execute(SUBMITTED, bounds):
        yield unit, "submitted", draft, None
        if valid:
            yield unit, "valid", draft, None
    adopted = PRINTED if asked.base == "published" else OF_RECEIVED
    for unit, draft, adoption, genre, level in conn.execute(adopted, bounds):
        yield unit, "adopted", draft, None
        yield unit, "adoptions", adoption, None
        yield unit, f"{asked.classes.get(genre, OTHER_CLASS)}|{level}", adoption, None
    for unit, commission, due, delivered in conn.execute(COMMISSIONED, bounds):
        yield unit, "commissions_due", commission, None
        if state := commission_state(due, delivered, asked.today):
            yield unit, f"commissions_{state}", commission, None
    for unit, instruction in conn.execute(INSTRUCTED, bounds):
        yield unit, "instructions", instruction, None
    for unit, award, worth, of_adoption in conn.execute(
        AWARDED, {**bounds, "profile": asked.profile_id}
    ):
        yield unit, "points", award, worth
        if not of_adoption and worth:
            yield unit, "bonus" if worth > 0 else "deductions", award, worth


def commission_state(due: str, delivered: str | None, today: date) -> str:
    """``on_time``, ``late``, ``missed``, or "" for one that may still come in time."""
    if delivered is not None:
        return "on_time" if delivered <= due else "late"
    return "missed" if due < today.isoformat() else ""
