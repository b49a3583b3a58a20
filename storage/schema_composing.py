"""Composing an issue: which drafts go into it and where, and their edited text beside the raw one.

The plan may change until it is printed. Edited texts are appended; the latest of a draft in an
issue holds there, else the latest of the draft itself; the raw text stays as it came.
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

from typing import Final

from storage.schema_adoption import append_only

# Drafts of one place make one item together (综合).
_PLAN = """
CREATE TABLE issue_plan (
  issue_id INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE,
  draft_id INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 1),
  column_name TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (issue_id, draft_id)
) STRICT
"""

_EDITED = """
CREATE TABLE edited_text (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  issue_id INTEGER NOT NULL REFERENCES issue(id),
  draft_id INTEGER NOT NULL REFERENCES draft(id),
  title TEXT NOT NULL CHECK (title <> ''),
  text TEXT NOT NULL,
  who TEXT NOT NULL DEFAULT '',
  made_at TEXT NOT NULL
) STRICT
"""

STATEMENTS: Final[tuple[str, ...]] = (
    _PLAN,
    _EDITED,
    "CREATE INDEX issue_plan_by_draft ON issue_plan (draft_id)",
    "CREATE INDEX edited_text_by_draft ON edited_text (draft_id, issue_id)",
    "CREATE INDEX edited_text_by_issue ON edited_text (issue_id)",
    *append_only("edited_text", "edited texts"),
)

_COLUMNS: Final = "id, issue_id, draft_id, title, text, who, made_at"

OF_DRAFTS: Final[tuple[str, ...]] = (
    _EDITED.replace("edited_text (", "_edited_text (").replace(
        "issue_id INTEGER NOT NULL", "issue_id INTEGER"
    ),
    f"INSERT INTO _edited_text ({_COLUMNS}) SELECT {_COLUMNS} FROM edited_text ORDER BY id",
    "DROP TABLE edited_text",  # and its indexes and triggers
    "ALTER TABLE _edited_text RENAME TO edited_text",
    *(statement for statement in STATEMENTS if "edited_text_by" in statement),
    *append_only("edited_text", "edited texts"),
)
"""A draft is edited on its page too, before it stands in any issue (``issue_id`` NULL)."""

MEANINGS: Final[dict[str, dict[str, str]]] = {
    "issue_plan": {
        "": "正在编的期里放哪些稿件；同一位置的几篇合成一条（综合）",
        "issue_id": "期编号",
        "draft_id": "稿件编号",
        "position": "位置，从1起",
        "column_name": "栏目，没有则为空文本",
    },
    "edited_text": {
        "": "编辑改过的文字：只增加，不修改；同一期同一稿件以最后一行为准，来稿原文不动",
        "id": "编号",
        "issue_id": "期编号；在稿件页上改的为空，各期里没有另改的都用它",
        "draft_id": "稿件编号；综合的为第一篇",
        "title": "改后的标题",
        "text": "改后的正文，一段一行",
        "who": "谁改的",
        "made_at": "改的时间（UTC）",
    },
}
