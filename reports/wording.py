"""How reports name periods, days, shares and lists of units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from storage.periods import Period, parse_period

_QUARTERS = "一二三四"
NUMERALS = "一二三四五六七八九十"


def period_words(period: Period) -> str:
    """2026年第三季度, 2026年上半年, 2026年9月, 2026年; else from the first to the last day."""
    year = period.start.year
    for name, words in _names(year):
        if parse_period(name) == period:
            return words
    last = period.end - timedelta(days=1)
    return f"{day_in_words(period.start)}至{day_in_words(last)}"


def _names(year: int) -> Iterable[tuple[str, str]]:
    yield f"{year}", f"{year}年"
    yield f"{year}H1", f"{year}年上半年"
    yield f"{year}H2", f"{year}年下半年"
    for quarter in range(4):
        yield f"{year}Q{quarter + 1}", f"{year}年第{_QUARTERS[quarter]}季度"
    for month in range(1, 13):
        yield f"{year}-{month:02}", f"{year}年{month}月"


def day_in_words(day: date) -> str:
    """2026年7月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_day(iso: str) -> str:
    """2026-09-05 → 9月5日; "" stays."""
    return f"{int(iso[5:7])}月{int(iso[8:10])}日" if iso else ""


def span_words(period: Period) -> str:
    """7月1日至9月30日; with years where they differ."""
    last = period.end - timedelta(days=1)
    if last.year != period.start.year:
        return f"{day_in_words(period.start)}至{day_in_words(last)}"
    return f"{period.start.month}月{period.start.day}日至{last.month}月{last.day}日"


def share_words(share: float) -> str:
    """A share in percent with one decimal."""
    return f"{100 * share:.1f}%"


def listed(names: Sequence[str], most: int = 40) -> str:
    """Names with 、 between; of a very long list the first ones and how many there are."""
    if len(names) <= most:
        return "、".join(names)
    return "、".join(names[:most]) + f"等{len(names)}个"
