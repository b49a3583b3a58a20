"""Months, quarters, halves and years, half-open; 31 December belongs to its year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from points.rules import Every

MONTHS: dict[Every, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``start`` up to but not including ``end``; ``label`` as reports name it."""

    start: date
    end: date
    label: str

    @property
    def last(self) -> date:
        """Its last day: that on which rules of a period take effect."""
        return self.end - timedelta(days=1)


def span_of(every: Every, day: date) -> Span:
    """The month, quarter, half or year that holds ``day``."""
    months = MONTHS[every]
    number = (day.month - 1) // months
    start = date(day.year, number * months + 1, 1)
    last = number * months + months
    end = date(day.year + 1, 1, 1) if last == 12 else date(day.year, last + 1, 1)
    labels = {
        "month": f"{day.year}-{day.month:02}",
        "quarter": f"{day.year}Q{number + 1}",
        "half": f"{day.year}H{number + 1}",
        "year": f"{day.year}",
    }
    return Span(start, end, labels[every])


def spans_ending(every: Every, start: date, end: date) -> Iterator[Span]:
    """The spans whose last day lies in [start, end), in order of time."""
    span = span_of(every, start)
    while span.last < end:
        if span.last >= start:
            yield span
        span = span_of(every, span.end)
