"""Days, and periods: half-open ranges of them, as reports name them. 31 December is its year's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_FORM = re.compile(r"(\d{4})(?:-?(?:Q([1-4])|H([12])|(\d{2})))?")
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?"
_DAY = re.compile(
    r"(?:(\d{4})(?:[-/.]|年) ?(\d{1,2})(?:[-/.]|月) ?(\d{1,2})日?|(\d{4})(\d{2})(\d{2}))" + _TIME,
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` up to but not including ``end``, in Asia/Shanghai.

    As ISO text they compare with the columns ``received_on``:
    ``received_on >= start AND received_on < end``.
    """

    start: date
    end: date


def before(period: Period) -> Period:
    """The period of as many months that ends where this one starts."""
    start, end = period.start, period.end
    months = 12 * (end.year - start.year) + end.month - start.month
    year, month = divmod(12 * start.year + start.month - 1 - months, 12)
    return Period(date(year, month + 1, 1), start)


def parse_period(text: str) -> Period:
    """``2026`` a year, ``2026H1`` a half, ``2026Q3`` a quarter, ``2026-09`` a month.

    Raises ValueError with a Chinese sentence for anything else.
    """
    match = _FORM.fullmatch(text.strip().upper())
    if match is None:
        raise ValueError(_complaint(text))
    year, quarter, half, month = (int(part) if part else 0 for part in match.groups())
    if quarter:
        first, length = 3 * quarter - 2, 3
    elif half:
        first, length = 6 * half - 5, 6
    elif match[4]:
        first, length = month, 1
    else:
        first, length = 1, 12
    if not 1 <= first <= 12 or not 1 <= year <= 9998:
        raise ValueError(_complaint(text))
    last = first + length - 1
    end = date(year + 1, 1, 1) if last == 12 else date(year, last + 1, 1)
    return Period(date(year, first, 1), end)


def parse_day(text: str) -> date:
    """A day as people and Excel write it: 2026-09-15, 2026/9/15, 2026年9月15日, 20260915…

    A time after it, as Excel adds it, is dropped. Raises ValueError with a Chinese sentence.
    """
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match:
        try:
            return date(*(int(part) for part in match.groups() if part))
        except ValueError:  # no such day
            pass
    raise ValueError(f"看不懂日期“{text}”：请写成2026-09-15。")


def today() -> date:
    """The day in Asia/Shanghai."""
    return (datetime.now(UTC) + timedelta(hours=8)).date()


def _complaint(text: str) -> str:
    return f"看不懂期间“{text}”：请写成2026（年）、2026H1（半年）、2026Q3（季度）或2026-09（月）。"
