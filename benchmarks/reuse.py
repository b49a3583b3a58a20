"""Reuse: ours and the peers on the same variants and hard negatives, warm and cold.

    python -m benchmarks.reuse [--write] [--cold] [--wrong]

A variant counts as found by the stored draft that it was made from; every other draft flagged is
a mistake. Peers' thresholds are tuned on one half of the texts; all figures are of the other.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import describe, put_section
from benchmarks.reuse_cases import NEGATIVES, Office, negatives, office, positives
from benchmarks.reuse_peers import Scores, peers
from benchmarks.reuse_targets import Told, targets
from benchmarks.reuse_variants import Query
from nlp.fingerprints import exact_digest, fingerprint
from nlp.text import fold
from nlp.types import Draft, Findings, Genre, Paragraph
from storage.connection import Database, open_database, raw
from storage.reuse import index_and_compare
from storage.texts import pack_paragraphs

COLD = 50
NEAR = 10
NOW = "2026-01-01T00:00:00Z"


@dataclass
class Found:
    """What was said of one query."""

    flagged: set[int]
    kinds: dict[int, str] = field(default_factory=dict)
    shares: dict[int, float] = field(default_factory=dict)
    ranges: dict[int, list[tuple[int, int]]] = field(default_factory=dict)


class Ours:
    """The real index in a real database; a query is rolled back, so queries do not meet."""

    def __init__(self, folder: Path, kept: Office, size: int) -> None:
        self.db: Database = open_database(folder / "zugao.db")
        self.conn = raw(self.db)
        self.conn.execute("PRAGMA foreign_keys=OFF")  # only what the index reads is written
        self.conn.execute(
            "INSERT OR IGNORE INTO run (id, started_at, ended_at, how, outcome)"
            " VALUES (1, ?1, ?1, 'direct', 'completed')",
            (NOW,),
        )
        self.size = size
        for start in range(0, size, 50):
            self.conn.execute("BEGIN IMMEDIATE")
            batch = [
                self.entry(n, kept.unit(n), kept.stored[n].paragraphs)
                for n in range(start, min(size, start + 50))
            ]
            index_and_compare(self.db, batch, NOW)
            self.conn.execute("COMMIT")

    def entry(self, n: int, unit: int, lines: Sequence[str]) -> tuple[int, int, Draft, Findings]:
        """Write the rows of draft n + 1 and give what is indexed of it."""
        draft = Draft(1, f"稿件{n}", tuple(Paragraph("body", "", line) for line in lines))
        folded = fold(draft.text, draft.ranges()).text
        found = Findings(
            (), (), "", 0.0, Genre("动态", 1.0), (), (), exact_digest(folded), fingerprint(folded)
        )
        self.conn.execute(
            "INSERT INTO manuscript (id, name, sha256, unit_id, unit_given, source, received_at,"
            " run_id, state) VALUES (?1, ?1, ?1, ?2, '', '', ?3, 1, 'read')",
            (n + 1, unit + 1, NOW),
        )
        self.conn.execute(
            "INSERT INTO draft (id, manuscript_id, position, run_id, unit_id, unit_as_written,"
            " title, subtitle, author, signer, phone, dated, attachments, characters, genre,"
            " genre_probability, category_probability, created_at) VALUES"
            " (?1, ?1, 1, 1, ?2, '', ?3, '', '', '', '', '', '[]', 0, '动态', 1, 0, ?4)",
            (n + 1, unit + 1, draft.title, NOW),
        )
        self.conn.execute(
            "INSERT INTO _draft_text (draft_id, text, paragraphs) VALUES (?, ?, ?)",
            (n + 1, draft.text, pack_paragraphs(draft)),
        )
        return n + 1, unit + 1, draft, found

    def ask(self, query: Query, kept: Office) -> Found:
        """The pairs of a query against the index."""
        sources = {kept.unit(n) for n in query.sources}
        unit = query.unit if query.unit >= 0 else next(u for u in range(40) if u not in sources)
        self.conn.execute("BEGIN IMMEDIATE")
        entry = self.entry(self.size, unit, query.lines)
        index_and_compare(self.db, [entry], NOW)
        rows = self.conn.execute(
            "SELECT draft_a - 1, kind, cover_b, spans FROM duplicate_pair"
            " WHERE draft_b = ? AND kind <> '引用'",
            (self.size + 1,),
        ).fetchall()
        self.conn.execute("ROLLBACK")
        found = Found({row[0] for row in rows})
        for n, kind, share, spans in rows:
            found.kinds[n], found.shares[n] = kind, share
            found.ranges[n] = [(s[2], s[3]) for s in json.loads(spans) if s[4] == "reuse"]
        return found


def f1_of(queries: Sequence[Query], flagged: Sequence[set[int]]) -> dict[str, float]:
    """F1 over pairs, per construction."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for query, said in zip(queries, flagged, strict=True):
        wanted = set(query.sources)
        right[query.kind] += len(wanted & said)
        wrong[query.kind] += len(wanted ^ said)
    kinds = dict.fromkeys(q.kind for q in queries if q.sources)
    return {kind: 2 * right[kind] / (2 * right[kind] + wrong[kind]) for kind in kinds}


