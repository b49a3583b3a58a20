"""Which passages two folded texts share, in any order, with small edits inside a passage.

Seed, run, chain: equal 6-grams of both texts are joined into verbatim runs on their diagonals,
and runs are chained over small edits by the usual dynamic programme (as in BLAST and minimap2:
Li, Bioinformatics 2018, §2.1.1). A character belongs to at most one passage of each text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from nlp.fingerprints import gram_codes

SEED: Final = 6
"""Characters of a seed: shorter ones match by chance, longer ones miss dense edits."""
MAX_GAP: Final = 12
"""Edited characters between two runs of one passage, on either side."""
MAX_SHIFT: Final = 6
"""Characters by which an edit may lengthen or shorten the text."""
LEAST: Final = 13
"""Matched characters of a passage: fewer are a turn of phrase."""
MAX_OCCURRENCES: Final = 8
"""A gram more frequent than this is paired nth with nth, so repetition costs no square."""
MAX_RUNS: Final = 2000
"""Runs that are chained (plus one per 50 characters); the longest are kept."""
BRIDGE: Final = 40
"""Characters between two passages that a reader takes for one with a change in it."""

T = TypeVar("T")
_Ints = npt.NDArray[np.int64]
_GAP_COST: Final = 0.5  # a 6-character run bought with a 12-character gap is worth nothing
_SHIFT_COST: Final = 1.0


class Run(NamedTuple):
    """``length`` equal characters from ``a`` in one text and ``b`` in the other."""

    a: int
    b: int
    length: int


@dataclass(frozen=True, slots=True)
class Span:
    """A shared passage: half-open ranges in both folded texts and the verbatim runs inside."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    runs: tuple[Run, ...]

    @property
    def matched(self) -> int:
        """Characters that are equal on both sides."""
        return sum(run.length for run in self.runs)


