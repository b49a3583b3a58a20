"""Decisions of editors: appended, undone by another row, read back as labelled drafts."""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from nlp.length import default_limits
from nlp.types import CONTENT_ROLES
from storage.clock import stamp
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.schema_decisions import UNDECIDED_CODE, standing
from storage.texts import storable, to_json, unpack_paragraphs

MOST_SECONDARY = 2


class DecisionError(ValueError):
    """A decision that cannot be recorded; the message is one Chinese sentence."""


class Overtaken(DecisionError):
    """Somebody decided on the draft after the caller had looked at it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision changed: the primary theme and the genre before and after."""

    decision_id: int
    kind: str  # "accept", "correct" or "undo"
    theme_before: str | None
    theme: str | None
    genre_before: str
    genre: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A draft with the label that a person gave it; ``theme`` is X0 for "fits no aspect"."""

    draft_id: int
    decision_id: int
    title: str
    text: str  # headings, body and tables, a paragraph a line
    theme: str
    secondary: tuple[str, ...]
    genre: str
    family: int  # the smallest id among the draft and its duplicates: keep families together


def decide(
    db: Database,
    draft_id: int,
    theme: str,
    *,
    secondary: Sequence[str] | None = None,
    genre: str = "",
    who: str = "",
    note: str = "",
    expect: int | None = None,
) -> Decided:
    """Append a decision on the themes of a draft, with tags of source ``editor``.

    ``theme`` is an aspect code in use or X0; ``secondary`` None keeps the present ones, as far as
    they differ from ``theme``; ``genre`` "" leaves the genre. The kind is ``accept`` where nothing
    changes, else ``correct``. ``expect`` is the last decision on the draft that the caller saw
    (0 = none): Overtaken if there is a later one. Raises DecisionError, StorageError.
    """
    with write(db) as conn:
        present(db, draft_id, expect=expect)
        return record(
            db, conn, draft_id, theme, secondary=secondary, genre=genre, who=who, note=note
        )


def record(
    db: Database,
    conn: sqlite3.Connection,
    draft_id: int,
    theme: str,
    *,
    secondary: Sequence[str] | None = None,
    genre: str = "",
    who: str = "",
    note: str = "",
    at: str = "",
) -> Decided:
    """:func:`decide` inside the caller's write transaction; ``at`` joins decisions of one go."""
    before = present(db, draft_id)
    if secondary is None:
        kept = [code for code in before.secondary if code != theme]
        secondary = [] if theme == UNDECIDED_CODE else kept
    secondary = list(secondary)
    _check(conn, theme, secondary, genre)
    same = (theme, secondary) == (before.theme, before.secondary)
    kind = "accept" if same and genre in ("", before.genre) else "correct"
    taxonomy = conn.execute("SELECT version FROM aspect WHERE code = ?", (theme,)).fetchone()[0]
    row = {
        "draft_id": draft_id,
        "kind": kind,
        "theme_before": before.theme,
        "theme": theme,
        "secondary": to_json(secondary),
        "genre_before": before.genre,
        "genre": genre,
        "who": storable(who),
        "note": storable(note),
        "model_version": before.model_version,
        "taxonomy_version": taxonomy,
        "decided_at": at or stamp(),
    }
    decision_id = append(conn, row)
    tags = [("theme", code, rank) for rank, code in enumerate([theme, *secondary], start=1)]
    conn.executemany(
        "INSERT INTO tag (draft_id, kind, code, rank, source, model_version,"
        " taxonomy_version, made_at) VALUES (?, ?, ?, ?, 'editor', ?, ?, ?)",
        [
            (draft_id, *tag, f"decision-{decision_id}", taxonomy, row["decided_at"])
            for tag in [*tags, *([("genre", genre, 1)] if genre else [])]
        ],
    )
    return Decided(decision_id, kind, before.theme, theme, before.genre, genre or before.genre)


def undo(db: Database, draft_id: int, *, who: str = "", note: str = "") -> Decided:
    """Append a row that takes the standing decision on a draft's themes back.

    The decision before it holds again, or the model's word. Raises DecisionError if none stands.
    """
    with write(db) as conn:
        before = present(db, draft_id)
        if before.decision is None:
            raise DecisionError(f"第{draft_id}号稿件没有可以撤销的主题意见。")
        row = {
            "draft_id": draft_id,
            "kind": "undo",
            "theme_before": before.theme,
            "genre_before": before.genre,
            "undoes": before.decision,
            "who": storable(who),
            "note": storable(note),
            "model_version": before.model_version,
            "decided_at": stamp(),
        }
        decision_id = append(conn, row)
        after = present(db, draft_id)
    return Decided(decision_id, "undo", before.theme, after.theme, before.genre, after.genre)


