"""The proposed cut of an overlong draft: which sentences to drop to reach a limit, and why.

First go sentences that are mostly set phrases, said before, or only judge and promise; then the
least important (``nlp.importance``). Plain TextRank keeps what all drafts say and drops figures:
docs/benchmarks.md has both and lead-only side by side.

Headings, tables, the first sentence of the draft and of each section stay. A numbered series
(一是… 二是…) loses members only from its end, and none if their number is announced (三项举措).
What leans on the sentence before it (其中…, 对此…) does not stay without it. Nothing is applied.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from nlp.counting import count_characters
from nlp.importance import Worth, worth
from nlp.types import Draft

_LONGEST_RUN_IN = 20
"""Characters of a first sentence that heads its paragraph: 支部牵头把人拢起来。"""
_END = re.compile("[。！？!?][”’）」』]{0,3}|\n")
_COLONS = "：:"  # what ends so announces the lines that follow
_SERIES = re.compile(
    r"(?:(?P<is>[一二三四五六七八九十])(?:是|要)|第(?P<nth>[一二三四五六七八九十])[，,、是]"
    r"|(?P<ring>[①-⑳])|[（(](?P<arabic>\d{1,2})[）)]|(?P<plain>\d{1,2})(?:[、．]|\.(?!\d)))"
)
_ORDER = {sign: n for n, sign in enumerate("一二三四五六七八九十", 1)}
_ANNOUNCED = re.compile(
    "[两二三四五六七八九十2-9](?:个|项|条|点|种|类|大|方面|举措|措施|做法|问题|建议|抓)"
)
_LEANS = re.compile(
    "其中|同时|此外|另外|对此|为此|因此|由此|这|该|他|她|它|其|随后|之后|据此|然而|但|不过|而且|并"
)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A range of ``Draft.text`` that the proposal leaves out."""

    start: int
    end: int
    reason: str  # for people
    saved: int  # 字


@dataclass(frozen=True, slots=True)
class Cut:
    """The proposal: nothing of it is applied by itself."""

    limit: int
    before: int  # 字 of the draft
    after: int
    dropped: tuple[Dropped, ...]  # ascending; neighbours with one reason stand apart
    text: str  # the shortened draft, one paragraph a line

    @property
    def reached(self) -> bool:
        """Whether the limit is kept; what is protected may be longer than it."""
        return self.after <= self.limit


_UNJUDGED = Worth(0.0, "", "")


@dataclass(slots=True)
class _Sentence:
    start: int
    end: int
    paragraph: int
    first: bool  # of its paragraph
    fixed: bool  # must stay
    leans: bool  # on the sentence before it
    heads: bool  # a run-in heading: stays as long as something of its paragraph does
    series: int = -1  # which series it opens a member of
    worth: Worth = _UNJUDGED
    gone: bool = False


