"""The taxonomy in the database, so that analysts read names and not only codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from storage.connection import raw, write
from storage.schema_decisions import UNDECIDED_CODE

_COLUMNS = "code, name, category, category_name, version, retired, successor"


@dataclass(frozen=True, slots=True)
class Aspect:
    """A theme of the taxonomy. Codes are never used again for something else."""

    code: str
    name: str
    category: str
    category_name: str
    retired: bool = False
    successor: str | None = None  # of a retired aspect: whose drafts its drafts count among


def remember_aspects(db: Database, aspects: Iterable[Aspect], version: str) -> None:
    """Make the table ``aspect`` say what ``aspects`` say.

    Codes that left the taxonomy stay readable and count as retired.
    Old tags keep the taxonomy version that they were made with. Writes only what differs.
    """
    wanted = {
        (a.code, a.name, a.category, a.category_name, version, int(a.retired), a.successor)
        for a in aspects
    }
    present = set(raw(db).execute(f"SELECT {_COLUMNS} FROM aspect"))  # noqa: S608
    missing = [row for row in wanted if row not in present]
    known = {str(row[0]) for row in wanted} | {UNDECIDED_CODE}
    gone = [(row[0],) for row in present if row[0] not in known and not row[5]]
    if not missing and not gone:
        return
    with write(db) as conn:
        conn.executemany("UPDATE aspect SET retired = 1 WHERE code = ?", gone)
        conn.executemany(
            f"INSERT INTO aspect ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
            " ON CONFLICT (code) DO UPDATE SET name = excluded.name,"
            " category = excluded.category, category_name = excluded.category_name,"
            " version = excluded.version, retired = excluded.retired,"
            " successor = excluded.successor",
            missing,
        )


def aspect_code(db: Database, given: str) -> str:
    """The code of an aspect that a person named by code (a1, A1) or by its full name.

    What is neither comes back as given, for whoever checks codes.
    """
    row = raw(db).execute(
        "SELECT code FROM aspect WHERE code = upper(:given) OR (name = :given AND NOT retired)"
        " ORDER BY code = upper(:given) DESC LIMIT 1",
        {"given": given.strip()},
    ).fetchone()  # fmt: skip
    return given.strip() if row is None else str(row[0])
