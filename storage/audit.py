"""The log of what people did: appended, chained, checked.

Each entry's digest is SHA-256 over the digest before it and its own fields as JSON, so a row that
was changed, taken out or put in between shows. What was cut off at the end shows only to who kept
an earlier head (``number:digest``) outside: :func:`verify` takes one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlite_utils import Database

from storage.clock import stamp
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.texts import storable

_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the log found."""

    entries: int
    head: str  # "number:digest" of the last entry, "" if there is none
    broken: int | None  # the first entry that does not fit, None if all do
    known: bool  # whether the head that was asked for is part of the log


def note(
    db: Database,
    who: str,
    kind: str,
    about: str = "",
    *,
    address: str = "",
    detail: Mapping[str, object] | None = None,
) -> int:
    """Append an entry in a transaction of its own; returns its number. Raises StorageError."""
    with write(db) as conn:
        return append(conn, who, kind, about, address=address, detail=detail)


def append(
    conn: sqlite3.Connection,
    who: str,
    kind: str,
    about: str = "",
    *,
    address: str = "",
    detail: Mapping[str, object] | None = None,
) -> int:
    """Append an entry inside the caller's write transaction; returns its number."""
    last = conn.execute("SELECT id, digest FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    number, before = (last[0] + 1, last[1]) if last else (1, _FIRST)
    told = storable(json.dumps(dict(detail or {}), ensure_ascii=False, sort_keys=True))
    fields = (number, stamp(), storable(who), kind, storable(about), told, storable(address))
    conn.execute(
        "INSERT INTO audit (id, at, who, kind, object, detail, address, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*fields, _digest(before, fields)),
    )
    return number


def verify(db: Database, known: str = "") -> Checked:
    """Walk the whole chain; ``known`` is a head noted down earlier, which must be part of it."""
    before, number, broken, met = _FIRST, 0, None, not known
    for row in _entries(db):
        number += 1
        *fields, digest = row
        if broken is None and (row[0] != number or _digest(before, tuple(fields)) != digest):
            broken = number
        met = met or known == f"{row[0]}:{digest}"
        before = str(digest)
    return Checked(number, f"{number}:{before}" if number else "", broken, met)


def _entries(db: Database) -> Iterator[tuple[object, ...]]:
    yield from raw(db).execute(
        "SELECT id, at, who, kind, object, detail, address, digest FROM audit ORDER BY id"
    )


def _digest(before: object, fields: tuple[object, ...]) -> str:
    said = json.dumps([before, *fields], ensure_ascii=False, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()
