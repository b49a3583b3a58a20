"""Which drafts a printed item was made from, how much of it each gave, and how sure that is.

Each draft that shares text with the item explains a part of its characters; the parts are credited
greedily, the largest first, so that a draft gets only what no better one explains (as sourmash's
``gather`` decomposes a mixture). Drafts that explain the same part are versions of one piece or
claims of several units: the by-line decides between units, then who explains more, then who was
earlier; of one unit's versions the earliest counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nlp.alignment import Span, bridged
from nlp.fingerprints import Hashes
from nlp.match_types import (
    RULES,
    Candidate,
    Match,
    MatchRules,
    Printed,
    circumstances,
    is_odd,
    warnings_of,
    weighed,
)
from nlp.reuse import measure
from nlp.titles import title_likeness

_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Overlap:
    """What one candidate explains of the item."""

    candidate: Candidate
    mask: _Mask  # shape (folded characters of the item,); small differences inside count as its own
    equal: _Mask  # the same, but only what is equal letter by letter
    used: float
    shared: int
    longest: int
    title: float

    @property
    def unit(self) -> int | str | None:
        return self.candidate.side.unit


def match_text(
    item: Printed,
    candidates: Sequence[tuple[Candidate, Sequence[Span]]],
    common: Hashes,
    rules: MatchRules = RULES,
) -> tuple[Match, ...]:
    """The sources of an item with text, the largest share first.

    ``candidates`` come with their alignment (``nlp.alignment.align`` of the item's folded text and
    theirs, in this order); ``common`` are the hashes of what many drafts have.
    """
    overlaps = [_overlap(item, one, spans, common) for one, spans in candidates]
    left = [one for one in overlaps if one.shared >= rules.least]
    seen = np.zeros(item.length, dtype=np.bool_)
    found: list[_Found] = []
    while left:
        best = max(left, key=lambda one: (_own(one, seen), int(one.equal.sum()), one.used))
        part = best.mask & ~seen
        if part.sum() < max(rules.least, rules.least_share * item.length):
            break
        rivals = [one for one in left if _own(one, seen, part) >= rules.rival * part.sum()]
        found.append(_settle(item, best, part, rivals, rules))
        for one in rivals:  # what a rival adds beyond this part is new text of one piece
            if one.unit == found[-1].winner.unit and _is_version(one, found[-1].winner):
                seen |= one.mask
        seen |= best.mask
        left = [one for one in left if one is not best and _own(one, seen) >= rules.least]
    sizes = _with_gaps([one.part for one in found], item.length, rules)
    found = [replace(one, size=size) for one, size in zip(found, sizes, strict=True)]
    return tuple(
        _match(item, one, claimant, found, rules)
        for one in found
        for claimant in (one.winner, *one.contested)
    )


def _with_gaps(parts: Sequence[_Mask], length: int, rules: MatchRules) -> list[int]:
    """Characters of each part, with the gaps inside it that an editor's pen explains.

    A short stretch that no draft explains belongs to the part on both sides of it; at the very
    beginning or end it may be an editor's own words, unless the item has one source only.
    """
    owners = np.full(length, -1)
    for number, part in enumerate(parts):
        owners[part] = number
    edges = np.flatnonzero(np.diff(owners, prepend=-2, append=-2))
    for start, end in pairwise(edges.tolist()):
        if owners[start] < 0 and end - start <= rules.gap:
            inside = start > 0 and end < length
            around = {int(owners[at]) for at in (start - 1, end) if 0 <= at < length}
            if len(around) == 1 and (inside or len(parts) == 1):
                owners[start:end] = around.pop()
    return [int((owners == number).sum()) for number in range(len(parts))]


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A part of the item and the draft that it is credited to."""

    winner: _Overlap
    part: _Mask
    size: int  # characters of the part
    why: str
    versions: tuple[int, ...] = ()  # other drafts of the unit with the same piece
    rivals: tuple[int, ...] = ()  # drafts of other units that explain the part too
    contested: tuple[_Overlap, ...] = ()  # those of them between which and ours nothing decides


