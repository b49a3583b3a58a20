"""The points ledger: brought to what the events and the profile say, by appending only.

A line that no longer holds is answered by its reverse, of the same day, so that sums over all
lines and over the standing ones are the same. Settling twice appends nothing the second time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from points.engine import asks_submissions, compute, reach, total
from points.events import Entry
from points.profile import ProfileError
from storage.award_events import load_events, load_units
from storage.clock import stamp
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.errors import RefusedError
from storage.periods import Period, before, today, year_before, year_to_date
from storage.profiles import StoredProfile, profile_by_id, profiles_in
from storage.texts import storable


class SettleError(RefusedError):
    """A period that cannot be settled: ``future``, ``not_valid``."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling a period by one version of a profile did."""

    profile_id: int
    added: int  # lines
    reversed: int  # lines
    standing: int  # lines of the period that stand now
    points: int  # their sum, thousandths


Key = tuple[object, ...]


def settle(db: Database, profile_id: int, period: Period, *, on: date | None = None) -> Settled:
    """Bring the ledger of a period to what the events say by this version of a profile.

    Only days on which the version holds are concerned. ``on``: the day on which it is asked
    (today): commissions due by then and spans over by then count. Raises ProfileError, SettleError
    for a period that has not begun or in which the version never holds; StorageError.
    """
    on = on or today()
    _check_begun(period, on)
    profile = profile_by_id(db, profile_id)
    if not profile.within(period):
        raise SettleError(
            "not_valid", f"计分办法“{profile.name}”版本{profile.version}不适用于这一期间。"
        )
    with write(db) as conn:
        return _bring(conn, profile, period, on)


def settle_period(
    db: Database, period: Period, name: str = "", *, on: date | None = None
) -> list[Settled]:
    """:func:`settle` by every version of a profile that holds in the period.

    ``name`` may be left out while there is only one.
    """
    return [settle(db, one.id, period, on=on) for one in profiles_in(db, period, name)]


def settle_compared(
    db: Database, period: Period, name: str = "", *, on: date | None = None
) -> None:
    """Settle all that figures compare: the year up to the end of the period, the period of the same
    length before, and the same period of the year before.

    Raises ProfileError or SettleError only for the period itself: there may have been no rules
    before.
    """
    on = on or today()
    _check_begun(period, on)
    profiles_in(db, period, name)
    year = year_to_date(period)  # the period is its end
    others = [p for p in (before(period), year_before(period)) if p.start < year.start]
    for span in (year, *others):
        with suppress(ProfileError):  # no rules held then
            settle_period(db, span, name, on=on)


def _check_begun(period: Period, on: date) -> None:
    if period.start > on:
        raise SettleError("future", f"期间从{period.start}开始，还没有到，不能计分。")


def _bring(conn: sqlite3.Connection, profile: StoredProfile, period: Period, on: date) -> Settled:
    target = _target(conn, profile, period, on)
    held = _standing(conn, profile.id, period, target)
    wanted = Counter(_key(entry) for entry in target)
    stale = []
    for number, key in held:
        if wanted[key] > 0:
            wanted[key] -= 1
        else:
            stale.append(number)
    missing = _missing(target, wanted)
    now = stamp()
    _reverse(conn, stale, now)
    _append(conn, profile.id, missing, now)
    return Settled(profile.id, len(missing), len(stale), len(target), total(target))


def _target(
    conn: sqlite3.Connection, profile: StoredProfile, period: Period, on: date
) -> tuple[Entry, ...]:
    rules = profile.rules
    events = load_events(
        conn,
        reach(rules, period.start, period.end),
        period.end,
        submissions=asks_submissions(rules),
    )
    return compute(rules, events, load_units(conn), period.start, period.end, today=on)


_STANDING = """
  award.reverses IS NULL
  AND NOT EXISTS (SELECT 1 FROM award AS back WHERE back.reverses = award.id)
"""
_COLUMNS = """award.id, award.unit_id, award.author, award.draft_id, award.item_id,
  award.event_id, award.rule, award.points, award.effective_on, award.period, award.mark"""

