"""合并: seen only over all pairs of a draft, so it is named after the pairs are written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from nlp.reuse import ReuseRules, Source, merged_from
from storage.driver import sqlite3

PARTS: Final = ("节选", "包含", "段落借用", "合并")
"""Kinds of pairs of which one text may be a part of the other."""
_PARTS: Final = "('节选', '包含', '段落借用', '合并')"
_AS_A: Final = (
    "SELECT draft_b, cover_b, cover_a, spans FROM duplicate_pair"  # noqa: S608
    f" WHERE draft_a = :whole AND direction <> 'a_to_b' AND kind IN {_PARTS}"
)
_AS_B: Final = (
    "SELECT draft_a, cover_a, cover_b, spans FROM duplicate_pair"  # noqa: S608
    f" WHERE draft_b = :whole AND direction <> 'b_to_a' AND kind IN {_PARTS}"
)


def name_merged(conn: sqlite3.Connection, drafts: Iterable[int], rules: ReuseRules) -> None:
    """Rename the pairs of each of ``drafts`` that was put together from several others to 合并.

    A draft is not merged from drafts that are known to be later than it.
    """
    for whole in sorted(drafts):
        sources = list(_sources(conn, whole))
        if len(sources) < 2:
            continue
        conn.executemany(
            "UPDATE duplicate_pair SET kind = '合并', whole = ? WHERE draft_a = ? AND draft_b = ?",
            [(whole, min(whole, key), max(whole, key)) for key in merged_from(sources, rules)],
        )


def _sources(conn: sqlite3.Connection, whole: int) -> Iterator[Source]:
    for key, used, share, spans in conn.execute(_AS_A, {"whole": whole}):
        yield Source(key, used, share, tuple((s[0], s[1]) for s in _reused(spans)))
    for key, used, share, spans in conn.execute(_AS_B, {"whole": whole}):
        yield Source(key, used, share, tuple((s[2], s[3]) for s in _reused(spans)))


def _reused(spans: str) -> list[Any]:
    return [span for span in json.loads(spans) if span[4] == "reuse"]
