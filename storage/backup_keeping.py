"""Which backups are kept: so many hours, days, weeks and months back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

OFFICE_TIME = timezone(timedelta(hours=8))
FORMAT = "%Y%m%dT%H%M%SZ"
"""How a backup is called: its moment in UTC."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How many hours, days, weeks and months keep their last backup."""

    hourly: int = 24
    daily: int = 7
    weekly: int = 5
    monthly: int = 12


def name_of(moment: datetime) -> str:
    """The name of a backup made at ``moment`` (which must know its time zone)."""
    return moment.astimezone(UTC).strftime(FORMAT)


def moment_of(name: str) -> datetime | None:
    """When the backup of that name was made, in UTC; None if it is no name of a backup."""
    try:
        return datetime.strptime(name, FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None


def kept(moments: Iterable[datetime], keep: Keep) -> set[datetime]:
    """Those of ``moments`` that stay: the last of each of the latest hours, days, weeks, months.

    Hours and days are the office's; only those that have a backup count, so a machine that was
    off over a holiday loses nothing by it. The latest of all always stays.
    """
    ordered = sorted(set(moments), reverse=True)
    stay = set(ordered[:1])
    for count, place in (
        (keep.hourly, _hour),
        (keep.daily, _day),
        (keep.weekly, _week),
        (keep.monthly, _month),
    ):
        stay.update(_last_of_each(ordered, count, place))
    return stay


def _last_of_each(
    ordered: list[datetime], count: int, place: Callable[[datetime], tuple[int, ...]]
) -> list[datetime]:
    last: dict[tuple[int, ...], datetime] = {}
    for moment in ordered:  # latest first
        last.setdefault(place(moment.astimezone(OFFICE_TIME)), moment)
    return list(last.values())[:count]


def _hour(moment: datetime) -> tuple[int, ...]:
    return (moment.toordinal(), moment.hour)


def _day(moment: datetime) -> tuple[int, ...]:
    return (moment.toordinal(),)


def _week(moment: datetime) -> tuple[int, ...]:
    return tuple(moment.isocalendar()[:2])


def _month(moment: datetime) -> tuple[int, ...]:
    return (moment.year, moment.month)
