"""Figures of a period by theme, group, genre, level and author; from receipt to print."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import Final, Literal

from sqlite_utils import Database

from storage.connection import raw
from storage.evidence import BASES, Base, days
from storage.periods import Period
from storage.questions import Row
from storage.statistics import NO_PROFILE

By = Literal["group", "theme", "category", "genre", "class", "level", "outlet"]

_KEYS: Final[dict[str, str]] = {
    "group": "unit_group",
    "theme": "theme_code",
    "category": "category_code",
    "genre": "genre",
    "class": "report_class",
}
"""What a draft is counted by → its column in ``submissions``."""

_SENT: Final = """
SELECT {key} AS key, count(*) AS submitted, sum(valid) AS valid FROM submissions
WHERE received_on >= :start AND received_on < :end GROUP BY 1
"""

_PRINTED: Final = """
SELECT submissions.{key} AS key, count(DISTINCT adoptions.draft_id) AS adopted,
  count(*) AS adoptions
FROM issue CROSS JOIN adoptions ON adoptions.issue_id = issue.id
JOIN submissions ON submissions.draft_id = adoptions.draft_id
WHERE issue.published_on >= :start AND issue.published_on < :end GROUP BY 1
"""

_OF_RECEIVED: Final = """
SELECT submissions.{key} AS key, count(DISTINCT adoptions.draft_id) AS adopted,
  count(*) AS adoptions
FROM submissions CROSS JOIN adoptions ON adoptions.draft_id = submissions.draft_id
WHERE submissions.received_on >= :start AND submissions.received_on < :end GROUP BY 1
"""

# By level and outlet there is no "sent": a draft is sent to the office, not to an outlet.
_PLACES: Final = {
    "published": """
SELECT adoptions.{key} AS name, count(DISTINCT adoptions.draft_id) AS adopted,
  count(*) AS adoptions
FROM issue CROSS JOIN adoptions ON adoptions.issue_id = issue.id
WHERE issue.published_on >= :start AND issue.published_on < :end
GROUP BY 1 ORDER BY adoptions DESC, 1
""",
    "received": """
SELECT adoptions.{key} AS name, count(DISTINCT adoptions.draft_id) AS adopted,
  count(*) AS adoptions
FROM drafts CROSS JOIN adoptions ON adoptions.draft_id = drafts.draft_id
WHERE drafts.received_on >= :start AND drafts.received_on < :end
GROUP BY 1 ORDER BY adoptions DESC, 1
""",
}

# Counted by the whole cell of names first: there are far fewer cells than drafts to split.
_SPLIT = "json_each('[' || replace(json_quote(cell.author), '、', '\",\"') || ']')"
_AUTHORS: Final = f"""
WITH cell AS (
  SELECT author, unit_id, count(*) AS submitted, sum(valid) AS valid,
    sum(EXISTS (SELECT 1 FROM adoptions WHERE adoptions.draft_id = submissions.draft_id))
      AS adopted
  FROM submissions
  WHERE received_on >= :start AND received_on < :end AND +unit_id IS NOT NULL AND author <> ''
  GROUP BY author, unit_id
  UNION ALL
  SELECT draft.author, draft.unit_id, 0, 0, 0
  FROM manuscript CROSS JOIN draft ON draft.manuscript_id = manuscript.id
  WHERE manuscript.received_on >= :known AND manuscript.received_on < :start
    AND +draft.unit_id IS NOT NULL AND draft.author <> ''
  GROUP BY draft.author, draft.unit_id)
SELECT trim(name.value) AS author, unit.id AS unit_id, unit.name AS unit,
  unit.group_name AS unit_group, sum(cell.submitted) AS submitted, sum(cell.valid) AS valid,
  sum(cell.adopted) AS adopted
FROM cell JOIN unit ON unit.id = cell.unit_id JOIN {_SPLIT} AS name
WHERE trim(name.value) <> ''
GROUP BY trim(name.value), unit.id
ORDER BY adopted DESC, submitted DESC, unit.name, author
"""  # noqa: S608

AUTHOR_POINTS: Final = """
SELECT award.unit_id, award.author, sum(award.points)
FROM profile_days AS version
CROSS JOIN award ON award.profile_id = version.profile_id
  AND award.effective_on >= max(:start, version.first_day)
  AND award.effective_on < min(:end, version.end_day)
WHERE version.profile = (SELECT name FROM rule_profile WHERE id = :profile)
  AND award.author <> '' AND award.reverses IS NULL
  AND NOT EXISTS (SELECT 1 FROM award AS back WHERE back.reverses = award.id)
GROUP BY award.unit_id, award.author
"""

_FUNNEL: Final = """
SELECT count(*) AS drafts, coalesce(sum(valid), 0) AS valid,
  coalesce(sum(EXISTS (SELECT 1 FROM event WHERE event.draft_id = submissions.draft_id
    AND event.kind IN ('pre_adopt', 'adopt')
    AND NOT EXISTS (SELECT 1 FROM event AS taken WHERE taken.undoes = event.id))), 0) AS chosen,
  coalesce(sum(EXISTS (SELECT 1 FROM adoptions
    WHERE adoptions.draft_id = submissions.draft_id)), 0) AS adopted,
  coalesce(sum(EXISTS (SELECT 1 FROM adoptions WHERE adoptions.draft_id = submissions.draft_id
    AND adoptions.level IN ('省', '中央'))), 0) AS higher
