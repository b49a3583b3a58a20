"""The proposed cut against what an editor printed (samples/cuts): ours, lead-only, TextRank.

python -m benchmarks.cut [--write]

Every method cuts the long draft to the length of the printed version; headings stay for all. A
sentence counts as printed if at least 60 % of its four-character grams stand in the printed text.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import jieba
import numpy as np

from benchmarks.machine import describe, put_section
from nlp.counting import count_characters
from nlp.fingerprints import stock_cover
from nlp.form_numbers import digit_runs
from nlp.splitting import split
from nlp.text import fold
from nlp.trim import propose_cut, split_sentences
from nlp.types import Block, Draft, Reading

PAIRS = Path(__file__).resolve().parent.parent / "samples" / "cuts"
PRINTED_SHARE = 0.6
GRAM = 4

Spans = list[tuple[int, int]]
Method = Callable[[Draft, int], Spans]


@dataclass(frozen=True, slots=True)
class Pair:
    """A long draft and the text of its printed version."""

    name: str
    long: Draft
    printed: str


def pairs() -> list[Pair]:
    """All pairs of samples/cuts in order."""
    found = []
    for file in sorted(PAIRS.glob("[0-9]*.md")):
        long, printed = file.read_text("utf-8").split("\n---\n")
        lines = [line.removeprefix("# ") for line in long.split("\n") if line]
        reading = Reading("txt", tuple(Block("body", "", line) for line in lines))
        (draft,) = split(reading)
        found.append(Pair(file.stem, draft, printed.strip()))
    return found


def sentences(draft: Draft) -> Spans:
    """The sentences of the body."""
    text = draft.text
    ranges = draft.ranges(frozenset({"body"}))
    return [span for start, end in ranges for span in split_sentences(text, start, end)]


def printed_sentences(pair: Pair) -> Spans:
    """Those sentences of the long draft that the editor kept."""
    grams = set(_grams(fold(pair.printed).text))
    kept = []
    for start, end in sentences(pair.long):
        own = list(_grams(fold(pair.long.text[start:end]).text))
        if own and sum(gram in grams for gram in own) >= PRINTED_SHARE * len(own):
            kept.append((start, end))
    return kept


def _grams(text: str) -> Iterator[str]:
    return (text[i : i + GRAM] for i in range(max(1, len(text) - GRAM + 1)))


def ours(draft: Draft, limit: int) -> Spans:
    """What ``nlp.trim`` leaves."""
    gone = {dropped.end for dropped in propose_cut(draft, limit).dropped}
    return [span for span in sentences(draft) if span[1] not in gone]


def lead(draft: Draft, limit: int) -> Spans:
    """The first sentences."""
    return _fill(draft, limit, sentences(draft))


def textrank(draft: Draft, limit: int) -> Spans:
    """The best of TextRank (Mihalcea and Tarau 2004: shared words over log lengths)."""
    spans = sentences(draft)
    words = [{w for w in jieba.lcut(draft.text[a:b]) if len(w) > 1} for a, b in spans]
    size = len(spans)
    weights = np.zeros((size, size))
    for i in range(size):
        for j in range(i):
            scale = np.log(1 + len(words[i])) + np.log(1 + len(words[j]))
            weights[i, j] = weights[j, i] = len(words[i] & words[j]) / scale if scale else 0.0
    sums = weights.sum(axis=0)
    moves = np.divide(weights, sums, out=np.full_like(weights, 1 / size), where=sums > 0)
    rank = np.full(size, 1 / size)
    for _ in range(60):
        rank = 0.15 / size + 0.85 * moves @ rank
    return _fill(draft, limit, [spans[i] for i in np.argsort(-rank)])


def _fill(draft: Draft, limit: int, order: Sequence[tuple[int, int]]) -> Spans:
    """Sentences in this order as long as they fit."""
    text = draft.text
    fixed = draft.ranges(frozenset({"heading", "table"}))
    left = limit - sum(count_characters(text[a:b]) for a, b in fixed)
    kept = []
    for start, end in order:
        size = count_characters(text[start:end])
        if size <= left:
            kept.append((start, end))
            left -= size
    return sorted(kept)


def measured(method: Method) -> list[float]:
    """Means over the pairs: F1 by characters, figures kept, set phrases, 字, ms CPU."""
    rows = []
    for pair in pairs():
        draft, limit = pair.long, count_characters(pair.printed)
        began = time.process_time()
        kept = method(draft, limit)
        spent = 1000 * (time.process_time() - began)
        wanted = set(printed_sentences(pair))
        both = sum(b - a for a, b in wanted & set(kept))
        f1 = 2 * both / (sum(b - a for a, b in kept) + sum(b - a for a, b in wanted))
        left = "\n".join(draft.text[a:b] for a, b in kept)
        figures = {pair.printed[a:b] for a, b in digit_runs(pair.printed)}
        there = {left[a:b] for a, b in digit_runs(left)}
        stock = float(stock_cover(fold(left).text).mean())
        share = count_characters(left) / limit
        rows.append([f1, len(figures & there) / max(1, len(figures)), stock, share, spent])
    return [float(value) for value in np.mean(rows, axis=0)]


def main() -> None:
    """Print the table; ``--write`` puts it into docs/benchmarks.md."""
    jieba.initialize()
    propose_cut(pairs()[0].long, 100)
    methods: list[tuple[str, Method]] = [
        ("ours", ours),
        ("lead-only", lead),
        ("TextRank", textrank),
    ]
    lines = [
        describe(),
        "",
        f"{len(pairs())} pairs; means.",
        "",
        "| method | F1 with the printed version | its figures kept | set phrases left"
        " | 字 of the limit used | ms CPU |",
        "|---|---|---|---|---|---|",
    ]
    for name, method in methods:
        f1, figures, stock, share, spent = measured(method)
        lines.append(
            f"| {name} | {f1:.3f} | {figures:.1%} | {stock:.1%} | {share:.1%} | {spent:.1f} |"
        )
    print("\n".join(lines))
    if "--write" in sys.argv:
        put_section("cut", lines)


if __name__ == "__main__":
    main()
