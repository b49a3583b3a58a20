"""What an editor chose to see of the queue, as SQL; a phrase is looked up in the texts."""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlite_utils import Database

from storage.connection import raw
from storage.search import holds, match_expression, phrases


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an editor chose to see; "" = does not matter."""

    tab: str = "waiting"
    order: str = "arrival"
    unit: str = ""  # id
    group: str = ""
    theme: str = ""  # an aspect's code, a category's letter, or "-" for none
    genre: str = ""
    focus: str = ""
    start: str = ""  # first day of arrival
    end: str = ""  # the day after the last
    flag: str = ""  # kind
    assignee: str = ""
    words: str = ""


MOST_READ: Final = 1000
"""Drafts that the index finds for a phrase and that are read at once for its order."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """FROM, WHERE and values of the filters, without the tab."""

    source: str
    where: str
    values: list[str | int]
    arrival: str = "desk.draft_id"
    """What a page in the order of arrival is walked by."""
    unread: tuple[str, ...] = ()
    """Phrases that each row must still be asked for."""


def at_most(wanted: Wanted, found: dict[str, int]) -> bool:
    """Whether these :func:`storage.queue.counts` are upper bounds.

    More drafts have the pairs of a phrase than can be read; those on a page were read.
    """
    return found["all"] > MOST_READ and bool(phrases(wanted.words))


def narrow(db: Database, wanted: Wanted) -> Narrowed:
    """What the filters ask for; a phrase is looked up in the texts, unless too many have it."""
    found = _filtered(wanted)
    asked = phrases(wanted.words)
    if not asked:
        return found
    ids = [
        id_
        for (id_,) in raw(db).execute(
            f"SELECT desk.draft_id FROM {found.source} WHERE {found.where} LIMIT {MOST_READ + 1}",
            found.values,
        )
    ]
    if len(ids) > MOST_READ:
        return replace(found, unread=tuple(asked))
    held = [id_ for id_ in ids if is_held(db, id_, asked)]
    source = "json_each(?) AS hit CROSS JOIN _desk AS desk ON desk.draft_id = hit.value"
    return Narrowed(source, "1", [json.dumps(held)])


def is_held(db: Database, draft_id: int, asked: Sequence[str]) -> bool:
    """Whether title or text of a draft hold these phrases."""
    if not asked:
        return True
    row = raw(db).execute(
        "SELECT draft.title || char(10) || text FROM draft"
        " JOIN _draft_text ON draft_id = draft.id WHERE draft.id = ?",
        (draft_id,),
    ).fetchone()  # fmt: skip
    return row is not None and holds(row[0], asked)


def _filtered(wanted: Wanted) -> Narrowed:
    """What the filters ask of the index."""
    parts: list[str] = []
    values: list[str | int] = []
    source, arrival = "_desk AS desk", "desk.draft_id"
    if wanted.words:
        expression = match_expression(wanted.words)
        source = "_search CROSS JOIN _desk AS desk ON desk.draft_id = _search.rowid"
        # By arrival a search is walked in the order of its own rows, and stops after a page.
        arrival = "_search.rowid" if expression else arrival
        parts.append("_search MATCH ?" if expression else "0")
        values += [expression] if expression else []
    for clause, value in (
        ("desk.unit_id = CAST(? AS INTEGER)", wanted.unit),
        ("desk.unit_id IN (SELECT id FROM unit WHERE group_name = ?)", wanted.group),
        (_theme_clause(wanted.theme), "" if wanted.theme == "-" else wanted.theme),
        ("desk.genre = ?", wanted.genre),
        (_FOCUS, wanted.focus),
        ("desk.received_on >= ?", wanted.start),
        ("desk.received_on < ?", wanted.end),
        (_FLAG, wanted.flag),
        (_ASSIGNED, wanted.assignee),
    ):
        if value:
            parts.append(clause)
            values.append(value)
    if wanted.theme == "-":
        parts.append("desk.theme IS NULL")
    return Narrowed(source, " AND ".join(parts) or "1", values, arrival)


def _theme_clause(theme: str) -> str:
    if len(theme) == 1:
        return "desk.theme IN (SELECT code FROM aspect WHERE category = ?)"
    return "desk.theme = ?"


_FOCUS: Final = (
    "EXISTS (SELECT 1 FROM tag WHERE tag.draft_id = desk.draft_id AND tag.kind = 'focus'"
    " AND tag.code = ?)"
)
_FLAG: Final = "EXISTS (SELECT 1 FROM flag WHERE flag.draft_id = desk.draft_id AND flag.kind = ?)"
_ASSIGNED: Final = (
    "(SELECT assignee FROM assignment WHERE assignment.draft_id = desk.draft_id"
    " ORDER BY assignment.id DESC LIMIT 1) = ?"
)
