"""What other thresholds would make of the stored pairs. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from nlp.reuse import ReuseRules, Source, Verdict, judge, merged_from
from storage.connection import raw
from storage.reuse import common_to_many
from storage.reuse_merge import PARTS
from storage.sides import Sides, aligned

_KEPT = 500  # sides in memory at a time

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A stored pair under the present thresholds and under others; "" = not worth telling."""

    draft_a: int
    draft_b: int
    title_a: str
    title_b: str
    cover_a: float
    cover_b: float
    shared_characters: int
    before: str
    after: str


def rejudge(
    db: Database,
    before: ReuseRules,
    after: ReuseRules,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Rejudged]:
    """Every stored pair, judged twice from its texts, in order; ``report(done, total)``."""
    rows = (
        raw(db)
        .execute(
            "SELECT draft_a, draft_b, a.title, b.title FROM duplicate_pair"
            " JOIN draft AS a ON a.id = draft_a JOIN draft AS b ON b.id = draft_b ORDER BY 1, 2"
        )
        .fetchall()
    )
    judged: dict[Pair, tuple[Verdict | None, Verdict | None]] = {}
    sides = Sides(raw(db))
    for done, (low, high, _, _) in enumerate(rows, start=1):
        if len(sides) > _KEPT:
            sides.clear()
        a, b = sides[low], sides[high]
        spans, common = aligned(a, b), common_to_many(db, (a, b))
        judged[low, high] = judge(a, b, spans, common, before), judge(a, b, spans, common, after)
        report(done, len(rows))
    kinds = [
        _kinds({pair: verdicts[n] for pair, verdicts in judged.items()}, rules)
        for n, rules in enumerate((before, after))
    ]
    for low, high, title_a, title_b in rows:
        told = judged[low, high][0] or judged[low, high][1]
        figures = (told.cover_a, told.cover_b, told.shared) if told else (0.0, 0.0, 0)
        pair = low, high
        yield Rejudged(low, high, title_a, title_b, *figures, kinds[0][pair], kinds[1][pair])


def _kinds(verdicts: dict[Pair, Verdict | None], rules: ReuseRules) -> dict[Pair, str]:
    """Kind of every pair, 合并 where several sources make up one draft."""
    kinds: dict[Pair, str] = {
        pair: verdict.kind if verdict else "" for pair, verdict in verdicts.items()
    }
    sources: dict[int, list[Source]] = {}
    for (a, b), v in verdicts.items():
        if v is None or v.kind not in PARTS:
            continue
        counted = [p for p in v.passages if p.nature == "reuse"]
        if v.direction != "a_to_b":
            ranges = tuple((p.a_start, p.a_end) for p in counted)
            sources.setdefault(a, []).append(Source(b, v.cover_b, v.cover_a, ranges))
        if v.direction != "b_to_a":
            ranges = tuple((p.b_start, p.b_end) for p in counted)
            sources.setdefault(b, []).append(Source(a, v.cover_a, v.cover_b, ranges))
    for whole, found in sources.items():
        for key in merged_from(found, rules) if len(found) > 1 else ():
            kinds[min(whole, key), max(whole, key)] = "合并"
    return kinds
