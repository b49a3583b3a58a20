"""Lists of a period: who sent nothing, who is late or last, best pieces, what was duplicated.

Each row is plain: column → value; points are points (not thousandths), days are days in Shanghai.
"""

from __future__ import annotations

from typing import Final

from sqlite_utils import Database

from storage.connection import raw
from storage.evidence import Base, days
from storage.periods import Period, before
from storage.questions import Row
from storage.statistics import points_of

ZERO_SUBMISSIONS: Final = """
SELECT id AS unit_id, name AS unit, group_name AS unit_group FROM unit
WHERE active AND id NOT IN (
  SELECT unit_id FROM drafts
  WHERE received_on >= :start AND received_on < :end AND +unit_id IS NOT NULL)
ORDER BY group_name, name
"""

_SUBMITTED: Final = """
SELECT unit_id, count(*) AS submitted FROM drafts
WHERE received_on >= :start AND received_on < :end GROUP BY unit_id
"""

ZERO_PUBLISHED: Final = f"""
SELECT unit.id AS unit_id, name AS unit, group_name AS unit_group,
  coalesce(sent.submitted, 0) AS submitted
FROM unit LEFT JOIN ({_SUBMITTED}) AS sent ON sent.unit_id = unit.id
WHERE unit.active AND unit.id NOT IN (
  SELECT adoptions.unit_id FROM issue CROSS JOIN adoptions ON adoptions.issue_id = issue.id
  WHERE issue.published_on >= :start AND issue.published_on < :end
    AND +adoptions.unit_id IS NOT NULL)
ORDER BY group_name, name
"""  # noqa: S608

ZERO_OF_RECEIVED: Final = f"""
SELECT unit.id AS unit_id, name AS unit, group_name AS unit_group,
  coalesce(sent.submitted, 0) AS submitted
FROM unit LEFT JOIN ({_SUBMITTED}) AS sent ON sent.unit_id = unit.id
WHERE unit.active AND unit.id NOT IN (
  SELECT drafts.unit_id FROM drafts CROSS JOIN adoptions ON adoptions.draft_id = drafts.draft_id
  WHERE drafts.received_on >= :start AND drafts.received_on < :end
    AND +drafts.unit_id IS NOT NULL)
ORDER BY group_name, name
"""  # noqa: S608

MISSED_COMMISSIONS: Final = """
SELECT commission_id, unit_id, unit, unit_group, title, issued_on, due_on, delivered_on,
  CASE WHEN delivered_on IS NULL THEN '未交' ELSE '逾期' END AS state
FROM commissions
WHERE coalesce(due_on, issued_on) >= :start AND coalesce(due_on, issued_on) < :end
  AND CASE WHEN delivered_on IS NULL THEN coalesce(due_on, issued_on) < :today
    ELSE delivered_on > due_on END
ORDER BY delivered_on IS NOT NULL, unit_group, unit, due_on
"""

# What an editor noted as late, and what the check of form flagged: the latter is only a hint.
LATE_REPORTS: Final = """
SELECT '编辑认定' AS source, event.id AS event_id, event.draft_id, unit.id AS unit_id,
  unit.name AS unit, unit.group_name AS unit_group, coalesce(draft.title, event.title) AS title,
  event.happened_on AS day, event.note AS message
FROM event LEFT JOIN draft ON draft.id = event.draft_id LEFT JOIN unit ON unit.id = event.unit_id
WHERE event.kind = 'fault' AND event.form = '迟报'
  AND event.happened_on >= :start AND event.happened_on < :end
  AND NOT EXISTS (SELECT 1 FROM event AS taken WHERE taken.undoes = event.id)
UNION ALL
SELECT '形式检查', NULL, drafts.draft_id, drafts.unit_id, drafts.unit, drafts.unit_group,
  drafts.title, drafts.received_on, flag.message
FROM drafts JOIN flag ON flag.draft_id = drafts.draft_id AND flag.kind = 'late_report'
WHERE drafts.received_on >= :start AND drafts.received_on < :end
ORDER BY 1 DESC, 6, 5, 8
"""

