"""The ready profiles against examples worked by hand from the rules that they were made of."""

from __future__ import annotations

from datetime import date

import pytest

from points.events import Entry, Event
from points.profile import Profile, read_profile
from points.ready import DEFAULT, ready_profiles
from tests.support_points import (
    adoption,
    commission,
    each,
    entries,
    fault,
    instruction,
    outcome,
    score,
    sent,
    topic,
)

PROFILES: dict[str, Profile] = {name: read_profile(t) for name, t in ready_profiles().items()}


def by(name: str, *events: Event) -> tuple[Entry, ...]:
    """Entries of the events alone, those of periods aside."""
    return tuple(e for e in entries(PROFILES[name], events) if not e.period)


def of_periods(name: str, *events: Event, year: int = 2026) -> dict[tuple[int, str], float]:
    """(unit, rule) → points of the rules of periods, zeros aside."""
    found = entries(PROFILES[name], events, f"{year}-01-01", f"{year + 1}-01-01")
    sums: dict[tuple[int, str], float] = {}
    for e in found:
        if e.period and e.thousandths:
            key = (e.unit_id, e.rule)
            sums[key] = sums.get(key, 0) + e.thousandths / 1000
    return sums


def test_there_is_a_default_and_three_more() -> None:
    assert list(ready_profiles()) == [DEFAULT, "ascending", "by_length", "cumulative"]
    assert len({profile.name for profile in PROFILES.values()}) == 4


@pytest.mark.parametrize(
    ("events", "points"),
    [
        # 县5、市10、省20、中央40
        ([adoption(n, f"0{n}-01", level, draft=n)
          for n, level in enumerate(("县", "市", "省", "中央"), 1)], [5, 10, 20, 40]),
        # 就高: 县5, then 中央 makes it 40, then 省 adds nothing
        ([adoption(1, "01-01", "县"), adoption(2, "02-01", "中央"), adoption(3, "03-01", "省")],
         [5, 35, 0]),
        # 调研 ×2, 简讯 ×0.5, both
        ([adoption(1, "01-01", "市", genre="调研报告"),
          adoption(2, "01-02", "市", draft=2, form="简讯"),
          adoption(3, "01-03", "市", draft=3, form="简讯", genre="调研报告")], [20, 5, 10]),
        # three units on one item: 20 ÷ 3, what is under a thousandth is dropped
        ([adoption(n, "01-01", "省", unit=n, draft=n, item=7) for n in (1, 2, 3)],
         [6.666, 6.666, 6.666]),
        # the outlet's own points go before the level's
        ([adoption(1, "01-01", "市", outlet_points=15000)], [15]),
        # 批示 once a level: 市10, 市 again 0, 省20, 中央40
        ([instruction(n, f"01-0{n}", level)
          for n, level in enumerate(("市", "市", "省", "中央"), 1)], [10, 0, 20, 40]),
        # 约稿 +2, late −1, missed −3; 迟报 −1, 漏报 −2, 失实 −10
        ([commission(1, "01-10", "01-10"), commission(2, "01-11", "01-12"), commission(3, "01-13"),
          fault(4, "01-14", "迟报"), fault(5, "01-15", "瞒报"), fault(6, "01-16", "失实")],
         [2, -1, -3, -1, -2, -10]),
    ],
)  # fmt: skip
def test_default(events: list[Event], points: list[float]) -> None:
    assert each(by(DEFAULT, *events)) == points


def test_default_withholds_praise_from_units_that_sent_little() -> None:
    """A high score from one piece is no ground for praise."""
    events = [adoption(1, "02-01", "中央"), sent(1, "01-05"), sent(2, "01-06", unit=2)]
    found = entries(PROFILES[DEFAULT], events, "2026-01-01", "2026-04-01")
    assert [(e.unit_id, e.mark) for e in found if e.mark] == [(1, "有效报送不足3篇，不参加表扬")]
    more = [*events, *(sent(n, "03-01") for n in (3, 4))]
    assert not any(e.mark for e in entries(PROFILES[DEFAULT], more, "2026-01-01", "2026-04-01"))


