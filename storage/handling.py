"""What editors do with a draft beside naming its theme: return, assign, note, undo, judge a pair.

Everything is an appended row; what holds is the last one that was not taken back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from storage.clock import stamp
from storage.connection import raw, write
from storage.decisions import DecisionError, Overtaken, append, present, record
from storage.driver import sqlite3
from storage.questions import Row
from storage.schema_desk import VERDICTS
from storage.texts import storable

LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Deed:
    """What one editor did in one go: a decision, or a batch of them."""

    decision_id: int  # the first
    drafts: int
    kind: str
    title: str  # of the first
    draft_id: int
    theme: str
    made_at: str


def return_draft(
    db: Database,
    draft_id: int,
    reasons: Sequence[str],
    *,
    note: str = "",
    who: str = "",
    expect: int | None = None,
) -> int:
    """Return a draft to its unit; returns the decision's id.

    Needs a reason or a note; reasons are kept in the order given. Raises DecisionError,
    Overtaken if another decision came after ``expect``, StorageError.
    """
    told = [storable(reason.strip()) for reason in dict.fromkeys(reasons) if reason.strip()]
    note = _note(note)
    if not told and not note:
        raise DecisionError("退稿要勾选或写明理由。")
    with write(db) as conn:
        before = present(db, draft_id, expect=expect)
        decision_id = append(
            conn,
            {
                "draft_id": draft_id,
                "kind": "return",
                "theme_before": before.theme,
                "genre_before": before.genre,
                "who": storable(who),
                "note": note,
                "model_version": before.model_version,
                "decided_at": stamp(),
            },
        )
        conn.executemany(
            "INSERT INTO return_reason (decision_id, position, reason) VALUES (?, ?, ?)",
            [(decision_id, place, reason) for place, reason in enumerate(told, start=1)],
        )
    return decision_id


def accept_many(db: Database, drafts: Sequence[tuple[int, str, int]], *, who: str) -> list[int]:
    """Accept the model's theme of each (draft id, theme, last decision seen) in one transaction.

    A draft that somebody decided on meanwhile, or whose theme is another by now, is left alone.
    Returns the ids that were accepted.
    """
    done: list[int] = []
    now = stamp()
    with write(db) as conn:
        for draft_id, theme, expect in drafts:
            try:
                if present(db, draft_id, expect=expect).theme != theme:
                    continue
                record(db, conn, draft_id, theme, who=who, note="批量采信", at=now)
            except (Overtaken, DecisionError):
                continue
            done.append(draft_id)
    return done


def undo_deed(db: Database, decision_id: int, *, who: str) -> int:
    """Take back what was done in one go with this decision; returns how many drafts.

    Raises DecisionError if there is nothing to take back.
    """
    now = stamp()
    with write(db) as conn:
        rows = conn.execute(
            "SELECT said.id, said.draft_id, said.kind FROM decision AS said, decision AS first"
            " WHERE first.id = ? AND said.who = first.who AND said.decided_at = first.decided_at"
            " AND said.kind IN ('accept', 'correct', 'return') AND NOT EXISTS"
            " (SELECT 1 FROM decision AS undone WHERE undone.undoes = said.id) ORDER BY said.id",
            (decision_id,),
        ).fetchall()
        if not rows:
            raise DecisionError("这条意见已经撤销，或没有这条意见。")
        for id_, draft_id, _ in rows:
            before = present(db, draft_id)
            append(
                conn,
                {
                    "draft_id": draft_id,
                    "kind": "undo",
                    "theme_before": before.theme,
                    "genre_before": before.genre,
                    "undoes": id_,
                    "who": storable(who),
                    "model_version": before.model_version,
                    "decided_at": now,
                },
            )
    return len(rows)


_RECENT = """
SELECT min(said.id), count(*), said.kind, draft.title, said.draft_id,
  coalesce(aspect.name, said.theme, ''), said.decided_at
FROM decision AS said
JOIN draft ON draft.id = said.draft_id
LEFT JOIN aspect ON aspect.code = said.theme
WHERE said.id IN (
    SELECT id FROM decision WHERE who = :who AND kind IN ('accept', 'correct', 'return')
      AND decided_at >= (SELECT coalesce(min(decided_at), '') FROM (
        SELECT DISTINCT decided_at FROM decision WHERE who = :who
        ORDER BY decided_at DESC LIMIT :span)))
  AND NOT EXISTS (SELECT 1 FROM decision AS undone WHERE undone.undoes = said.id)