FROM submissions WHERE received_on >= :start AND received_on < :end
"""

_FILES: Final = """
SELECT count(*) FROM manuscript
WHERE received_on >= :start AND received_on < :end AND format <> 'zip'
"""

_DAYS: Final = """
SELECT (SELECT min(days) FROM print_times WHERE print_times.draft_id = drafts.draft_id)
FROM drafts WHERE received_on >= :start AND received_on < :end
"""


QUERIES: Final = (
    _SENT.format(key="genre"), _PRINTED.format(key="theme_code"),
    _OF_RECEIVED.format(key="report_class"), _PLACES["published"].format(key="level"),
    _PLACES["received"].format(key="outlet"), _AUTHORS, AUTHOR_POINTS, _FUNNEL, _FILES, _DAYS,
)  # fmt: skip
"""Each kind of query, for the test of their plans."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """What became, until now, of what was received in a period."""

    files: int  # archives themselves left out
    drafts: int
    valid: int
    chosen: int  # pre-adopted or adopted
    adopted: int  # printed
    higher: int  # printed by an outlet of a province or above
    median_days: float | None  # from receipt to the first print, of the adopted ones


def figures_by(
    db: Database, period: Period, by: By, *, base: Base = "published"
) -> list[Row]:  # fmt: skip
    """Sent and adopted by what ``by`` says: ``key name submitted valid adopted adoptions rate``.

    Drafts are counted on their day of receipt, adoptions by ``base``. Themes and categories that
    nobody wrote of appear with zero; the key None is undecided, or an unknown unit's group. By
    level or outlet only ``name adopted adoptions``.
    """
    if by in ("level", "outlet"):
        return list(db.query(_PLACES[base].format(key=by), days(period)))
    key = _KEYS[by]
    names = _names(db, by)
    adopted_by = _PRINTED if base == "published" else _OF_RECEIVED
    sent = {row["key"]: row for row in db.query(_SENT.format(key=key), days(period))}
    printed = {row["key"]: row for row in db.query(adopted_by.format(key=key), days(period))}
    rows = []
    for one in dict.fromkeys([*names, *sent, *printed]):
        counts = {**_NOTHING, **sent.get(one, {}), **printed.get(one, {})}
        submitted, adopted = int(str(counts["submitted"])), int(str(counts["adopted"]))
        rate = adopted / submitted if submitted else None
        name = names.get(str(one), str(one)) if one is not None else "无法判断"
        rows.append({**counts, "key": one, "name": name, "rate": rate})
    return sorted(rows, key=lambda r: (r["key"] is None, -int(str(r["submitted"])), str(r["key"])))


_NOTHING: Final[Row] = {
    "key": None, "name": "", "submitted": 0, "valid": 0, "adopted": 0, "adoptions": 0,
}  # fmt: skip


def _names(db: Database, by: By) -> dict[object, str]:
    if by == "theme":
        sql = "SELECT code, name FROM aspect WHERE NOT retired ORDER BY code"
    elif by == "category":
        sql = "SELECT DISTINCT category, category_name FROM aspect WHERE NOT retired ORDER BY 1"
    elif by == "group":
        sql = "SELECT DISTINCT group_name, group_name FROM unit WHERE active ORDER BY 1"
    else:
        return {}
    return {code: str(name) for code, name in raw(db).execute(sql)}


def themes_sent_and_adopted(
    db: Database, period: Period, *, base: Base = "published"
) -> list[Row]:  # fmt: skip
    """What outlets want: by theme what was sent and adopted, and the shares of both.

    ``wanted`` is the share of adoptions less the share of drafts, in points of percent / 100:
    above zero, outlets print more of it than units send. Undecided drafts are left out.
    """
    rows = [row for row in figures_by(db, period, "theme", base=base) if row["key"] is not None]
    sent = sum(int(str(row["submitted"])) for row in rows)
    adopted = sum(int(str(row["adopted"])) for row in rows)
    for row in rows:
        row["share_sent"] = int(str(row["submitted"])) / sent if sent else 0.0
        row["share_adopted"] = int(str(row["adopted"])) / adopted if adopted else 0.0
        row["wanted"] = float(str(row["share_adopted"])) - float(str(row["share_sent"]))
    return sorted(rows, key=lambda row: (-float(str(row["wanted"])), str(row["key"])))


def author_figures(
    db: Database, period: Period, *, profile_id: int = NO_PROFILE, yearly: int = 0
) -> list[Row]:  # fmt: skip
    """Authors of the period and of the year before it: ``author unit … adopted target short``.

    Drafts received in the period and those of them that were adopted since; who wrote nothing now
    but did in the year before appears with zero. Two units' authors of one name are two. ``target``
    is the period's part of ``yearly`` adopted drafts, rounded up; ``short`` what is missing to it.
    ``points`` are those of the period that the profile gives to the author.
    """
    target = math.ceil(yearly * (period.end - period.start).days / 366)
    known = period.start.replace(year=period.start.year - 1, day=1).isoformat()
    rows = list(db.query(_AUTHORS, {**days(period), "known": known}))
    scored = raw(db).execute(AUTHOR_POINTS, {**days(period), "profile": profile_id})
    points = {(unit, author): worth / 1000 for unit, author, worth in scored}
    for row in rows:
        row["points"] = points.get((row["unit_id"], row["author"]), 0.0)
        row["target"] = target
        row["short"] = max(0, target - int(str(row["adopted"])))
    return rows


def funnel(db: Database, period: Period) -> Funnel:
    """From files to print, of what was received in the period."""
    conn, bounds = raw(db), days(period)
    files = conn.execute(_FILES, bounds).fetchone()[0]
    took = [int(d) for (d,) in conn.execute(_DAYS, bounds) if d is not None]
    drafts, valid, chosen, adopted, higher = conn.execute(_FUNNEL, bounds).fetchone()
    middle = statistics.median(took) if took else None
    return Funnel(files, drafts, valid, chosen, adopted, higher, middle)


def dated_by(base: Base) -> str:
    """How the days are counted, for the head of a table."""
    return f"报送按收到日期，采用按{BASES[base]}"
