"""Number forms (GB/T 15835—2011) and document numbers (GB/T 9704—2012) that are written wrongly.

Every rule looks only at the neighbours of a run of digits, so the text is scanned once.
"""

from __future__ import annotations

import re

import numpy as np

from nlp.counting import digits
from nlp.spans import Span, Spans, one_flag, within
from nlp.types import Flag

_HAN_DIGITS = "〇零○一二三四五六七八九"
_COUNTED = "个名人户家天次场项件条份位岁倍成"
_OPEN, _CLOSE = "[［【(（", "]］】)）"
_RANGE = "-—–~～至"
_BEFORE = frozenset(f"近约之{_HAN_DIGITS}{_OPEN}")
_AFTER = frozenset(f"、{_RANGE}{_HAN_DIGITS}")
_ABOUT = re.compile(r"(?:\.\d{1,4})?[万亿千百]{0,2}(?:[多余]|[\u4e00-\u9fff]{1,3}左右)")
_PERCENT_RANGE = re.compile(r"[-—–~～至]\d{1,3}(?:\.\d{1,3})?[%％]")
_DOCUMENT = re.compile(r"[\]］】)）](?:第)?\d{1,4}号")


def digit_runs(text: str) -> list[Span]:
    """Half-open ranges of the runs of digits in a text, half or full width, ascending."""
    inside = np.zeros(len(text) + 2, dtype=np.bool_)
    inside[1:-1] = digits(text)
    edges = (inside[1:] != inside[:-1]).nonzero()[0].tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def number_flags(text: str, runs: Spans, judged: Spans) -> tuple[Flag, ...]:
    """Flags "number_form" and "document_number" at the runs of digits inside ``judged``."""
    marked = [  # a sign that some rule speaks of stands beside hardly any run
        run
        for run in runs
        if text[run[0] - 1 : run[0]] in _BEFORE or text[run[1] : run[1] + 1] in _AFTER
    ]
    slips = [slip for run in marked if (slip := _slip(text, *run))]
    numbers = [slip for run in marked if (slip := _document(text, *run))]
    return (
        *one_flag(
            "number_form",
            "info",
            "有{}处数字用法不合规范（GB/T 15835）：概数用汉字（五六个），年份不混写（2014年），"
            "百分数写98%，“近、约”不与“多、余、左右”连用，百分数范围写3%—5%",
            within(slips, judged),
        ),
        *one_flag(
            "document_number",
            "info",
            "有{}处文号年份的括号不对（GB/T 9704）：应为六角括号，如〔2026〕3号",
            within(numbers, judged),
        ),
    )


def _slip(text: str, start: int, end: int) -> Span | None:
    before, after = text[start - 1 : start], text[end : end + 1]
    if after == "、":
        return _approximate(text, start, end)
    if before and before in "近约" and (match := _ABOUT.match(text, end)):
        return start - 1, match.end()
    if before == "之" and text.startswith("百分之", max(0, start - 3)):
        return start - 3, end
    if after and after in _RANGE and (match := _PERCENT_RANGE.match(text, end)):
        # 2020—3% is no range; a decimal point before the run belongs to it
        return (start, match.end()) if end - start <= 2 and before != "." else None
    if (after and after in _HAN_DIGITS) or (before and before in _HAN_DIGITS):
        return _mixed_year(text, start, end)
    return None


def _approximate(text: str, start: int, end: int) -> Span | None:
    """5、6个: two neighbouring digits and a measure word; 第5、6个 names two of a series."""
    second, measure = text[end + 1 : end + 2], text[end + 2 : end + 3]
    if end - start != 1 or not second.isdecimal() or not measure or measure not in _COUNTED:
        return None
    if int(second) != int(text[start]) + 1 or text[start - 1 : start] in ("第", "、"):
        return None
    return start, end + 3


def _mixed_year(text: str, start: int, end: int) -> Span | None:
    """20一四年, 二0二六年: a year of four signs in two kinds of figures."""
    first, last = start, end
    while first > 0 and start - first < 4 and text[first - 1] in _HAN_DIGITS:
        first -= 1
    while last < len(text) and last - first < 5 and text[last] in _HAN_DIGITS + "0123456789":
        last += 1
    whole = last - first == 4 and text[last : last + 1] == "年"
    return (first, last + 1) if whole else None


def _document(text: str, start: int, end: int) -> Span | None:
    """[2026]3号, （2026）3号: the brackets of a document number are 〔 〕."""
    if end - start != 4 or text[start - 1 : start] not in tuple(_OPEN) or start == 0:
        return None
    if text[end : end + 1] not in tuple(_CLOSE):
        return None
    match = _DOCUMENT.match(text, end)
    return (start - 1, match.end()) if match and text[start] in "12" else None
