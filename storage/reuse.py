"""Who sent this before: the fingerprint index, and the pairs that it leads to.

A batch is looked up as a whole before any of it is indexed, so the pairs do not depend on the
order inside the batch. What many drafts have is common language: a fingerprint of more than
``DF_CAP`` drafts leads to nobody and is not stored again, which also bounds every look-up. Equal
copies are found by digest alone; only the earliest of them is indexed and compared, so ten
thousand copies are one entry with a few pairs each.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlite_utils import Database

from nlp.alignment import Run, Span, align
from nlp.fingerprints import Hashes, fingerprint, stock_hashes
from nlp.reuse import RULES, ReuseRules, Side, Verdict, judge, side
from nlp.types import Draft, Findings
from storage import clusters
from storage.connection import raw
from storage.driver import sqlite3
from storage.reuse_merge import name_merged
from storage.sides import Sides, stored_draft

DF_CAP: Final = 50
"""Drafts per fingerprint: 10 to 50 find the same on real magazines; more is common language."""
MIN_HITS: Final = 4
"""Shared fingerprints of a candidate: at 0.118 a character, about 35 characters taken over."""
MAX_CANDIDATES: Final = 10
"""Drafts that one draft is aligned with; recall was complete with 10 on 700 queries."""
MAX_COPIES: Final = 3
"""Earlier drafts that a copy, or one of very many versions of a text, is paired with."""
MASS_SHARE: Final = 0.5
"""Share of common fingerprints from which the draft itself is what everybody sends."""

Entry = tuple[int, int | None, Draft, Findings]
_NOTHING: Final[Hashes] = np.zeros(0, dtype=np.uint64)
_Postings = dict[int, list[int]]
_Row = tuple[int, int, str, float, float, int, int, int, str, str, str, str]


def index_and_compare(
    db: Database, entries: Sequence[Entry], now: str, rules: ReuseRules = RULES
) -> int:
    """Compare a batch with everything stored and with itself; index it; returns pairs written.

    ``entries`` are (draft id, unit id, draft, findings), whose ``draft`` and ``_draft_text`` rows
    are written already, in the caller's open write transaction. Drafts without content are left
    out. Time and rows are linear in the batch whatever it holds.
    """
    conn = raw(db)
    _sweep(conn)
    comparable = sorted((e for e in entries if e[3].exact), key=lambda entry: entry[0])
    copies = _file_digests(conn, comparable)
    batch = _Batch.of(conn, {e[0]: e[3] for e in comparable if not copies[e[0]]})
    pairs = {(earlier, draft) for draft, found in copies.items() for earlier in found}
    pairs |= batch.pairs()
    sides = Sides(conn)
    rows = [
        _row(low, high, verdict, now, rules)
        for low, high in sorted(pairs)
        if (verdict := _verdict(sides[low], sides[high], batch.discounted(low, high), rules))
    ]
    conn.executemany(
        "INSERT INTO duplicate_pair (draft_a, draft_b, kind, cover_a, cover_b,"
        " shared_characters, discounted_characters, longest, direction, spans, rules_version,"
        " made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    clusters.join(conn, [(row[0], row[1]) for row in rows if row[2] in clusters.STRONG])
    name_merged(conn, {draft for row in rows for draft in (row[0], row[1])}, rules)
    batch.store(conn)
    return len(rows)


@dataclass(frozen=True, slots=True)
class _Batch:
    """The fingerprints of a batch, and who had them before."""

    prints: dict[int, tuple[int, ...]]  # draft → its fingerprints without set phrases
    stored: _Postings  # hash → drafts in the index
    arriving: _Postings  # hash → drafts of this batch, ascending
    digests: dict[int, str]  # draft → exact digest, the order-free tie-break
    common: frozenset[int]  # hashes of more than DF_CAP drafts
    sorted_common: Hashes

    @classmethod
    def of(cls, conn: sqlite3.Connection, firsts: dict[int, Findings]) -> _Batch:
        stock = stock_hashes()
        prints = {
            draft: tuple(h for h in findings.fingerprints if h not in stock)
            for draft, findings in firsts.items()
        }
        arriving: _Postings = defaultdict(list)
        for draft, hashes in prints.items():
            for value in hashes:
                arriving[value].append(draft)
        stored = _look_up(conn, arriving)
        common = frozenset(
            value
            for value, drafts in arriving.items()
            if len(drafts) + len(stored.get(value, ())) > DF_CAP
        )
        digests = {draft: findings.exact for draft, findings in firsts.items()}
        ordered = np.array(sorted(common), dtype=np.uint64)
        return cls(prints, stored, arriving, digests, common, ordered)

    def is_mass(self, draft: int) -> bool:
        """Whether most of a draft is common: then it is not boilerplate, all of it is sent."""
        prints = self.prints.get(draft, ())
        return bool(prints) and len(self.common.intersection(prints)) >= MASS_SHARE * len(prints)

    def discounted(self, a: int, b: int) -> Hashes:
        """Hashes (sorted) of what all have, which proves nothing between two drafts."""
        return _NOTHING if self.is_mass(a) or self.is_mass(b) else self.sorted_common

    def pairs(self) -> set[tuple[int, int]]:
        """Pairs (lower id, higher id) worth an alignment."""
        found: set[tuple[int, int]] = set()
        for draft in self.prints:
            candidates = self._of_mass(draft) if self.is_mass(draft) else self._of(draft)
            found.update((min(draft, other), max(draft, other)) for other in candidates)
        return found

    def _of(self, draft: int) -> list[int]:
        hits: Counter[int] = Counter()
        for value in self.prints[draft]:
            earlier, here = self.stored.get(value), self.arriving[value]
            if (earlier or len(here) > 1) and value not in self.common:
                hits.update(earlier or ())
                hits.update(here)
        del hits[draft]
        need = min(MIN_HITS, max(1, len(self.prints[draft]) // 2))
        strong = [other for other, count in hits.items() if count >= need]
        strong.sort(key=lambda other: (-hits[other], self.digests.get(other, ""), other))
        return strong[:MAX_CANDIDATES]

    def _of_mass(self, draft: int) -> list[int]:
        """The earliest of the many that hold most of what this draft holds."""
        hits: Counter[int] = Counter()
        for value in self.prints[draft]:
            earliest = (self.stored.get(value, []) + self.arriving[value])[: MAX_COPIES + 1]
            hits.update(other for other in earliest if other < draft)
        need = MASS_SHARE * len(self.prints[draft])
        return sorted(other for other, count in hits.items() if count >= need)[:MAX_COPIES]

    def store(self, conn: sqlite3.Connection) -> None:
        """Add the batch to the index, the lowest ids first where a fingerprint fills up."""
        conn.executemany(
            "INSERT INTO _fingerprint (hash, draft_id) VALUES (?, ?)",
            [
                (value, draft)
                for value in sorted(self.arriving)
                for draft in self.arriving[value][: DF_CAP - len(self.stored.get(value, ()))]
            ],
        )


def _verdict(a: Side, b: Side, common: Hashes, rules: ReuseRules) -> Verdict | None:
    return judge(a, b, aligned(a, b), common, rules)


def aligned(a: Side, b: Side) -> tuple[Span, ...]:
    """Shared passages of two sides; equal texts are one, however long."""
    text_a, text_b = a.folded.text, b.folded.text
    if text_a != text_b or not text_a:
        return align(text_a, text_b)
    length = len(text_a)
    return (Span(0, length, 0, length, (Run(0, 0, length),)),)


def common_to_many(db: Database | None, sides: Sequence[Side]) -> Hashes:
    """Hashes (sorted) of what all have, which proves nothing between ``sides``.

    Without a database nothing is known to be common but the set phrases.
    """
    if db is None:
        return _NOTHING
    prints = [set(fingerprint(one.folded.text)) - stock_hashes() for one in sides]
    postings = _look_up(raw(db), set().union(*prints))
    common = {value for value, drafts in postings.items() if len(drafts) >= DF_CAP}
    if any(own and len(own & common) >= MASS_SHARE * len(own) for own in prints):
        return _NOTHING
    return np.array(sorted(common), dtype=np.uint64)


def _row(low: int, high: int, verdict: Verdict, now: str, rules: ReuseRules) -> _Row:
    return (
        low, high, verdict.kind, round(verdict.cover_a, 4), round(verdict.cover_b, 4),
        verdict.shared, verdict.discounted, verdict.longest, verdict.direction,
        json.dumps(verdict.passages, separators=(",", ":")), rules.version, now,
    )  # fmt: skip


def _file_digests(conn: sqlite3.Connection, entries: Sequence[Entry]) -> dict[int, tuple[int, ...]]:
    """Store the digests; returns for each draft the earliest equal drafts before it."""
    conn.executemany(
        "INSERT INTO _digest (draft_id, exact) VALUES (?, ?)",
        [(draft_id, findings.exact) for draft_id, _, _, findings in entries],
    )
    return {
        draft_id: tuple(
            row[0]
            for row in conn.execute(
                "SELECT draft_id FROM _digest WHERE exact = ? AND draft_id < ?"
                " ORDER BY draft_id LIMIT ?",
                (findings.exact, draft_id, MAX_COPIES),
            )
        )
        for draft_id, _, _, findings in entries
    }


def _look_up(conn: sqlite3.Connection, hashes: Iterable[int]) -> _Postings:
    """Postings of many hashes in one statement; ascending, each at most DF_CAP long."""
    found: _Postings = defaultdict(list)
    for value, draft in conn.execute(
        "SELECT hash, draft_id FROM json_each(?) JOIN _fingerprint ON hash = json_each.value"
        " ORDER BY hash, draft_id",
        (json.dumps(sorted(hashes)),),
    ):
        found[value].append(draft)
    return found


def _sweep(conn: sqlite3.Connection) -> None:
    """Take deleted drafts out of the index, in one scan however many they are.

    Where the deleted draft stood for its copies, the earliest of them takes its place.
    """
    removed = conn.execute("SELECT draft_id, exact FROM _removed").fetchall()
    if not removed:
        return
    conn.execute("DELETE FROM _fingerprint WHERE draft_id IN (SELECT draft_id FROM _removed)")
    for heir in _heirs(conn, removed):
        content = side(stored_draft(conn, heir)[0]).folded.text
        conn.executemany(
            "INSERT OR IGNORE INTO _fingerprint (hash, draft_id) SELECT ?1, ?2"
            " WHERE (SELECT count(*) FROM _fingerprint WHERE hash = ?1) < ?3",
            [(h, heir, DF_CAP) for h in fingerprint(content) if h not in stock_hashes()],
        )
    clusters.mend(conn, [draft for draft, _ in removed])
    conn.execute("DELETE FROM _removed")


def _heirs(conn: sqlite3.Connection, removed: Iterable[tuple[int, str]]) -> Iterator[int]:
    """Drafts that are now the earliest of their digest."""
    for draft_id, exact in removed:
        (earliest,) = conn.execute(
            "SELECT min(draft_id) FROM _digest WHERE exact = ?", (exact,)
        ).fetchone()
        if earliest is not None and earliest > draft_id:
            yield earliest
