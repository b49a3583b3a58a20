"""Stored drafts as comparable sides."""

from __future__ import annotations

from nlp.alignment import Run, Span, align
from nlp.reuse import Side, side
from nlp.types import Draft
from storage.driver import sqlite3
from storage.texts import unpack_paragraphs


class Sides(dict[int, Side]):
    """Comparable sides of stored drafts, each loaded and folded once a batch."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        super().__init__()
        self._conn = conn

    def __missing__(self, draft_id: int) -> Side:
        draft, unit, run = stored_draft(self._conn, draft_id)
        self[draft_id] = side(draft, unit=unit, arrival=run)  # drafts of one run came together
        return self[draft_id]


def stored_draft(conn: sqlite3.Connection, draft_id: int) -> tuple[Draft, int | None, int]:
    """A stored draft (its text, title and date), its unit, and the run that brought it.

    A killed run and the one that finished its work count as one arrival: the pairs are then
    those of a run that nobody killed. KeyError if there is no such draft.
    """
    row = conn.execute(
        "SELECT title, dated, draft.unit_id, coalesce((SELECT min(id) FROM run WHERE id >="
        " manuscript.run_id AND outcome NOT IN ('interrupted', 'failed')), manuscript.run_id),"
        " text, paragraphs FROM draft JOIN _draft_text ON draft_id = draft.id"
        " JOIN manuscript ON manuscript.id = manuscript_id WHERE draft.id = ?",
        (draft_id,),
    ).fetchone()
    if row is None:
        raise KeyError(draft_id)
    title, dated, unit, run, text, packed = row
    return Draft(1, title, unpack_paragraphs(text, packed), dated=dated), unit, run


def aligned(a: Side, b: Side) -> tuple[Span, ...]:
    """Shared passages of two sides; equal texts are one, however long."""
    text_a, text_b = a.folded.text, b.folded.text
    if text_a != text_b or not text_a:
        return align(text_a, text_b)
    length = len(text_a)
    return (Span(0, length, 0, length, (Run(0, 0, length),)),)
