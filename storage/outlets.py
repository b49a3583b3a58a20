"""Outlets (刊物、媒体): their list, and which of them a name means."""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from storage.connection import raw, write
from storage.driver import sqlite3
from storage.errors import RefusedError
from storage.names import fold, nearest, suggestion
from storage.questions import Row
from storage.schema_adoption import LEVELS, OUTLET_KINDS
from storage.tables import Brought
from storage.texts import storable

FIELDS = (
    "kind", "level", "tier", "points", "floor_chars", "soft_chars", "hard_chars", "retired",
)  # fmt: skip
"""Columns of ``outlet`` that a list may give."""


class OutletError(RefusedError):
    """An outlet cannot be found or recorded; ``str()`` is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class OutletRow:
    """An outlet as the office lists it.

    ``fields`` holds the columns of :data:`FIELDS` that the list has (points in thousandths); those
    that it does not have keep what is known, as do ``aliases`` that are None.
    """

    name: str
    fields: Mapping[str, str | int | None] = field(default_factory=dict)
    aliases: tuple[str, ...] | None = None
    line: int = 0  # row of the file, for complaints


@dataclass(frozen=True, slots=True)
class Found:
    """The outlet that a name means (None: none does), and the names most like it."""

    outlet_id: int | None
    nearest: tuple[str, ...] = ()


class Outlets:
    """Names and aliases in memory, to match many texts."""

    def __init__(self, names: Mapping[str, int]) -> None:
        """``names``: each name or alias → outlet id."""
        self._names = {name: id_ for name, id_ in names.items() if fold(name)}
        self._folded = {fold(name): id_ for name, id_ in self._names.items()}

    def find(self, name: str) -> Found:
        """The outlet whose name or alias is ``name``; width, spaces and 《》 aside.

        Nothing is guessed: a name that is merely like others gets them as suggestions.
        """
        found = self._folded.get(fold(name))
        return Found(found, () if found is not None else nearest(name, self._names))


def load_outlets(db: Database) -> Outlets:
    """All outlets, also retired ones: what they printed stays theirs."""
    return Outlets(_owners(raw(db)))


def find_outlet(db: Database, name: str) -> Found:
    """The outlet of a name or alias, or the nearest names."""
    return load_outlets(db).find(name)


def outlet_named(db: Database, name: str) -> int:
    """Number of the outlet of a name or alias. Raises OutletError with the nearest names."""
    found = find_outlet(db, name)
    if found.outlet_id is None:
        raise OutletError(
            "unknown_outlet", f"没有叫“{storable(name)}”的刊物{suggestion(found.nearest)}。"
        )
    return found.outlet_id


_HIGHEST_FIRST = (
    "CASE level "
    + " ".join(f"WHEN '{level}' THEN {rank}" for rank, level in enumerate(LEVELS))
    + " END DESC"
)


def outlet_names(db: Database) -> list[str]:
    """Names of the outlets in use, highest level first; nothing is counted for it."""
    sql = f"SELECT name FROM outlet WHERE NOT retired ORDER BY {_HIGHEST_FIRST}, id"
    return [str(name) for (name,) in raw(db).execute(sql)]


def list_outlets(db: Database) -> list[Row]:
    """Every outlet with ``aliases``, ``issues`` printed and ``adoptions``, highest level first."""
    sql = f"""
    SELECT outlet.id AS outlet_id, outlet.name, kind, level, tier, points / 1000.0 AS points,
      floor_chars, soft_chars, hard_chars, retired,
      (SELECT json_group_array(alias) FROM outlet_alias WHERE outlet_id = outlet.id) AS aliases,
      (SELECT count(*) FROM issue WHERE outlet_id = outlet.id AND state = 'printed') AS issues,
      coalesce(counted.n, 0) AS adoptions
    FROM outlet
    LEFT JOIN (SELECT outlet_id, count(*) AS n FROM adoptions GROUP BY outlet_id) AS counted
      ON counted.outlet_id = outlet.id
    ORDER BY retired, {_HIGHEST_FIRST}, outlet.id
    """
    rows = list(db.query(sql))
    for row in rows:
        row["aliases"] = json.loads(str(row["aliases"]))
    return rows


def import_outlets(db: Database, rows: Sequence[OutletRow]) -> Brought:
    """Add outlets or change those of the same name; outlets not in ``rows`` stay.

    A row that is wrong (no name, unknown kind or level, limits out of order, a name or alias that
    is another's) is left out with a sentence; the others are taken.
    """
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    refused: list[str] = []
    seen: set[str] = set()
    with write(db) as conn:
        for row in rows:
            try:
                if fold(row.name) in seen:
                    raise OutletError("twice", "表里已有同名的一行。")
                seen.add(fold(row.name))
                counts[_bring(conn, row)] += 1
            except OutletError as error:
                where = f"第{row.line}行" if row.line else ""
                refused.append(f"{where}“{storable(row.name)}”：{error}")
    return Brought(**counts, refused=tuple(refused))


def _bring(conn: sqlite3.Connection, row: OutletRow) -> str:
    """Write one outlet; whether it was "added", "changed" or "unchanged"."""
    name = storable(row.name).strip()
    before = _stored(conn, name)
    known: Mapping[str, str | int | None] = before or {"tier": "", "retired": 0}
    after = {**known, **row.fields}
    _check(name, after)
    owners = _owners(conn)
    own = conn.execute("SELECT id FROM outlet WHERE name = ?", (name,)).fetchone()
    _check_names(owners, [name, *(row.aliases or ())], own[0] if own else None)
    marks = ", ".join(f":{column}" for column in FIELDS)
    updates = ", ".join(f"{column} = :{column}" for column in FIELDS)
    (id_,) = conn.execute(
        f"INSERT INTO outlet (name, {', '.join(FIELDS)}) VALUES (:name, {marks})"
        f" ON CONFLICT (name) DO UPDATE SET {updates} RETURNING id",
        {"name": name} | {column: after.get(column) for column in FIELDS},
    ).fetchone()
    aliases_changed = row.aliases is not None and _set_aliases(conn, id_, name, row.aliases)
    if before is None:
        return "added"
    return "changed" if aliases_changed or before != after else "unchanged"


def _stored(conn: sqlite3.Connection, name: str) -> dict[str, str | int | None] | None:
    found = conn.execute(
        f"SELECT {', '.join(FIELDS)} FROM outlet WHERE name = ?", (name,)
    ).fetchone()
    return dict(zip(FIELDS, found, strict=True)) if found else None


def _check(name: str, values: Mapping[str, str | int | None]) -> None:
    if not name:
        raise OutletError("no_name", "没有写名称。")
    for column, word, known in (("kind", "种类", OUTLET_KINDS), ("level", "级别", LEVELS)):
        value = values.get(column)
        if value not in known:
            said = f"不认识{word}“{value}”" if value else f"没有写{word}"
            raise OutletError(f"unknown_{column}", f"{said}，应是{'、'.join(known)}之一。")
    limits = [values.get(column) for column in ("floor_chars", "soft_chars", "hard_chars")]
    given = [int(limit) for limit in limits if limit is not None]
    if 0 in limits[1:]:
        raise OutletError("limits", "提醒和上限不能是0，没有就空着。")
    if given != sorted(given):
        raise OutletError("limits", "字数应是下限不大于提醒、提醒不大于上限。")


def _check_names(owners: Mapping[str, int], names: Iterable[str], own: int | None) -> None:
    folded = {fold(name): id_ for name, id_ in owners.items()}
    for name in names:
        owner = folded.get(fold(name), own)
        if owner != own:
            raise OutletError("name_taken", f"“{storable(name)}”已是另一刊物的名称或别名。")


def _set_aliases(
    conn: sqlite3.Connection, outlet_id: int, name: str, aliases: Iterable[str]
) -> bool:
    """Make these the aliases of an outlet; whether they were others."""
    wanted = {fold(alias): storable(alias) for alias in aliases if fold(alias) != fold(name)}
    rows = conn.execute("SELECT alias FROM outlet_alias WHERE outlet_id = ?", (outlet_id,))
    if {alias for (alias,) in rows} == set(wanted.values()):
        return False
    conn.execute("DELETE FROM outlet_alias WHERE outlet_id = ?", (outlet_id,))
    conn.executemany(
        "INSERT INTO outlet_alias (alias, outlet_id) VALUES (?, ?)",
        [(alias, outlet_id) for alias in wanted.values()],
    )
    return True


def _owners(conn: sqlite3.Connection) -> dict[str, int]:
    return dict(
        conn.execute(
            "SELECT alias, outlet_id FROM outlet_alias UNION ALL SELECT name, id FROM outlet"
        ).fetchall()
    )
