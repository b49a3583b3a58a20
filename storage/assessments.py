"""Composite assessments (考核): parts with weights, from outside sheets and from the ledger."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from storage.clock import stamp
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.errors import RefusedError
from storage.names import nearest, suggestion
from storage.periods import Period
from storage.statistics import points_of, rank_within
from storage.tables import read_table
from storage.texts import storable
from storage.units import load_units

_COLUMNS: Final = {
    "unit": ("单位", "单位名称", "报送单位", "unit"),
    "score": ("得分", "分数", "评分", "成绩", "分", "score"),
}
_SHOWN: Final = 10  # complaints in one sentence; the rest are counted


class AssessmentError(RefusedError):
    """An assessment cannot be made; ``str()`` is one Chinese sentence.

    ``reason``: ``weights`` that do not add up, ``sheet``: rows to mend, ``unit`` that the list does
    not have, ``parts`` of one name, ``unknown`` assessment.
    """


@dataclass(frozen=True, slots=True)
class Part:
    """A part: a weight in percent, and where its scores come from.

    Either ``scores`` (name of a unit → score, of ``full``) or, with ``profile_id``, the ledger:
    ``full_points`` points are the full score, or, None, those of the best unit of the group.
    """

    name: str
    percent: float
    full: float = 100.0
    scores: Mapping[str, float] | None = None
    profile_id: int | None = None
    full_points: float | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """One unit: of each part what it got of 100 (None: no score, counted as zero), the total."""

    unit_id: int
    unit: str
    unit_group: str
    parts: dict[str, float | None]
    total: float
    rank: int  # within the group


@dataclass(frozen=True, slots=True)
class Assessment:
    """A stored assessment with its units, by group and rank."""

    name: str
    period: Period
    weights: dict[str, float]  # part → percent
    units: tuple[Assessed, ...]


def read_scores(path: Path | str, full: float = 100.0) -> dict[str, float]:
    """Unit as written → score, of a CSV or Excel sheet with columns 单位 and 得分.

    Raises TableError, AssessmentError ``sheet`` with the rows to mend.
    """
    table = read_table(Path(path), "考核表", _COLUMNS, "unit")
    if "score" not in table.fields:
        raise AssessmentError("sheet", f"考核表“{path}”的表头里没有“得分”一栏。")
    scores: dict[str, float] = {}
    complaints = []
    for number, cells in table.rows:
        unit, score = cells["unit"], _number(cells["score"])
        if not unit:
            complaints.append(f"第{number}行没有单位")
        elif unit in scores:
            complaints.append(f"第{number}行的“{unit}”重复")
        elif score is None or not 0 <= score <= full:
            complaints.append(f"第{number}行“{unit}”的得分应是0到{full:g}的数")
        else:
            scores[unit] = score
    _complain("sheet", f"考核表“{path}”需要改正", complaints)
    return scores


def save_assessment(
    db: Database, name: str, period: Period, parts: Sequence[Part], *, who: str = ""
) -> int:
    """Store an assessment, in place of the one of that name; returns its id.

    Raises AssessmentError: weights that do not add up to 100 %, two parts of one name, a unit that
    the list does not have (with the nearest names). Nothing is stored then.
    """
    _check(parts)
    with write(db) as conn:
        owners = _unit_ids(db, parts)
        conn.execute("DELETE FROM assessment WHERE name = ?", (storable(name),))
        cursor = conn.execute(
            "INSERT INTO assessment (name, period_start, period_end, who, made_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                storable(name), period.start.isoformat(), period.end.isoformat(), storable(who),
                stamp(),
            ),
        )  # fmt: skip
        id_ = int(cursor.lastrowid or 0)
        for position, part in enumerate(parts, 1):
            _insert(conn, id_, position, part, owners)
    return id_


def assessment(db: Database, name: str) -> Assessment:
    """A stored assessment, joined with the ledger as it stands now. Raises AssessmentError."""
    id_, period = _head(db, name)
    units = _units(db, id_)
    groups = {unit: group for unit, (_, group) in units.items()}
    weights: dict[str, float] = {}
    got: dict[int, dict[str, float | None]] = {unit: {} for unit in units}
    for part, percent, full, scores in _scores(db, id_, period, groups):
        weights[part] = percent
        for unit in units:
            score = scores.get(unit)
            got[unit][part] = None if score is None else 100 * score / full
    totals = {
        unit: math.fsum(weights[part] * (score or 0) / 100 for part, score in parts.items())
        for unit, parts in got.items()
    }
    # Ranked on thousandths, as they are shown: no rank hangs on the last bit of a sum.
    ranks = rank_within(groups, {unit: round(1000 * total) for unit, total in totals.items()})
    assessed = [
        Assessed(unit, named, group, got[unit], totals[unit], ranks[unit])
        for unit, (named, group) in units.items()
    ]
    ordered = sorted(assessed, key=lambda one: (one.unit_group, one.rank, one.unit))
    return Assessment(name, period, weights, tuple(ordered))


def _head(db: Database, name: str) -> tuple[int, Period]:
    row = raw(db).execute(
        "SELECT id, period_start, period_end FROM assessment WHERE name = ?", (name,)
    ).fetchone()  # fmt: skip
    if row is None:
        known = assessment_names(db)
        words = f"；已有：{'、'.join(known)}" if known else ""
        raise AssessmentError("unknown", f"没有叫“{storable(name)}”的考核{words}。")
    return row[0], Period(date.fromisoformat(row[1]), date.fromisoformat(row[2]))


def _units(db: Database, id_: int) -> dict[int, tuple[str, str]]:
    """Name and group of each unit in use, and of others that have a score."""
    rows = raw(db).execute(
        "SELECT id, name, group_name FROM unit WHERE active OR id IN"
        " (SELECT unit_id FROM assessment_score JOIN assessment_part AS part ON part.id = part_id"
        " WHERE assessment_id = ?) ORDER BY id",
        (id_,),
    )
    return {unit: (name, group) for unit, name, group in rows}


def _scores(
    db: Database, id_: int, period: Period, groups: Mapping[int, str]
) -> Iterator[tuple[str, float, float, dict[int, float]]]:
    """Of each part its name, percent, full score, and the score of each unit that has one."""
    conn = raw(db)
    parts = conn.execute(
        "SELECT id, name, weight, full_score, profile_id, full_points FROM assessment_part"
        " WHERE assessment_id = ? ORDER BY position",
        (id_,),
    ).fetchall()
    for part, name, weight, full, profile, full_points in parts:
        if profile is None:
            rows = conn.execute(
                "SELECT unit_id, score FROM assessment_score WHERE part_id = ?", (part,)
            )
            scores = {int(unit): float(score) for unit, score in rows}
        else:
            scores = scaled(groups, points_of(db, period, profile), full, full_points)
        yield name, weight * 100, full, scores


def assessment_names(db: Database) -> list[str]:
    """The stored assessments, the latest first."""
    rows = raw(db).execute("SELECT name FROM assessment ORDER BY id DESC")
    return [str(name) for (name,) in rows]


def scaled(
    groups: Mapping[int, str],
    points: Mapping[int, int],
    full: float,
    full_points: float | None,
) -> dict[int, float]:
    """Scores of ``full`` from points in thousandths; below zero is zero, above full is full.

    Full are ``full_points`` points or, None, those of the best unit of the group; where nobody of a
    group has points, all have none.
    """
    best: dict[str, int] = {}
    for unit, group in groups.items():
        best[group] = max(best.get(group, 0), points.get(unit, 0))
    found = {}
    for unit, group in groups.items():
        whole = best[group] if full_points is None else full_points * 1000
        share = points.get(unit, 0) / whole if whole else 0.0
        found[unit] = full * min(1.0, max(0.0, share))
    return found


def _check(parts: Sequence[Part]) -> None:
    names = [part.name for part in parts]
    if len(set(names)) < len(names):
        raise AssessmentError("parts", f"有同名的部分：{'、'.join(names)}。")
    total = math.fsum(part.percent for part in parts)
    if not parts or any(part.percent <= 0 for part in parts) or abs(total - 100) > 1e-6:
        listed = "、".join(f"{part.name}{part.percent:g}%" for part in parts)
        raise AssessmentError(
            "weights", f"权重合计应为100%、每项大于0，现在是{total:g}%（{listed or '没有写'}）。"
        )


def _unit_ids(db: Database, parts: Sequence[Part]) -> dict[str, int]:
    """Unit as written → its id. Raises AssessmentError for units that the list does not have."""
    units = load_units(db)
    known = dict(raw(db).execute("SELECT name, id FROM unit").fetchall())
    owners: dict[str, int] = {}
    complaints: list[str] = []
    for part in parts:
        seen: dict[int, str] = {}
        for name in part.scores or {}:
            unit = units.named(name)
            if unit is None:
                complaints.append(
                    f"{part.name}：“{storable(name)}”{suggestion(nearest(name, known))}"
                )
            elif unit in seen:
                complaints.append(f"{part.name}：“{seen[unit]}”和“{storable(name)}”是同一单位")
            else:
                owners[name] = unit
                seen[unit] = storable(name)
    _complain("unit", "有的单位不在单位表里或重复", complaints)
    return owners


def _insert(
    conn: sqlite3.Connection, id_: int, position: int, part: Part, owners: Mapping[str, int]
) -> None:
    cursor = conn.execute(
        "INSERT INTO assessment_part (assessment_id, position, name, weight, full_score,"
        " profile_id, full_points) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            id_, position, storable(part.name), part.percent / 100, part.full, part.profile_id,
            part.full_points,
        ),
    )  # fmt: skip
    conn.executemany(
        "INSERT INTO assessment_score (part_id, unit_id, score) VALUES (?, ?, ?)",
        [(cursor.lastrowid, owners[name], score) for name, score in (part.scores or {}).items()],
    )


def _complain(reason: str, opening: str, complaints: Iterable[str]) -> None:
    told = list(complaints)
    if told:
        more = f"等{len(told)}处" if len(told) > _SHOWN else ""
        raise AssessmentError(reason, f"{opening}：{'；'.join(told[:_SHOWN])}{more}。")


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
