"""Files of the issues folder: each content is taken once, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from nlp.printed import PrintedItem
from nlp.titles import folded_title
from storage.clock import stamp
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.issues import insert_issue, insert_item
from storage.printed_lists import Title
from storage.texts import storable, storable_name


@dataclass(frozen=True, slots=True)
class IssueHead:
    """What must be known of a printed issue before it is taken."""

    outlet_id: int
    number: str
    day: date
    year: int


def is_taken(db: Database, sha256: str) -> bool:
    """Whether a file with this content was read; one that was refused is tried again."""
    found = raw(db).execute(
        "SELECT 1 FROM issue_file WHERE sha256 = ? AND state = 'read'", (sha256,)
    )
    return found.fetchone() is not None


def take_issue(
    db: Database, head: IssueHead, items: Sequence[PrintedItem], name: str, sha256: str
) -> int:
    """Record an issue with its items and that its file was read; returns the issue.

    Raises IssueError (``same_number``, ``future`` and the like): nothing is recorded then.
    """
    with write(db) as conn:
        issue_id = insert_issue(
            conn, head.outlet_id, head.number, head.day,
            year=head.year, source=storable_name(name), sha256=sha256,
        )  # fmt: skip
        for item in items:
            insert_item(
                conn, issue_id, item.title,
                column=item.column, byline=item.byline, text=item.text, origin="issue",
            )  # fmt: skip
        _note(conn, name, sha256, "read", items=len(items))
    return issue_id


def take_list(
    db: Database, titles: Sequence[Title], complaints: Sequence[str], name: str, sha256: str
) -> int:
    """Record the titles of a list in the issues of their outlets; returns how many are new.

    A title that its issue has already is not recorded again: lists overlap.
    """
    with write(db) as conn:
        added = sum(_take_title(conn, title, name) for title in titles)
        state, reason = ("partly", "rows") if complaints else ("read", "")
        _note(conn, name, sha256, state, reason=reason, detail="".join(complaints), items=added)
    return added


def note_refusal(db: Database, name: str, sha256: str, reason: str, detail: str) -> None:
    """Note why a file was not read."""
    with write(db) as conn:
        _note(conn, name, sha256, "refused", reason=reason, detail=detail)


def _take_title(conn: sqlite3.Connection, title: Title, name: str) -> bool:
    row = conn.execute(
        "SELECT id FROM issue WHERE outlet_id = ? AND year = ? AND number = ?",
        (title.outlet_id, title.day.year, title.number),
    ).fetchone()
    if row is None:
        issue_id = insert_issue(
            conn, title.outlet_id, title.number, title.day, source=storable_name(name)
        )
    else:
        issue_id = row[0]
        known = conn.execute("SELECT title FROM printed_item WHERE issue_id = ?", (issue_id,))
        if folded_title(title.title) in {folded_title(one) for (one,) in known}:
            return False
    insert_item(
        conn, issue_id, title.title,
        column=title.column, byline=title.byline, text=title.text, url=title.url, origin="list",
    )  # fmt: skip
    return True


def _note(
    conn: sqlite3.Connection,
    name: str,
    sha256: str,
    state: str,
    *,
    reason: str = "",
    detail: str = "",
    items: int = 0,
) -> None:
    conn.execute(
        "INSERT INTO issue_file (sha256, name, state, reason, detail, items, taken_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET name = excluded.name,"
        " state = excluded.state, reason = excluded.reason, detail = excluded.detail,"
        " items = issue_file.items + excluded.items, taken_at = excluded.taken_at",
        (sha256, storable_name(name), state, reason, storable(detail), items, stamp()),
    )
