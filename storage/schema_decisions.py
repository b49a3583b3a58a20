"""What people decide, and which of the tags of a draft hold now.

A decision is an appended row; undoing one is another row. The model's word (``draft.theme`` and
tags of source ``model``) and people's word stand side by side, and views say which one holds: so
nothing that a person decided can be overwritten, and an undo has nothing to restore.
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

from typing import Final

from storage.schema import TAG_INDEX, tag_table

UNDECIDED_CODE: Final = "X0"
"""Code of the decision that a draft fits no aspect."""

_DECISION = """
CREATE TABLE decision (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  draft_id INTEGER NOT NULL REFERENCES draft(id),
  kind TEXT NOT NULL CHECK (kind IN ('accept', 'correct', 'return', 'adopt', 'undo')),
  theme_before TEXT,
  theme TEXT,
  secondary TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(secondary)),
  genre_before TEXT NOT NULL,
  genre TEXT NOT NULL DEFAULT '',
  undoes INTEGER UNIQUE REFERENCES decision(id),
  who TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  model_version TEXT NOT NULL DEFAULT '',
  taxonomy_version TEXT NOT NULL DEFAULT '',
  decided_at TEXT NOT NULL,
  CHECK ((kind = 'undo') = (undoes IS NOT NULL)),
  CHECK (kind NOT IN ('accept', 'correct') OR theme IS NOT NULL),
  CHECK (kind <> 'undo' OR theme IS NULL)
) STRICT
"""

STATEMENTS: Final[tuple[str, ...]] = (
    "ALTER TABLE aspect ADD COLUMN retired INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE aspect ADD COLUMN successor TEXT",
    "INSERT INTO aspect (code, name, category, category_name, version)"
    f" VALUES ('{UNDECIDED_CODE}', '不属于任何方面', 'X', '其他', '')",
    "ALTER TABLE draft ADD COLUMN model_version TEXT NOT NULL DEFAULT ''",
    "UPDATE draft SET model_version = coalesce((SELECT tag.model_version FROM tag"
    " WHERE tag.draft_id = draft.id AND tag.kind = 'nearest' LIMIT 1), '')",
    # A CHECK cannot be altered: the table is made anew with the kind that is added.
    "ALTER TABLE tag RENAME TO _tag_before",
    "DROP INDEX tag_by_code",
    tag_table("'theme', 'nearest', 'genre', 'keyword', 'focus'"),
    "INSERT INTO tag SELECT * FROM _tag_before",
    "DROP TABLE _tag_before",
    TAG_INDEX,
    _DECISION,
    "CREATE INDEX decision_by_draft ON decision (draft_id, id)",
    *(
        f"CREATE TRIGGER decision_no_{verb} BEFORE {verb} ON decision"
        " BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END"
        for verb in ("update", "delete")
    ),
)


def standing(draft: str) -> str:
    """SQL: the id of the decision on themes that holds for the draft id ``draft``, or NULL.

    The latest one that names a theme and was not undone.
    """
    return (
        "(SELECT max(said.id) FROM decision AS said"
        f" WHERE said.draft_id = {draft} AND said.theme IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM decision AS undone WHERE undone.undoes = said.id))"
    )


CURRENT_TAGS: Final = f"""
CREATE VIEW current_tags AS
SELECT tag.draft_id, tag.kind, coalesce(aspect.successor, tag.code) AS code, tag.rank,
  tag.probability, tag.terms, tag.source, tag.model_version, tag.taxonomy_version, tag.made_at
FROM tag
JOIN draft ON draft.id = tag.draft_id
LEFT JOIN aspect ON aspect.code = tag.code AND tag.kind IN ('theme', 'nearest')
WHERE CASE tag.source
  WHEN 'editor' THEN tag.model_version = 'decision-' || {standing("draft.id")}
  WHEN 'model' THEN tag.model_version = draft.model_version
    AND (tag.kind <> 'theme' OR {standing("draft.id")} IS NULL)
  ELSE tag.kind <> 'genre' OR NOT EXISTS (
    SELECT 1 FROM decision WHERE decision.id = {standing("draft.id")} AND decision.genre <> '')
  END
"""

DECISIONS: Final = f"""
CREATE VIEW decisions AS
SELECT
  decision.id AS decision_id,
  decision.draft_id,
  draft.title,
  decision.kind,
  decision.theme_before,
  decision.theme AS theme_code,
  aspect.name AS theme,
  decision.secondary,
  decision.genre_before,
  decision.genre,
  decision.who,
  decision.note,
  datetime(decision.decided_at, '+8 hours') AS decided,
  decision.id IS {standing("decision.draft_id")} AS holds,
  decision.undoes,
  decision.model_version,
  decision.taxonomy_version
FROM decision
JOIN draft ON draft.id = decision.draft_id
LEFT JOIN aspect ON aspect.code = decision.theme
"""

TABLE_MEANINGS: Final[dict[str, dict[str, str]]] = {
    "decision": {
        "": "审核意见：编辑的每次决定一行，只增加，不修改、不删除；撤销也是新的一行",
        "id": "审核意见编号",
        "draft_id": "稿件编号",
        "kind": "种类：accept 同意模型，correct 改正，return 退稿，adopt 采用，undo 撤销",
        "theme_before": "决定之前的主要主题代码，空为无法判断",
        "theme": "编辑定的主要主题代码，X0 表示不属于任何方面；不涉及主题则为空",
        "secondary": "编辑定的次要主题代码，JSON列表",
        "genre_before": "决定之前的体裁",
        "genre": "编辑定的体裁，没有改则为空文本",
        "undoes": "撤销的是哪一条意见的编号",
        "who": "谁定的",
        "note": "说明",
        "model_version": "当时的模型版本",
        "taxonomy_version": "当时的主题体系版本",
        "decided_at": "决定时间（UTC）",
    },
}

VIEW_MEANINGS: Final[dict[str, dict[str, str]]] = {
    "current_tags": {
        "": "现行标签：编辑定过的以编辑为准，否则以最近一次模型为准；停用的方面已换成接替它的方面",
        "draft_id": "稿件编号",
        "kind": "种类，同表 tag",
        "code": "现行代码、体裁、关键词或报送重点",
        "rank": "同类中的次序，从1起",
        "probability": "把握程度（0–1），编辑定的为空",
        "terms": "依据，JSON，同表 tag",
        "source": "由谁判定：model 模型，rule 规则，editor 编辑",
        "model_version": "模型版本；编辑定的为 decision-审核意见编号",
        "taxonomy_version": "判定时主题体系的版本",
        "made_at": "判定时间（UTC）",
    },
    "decisions": {
        "": "审核意见及其是否仍然有效（北京时间）",
        "decision_id": "审核意见编号",
        "draft_id": "稿件编号",
        "title": "标题",
        "kind": "种类：accept 同意模型，correct 改正，return 退稿，adopt 采用，undo 撤销",
        "theme_before": "决定之前的主要主题代码，空为无法判断",
        "theme_code": "编辑定的主要主题代码，X0 表示不属于任何方面",
        "theme": "编辑定的主要主题名称",
        "secondary": "编辑定的次要主题代码，JSON列表",
        "genre_before": "决定之前的体裁",
        "genre": "编辑定的体裁，没有改则为空文本",
        "who": "谁定的",
        "note": "说明",
        "decided": "决定时间",
        "holds": "是否为该稿件现行的主题意见：1 是，0 否",
        "undoes": "撤销的是哪一条意见的编号",
        "model_version": "当时的模型版本",
        "taxonomy_version": "当时的主题体系版本",
    },
}
