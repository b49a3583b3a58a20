"""Genre (体裁) from structure and words: weighted cues, then a softmax over their sums.

Every cue is a sentence that an editor would say ("标题写明是讲话", "开头称“同志们”") with the
genre that it speaks for and a weight: 1 hints, 2 is usual, 4 all but settles. A genre starts from
how common it is in the field, so a text without cues is 经验 or 动态 by its length.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Literal

import numpy as np

from nlp.counting import digits
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
_TITLE, _OPENING, _BODY = 100, 120, 6000
_BRIEF, _LONG = 480, 900
_ITEM = re.compile("[是、）](?<=[一二三四五六].)(?:(?<=是)|(?<=\n.、)|(?<=\n（.）))")
_LEAD = re.compile("[。\n][^，。；：！？、\n]{3,16}(?=。)")
"""A measure named in a few words before it is told: 选好联户长。"""
_SECTIONS = 3
"""Paragraphs from which a text has sections."""
_LEADS = 2
_FEW_FIGURES, _MANY_FIGURES = 4.0, 12.0
"""Digits in a thousand characters."""
_URGENT, _LEARNED, _BUSY, _IDLE = 8.0, 6.0, 10.0, 5.0
"""Words of urging, of theory and of doing in a thousand characters: many or few."""
_URGING = re.compile(
    "必须|就要|应当|要把|要以|要在|要有|只有|才能|不能|不是|要坚持|更要|既要|也要|需要"
)
_THEORY = re.compile(
    "本质|内涵|逻辑|历史|理论|规律|必然|伟大|世界|民族|人类|时代|意义|根本|体现|中华|马克思主义|真理"
)
_DOING = re.compile(
    "建立|开展|组织|印发|出台|举办|实施|选派|推行|制定|设立|打造|组建|成立|探索|健全|开发|邀请|遴选|聘请|走访|收集"
)
_LOCAL = re.compile("全[县市省区镇]|我[省市县]|县里|县委|市委|镇党委|街道|近年来|去年")
"""Words by which a unit tells of itself; an essay has none."""

_Part = Literal["title", "opening", "body"]


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
    shown = to_simplified(body[:_BODY])
    parts: dict[_Part, str] = {
        "title": to_simplified(draft.title[:_TITLE]),
        "opening": shown[:_OPENING],
        "body": shown,
    }
    return parts, len(body)


def _measured(body: str, length: int) -> Iterator[tuple[str, float, str]]:
    """Cues that are counted rather than seen."""
    if not length:
        return
    figures = int(np.count_nonzero(digits(body))) * 1000 / len(body)
    urging, theory, doing = (
        len(pattern.findall(body)) * 1000 / len(body) for pattern in (_URGING, _THEORY, _DOING)
    )
    paragraphs = body.count("\n") + 1
    begun = "\n" + body
    listed = len(_ITEM.findall(begun)) >= _SECTIONS or len(_LEAD.findall(begun)) >= _LEADS
    if figures < _FEW_FIGURES and length > 150:
        yield "评论", 1.5, "几乎没有数字"
    if figures > _MANY_FIGURES:
        yield "评论", -1.5, ""
    if not _LOCAL.search(body):
        yield "评论", 1.5, "不说本地做法"
    if urging > _URGENT:
        yield "评论", 1.5, "议论的语气"
    if theory > _LEARNED and length > _BRIEF:
        yield "评论", 2.0, "讲道理多"
    if doing > _BUSY and length > _BRIEF:
        yield "经验", 1.0, "写举措多"
    elif doing < _IDLE and length > _BRIEF:
        yield "评论", 1.0, "写举措少"
    if listed:
        yield "经验", 1.0, "逐条写做法"
    if paragraphs >= _SECTIONS and (length > _BRIEF or listed):
        yield "经验", 1.0, "分段写做法"
    if length < _BRIEF and not listed:
        yield "动态", 0.5, "篇幅短"
    if length > _LONG:
        yield "动态", -1.5, ""


def guess_genre(draft: Draft) -> Genre:
    """The most likely genre, its probability, and up to four cues that spoke for it."""
    sources, length = _sources(draft)
    scores = dict(PRIOR)
    spoken: dict[str, list[tuple[float, str]]] = {}
    for cue in _cues():
        if cue.spoken(sources[cue.where]):
            scores[cue.genre] += cue.weight
            spoken.setdefault(cue.genre, []).append((cue.weight, cue.label))
    for genre, weight, label in _measured(sources["body"], length):
        scores[genre] += weight
        if label:
            spoken.setdefault(genre, []).append((weight, label))
    best = max(scores, key=scores.__getitem__)
    total = sum(exp(_SHARPNESS * (score - scores[best])) for score in scores.values())
    cues = sorted(spoken.get(best, ()), key=lambda cue: -cue[0])
    return Genre(best, round(1 / total, 4), tuple(label for _, label in cues[:4]))
