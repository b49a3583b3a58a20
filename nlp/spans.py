"""Ranges of text and the flag that stands for all places of one kind."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from nlp.types import Flag, Severity

Span = tuple[int, int]
Spans = Sequence[Span]


def one_flag(kind: str, severity: Severity, message: str, spans: Spans) -> tuple[Flag, ...]:
    """One flag for all places of a kind, at the first of them; none if there is none.

    ``message`` has one ``{}`` for the number of places.
    """
    if not spans:
        return ()
    start, end = spans[0]
    return (Flag(kind, severity, message.format(len(spans)), start, end, len(spans)),)


def within(spans: Iterable[Span], ranges: Spans) -> list[Span]:
    """Those spans that lie in one of ``ranges`` (ascending, disjoint)."""
    waiting = list(spans)
    return list(lying(waiting, ranges)) if waiting else waiting


def lying(spans: Iterable[Span], ranges: Spans) -> Iterator[Span]:
    """The same one by one, for who needs only the first."""
    starts = [start for start, _ in ranges]
    for span in spans:
        place = bisect_right(starts, span[0]) - 1
        if place >= 0 and span[1] <= ranges[place][1]:
            yield span


def found(pattern: re.Pattern[str], text: str, ranges: Spans) -> list[Span]:
    """Matches of a pattern that lie in one of ``ranges``."""
    return within((match.span() for match in pattern.finditer(text)), ranges)