def align(a: str, b: str) -> tuple[Span, ...]:
    """Shared passages of two folded texts, in the order of ``a``, without overlap in either.

    Near-linear in len(a) + len(b) whatever they hold; paragraphs may be in another order.
    """
    runs = _runs(*_seeds(a, b), limit=MAX_RUNS + (len(a) + len(b)) // 50)
    used_a, used_b = bytearray(len(a)), bytearray(len(b))
    spans: list[Span] = []
    for chain in _chains(runs):
        free = [kept for run in chain if (kept := _free_part(run, used_a, used_b)) is not None]
        for passage in _passages(free):
            span = _span(passage, a, b)
            if span.matched >= LEAST:
                spans.append(span)
                used_a[span.a_start : span.a_end] = b"\1" * (span.a_end - span.a_start)
                used_b[span.b_start : span.b_end] = b"\1" * (span.b_end - span.b_start)
    return tuple(sorted(spans, key=lambda span: (span.a_start, span.b_start)))


def _seeds(a: str, b: str) -> tuple[_Ints, _Ints]:
    """Positions (i, j) of equal grams: every pairing of rare ones, nth with nth of frequent."""
    codes_a, codes_b = gram_codes(a, SEED), gram_codes(b, SEED)
    if codes_a.size == 0 or codes_b.size == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    order_b = np.argsort(codes_b, kind="stable")
    sorted_b = codes_b[order_b]
    first = np.flatnonzero(np.concatenate([[True], sorted_b[1:] != sorted_b[:-1]]))
    distinct = sorted_b[first]
    in_b = np.diff(np.concatenate([first, [order_b.size]]))
    group = np.minimum(np.searchsorted(distinct, codes_a), distinct.size - 1)
    i = np.flatnonzero(distinct[group] == codes_a)
    group = group[i]
    in_a = np.bincount(group, minlength=distinct.size)
    rare = np.maximum(in_b, in_a)[group] <= MAX_OCCURRENCES
    few, times = i[rare], in_b[group[rare]]
    within = _ascending(times)
    j_few = order_b[np.repeat(first[group[rare]], times) + within]
    if rare.all():
        return np.repeat(few, times), j_few
    many, group = i[~rare], group[~rare]
    order = np.argsort(group, kind="stable")
    many, group = many[order], group[order]
    rank = _ascending(np.diff(np.flatnonzero(np.diff(group, prepend=-1, append=-1))))
    paired = rank < in_b[group]
    j_many = order_b[first[group[paired]] + rank[paired]]
    return np.concatenate([np.repeat(few, times), many[paired]]), np.concatenate([j_few, j_many])


def _ascending(sizes: _Ints) -> _Ints:
    """0 … size − 1 for each size, one after another: [2, 3] → [0, 1, 0, 1, 2]."""
    return np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def _runs(i: _Ints, j: _Ints, *, limit: int) -> list[Run]:
    """Seeds that follow each other on a diagonal, joined; the ``limit`` longest, in order of a."""
    if i.size == 0:
        return []
    keys = np.sort((j - i + i.max() + 1) * (i.max() + 2) + i)
    breaks = np.flatnonzero(np.diff(keys) != 1) + 1
    starts = np.concatenate([[0], breaks])
    lengths = np.diff(np.concatenate([starts, [keys.size]])) + SEED - 1
    if starts.size > limit:
        longest = np.argsort(-lengths, kind="stable")[:limit]
        starts, lengths = starts[longest], lengths[longest]
    diagonal, a_starts = np.divmod(keys[starts], i.max() + 2)
    b_starts = a_starts + diagonal - i.max() - 1
    columns = zip(a_starts.tolist(), b_starts.tolist(), lengths.tolist(), strict=True)
    return sorted(Run(a, b, length) for a, b, length in columns)


def _gain(before: Run, after: Run) -> float:
    """What ``after`` adds to a passage that ends with ``before``; ≤ 0 = they do not chain."""
    gap_a = after.a - before.a - before.length
    gap_b = after.b - before.b - before.length
    shift = abs(gap_a - gap_b)
    gap = max(gap_a, gap_b)
    if gap > MAX_GAP or shift > MAX_SHIFT or after.b <= before.b or after.a <= before.a:
        return 0.0
    overlap = max(0, -min(gap_a, gap_b))
    return after.length - overlap - _GAP_COST * max(0, gap) - _SHIFT_COST * shift


def _chains(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Best-scoring chains first; a run belongs to one chain."""
    scores: list[float] = []
    previous: list[int] = []
    open_runs: list[int] = []
    for index, run in enumerate(runs):
        open_runs = [p for p in open_runs if runs[p].a + runs[p].length + MAX_GAP >= run.a]
        best, link = float(run.length), -1
        for p in open_runs:
            gain = _gain(runs[p], run)
            if gain > 0 and scores[p] + gain > best:
                best, link = scores[p] + gain, p
        scores.append(best)
        previous.append(link)
        open_runs.append(index)
    taken = [False] * len(runs)
    for end in sorted(range(len(runs)), key=lambda index: (-scores[index], runs[index])):
        chain, index = [], end
        while index >= 0 and not taken[index]:
            taken[index] = True
            chain.append(runs[index])
            index = previous[index]
        if chain:
            yield chain[::-1]


def _free_part(run: Run, used_a: bytearray, used_b: bytearray) -> Run | None:
    """The longest stretch of a run that no better passage holds; None if it is below a seed."""
    end_a, end_b = run.a + run.length, run.b + run.length
    if used_a.find(1, run.a, end_a) < 0 and used_b.find(1, run.b, end_b) < 0:
        return run
    # As numbers the marks of both texts are laid over each other at once.
    used = int.from_bytes(used_a[run.a : end_a]) | int.from_bytes(used_b[run.b : end_b])
    widths = [len(free) for free in used.to_bytes(run.length).split(b"\1")]
    length = max(widths)
    if length < SEED:
        return None
    before = widths[: widths.index(length)]
    offset = sum(before) + len(before)
    return Run(run.a + offset, run.b + offset, length)


def _passages(chain: Sequence[Run]) -> Iterator[list[Run]]:
    """A chain, cut where the loss of a run has opened too wide a gap; overlaps trimmed away."""
    passage: list[Run] = []
    for run in chain:
        if passage:
            last = passage[-1]
            overlap = max(0, last.a + last.length - run.a, last.b + last.length - run.b)
            if overlap >= run.length:
                continue
            run = Run(run.a + overlap, run.b + overlap, run.length - overlap)
            if _gain(last, run) <= 0:
                yield passage
                passage = []
        passage.append(run)
    if passage:
        yield passage


def _span(passage: Sequence[Run], a: str, b: str) -> Span:
    """The passage from its first to its last run, verbatim neighbours on a diagonal fused."""
    runs = [passage[0]]
    for run in passage[1:]:
        last = runs[-1]
        same_diagonal = run.a - last.a == run.b - last.b
        end_a, end_b = last.a + last.length, last.b + last.length
        if same_diagonal and a[end_a : run.a] == b[end_b : run.b]:
            runs[-1] = Run(last.a, last.b, run.a + run.length - last.a)
        else:
            runs.append(run)
    return _enclosing(tuple(runs))


def bridged(
    spans: Sequence[Span], labels: Sequence[T], lengths: tuple[int, int]
) -> list[tuple[Span, T]]:
    """Passages as a reader sees them: neighbours in both texts with a little between are one.

    What lies between them, and before the first and after the last where it is as little, is
    then a difference inside a passage. Only passages with the same label are joined.
    """
    rank = {span: n for n, span in enumerate(sorted(spans, key=lambda s: s.b_start))}
    joined: list[tuple[Span, T]] = []
    for n, (span, label) in enumerate(zip(spans, labels, strict=True)):
        if joined and labels[n - 1] == label and rank[span] == rank[spans[n - 1]] + 1:
            last = joined[-1][0]
            if max(span.a_start - last.a_end, span.b_start - last.b_end) <= BRIDGE:
                joined[-1] = (_enclosing(last.runs + span.runs), label)
                continue
        joined.append((span, label))
    if joined:
        first, label = joined[0]
        if max(first.a_start, first.b_start) <= BRIDGE // 2:
            joined[0] = (_enclosing((Run(0, 0, 0), *first.runs)), label)
        last, label = joined[-1]
        if max(lengths[0] - last.a_end, lengths[1] - last.b_end) <= BRIDGE // 2:
            joined[-1] = (_enclosing((*last.runs, Run(*lengths, 0))), label)
    return joined


def _enclosing(runs: tuple[Run, ...]) -> Span:
    head, tail = runs[0], runs[-1]
    return Span(head.a, tail.a + tail.length, head.b, tail.b + tail.length, runs)
