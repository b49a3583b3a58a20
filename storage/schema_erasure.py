"""Erasing what was sent: the trace that stays, and the one change that appended rows allow.

Rows of decisions, events, points and notes are never changed, with one exception: while a
transaction erases (it holds a row in ``_erasing``, which it takes out again before it commits, so
that no other transaction ever sees one), their words may change. Who, when, what for and how many
points may not, and no row may go.
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

from typing import Final

from storage.schema_adoption import append_only

KINDS: Final = ("draft", "person", "retention")
"""Why words went: somebody asked for a draft, for a person, or the time of keeping is over."""

GONE: Final = "（已删除）"
"""What stands where a title or a note stood that may not be empty."""

_APPENDED: Final[dict[str, tuple[str, str, str]]] = {
    "decision": (
        "decisions",
        "note",
        "id draft_id kind theme_before theme secondary genre_before genre undoes who"
        " model_version taxonomy_version decided_at",
    ),
    "draft_note": ("notes", "text", "id draft_id who made_at"),
    "edited_text": ("edited texts", "title text", "id issue_id draft_id who made_at"),
    "pair_verdict": ("verdicts", "note", "id draft_a draft_b verdict who made_at"),
    "event": (
        "events",
        "person title note detail",
        "id kind happened_on unit_id draft_id item_id refers_to undoes level form share severity"
        " due_on points source confidence who recorded_at",
    ),
    "award": (
        "awards",
        "author note",
        "id profile_id unit_id draft_id item_id event_id rule points effective_on period mark"
        " reverses made_at",
    ),
}
"""Table → (what its rows are, columns of words, all other columns)."""

WORDS: Final[dict[str, tuple[str, ...]]] = {
    table: tuple(words.split()) for table, (_, words, _) in _APPENDED.items()
}
"""Columns of appended rows that an erasing transaction may change."""


def words_may_go(table: str) -> tuple[str, str]:
    """Statements that let an erasing transaction change the words of an append-only table."""
    what, _, others = _APPENDED[table]
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in others.split())
    return (
        f"DROP TRIGGER {table}_no_update",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
        f" WHEN NOT EXISTS (SELECT 1 FROM _erasing) OR {changed}"
        f" BEGIN SELECT RAISE(ABORT, '{what} are append-only'); END",
    )


STATEMENTS: Final[tuple[str, ...]] = (
    f"""
    CREATE TABLE erasure (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      draft_id INTEGER REFERENCES draft(id),
      kind TEXT NOT NULL CHECK (kind IN ({", ".join(f"'{kind}'" for kind in KINDS)})),
      digest TEXT NOT NULL,
      why TEXT NOT NULL CHECK (why <> ''),
      who TEXT NOT NULL,
      made_at TEXT NOT NULL,
      CHECK (draft_id IS NOT NULL OR kind = 'person'),
      CHECK (length(digest) = iif(draft_id IS NULL, 0, 64))
    ) STRICT
    """,
    "CREATE INDEX erasure_by_draft ON erasure (draft_id, kind)",
    *append_only("erasure", "erasures"),
    "CREATE TABLE _erasing (one INTEGER PRIMARY KEY CHECK (one = 1)) STRICT",
    "ALTER TABLE _blob ADD COLUMN erased_at TEXT",
    *(statement for table in _APPENDED for statement in words_may_go(table)),
)

MEANINGS: Final[dict[str, dict[str, str]]] = {
    "erasure": {
        "": "删除记录：哪篇稿件的文字因何、何时、由谁删去；只增加，不修改，不含被删的文字",
        "id": "编号",
        "draft_id": "稿件编号；删个人姓名时另有一行为空，代表这个人",
        "kind": "种类：draft 按要求删稿件，person 按要求删个人姓名，retention 超过保存年限",
        "digest": "删除前全文的SHA-256，用来证明删的是哪一份文字；没有稿件则为空文本",
        "why": "理由",
        "who": "谁删的",
        "made_at": "时间（UTC）",
    },
    "_erasing": {
        "": "正在删除的标志：只在删除的那一个事务里有一行，平时总是空的",
        "one": "总是1",
    },
}
"""What each column means, in Chinese; "" = the table."""
