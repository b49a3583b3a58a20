"""Erasing the words of drafts beside tables that only grow (docs/decisions/0024).

The rows stay, so that submissions, adoptions and points count as before; their words go: title,
text, signer, telephone, fingerprints, search index, findings that quote, notes, edited texts, and
the original that the draft was read from. ``erasure`` says who did it, when and why.
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath

from sqlite_utils import Database

from nlp.titles import title_grams
from storage import audit
from storage.clock import stamp
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.errors import RefusedError
from storage.reuse import forget_prints
from storage.schema_erasure import GONE
from storage.search import unindex_texts
from storage.texts import storable, storable_name

_ERASED = (
    "EXISTS (SELECT 1 FROM erasure WHERE erasure.draft_id = draft.id AND erasure.kind <> 'person')"
)


@dataclass(frozen=True, slots=True)
class Doomed:
    """A draft whose words are to go, and what hangs on it."""

    draft_id: int
    title: str
    unit: str
    received_on: str
    erased: bool  # its words went before; only what was left is cleaned now
    siblings: tuple[int, ...]  # other drafts of the same original, which goes with this one
    copies: tuple[int, ...]  # drafts with most of the same words, which stay
    bulletins: tuple[str, ...]  # frozen bulletins that print its title, and stay
    printed: int  # printed items that it became; their text stays


def doomed(db: Database, ids: Sequence[int]) -> list[Doomed]:
    """What erasing these drafts would come to. Raises RefusedError (``no_draft``)."""
    asked = tuple(dict.fromkeys(ids))
    return [_doomed(raw(db), id_, asked) for id_ in asked]


def expired(db: Database, before: str) -> list[int]:
    """Drafts with words received before a day (``2021-01-01``, in the office's calendar)."""
    sql = (
        "SELECT draft.id FROM draft JOIN manuscript ON manuscript.id = manuscript_id"
        f" WHERE received_on < ? AND NOT {_ERASED} ORDER BY draft.id"
    )
    return [id_ for (id_,) in raw(db).execute(sql, (before,))]


def erase_drafts(
    db: Database,
    ids: Sequence[int],
    *,
    kind: str,
    why: str,
    who: str,
    present: Collection[str] = (),
) -> list[int]:
    """Erase the words of drafts in one transaction; returns those that still had words.

    ``present``: paths of the files that lie in an inbox now. Where a file came from is forgotten
    only once it is gone, else the next intake would take it for a new one.
    """
    with erasing(db) as conn:
        new = [id_ for id_ in dict.fromkeys(ids) if not _is_erased(conn, id_)]
        for id_ in new:
            trace(conn, id_, kind, why, who)
            _forget(conn, id_)
        forget_prints(conn, new)
        forget_originals(conn, ids)
        _forget_names(conn, ids, present)
        note_erased(conn, who, kind, new)
    return new


def marked_originals(db: Database) -> list[str]:
    """Digests of the originals that must not lie in the store any more."""
    rows = raw(db).execute("SELECT sha256 FROM _blob WHERE erased_at IS NOT NULL")
    return [sha256 for (sha256,) in rows]


@contextmanager
def erasing(db: Database) -> Iterator[sqlite3.Connection]:
    """A write transaction in which the words of appended rows may change."""
    raw(db).execute("PRAGMA secure_delete=ON")
    with write(db) as conn:
        conn.execute("INSERT INTO _erasing (one) VALUES (1)")
        yield conn
        conn.execute("DELETE FROM _erasing")


def trace(conn: sqlite3.Connection, draft_id: int | None, kind: str, why: str, who: str) -> int:
    """Append the trace of an erasure, before the words go; returns its number."""
    rows = conn.execute("SELECT text FROM _draft_text WHERE draft_id = ?", (draft_id,))
    digest = "".join(hashlib.sha256(text.encode()).hexdigest() for (text,) in rows)
    cursor = conn.execute(
        "INSERT INTO erasure (draft_id, kind, digest, why, who, made_at) VALUES (?, ?, ?, ?, ?, ?)",
        (draft_id, kind, digest, storable(why), storable(who), stamp()),
    )
    return int(cursor.lastrowid or 0)


def note_erased(conn: sqlite3.Connection, who: str, kind: str, ids: Sequence[int]) -> None:
    """Say it in the log of what people did, too; nothing if nothing was erased."""
    if ids:
        audit.append(conn, who, "erase", kind, detail={"drafts": list(ids)})


def forget_originals(conn: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Mark the originals of drafts, and the archives they came in, as no more to be kept.

    One that another file's drafts were read from too, and whose words stand, is kept.
    """
    conn.execute(
        f"""
        UPDATE _blob SET erased_at = :now WHERE erased_at IS NULL AND sha256 IN (
          SELECT own.sha256 FROM draft AS asked
          JOIN manuscript AS member ON member.id = asked.manuscript_id
          JOIN manuscript AS own ON own.id IN (member.id, member.archive_id)
          WHERE asked.id IN (SELECT value FROM json_each(:ids)))
        AND NOT EXISTS (
          SELECT 1 FROM manuscript WHERE sha256 = _blob.sha256 AND state = 'received')
        AND NOT EXISTS (
          SELECT 1 FROM manuscript AS other JOIN draft ON draft.manuscript_id = other.id
          WHERE other.sha256 = _blob.sha256 AND NOT {_ERASED} AND other.id NOT IN (
            SELECT manuscript_id FROM draft WHERE id IN (SELECT value FROM json_each(:ids))))
        """,
        {"now": stamp(), "ids": json.dumps(list(ids))},
    )


def _doomed(conn: sqlite3.Connection, id_: int, asked: Sequence[int]) -> Doomed:
    row = conn.execute(
        "SELECT draft.title, coalesce(unit.name, unit_given), received_on, manuscript_id"
        " FROM draft JOIN manuscript ON manuscript.id = manuscript_id"
        " LEFT JOIN unit ON unit.id = draft.unit_id WHERE draft.id = ?",
        (id_,),
    ).fetchone()
    if row is None:
        raise RefusedError("no_draft", f"没有第 {id_} 号稿件。")
    title, unit, received_on, manuscript = row
    siblings = _ids(
        conn, f"SELECT id FROM draft WHERE manuscript_id = ? AND NOT {_ERASED}", manuscript
    )
    copies = _ids(
        conn,
        "SELECT draft_a + draft_b - ?1 FROM duplicate_pair JOIN draft"
        " ON draft.id = draft_a + draft_b - ?1"
        f" WHERE (draft_a = ?1 OR draft_b = ?1) AND max(cover_a, cover_b) >= 0.5 AND NOT {_ERASED}",
        id_,
    )
    printed = _ids(
        conn, "SELECT DISTINCT item_id FROM event WHERE draft_id = ? AND kind='adopt'", id_
    )
    return Doomed(
        id_, title, unit, received_on, _is_erased(conn, id_),
        tuple(one for one in siblings if one not in asked),
        tuple(one for one in copies if one not in asked),
        naming_bulletins(conn, title), len(printed),
    )  # fmt: skip


def naming_bulletins(conn: sqlite3.Connection, words: str) -> tuple[str, ...]:
    """Titles of the frozen bulletins that print ``words``."""
    if words in ("", GONE):
        return ()
    rows = conn.execute("SELECT title FROM bulletin WHERE instr(snapshot, ?) > 0", (words,))
    return tuple(title for (title,) in rows)


def _ids(conn: sqlite3.Connection, sql: str, id_: int) -> list[int]:
    return [row[0] for row in conn.execute(sql, (id_,))]


def _is_erased(conn: sqlite3.Connection, draft_id: int) -> bool:
    sql = f"SELECT {_ERASED} FROM draft WHERE id = ?"
    return bool(conn.execute(sql, (draft_id,)).fetchone()[0])


_STATEMENTS = (
    "UPDATE _draft_text SET text = '', paragraphs = '[]' WHERE draft_id = :id",
    "UPDATE draft SET title = :gone, subtitle = '', signer = '', phone = '', attachments = '[]',"
    " unit_as_written = iif(unit_id IS NULL, unit_as_written, '') WHERE id = :id",
    "DELETE FROM tag WHERE draft_id = :id AND kind = 'keyword'",
    "UPDATE tag SET terms = '[]' WHERE draft_id = :id",
    "UPDATE flag SET message = :gone, start_offset = 0, end_offset = 0 WHERE draft_id = :id",
    "UPDATE draft_notice SET message = :gone WHERE draft_id = :id",
    "UPDATE duplicate_pair SET spans = '[]' WHERE draft_a = :id OR draft_b = :id",
    "DELETE FROM adoption_proposal WHERE draft_id = :id",
    "DELETE FROM issue_plan WHERE draft_id = :id",
    "UPDATE decision SET note = '' WHERE draft_id = :id",
    "UPDATE draft_note SET text = :gone WHERE draft_id = :id",
    "UPDATE edited_text SET title = :gone, text = '' WHERE draft_id = :id",
    "UPDATE pair_verdict SET note = '' WHERE draft_a = :id OR draft_b = :id",
)
"""Where the words of a draft stand, beside the indexes. Events keep theirs: they tell what was
made of the draft (whose instruction, which speech), and points are reckoned by them."""


def _forget(conn: sqlite3.Connection, id_: int) -> None:
    forget_search(conn, id_)
    for statement in _STATEMENTS:
        conn.execute(statement, {"id": id_, "gone": GONE})


def searched(conn: sqlite3.Connection, id_: int) -> tuple[int, str, str]:
    """(draft id, title, text), as the search index takes them."""
    row: tuple[int, str, str] = conn.execute(
        "SELECT draft.id, title, text FROM draft JOIN _draft_text ON draft_id = draft.id"
        " WHERE draft.id = ?",
        (id_,),
    ).fetchone()
    return row


def forget_search(conn: sqlite3.Connection, id_: int) -> None:
    """Take a draft out of the indexes of words and of titles, as it stands."""
    row = searched(conn, id_)
    unindex_texts(conn, [row])
    conn.executemany(
        "DELETE FROM _title_gram WHERE hash = ? AND printed = 0 AND id = ?",
        [(value, id_) for value in title_grams(row[1])],
    )


def _forget_names(conn: sqlite3.Connection, ids: Sequence[int], present: Collection[str]) -> None:
    """Forget how a file was called once all its drafts are erased, and where it lay if it is gone.

    Where a file came from keeps it from being taken in again while it still lies there.
    """
    for id_, name, source, path in files_of(conn, ids):
        whole = not _ids(
            conn, f"SELECT id FROM draft WHERE manuscript_id = ? AND NOT {_ERASED}", id_
        )
        if not whole:
            continue
        suffix = PurePath(name).suffix
        conn.execute(
            "UPDATE manuscript_notice SET message = ? WHERE manuscript_id = ?", (GONE, id_)
        )
        name_anew(conn, id_, source, f"{GONE}{suffix}")
        if path not in present:
            place_anew(conn, id_, source, path, f"{GONE}{id_}{suffix}")


def name_anew(conn: sqlite3.Connection, id_: int, source: str, name: str) -> None:
    """Give the file of a manuscript another name."""
    conn.execute("UPDATE manuscript SET name = ? WHERE id = ?", (name, id_))
    conn.execute("UPDATE upload SET name = ? WHERE source = ?", (name, source))


def place_anew(conn: sqlite3.Connection, id_: int, source: str, path: str, place: str) -> None:
    """Forget where the file of a manuscript lay; ``place`` stands for it."""
    conn.execute("UPDATE manuscript SET source = ? WHERE id = ?", (place, id_))
    conn.execute("UPDATE upload SET source = ? WHERE source = ?", (place, source))
    conn.execute("DELETE FROM _seen WHERE path = ?", (path,))


def files_of(conn: sqlite3.Connection, ids: Iterable[int]) -> list[tuple[int, str, str, str]]:
    """(manuscript id, name, source, path of the file or of its archive in the inbox) of drafts."""
    rows = conn.execute(
        "SELECT DISTINCT own.id, own.name, own.source, coalesce(pack.source, own.source), run.inbox"
        " FROM draft JOIN manuscript AS own ON own.id = draft.manuscript_id"
        " LEFT JOIN manuscript AS pack ON pack.id = own.archive_id"
        " JOIN run ON run.id = own.run_id WHERE draft.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return [
        (id_, name, source, storable_name(str(PurePath(inbox) / outer)))
        for id_, name, source, outer, inbox in rows
    ]
