"""Genres judged again by newer rules, with the flags on length that hang on them.

People's word stands: a draft that somebody decided on is left alone, as by ``storage.retag``.
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from nlp.types import Draft, Flag, Genre
from storage.clock import stamp
from storage.connection import raw, write
from storage.schema_decisions import standing
from storage.texts import storable, to_json, unpack_paragraphs

LENGTH_FLAGS = ("under_floor", "over_soft", "over_hard")
"""Flags whose limits are those of a genre."""

_UNDECIDED = f"""
SELECT draft.id, draft.title, draft.subtitle, draft.unit_as_written, _draft_text.text,
  _draft_text.paragraphs, draft.characters
FROM draft JOIN _draft_text ON _draft_text.draft_id = draft.id
WHERE draft.id > ? AND {standing("draft.id")} IS NULL
  AND _draft_text.text <> ''
ORDER BY draft.id LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Regenred:
    """What the rules say of one draft now; ``flags`` are all that they say of its length."""

    draft_id: int
    genre: Genre
    flags: tuple[Flag, ...]


def undecided(db: Database, size: int = 500) -> Iterator[list[tuple[int, Draft]]]:
    """Batches of the drafts that nobody decided on, with their 字数."""
    last = 0
    while rows := raw(db).execute(_UNDECIDED, (last, size)).fetchall():
        last = rows[-1][0]
        yield [
            (
                id_,
                Draft(
                    1, title, unpack_paragraphs(text, packed), subtitle, unit, characters=characters
                ),
            )
            for id_, title, subtitle, unit, text, packed, characters in rows
        ]


def regenre(db: Database, found: Sequence[Regenred]) -> int:
    """Write genres, their cues and flags, in one transaction; returns how many drafts changed.

    Nothing is written for a draft whose genre stays, nor for one decided on meanwhile.
    """
    now = stamp()
    changed = 0
    with write(db) as conn:
        for one in found:
            cursor = conn.execute(
                "UPDATE draft SET genre = ?, genre_probability = ?"
                f" WHERE id = ? AND genre <> ? AND {standing('draft.id')} IS NULL",
                (one.genre.code, one.genre.probability, one.draft_id, one.genre.code),
            )
            if not cursor.rowcount:
                continue
            changed += 1
            conn.execute(
                "UPDATE tag SET code = ?, probability = ?, terms = ?, made_at = ?"
                " WHERE draft_id = ? AND kind = 'genre' AND source = 'rule'",
                (
                    one.genre.code,
                    one.genre.probability,
                    to_json(one.genre.cues),
                    now,
                    one.draft_id,
                ),
            )
            conn.execute(
                "DELETE FROM flag WHERE draft_id = ? AND source = 'rule' AND kind IN (?, ?, ?)",
                (one.draft_id, *LENGTH_FLAGS),
            )
            conn.executemany(
                "INSERT INTO flag (draft_id, kind, severity, message, start_offset, end_offset,"
                " count_value, limit_value, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        one.draft_id, flag.kind, flag.severity, storable(flag.message), flag.start,
                        flag.end, flag.count, flag.limit, now,
                    )
                    for flag in one.flags
                    if flag.kind in LENGTH_FLAGS
                ],
            )  # fmt: skip
    return changed
