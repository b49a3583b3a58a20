"""Rule profiles in the database: each version once, for good; which one holds on a day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from sqlite_utils import Database

from points.profile import Profile, ProfileError, read_profile
from points.ready import DEFAULT, DEFAULT_NAME, ready_profiles
from storage.clock import stamp
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.periods import Period
from storage.texts import storable


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """A version of a profile, with the days on which it holds.

    ``valid_to``: the day on which it holds no more: its own, or that on which the next version of
    its name begins; None while neither is known.
    """

    id: int
    name: str
    version: str
    valid_from: date
    valid_to: date | None
    text: str
    sha256: str

    @property
    def rules(self) -> Profile:
        """What the text states, ending where this version ends."""
        return _read(self.text).model_copy(update={"valid_to": self.valid_to})

    def within(self, period: Period) -> bool:
        """Whether it holds on any day of the period."""
        starts_before = self.valid_from < period.end
        return starts_before and (self.valid_to is None or self.valid_to > period.start)


@lru_cache(maxsize=16)
def _read(text: str) -> Profile:
    return read_profile(text)


def add_profile(db: Database, text: str, *, who: str = "") -> int:
    """Add a version of a profile; returns its id, that of the present one for the same text.

    Raises ProfileError: a text that cannot be used; ``same_version``: another text under a name
    and version that exist; ``overlap``: two versions of one name that hold on one day.
    """
    profile, sha256 = _read(text), hashlib.sha256(text.encode()).hexdigest()
    with write(db) as conn:
        held = conn.execute(
            "SELECT id, sha256 FROM rule_profile WHERE name = ? AND version = ?",
            (profile.name, profile.version),
        ).fetchone()
        if held is not None:
            if held[1] == sha256:
                return int(held[0])
            raise ProfileError(
                f"计分办法“{profile.name}”的版本{profile.version}已经有了，内容不同；"
                "用过的办法不能改，请换一个版本号和起始日期。",
                "same_version",
            )
        _check_overlap(conn, profile)
        cursor = conn.execute(
            "INSERT INTO rule_profile (name, version, valid_from, valid_to, rules, sha256, who,"
            " added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                storable(profile.name), storable(profile.version), profile.valid_from.isoformat(),
                profile.valid_to.isoformat() if profile.valid_to else None,
                storable(text), sha256, storable(who), stamp(),
            ),
        )  # fmt: skip
        return int(cursor.lastrowid or 0)


def _check_overlap(conn: sqlite3.Connection, profile: Profile) -> None:
    rows = conn.execute(
        "SELECT version, valid_from, valid_to FROM rule_profile WHERE name = ?", (profile.name,)
    ).fetchall()
    new = (
        profile.version,
        profile.valid_from.isoformat(),
        profile.valid_to.isoformat() if profile.valid_to else None,
    )
    for earlier, later in pairwise(sorted([*rows, new], key=lambda row: str(row[1]))):
        if earlier[1] == later[1] or (earlier[2] is not None and earlier[2] > later[1]):
            raise ProfileError(
                f"计分办法“{profile.name}”的版本{earlier[0]}与版本{later[0]}的适用日期重叠"
                f"（都包括{later[1]}），请改正 valid_from 或 valid_to。",
                "overlap",
            )


def profiles(db: Database, name: str = "") -> list[StoredProfile]:
    """All versions, of one name if it is given; by name and the day they begin."""
    rows = raw(db).execute(
        "SELECT id, name, version, valid_from, coalesce(valid_to,"
        " lead(valid_from) OVER (PARTITION BY name ORDER BY valid_from)), rules, sha256"
        " FROM rule_profile ORDER BY name, valid_from"
    )
    found = [
        StoredProfile(
            id_, named, version, date.fromisoformat(since),
            date.fromisoformat(until) if until else None, text, sha256,
        )
        for id_, named, version, since, until, text, sha256 in rows
    ]  # fmt: skip
    return [one for one in found if not name or one.name == name]


def profile_by_id(db: Database, profile_id: int) -> StoredProfile:
    """The version of this id. Raises ProfileError ``unknown``."""
    for one in profiles(db):
        if one.id == profile_id:
            return one
    raise ProfileError(f"没有第{profile_id}号计分办法；有哪些见 zugao rules。", "unknown")


def profile_for(db: Database, day: date, name: str = "") -> StoredProfile:
    """The version that holds on ``day``; ``name`` may be left out while there is only one name.

    Raises ProfileError: ``none`` where there is no profile at all, ``unknown`` name, ``ambiguous``
    where a name is needed, ``not_valid`` where none of its versions holds on that day.
    """
    wanted = name or only_name(db)
    for one in named(db, wanted):
        if one.valid_from <= day and (one.valid_to is None or day < one.valid_to):
            return one
    raise ProfileError(f"计分办法“{wanted}”没有适用于{day}的版本；见 zugao rules。", "not_valid")


def profiles_in(db: Database, period: Period, name: str = "") -> list[StoredProfile]:
    """The versions of one name that hold on any day of the period, in order; at least one.

    Raises ProfileError as :func:`profile_for`.
    """
    wanted = name or only_name(db)
    found = [one for one in named(db, wanted) if one.within(period)]
    if not found:
        raise ProfileError(
            f"计分办法“{wanted}”没有适用于这一期间的版本；见 zugao rules。", "not_valid"
        )
    return found


def begin_with_default(db: Database) -> bool:
    """Give an office that has no profile the default one; whether it was given."""
    if profiles(db):
        return False
    add_profile(db, ready_profiles()[DEFAULT])
    return True


def only_name(db: Database) -> str:
    """The name of the profile where there is one only; the default gives way to an office's own.

    Raises ProfileError ``none``, ``ambiguous``.
    """
    every = list(dict.fromkeys(one.name for one in profiles(db)))
    names = [name for name in every if name != DEFAULT_NAME] or every
    if not names:
        raise ProfileError("还没有计分办法；请先用 zugao rules add 加一个。", "none")
    if len(names) > 1:
        listed = "、".join(f"“{name}”" for name in names)
        raise ProfileError(f"有几个计分办法：{listed}，请指明用哪一个。", "ambiguous")
    return names[0]


def named(db: Database, name: str) -> list[StoredProfile]:
    """The versions of a name. Raises ProfileError ``unknown``."""
    found = profiles(db, name)
    if not found:
        raise ProfileError(f"没有叫“{name}”的计分办法；有哪些见 zugao rules。", "unknown")
    return found
