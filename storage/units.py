"""Units (报送单位): their list, and which of them a folder or file name means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from storage.connection import raw, write
from storage.driver import sqlite3

UNKNOWN_UNIT = "unknown_unit"
"""Kind of the flag on a draft whose unit is not in the list of units."""

_LEAD = re.compile(r"^[\W\d_]*")
"""Brackets, numbers and dashes before the first word: "01-【临溪县】…"."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as the office lists it."""

    name: str
    group: str = ""
    parent: str = ""  # name of the unit above, "" if none
    aliases: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed."""

    units: int  # in the list now
    added: int
    assigned: int  # files and drafts of unknown unit that found theirs


class UnitError(Exception):
    """The list of units contradicts itself; ``str()`` is a Chinese sentence."""


class Units:
    """Names and aliases in memory, to match many texts."""

    def __init__(self, names: Mapping[str, int]) -> None:
        """``names``: each name or alias → unit id."""
        self._ids = {_fold(name): id_ for name, id_ in names.items() if _fold(name)}
        self._longest_first = sorted(self._ids, key=len, reverse=True)

    def named(self, text: str) -> int | None:
        """The unit whose name or alias is exactly ``text`` (width and spaces aside)."""
        return self._ids.get(_fold(text))

    def match(self, text: str) -> int | None:
        """The unit that a folder or file name means, None if there is none or more than one.

        In this order: the whole text is a name or alias; it begins with one (brackets and
        numbers aside), the longest counting; it contains names of one single unit, a name
        inside a longer one not counting. Nothing is guessed: two units in a text are none.
        """
        folded = _fold(text)
        if folded in self._ids:
            return self._ids[folded]
        lead = _LEAD.match(folded)
        start = lead.end() if lead else 0
        for name in self._longest_first:
            if folded.startswith(name, start):
                return self._ids[name]
        found: set[int] = set()
        rest = folded
        for name in self._longest_first:
            if name in rest:
                found.add(self._ids[name])
                rest = rest.replace(name, "\n")
        return found.pop() if len(found) == 1 else None


def load_units(db: Database) -> Units:
    """All units, also those no longer active: what they sent is theirs."""
    return _load(raw(db))


def import_units(db: Database, rows: Sequence[UnitRow]) -> Imported:
    """Add or change units by name; units not in ``rows`` stay. Aliases are those of the row.

    Files and drafts whose unit was unknown are assigned where the list now tells it. Raises
    :class:`UnitError` (nothing is changed then) for a parent that does not exist or is below
    the unit itself, and for a name or alias that two units claim.
    """
    with write(db) as conn:
        before = conn.execute("SELECT count(*) FROM unit").fetchone()[0]
        ids = _upsert(conn, rows)
        _set_parents(conn, rows, ids)
        _set_aliases(conn, rows, ids)
        assigned = _assign(conn, _load(conn))
        after = conn.execute("SELECT count(*) FROM unit").fetchone()[0]
    return Imported(after, after - before, assigned)


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _load(conn: sqlite3.Connection) -> Units:
    rows = conn.execute("SELECT alias, unit_id FROM unit_alias UNION ALL SELECT name, id FROM unit")
    return Units(dict(rows.fetchall()))


def _upsert(conn: sqlite3.Connection, rows: Iterable[UnitRow]) -> dict[str, int]:
    conn.executemany(
        "INSERT INTO unit (name, group_name, active) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE"
        " SET group_name = excluded.group_name, active = excluded.active",
        [(row.name, row.group, int(row.active)) for row in rows],
    )
    return dict(conn.execute("SELECT name, id FROM unit").fetchall())


def _set_parents(conn: sqlite3.Connection, rows: Iterable[UnitRow], ids: Mapping[str, int]) -> None:
    for row in rows:
        if row.parent and row.parent not in ids:
            raise UnitError(f"单位“{row.name}”的上级“{row.parent}”不在单位表中，请先补上。")
        conn.execute(
            "UPDATE unit SET parent_id = ? WHERE id = ?",
            (ids[row.parent] if row.parent else None, ids[row.name]),
        )
    parents = dict(conn.execute("SELECT id, parent_id FROM unit").fetchall())
    for name, id_ in ids.items():
        above, steps = parents[id_], 0
        while above is not None and above != id_ and steps <= len(parents):
            above, steps = parents[above], steps + 1
        if above == id_:
            raise UnitError(f"单位“{name}”的上级关系绕成了圈，请改正“上级”一栏。")


def _set_aliases(conn: sqlite3.Connection, rows: Iterable[UnitRow], ids: Mapping[str, int]) -> None:
    for row in rows:
        conn.execute("DELETE FROM unit_alias WHERE unit_id = ?", (ids[row.name],))
    owners = {_fold(name): id_ for name, id_ in ids.items()}
    for alias, id_ in conn.execute("SELECT alias, unit_id FROM unit_alias"):
        owners[_fold(alias)] = id_
    for row in rows:
        id_ = ids[row.name]
        for alias in row.aliases:
            owner = owners.setdefault(_fold(alias), id_)
            if owner != id_:
                raise UnitError(
                    f"单位“{row.name}”的别名“{alias}”已是另一单位的名称或别名，请改用别的。"
                )
            conn.execute(
                "INSERT INTO unit_alias (alias, unit_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (alias, id_),
            )


def _assign(conn: sqlite3.Connection, units: Units) -> int:
    """Give files and drafts of unknown unit theirs; the flag on the draft goes with it."""
    files = [
        (unit_id, id_)
        for id_, given, name in conn.execute(
            "SELECT id, unit_given, name FROM manuscript WHERE unit_id IS NULL"
        ).fetchall()
        if (unit_id := units.match(given or name)) is not None
    ]
    conn.executemany("UPDATE manuscript SET unit_id = ? WHERE id = ?", files)
    drafts = [
        (unit_id, id_)
        for id_, of_file, written in conn.execute(
            "SELECT draft.id, manuscript.unit_id, draft.unit_as_written FROM draft"
            " JOIN manuscript ON manuscript.id = draft.manuscript_id WHERE draft.unit_id IS NULL"
        ).fetchall()
        if (unit_id := of_file if of_file is not None else units.named(written)) is not None
    ]
    conn.executemany("UPDATE draft SET unit_id = ? WHERE id = ?", drafts)
    conn.executemany(
        "DELETE FROM flag WHERE draft_id = ? AND kind = ?",
        [(id_, UNKNOWN_UNIT) for _, id_ in drafts],
    )
    return len(files) + len(drafts)
