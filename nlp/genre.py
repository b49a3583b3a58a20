"""Genre (体裁) from structure and words: weighted cues, then a softmax over their sums.

Every cue is a sentence that an editor would say ("标题写明是讲话", "开头称“同志们”") with the
genre that it speaks for and a weight: 1 hints, 2 is usual, 4 all but settles. A genre starts from
how common it is in the field, so a text without cues is 经验 or 动态 by its length.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Literal

from nlp.genre_counts import counted_cues
from nlp.text import to_simplified
from nlp.types import CONTENT_ROLES, Draft, Genre

PRIOR: dict[str, float] = {
    "动态": 0.5,
    "经验": 1.0,
    "问题": 0.0,
    "建议": 0.0,
    "调研报告": 0.0,
    "讲话": 0.0,
    "通知": 0.0,
    "评论": 0.0,
    "信访": 0.0,
}
_SHARPNESS = 1.0
_TITLE, _OPENING, _LEAD, _BODY = 100, 120, 600, 6000

_Part = Literal["title", "opening", "lead", "body"]


@dataclass(frozen=True, slots=True)
class _Cue:
    genre: str
    weight: float
    label: str
    where: _Part
    patterns: tuple[re.Pattern[str], ...]

    def spoken(self, text: str) -> bool:
        """Whether all patterns occur one after the other: linear, unlike one long expression."""
        place = 0
        for pattern in self.patterns:
            match = pattern.search(text, place)
            if match is None:
                return False
            place = match.end()
        return True


@cache
def _cues() -> tuple[_Cue, ...]:
    table = tomllib.loads((files("nlp") / "data" / "genre.toml").read_text("utf-8"))
    return tuple(
        _Cue(c["genre"], c["weight"], c["label"], c["where"], tuple(map(re.compile, c["find"])))
        for c in table["cue"]
    )


def _sources(draft: Draft) -> tuple[dict[_Part, str], int]:
    lines = [p.line for p in draft.paragraphs if p.role in CONTENT_ROLES]
    body = "\n".join(lines)
    shown = to_simplified(body[:_BODY]).replace(" ", "")
    parts: dict[_Part, str] = {
        "title": to_simplified(draft.title[:_TITLE]),
        "opening": shown[:_OPENING],
        "lead": shown[:_LEAD],
        "body": shown,
    }
    return parts, len(body)


def guess_genre(draft: Draft) -> Genre:
    """The most likely genre, its probability, and up to four cues that spoke for it."""
    sources, length = _sources(draft)
    scores = dict(PRIOR)
    spoken: dict[str, list[tuple[float, str]]] = {}
    seen = [(c.genre, c.weight, c.label) for c in _cues() if c.spoken(sources[c.where])]
    for genre, weight, label in (*seen, *counted_cues(sources["body"], length)):
        scores[genre] += weight
        if label:
            spoken.setdefault(genre, []).append((weight, label))
    best = max(scores, key=scores.__getitem__)
    total = sum(exp(_SHARPNESS * (score - scores[best])) for score in scores.values())
    cues = sorted(spoken.get(best, ()), key=lambda cue: -cue[0])
    return Genre(best, round(1 / total, 4), tuple(label for _, label in cues[:4]))
