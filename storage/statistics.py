"""The figures of units in a period: what the ranking table of a bulletin is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlite_utils import Database

from points.fields import CLASSES
from storage.connection import raw
from storage.evidence import Asked, Base, Evidence, days, evidence
from storage.periods import Period, before, today, year_before, year_to_date
from storage.profiles import profile_by_id

NO_PROFILE: Final = 0
"""Asks for figures without points, where there are no rules yet; ``classes`` must be given then."""


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One unit in a period. Points are thousandths; ``rank`` is that within the group.

    ``adopted`` counts drafts, ``adoptions`` and ``by_class_level`` (``信息|县``) each adoption of
    them. ``bonus`` and ``deductions`` (≤ 0) are what ``points`` holds besides points of adoptions.
    ``rate`` is adopted over submitted, None where nothing was submitted; by day of print it may
    pass 1, since a draft of the period before may be printed in this one.
    """

    unit_id: int
    unit: str
    unit_group: str
    submitted: int
    valid: int
    adopted: int
    adoptions: int
    rate: float | None
    by_class_level: dict[str, int]
    commissions_due: int
    commissions_on_time: int
    commissions_late: int
    commissions_missed: int
    instructions: int
    bonus: int
    deductions: int
    points: int
    points_before: int  # the period of the same length before
    points_year_ago: int  # the same period of the year before
    cumulative: int  # from 1 January of the year in which the period begins
    rank: int
    rank_before: int | None  # None if nobody had points in the period before


def unit_figures(
    db: Database,
    period: Period,
    profile_id: int,
    *,
    base: Base = "published",
    classes: Mapping[str, str] | None = None,
    on: date | None = None,
) -> list[UnitFigures]:
    """Every unit in use, and every other that has a figure; by group, rank and name.

    ``base`` "published": adoptions printed in the period; "received": those of the drafts received
    in it, whenever printed. Points always count on their day of effect. ``on``: the day on which
    it is asked (today), for commissions not yet due. ``classes``: genre → report class, where it
    is not the profile's. Raises ProfileError for an unknown profile.
    """
    asked = _asked(db, period, profile_id, base, classes, on)
    found, worth = evidence(db, asked)
    earlier = points_of(db, before(period), profile_id)
    year_ago = points_of(db, year_before(period), profile_id)
    cumulative = points_of(db, year_to_date(period), profile_id)
    units = [
        unit
        for unit in raw(db).execute("SELECT id, name, group_name, active FROM unit ORDER BY id")
        if unit[3] or unit[0] in found
    ]
    groups = {id_: group for id_, _, group, _ in units}
    now = {id_: _worth(found, worth, id_, "points") for id_ in groups}
    ranks = rank_within(groups, now)
    ranks_before = rank_within(groups, earlier) if earlier else {}
    figures = []
    for id_, name, group, _ in units:
        rows = found.get(id_, {})
        count = {figure: len(ids) for figure, ids in rows.items()}
        submitted, adopted = count.get("submitted", 0), count.get("adopted", 0)
        figures.append(
            UnitFigures(
                unit_id=id_, unit=name, unit_group=group,
                submitted=submitted, valid=count.get("valid", 0),
                adopted=adopted, adoptions=count.get("adoptions", 0),
                rate=adopted / submitted if submitted else None,
                by_class_level={k: n for k, n in sorted(count.items()) if "|" in k},
                commissions_due=count.get("commissions_due", 0),
                commissions_on_time=count.get("commissions_on_time", 0),
                commissions_late=count.get("commissions_late", 0),
                commissions_missed=count.get("commissions_missed", 0),
                instructions=count.get("instructions", 0),
                bonus=_worth(found, worth, id_, "bonus"),
                deductions=_worth(found, worth, id_, "deductions"),
                points=now[id_],
                points_before=earlier.get(id_, 0), points_year_ago=year_ago.get(id_, 0),
                cumulative=cumulative.get(id_, 0),
                rank=ranks[id_], rank_before=ranks_before.get(id_),
            )
        )  # fmt: skip
    return sorted(figures, key=lambda f: (f.unit_group, f.rank, f.unit))


def trace(
    db: Database,
    period: Period,
    profile_id: int,
    unit_id: int,
    figure: str,
    *,
    base: Base = "published",
    classes: Mapping[str, str] | None = None,
    on: date | None = None,
) -> list[int]:
    """Ids of the rows behind a figure of :func:`unit_figures`, ascending; [] for zero.

    Drafts, adoptions, events or awards, as :data:`storage.evidence.Evidence` says.
    """
    found, _ = evidence(db, _asked(db, period, profile_id, base, classes, on))
    return found.get(unit_id, {}).get(figure, [])


def unassigned(db: Database, period: Period) -> int:
    """Drafts received in the period that no unit of the list sent: in no row of the figures."""
    sql = (
        "SELECT count(*) FROM drafts"
        " WHERE received_on >= :start AND received_on < :end AND unit_id IS NULL"
    )
    return int(raw(db).execute(sql, days(period)).fetchone()[0])


POINTS: Final = """
SELECT award.unit_id, sum(award.points)
FROM profile_days AS version
CROSS JOIN award ON award.profile_id = version.profile_id
  AND award.effective_on >= max(:start, version.first_day)
  AND award.effective_on < min(:end, version.end_day)
WHERE version.profile = (SELECT name FROM rule_profile WHERE id = :profile)
  AND award.reverses IS NULL
  AND NOT EXISTS (SELECT 1 FROM award AS back WHERE back.reverses = award.id)
GROUP BY award.unit_id
"""


def points_of(db: Database, period: Period, profile_id: int) -> dict[int, int]:
    """Points in thousandths of each unit that has any, under every version of that profile.

    Each version counts for the days on which it holds, so that a new version neither cuts a year
    in two nor empties the comparison with the year before.
    """
    rows = raw(db).execute(POINTS, {**days(period), "profile": profile_id})
    return {int(unit): int(points) for unit, points in rows}


def rank_within(groups: Mapping[int, str], points: Mapping[int, int]) -> dict[int, int]:
    """The rank of each unit in its group, most points first; equal points share the better rank."""
    members: dict[str, list[int]] = {}
    for unit, group in groups.items():
        members.setdefault(group, []).append(points.get(unit, 0))
    better = {group: sorted(values, reverse=True) for group, values in members.items()}
    return {unit: better[group].index(points.get(unit, 0)) + 1 for unit, group in groups.items()}


def total(figures: Sequence[UnitFigures], name: str) -> int:
    """The sum of a column."""
    return sum(int(getattr(one, name)) for one in figures)


def _asked(
    db: Database,
    period: Period,
    profile_id: int,
    base: Base,
    classes: Mapping[str, str] | None,
    on: date | None,
) -> Asked:
    if classes is None:
        classes = {**CLASSES, **profile_by_id(db, profile_id).rules.classes}
    return Asked(period, profile_id, base, classes, on or today())


def _worth(found: Evidence, worth: Mapping[int, int], unit_id: int, figure: str) -> int:
    return sum(worth[id_] for id_ in found.get(unit_id, {}).get(figure, []))