def propose_cut(draft: Draft, limit: int, *, terms: Collection[str] = ()) -> Cut:
    """Propose what to drop so that ``draft`` has at most ``limit`` 字.

    ``terms`` are words that carry its theme. A draft within the limit gives an empty proposal.
    """
    text = draft.text
    sentences = _sentences(draft, text)
    spans = [(s.start, s.end) for s in sentences]
    firsts = [s.first for s in sentences]
    worths = worth(text, draft.title, spans, firsts=firsts, terms=terms)
    for sentence, found in zip(sentences, worths, strict=True):
        sentence.worth = found
    excess = draft.characters - limit
    saved = _drop(text, sentences, excess) if excess > 0 else 0
    saved += _drop_bare_heads(text, sentences) if saved else 0
    if saved > excess > 0:
        saved -= _take_back(text, sentences, saved - excess)
    dropped = tuple(_dropped(draft, text, sentences))
    return Cut(limit, draft.characters, draft.characters - saved, dropped, _without(draft, dropped))


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges of the sentences in ``text[start:end]``; quotations are not cut in two."""
    begin = start
    for match in _END.finditer(text, start, end):
        part = text[begin : match.end()]
        if part.count("“") <= part.count("”"):
            yield begin, match.end()
            begin = match.end()
    if begin < end:
        yield begin, end


def _sentences(draft: Draft, text: str) -> list[_Sentence]:
    """The sentences of the body in order, with what protects them."""
    found: list[_Sentence] = []
    start, opens = 0, True  # the first sentence of the draft, then of each section
    announced = False
    for number, paragraph in enumerate(draft.paragraphs):
        line = paragraph.line
        if paragraph.role == "heading":
            opens, announced = True, bool(_ANNOUNCED.search(paragraph.text))
        elif paragraph.role == "body":
            body = start + len(paragraph.label)
            labelled = bool(paragraph.label)
            spans = list(split_sentences(text, body, start + len(line)))
            heads = len(spans) > 1 and spans[0][1] - spans[0][0] <= _LONGEST_RUN_IN
            for place, (a, b) in enumerate(spans):
                announces = text[b - 1] in _COLONS
                fixed = ((opens or labelled) and place <= heads) or announces
                leans = bool(_LEANS.match(text, a)) and place > 0
                first = place == 0
                found.append(_Sentence(a, b, number, first, fixed, leans, heads and first))
            opens = opens and not spans
        start += len(line) + 1
    _mark_series(text, found, announced=announced)
    return found


def _mark_series(text: str, sentences: Sequence[_Sentence], *, announced: bool) -> None:
    """Give each member of a numbered series its series; announced ones are fixed as a whole."""
    series, last = -1, 0
    for place, sentence in enumerate(sentences):
        match = _SERIES.match(text, sentence.start)
        if not match:
            continue
        number = _number(match)
        if number != last + 1 or number == 1:
            if number != 1:
                last = 0
                continue
            series += 1
            before = sentences[place - 1] if place else None
            announced = before is not None and bool(
                _ANNOUNCED.search(text, max(before.start, before.end - 30), before.end)
            )
        sentence.series, last = series, number
        sentence.fixed = sentence.fixed or announced


def _number(match: re.Match[str]) -> int:
    if ring := match["ring"]:
        return ord(ring) - 0x2460 + 1
    if arabic := match["arabic"] or match["plain"]:
        return int(arabic)
    return _ORDER[match["is"] or match["nth"]]


def _drop(text: str, sentences: list[_Sentence], excess: int) -> int:
    """Mark sentences as gone, the cheapest first, until ``excess`` 字 are saved; returns the 字."""
    order = sorted(
        (s for s in sentences if not s.fixed),
        key=lambda s: (not s.worth.reason, s.worth.score, -s.start),
    )
    place = {id(s): n for n, s in enumerate(sentences)}
    saved, moved = 0, True
    while saved < excess and moved:
        moved = False
        for sentence in order:
            if sentence.gone or not _may_go(sentences, place[id(sentence)]):
                continue
            sentence.gone = moved = True
            saved += count_characters(text[sentence.start : sentence.end])
            if saved >= excess:
                break
    return saved


def _may_go(sentences: list[_Sentence], n: int) -> bool:
    """Whether a sentence can go now: nothing kept leans on it, its series stays whole."""
    sentence = sentences[n]
    follower = sentences[n + 1] if n + 1 < len(sentences) else None
    if follower and follower.leans and not follower.gone:
        return False
    if sentence.heads and _rest_stays(sentences, n):
        return False
    if sentence.series < 0:
        return True
    members = [m for m in sentences if m.series == sentence.series and not m.gone]
    if members[-1] is not sentence or len(members) <= 2:
        return False
    # what a member says after its first sentence goes before it
    return not (
        follower
        and follower.paragraph == sentence.paragraph
        and follower.series < 0
        and not follower.gone
        and not follower.fixed
    )


def _rest_stays(sentences: list[_Sentence], n: int) -> bool:
    """Whether any other sentence of the paragraph that sentence ``n`` begins is kept."""
    rest = takewhile(lambda s: s.paragraph == sentences[n].paragraph, sentences[n + 1 :])
    return any(not s.gone for s in rest)


def _drop_bare_heads(text: str, sentences: list[_Sentence]) -> int:
    """Drop run-in headings of which nothing is left but themselves; returns the 字 saved."""
    saved = 0
    for n, sentence in enumerate(sentences):
        bare = sentence.heads and not sentence.gone and not _rest_stays(sentences, n)
        if bare and not sentence.fixed and _may_go(sentences, n):
            sentence.gone = True
            saved += count_characters(text[sentence.start : sentence.end])
    return saved


def _take_back(text: str, sentences: list[_Sentence], room: int) -> int:
    """Keep the best of what went where it still fits into ``room`` 字; returns the 字 kept."""
    kept = 0
    for n, sentence in sorted(enumerate(sentences), key=lambda pair: -pair[1].worth.score):
        if not sentence.gone or sentence.worth.reason or sentence.series >= 0 or sentence.leans:
            continue
        after_kept = not sentence.first and not sentences[n - 1].gone
        alone = sentence.first and not sentence.heads
        size = count_characters(text[sentence.start : sentence.end])
        if (after_kept or alone) and size <= room - kept:
            sentence.gone = False
            kept += size
    return kept


def _dropped(draft: Draft, text: str, sentences: Sequence[_Sentence]) -> Iterator[Dropped]:
    starts = _starts(draft)
    for sentence in sentences:
        if sentence.gone:
            label = draft.paragraphs[sentence.paragraph].label if sentence.first else ""
            start = starts[sentence.paragraph] if label else sentence.start
            saved = count_characters(text[sentence.start : sentence.end])
            yield Dropped(start, sentence.end, sentence.worth.remark, saved)


def _starts(draft: Draft) -> list[int]:
    starts, start = [], 0
    for paragraph in draft.paragraphs:
        starts.append(start)
        start += len(paragraph.line) + 1
    return starts


def _without(draft: Draft, dropped: Sequence[Dropped]) -> str:
    """The lines of a draft without the ranges; a line of which nothing is left is left out."""
    lines, starts = [], _starts(draft)
    within: list[list[Dropped]] = [[] for _ in starts]
    for gone in dropped:
        within[bisect_right(starts, gone.start) - 1].append(gone)
    for start, paragraph, here in zip(starts, draft.paragraphs, within, strict=True):
        line = paragraph.line
        kept, place = [], start
        for gone in here:
            kept.append(line[place - start : gone.start - start])
            place = gone.end
        left = "".join((*kept, line[place - start :]))
        if left.strip() or not line:
            lines.append(left)
    return "\n".join(lines)
