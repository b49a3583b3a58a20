"""What the desk's queue reads, and what people say of a draft beside its theme.

``_desk`` holds a row a draft with all that the queue sorts, filters and counts by. Triggers make
the row anew from the same expression after every change of what it is made of, so it is right
whoever writes: the pipeline, a retagging, an editor, the matching of printed issues.

``_search`` is an index over the two-character pieces of title and text (``storage.search``).
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

from typing import Final

from storage.schema_adoption import append_only, stands

SURE_ENOUGH: Final = 0.6
"""A theme below this is shown among the doubtful, as one that the model left open is."""
VERDICTS: Final = ("重复报送", "套写", "不同稿", "合并")
TEACHING_GENRES: Final = ("问题", "信访", "建议")
"""Genres that somebody waits for: they come first when ordered by urgency."""

_COLUMNS: Final = (
    "draft_id", "state", "unit_id", "theme", "probability", "genre", "received_on", "doubtful",
    "duplicate", "overlong", "aspect", "margin", "urgent",
)  # fmt: skip

_TABLE = """
CREATE TABLE _desk (
  draft_id INTEGER PRIMARY KEY REFERENCES draft(id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'returned', 'adopted')),
  unit_id INTEGER,
  theme TEXT,
  probability REAL,
  genre TEXT NOT NULL,
  received_on TEXT NOT NULL,
  doubtful INTEGER NOT NULL,
  duplicate INTEGER NOT NULL,
  overlong INTEGER NOT NULL,
  aspect TEXT NOT NULL,
  margin REAL NOT NULL,
  urgent INTEGER NOT NULL
) STRICT
"""

_SAID = """
SELECT said.id FROM decision AS said
WHERE said.draft_id = draft.id AND said.kind IN ({kinds})
  AND NOT EXISTS (SELECT 1 FROM decision AS undone WHERE undone.undoes = said.id)
ORDER BY said.id DESC LIMIT 1
"""
_LAST = _SAID.format(kinds="'accept', 'correct', 'return'")
_THEMED = _SAID.format(kinds="'accept', 'correct'")

_BEST = """
SELECT {what} FROM tag WHERE tag.draft_id = draft.id AND tag.kind = 'nearest'
  AND tag.source = 'model' AND tag.model_version = draft.model_version AND tag.rank = {rank}
"""

_EXPRESSION: Final = f"""
SELECT draft.id,
  CASE
    WHEN EXISTS (SELECT 1 FROM event WHERE event.draft_id = draft.id AND event.kind = 'adopt'
      AND {stands("event.id")}) THEN 'adopted'
    WHEN last.kind = 'return' THEN 'returned'
    WHEN last.id IS NOT NULL THEN 'accepted'
    ELSE 'waiting'
  END,
  draft.unit_id,
  coalesce(aspect.successor, aspect.code, person.theme, draft.theme),
  CASE WHEN person.id IS NULL THEN draft.theme_probability END,
  coalesce(nullif(person.genre, ''), draft.genre),
  manuscript.received_on,
  person.id IS NULL AND coalesce(draft.theme_probability, 0) < {SURE_ENOUGH},
  CASE
    WHEN EXISTS (SELECT 1 FROM duplicate_pair AS pair
      WHERE pair.draft_b = draft.id AND pair.kind <> '引用') THEN 2
    ELSE EXISTS (SELECT 1 FROM duplicate_pair AS pair
      WHERE pair.draft_a = draft.id AND pair.kind <> '引用')
  END,
  EXISTS (SELECT 1 FROM flag WHERE flag.draft_id = draft.id AND flag.kind = 'over_hard'),
  coalesce(({_BEST.format(what="tag.code", rank=1)}), ''),
  coalesce(({_BEST.format(what="tag.probability", rank=1)}), 0)
    - coalesce(({_BEST.format(what="tag.probability", rank=2)}), 0),
  2 * EXISTS (SELECT 1 FROM tag WHERE tag.draft_id = draft.id AND tag.kind = 'focus')
    + (draft.genre IN ({", ".join(f"'{genre}'" for genre in TEACHING_GENRES)}))
