"""What a match of a printed item with a draft is made of, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from nlp.reuse import Side


@dataclass(frozen=True, slots=True)
class MatchRules:
    """Thresholds; shares are of folded characters (Han, letters, digits)."""

    sure: float = 0.95  # confidence from which an adoption is recorded without asking
    ask: float = 0.3  # … from which it is proposed
    least: int = 45  # characters that a source gives, at least: a full sentence
    least_share: float = 0.06  # … and of the item
    rival: float = 0.67  # a draft that explains so much of the same part is a rival for it
    close: float = 0.04  # … and as good as the best within this share of the part
    gap: int = 60  # characters that nobody explains inside a part: rewritten rather than new
    earlier: float = 0.6  # an earlier version of the unit's own may explain so much less
    title_ask: float = 0.62  # likeness of titles from which a title alone is proposed
    # Log-odds: measured on the samples, with and without the true drafts (benchmarks.matching).
    base: float = -4.0
    by_shared: float = 2.5  # for 150 characters and more
    by_longest: float = 2.0  # for a passage of 60 and more
    by_share: float = 3.0  # for 60 % of the item and more
    by_used: float = 2.0  # for half of the draft and more
    by_title: float = 1.0  # alike titles over alike texts
    by_likeness: float = 12.0  # of titles alone, a unit of likeness above 0.4
    by_named: float = 1.5  # the by-line names the unit
    by_other: float = -1.5  # it names units, but not this one
    by_claim: float = -3.0  # another unit explains the same part as well, and no by-line decides
    by_late: float = -2.5  # written, as far as is known, after it was printed

    @property
    def version(self) -> str:
        """Short digest of the values: a stored proposal says which rules made it."""
        return blake2b(repr(self).encode(), digest_size=4).hexdigest()


RULES: Final = MatchRules()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draft that a printed item may have been made from."""

    draft_id: int
    side: Side  # its text; its unit is the unit's id
    received_on: str  # ISO day
    piece: int = 0  # equal for the versions of one piece; 0 = it is the only one

    @property
    def day(self) -> str:
        """When it was there: the day it bears if that is a whole one, else that of receipt."""
        dated = self.side.dated
        return min(dated, self.received_on) if len(dated) == 10 else self.received_on


@dataclass(frozen=True, slots=True)
class Printed:
    """The item: its text as a side (empty for a list of titles), its day, the units it names."""

    side: Side
    published_on: str
    units: frozenset[int] = frozenset()  # in the by-line

    @property
    def length(self) -> int:
        """Folded characters of its text."""
        return len(self.side.folded.text)


@dataclass(frozen=True, slots=True)
class Match:
    """A draft that the item was made from."""

    draft_id: int
    share: float  # of the item's text, 0–1
    used: float  # of the draft's text, 0–1; 0 where only titles are known
    confidence: float
    sure: bool
    evidence: Mapping[str, Any]  # shared, longest, title, named, why, versions, rivals
    warnings: tuple[str, ...] = ()  # codes, see WARNINGS


WARNINGS: Final = {
    "printed_before_received": "刊发早于收稿",
    "two_units": "两个单位都报过",
    "same_unit_twice": "同一单位有两篇用在这一条",
    "title_only": "只有标题可比",
    "other_byline": "署名是别的单位",
    "same_draft_twice": "这篇稿件在同一期已有一条",
}


def warnings_of(item: Printed, candidate: Candidate) -> list[str]:
    """Codes of what is odd about the pair itself."""
    found = []
    if item.published_on < candidate.received_on:
        found.append("printed_before_received")
    if item.units and candidate.side.unit not in item.units:
        found.append("other_byline")
    return found


def circumstances(
    item: Printed, candidate: Candidate, warnings: Collection[str], rules: MatchRules
) -> float:
    """Log-odds of what is known beside the text: by-line and dates."""
    odds = rules.by_named * (candidate.side.unit in item.units)
    odds += rules.by_other * ("other_byline" in warnings)
    return odds + rules.by_late * (item.published_on < candidate.day)


def weighed(
    candidate: Candidate,
    share: float,
    used: float,
    odds: float,
    evidence: Mapping[str, Any],
    warnings: Sequence[str],
    rules: MatchRules,
    *,
    doubtful: bool,
) -> Match:
    """A match of such log-odds; one that is ``doubtful`` waits for an editor however likely."""
    confidence = 1 / (1 + math.exp(-odds))
    return Match(
        candidate.draft_id, round(share, 4), round(used, 4), round(confidence, 4),
        confidence >= rules.sure and not doubtful, evidence, tuple(warnings),
    )  # fmt: skip


def is_odd(item: Printed, candidate: Candidate) -> bool:
    """Whether a person must look: signed by another unit, or written after it was printed."""
    foreign = bool(item.units) and candidate.side.unit not in item.units
    return foreign or item.published_on < candidate.day
