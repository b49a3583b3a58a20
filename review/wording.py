"""Values in words: how figures, times and shares stand on a page."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, Final

_BEIJING: Final = timezone(timedelta(hours=8))


def share(value: float | None) -> str:
    """0.93 → 93%; None → —."""
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


FILTERS: Final[dict[str, Any]] = {
    "share": share,
    "number": number,
    "moment": moment,
    "visible": visible,
}
"""Filters of the templates."""
