"""``zugao assess``: a composite assessment made from sheets and the ledger, printed, exported."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from storage.assessments import (
    Assessment,
    Part,
    assessment,
    assessment_names,
    read_scores,
    save_assessment,
)
from storage.awards import settle_compared
from storage.connection import open_database
from zugao.console import Problem
from zugao.settings import load_settings
from zugao.statistics import Told, asked_period, profile_of, reading

LEDGER: Final = "积分"
"""The part that is taken from the points ledger instead of a sheet."""


def assess(
    home: Path,
    name: str,
    period: str,
    sheets: Sequence[Path],
    weights: Sequence[str],
    *,
    full: Sequence[str],
    full_points: float | None,
    profile: str,
    who: str,
) -> Assessment:
    """Make and store an assessment. A sheet's part is called as its file.

    ``weights`` and ``full``: ``部分=数``. Raises Problem, RefusedError, ProfileError.
    """
    asked, percents = asked_period(period), _pairs("--weight", weights)
    fulls = _pairs("--full", full)
    files = {sheet.stem: sheet for sheet in sheets}
    _check_names(percents, fulls, files)
    db = open_database(load_settings(home).database)
    try:
        parts = []
        for part, percent in percents.items():
            whole = fulls.get(part, 100.0)
            if part in files:
                parts.append(Part(part, percent, whole, read_scores(files[part], whole)))
            else:
                settle_compared(db, asked, profile)
                scored = profile_of(db, asked, profile)
                parts.append(Part(part, percent, profile_id=scored, full_points=full_points))
        save_assessment(db, name, asked, parts, who=who)
        return assessment(db, name)
    finally:
        db.close()


def stored(home: Path, name: str) -> Assessment:
    """A stored assessment, the latest for "". Raises Problem, AssessmentError."""
    with reading(home) as db:
        names = assessment_names(db)
        if not name and not names:
            raise Problem("还没有考核；用法见 zugao assess --help。")
        return assessment(db, name or names[0])


def told(found: Assessment) -> Told:
    """The assessment as a table: each part of 100, the total, who lacks a score."""
    columns = {"rank": "名次", "unit": "单位"}
    columns |= {f"part:{part}": f"{part}{w:g}%" for part, w in found.weights.items()}
    columns |= {"total": "总分", "missing": "缺项"}
    rows: list[dict[str, Any]] = [
        {
            "rank": one.rank, "unit_id": one.unit_id, "unit": one.unit,
            "unit_group": one.unit_group, "parts": one.parts,
            **{f"part:{part}": _round(score) for part, score in one.parts.items()},
            "total": _round(one.total),
            "missing": "、".join(part for part, score in one.parts.items() if score is None),
        }
        for one in found.units
    ]  # fmt: skip
    notes = ("缺项按零分计。",) if any(row["missing"] for row in rows) else ()
    return Told(found.name, found.period, "各部分按百分制，积分按计入日期", columns, rows, notes)


def as_dict(found: Assessment) -> dict[str, Any]:
    """The ``--json`` shape, documented in ``docs/commands.md``."""
    import dataclasses

    return {
        "name": found.name,
        "start": found.period.start.isoformat(),
        "end": found.period.end.isoformat(),
        "weights": found.weights,
        "units": [dataclasses.asdict(one) for one in found.units],
    }


def _round(score: float | None) -> float | None:
    return None if score is None else round(score, 3)


def _pairs(option: str, given: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for words in given:
        name, _, number = words.partition("=")
        try:
            value = float(number.strip().removesuffix("%"))
        except ValueError:
            value = math.nan
        if not name.strip() or not math.isfinite(value) or value <= 0:
            raise Problem(f"看不懂 {option} {words}，写法如 {option} 群众评价=30。")
        if name.strip() in found:
            raise Problem(f"{option} 里“{name.strip()}”写了两次。")
        found[name.strip()] = value
    return found


def _check_names(
    percents: dict[str, float], fulls: dict[str, float], files: dict[str, Path]
) -> None:
    for part in percents:
        if part not in files and part != LEDGER:
            raise Problem(
                f"“{part}”没有表格：表格的文件名应与部分同名（如 {part}.xlsx），"
                f"由积分台账折算的部分叫“{LEDGER}”。"
            )
    for part in (*files, *fulls):
        if part not in percents:
            raise Problem(f"“{part}”没有写权重，请加上 --weight {part}=百分数。")
