"""已刊发: a draft that comes in with text that was printed before is told so at intake."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from nlp.fingerprints import stock_hashes
from nlp.reuse import Side, Verdict, measure, side
from nlp.text import fold
from nlp.types import Draft, Findings
from storage.driver import sqlite3
from storage.postings import DF_CAP, MIN_HITS, NOTHING
from storage.sides import aligned

FLAG: Final = "already_printed"
"""Kind of the flag on such a draft."""
_MOST: Final = 5
"""Printed items that a draft is compared with."""
_LEAST: Final = 45
"""Equal characters: a full sentence."""
_OF_DRAFT: Final = 0.3
_OF_ITEM: Final = 0.5
"""A draft of which so much was printed, or that holds so much of what was printed, is told."""

Entry = tuple[int, int | None, Draft, Findings]


@dataclass(frozen=True, slots=True)
class _Item:
    side: Side
    words: str  # where it was printed, as people say it


def note_printed(conn: sqlite3.Connection, entries: Sequence[Entry], now: str) -> int:
    """Note for each draft of a batch which printed items have its text; returns rows written.

    In the caller's write transaction. One look-up where no printed item is stored.
    """
    if conn.execute("SELECT 1 FROM _item_fingerprint LIMIT 1").fetchone() is None:
        return 0
    holders = _holders(conn, entries)
    if not holders:
        return 0
    items: dict[int, _Item] = {}
    written = 0
    for draft_id, _, draft, findings in entries:
        found = []
        own = side(draft)
        for item_id in _candidates(findings, holders):
            if item_id not in items:
                items[item_id] = _load(conn, item_id)
            if verdict := _told(own, items[item_id].side):
                found.append((item_id, verdict))
        _write(conn, draft_id, found, items, now)
        written += len(found)
    return written


def _holders(conn: sqlite3.Connection, entries: Sequence[Entry]) -> dict[int, list[int]]:
    """Fingerprint → items, of all fingerprints of the batch but set phrases and common ones."""
    asked = {value for entry in entries for value in entry[3].fingerprints} - stock_hashes()
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for value, item_id in conn.execute(
        "SELECT hash, item_id FROM json_each(?) JOIN _item_fingerprint ON hash = json_each.value",
        (json.dumps(sorted(asked)),),
    ):
        holders[value].append(item_id)
    return {value: items for value, items in holders.items() if len(items) <= DF_CAP}


def _candidates(findings: Findings, holders: dict[int, list[int]]) -> list[int]:
    hits = Counter(item for h in findings.fingerprints for item in holders.get(h, ()))
    need = min(MIN_HITS, max(1, len(findings.fingerprints) // 2))
    strong = [item for item, count in hits.items() if count >= need]
    return sorted(strong, key=lambda item: (-hits[item], item))[:_MOST]


def _load(conn: sqlite3.Connection, item_id: int) -> _Item:
    title, text, outlet, number, day = conn.execute(
        "SELECT item.title, item.text, outlet.name, issue.number, coalesce(published_on, '')"
        " FROM printed_item AS item JOIN issue ON issue.id = item.issue_id"
        " JOIN outlet ON outlet.id = issue.outlet_id WHERE item.id = ?",
        (item_id,),
    ).fetchone() or ("", "", "", "", "")
    which = "" if number == day else f"第{number}期"
    return _Item(Side(title, text, fold(text)), f"《{outlet}》{which}（{day}）《{title}》")


def _told(own: Side, printed: Side) -> Verdict | None:
    """How a draft overlaps with a printed text; None if it is not worth telling."""
    verdict = measure(own, printed, aligned(own, printed), NOTHING)
    enough = verdict.cover_a >= _OF_DRAFT or verdict.cover_b >= _OF_ITEM
    return verdict if verdict.shared >= _LEAST and enough else None


def _write(
    conn: sqlite3.Connection,
    draft_id: int,
    found: Sequence[tuple[int, Verdict]],
    items: dict[int, _Item],
    now: str,
) -> None:
    conn.executemany(
        "INSERT INTO printed_reuse (draft_id, item_id, cover, item_cover, shared_characters,"
        " longest, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (draft_id, item, round(v.cover_a, 4), round(v.cover_b, 4), v.shared, v.longest, now)
            for item, v in found
        ],
    )
    conn.executemany(
        "INSERT INTO flag (draft_id, kind, severity, message, start_offset, end_offset,"
        " count_value, limit_value, made_at) VALUES (?, ?, 'warn', ?, ?, ?, ?, 0, ?)",
        [
            (draft_id, FLAG, f"已刊发：{items[item].words}，本稿{v.cover_a:.0%}与它相同",
             *_longest(v), v.shared, now)
            for item, v in found
        ],
    )  # fmt: skip


def _longest(verdict: Verdict) -> tuple[int, int]:
    """Where in the draft the longest passage stands that was printed."""
    places: Iterator[tuple[int, int]] = (
        (p.a_start, p.a_end) for p in verdict.passages if p.nature == "reuse"
    )
    return max(places, key=lambda place: place[1] - place[0])