GROUP BY said.decided_at
ORDER BY said.decided_at DESC LIMIT :count
"""


def recent_deeds(db: Database, who: str, count: int) -> list[Deed]:
    """What an editor did last and can take back, latest first."""
    rows = raw(db).execute(_RECENT, {"who": who, "count": count, "span": 4 * count})
    return [Deed(*row) for row in rows]


def assign(db: Database, draft_id: int, assignee: str, *, who: str) -> None:
    """Hand a draft to a colleague; "" takes it back. Raises DecisionError, StorageError."""
    with write(db) as conn:
        _must_exist(conn, draft_id)
        known = conn.execute(
            "SELECT 1 FROM user WHERE name = ? AND active AND role = 'editor'", (assignee,)
        ).fetchone()
        if assignee and not known:
            raise DecisionError(f"没有编辑“{storable(assignee)}”。")
        conn.execute(
            "INSERT INTO assignment (draft_id, assignee, who, made_at) VALUES (?, ?, ?, ?)",
            (draft_id, storable(assignee), storable(who), stamp()),
        )


def add_note(db: Database, draft_id: int, text: str, *, who: str) -> None:
    """Leave a note on a draft. Raises DecisionError, StorageError."""
    text = _note(text)
    if not text:
        raise DecisionError("还没有写内容。")
    with write(db) as conn:
        _must_exist(conn, draft_id)
        conn.execute(
            "INSERT INTO draft_note (draft_id, text, who, made_at) VALUES (?, ?, ?, ?)",
            (draft_id, text, storable(who), stamp()),
        )


def judge_pair(
    db: Database, one: int, other: int, verdict: str, *, who: str, note: str = ""
) -> None:
    """Say what two drafts are to each other; "" takes the last verdict back.

    Raises DecisionError, StorageError.
    """
    if verdict and verdict not in VERDICTS:
        raise DecisionError(f"判定只能是：{'、'.join(VERDICTS)}。")
    if one == other:
        raise DecisionError("一篇稿件不能和自己比。")
    low, high = sorted((one, other))
    with write(db) as conn:
        _must_exist(conn, low)
        _must_exist(conn, high)
        conn.execute(
            "INSERT INTO pair_verdict (draft_a, draft_b, verdict, who, note, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (low, high, verdict, storable(who), _note(note), stamp()),
        )


def verdicts(db: Database, draft_id: int) -> dict[int, Row]:
    """The verdict that holds on each pair of a draft, by the other draft's id."""
    rows = db.query(
        "SELECT draft_a + draft_b - :id AS other, verdict, who, note, made_at FROM pair_verdict"
        " WHERE id IN (SELECT max(id) FROM pair_verdict WHERE draft_a = :id OR draft_b = :id"
        " GROUP BY draft_a, draft_b) AND verdict <> ''",
        {"id": draft_id},
    )
    return {int(str(row["other"])): row for row in rows}


def notes_and_assignments(db: Database, draft_id: int) -> list[Row]:
    """Notes and assignments of a draft in order: kind, text, who, made_at."""
    sql = (
        "SELECT 'note' AS kind, text, who, made_at FROM draft_note WHERE draft_id = :id"
        " UNION ALL SELECT 'assign', assignee, who, made_at FROM assignment WHERE draft_id = :id"
        " ORDER BY made_at"
    )
    return list(db.query(sql, {"id": draft_id}))


def reasons_of(db: Database, decision_id: int) -> Row | None:
    """A return with its reasons (a list), None if the decision is none or was taken back."""
    sql = "SELECT * FROM returned_drafts WHERE decision_id = ?"
    row = next(iter(db.query(sql, [decision_id])), None)
    return None if row is None else {**row, "reasons": json.loads(str(row["reasons"]))}


def _note(text: str) -> str:
    text = storable(text.strip())
    if len(text) > LONGEST_NOTE:
        raise DecisionError(f"最多写{LONGEST_NOTE}个字。")
    return text


def _must_exist(conn: sqlite3.Connection, draft_id: int) -> None:
    if not conn.execute("SELECT 1 FROM draft WHERE id = ?", (draft_id,)).fetchone():
        raise DecisionError(f"没有第{draft_id}号稿件。")
