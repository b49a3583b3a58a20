"""Order of headings: 一、 → （一） → 1. → （1） (GB/T 9704—2012 §7.3.3), numbers without gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from nlp.heading import number_level, number_value
from nlp.spans import Span, one_flag
from nlp.types import Draft, Flag

_FORMS = ("", "一、", "（一）", "1.", "（1）")
_COMMA = re.compile(r"\d{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)][、.．]")


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A paragraph with a list number; ``level`` 0 is 第一章, then as ``_FORMS``."""

    level: int
    value: int
    label: str
    span: Span
    heading: bool


def order_flags(draft: Draft) -> tuple[Flag, ...]:
    """Flags "heading_order", "heading_number" and "number_mark", each at the first place."""
    items = list(_numbered(draft))
    if not items:
        return ()
    marks = [item.span for item in items if _COMMA.fullmatch(item.label.strip())]
    return (
        *_disorder(items),
        *_gaps(items),
        *one_flag(
            "number_mark",
            "info",
            "有{}处序号后的标点不对（GB/T 15834）：阿拉伯数字后用“.”，带括号的序号后不加标点",
            marks,
        ),
    )


def _numbered(draft: Draft) -> Iterator[_Numbered]:
    start = 0
    for paragraph in draft.paragraphs:
        label = paragraph.label
        if (
            label
            and paragraph.role in ("heading", "body")
            and (level := number_level(label))
            and (value := number_value(label))
        ):
            level = 0 if "第" in label else level
            heading = paragraph.role == "heading"
            yield _Numbered(level, value, label, (start, start + len(label)), heading)
        start += len(paragraph.line) + 1


def _disorder(items: list[_Numbered]) -> tuple[Flag, ...]:
    """Where a heading stands under one of a lower rank: （一） with 一、 below it, or a rank left
    out between a heading and the first one below it.
    """
    headings = [item for item in items if item.heading]
    if not headings:
        return ()
    top = min(item.level for item in headings)
    first = headings[0]
    if first.level > top:
        message = (
            f"小标题层次颠倒：“{first.label.strip()}”在前，“{_label_of(headings, top)}”在后；"
            "依次用一、（一）1.（1）（GB/T 9704）"
        )
        return (Flag("heading_order", "warn", message, *first.span, count=1),)
    skips = [
        below
        for above, below in pairwise(headings)
        if below.level > above.level + 1 and above.level > 0
    ]
    if not skips:
        return ()
    missing = _FORMS[skips[0].level - 1]
    message = (
        f"有{len(skips)}处小标题跳了层次，缺“{missing}”一级；依次用一、（一）1.（1）（GB/T 9704）"
    )
    return (Flag("heading_order", "info", message, *skips[0].span, count=len(skips)),)


def _label_of(headings: list[_Numbered], level: int) -> str:
    return next(item.label.strip() for item in headings if item.level == level)


def _gaps(items: list[_Numbered]) -> tuple[Flag, ...]:
    """Skipped and repeated numbers; a number one begins a new list."""
    last: dict[int, int] = {}
    wrong: list[tuple[_Numbered, str]] = []
    for item in items:
        for level in [level for level in last if level > item.level]:
            del last[level]
        before = last.get(item.level, 0)
        again = item.value == before and (item.value > 1 or (item.level == 1 and item.heading))
        if again:
            wrong.append((item, f"“{item.label.strip()}”重复"))
        elif item.value > before + 1:
            wrong.append((item, f"“{item.label.strip()}”之前缺号"))
        elif 1 < item.value < before:
            wrong.append((item, f"“{item.label.strip()}”倒退"))
        last[item.level] = item.value
    if not wrong:
        return ()
    item, what = wrong[0]
    message = f"序号不连续{len(wrong)}处，首处{what}，请核对是否漏段或重号"
    return (Flag("heading_number", "warn", message, *item.span, count=len(wrong)),)
