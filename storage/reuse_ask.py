"""Who sent this before, asked for drafts that are not stored: nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlite_utils import Database

from nlp.reuse import RULES, ReuseRules, Source, Verdict, judge, merged_from, side
from nlp.types import Draft, Findings
from storage.connection import raw
from storage.driver import sqlite3
from storage.postings import MAX_COPIES, Batch
from storage.reuse_merge import PARTS
from storage.sides import Sides, aligned

_ASKED: Final = 1 << 60
"""Ids of the drafts that ask: above those of all stored ones, as if they had just arrived."""


def pairs_of_unstored(
    db: Database,
    asked: Sequence[tuple[Draft, Findings, int | str | None]],
    rules: ReuseRules = RULES,
) -> list[list[dict[str, Any]]]:
    """For each (draft, findings, unit) the stored drafts it shares text with, the closest first.

    The rows have the keys of ``pairs`` in ``storage.facts``. They are what an intake would store,
    but for the pairs that the drafts of one file make among themselves.
    """
    conn = raw(db)
    entries = {_ASKED + n: one for n, one in enumerate(asked) if one[1].exact}
    copies = {key: set(_copies(conn, one[1].exact)) for key, one in entries.items()}
    batch = Batch.of(conn, {key: entries[key][1] for key, earlier in copies.items() if not earlier})
    candidates = batch.pairs()
    sides = Sides(conn)
    for key, (draft, _, unit) in entries.items():
        sides[key] = side(draft, unit=unit, arrival=_ASKED)
    found: list[list[dict[str, Any]]] = [[] for _ in asked]
    for key in entries:
        others = copies[key] | {low for low, high in candidates if high == key and low < _ASKED}
        verdicts = {
            other: verdict
            for other in sorted(_present(conn, others))
            if (verdict := _judged(sides, batch, other, key, rules))
        }
        found[key - _ASKED] = sorted(
            _rows(conn, _with_merged(verdicts, rules)),
            key=lambda row: (-row["cover"], row["other_id"]),
        )
    return found


def _judged(sides: Sides, batch: Batch, other: int, key: int, rules: ReuseRules) -> Verdict | None:
    a, b = sides[other], sides[key]
    return judge(a, b, aligned(a, b), batch.discounted(other, key), rules)


def _copies(conn: sqlite3.Connection, exact: str) -> Iterator[int]:
    sql = "SELECT draft_id FROM _digest WHERE exact = ? ORDER BY draft_id LIMIT ?"
    yield from (row[0] for row in conn.execute(sql, (exact, MAX_COPIES)))


def _present(conn: sqlite3.Connection, drafts: set[int]) -> Iterator[int]:
    """Those that were not deleted: the index is swept only when the next batch is written."""
    for draft in drafts:
        if conn.execute("SELECT 1 FROM draft WHERE id = ?", (draft,)).fetchone():
            yield draft


def _with_merged(verdicts: Mapping[int, Verdict], rules: ReuseRules) -> dict[int, Verdict]:
    """The verdicts, those on the sources of a merged draft named 合并."""
    sources = [
        Source(
            other, verdict.cover_a, verdict.cover_b,
            tuple((p.b_start, p.b_end) for p in verdict.passages if p.nature == "reuse"),
        )
        for other, verdict in verdicts.items()
        if verdict.kind in PARTS and verdict.direction != "b_to_a"
    ]  # fmt: skip
    merged = merged_from(sources, rules)
    return {
        other: replace(verdict, kind="合并") if other in merged else verdict
        for other, verdict in verdicts.items()
    }


def _rows(conn: sqlite3.Connection, verdicts: Mapping[int, Verdict]) -> Iterator[dict[str, Any]]:
    told = {"a_to_b": "taken", "b_to_a": "given", "": ""}
    for other, verdict in verdicts.items():
        title, unit = conn.execute(
            "SELECT title, unit.name FROM draft LEFT JOIN unit ON unit.id = draft.unit_id"
            " WHERE draft.id = ?",
            (other,),
        ).fetchone()
        yield {
            "other_id": other,
            "other_title": title,
            "other_unit": unit,
            "kind": verdict.kind,
            "cover": verdict.cover_b,
            "other_cover": verdict.cover_a,
            "shared_characters": verdict.shared,
            "longest": verdict.longest,
            "direction": told[verdict.direction],
            "spans": [[p.b_start, p.b_end, p.a_start, p.a_end, p.nature] for p in verdict.passages],
        }
