"""A draft beside the texts that it may come from: what is shared, what was changed inside it.

Everything here is in characters of the texts as people see them; how it looks is for others.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.alignment import Run, Span, align, bridged
from nlp.fingerprints import Hashes
from nlp.reuse import (
    RULES,
    Kind,
    Passage,
    ReuseRules,
    Side,
    Source,
    Verdict,
    measure,
    merged_from,
    passage_of,
)
from nlp.swaps import Exchange, ExchangeKind, classified, exchanges
from nlp.text import Folded

Mark = Literal["", "reuse", "quote", "stock", "name", "number", "words"]
MARKS: Final[tuple[Mark, ...]] = ("", "reuse", "quote", "stock", "name", "number", "words")
"""Not shared; shared passages by nature; and what was changed inside them."""

_DIGITS: Final = frozenset("0123456789")
_Ints = npt.NDArray[np.int64]


class Change(NamedTuple):
    """What differs inside a shared passage; an empty range = nothing stands there."""

    kind: ExchangeKind
    start: int
    end: int
    source_start: int
    source_end: int


class Shared(NamedTuple):
    """A shared passage: ``a`` of ``passage`` is the draft, ``b`` the source."""

    number: int  # from 1 in the order of the draft; 0 = quotation or set phrase
    passage: Passage
    changes: tuple[Change, ...]


class Piece(NamedTuple):
    """Neighbouring characters of a paragraph with the same mark."""

    text: str
    mark: Mark
    number: int  # of the passage; 0 = none
    source: int  # which source the passage is shared with, from 0; −1 = none


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """One source beside the draft."""

    source: Side
    verdict: Verdict  # "a" is the draft
    shared: tuple[Shared, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A draft and its sources, the sources in the order in which the draft uses them."""

    draft: Side
    matches: tuple[Match, ...]
    order: tuple[int, ...]  # order[n] = place of matches[n] among the sources given


class Row(NamedTuple):
    """Two paragraphs side by side; None = nothing corresponds."""

    draft: Line | None
    source: Line | None
    opens: int | None = None  # the source that begins with this row


def compare(
    draft: Side, sources: Sequence[Side], common: Hashes, rules: ReuseRules = RULES
) -> Comparison:
    """Compare one draft with each of ``sources``; ``common`` as in ``nlp.reuse.judge``.

    Two or more sources that make up the draft are named 合并.
    """
    matches = [_match(draft, source, common, rules) for source in sources]
    for place in _merged(matches, rules):
        matches[place] = replace(
            matches[place], verdict=replace(matches[place].verdict, kind="合并")
        )
    order = sorted(range(len(matches)), key=lambda n: (_first(matches[n]), n))
    return Comparison(draft, tuple(_numbered([matches[n] for n in order])), tuple(order))


def _match(draft: Side, source: Side, common: Hashes, rules: ReuseRules) -> Match:
    a, b = draft.folded.text, source.folded.text
    equal = a == b and a
    spans = (Span(0, len(a), 0, len(a), (Run(0, 0, len(a)),)),) if equal else align(a, b)
    verdict = measure(draft, source, spans, common, rules)
    shown = bridged(spans, [p.nature for p in verdict.passages], (len(a), len(b)))
    kinds = classified(list(exchanges(a, b, [span for span, _ in shown])))
    kinds = [(_whole_number(e, a, b) if kind == "number" else e, kind) for e, kind in kinds]
    changes = [(e.a_start, _change(e, kind, draft.folded, source.folded)) for e, kind in kinds]
    shared = tuple(
        Shared(
            0,
            passage_of(draft, source, span, nature),
            tuple(c for at, c in changes if span.a_start <= at <= span.a_end),
        )
        for span, nature in shown
    )
    return Match(source, verdict, shared, spans)


def _whole_number(exchange: Exchange, a: str, b: str) -> Exchange:
    """The exchange with the digits around it that both share: 3562 → 3127, not 562 → 127."""
    start_a, start_b = exchange.a_start, exchange.b_start
    end_a, end_b = start_a + len(exchange.a), start_b + len(exchange.b)
    while start_a and start_b and a[start_a - 1] == b[start_b - 1] in _DIGITS:
        start_a, start_b = start_a - 1, start_b - 1
    while end_a < len(a) and end_b < len(b) and a[end_a] == b[end_b] in _DIGITS:
        end_a, end_b = end_a + 1, end_b + 1
    return exchange._replace(
        a=a[start_a:end_a], b=b[start_b:end_b], a_start=start_a, b_start=start_b
    )


def _change(exchange: Exchange, kind: ExchangeKind, a: Folded, b: Folded) -> Change:
    at_a = _place(a, exchange.a_start, len(exchange.a))
    return Change(kind, *at_a, *_place(b, exchange.b_start, len(exchange.b)))


def _place(folded: Folded, start: int, length: int) -> tuple[int, int]:
    if not length:  # nothing stands here: behind what goes before
        place = int(folded.offsets[start - 1]) + 1 if start else int(folded.offsets[0])
        return place, place
    return int(folded.offsets[start]), int(folded.offsets[start + length - 1]) + 1


def _merged(matches: Sequence[Match], rules: ReuseRules) -> frozenset[int]:
    parts: tuple[Kind, ...] = ("节选", "包含", "段落借用")
    found = [
        Source(
            place, match.verdict.cover_b, match.verdict.cover_a,
            tuple((p.a_start, p.a_end) for p in match.verdict.passages if p.nature == "reuse"),
        )
        for place, match in enumerate(matches)
        if match.verdict.kind in parts
    ]  # fmt: skip
    return merged_from(found, rules) if len(found) > 1 else frozenset()


