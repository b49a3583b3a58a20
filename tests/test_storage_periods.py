"""Periods are half-open, and 31 December belongs to its year."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.clock import later, stamp
from storage.periods import Period, parse_day, parse_period


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026H1", date(2026, 1, 1), date(2026, 7, 1)),
        ("2026-H2", date(2026, 7, 1), date(2027, 1, 1)),
        ("2026q3", date(2026, 7, 1), date(2026, 10, 1)),
        ("2026Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-09", date(2026, 9, 1), date(2026, 10, 1)),
        (" 202612 ", date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_forms(text: str, start: date, end: date) -> None:
    assert parse_period(text) == Period(start, end)


@pytest.mark.parametrize("text", ["", "2026Q5", "2026-13", "2026-00", "26", "去年", "0000", "9999"])
def test_refused(text: str) -> None:
    with pytest.raises(ValueError, match="看不懂期间"):
        parse_period(text)


@given(st.integers(1, 9998))
def test_months_and_quarters_tile_the_year(year: int) -> None:
    whole = parse_period(f"{year:04}")
    for parts in (
        [f"{year:04}-{m:02}" for m in range(1, 13)],
        [f"{year:04}Q{q}" for q in range(1, 5)],
    ):
        periods = [parse_period(part) for part in parts]
        assert (periods[0].start, periods[-1].end) == (whole.start, whole.end)
        assert all(a.end == b.start for a, b in pairwise(periods))


def test_stored_times_are_utc_and_sort_as_text() -> None:
    now = stamp()
    assert len(now) == 24
    assert now.endswith("Z")
    assert now < later(now, timedelta(milliseconds=1)) < later(now, timedelta(days=400))
    assert later("2026-12-31T23:59:59.000Z", timedelta(minutes=1)) == "2027-01-01T00:00:59.000Z"


@pytest.mark.parametrize(
    "text",
    ["2026-09-05", "2026/9/5", "2026.9.5", "2026年9月5日", "20260905", "2026-09-05 00:00:00",
     " ２０２６－０９－０５ ", "2026-09-05T08:30"],
)  # fmt: skip
def test_a_day_as_people_and_excel_write_it(text: str) -> None:
    assert parse_day(text) == date(2026, 9, 5)


@pytest.mark.parametrize("text", ["", "2026-02-30", "9月5日", "2026-9", "26-9-5", "2026-09-05x"])
def test_what_is_no_day_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="看不懂日期"):
        parse_day(text)