@pytest.mark.parametrize(
    ("events", "points"),
    [
        # 800字 and more in print: 5, 10, 20, 40
        ([adoption(n, "01-01", level, draft=n, characters=800)
          for n, level in enumerate(("县", "市", "省", "中央"), 1)], [5, 10, 20, 40]),
        # short of it: 3, 6, 15, 30
        ([adoption(n, "01-01", level, draft=n, characters=799)
          for n, level in enumerate(("县", "市", "省", "中央"), 1)], [3, 6, 15, 30]),
        # on a web site, long: as short in print; short: 1, 3, 8, 20
        ([adoption(1, "01-01", "市", outlet_kind="网站", characters=800),
          adoption(2, "01-01", "省", draft=2, outlet_kind="网站", characters=300),
          adoption(3, "01-01", "县", draft=3, outlet_kind="网站", characters=300)], [6, 8, 1]),
        # the two highest levels, each once: 5; 5+10; 10+20; 省 again; 20+40
        ([adoption(1, "01-01", "县"), adoption(2, "02-01", "市"), adoption(3, "03-01", "省"),
          adoption(4, "04-01", "省"), adoption(5, "05-01", "中央")], [5, 10, 15, 0, 30]),
        # first two authors 3 to 2: of 10
        ([adoption(1, "01-01", "市", authors=("甲", "乙", "丙"))], [6, 4]),
        # 课题 of city and province, an excellent one twice
        ([topic(1, "01-01", "立项", level="市"), topic(2, "02-01", "结题", level="市"),
          topic(3, "03-01", "结题", level="省", award="优秀")], [0, 6, 30]),
        # speeches and papers at meetings
        ([outcome(1, "01-01", "市", "会议发言"), outcome(2, "01-02", "中央", "书面交流"),
          outcome(3, "01-03", "省", "会议发言")], [30, 60, 50]),
    ],
)  # fmt: skip
def test_by_length(events: list[Event], points: list[float]) -> None:
    assert each(by("by_length", *events)) == points


@pytest.mark.parametrize(
    ("events", "points"),
    [
        # everything adds up: 5 + 10 + 20 + 30
        ([adoption(n, f"0{n}-01", level)
          for n, level in enumerate(("县", "市", "省", "中央"), 1)], [5, 10, 20, 30]),
        # 中办 counts 50
        ([adoption(1, "01-01", "中央", tier="中办")], [50]),
        # a compilation of the county: 3 for each unit, whatever its form of report
        ([adoption(n, "01-01", "县", unit=n, draft=n, item=7, form="综合") for n in (1, 2)],
         [3, 3]),
        # a brief counts half
        ([adoption(1, "01-01", "市", form="简讯"),
          adoption(2, "01-02", "县", draft=2, form="简讯")],
         [5, 2.5]),
        # repeated instructions count again
        ([instruction(n, f"01-0{n}", level)
          for n, level in enumerate(("县", "市", "市", "省", "中央"), 1)], [10, 30, 30, 40, 50]),
        # 约稿 done +2, missed nothing; each late or withheld report −1
        ([commission(1, "01-10", "01-09"), commission(2, "01-11"), fault(3, "01-12", "迟报"),
          fault(4, "01-13", "瞒报")], [2, 0, -1, -1]),
    ],
)  # fmt: skip
def test_cumulative(events: list[Event], points: list[float]) -> None:
    assert each(by("cumulative", *events)) == points


def test_cumulative_year_task_is_all_or_nothing() -> None:
    pieces = [adoption(n, f"{n % 12 + 1:02}-09", "市", draft=n) for n in range(1, 16)]
    pieces += [sent(n, f"{n % 12 + 1:02}-05") for n in range(1, 16)]
    assert of_periods("cumulative", *pieces)[1, "期间·年度任务"] == 50
    fewer = [e for e in pieces if e.id != 15]
    assert (1, "期间·年度任务") not in of_periods("cumulative", *fewer)


def test_cumulative_quarter_of_few_adoptions() -> None:
    # 3 of 10: not below 30 %; 2 of 10: −1; a unit that sent nothing has no rate
    many = [sent(n, "01-05") for n in range(1, 11)]
    three = [adoption(n, "02-01", "市", draft=n) for n in (1, 2, 3)]
    assert of_periods("cumulative", *many, *three) == {}
    assert of_periods("cumulative", *many, *three[:2]) == {(1, "期间·录用率偏低"): -1}


