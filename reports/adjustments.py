"""调整: what has changed since earlier bulletins were frozen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from reports.bulletin import Adjustment, Bulletin, read_snapshot
from storage.bulletins import Frozen, frozen_bulletins
from storage.connection import Database
from storage.periods import Period
from storage.statistics import UnitFigures, unit_figures

COMPARED: Final = ("points", "adopted", "submitted")


def adjustments(db: Database, period: Period, profile: str) -> list[Adjustment]:
    """Corrections to frozen bulletins of this series that no later one has told yet.

    The series: periods as long as this one, by the profile of that name, of this year or ending
    where this one begins; of a period frozen twice the last. Raises SnapshotError.
    """
    all_ = frozen_bulletins(db, before=period.start)
    told = _told(all_)
    series = {f.period: f for f in all_ if f.profile == profile and _belongs(f.period, period)}
    return [
        change
        for frozen in series.values()
        for change in _changes(
            frozen, unit_figures(db, frozen.period, frozen.profile_id), told[frozen.bulletin_id]
        )
    ]


def _belongs(earlier: Period, period: Period) -> bool:
    near = earlier.end == period.start or earlier.start.year == period.start.year
    return near and _months(earlier) == _months(period)


def _months(period: Period) -> int:
    start, end = period.start, period.end
    return 12 * (end.year - start.year) + end.month - start.month


def _told(all_: Sequence[Frozen]) -> dict[int, dict[tuple[int, str], int]]:
    """Bulletin → unit and figure → what later bulletins already told as changed."""
    found: dict[int, dict[tuple[int, str], int]] = defaultdict(lambda: defaultdict(int))
    for frozen in all_:
        for change in read_snapshot(frozen.snapshot).adjustments:
            found[change.bulletin_id][change.unit_id, change.figure] += change.change
    return found


def _changes(
    frozen: Frozen, units: Sequence[UnitFigures], told: dict[tuple[int, str], int]
) -> list[Adjustment]:
    was = read_snapshot(frozen.snapshot)
    now = {unit.unit_id: unit for unit in units}
    before = {unit.unit_id: unit for unit in was.units}
    changes = []
    for unit_id in dict.fromkeys([*before, *now]):
        unit = now.get(unit_id) or before[unit_id]
        for figure in COMPARED:
            then = _value(before.get(unit_id), figure) + told.get((unit_id, figure), 0)
            here = _value(now.get(unit_id), figure)
            if then != here:
                title = _name(was)
                changes.append(
                    Adjustment(frozen.bulletin_id, title, unit_id, unit.unit, figure, then, here)
                )
    return changes


def _value(unit: UnitFigures | None, figure: str) -> int:
    return int(getattr(unit, figure)) if unit else 0


def _name(bulletin: Bulletin) -> str:
    return bulletin.head.title.replace("\n", "")
