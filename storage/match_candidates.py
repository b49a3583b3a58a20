"""Which stored drafts a printed item may have been made from: by text, and by title."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from nlp.fingerprints import Hashes, fingerprint, stock_hashes
from nlp.match_types import Candidate
from nlp.text import fold
from nlp.titles import title_grams, title_likeness
from storage.driver import sqlite3
from storage.postings import DF_CAP, MIN_HITS, look_up
from storage.sides import Sides

MOST: Final = 20
"""Drafts that an item is compared with: one made from ten sources and their copies still fits."""
FAMILY: Final = 10
"""Copies and other versions of one of them that are looked at as well."""
TITLE_MOST: Final = 30
"""Titles that are compared letter by letter for one item."""
_CHUNK: Final = 20_000
"""Titles that are indexed in one transaction: a second, which other writers wait."""
TITLE_CAP: Final = 400
"""Titles a gram: what more titles have (党建引领) finds nothing that other grams do not."""


class Drafts:
    """Stored drafts as candidates, each loaded once a run."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._sides = Sides(conn)
        self._known: dict[int, Candidate | None] = {}

    def get(self, draft_id: int) -> Candidate | None:
        """The draft; None if it was deleted."""
        if draft_id not in self._known:
            self._known[draft_id] = self._load(draft_id)
        return self._known[draft_id]

    def _load(self, draft_id: int) -> Candidate | None:
        row = self._conn.execute(
            "SELECT manuscript.received_on, coalesce(_cluster.cluster, 0) FROM draft"
            " JOIN manuscript ON manuscript.id = draft.manuscript_id"
            " LEFT JOIN _cluster ON _cluster.draft_id = draft.id WHERE draft.id = ?",
            (draft_id,),
        ).fetchone()
        return Candidate(draft_id, self._sides[draft_id], row[0], row[1]) if row else None


def text_hashes(text: str) -> frozenset[int]:
    """The fingerprints of a printed text, set phrases left out."""
    return frozenset(fingerprint(fold(text).text)) - stock_hashes()


def by_text(conn: sqlite3.Connection, hashes: Iterable[int]) -> tuple[list[int], Hashes]:
    """(drafts with most of these fingerprints and their kin, hashes that too many drafts have)."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for value, draft in look_up(conn, hashes):
        holders[value].append(draft)
    common = sorted(value for value, drafts in holders.items() if len(drafts) >= DF_CAP)
    hits: Counter[int] = Counter()
    for drafts in holders.values():
        if len(drafts) < DF_CAP:
            hits.update(drafts)
    need = min(MIN_HITS, max(1, len(set(hashes)) // 2))
    strong = sorted((d for d, n in hits.items() if n >= need), key=lambda d: (-hits[d], d))[:MOST]
    return _with_kin(conn, strong), np.array(common, dtype=np.uint64)


def _with_kin(conn: sqlite3.Connection, drafts: Sequence[int]) -> list[int]:
    """The drafts, their exact copies (which the index leaves out) and the other versions."""
    found = dict.fromkeys(drafts)
    for draft in drafts:
        for sql in (
            "SELECT other.draft_id FROM _digest AS own JOIN _digest AS other USING (exact)"
            " WHERE own.draft_id = ? ORDER BY other.draft_id LIMIT ?",
            "SELECT other.draft_id FROM _cluster AS own JOIN _cluster AS other USING (cluster)"
            " WHERE own.draft_id = ? ORDER BY other.draft_id LIMIT ?",
        ):
            found.update((row[0], None) for row in conn.execute(sql, (draft, FAMILY)))
    return list(found)


def titles_like(
    conn: sqlite3.Connection, title: str, least: float, *, printed: bool
) -> list[tuple[int, float]]:
    """(id, likeness) of drafts, or of printed items, whose title is like ``title``; best first."""
    hits: Counter[int] = Counter()
    for value in title_grams(title):
        rows = conn.execute(
            "SELECT id FROM _title_gram WHERE hash = ? AND printed = ? LIMIT ?",
            (value, printed, TITLE_CAP + 1),
        ).fetchall()
        if len(rows) <= TITLE_CAP:
            hits.update(row[0] for row in rows)
    near = [id_ for id_, _ in hits.most_common(TITLE_MOST)]
    table, column = ("printed_item", "title") if printed else ("draft", "title")
    found = conn.execute(
        f"SELECT id, {column} FROM {table}"  # noqa: S608  both are constants of ours
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(near),),
    ).fetchall()
    alike = ((id_, title_likeness(title, other)) for id_, other in found)
    return sorted(((i, like) for i, like in alike if like >= least), key=lambda p: (-p[1], p[0]))


def index_titles(conn: sqlite3.Connection) -> list[tuple[int, str]]:
    """Index the titles of some drafts that are not yet; returns those drafts (id, title)."""
    new = conn.execute(
        "SELECT id, title FROM draft WHERE NOT EXISTS"
        " (SELECT 1 FROM _titled_draft WHERE draft_id = draft.id) ORDER BY id LIMIT ?",
        (_CHUNK,),
    ).fetchall()
    _store_grams(conn, new, printed=False)
    conn.executemany("INSERT INTO _titled_draft (draft_id) VALUES (?)", [(id_,) for id_, _ in new])
    return new


def index_items(conn: sqlite3.Connection, items: Sequence[tuple[int, str, str]]) -> None:
    """Index printed items (id, title, text) by their title and by their text."""
    _store_grams(conn, [(id_, title) for id_, title, _ in items], printed=True)
    conn.executemany(
        "INSERT OR IGNORE INTO _item_fingerprint (hash, item_id) VALUES (?, ?)",
        sorted((value, id_) for id_, _, text in items for value in text_hashes(text)),
    )


def _store_grams(
    conn: sqlite3.Connection, titles: Iterable[tuple[int, str]], *, printed: bool
) -> None:
    conn.executemany(
        "INSERT OR IGNORE INTO _title_gram (hash, printed, id) VALUES (?, ?, ?)",
        sorted((value, printed, id_) for id_, title in titles for value in title_grams(title)),
    )
