"""Tables of the reuse index: who sent this text before, and which passages.

``_fingerprint`` is the inverted index: 48-bit hash → draft. It holds at most
``storage.postings.DF_CAP`` rows a hash and no foreign key: an index on ``draft_id`` would double
its size and a cascade without one would scan it once a deleted draft. Instead a trigger notes the
deleted draft in ``_removed`` and the next write of ``storage.reuse`` sweeps all of them out in
one scan, before it looks anything up.
"""

from __future__ import annotations

from typing import Final, Protocol

KINDS: Final[tuple[str, ...]] = (
    "完全相同",
    "重复报送",
    "高度相似",
    "套写",
    "节选",
    "包含",
    "合并",
    "段落借用",
    "引用",
)
"""Kinds of ``duplicate_pair.kind``; the last one is shown but is not reuse."""

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE _digest (
        draft_id INTEGER PRIMARY KEY REFERENCES draft(id) ON DELETE CASCADE,
        exact TEXT NOT NULL CHECK (length(exact) = 32)
    ) STRICT
    """,
    "CREATE INDEX _digest_exact ON _digest(exact, draft_id)",
    """
    CREATE TABLE _fingerprint (
        hash INTEGER NOT NULL,
        draft_id INTEGER NOT NULL,
        PRIMARY KEY (hash, draft_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE _removed (
        draft_id INTEGER PRIMARY KEY,
        exact TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TRIGGER _draft_removed BEFORE DELETE ON draft BEGIN
        INSERT OR REPLACE INTO _removed (draft_id, exact)
        SELECT draft_id, exact FROM _digest WHERE draft_id = OLD.id;
    END
    """,
    f"""
    CREATE TABLE duplicate_pair (
        draft_a INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
        draft_b INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ({", ".join(f"'{kind}'" for kind in KINDS)})),
        cover_a REAL NOT NULL CHECK (cover_a BETWEEN 0 AND 1),
        cover_b REAL NOT NULL CHECK (cover_b BETWEEN 0 AND 1),
        shared_characters INTEGER NOT NULL CHECK (shared_characters >= 0),
        discounted_characters INTEGER NOT NULL CHECK (discounted_characters >= 0),
        longest INTEGER NOT NULL CHECK (longest >= 0),
        direction TEXT NOT NULL CHECK (direction IN ('a_to_b', 'b_to_a', '')),
        spans TEXT NOT NULL CHECK (json_valid(spans)),
        rules_version TEXT NOT NULL,
        made_at TEXT NOT NULL,
        PRIMARY KEY (draft_a, draft_b),
        CHECK (draft_a < draft_b)
    ) STRICT
    """,
    "CREATE INDEX duplicate_pair_b ON duplicate_pair(draft_b)",
)
"""CREATE statements in order; ``draft(id INTEGER PRIMARY KEY)`` must exist before."""

MEANINGS: Final[dict[str, dict[str, str]]] = {
    "duplicate_pair": {
        "": "重稿对：两篇稿件之间的文字重合。draft_a 是编号较小（先入库）的一篇",
        "draft_a": "编号较小的稿件",
        "draft_b": "编号较大的稿件",
        "kind": "类别：完全相同、重复报送、高度相似、套写、节选、包含、合并、段落借用、引用"
        "（引用只作提示，不算重稿）；已刊发留给与已印发刊物的比对",
        "cover_a": "draft_a 正文中与对方重合的比例（0–1，不计引文和套话）",
        "cover_b": "draft_b 正文中与对方重合的比例（0–1，不计引文和套话）",
        "shared_characters": "重合字数（汉字、字母、数字；不计引文和套话）",
        "discounted_characters": "因属引文或套话而未计入的相同字数",
        "longest": "最长一段重合的字数",
        "direction": "文字流向：a_to_b 表示 draft_a 在前，b_to_a 相反，空为无法判断",
        "spans": "重合段落，JSON：[a起, a止, b起, b止, 性质]，位置为稿件全文的字符偏移，"
        "性质为 reuse 复用、quote 引文、stock 套话",
        "rules_version": "判定规则的版本",
        "made_at": "判定时间（UTC）",
        "whole": "类别为合并时，由另一篇等合成的那一篇；其他类别为空",
    },
    "_digest": {
        "": "正文摘要，用于查找完全相同的稿件",
        "draft_id": "稿件",
        "exact": "正文折叠（去标点、统一简繁和全半角）后的128位摘要，十六进制",
    },
    "_fingerprint": {
        "": "文字指纹索引：每个指纹最多记50篇稿件，再多即视为常用语",
        "hash": "48位指纹",
        "draft_id": "含此指纹的稿件",
    },
    "_removed": {
        "": "已删除、指纹待清理的稿件，下次入库时清理",
        "draft_id": "已删除的稿件",
        "exact": "其正文摘要",
    },
}
"""What each column means, in Chinese, for the generated ``docs/database.md``; "" = the table."""


class Executes(Protocol):
    """Anything with ``execute(sql)``: a connection or an sqlite-utils database."""

    def execute(self, sql: str, /) -> object:
        """Run one statement."""
        ...


def create(db: Executes) -> None:
    """Create the tables of the reuse index inside the caller's migration."""
    for statement in STATEMENTS:
        db.execute(statement)