def flagged_per_thousand(queries: Sequence[Query], flagged: Sequence[set[int]]) -> dict[str, float]:
    """Hard negatives of which anything is flagged, per kind and over all."""
    said: dict[str, list[bool]] = defaultdict(list)
    for query, found in zip(queries, flagged, strict=True):
        if not query.sources:
            said[query.kind].append(bool(found))
            said["all"].append(bool(found))
    return {kind: 1000 * float(np.mean(values)) for kind, values in said.items()}


def best_threshold(queries: Sequence[Query], scores: Scores) -> float:
    """The threshold of the best macro-F1."""
    tried = np.unique(np.round(np.concatenate([scores.max(axis=1), np.linspace(0, 1, 101)]), 3))
    if len(tried) > 150:
        tried = tried[:: len(tried) // 150]
    figures = [
        (float(np.mean([*f1_of(queries, _over(scores, t)).values()])), t) for t in tried.tolist()
    ]
    return max(figures)[1]


def _over(scores: Scores, threshold: float) -> list[set[int]]:
    return [set(np.flatnonzero(row >= threshold).tolist()) for row in scores]


def run(kept: Office, size: int, wrong: bool) -> tuple[list[str], list[str]]:  # noqa: FBT001
    """Tables of one index: F1 and hard negatives of all, what only ours tells."""
    queries = [*positives(kept, size), *negatives(kept)]
    folded = [fold("\n".join(query.lines)).text for query in queries]
    stored = [fold("\n".join(text.paragraphs)).text for text in kept.stored[:size]]
    half = [n for n, query in enumerate(queries) if query.half]
    other = [n for n, query in enumerate(queries) if not query.half]
    asked = [queries[n] for n in half]
    results: dict[str, list[set[int]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(Path(folder), kept, size)
        began = time.process_time()
        answers = [ours.ask(query, kept) for query in asked]
        spent = (time.process_time() - began) / len(asked)
    results["zugao"] = [answer.flagged for answer in answers]
    thresholds = {"zugao": "–"}
    if wrong:
        print_wrong(asked, answers)
    for name, peer in ({} if wrong else peers()).items():
        scores = peer(folded, stored)
        threshold = best_threshold([queries[n] for n in other], scores[other])
        thresholds[name] = f"{threshold:.2f}"
        results[name] = _over(scores[half], threshold)
        print(f"  {name} done", file=sys.stderr)
    lines, told = details(asked, answers, spent)
    figures = {name: f1_of(asked, said) for name, said in results.items()}
    false = flagged_per_thousand(asked, results["zugao"])["all"]
    return table(asked, results, thresholds), [*lines, "", *targets(figures, false, told)]


def table(
    queries: Sequence[Query], results: dict[str, list[set[int]]], thresholds: dict[str, str]
) -> list[str]:
    """One column a method."""
    figures = {name: f1_of(queries, said) for name, said in results.items()}
    false = {name: flagged_per_thousand(queries, said) for name, said in results.items()}
    head = ["| F1 | queries |" + "|".join(f" {name} " for name in results) + "|"]
    head.append("|---|--:|" + "--:|" * len(results))
    counts = Counter(query.kind for query in queries)
    lines = [_row(kind, counts[kind], (f[kind] for f in figures.values()), 3)
             for kind in figures["zugao"]]  # fmt: skip
    macro = [float(np.mean([*f.values()])) for f in figures.values()]
    lines.append(_row("**macro-F1**", sum(counts[k] for k in figures["zugao"]), macro, 3))
    for kind in (*NEGATIVES, "all"):
        label = f"flagged per 1,000: {kind}"
        count = counts[kind] if kind != "all" else sum(counts[k] for k in NEGATIVES)
        lines.append(_row(label, count, (f.get(kind, 0.0) for f in false.values()), 1))
    tuned = "|".join(f" {thresholds[name]} " for name in results)
    return [*head, *lines, f"| threshold | |{tuned}|"]


def _row(label: str, count: int, values: Iterable[float], digits: int) -> str:
    return f"| {label} | {count} |" + "|".join(f" {v:.{digits}f} " for v in values) + "|"


def details(
    queries: Sequence[Query], answers: Sequence[Found], spent: float
) -> tuple[list[str], Told]:
    """Kinds, boundaries, shares: what no peer tells."""
    named: dict[str, list[bool]] = defaultdict(list)
    near: list[bool] = []
    errors: list[float] = []
    for query, answer in zip(queries, answers, strict=True):
        for source in query.sources:
            if source in answer.flagged:
                named[query.kind].append(answer.kinds[source] == query.named)
                if query.planted:
                    near += boundaries(query, answer.ranges[source])
                    errors.append(abs(answer.shares[source] - query.share))
    every = [right for kind in named.values() for right in kind]
    wrong = ", ".join(f"{k} {np.mean(v):.1%}" for k, v in named.items() if np.mean(v) < 1)
    told = Told(
        float(np.mean(every)), float(np.mean(near)), 100 * float(np.mean(errors)),
        100 * float(np.quantile(errors, 0.95)),
    )  # fmt: skip
    return [
        f"- Kind named right: **{told.named:.1%}** of {len(every)} pairs"
        + (f" ({wrong}; the others 100 %)." if wrong else "."),
        f"- Passages whose both ends lie within {NEAR} characters: **{told.near:.1%}** of"
        f" {len(near)}.",
        f"- Copied share: mean error **{told.error:.2f} points**, 95 % within"
        f" {told.error_95:.2f}, worst {100 * max(errors):.2f}.",
        f"- {1000 * spent:.2f} ms CPU a query: fold, fingerprint, look up, align, judge, write.",
    ], told


def boundaries(query: Query, ranges: Sequence[tuple[int, int]]) -> list[bool]:
    """For each planted passage whether one found passage begins and ends near it."""
    text = "\n".join(query.lines)
    places = [(text.index(run), text.index(run) + len(run)) for run in query.planted]
    return [
        any(abs(a - start) <= NEAR and abs(b - end) <= NEAR for a, b in ranges)
        for start, end in places
    ]


def print_wrong(queries: Sequence[Query], answers: Sequence[Found]) -> None:
    """Every mistake, for those who improve the code."""
    mistakes: Counter[Any] = Counter()
    for query, answer in zip(queries, answers, strict=True):
        wanted = set(query.sources)
        for n in sorted(wanted ^ answer.flagged):
            what = "missed" if n in wanted else f"false {answer.kinds[n]}"
            mistakes[query.kind, what] += 1
            print(f"{query.kind}: {what} {n} {answer.shares.get(n, 0):.2f}", file=sys.stderr)
        for n in wanted & answer.flagged:
            if answer.kinds[n] != query.named:
                mistakes[query.kind, answer.kinds[n]] += 1
    for mistake, count in mistakes.most_common():
        print(count, *mistake, file=sys.stderr)


def main() -> None:
    """Both indexes, printed and, with ``--write``, put into docs/benchmarks.md."""
    kept = office()
    lines = [describe(), ""]
    sizes = [len(kept.stored)] * ("--cold" not in sys.argv) + [COLD]
    for size in sizes:
        name = "Warm" if size > COLD else "Cold"
        figures, more = run(kept, size, "--wrong" in sys.argv)
        lines += [f"{name} index: {size} drafts of 40 units.", "", *figures, "", *more, ""]
    print("\n".join(lines))
    if "--write" in sys.argv:
        put_section("reuse", lines[:-1])


if __name__ == "__main__":
    main()
