"""A draft's text as an editor changed it on its page; what was sent stays beside it.

Rows are appended, the last one holds. In an issue it holds too, unless the text was changed there
(:mod:`storage.composing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from storage.clock import stamp
from storage.connection import write
from storage.decisions import DecisionError, Overtaken
from storage.driver import sqlite3
from storage.questions import Row
from storage.sides import stored_draft
from storage.texts import storable

CONTENT: Final = ("heading", "body", "table")
"""Roles of the paragraphs that are printed; title, signature, date and attachments are not."""
LONGEST_TITLE: Final = 200
LONGEST: Final = 200_000
"""Characters of an edited text."""


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited text; ``number`` is its row, ``made_at`` UTC."""

    number: int
    title: str
    text: str  # a paragraph a line
    who: str
    made_at: str


def raw_text(conn: sqlite3.Connection, draft_id: int) -> str:
    """What of a draft would be printed: headings, body and tables, a paragraph a line."""
    draft, _, _ = stored_draft(conn, draft_id)
    return "\n".join(p.label + p.text for p in draft.paragraphs if p.role in CONTENT)


def edited_of(conn: sqlite3.Connection, draft_id: int) -> Edited | None:
    """The edited text that holds, None if nobody edited the draft on its page."""
    row = conn.execute(
        "SELECT id, title, text, who, made_at FROM edited_text"
        " WHERE draft_id = ? AND issue_id IS NULL ORDER BY id DESC LIMIT 1",
        (draft_id,),
    ).fetchone()
    return Edited(*row) if row else None


def edits_of(db: Database, draft_id: int) -> list[Row]:
    """Who edited a draft on its page, and when, earliest first."""
    sql = "SELECT who, made_at FROM edited_text WHERE draft_id = ? AND issue_id IS NULL ORDER BY id"
    return list(db.query(sql, [draft_id]))


def save_edited(
    db: Database, draft_id: int, title: str, text: str, *, who: str, expect: int
) -> None:
    """Append an edited text; ``expect`` is the number of the one that was shown, 0 for none.

    Raises DecisionError with a sentence, Overtaken if somebody saved another meanwhile,
    StorageError.
    """
    title, text = storable(title.strip()), storable(text.replace("\r\n", "\n").strip("\n"))
    if not title or not text.strip():
        raise DecisionError("标题和正文都不能空着。")
    if len(title) > LONGEST_TITLE or len(text) > LONGEST:
        raise DecisionError(f"标题最多{LONGEST_TITLE}字，正文最多{LONGEST}字。")
    with write(db) as conn:
        row = conn.execute("SELECT title FROM draft WHERE id = ?", (draft_id,)).fetchone()
        if row is None:
            raise DecisionError(f"没有第{draft_id}号稿件。")
        last = edited_of(conn, draft_id)
        if (last.number if last else 0) != expect:
            raise Overtaken
        held = (last.title, last.text) if last else (row[0], raw_text(conn, draft_id))
        if (title, text) == held:
            raise DecisionError("标题和正文都没有改动。")
        conn.execute(
            "INSERT INTO edited_text (draft_id, title, text, who, made_at) VALUES (?, ?, ?, ?, ?)",
            (draft_id, title, text, storable(who), stamp()),
        )
