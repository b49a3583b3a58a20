"""What two drafts have in common, and what to call it (重稿的类别).

The kind depends on the two texts and their units alone, so the order of arrival cannot change
it; which of the two came first is the separate ``direction``. Quotations and set phrases are
recognised inside the shared passages and do not count as reuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.alignment import Span
from nlp.excerpt import likeness
from nlp.fingerprints import Hashes, K, W, cover, stock_cover
from nlp.quotation import quoted_ranges
from nlp.swaps import is_rewritten_for_another_place
from nlp.text import Folded, fold
from nlp.types import Draft

Kind = Literal[
    "完全相同", "重复报送", "高度相似", "套写", "节选", "包含", "合并", "段落借用", "引用"
]
Nature = Literal["reuse", "quote", "stock"]
Direction = Literal["a_to_b", "b_to_a", ""]
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ReuseRules:
    """Thresholds of the kinds. Shares are of the folded content (Han, letters and digits)."""

    # Both texts lie in the other for the most part: 30 % of a 1,500-character draft may be new,
    # that is two or three paragraphs, and an editor still says "the same piece".
    near: float = 0.7
    # The smaller text is all but a few sentences in the other.
    part: float = 0.75
    # It is wholly in the other (a stray connecting word aside), which has a paragraph more in
    # seven: cut down, not reworked.
    whole: float = 0.95
    cut: float = 0.85
    # One unit sends a revised version: half of it may be rewritten.
    revised: float = 0.5
    # 20 % of the sentences taken over, less what their edits hide.
    borrowed_share: float = 0.12
    # … but at least two full sentences (median sentence of the trade: 52 characters with marks),
    borrowed_characters: int = 70
    # one passage of them longer than a turn of phrase: a full sentence of the shorter kind.
    borrowed_longest: int = 28
    # In a long draft a whole paragraph (median 182 characters with marks) is enough.
    borrowed_long: int = 150
    # A passage counts if so much of it is neither quotation nor set phrase.
    fresh: int = 20
    # … and counts whole, quotation included, from this share on.
    fresh_share: float = 0.5
    # From this share on the draft itself was copied, with the quotations in it.
    copied: float = 0.5
    # A quotation worth showing: longer than a slogan.
    quoted: int = 60
    # A cut version starts where the original starts: both first passages begin within this.
    opening: int = 30
    # What speaks for a cut version and against a compilation, see nlp.excerpt: it needs so much,
    excerpt: float = 0.6
    # … and so much more where the larger text opens with something else.
    excerpt_inside: float = 0.15
    # One draft made of several: together so much of it, each source so much of it, of each source
    # at least so much used, and most of what each gives is its own: pieces that overlap in the
    # whole were rather cut out of it.
    merged_total: float = 0.6
    merged_each: float = 0.15
    merged_used: float = 0.3
    merged_own: float = 0.67

    @property
    def version(self) -> str:
        """Short digest of the values: a stored pair says which rules judged it."""
        return blake2b(repr(self).encode(), digest_size=4).hexdigest()


RULES: Final = ReuseRules()


@dataclass(frozen=True)
class Side:
    """One of the two texts with what is known of its origin."""

    title: str
    text: str  # every offset of a verdict refers to it
    folded: Folded  # its content, without title, signature and the like
    unit: int | str | None = None  # anything that identifies the unit; None = unknown
    dated: str = ""  # ISO date or month; "" = unknown
    arrival: int = 0  # larger = arrived later; equal = together

    @cached_property
    def quoted(self) -> _Mask:
        """Which folded characters are quotation; shape (len(folded.text),)."""
        mask = np.zeros(len(self.text), dtype=np.bool_)
        for start, end in quoted_ranges(self.text):
            mask[start:end] = True
        return np.asarray(mask[self.folded.offsets])

    @cached_property
    def _stock(self) -> list[tuple[Hashes, _Mask]]:
        """What :meth:`stock` said, by what was common: one draft is compared with several."""
        return []

    def stock(self, common: Hashes) -> _Mask:
        """Which folded characters stand in set phrases or grams of ``common`` (sorted).

        Shape (len(folded.text),). Fingerprints are at most W apart, so gaps to W − K are filled.
        """
        for known, mask in self._stock:
            if known is common:
                return mask
        mask = stock_cover(self.folded.text)
        if common.size:
            mask |= cover(self.folded.text, common)
        flips = (mask[1:] != mask[:-1]).nonzero()[0] + 1
        gaps = flips[
            int(not mask[:1].any()) :
        ].tolist()  # where a run ends, where the next begins, …
        for end, start in zip(gaps[::2], gaps[1::2], strict=False):
            if start - end <= W - K:
                mask[end:start] = True
        self._stock.append((common, mask))
        return mask


def side(draft: Draft, *, unit: int | str | None = None, arrival: int = 0) -> Side:
    """The comparable side of a draft."""
    text = draft.text
    return Side(draft.title, text, fold(text, draft.ranges()), unit, draft.dated, arrival)


class Passage(NamedTuple):
    """A shared passage as half-open character ranges of both texts."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    nature: Nature


