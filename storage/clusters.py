"""Which drafts are versions of one piece: kept up as pairs are written and drafts leave."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from sqlite_utils import Database

from storage.driver import sqlite3

Row = dict[str, object]

STRONG: Final = ("完全相同", "重复报送", "高度相似", "套写")
"""Kinds that make two drafts one piece; a shared paragraph does not."""

_PAIRS: Final = (
    "SELECT draft_a, draft_b FROM duplicate_pair"
    " WHERE kind IN (SELECT value FROM json_each(:strong))"
)
_PAIRS_OF: Final = (
    "SELECT draft_a, draft_b FROM duplicate_pair"
    " WHERE draft_a IN (SELECT value FROM json_each(:drafts))"
    " AND kind IN (SELECT value FROM json_each(:strong))"
)
_EQUAL: Final = (
    "SELECT min(draft_id) OVER (PARTITION BY exact), draft_id FROM _digest"
    " WHERE draft_id IN (SELECT value FROM json_each(:drafts))"
    " AND exact IN (SELECT exact FROM _digest WHERE draft_id IN"
    " (SELECT value FROM json_each(:drafts)) GROUP BY exact HAVING count(*) > 1)"
)


def join(conn: sqlite3.Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Put the drafts of each pair into one cluster, named by its lowest draft.

    Linear in the members that change their cluster; the result does not depend on the order.
    """
    parent: dict[int, int] = {}

    def root(draft: int) -> int:
        while parent.setdefault(draft, draft) != draft:
            parent[draft] = parent.setdefault(parent[draft], parent[draft])
            draft = parent[draft]
        return draft

    pairs = list(pairs)
    drafts = {draft for pair in pairs for draft in pair}
    parent.update(
        conn.execute(
            "SELECT draft_id, cluster FROM _cluster"
            " WHERE draft_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(drafts)),),
        )
    )
    before = dict(parent)
    for a, b in pairs:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    moved = {cluster: root(cluster) for cluster in before.values()}
    conn.executemany(
        "UPDATE _cluster SET cluster = ? WHERE cluster = ?",
        [(new, old) for old, new in sorted(moved.items()) if new != old],
    )
    conn.executemany(
        "INSERT OR IGNORE INTO _cluster (draft_id, cluster) VALUES (?, ?)",
        [(draft, root(draft)) for draft in sorted(drafts | set(moved.values()))],
    )


def mend(conn: sqlite3.Connection, removed: Iterable[int]) -> None:
    """Make the clusters of deleted drafts anew from what is left of them.

    Equal copies stay together; what only a deleted draft held together falls apart.
    """
    gone = set(removed)
    rows = conn.execute(
        "SELECT draft_id FROM _cluster WHERE cluster IN (SELECT cluster FROM _cluster"
        " WHERE draft_id IN (SELECT value FROM json_each(?)))",
        (json.dumps(sorted(gone)),),
    ).fetchall()
    members = {row[0] for row in rows}
    left = json.dumps(sorted(members - gone))
    conn.execute(
        "DELETE FROM _cluster WHERE draft_id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(members)),),
    )
    join(conn, conn.execute(_PAIRS_OF, {"drafts": left, "strong": json.dumps(STRONG)}).fetchall())
    join(conn, conn.execute(_EQUAL, {"drafts": left}).fetchall())


def join_all(conn: sqlite3.Connection) -> None:
    """Make every cluster from the pairs that are stored."""
    strong = {"strong": json.dumps(STRONG)}
    join(conn, conn.execute(_PAIRS, strong).fetchall())


def origins(db: Database, draft_id: int) -> Row:
    """Where a draft comes from: its ``cluster`` (None if it is alone) and ``merged_from``.

    ``cluster``: size, earliest_draft_id, earliest_title, earliest_unit, position (1 = earliest).
    ``merged_from``: rows source_id, source_title, source_unit, share, used; most first.
    """
    cluster = db.query(
        "SELECT cluster_size AS size, earliest_draft_id, earliest_title, earliest_unit, position,"
        " draft_id FROM clusters"
        " WHERE cluster = (SELECT cluster FROM _cluster WHERE draft_id = ?)",
        [draft_id],
    )
    own = next((row for row in cluster if row.pop("draft_id") == draft_id), None)
    merged = db.query(
        "SELECT source_id, source_title, source_unit, share, used FROM merged_sources"
        " WHERE draft_id = ? ORDER BY share DESC, source_id",
        [draft_id],
    )
    return {"cluster": own, "merged_from": list(merged)}
