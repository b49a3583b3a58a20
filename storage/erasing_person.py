"""Erasing a person's name from what is stored; the drafts that named the person stay.

In texts each character of the name becomes 某, so that every place of a finding still fits. As an
author the person becomes a number, the same everywhere, in drafts and in the ledger at once: points
by author still add up, and settling finds nothing to change.
"""
# ruff: noqa: S608  tables and columns are constants of ours

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from sqlite_utils import Database

from storage.connection import raw
from storage.driver import sqlite3
from storage.erasing import (
    erasing,
    files_of,
    forget_originals,
    forget_search,
    name_anew,
    naming_bulletins,
    note_erased,
    place_anew,
    searched,
    trace,
)
from storage.errors import RefusedError
from storage.schema_erasure import GONE
from storage.search import index_texts

_OF_DRAFT: Final = (
    "title", "subtitle", "attachments", "unit_as_written", "author", "signer", "dated",
)  # fmt: skip
"""Columns of ``draft`` in which a name may stand."""

_OTHERS: Final[dict[str, tuple[str, ...]]] = {
    "_draft_text": ("text",),
    "tag": ("code", "terms"),
    "flag": ("message",),
    "draft_notice": ("message",),
    "adoption_proposal": ("evidence",),
    "draft_note": ("text",),
    "edited_text": ("title", "text"),
    "decision": ("note",),
    "event": ("title", "note", "detail"),
    "award": ("author", "note"),
}
"""Tables with a ``draft_id``, and their columns in which a name may stand."""

_PERSONS: Final = (
    ("draft", "author", "1"),
    ("draft", "signer", "1"),
    ("award", "author", "1"),
    ("event", "person", "kind <> 'instruction'"),  # whose instruction it was is a record of office
)
"""Columns that hold names parted by 、."""


@dataclass(frozen=True, slots=True)
class Named:
    """Where a person is named."""

    written: tuple[int, ...]  # drafts of which the person is author or signer
    named: tuple[int, ...]  # further drafts whose words name the person
    bulletins: tuple[str, ...]  # frozen bulletins that name the person, and stay
    printed: int  # printed items that do, and stay

    @property
    def drafts(self) -> tuple[int, ...]:
        """All drafts concerned."""
        return tuple(sorted({*self.written, *self.named}))


def named(db: Database, person: str) -> Named:
    """Where a person of this name is found.

    Raises RefusedError: ``short`` (a name of one character would hit half the language).
    """
    name = person.strip()
    if len(name) < 2:
        raise RefusedError("short", "姓名至少两个字。")
    conn = raw(db)
    written = _ids(
        conn,
        "SELECT id FROM draft WHERE instr('、' || author || '、', '、' || ?1 || '、')"
        " OR instr('、' || signer || '、', '、' || ?1 || '、')",
        name,
    )
    found = _ids(conn, f"SELECT id FROM draft WHERE {_any(_OF_DRAFT)}", name)
    for table, columns in _OTHERS.items():
        found |= _ids(conn, f"SELECT draft_id FROM {table} WHERE {_any(columns)}", name)
    sql = "SELECT manuscript_id FROM manuscript_notice WHERE instr(message, ?1)"
    of_files = f"SELECT id FROM manuscript WHERE instr(name, ?1) OR instr(source, ?1) UNION {sql}"
    found |= _ids(conn, f"SELECT id FROM draft WHERE manuscript_id IN ({of_files})", name)
    printed = _ids(
        conn, f"SELECT id FROM printed_item WHERE {_any(('title', 'byline', 'text'))}", name
    )
    return Named(
        tuple(sorted(written)), tuple(sorted(found - written)),
        naming_bulletins(conn, name), len(printed),
    )  # fmt: skip


def erase_person(
    db: Database, person: str, *, why: str, who: str, present: Collection[str] = ()
) -> Named:
    """Erase a name from every draft that holds it, in one transaction; returns where it was.

    The originals of those drafts go, since they hold the name; ``present`` as for drafts.
    """
    name = person.strip()
    with erasing(db) as conn:
        found = named(db, name)
        number = trace(conn, None, "person", why, who)
        for id_ in found.drafts:
            trace(conn, id_, "person", why, who)
            forget_search(conn, id_)
        _replace(conn, name, f"已删除人员{number}")
        index_texts(conn, [searched(conn, id_) for id_ in found.drafts])
        forget_originals(conn, found.drafts)
        _rename_files(conn, name, found.drafts, present)
        note_erased(conn, who, "person", found.drafts)
    return found


def _replace(conn: sqlite3.Connection, name: str, number: str) -> None:
    words = {"name": name, "hidden": "某" * len(name), "number": number}
    for table, column, among in _PERSONS:
        inside = f"'、' || {column} || '、'"
        conn.execute(
            f"UPDATE {table} SET {column} = trim(replace({inside}, '、' || :name || '、',"
            f" '、' || :number || '、'), '、')"
            f" WHERE {among} AND instr({inside}, '、' || :name || '、')",
            words,
        )
    conn.execute("DELETE FROM tag WHERE kind = 'keyword' AND instr(code, :name)", words)
    for table, columns in (("draft", _OF_DRAFT), *_OTHERS.items()):
        changed = ", ".join(f"{column} = replace({column}, :name, :hidden)" for column in columns)
        conn.execute(f"UPDATE {table} SET {changed} WHERE {_any(columns, ':name')}", words)


def _rename_files(
    conn: sqlite3.Connection, name: str, drafts: Collection[int], present: Collection[str]
) -> None:
    for id_, called, source, path in files_of(conn, drafts):
        if name in called:
            name_anew(conn, id_, source, called.replace(name, "某" * len(name)))
        if name in source and path not in present:
            place_anew(conn, id_, source, path, f"{GONE}{id_}{PurePath(called).suffix}")


def _any(columns: tuple[str, ...], name: str = "?1") -> str:
    return "(" + " OR ".join(f"instr({column}, {name})" for column in columns) + ")"


def _ids(conn: sqlite3.Connection, sql: str, name: str) -> set[int]:
    return {id_ for (id_,) in conn.execute(sql, (name,)) if id_ is not None}