FROM draft
JOIN manuscript ON manuscript.id = draft.manuscript_id
LEFT JOIN decision AS last ON last.id = ({_LAST})
LEFT JOIN decision AS person ON person.id = ({_THEMED})
LEFT JOIN aspect ON aspect.code = coalesce(person.theme, draft.theme)
"""


def fill(where: str) -> str:
    """SQL that makes the rows of ``_desk`` anew for the drafts of a WHERE clause."""
    names = ", ".join(_COLUMNS)
    news = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
    return (
        f"INSERT INTO _desk ({names}) {_EXPRESSION} WHERE {where}"
        f" ON CONFLICT (draft_id) DO UPDATE SET {news}"
    )


def _after(name: str, change: str, where: str) -> str:
    return f"CREATE TRIGGER _desk_{name} AFTER {change} BEGIN {fill(where)}; END"


_TRIGGERS = (
    _after("draft", "INSERT ON draft", "draft.id = NEW.id"),
    _after(
        "draft_changed",
        "UPDATE OF unit_id, genre, theme, theme_probability, model_version ON draft",
        "draft.id = NEW.id",
    ),
    _after("decision", "INSERT ON decision", "draft.id = NEW.draft_id"),
    _after("flag", "INSERT ON flag WHEN NEW.kind = 'over_hard'", "draft.id = NEW.draft_id"),
    _after("flag_gone", "DELETE ON flag WHEN OLD.kind = 'over_hard'", "draft.id = OLD.draft_id"),
    _after(
        "tag",
        "INSERT ON tag WHEN NEW.kind = 'focus' OR (NEW.kind = 'nearest' AND NEW.rank <= 2)",
        "draft.id = NEW.draft_id",
    ),
    _after("tag_gone", "DELETE ON tag WHEN OLD.kind = 'focus'", "draft.id = OLD.draft_id"),
    _after("adopted", "INSERT ON event WHEN NEW.kind = 'adopt'", "draft.id = NEW.draft_id"),
    _after(
        "taken_back",
        "INSERT ON event WHEN NEW.kind = 'undo'",
        "draft.id = (SELECT gone.draft_id FROM event AS gone WHERE gone.id = NEW.undoes)",
    ),
    _after("pair", "INSERT ON duplicate_pair", "draft.id IN (NEW.draft_a, NEW.draft_b)"),
    _after(
        "pair_changed", "UPDATE OF kind ON duplicate_pair", "draft.id IN (NEW.draft_a, NEW.draft_b)"
    ),
    _after("pair_gone", "DELETE ON duplicate_pair", "draft.id IN (OLD.draft_a, OLD.draft_b)"),
    _after(
        "aspect",
        "UPDATE OF successor ON aspect",
        "draft.id IN (SELECT one.draft_id FROM _desk AS one"
        " WHERE one.theme IN (NEW.code, OLD.successor))",
    ),
)

STATEMENTS: Final[tuple[str, ...]] = (
    _TABLE,
    "CREATE INDEX _desk_by_state ON _desk (state, doubtful, duplicate, overlong)",
    "CREATE INDEX _desk_by_urgency ON _desk (state, urgent, draft_id)",
    "CREATE INDEX _desk_by_margin ON _desk (state, duplicate, aspect, margin, draft_id)",
    "CREATE INDEX _desk_by_unit ON _desk (unit_id, state)",
    "CREATE INDEX _desk_by_theme ON _desk (theme, state)",
    """
    CREATE TABLE return_reason (
      decision_id INTEGER NOT NULL REFERENCES decision(id),
      reason TEXT NOT NULL CHECK (reason <> ''),
      PRIMARY KEY (decision_id, reason)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE assignment (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      draft_id INTEGER NOT NULL REFERENCES draft(id),
      assignee TEXT NOT NULL,
      who TEXT NOT NULL,
      made_at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX assignment_by_draft ON assignment (draft_id, id)",
    """
    CREATE TABLE draft_note (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      draft_id INTEGER NOT NULL REFERENCES draft(id),
      text TEXT NOT NULL CHECK (text <> ''),
      who TEXT NOT NULL,
      made_at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX draft_note_by_draft ON draft_note (draft_id, id)",
    f"""
    CREATE TABLE pair_verdict (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      draft_a INTEGER NOT NULL REFERENCES draft(id),
      draft_b INTEGER NOT NULL REFERENCES draft(id),
      verdict TEXT NOT NULL
        CHECK (verdict IN ('', {", ".join(f"'{verdict}'" for verdict in VERDICTS)})),
      who TEXT NOT NULL,
      note TEXT NOT NULL DEFAULT '',
      made_at TEXT NOT NULL,
      CHECK (draft_a < draft_b)
    ) STRICT
    """,
    "CREATE INDEX pair_verdict_by_pair ON pair_verdict (draft_a, draft_b, id)",
    "CREATE INDEX pair_verdict_by_other ON pair_verdict (draft_b)",
    "CREATE INDEX decision_by_time ON decision (who, decided_at)",
    *append_only("return_reason", "reasons"),
    *append_only("assignment", "assignments"),
    *append_only("draft_note", "notes"),
    *append_only("pair_verdict", "verdicts"),
    "CREATE VIRTUAL TABLE _search USING fts5(grams, content='', detail=none,"
    " tokenize='unicode61 remove_diacritics 0')",
    *_TRIGGERS,
    fill("true"),
)


ORDERS: Final = (
    "CREATE INDEX _desk_by_arrival ON _desk (state)",  # and the row's own number
    "CREATE INDEX _desk_doubtful ON _desk (state, doubtful)",
    "CREATE INDEX _desk_overlong ON _desk (state, overlong)",
)
"""Indexes by which a page is walked in the order of arrival."""

REASONS_IN_ORDER: Final = "ALTER TABLE return_reason ADD COLUMN position INTEGER NOT NULL DEFAULT 0"
"""Reasons are told as they stand in the settings, not by the alphabet."""

VERDICT: Final = """(SELECT said.verdict FROM pair_verdict AS said
    WHERE said.draft_a = pair.draft_a AND said.draft_b = pair.draft_b
    ORDER BY said.id DESC LIMIT 1)"""
"""SQL: the last verdict of an editor on the row ``pair``, NULL or '' if there is none."""

_RETURNS: Final = """
CREATE VIEW returned_drafts AS
SELECT
  decision.id AS decision_id,
  decision.draft_id,
  draft.title,
  draft.unit_id,
  unit.name AS unit,
  (SELECT json_group_array(reason ORDER BY position, reason) FROM return_reason
    WHERE decision_id = decision.id) AS reasons,
  decision.note,
  decision.who,
  datetime(decision.decided_at, '+8 hours') AS returned
FROM decision
JOIN draft ON draft.id = decision.draft_id
LEFT JOIN unit ON unit.id = draft.unit_id
WHERE decision.kind = 'return'
  AND NOT EXISTS (SELECT 1 FROM decision AS later WHERE later.undoes = decision.id)
"""

VIEWS: Final[dict[str, str]] = {"returned_drafts": _RETURNS}

VIEW_MEANINGS: Final[dict[str, dict[str, str]]] = {
    "returned_drafts": {
        "": "退稿：哪些稿件因为什么退给了单位，撤销的不算（北京时间）",
        "decision_id": "审核意见编号",
        "draft_id": "稿件编号",
        "title": "标题",
        "unit_id": "报送单位编号，认不出则为空",
        "unit": "报送单位",
        "reasons": "退稿理由，JSON列表",
        "note": "另写的话",
        "who": "谁退的",
        "returned": "退稿时间",
    },
}

MEANINGS: Final[dict[str, dict[str, str]]] = {
    "_desk": {
        "": "编辑台的稿件队列：每篇稿件一行，由触发器随时更新",
        "draft_id": "稿件编号",
        "state": "办到哪一步：waiting 待审，accepted 已审，returned 已退，adopted 已采用",
        "unit_id": "报送单位编号",
        "theme": "现行主题代码，空为无法判断",
        "probability": "主题的把握程度，编辑定过的为空",
        "genre": "现行体裁",
        "received_on": "收到日期（北京时间）",
        "doubtful": "没有定过且把握不足：1 是，0 否",
        "duplicate": "重稿：0 没有，1 后来的稿件与它相似，2 它与先来的稿件相似",
        "overlong": "是否超过上限：1 是，0 否",
        "aspect": "模型最看好的方面",
        "margin": "模型对前两个方面的把握之差",
        "urgent": "轻重缓急：答报送重点的加2，问题、建议、信访加1",
    },
    "return_reason": {
        "": "退稿理由，一条退稿意见可有几条，只增加",
        "decision_id": "审核意见编号",
        "reason": "理由",
        "position": "第几条，按设置里的次序，从1起；早先没有记次序的为0",
    },
    "assignment": {
        "": "交办：稿件交给谁看，以最后一行为准，只增加",
        "id": "编号",
        "draft_id": "稿件编号",
        "assignee": "交给谁；空文本为取消交办",
        "who": "谁交办的",
        "made_at": "时间（UTC）",
    },
    "draft_note": {
        "": "编辑在稿件上留的话，只增加",
        "id": "编号",
        "draft_id": "稿件编号",
        "text": "内容",
        "who": "谁写的",
        "made_at": "时间（UTC）",
    },
    "pair_verdict": {
        "": "编辑对两稿关系的判定，以最后一行为准，只增加",
        "id": "编号",
        "draft_a": "编号较小的稿件",
        "draft_b": "编号较大的稿件",
        "verdict": "判定：重复报送、套写、不同稿、合并；空文本为取消判定",
        "who": "谁判定的",
        "note": "说明",
        "made_at": "时间（UTC）",
    },
    "_search": {
        "": "稿件标题和正文的检索索引（FTS5，不存原文）",
        "grams": "标题和正文里的双字",
        "_search": "FTS5内部列",
        "rank": "FTS5内部列",
    },
    "_search_data": {"": "检索索引的内部表", "id": "内部列", "block": "内部列"},
    "_search_idx": {
        "": "检索索引的内部表",
        "segid": "内部列",
        "term": "内部列",
        "pgno": "内部列",
    },
    "_search_docsize": {"": "检索索引的内部表", "id": "内部列", "sz": "内部列"},
    "_search_config": {"": "检索索引的内部表", "k": "内部列", "v": "内部列"},
}
