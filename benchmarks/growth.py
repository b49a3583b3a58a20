"""Reuse as the office grows: CPU a draft, bytes of index a draft and memory, to a million drafts.

    python -m benchmarks.growth [--million] [--write]

Stored are the 310 texts of ``benchmarks.reuse_cases`` and replicas of them: real numbers of
fingerprints a draft, those that many drafts have kept as they are (up to the cap), the others
made unlike any. Asked are 200 arriving drafts in batches of 50, rolled back afterwards, by a fresh
process at each size; two in five are variants of stored ones, so they are aligned and judged.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.machine import describe, put_section
from benchmarks.reuse import NOW, Ours
from benchmarks.reuse_cases import INDEXED, Office, negatives, office, positives
from benchmarks.reuse_variants import Query
from nlp.fingerprints import exact_digest, fingerprint, stock_hashes
from nlp.text import fold
from storage.connection import Database, raw
from storage.postings import DF_CAP
from storage.reuse import index_and_compare

SIZES = (10_000, 100_000)
LOAD = 50_000  # drafts loaded at once, sorted by fingerprint as a batch is
ASKED, BATCH = 200, 50
_Rows = npt.NDArray[np.uint64]


def prints_of(kept: Office) -> list[_Rows]:
    """Fingerprints of every stored text, without set phrases."""
    stock = stock_hashes()
    found = (fingerprint(fold("\n".join(text.paragraphs)).text) for text in kept.stored)
    return [np.array([h for h in hashes if h not in stock], dtype=np.uint64) for hashes in found]


def replicas(prints: list[_Rows], first: int, count: int) -> _Rows:
    """Rows (fingerprint, draft) of ``count`` drafts from id ``first`` on, sorted; shape (2, n)."""
    rows = []
    for draft in range(first, first + count):
        own = prints[draft % len(prints)]
        salt = np.uint64(draft * 0x9E3779B97F4A7C15 & (1 << 64) - 1)
        mixed = ((own ^ salt) * np.uint64(0xD6E8FEB86659FD93)) >> np.uint64(16)
        rows.append(np.stack([mixed, np.full(own.size, draft, dtype=np.uint64)]))
    table = np.concatenate(rows, axis=1)
    return table[:, np.lexsort((table[1], table[0]))]


def load(db: Database, prints: list[_Rows], stored: int, size: int) -> None:
    """Let the index grow from ``stored`` to ``size`` drafts."""
    conn = raw(db)
    for first in range(stored, size, LOAD):
        count = min(LOAD, size - first)
        table = replicas(prints, first + 1, count)
        conn.execute("BEGIN IMMEDIATE")
        conn.executemany(
            "INSERT INTO _fingerprint (hash, draft_id) VALUES (?, ?)",
            zip(*table.tolist(), strict=True),
        )
        digests = (
            (draft, exact_digest(str(draft))) for draft in range(first + 1, first + count + 1)
        )
        conn.executemany("INSERT INTO _digest (draft_id, exact) VALUES (?, ?)", digests)
        conn.execute("COMMIT")


def fill_common(ours: Ours, prints: list[_Rows]) -> None:
    """Fingerprints that many of the texts have are at their cap in a grown index."""
    conn = raw(ours.db)
    counts = Counter(value for own in prints for value in own.tolist())
    rows = (
        (value, 10**9 + n)
        for value, count in sorted(counts.items())
        if count > DF_CAP // 2
        for n in range(DF_CAP - min(count, DF_CAP))
    )
    conn.executemany("INSERT INTO _fingerprint (hash, draft_id) VALUES (?, ?)", rows)


def arriving(kept: Office) -> list[Query]:
    """Two variants to three fresh drafts, no two of one source in a batch."""
    dice = random.Random(5)
    variants = list(positives(kept, INDEXED))
    dice.shuffle(variants)
    fresh = list(negatives(kept))
    dice.shuffle(fresh)
    share = ASKED * 2 // 5
    mixed = variants[:share] + fresh[: ASKED - share]
    dice.shuffle(mixed)
    return mixed


def ask(folder: Path) -> dict[str, float]:
    """Milliseconds CPU a draft of each step, and the peak of memory in MB."""
    kept = office()
    ours = Ours(folder, kept, 0)
    ours.size = 10**9 + 100  # ids of the drafts that arrive
    conn = raw(ours.db)
    queries = arriving(kept)
    texts = ["\n".join(query.lines) for query in queries]
    stock_hashes()  # once a process, not once a draft
    began = time.process_time()
    for text in texts:
        folded = fold(text).text
        exact_digest(folded)
        fingerprint(folded)
    read = time.process_time() - began
    spent = 0.0
    pairs = 0
    for start in range(0, ASKED, BATCH):
        conn.execute("BEGIN IMMEDIATE")
        batch = [
            ours.entry(ours.size + n, n % 40, query.lines)
            for n, query in enumerate(queries[start : start + BATCH])
        ]
        began = time.process_time()
        pairs += index_and_compare(ours.db, batch, NOW)
        spent += time.process_time() - began
        conn.execute("ROLLBACK")
    return {
        "fingerprint": 1000 * read / ASKED,
        "compare": 1000 * spent / ASKED,
        "pairs": pairs,
        "characters": sum(map(len, texts)) / ASKED,
        "memory": peak_memory(),
    }


def peak_memory() -> float:
    """Peak of this process's memory in MB (``ru_maxrss`` would begin at the parent's)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")


def measure(sizes: tuple[int, ...]) -> Iterator[str]:
    """The table, a row a size."""
    kept = office()
    prints = prints_of(kept)
    mean = sum(map(len, prints)) / len(prints)
    yield (
        "| drafts stored | index, bytes a draft | fold, fingerprint, ms CPU a draft |"
        " look up, align, judge, write | together | memory, MB |"
    )
    yield "|--:|--:|--:|--:|--:|--:|"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = Ours(folder, kept, INDEXED)
        for pragma in ("synchronous=OFF", "cache_size=-400000"):
            raw(ours.db).execute(f"PRAGMA {pragma}")
        base = file_size(ours, folder)
        fill_common(ours, prints)
        stored = INDEXED
        for size in sizes:
            load(ours.db, prints, stored, size)
            stored = size
            grown = (file_size(ours, folder) - base) / (size - INDEXED)
            command = [sys.executable, "-m", "benchmarks.growth", "--ask", name]
            told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            both = told["fingerprint"] + told["compare"]
            yield (
                f"| {size:,} | {grown:,.0f} | {told['fingerprint']:.2f} | {told['compare']:.2f} |"
                f" {both:.2f} | {told['memory']:.0f} |"
            )
            print(size, told, file=sys.stderr)
    yield ""
    yield (
        f"{mean:.0f} fingerprints a stored draft; {told['characters']:,.0f} characters an arriving"
        f" one, {told['pairs']:.0f} pairs of {ASKED}."
    )


def file_size(ours: Ours, folder: Path) -> int:
    """Bytes of the database, its log written back."""
    raw(ours.db).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return (folder / "zugao.db").stat().st_size


def main() -> None:
    """Measure, print, and with ``--write`` put into docs/benchmarks.md."""
    if "--ask" in sys.argv:
        print(json.dumps(ask(Path(sys.argv[-1]))))
        return
    sizes = (*SIZES, 1_000_000) if "--million" in sys.argv else SIZES
    lines = [describe(), "", *measure(sizes)]
    print("\n".join(lines))
    if "--write" in sys.argv:
        put_section("growth", lines)


if __name__ == "__main__":
    main()
