"""Date lines (成文日期) in the forms that units write, as ISO dates."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_LONGEST = 40
_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | dict.fromkeys(
    "○零OＯo０", "0"
)
_HAN_DIGIT = "〇○零OＯo０一二三四五六七八九"
_HAN_NUMBER = "一二三四五六七八九十"
_DATE = re.compile(
    rf"""
    (?P<year>(?:19|20)\d\d|[一二][{_HAN_DIGIT}]{{3}})
    (?:\s?年\s?|[.．/\-－—])
    (?P<month>\d{{1,2}}|[{_HAN_NUMBER}]{{1,2}})
    (?:
        (?:\s?月\s?|[.．/\-－—])(?P<day>\d{{1,2}}|[{_HAN_NUMBER}]{{1,3}})(?:\s?日)?
        | \s?月
    )
    """,
    re.VERBOSE,
)
_HINT = re.compile(rf"\d\d|[一二][{_HAN_DIGIT}]")
_MASKED = re.compile(
    r"(?:[12]\d\d\d|[12]\d[XxＸ×*＊]{1,2}|[XxＸ×*＊]{1,4})\s?年\s?[\dXxＸ×*＊]{1,2}\s?月"
    r"(?:\s?[\dXxＸ×*＊]{1,2}\s?日)?"
)
_LEAD = re.compile(
    r"(?:日期|时间|报送(?:日期|时间)|成文(?:日期|时间)|供稿(?:日期|时间))\s*[:：]\s*"
)
_FIRST = frozenset("12１２一二XxＸ×*＊日时报成供")
"""What a date, a masked date or its lead begins with."""
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def find_date(text: str) -> tuple[str, int, int] | None:
    """The first valid date in a short text: (ISO date, start, end); None if there is none."""
    if not _HINT.search(text):
        return None
    for match in _DATE.finditer(text.translate(_FULL_WIDTH)):
        if iso := _iso(match):
            return iso, match.start(), match.end()
    return None


@lru_cache(maxsize=512)
def read_date_line(line: str) -> str | None:
    """ISO date of a line that is nothing but a date, "" if it is masked (X年X月), else None.

    "2026年9月30日" and "二〇二六年九月三十日" give "2026-09-30", "2026年9月" gives "2026-09".
    Brackets round the date, a lead such as "日期：" and "印发" after it are accepted.
    """
    line = line.strip().removesuffix("印发").strip("（）() \u3000")
    if not 5 <= len(line) <= _LONGEST or line[0] not in _FIRST:
        return None
    if lead := _LEAD.match(line):
        line = line[lead.end() :]
    line = line.replace(" ", "").replace("\u3000", "")
    if (found := find_date(line)) and (found[1], found[2]) == (0, len(line)):
        return found[0]
    return "" if _MASKED.fullmatch(line) else None


def _iso(match: re.Match[str]) -> str:
    """ISO form of a matched date; "" if there is no such day in the calendar."""
    year, month = int(_year(match["year"])), _number(match["month"])
    day = _number(match["day"]) if match["day"] else 0
    try:
        found = date(year, month, day or 1).isoformat()
    except ValueError:
        return ""
    return found if day else found[:7]


def _year(text: str) -> str:
    return "".join(_DIGITS.get(c, c) for c in text)


def _number(text: str) -> int:
    """Arabic or Chinese number from 1 to 99."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(_DIGITS[c] for c in text))
    return (int(_DIGITS[tens]) if tens in _DIGITS else 1) * 10 + (
        int(_DIGITS[ones]) if ones in _DIGITS else 0
    )