@dataclass(frozen=True, slots=True)
class Verdict:
    """How two texts overlap. Shares and counts leave quotations and set phrases out."""

    kind: Kind | Literal[""]  # "" = not worth telling
    cover_a: float
    cover_b: float
    shared: int  # folded characters that count as reuse
    discounted: int  # folded characters that are equal but quotation or set phrase
    longest: int  # folded characters of the longest passage that counts
    direction: Direction
    passages: tuple[Passage, ...]


def judge(
    a: Side, b: Side, spans: Sequence[Span], common: Hashes, rules: ReuseRules = RULES
) -> Verdict | None:
    """Name what ``a`` and ``b`` share; None if it is not worth telling.

    ``spans`` come from ``nlp.alignment.align(a.folded.text, b.folded.text)``; ``common`` are the
    hashes (sorted uint64) of grams that many drafts have, our set phrases aside.
    """
    length_a, length_b = len(a.folded.text), len(b.folded.text)
    total = sum(_size(span) for span in spans)
    if not total or total < min(rules.quoted, rules.borrowed_characters, length_a, length_b):
        return None
    verdict = measure(a, b, spans, common, rules)
    return verdict if verdict.kind else None


def measure(
    a: Side, b: Side, spans: Sequence[Span], common: Hashes, rules: ReuseRules = RULES
) -> Verdict:
    """What :func:`judge` says, and the figures also where there is nothing worth telling."""
    length_a, length_b = len(a.folded.text), len(b.folded.text)
    total = sum(_size(span) for span in spans)
    weights, natures = _weigh(a, b, spans, common, rules)
    counted = sum(weights)
    discounted = total - counted
    if counted >= rules.copied * (min(length_a, length_b) - discounted) > 0:
        weights = [_size(span) for span in spans]
        natures = ["reuse"] * len(spans)
        counted, discounted = total, 0
    m = _Measure(
        a, b, min(1.0, counted / max(1, length_a)), min(1.0, counted / max(1, length_b)), counted,
        max((w for w in weights), default=0),
    )  # fmt: skip
    kind = _kind(m, spans, natures, discounted, rules) if total else None
    return Verdict(
        kind or "", m.cover_a, m.cover_b, counted, discounted, m.longest,
        _direction(a, b),
        tuple(passage_of(a, b, s, n) for s, n in zip(spans, natures, strict=True)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A text found inside another, seen from the other."""

    key: int
    used: float  # share of the source that is in the whole
    share: float  # share of the whole that the source explains
    ranges: tuple[tuple[int, int], ...]  # where, in characters of the whole


def merged_from(sources: Sequence[Source], rules: ReuseRules = RULES) -> frozenset[int]:
    """Keys of the sources that one draft was put together from (合并); empty if it was not.

    Greedy, largest first, each source credited only with what no larger one explains, so two
    copies of one source are one source (as sourmash's ``gather`` decomposes a mixture).
    """
    credited: dict[int, float] = {}
    seen: set[int] = set()
    for source in sorted(sources, key=lambda s: (-s.share, -s.used, s.key)):
        places = {place for start, end in source.ranges for place in range(start, end)}
        own = len(places - seen) / max(1, len(places))
        credit = source.share * own
        if (
            source.used >= rules.merged_used
            and own >= rules.merged_own
            and credit >= rules.merged_each
        ):
            credited[source.key] = credit
            seen |= places
    if len(credited) < 2 or sum(credited.values()) < rules.merged_total:
        return frozenset()
    return frozenset(credited)


@dataclass(frozen=True, slots=True)
class _Measure:
    a: Side
    b: Side
    cover_a: float
    cover_b: float
    counted: int
    longest: int

    @property
    def same_unit(self) -> bool:
        return self.a.unit is not None and self.a.unit == self.b.unit


def _size(span: Span) -> int:
    return min(span.a_end - span.a_start, span.b_end - span.b_start)


def _weigh(
    a: Side, b: Side, spans: Sequence[Span], common: Hashes, rules: ReuseRules
) -> tuple[list[int], list[Nature]]:
    """How many characters of each passage count, and what the passage is."""
    stock_a, stock_b = a.stock(common), b.stock(common)
    known_a, known_b = stock_a | a.quoted, stock_b | b.quoted
    weights: list[int] = []
    natures: list[Nature] = []
    for span in spans:
        in_a, in_b = slice(span.a_start, span.a_end), slice(span.b_start, span.b_end)
        size = _size(span)
        fresh = size - max(_count(known_a[in_a]), _count(known_b[in_b]))
        quoted = max(_count(a.quoted[in_a]), _count(b.quoted[in_b]))
        stock = max(_count(stock_a[in_a]), _count(stock_b[in_b]))
        if fresh < min(rules.fresh, size):
            weights.append(0)
            natures.append("quote" if quoted >= stock else "stock")
        else:
            weights.append(size if fresh >= rules.fresh_share * size else fresh)
            natures.append("reuse")
    return weights, natures


def _count(mask: npt.NDArray[Any]) -> int:
    return int(np.count_nonzero(mask))


def _kind(
    m: _Measure, spans: Sequence[Span], natures: Sequence[Nature], discounted: int,
    rules: ReuseRules,
) -> Kind | None:  # fmt: skip
    low, high = sorted((m.cover_a, m.cover_b))
    if m.a.folded.text == m.b.folded.text:
        return "完全相同"
    if m.same_unit and low >= rules.revised and high >= rules.near:
        return "重复报送"
    if low >= rules.near and not (high >= rules.whole and low < rules.cut):
        texts = m.a.folded.text, m.b.folded.text
        swapped = not m.same_unit and is_rewritten_for_another_place(*texts, spans)
        return "套写" if swapped else "高度相似"
    if high >= rules.part and m.counted >= min(rules.borrowed_characters, _shorter(m)):
        return "节选" if _is_cut_version(m, spans, rules) else "包含"
    if m.counted >= rules.borrowed_long or (
        high >= rules.borrowed_share
        and m.counted >= rules.borrowed_characters
        and m.longest >= rules.borrowed_longest
    ):
        return "段落借用"
    quotations = (_size(s) for s, n in zip(spans, natures, strict=True) if n == "quote")
    return "引用" if discounted and sum(quotations) >= rules.quoted else None


def _shorter(m: _Measure) -> int:
    return min(len(m.a.folded.text), len(m.b.folded.text))


def _is_cut_version(m: _Measure, spans: Sequence[Span], rules: ReuseRules) -> bool:
    """Whether the smaller text is the larger cut down, rather than a piece that it takes in."""
    if m.a.title and fold(m.a.title).text == fold(m.b.title).text:
        return True
    opens = any(s.a_start <= rules.opening and s.b_start <= rules.opening for s in spans)
    needed = rules.excerpt if opens else rules.excerpt + rules.excerpt_inside
    share = min(m.cover_a, m.cover_b)
    if len(m.a.folded.text) > len(m.b.folded.text):
        whole, part, ranges = m.a, m.b, [(s.a_start, s.a_end) for s in spans]
    else:
        whole, part, ranges = m.b, m.a, [(s.b_start, s.b_end) for s in spans]
    return share + likeness(whole.text, whole.folded, part.folded.text, ranges) >= needed


def _direction(a: Side, b: Side) -> Direction:
    """By the date lines as far as both are given and differ, else by arrival."""
    width = min(len(a.dated), len(b.dated))
    dates = a.dated[:width], b.dated[:width]
    if dates[0] != dates[1]:
        return "a_to_b" if dates[0] < dates[1] else "b_to_a"
    if a.arrival != b.arrival:
        return "a_to_b" if a.arrival < b.arrival else "b_to_a"
    return ""


def passage_of(a: Side, b: Side, span: Span, nature: Nature) -> Passage:
    """A span of the folded texts as ranges of the texts themselves."""
    at_a, at_b = a.folded.offsets, b.folded.offsets
    return Passage(
        int(at_a[span.a_start]), int(at_a[span.a_end - 1]) + 1,
        int(at_b[span.b_start]), int(at_b[span.b_end - 1]) + 1,
        nature,
    )  # fmt: skip