def _overlap(item: Printed, one: Candidate, spans: Sequence[Span], common: Hashes) -> _Overlap:
    verdict = measure(item.side, one.side, spans, common)
    natures = [passage.nature for passage in verdict.passages]
    kept = [span for span, nature in zip(spans, natures, strict=True) if nature == "reuse"]
    lengths = (item.length, len(one.side.folded.text))
    mask = np.zeros(item.length, dtype=np.bool_)
    equal, used = mask.copy(), np.zeros(lengths[1], dtype=np.bool_)
    for run in (run for span in kept for run in span.runs):
        equal[run.a : run.a + run.length] = True
    for span, _ in bridged(kept, ["reuse"] * len(kept), lengths):
        mask[span.a_start : span.a_end] = True
        used[span.b_start : span.b_end] = True
    return _Overlap(
        one, mask, equal, float(used.mean()) if used.size else 0.0, verdict.shared, verdict.longest,
        title_likeness(item.side.title, one.side.title),
    )  # fmt: skip


def _own(one: _Overlap, seen: _Mask, part: _Mask | None = None) -> int:
    mask = one.mask & ~seen
    return int((mask & part).sum() if part is not None else mask.sum())


def _is_version(one: _Overlap, other: _Overlap) -> bool:
    piece = one.candidate.piece
    return one is other or (piece != 0 and piece == other.candidate.piece)


def _settle(
    item: Printed, best: _Overlap, part: _Mask, rivals: Sequence[_Overlap], rules: MatchRules
) -> _Found:
    """Choose between the drafts that explain a part: first the unit, then its version."""
    size = int(part.sum())
    covers = {id(one): int((one.equal & part).sum()) for one in rivals}
    named = [one for one in rivals if one.unit in item.units]
    pool = named or rivals
    top = max(covers[id(one)] for one in pool)
    as_good = [one for one in pool if covers[id(one)] >= top - rules.close * size]
    first = min(as_good, key=_age)
    own = [
        one
        for one in pool
        if one.unit == first.unit
        and (covers[id(one)] >= top - rules.close * size or _is_version(one, first))
        and covers[id(one)] >= rules.earlier * top
    ]
    winner = min(own, key=_age)
    others = [one for one in rivals if one.unit != winner.unit]
    close = [one for one in others if covers[id(one)] >= top - rules.close * size]
    if len(own) > 1:
        why = "同一单位的几稿，取最早的一稿"
    elif others:
        why = "署名是这个单位" if named else "与刊发的文字更接近" if not close else "成文更早"
    else:
        why = ""
    return _Found(
        winner, part, size, why,
        tuple(sorted(one.candidate.draft_id for one in own if one is not winner)),
        tuple(sorted(one.candidate.draft_id for one in others)),
        () if named else _first_of_each_unit(close),
    )  # fmt: skip


def _first_of_each_unit(overlaps: Sequence[_Overlap]) -> tuple[_Overlap, ...]:
    firsts: dict[object, _Overlap] = {}
    for one in sorted(overlaps, key=_age):
        firsts.setdefault(one.unit, one)
    return tuple(firsts.values())


def _age(one: _Overlap) -> tuple[str, int]:
    return one.candidate.day, one.candidate.draft_id


def _match(
    item: Printed, one: _Found, winner: _Overlap, found: Sequence[_Found], rules: MatchRules
) -> Match:
    """What is said of ``winner``: the draft chosen for a part, or one that contests it."""
    share = one.size / item.length
    warnings = warnings_of(item, winner.candidate)
    if one.rivals:
        warnings.append("two_units")
    if winner.unit is not None and sum(f.winner.unit == winner.unit for f in found) > 1:
        warnings.append("same_unit_twice")
    odds = (
        rules.base
        + rules.by_shared * min(1.0, winner.shared / 150)
        + rules.by_longest * min(1.0, winner.longest / 60)
        + rules.by_share * min(1.0, share / 0.6)
        + rules.by_used * min(1.0, winner.used / 0.5)
        + rules.by_title * (winner.title >= rules.title_ask)
        + rules.by_claim * bool(one.contested)
        + circumstances(item, winner.candidate, warnings, rules)
    )
    evidence = {
        "shared": winner.shared,
        "longest": winner.longest,
        "title": round(winner.title, 2),
        "named": winner.unit in item.units,
        "why": one.why if winner is one.winner else "",
        "versions": list(one.versions) if winner is one.winner else [],
        "rivals": sorted({*one.rivals, one.winner.candidate.draft_id} - {winner.candidate.draft_id})
        if one.rivals
        else [],
    }
    doubtful = bool(one.contested) or is_odd(item, winner.candidate)
    return weighed(
        winner.candidate, share, winner.used, odds, evidence, warnings, rules, doubtful=doubtful
    )
