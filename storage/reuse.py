"""Who sent this before: the fingerprint index, and the pairs that it leads to.

A batch is looked up as a whole before any of it is indexed, so the pairs do not depend on the
order inside the batch. What many drafts have is common language: a fingerprint of more than
``DF_CAP`` drafts leads to nobody and is not stored again, which also bounds every look-up. Equal
copies are found by digest alone; only the earliest of them is indexed and compared, so ten
thousand copies are one entry with a few pairs each.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from sqlite_utils import Database

from nlp.fingerprints import Hashes, fingerprint, stock_hashes
from nlp.reuse import RULES, ReuseRules, Side, Verdict, judge, side
from nlp.types import Draft, Findings
from storage import clusters
from storage.connection import raw
from storage.driver import sqlite3
from storage.postings import DF_CAP, MASS_SHARE, MAX_COPIES, NOTHING, Batch, look_up
from storage.printed_reuse import note_printed
from storage.reuse_merge import name_merged
from storage.sides import Sides, aligned, stored_draft

Entry = tuple[int, int | None, Draft, Findings]
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
    batch = Batch.of(conn, {e[0]: e[3] for e in comparable if not copies[e[0]]})
    pairs = {(earlier, draft) for draft, found in copies.items() for earlier in found}
    pairs |= batch.pairs()
    sides = Sides(conn)
    made = (rules.version, now)
    rows = [
        _row(low, high, verdict, made)
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
    note_printed(conn, comparable, now)
    return len(rows)


def _verdict(a: Side, b: Side, common: Hashes, rules: ReuseRules) -> Verdict | None:
    return judge(a, b, aligned(a, b), common, rules)


def common_to_many(db: Database | None, sides: Sequence[Side]) -> Hashes:
    """Hashes (sorted) of what all have, which proves nothing between ``sides``.

    Without a database nothing is known to be common but the set phrases.
    """
    if db is None:
        return NOTHING
    prints = [set(fingerprint(one.folded.text)) - stock_hashes() for one in sides]
    holders = Counter(value for value, _ in look_up(raw(db), set().union(*prints)))
    common = {value for value, drafts in holders.items() if drafts >= DF_CAP}
    if any(own and len(own & common) >= MASS_SHARE * len(own) for own in prints):
        return NOTHING
    return np.array(sorted(common), dtype=np.uint64)


def _row(low: int, high: int, verdict: Verdict, made: tuple[str, str]) -> _Row:
    return (
        low, high, verdict.kind, round(verdict.cover_a, 4), round(verdict.cover_b, 4),
        verdict.shared, verdict.discounted, verdict.longest, verdict.direction,
        json.dumps(verdict.passages, separators=(",", ":")), *made,
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


def _sweep(conn: sqlite3.Connection) -> None:
    """Take deleted drafts out of the index, in one scan however many they are.

    Where the deleted draft stood for its copies, the earliest of them takes its place.
    """
    removed = conn.execute("SELECT draft_id, exact FROM _removed").fetchall()
    if not removed:
        return
    _withdraw(conn, removed)
    clusters.mend(conn, [draft for draft, _ in removed])
    conn.execute("DELETE FROM _removed")


def forget_prints(conn: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Take drafts that stay, but without their text, out of the index; pairs are kept.

    One scan however many they are.
    """
    chosen = (json.dumps(list(ids)),)
    among = "draft_id IN (SELECT value FROM json_each(?))"
    removed = conn.execute(f"SELECT draft_id, exact FROM _digest WHERE {among}", chosen).fetchall()  # noqa: S608
    conn.execute(f"DELETE FROM _digest WHERE {among}", chosen)  # noqa: S608
    if removed:
        _withdraw(conn, removed)


def _withdraw(conn: sqlite3.Connection, removed: Sequence[tuple[int, str]]) -> None:
    conn.execute(
        "DELETE FROM _fingerprint WHERE draft_id IN (SELECT value FROM json_each(?))",
        (json.dumps([draft for draft, _ in removed]),),
    )
    for heir in _heirs(conn, removed):
        content = side(stored_draft(conn, heir)[0]).folded.text
        conn.executemany(
            "INSERT OR IGNORE INTO _fingerprint (hash, draft_id) SELECT ?1, ?2"
            " WHERE (SELECT count(*) FROM _fingerprint WHERE hash = ?1) < ?3",
            [(h, heir, DF_CAP) for h in fingerprint(content) if h not in stock_hashes()],
        )


def _heirs(conn: sqlite3.Connection, removed: Iterable[tuple[int, str]]) -> Iterator[int]:
    """Drafts that are now the earliest of their digest."""
    for draft_id, exact in removed:
        (earliest,) = conn.execute(
            "SELECT min(draft_id) FROM _digest WHERE exact = ?", (exact,)
        ).fetchone()
        if earliest is not None and earliest > draft_id:
            yield earliest
