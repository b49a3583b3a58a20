"""Rules of a period: tasks, rates, marks, caps and floors, with sums worked by hand."""

from __future__ import annotations

from datetime import date

from points.events import Unit
from tests.support_points import (
    UNITS,
    adopted,
    adoption,
    commission,
    each,
    entries,
    fault,
    score,
    sent,
)


def test_a_task_in_proportion_or_all_or_nothing() -> None:
    rules = """
    [[period.rules]]
    name = "月任务"
    every = "month"
    when.group = "县区"
    count = "adopted"
    where.tier = "要情"
    target = 3
    full = 10
    [[period.rules]]
    name = "年任务"
    every = "year"
    count = "submitted"
    target = 3
    full = 50
    pro_rata = false
    """
    events = [
        adoption(1, "01-05", "市", tier="要情"),
        adoption(2, "01-31", "市", tier="要情", draft=2),
        adoption(3, "01-31", "市", tier="专报", draft=3),
        adoption(4, "01-31", "市", tier="要情", draft=2),  # the same draft again
        *[sent(n, f"0{n}-01", unit=3) for n in (1, 2, 3)],
    ]
    found = entries(rules, events, "2026-01-01", "2026-02-01")
    assert [(e.unit_id, e.rule, e.thousandths) for e in found if e.event_id is None] == [
        (1, "期间·月任务", 6666), (2, "期间·月任务", 0)
    ]  # fmt: skip
    year = entries(rules, events, "2026-12-01", "2027-01-01")
    assert [(e.unit_id, e.thousandths) for e in year if e.period == "2026"] == [
        (1, 0), (2, 0), (3, 50000)
    ]  # fmt: skip
    assert {e.day for e in year} == {date(2026, 12, 31)}


def test_rates_each_and_marks() -> None:
    rules = """
    [period]
    rules = [
      { name = "报送", every = "quarter", count = "valid", each = 0.5 },
      { name = "录用率", every = "quarter", when = { rate = { below = 0.3 } }, points = -1 },
      { name = "失约", every = "quarter", when = { missed = { min = 2 } }, mark = "取消评先资格" },
    ]
    """
    events = [
        *[sent(n, "01-05", valid=n % 2) for n in range(1, 5)],
        adoption(9, "01-09", "市", draft=1),
        commission(10, "03-01", unit=2),
        commission(11, "03-02", unit=2),
    ]
    found = [e for e in entries(rules, events, "2026-01-01", "2026-04-01") if e.period]
    assert [(e.unit_id, e.rule, e.thousandths, e.mark) for e in found] == [
        (1, "期间·报送", 1000, ""),
        (1, "期间·录用率", -1000, ""),  # 1 of 4; units that sent nothing have no rate
        (2, "期间·失约", 0, "取消评先资格"),
    ]
    assert found[1].note == "2026Q1：采用率0.25，录用率-1分"


def test_caps_and_floors_see_what_came_before() -> None:
    rules = (
        adopted("")
        + """
    [[fault.rules]]
    name = "失实"
    points = -30
    [[period.rules]]
    name = "季封顶"
    every = "quarter"
    of = ["adoption"]
    cap = 15
    [[period.rules]]
    name = "年保底"
    every = "year"
    floor = 0
    """
    )
    events = [
        adoption(1, "10-05", "市"),
        adoption(2, "11-05", "省", draft=2),
        fault(3, "11-06", "失实"),
    ]
    found = entries(rules, events, "2026-10-01", "2027-01-01")
    capped, lifted = [e for e in found if e.event_id is None and e.unit_id == 1]
    assert (capped.rule, capped.thousandths) == ("期间·季封顶", -15000)  # 30 → 15
    assert (lifted.rule, lifted.thousandths) == ("期间·年保底", 15000)  # 30 − 15 − 30 → 0
    assert score(found, 1) == 0


def test_a_cap_sees_the_tasks_of_months_before_those_that_are_asked_of() -> None:
    rules = """
    [[period.rules]]
    name = "月分"
    every = "month"
    points = 10
    [[period.rules]]
    name = "季封顶"
    every = "quarter"
    cap = 25
    """
    march = entries(rules, [], "2026-03-01", "2026-04-01", units=UNITS[:1])
    assert each(march) == [10, -5]
    assert score(entries(rules, [], "2026-01-01", "2026-04-01", units=UNITS[:1])) == 25


def test_a_span_that_is_not_over_asks_nothing() -> None:
    rules = (
        '[period]\nrules = [{ name = "任务", every = "quarter", count = "adopted", target = 1,'
        " full = 1 }]"
    )
    quarter = ("2026-07-01", "2026-10-01")
    assert entries(rules, [], *quarter, today=date(2026, 9, 30)) == ()
    assert len(entries(rules, [], *quarter, today=date(2026, 10, 1))) == 3


def test_units_out_of_use_are_asked_nothing() -> None:
    rules = '[period]\nrules = [{ name = "月", every = "month", points = 1 }]'
    units = (Unit(1, "甲县"), Unit(2, "撤并的镇", active=False))
    found = entries(rules, [], "2026-01-01", "2026-02-01", units=units)
    assert [e.unit_id for e in found] == [1]