BEST_PIECES: Final = """
WITH best AS (
  SELECT award.draft_id, sum(award.points) AS points
  FROM profile_days AS version
  CROSS JOIN award ON award.profile_id = version.profile_id
    AND award.effective_on >= max(:start, version.first_day)
    AND award.effective_on < min(:end, version.end_day)
  WHERE version.profile = (SELECT name FROM rule_profile WHERE id = :profile)
    AND award.draft_id IS NOT NULL AND award.reverses IS NULL
    AND NOT EXISTS (SELECT 1 FROM award AS back WHERE back.reverses = award.id)
  GROUP BY award.draft_id HAVING sum(award.points) > 0
  ORDER BY points DESC, award.draft_id LIMIT :top)
SELECT best.draft_id, register.unit_id, register.unit, register.unit_group, register.title,
  register.author, register.report_class, register.adopted_in, best.points / 1000.0 AS points
FROM best JOIN register ON register.draft_id = best.draft_id
ORDER BY best.points DESC, best.draft_id
"""

UNIT_DUPLICATES: Final = """
SELECT unit_id, unit, unit_group, count(DISTINCT draft_id) AS drafts,
  count(DISTINCT CASE WHEN same_unit THEN draft_id END) AS own,
  count(DISTINCT CASE WHEN NOT same_unit THEN draft_id END) AS of_others
FROM unit_duplicates
WHERE received_on >= :start AND received_on < :end AND +unit_id IS NOT NULL
GROUP BY +unit_id ORDER BY drafts DESC, unit
"""


def zero_submissions(db: Database, period: Period) -> list[Row]:
    """Units in use that sent nothing in the period: ``unit_id unit unit_group``."""
    return list(db.query(ZERO_SUBMISSIONS, days(period)))


def zero_adoptions(db: Database, period: Period, *, base: Base = "published") -> list[Row]:
    """Units in use without an adoption; ``submitted`` says how much they sent all the same."""
    sql = ZERO_PUBLISHED if base == "published" else ZERO_OF_RECEIVED
    return list(db.query(sql, days(period)))


def missed_commissions(db: Database, period: Period, *, on: str) -> list[Row]:
    """Commissions due in the period that did not come by the day ``on`` (未交) or came late (逾期).

    ``commission_id unit_id unit unit_group title issued_on due_on delivered_on state``.
    """
    return list(db.query(MISSED_COMMISSIONS, {**days(period), "today": on}))


def late_reports(db: Database, period: Period) -> list[Row]:
    """Late news: noted by an editor (编辑认定) or flagged at intake (形式检查)."""
    return list(db.query(LATE_REPORTS, days(period)))


def best_pieces(db: Database, period: Period, profile_id: int, top: int = 10) -> list[Row]:
    """Drafts with the most points of the period: ``draft_id … adopted_in points``."""
    return list(db.query(BEST_PIECES, {**days(period), "profile": profile_id, "top": top}))


def duplicates_by_unit(db: Database, period: Period) -> list[Row]:
    """How many drafts of a unit repeat earlier ones: ``drafts``, of its ``own``, ``of_others``."""
    return list(db.query(UNIT_DUPLICATES, days(period)))


def persistent_last(db: Database, period: Period, profile_id: int, periods: int = 3) -> list[Row]:
    """Units that were last of their group in this period and the ``periods`` - 1 before it.

    A group in which all have the same points has no last. ``points`` lists thousandths, the
    latest period first.
    """
    listed = raw(db).execute("SELECT id, name, group_name FROM unit WHERE active ORDER BY id")
    units = {id_: (name, group) for id_, name, group in listed}
    history: dict[int, list[int]] = {id_: [] for id_ in units}
    still = set(units)
    for _ in range(periods):
        points = points_of(db, period, profile_id)
        groups: dict[str, set[int]] = {}
        for id_, (_, group) in units.items():
            history[id_].append(points.get(id_, 0))
            groups.setdefault(group, set()).add(points.get(id_, 0))
        lowest = {group: min(values) for group, values in groups.items() if len(values) > 1}
        still = {id_ for id_ in still if history[id_][-1] == lowest.get(units[id_][1])}
        period = before(period)
    return [
        {"unit_id": id_, "unit": name, "unit_group": group, "points": history[id_]}
        for id_, (name, group) in units.items()
        if id_ in still
    ]
