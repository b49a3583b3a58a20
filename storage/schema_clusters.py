"""Clusters of the same piece, and what a merged draft took from whom.

``_cluster`` names each draft's cluster by its lowest draft id, so ten thousand copies are one
cluster and not 5·10⁷ pairs; it is kept by ``storage.clusters``, which takes deleted drafts out at
the next write. ``duplicate_pair`` is made anew: ``whole`` says which of the two was put together
from the other (合并), and 已刊发 is a kind.
"""

from __future__ import annotations

from typing import Final

from storage.schema_reuse import KINDS

_KINDS: Final = ", ".join(f"'{kind}'" for kind in (*KINDS, "已刊发"))

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE _cluster (
        draft_id INTEGER PRIMARY KEY,
        cluster INTEGER NOT NULL CHECK (cluster <= draft_id)
    ) STRICT
    """,
    "CREATE INDEX _cluster_members ON _cluster(cluster, draft_id)",
    "ALTER TABLE duplicate_pair RENAME TO _duplicate_pair_old",
    "DROP INDEX duplicate_pair_b",
    f"""
    CREATE TABLE duplicate_pair (
        draft_a INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
        draft_b INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ({_KINDS})),
        cover_a REAL NOT NULL CHECK (cover_a BETWEEN 0 AND 1),
        cover_b REAL NOT NULL CHECK (cover_b BETWEEN 0 AND 1),
        shared_characters INTEGER NOT NULL CHECK (shared_characters >= 0),
        discounted_characters INTEGER NOT NULL CHECK (discounted_characters >= 0),
        longest INTEGER NOT NULL CHECK (longest >= 0),
        direction TEXT NOT NULL CHECK (direction IN ('a_to_b', 'b_to_a', '')),
        spans TEXT NOT NULL CHECK (json_valid(spans)),
        rules_version TEXT NOT NULL,
        made_at TEXT NOT NULL,
        whole INTEGER,
        PRIMARY KEY (draft_a, draft_b),
        CHECK (draft_a < draft_b),
        CHECK (whole IS NULL OR (kind = '合并' AND whole IN (draft_a, draft_b)))
    ) STRICT
    """,
    """
    INSERT INTO duplicate_pair SELECT old.*, CASE WHEN kind = '合并' THEN
        CASE WHEN direction = 'b_to_a' OR (direction = '' AND cover_a < cover_b)
        THEN draft_a ELSE draft_b END END FROM _duplicate_pair_old AS old
    """,
    "DROP TABLE _duplicate_pair_old",
    "CREATE INDEX duplicate_pair_b ON duplicate_pair(draft_b)",
)

# The date line counts before the day of arrival; of one day, the draft that came first.
_CLUSTERS: Final = """
CREATE VIEW clusters AS
SELECT
  member.cluster,
  member.draft_id,
  count(*) OVER whole AS cluster_size,
  first_value(member.draft_id) OVER by_age AS earliest_draft_id,
  first_value(drafts.title) OVER by_age AS earliest_title,
  first_value(drafts.unit) OVER by_age AS earliest_unit,
  row_number() OVER by_age AS position,
  drafts.title,
  drafts.unit,
  drafts.received_on,
  drafts.dated
FROM _cluster AS member JOIN drafts ON drafts.draft_id = member.draft_id
WINDOW whole AS (PARTITION BY member.cluster),
  by_age AS (PARTITION BY member.cluster
    ORDER BY coalesce(nullif(drafts.dated, ''), drafts.received_on), member.draft_id)
"""

_MERGED: Final = """
CREATE VIEW merged_sources AS
SELECT
  pair.whole AS draft_id,
  merged.title,
  merged.unit,
  source.draft_id AS source_id,
  source.title AS source_title,
  source.unit AS source_unit,
  CASE pair.whole WHEN pair.draft_a THEN pair.cover_a ELSE pair.cover_b END AS share,
  CASE pair.whole WHEN pair.draft_a THEN pair.cover_b ELSE pair.cover_a END AS used
FROM duplicate_pair AS pair
JOIN drafts AS merged ON merged.draft_id = pair.whole
JOIN drafts AS source ON source.draft_id = pair.draft_a + pair.draft_b - pair.whole
"""

VIEWS: Final[dict[str, str]] = {"clusters": _CLUSTERS, "merged_sources": _MERGED}
"""After ``drafts``, which they read."""

MEANINGS: Final[dict[str, dict[str, str]]] = {
    "_cluster": {
        "": "同一篇稿件的各个版本归为一组（完全相同、重复报送、高度相似、套写），不在组里的没有行",
        "draft_id": "稿件",
        "cluster": "组号：组内最小的稿件编号",
    },
    "clusters": {
        "": "同稿组：哪些稿件是同一篇的各个版本，最早的是哪一篇",
        "cluster": "组号",
        "draft_id": "稿件编号",
        "cluster_size": "组内稿件数",
        "earliest_draft_id": "组内最早一篇的编号（先看成文日期，没有则看收到日期）",
        "earliest_title": "最早一篇的标题",
        "earliest_unit": "最早一篇的报送单位",
        "position": "在组内从早到晚排第几",
        "title": "标题",
        "unit": "报送单位",
        "received_on": "收到日期（北京时间）",
        "dated": "成文日期",
    },
    "merged_sources": {
        "": "合并稿从哪几篇、哪些单位来；按 source_unit 合计 share 即各单位所占比例",
        "draft_id": "合并稿编号",
        "title": "合并稿标题",
        "unit": "合并稿的报送单位",
        "source_id": "来源稿件编号",
        "source_title": "来源稿件标题",
        "source_unit": "来源稿件的报送单位，认不出则为空",
        "share": "合并稿正文中来自这一篇的比例（0–1）",
        "used": "这一篇有多少被用进合并稿（0–1）",
    },
}
"""What each column means, in Chinese; "" = the table or view."""
