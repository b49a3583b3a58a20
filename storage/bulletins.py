"""Frozen bulletins: what was sent out stays as it was, digest and version of the rules with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from storage.clock import stamp
from storage.connection import raw, write
from storage.errors import RefusedError
from storage.periods import Period, today
from storage.texts import storable


class BulletinError(RefusedError):
    """A bulletin cannot be frozen or found; ``str()`` is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen bulletin; ``sound``: its snapshot still has the digest that was recorded."""

    bulletin_id: int
    title: str
    number: str
    period: Period
    profile_id: int
    profile: str
    profile_version: str
    sha256: str
    who: str
    frozen_at: str
    sound: bool
    snapshot: str


_FROZEN = """
SELECT bulletin.id, title, number, period_start, period_end, profile_id, rule_profile.name,
  rule_profile.version, bulletin.sha256, bulletin.who, frozen_at, snapshot
FROM bulletin JOIN rule_profile ON rule_profile.id = bulletin.profile_id
"""


def freeze(
    db: Database,
    *,
    title: str,
    number: str,
    period: Period,
    profile_id: int,
    snapshot: str,
    who: str = "",
) -> int:
    """Record a bulletin as it goes out; returns its id. Nothing of it can be changed afterwards.

    Raises BulletinError: ``no_number``, ``same_number``, ``future`` (the period has not ended).
    """
    number = storable(number).strip()
    if not number:
        raise BulletinError("no_number", "冻结通报要写文号（--number）。")
    if period.end > today():
        raise BulletinError("future", "期间还没有结束，不能冻结；可以先出送审稿。")
    with write(db) as conn:
        known = conn.execute("SELECT title FROM bulletin WHERE number = ?", [number]).fetchone()
        if known:
            raise BulletinError("same_number", f"文号{number}已用于《{known[0]}》，请核对。")
        digest = hashlib.sha256(snapshot.encode()).hexdigest()
        row = (
            storable(title), number, period.start.isoformat(), period.end.isoformat(), profile_id,
            snapshot, digest, storable(who), stamp(),
        )  # fmt: skip
        cursor = conn.execute(
            "INSERT INTO bulletin (title, number, period_start, period_end, profile_id, snapshot,"
            " sha256, who, frozen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        return int(cursor.lastrowid or 0)


def frozen_bulletins(db: Database, *, before: date | None = None) -> list[Frozen]:
    """Every frozen bulletin in the order of freezing; ``before``: of periods ended by that day."""
    sql = f"{_FROZEN} WHERE period_end <= ? ORDER BY bulletin.id"
    return [_frozen(row) for row in raw(db).execute(sql, [before.isoformat() if before else "9"])]


def frozen_bulletin(db: Database, bulletin_id: int) -> Frozen:
    """One of them. Raises BulletinError ``unknown``."""
    row = raw(db).execute(f"{_FROZEN} WHERE bulletin.id = ?", [bulletin_id]).fetchone()
    if row is None:
        raise BulletinError("unknown", f"没有第{bulletin_id}号通报；编号见 zugao bulletins。")
    return _frozen(row)


def _frozen(row: tuple[object, ...]) -> Frozen:
    id_, title, number, start, end, profile_id, profile, version, sha256, who, at, snapshot = row
    text = str(snapshot)
    return Frozen(
        bulletin_id=int(str(id_)), title=str(title), number=str(number),
        period=Period(date.fromisoformat(str(start)), date.fromisoformat(str(end))),
        profile_id=int(str(profile_id)), profile=str(profile), profile_version=str(version),
        sha256=str(sha256), who=str(who), frozen_at=str(at),
        sound=hashlib.sha256(text.encode()).hexdigest() == sha256, snapshot=text,
    )  # fmt: skip
