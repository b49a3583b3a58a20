"""Length: too short, too long, and where, by genre. Flags only; nothing is ever blocked.

Sources of the defaults, all published by editorial desks of the field:
组工信息 300 / 800 / 1500 (党政信息培训: 动态约800字; 社情民意不超过1500字),
调研报告 1500 / 3000 / 5000 (about 3,000, not above 5,000),
宣传稿件 300 / 800 / 1200 (征文 of 800; here 评论),
信访 100 / 800 / 1500 (the 12380 website takes 800).
经验 has 2000 as its hard limit (长篇典型 of 1,000 to 2,000). For 通知 and 讲话 no source was
found: their limits are our judgement and wide. Title 30: five per cent of the titles in a party
magazine are longer than 29; likewise paragraph 500 (95 %: 503) and sentence 140 (95 %: 139).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nlp.counting import count_characters, counted
from nlp.types import Draft, Flag

Spans = Sequence[tuple[int, int]]

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*[”’）)」』]{0,3}")


@dataclass(frozen=True, slots=True)
class Limits:
    """字数 of a genre: under ``floor`` too short, over ``soft`` long, over ``hard`` too long."""

    floor: int
    soft: int
    hard: int

    def __post_init__(self) -> None:
        if not 0 <= self.floor <= self.soft <= self.hard:
            raise ValueError(
                f"字数限额应为 下限≤建议≤上限，现为 {self.floor}、{self.soft}、{self.hard}"
            )


DEFAULT_GENRE = "动态"


def default_limits() -> dict[str, Limits]:
    """Limits for each genre code of ``nlp.types.Genre``."""
    return {
        "动态": Limits(300, 800, 1500),
        "经验": Limits(300, 1000, 2000),
        "问题": Limits(300, 800, 1500),
        "建议": Limits(300, 800, 1500),
        "调研报告": Limits(1500, 3000, 5000),
        "讲话": Limits(500, 3000, 5000),
        "通知": Limits(100, 1500, 3000),
        "评论": Limits(300, 800, 1200),
        "信访": Limits(100, 800, 1500),
    }


@dataclass(frozen=True, slots=True)
class LengthRules:
    """All limits: by genre in 字数, and in characters for a title, a paragraph, a sentence."""

    genres: Mapping[str, Limits] = field(default_factory=default_limits)
    title: int = 30
    paragraph: int = 500
    sentence: int = 140
    subtitle: int = 40

    def of(self, genre: str) -> Limits:
        """Limits of a genre; those of 动态 for one that the rules do not name."""
        return self.genres.get(genre) or self.genres.get(DEFAULT_GENRE) or Limits(300, 800, 1500)


def check_length(draft: Draft, genre_code: str, rules: LengthRules) -> tuple[Flag, ...]:
    """Flags "under_floor", "over_soft" or "over_hard", "long_title", "long_subtitle",
    "long_paragraph", "long_sentence": each with count, limit and the place in ``draft.text``.

    ``over_hard`` begins at the paragraph in which the limit is passed; for paragraphs and
    sentences one flag tells how many there are and shows the longest.
    """
    ranges = draft.ranges()
    prose = draft.ranges(frozenset({"body"}))
    flags = (
        _whole(draft, genre_code, rules.of(genre_code), ranges),
        _heading(draft, "title", "标题", draft.title, rules.title),
        _heading(draft, "subtitle", "副标题", draft.subtitle, rules.subtitle),
        _longest("long_paragraph", "段落", _longer(prose, rules.paragraph), rules.paragraph),
        _longest(
            "long_sentence", "句子", _sentences(draft.text, prose, rules.sentence), rules.sentence
        ),
    )
    return tuple(flag for flag in flags if flag)


def _whole(draft: Draft, genre: str, limits: Limits, ranges: Spans) -> Flag | None:
    count = draft.characters
    end = ranges[-1][1] if ranges else 0
    if count < limits.floor:
        short = limits.floor - count
        message = f"正文{count}字，不足{genre}下限{limits.floor}字，差{short}字"
        start = ranges[0][0] if ranges else 0
        return Flag("under_floor", "warn", message, start, end, count, limits.floor)
    if count > limits.hard:
        message = f"正文{count}字，超过{genre}上限{limits.hard}字{count - limits.hard}字"
        start = _passing(draft, ranges, limits.hard)
        return Flag("over_hard", "warn", message, start, end, count, limits.hard)
    if count > limits.soft:
        message = f"正文{count}字，超过{genre}建议字数{limits.soft}字{count - limits.soft}字"
        start = _passing(draft, ranges, limits.soft)
        return Flag("over_soft", "info", message, start, end, count, limits.soft)
    return None


def _passing(draft: Draft, ranges: Spans, limit: int) -> int:
    """Start of the paragraph in which 字数 passes the limit."""
    adds = counted(draft.text)
    count = 0
    for start, end in ranges:
        count += int(np.count_nonzero(adds[start:end]))
        if count > limit:
            return start
    return ranges[-1][0]


def _heading(draft: Draft, role: str, name: str, text: str, limit: int) -> Flag | None:
    """The flag of a title or subtitle that is longer than its limit."""
    if len(text) <= limit or (count := count_characters(text)) <= limit:
        return None
    spans = draft.ranges(frozenset({role}))
    start, end = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    message = f"{name}{count}字，超过{limit}字{count - limit}字"
    return Flag(f"long_{role}", "info", message, start, end, count, limit)


def _longer(spans: Spans, limit: int) -> list[tuple[int, int]]:
    return [span for span in spans if span[1] - span[0] > limit]


def _sentences(text: str, paragraphs: Spans, limit: int) -> list[tuple[int, int]]:
    """Ranges of the sentences that are longer than the limit."""
    found: list[tuple[int, int]] = []
    for start, end in _longer(paragraphs, limit):
        if max(map(len, _SENTENCE.findall(text, start, end)), default=0) > limit:
            spans = [match.span() for match in _SENTENCE.finditer(text, start, end)]
            found += _longer(spans, limit)
    return found


def _longest(kind: str, name: str, found: Spans, limit: int) -> Flag | None:
    if not found:
        return None
    start, end = max(found, key=lambda span: span[1] - span[0])
    count = end - start
    message = f"{len(found)}个{name}超过{limit}字，最长{count}字"
    return Flag(kind, "info", message, start, end, count, limit)