_OF_PERIOD = f"""
SELECT {_COLUMNS} FROM award
WHERE award.profile_id = ? AND award.effective_on >= ? AND award.effective_on < ? AND {_STANDING}
ORDER BY award.id
"""  # noqa: S608

# An event has one day. Where it moved (a day of issue corrected), its line elsewhere is stale.
_MOVED = f"""
SELECT {_COLUMNS} FROM award
WHERE award.event_id = ? AND award.profile_id = ? AND award.effective_on <> ? AND {_STANDING}
ORDER BY award.id
"""  # noqa: S608


def _standing(
    conn: sqlite3.Connection, profile_id: int, period: Period, target: Sequence[Entry]
) -> list[tuple[int, Key]]:
    """Number and key of the lines that stand: of the period, and of its events elsewhere."""
    bounds = (profile_id, period.start.isoformat(), period.end.isoformat())
    found = {int(row[0]): tuple(row[1:]) for row in conn.execute(_OF_PERIOD, bounds)}
    days = {entry.event_id: entry.day.isoformat() for entry in target if entry.event_id is not None}
    for event_id, day in days.items():
        for row in conn.execute(_MOVED, (event_id, profile_id, day)):
            found[int(row[0])] = tuple(row[1:])
    return sorted(found.items())


def _key(entry: Entry) -> Key:
    """What makes two lines the same; the wording of the arithmetic is no part of it."""
    return (
        entry.unit_id, storable(entry.author), entry.draft_id, entry.item_id, entry.event_id,
        storable(entry.rule), entry.thousandths, entry.day.isoformat(), entry.period,
        storable(entry.mark),
    )  # fmt: skip


def _missing(target: Iterable[Entry], wanted: Counter[Key]) -> list[Entry]:
    """The entries of ``target`` that ``wanted`` still asks for, each as often as it does."""
    found = []
    for entry in target:
        key = _key(entry)
        if wanted[key] > 0:
            wanted[key] -= 1
            found.append(entry)
    return found


def _reverse(conn: sqlite3.Connection, numbers: Sequence[int], now: str) -> None:
    conn.executemany(
        "INSERT INTO award (profile_id, unit_id, author, draft_id, item_id, event_id, rule,"
        " points, effective_on, period, note, mark, reverses, made_at)"
        " SELECT profile_id, unit_id, author, draft_id, item_id, event_id, rule, -points,"
        " effective_on, period, '冲销第' || id || '笔', mark, id, ? FROM award WHERE id = ?",
        [(now, number) for number in numbers],
    )


def _append(conn: sqlite3.Connection, profile_id: int, entries: Iterable[Entry], now: str) -> None:
    conn.executemany(
        "INSERT INTO award (profile_id, unit_id, author, draft_id, item_id, event_id, rule,"
        " points, effective_on, period, mark, note, made_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(profile_id, *_key(entry), storable(entry.note), now) for entry in entries],
    )


def ledger_lines(
    db: Database,
    *,
    period: Period | None = None,
    profile: str = "",
    unit_id: int | None = None,
    draft_id: int | None = None,
) -> list[dict[str, Any]]:
    """Standing lines of the ledger (view ``awards``), in order of day; ``points`` in points."""
    asked: dict[str, object] = defaultdict(lambda: None)
    asked.update(unit=unit_id, draft=draft_id, profile=profile or None)
    if period is not None:
        asked.update(start=period.start.isoformat(), end=period.end.isoformat())
    wanted = {
        "effective_on >= :start AND effective_on < :end": period is not None,
        "unit_id = :unit": unit_id is not None,
        "draft_id = :draft": draft_id is not None,
        "profile = :profile": bool(profile),
    }
    where = " AND ".join(condition for condition, holds in wanted.items() if holds) or "1"
    cursor = raw(db).execute(
        f"SELECT * FROM awards WHERE {where} ORDER BY effective_on, award_id",  # noqa: S608
        dict(asked),
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
