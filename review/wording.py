"""Values in words: how figures, times and shares stand on a page."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from nlp.form import KINDS

FLAG_NAMES: Final = {
    **KINDS,
    "over_hard": "超长",
    "over_soft": "偏长",
    "under_floor": "过短",
    "long_title": "标题过长",
    "long_subtitle": "副标题过长",
    "long_paragraph": "段落过长",
    "long_sentence": "句子过长",
    "already_printed": "已刊发",
}
STATES: Final = {"waiting": "待审", "accepted": "已审", "returned": "已退", "adopted": "已采用"}
TABS: Final = {
    "waiting": "待审",
    "doubtful": "存疑",
    "duplicate": "重复",
    "overlong": "超长",
    "accepted": "已审",
    "adopted": "已采用",
    "returned": "已退",
    "all": "全部",
}
ORDERS: Final = {"arrival": "收到先后", "urgency": "轻重缓急", "teaching": "最有助于学习"}
DEEDS: Final = {"accept": "采信", "correct": "改定", "return": "退稿"}

_BEIJING: Final = timezone(timedelta(hours=8))


def share(value: float | None) -> str:
    """0.93 → 93%; 0.006 → 不到1%, for it is not nothing; None → —."""
    if value is not None and 0 < value < 0.01:
        return "不到1%"
    return "—" if value is None else f"{value:.0%}"


def number(value: int) -> str:
    """12345 → 12,345."""
    return f"{value:,}"


def moment(stored: str | None) -> str:
    """A stored UTC time as 11-21 22:04 in Beijing; "" for none."""
    if not stored:
        return ""
    return datetime.fromisoformat(stored).astimezone(_BEIJING).strftime("%m-%d %H:%M")


def visible(text: str) -> str:
    """Text of strangers without control codes and marks that turn the direction of writing."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)


def lines(text: str) -> str:
    """:func:`visible`, the ends of lines kept."""
    return "\n".join(visible(line) for line in text.split("\n"))


def issue_name(outlet: str, year: object, number: str) -> str:
    """云泽党建 2026 年第 9 期; of what has no number but its day, 云泽晨报 2026-09-25."""
    try:
        date.fromisoformat(number)
    except ValueError:
        return visible(f"{outlet} {year} 年第 {number} 期")
    return visible(f"{outlet} {number}")


FILTERS: Final[dict[str, Any]] = {
    "share": share,
    "number": number,
    "moment": moment,
    "visible": visible,
    "lines": lines,
    "issue_name": issue_name,
    "flag_name": lambda kind: FLAG_NAMES.get(kind, kind),
}
"""Filters of the templates."""
