"""已刊发: a draft that comes in with text that was printed before is told so at intake."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nlp.fingerprints import stock_hashes
from nlp.reuse import Side, Verdict, measure, side
from nlp.text import fold
from nlp.types import Draft, Findings, Flag
from storage.connection import Database, raw
from storage.driver import sqlite3
from storage.postings import DF_CAP, MIN_HITS, NOTHING
from storage.sides import aligned
from storage.texts import storable

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
    told = _printed(conn, [(draft, findings) for _, _, draft, findings in entries])
    for (draft_id, *_), found in zip(entries, told, strict=True):
        _write(conn, draft_id, found, now)
    return sum(map(len, told))


def flags_of_unstored(db: Database, asked: Sequence[tuple[Draft, Findings]]) -> list[list[Flag]]:
    """For drafts that are not stored, the flags that an intake would give them here."""
    return [
        [Flag(FLAG, "warn", one.message, *one.place, one.verdict.shared) for one in found]
        for found in _printed(raw(db), asked)
    ]


@dataclass(frozen=True, slots=True)
class _Told:
    """A printed item whose text a draft has."""

    item_id: int
    verdict: Verdict
    words: str

    @property
    def message(self) -> str:
        return f"已刊发：{self.words}，本稿{self.verdict.cover_a:.0%}与它相同"

    @property
    def place(self) -> tuple[int, int]:
        """Where in the draft the longest passage stands that was printed."""
        places = ((p.a_start, p.a_end) for p in self.verdict.passages if p.nature == "reuse")
        return max(places, key=lambda place: place[1] - place[0])


def _printed(
    conn: sqlite3.Connection, asked: Sequence[tuple[Draft, Findings]]
) -> list[list[_Told]]:
    """For each draft the printed items that have its text."""
    holders: dict[int, list[int]] = {}
    if conn.execute("SELECT 1 FROM _item_fingerprint LIMIT 1").fetchone():
        holders = _holders(conn, [findings for _, findings in asked])
    if not holders:
        return [[] for _ in asked]
    items: dict[int, _Item] = {}
    return [_of_draft(conn, draft, findings, holders, items) for draft, findings in asked]


def _of_draft(
    conn: sqlite3.Connection,
    draft: Draft,
    findings: Findings,
    holders: dict[int, list[int]],
    items: dict[int, _Item],
) -> list[_Told]:
    found = []
    near = _candidates(findings, holders)
    own = side(draft) if near else None
    for item_id in near:
        if item_id not in items:
            items[item_id] = _load(conn, item_id)
        item = items[item_id]
        if own and (verdict := _told(own, item.side)):
            found.append(_Told(item_id, verdict, item.words))
    return found


def _holders(conn: sqlite3.Connection, batch: Sequence[Findings]) -> dict[int, list[int]]:
    """Fingerprint → items, of all fingerprints of the batch but set phrases and common ones."""
    asked = {value for findings in batch for value in findings.fingerprints} - stock_hashes()
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


def _write(conn: sqlite3.Connection, draft_id: int, found: Sequence[_Told], now: str) -> None:
    conn.executemany(
        "INSERT INTO printed_reuse (draft_id, item_id, cover, item_cover, shared_characters,"
        " longest, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (draft_id, one.item_id, round(one.verdict.cover_a, 4), round(one.verdict.cover_b, 4),
             one.verdict.shared, one.verdict.longest, now)
            for one in found
        ],
    )  # fmt: skip
    conn.executemany(
        "INSERT INTO flag (draft_id, kind, severity, message, start_offset, end_offset,"
        " count_value, limit_value, made_at) VALUES (?, ?, 'warn', ?, ?, ?, ?, 0, ?)",
        [
            (draft_id, FLAG, storable(one.message), *one.place, one.verdict.shared, now)
            for one in found
        ],
    )
