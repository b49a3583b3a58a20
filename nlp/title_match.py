"""The draft of a printed item of which only the title is known, as media monitors list them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
from nlp.titles import title_likeness


def match_title(
    item: Printed,
    candidates: Sequence[tuple[Candidate, float, int]],
    rules: MatchRules = RULES,
) -> tuple[Match, ...]:
    """The source of an item of which only the title is known; () or one draft.

    ``candidates``: draft, likeness of its title (or of the title that it was printed under
    elsewhere), and the item where that was (0 = its own title).
    """
    alike = [one for one in candidates if one[1] >= rules.title_ask]
    if not alike:
        return ()
    named = [one for one in alike if one[0].side.unit in item.units]
    pool = named or alike
    top = max(likeness for _, likeness, _ in pool)
    best, likeness, via = min(
        (one for one in pool if one[1] >= top - 0.02),
        key=lambda one: (one[0].day, one[0].draft_id),
    )
    versions = sorted(
        one.draft_id for one, _, _ in pool if one is not best and _same_piece(one, best)
    )
    rivals = sorted(
        one.draft_id
        for one, other, _ in alike
        if other >= top - 0.1 and one is not best and not _same_piece(one, best)
    )
    warnings = ["title_only", *warnings_of(item, best)]
    if rivals:
        warnings.append("two_units")
    odds = (
        rules.base
        + rules.by_likeness * (likeness - 0.4)
        + rules.by_claim * (bool(rivals) and not named)
        + circumstances(item, best, warnings, rules)
    )
    evidence: dict[str, Any] = {
        "title": round(likeness, 2),
        "named": best.side.unit in item.units,
        "why": "同一单位的几稿，取最早的一稿" if versions else "",
        "versions": versions,
        "rivals": rivals,
    }
    if via:
        evidence["reprint_of"] = via
    doubtful = (bool(rivals) and not named) or is_odd(item, best)
    return (weighed(best, 1.0, 0.0, odds, evidence, warnings, rules, doubtful=doubtful),)


def _same_piece(one: Candidate, other: Candidate) -> bool:
    return one.side.unit == other.side.unit and (
        one.piece == other.piece != 0 or title_likeness(one.side.title, other.side.title) >= 0.9
    )
