"""Clusters of one piece, the earliest source, and what a merged draft took from whom."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from storage import clusters
from storage.connection import write
from storage.driver import sqlite3
from tests.support_reuse import draft, erase, paragraphs, rows, send, sentence

ONE, TWO, THREE, FOUR, FIVE, SIX = paragraphs(41, 6)


def members(db: Database) -> list[tuple[object, ...]]:
    return rows(db, "SELECT cluster, draft_id FROM _cluster ORDER BY 1, 2")


def reworded(lines: list[str], seed: int) -> list[str]:
    dice = random.Random(seed)
    return [*lines, sentence(dice)]


def test_versions_are_one_cluster_and_the_earliest_by_date_is_named(db: Database) -> None:
    send(db, draft([ONE, TWO], title="甲", dated="2026-05-02"))
    send(db, draft([FIVE, SIX], title="别的"))
    send(db, draft([ONE, TWO], title="乙", dated="2026-04-01"))
    send(db, draft(reworded([ONE, TWO], 1), title="丙", dated="2026-06"))
    assert members(db) == [(1, 1), (1, 3), (1, 4)]
    assert rows(db, "SELECT draft_id, cluster_size, earliest_title, position FROM clusters") == [
        (3, 3, "乙", 1),
        (1, 3, "乙", 2),
        (4, 3, "乙", 3),
    ]


def test_a_borrowed_paragraph_makes_no_cluster(db: Database) -> None:
    send(db, draft([ONE, TWO, THREE]), draft([THREE, FOUR, FIVE]))
    assert rows(db, "SELECT kind FROM duplicate_pair") == [("段落借用",)]
    assert members(db) == []


def test_what_only_a_deleted_draft_held_together_falls_apart(db: Database) -> None:
    send(db, draft([ONE, TWO, THREE, FOUR]))
    send(db, draft([ONE, TWO, THREE, FIVE]))
    send(db, draft([SIX, TWO, THREE, FOUR]))
    assert members(db) == [(1, 1), (1, 2), (1, 3)]
    assert ("段落借用",) in rows(db, "SELECT kind FROM duplicate_pair WHERE draft_a = 2")
    erase(db, 1)
    send(db, draft([sentence(random.Random(3), 200)]))
    assert members(db) == []


def test_copies_stay_together_when_the_first_ones_leave(db: Database) -> None:
    send(db, *[draft([ONE, TWO])] * 8)
    assert members(db) == [(1, n) for n in range(1, 9)]
    erase(db, 1, 2, 3, 4)
    send(db, draft([THREE, FOUR]))
    assert members(db) == [(5, n) for n in range(5, 9)]


def test_ten_thousand_copies_are_one_cluster(db: Database) -> None:
    with write(db) as conn:
        clusters.join(conn, [(max(1, n - k), n) for n in range(2, 10_001) for k in (1, 2, 3)])
        clusters.mend(conn, [1])
    ((count, names),) = rows(db, "SELECT count(*), count(DISTINCT cluster) FROM _cluster")
    assert (count, names) == (0, 0)  # no pair is stored, so nothing holds the others together
    with write(db) as conn:
        clusters.join(conn, [(n, n + 1) for n in range(1, 10_000)])
    assert rows(db, "SELECT count(*), min(cluster), max(cluster) FROM _cluster") == [(10_000, 1, 1)]


def test_a_merged_draft_says_how_much_came_from_whom(db: Database) -> None:
    send(db, draft([ONE, TWO, THREE], title="甲"))
    send(db, draft([FOUR, FIVE, SIX], title="乙"))
    send(db, draft([FOUR, ONE, TWO, THREE, FIVE], title="丙"))
    found = rows(
        db, "SELECT draft_id, source_title, round(share, 1), round(used, 1) FROM merged_sources"
        " ORDER BY source_title",
    )  # fmt: skip
    assert found == [(3, "乙", 0.4, 0.7), (3, "甲", 0.6, 1.0)]
    assert rows(db, "SELECT DISTINCT kind, whole FROM duplicate_pair") == [("合并", 3)]


def test_a_pair_that_is_not_merged_has_no_whole(db: Database) -> None:
    send(db, draft([ONE, TWO]), draft([ONE, TWO]))
    with pytest.raises(sqlite3.IntegrityError), write(db) as conn:
        conn.execute("UPDATE duplicate_pair SET whole = 1")


@settings(max_examples=60, deadline=None)
@given(
    pairs=st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=20).map(
        lambda found: [(min(p), max(p)) for p in found if p[0] != p[1]]
    ),
    cut=st.integers(0, 20),
)
def test_clusters_do_not_depend_on_the_order(pairs: list[tuple[int, int]], cut: int) -> None:
    def built(*batches: list[tuple[int, int]]) -> list[tuple[int, int]]:
        conn = sqlite3.connect(":memory:")
        conn.execute("CREATE TABLE _cluster (draft_id INTEGER PRIMARY KEY, cluster INTEGER)")
        for batch in batches:
            clusters.join(conn, batch)
        found: list[tuple[int, int]] = conn.execute("SELECT * FROM _cluster").fetchall()
        conn.close()
        return found

    whole = built(pairs)
    assert whole == built(pairs[::-1]) == built(pairs[cut:], pairs[:cut])
    cluster = dict(whole)
    assert all(cluster[a] == cluster[b] for a, b in pairs)
    assert all(cluster[cluster[n]] == cluster[n] <= n for n in cluster)


def test_a_draft_tells_where_it_comes_from(db: Database) -> None:
    send(db, draft([ONE, TWO, THREE], title="甲"))
    send(db, draft([FOUR, FIVE, SIX], title="乙"))
    send(db, draft([FOUR, ONE, TWO, THREE, FIVE], title="丙"))
    send(db, draft([ONE, TWO, THREE], title="丁"))
    told = clusters.origins(db, 4)
    assert told["cluster"] == {
        "size": 2, "earliest_draft_id": 1, "earliest_title": "甲", "earliest_unit": None,
        "position": 2,
    }  # fmt: skip
    assert told["merged_from"] == []
    merged = clusters.origins(db, 3)
    assert merged["cluster"] is None
    assert [row["source_title"] for row in merged["merged_from"]] == ["甲", "乙"]  # type: ignore[attr-defined]