def test_cumulative_names_who_is_short_of_six_points() -> None:
    events = [adoption(1, "02-01", "县"), adoption(2, "02-01", "县", draft=2, unit=2)]
    events.append(instruction(3, "03-01", "县", unit=2, draft=2))
    found = entries(PROFILES["cumulative"], events, "2026-01-01", "2026-04-01")
    assert {e.unit_id for e in found if e.mark} == {1, 3}  # 5, 15, 0


@pytest.mark.parametrize(
    ("events", "points"),
    [
        # 要情3、专报10、特刊20, without a tier 2
        ([adoption(1, "01-01", "市", tier="要情"), adoption(2, "01-01", "市", draft=2, tier="专报"),
          adoption(3, "01-01", "市", draft=3, tier="特刊"), adoption(4, "01-01", "市", draft=4)],
         [3, 10, 20, 2]),
        # the outlet's own points: province ×2, centre ×5; without: 10 ×2, 30 ×5
        ([adoption(1, "01-01", "省", outlet_points=4000),
          adoption(2, "01-01", "中央", draft=2, outlet_points=6000),
          adoption(3, "01-01", "省", draft=3), adoption(4, "01-01", "中央", draft=4)],
         [8, 30, 20, 150]),
        # 再加 at each higher step, nothing at one that was reached
        ([adoption(1, "01-01", "市", tier="专报"), adoption(2, "02-01", "省"),
          adoption(3, "03-01", "市", tier="特刊"), adoption(4, "04-01", "中央")], [10, 20, 0, 150]),
        # two units: half each
        ([adoption(n, "01-01", "市", tier="专报", unit=n, draft=n, item=7) for n in (1, 2)],
         [5, 5]),
        # the province's word doubles 10, the city's adds 10, once
        ([adoption(1, "01-01", "市", tier="专报"), instruction(2, "01-05", "市"),
          instruction(3, "01-06", "省"), instruction(4, "01-07", "市")], [10, 10, 10, 0]),
        # 约稿 +3, −3; 漏报 2, 4, 8; urgent −200; untrue −10
        ([commission(1, "01-02", "01-01"), commission(2, "01-03"), fault(3, "02-01", "漏报"),
          fault(4, "03-01", "漏报"), fault(5, "04-01", "漏报"), fault(6, "05-01", "失实"),
          fault(7, "06-01", "瞒报", severity="紧急")], [3, -3, -2, -4, -8, -10, -200]),
    ],
)  # fmt: skip
def test_ascending(events: list[Event], points: list[float]) -> None:
    assert each(by("ascending", *events)) == points


def test_ascending_monthly_task_in_proportion_and_its_cap() -> None:
    months = [
        adoption(100 * month + n, f"{month:02}-10", "市", draft=100 * month + n, tier="要情")
        for month in range(1, 13)
        for n in range(8 if month < 12 else 2)
    ]
    found = of_periods("ascending", *months)
    # eleven full months of 10 and 2 of 8 in December: 112.5, cut down to 100
    assert found[1, "期间·要情任务"] == 112.5
    assert found[1, "期间·任务分封顶"] == -12.5
    assert (3, "期间·要情任务") not in found  # a department, not a county


def test_ascending_two_missed_lose_the_right_to_be_praised() -> None:
    events = [
        adoption(1, "01-01", "市", tier="特刊"),
        commission(2, "03-01"),
        commission(3, "06-01"),
    ]
    found = entries(PROFILES["ascending"], events, "2026-01-01", "2027-01-01")
    [lost] = [e for e in found if e.mark]
    assert (lost.unit_id, lost.mark, lost.thousandths) == (1, "取消评先资格", -10000)
    assert lost.day == date(2026, 12, 31)
    assert score(found, 1) == 20 - 3 - 3 - 10


def test_ascending_year_does_not_end_below_nothing() -> None:
    found = entries(PROFILES["ascending"], [fault(1, "02-01", "失实")], "2026-01-01", "2027-01-01")
    assert score(found, 1) == 0