@dataclass(frozen=True, slots=True)
class Present:
    """What holds for a draft now."""

    decision: int | None
    theme: str | None
    secondary: list[str]
    genre: str
    model_version: str


def last_decision(db: Database, draft_id: int) -> int:
    """Id of the last decision on a draft of whatever kind, 0 if there is none."""
    sql = "SELECT coalesce(max(id), 0) FROM decision WHERE draft_id = ?"
    return int(raw(db).execute(sql, (draft_id,)).fetchone()[0])


def present(db: Database, draft_id: int, *, expect: int | None = None) -> Present:
    """What holds for a draft now.

    Raises DecisionError if there is none of this number, Overtaken if ``expect`` is not the last
    decision on it.
    """
    row = raw(db).execute(
        f"SELECT {standing('drafts.draft_id')}, theme_code, genre, model_version"
        " FROM drafts WHERE draft_id = ?",
        (draft_id,),
    ).fetchone()  # fmt: skip
    if row is None:
        raise DecisionError(f"没有第{draft_id}号稿件；编号见汇总、export的编号一列。")
    codes = raw(db).execute(
        "SELECT code FROM current_tags WHERE draft_id = ? AND kind = 'theme' AND rank > 1"
        " ORDER BY rank",
        (draft_id,),
    )
    if expect is not None and last_decision(db, draft_id) != expect:
        raise Overtaken(f"第{draft_id}号稿件刚刚有人定过。")
    return Present(row[0], row[1], [str(code) for (code,) in codes], row[2], row[3])


def _check(conn: sqlite3.Connection, theme: str, secondary: Sequence[str], genre: str) -> None:
    usable = {code for (code,) in conn.execute("SELECT code FROM aspect WHERE NOT retired")}
    unknown = [code for code in (theme, *secondary) if code not in usable]
    if unknown:
        raise DecisionError(f"主题体系里没有在用的方面“{'、'.join(map(storable, unknown))}”。")
    if theme in secondary or len(set(secondary)) < len(secondary):
        raise DecisionError("次要主题不能与主要主题相同，也不能重复。")
    if UNDECIDED_CODE in secondary or (theme == UNDECIDED_CODE and secondary):
        raise DecisionError("不属于任何方面的稿件没有次要主题。")
    if len(secondary) > MOST_SECONDARY:
        raise DecisionError(f"次要主题至多{MOST_SECONDARY}个。")
    if genre and genre not in default_limits():
        known = "、".join(default_limits())
        raise DecisionError(f"不认识的体裁“{storable(genre)}”（可用：{known}）。")


def append(conn: sqlite3.Connection, row: dict[str, object]) -> int:
    """Insert a row of ``decision`` inside a write transaction; returns its id."""
    names = ", ".join(row)
    marks = ", ".join("?" for _ in row)
    cursor = conn.execute(
        f"INSERT INTO decision ({names}) VALUES ({marks})",
        tuple(row.values()),
    )
    return int(cursor.lastrowid or 0)


_LABELLED = f"""
SELECT decision.draft_id, decision.id, draft.title, _draft_text.text, _draft_text.paragraphs,
  coalesce(aspect.successor, decision.theme), decision.secondary,
  coalesce(nullif(decision.genre, ''), draft.genre),
  min(decision.draft_id, coalesce((SELECT min(draft_a) FROM duplicate_pair
    WHERE draft_b = decision.draft_id AND kind <> '引用'), decision.draft_id))
FROM decision
JOIN draft ON draft.id = decision.draft_id
JOIN _draft_text ON _draft_text.draft_id = decision.draft_id
LEFT JOIN aspect ON aspect.code = decision.theme
WHERE decision.theme IS NOT NULL AND decision.id = {standing("decision.draft_id")}
  AND _draft_text.text <> ''
ORDER BY decision.draft_id
"""


def labelled(db: Database) -> list[Labelled]:
    """The standing human label of every draft that has one, in order of draft.

    An aspect that was retired in favour of another counts as that other.
    """
    found = []
    for draft_id, decision, title, text, packed, theme, secondary, genre, family in raw(db).execute(
        _LABELLED
    ):
        content = [p.line for p in unpack_paragraphs(text, packed) if p.role in CONTENT_ROLES]
        codes = tuple(json.loads(secondary))
        body = "\n".join(content)
        found.append(Labelled(draft_id, decision, title, body, theme, codes, genre, family))
    return found


def decisions_since(db: Database, decision_id: int) -> int:
    """How many drafts were decided on after this decision, undone ones aside."""
    sql = f"""
    SELECT count(*) FROM decision
    WHERE decision.id > ? AND decision.theme IS NOT NULL
      AND decision.id = {standing("decision.draft_id")}
    """
    return int(raw(db).execute(sql, (decision_id,)).fetchone()[0])
