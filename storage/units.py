"""Units (报送单位): their list, and which of them a folder or file name means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from storage.connection import raw, write
from storage.driver import sqlite3
from storage.names import fold, nearest, suggestion
from storage.texts import storable

UNKNOWN_UNIT = "unknown_unit"
"""Kind of the flag on a draft whose unit is not in the list of units."""

ALL_UNITS = "全部"
"""What means every unit in use."""

_LEAD = re.compile(r"^[\W\d_]*")
"""Brackets, numbers and dashes before the first word: "01-【临溪县】…"."""
_CLOSERS = "】)）]》 "
_MARKS = re.compile(r"[-_—–:.、,·()\[\]【】《》〔〕\s]+")
"""What sets a unit's name apart in a file name, after NFKC (which turns （ into ()."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as the office lists it."""

    name: str
    group: str | None = None  # None: the list does not say, what is known stays
    parent: str | None = None  # name of the unit above, "" if none
    aliases: tuple[str, ...] | None = None
    active: bool | None = None


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
        self._ids = {fold(name): id_ for name, id_ in names.items() if fold(name)}
        self._longest_first = sorted(self._ids, key=len, reverse=True)

    def named(self, text: str) -> int | None:
        """The unit whose name or alias is exactly ``text`` (width and spaces aside)."""
        return self._ids.get(fold(text))

    def of_file(self, folders: Sequence[str], name: str) -> tuple[int | None, str]:
        """The unit that a file's folders (outermost first) or its name say, and the words for it.

        The innermost folder that is a unit's name or alias wins, then the file name. Nothing is
        guessed: a name counts only where it stands whole, set apart by marks or followed by 关于,
        and two units in a file name are none. With no unit found the words are those of the
        outermost folder.
        """
        for folder in reversed(folders):
            unit = self.named(_LEAD.sub("", folder).rstrip(_CLOSERS)) or self.named(folder)
            if unit is not None:
                return unit, folder
        found = self._in_name(name)
        if found is not None:
            return found
        return None, folders[0] if folders else ""

    def of_place(self, place: str) -> tuple[int | None, str]:
        """The same from a place as the ledger keeps it: "县区/临溪县/稿.zip › 九月/稿.docx".

        For a file of an archive, what stands inside the archive goes before what is around it.
        """
        inside = [part.split("/") for part in place.split(" › ")]
        given = ""
        for *folders, name in reversed(inside):
            unit, words = self.of_file(folders, name)
            if unit is not None:
                return unit, words
            given = words or given
        return None, given

    def _in_name(self, name: str) -> tuple[int, str] | None:
        """A unit that a file name states: "【临溪县】…", "…（柳湾镇）", "临溪县委组织部关于…"."""
        pieces = [
            _LEAD.sub("", piece) for piece in _MARKS.split(unicodedata.normalize("NFKC", name))
        ]
        stated = {unit: piece for piece in pieces if (unit := self.named(piece)) is not None}
        if len(stated) == 1:
            return stated.popitem()
        opening = pieces[0].partition("关于")[0] if pieces else ""
        unit = self.named(opening) if not stated else None
        return None if unit is None else (unit, opening)


def load_units(db: Database) -> Units:
    """All units, also those no longer active: what they sent is theirs."""
    return _load(raw(db))


def units_meant(db: Database, words: str) -> list[int]:
    """The units that one word of an editor means: 全部, the name of a group, or one unit.

    全部 and a group are those in use, in the order of the list. Raises UnitError with the nearest
    names for what is none of these.
    """
    conn = raw(db)
    everyone = words == ALL_UNITS
    chosen = [id_ for (id_,) in conn.execute(
        "SELECT id FROM unit WHERE active AND (:everyone OR group_name = :words) ORDER BY id",
        {"everyone": everyone, "words": words},
    )] if words else []  # fmt: skip
    if chosen or everyone:
        return chosen
    unit = _load(conn).named(words)
    if unit is None:
        near = suggestion(nearest(words, _owners(conn)))
        raise UnitError(f"单位表里没有“{storable(words)}”{near}。")
    return [unit]


def import_units(db: Database, rows: Sequence[UnitRow]) -> Imported:
    """Add or change units by name; units not in ``rows`` stay. Aliases are those of the row.

    Columns that the list does not have keep what is known. Files and drafts whose unit was
    unknown are assigned where the list now tells it. Raises
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


def _load(conn: sqlite3.Connection) -> Units:
    return Units(_owners(conn))


def _owners(conn: sqlite3.Connection) -> dict[str, int]:
    rows = conn.execute("SELECT alias, unit_id FROM unit_alias UNION ALL SELECT name, id FROM unit")
    return dict(rows.fetchall())


def _upsert(conn: sqlite3.Connection, rows: Iterable[UnitRow]) -> dict[str, int]:
    conn.executemany(
        "INSERT INTO unit (name, group_name, active) VALUES (:name, coalesce(:group, ''),"
        " coalesce(:active, 1)) ON CONFLICT (name) DO UPDATE SET"
        " group_name = coalesce(:group, group_name), active = coalesce(:active, active)",
        [{"name": row.name, "group": row.group, "active": row.active} for row in rows],
    )
    return dict(conn.execute("SELECT name, id FROM unit").fetchall())


def _set_parents(conn: sqlite3.Connection, rows: Iterable[UnitRow], ids: Mapping[str, int]) -> None:
    for row in rows:
        if row.parent is None:
            continue
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
    rows = [row for row in rows if row.aliases is not None]
    for row in rows:
        conn.execute("DELETE FROM unit_alias WHERE unit_id = ?", (ids[row.name],))
    owners = {fold(name): id_ for name, id_ in ids.items()}
    for alias, id_ in conn.execute("SELECT alias, unit_id FROM unit_alias"):
        owners[fold(alias)] = id_
    for row in rows:
        id_ = ids[row.name]
        for alias in row.aliases or ():
            owner = owners.setdefault(fold(alias), id_)
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
        for id_, source in conn.execute(
            "SELECT id, source FROM manuscript WHERE unit_id IS NULL"
        ).fetchall()
        if (unit_id := units.of_place(source)[0]) is not None
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