def _first(match: Match) -> int:
    starts = [s.passage.a_start for s in match.shared if s.passage.nature == "reuse"]
    return min(starts, default=sys.maxsize)


def _numbered(matches: Sequence[Match]) -> Iterator[Match]:
    """Number the passages that count, over all sources, in the order of the draft."""
    counting = sorted(
        (shared.passage, place)
        for place, match in enumerate(matches)
        for shared in match.shared
        if shared.passage.nature == "reuse"
    )
    numbers = {key: number for number, key in enumerate(counting, start=1)}
    for place, match in enumerate(matches):
        shared = (s._replace(number=numbers.get((s.passage, place), 0)) for s in match.shared)
        yield replace(match, shared=tuple(shared))


def draft_lines(comparison: Comparison) -> list[Line]:
    """Paragraphs of the draft, marked; where sources overlap, the one that gives most wins."""
    text = comparison.draft.text
    marks = np.zeros((3, len(text)), dtype=np.int64)
    by_share = sorted(enumerate(comparison.matches), key=lambda m: m[1].verdict.shared)
    for place, match in by_share:
        for number, p, changes in match.shared:
            _paint(marks, (p.a_start, p.a_end), p.nature, number, place + 1)
            for change in changes:
                _paint(marks, change[1:3], change.kind, number, place + 1)
    return _lines(text, marks)


def source_lines(comparison: Comparison, place: int) -> list[Line]:
    """Paragraphs of one source, marked."""
    match = comparison.matches[place]
    marks = np.zeros((3, len(match.source.text)), dtype=np.int64)
    for number, p, changes in match.shared:
        _paint(marks, (p.b_start, p.b_end), p.nature, number, place + 1)
        for change in changes:
            _paint(marks, change[3:5], change.kind, number, place + 1)
    return _lines(match.source.text, marks)


def _paint(marks: _Ints, where: tuple[int, int], mark: Mark, number: int, source: int) -> None:
    marks[:, where[0] : where[1]] = np.array([[MARKS.index(mark)], [number], [source]])


def _lines(text: str, marks: _Ints) -> list[Line]:
    lines: list[Line] = []
    start = 0
    for line in text.split("\n"):
        keys = marks[:, start : start + len(line)].T.tolist()
        pieces = groupby(zip(line, keys, strict=True), key=lambda pair: pair[1])
        lines.append(
            tuple(
                Piece("".join(c for c, _ in group), MARKS[mark], number, source - 1)
                for (mark, number, source), group in pieces
            )
        )
        start += len(line) + 1
    return lines


def rows(comparison: Comparison) -> list[Row]:
    """Draft and sources side by side, paragraph by paragraph, each text in its own order.

    Paragraphs that share most stand beside each other as far as both orders allow; the numbers
    of the passages tell the rest.
    """
    left = draft_lines(comparison)
    right: list[Line] = []
    openings: dict[int, int] = {}
    links: dict[tuple[int, int], int] = {}
    for place, match in enumerate(comparison.matches):
        for (i, j), weight in _links(comparison.draft, match).items():
            links[i, j + len(right)] = weight
        lines = source_lines(comparison, place)
        openings[len(right) + next((n for n, line in enumerate(lines) if line), 0)] = place
        right += lines
    return list(_side_by_side(left, right, _in_order(links), openings))


def _links(draft: Side, match: Match) -> dict[tuple[int, int], int]:
    """Equal characters of each two paragraphs."""
    ends_a, ends_b = _ends(draft.text), _ends(match.source.text)
    found: dict[tuple[int, int], int] = {}
    for span in match.spans:
        for run in span.runs:
            at_a = draft.folded.offsets[run.a : run.a + run.length]
            at_b = match.source.folded.offsets[run.b : run.b + run.length]
            pairs = np.stack([np.searchsorted(ends_a, at_a), np.searchsorted(ends_b, at_b)])
            places, counts = np.unique(pairs, axis=1, return_counts=True)
            for i, j, count in zip(*places.tolist(), counts.tolist(), strict=True):
                found[i, j] = found.get((i, j), 0) + count
    return found


def _ends(text: str) -> _Ints:
    """Where each paragraph ends: the offset of its newline."""
    return np.cumsum([len(line) + 1 for line in text.split("\n")]) - 1


def _in_order(links: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
    """The heaviest links that do not cross, each paragraph in at most one."""
    kept: list[tuple[int, int]] = []
    for i, j in sorted(links, key=lambda link: (-links[link], link)):
        at = bisect_left(kept, (i, j))
        after = at == len(kept) or (kept[at][0] > i and kept[at][1] > j)
        if after and (at == 0 or (kept[at - 1][0] < i and kept[at - 1][1] < j)):
            kept.insert(at, (i, j))
    return kept


def _side_by_side(
    left: Sequence[Line],
    right: Sequence[Line],
    links: Sequence[tuple[int, int]],
    openings: dict[int, int],
) -> Iterator[Row]:
    i = j = 0
    for next_i, next_j in [*links, (len(left), len(right))]:
        alone = [n for n in range(i, next_i) if left[n]]
        others = [n for n in range(j, next_j) if right[n]]
        if len(alone) == len(others):  # titles and signatures stand side by side
            for m, n in zip(alone, others, strict=True):
                yield Row(left[m], right[n], openings.get(n))
        else:
            yield from (Row(left[n], None) for n in alone)
            yield from (Row(None, right[n], openings.get(n)) for n in others)
        if next_i < len(left):
            yield Row(left[next_i], right[next_j], openings.get(next_j))
        i, j = next_i + 1, next_j + 1
