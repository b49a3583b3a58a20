"""The engine: every policy, every way to share, tasks and marks, with sums worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from points.scoring import points_words
from tests.support_points import (
    adopted,
    adoption,
    bonus,
    commission,
    each,
    entries,
    fault,
    instruction,
    outcome,
    score,
    topic,
)

# One draft: county, city, city again, central, province, in this order of days.
TIMES = [
    adoption(1, "01-05", "县"),
    adoption(2, "02-05", "市"),
    adoption(3, "03-05", "市", tier="专报"),
    adoption(4, "04-05", "中央"),
    adoption(5, "05-05", "省"),
]


@pytest.mark.parametrize(
    ("policy", "points"),
    [
        ('stacking = "sum"', [5, 10, 10, 40, 20]),
        ('stacking = "max"', [5, 5, 0, 30, 0]),  # 5, 10, 10, 40, 40
        ('stacking = "top_levels"\ntop = 2', [5, 10, 0, 35, 10]),  # 5, 15, 15, 40+10, 40+20
        ('stacking = "increment"', [5, 10, 0, 40, 0]),  # nothing below what was reached
        ('stacking = "sum"\nonce = "level"', [5, 10, 0, 40, 20]),
        ('stacking = "sum"\nonce = "tier"', [5, 10, 10, 40, 20]),  # the second city one: 专报
    ],
)
def test_the_same_draft_adopted_several_times(policy: str, points: list[float]) -> None:
    assert each(entries(adopted(policy), TIMES)) == points
    assert each(entries(adopted(policy), reversed(TIMES))) == points


def test_once_within_a_tier_counts_the_best_outlet() -> None:
    rules = '[adoption]\nonce = "tier"\nrules = [{ name = "院刊", points = "outlet" }]'
    events = [
        adoption(1, "01-05", "市", tier="院刊", outlet="甲刊", outlet_points=2000),
        adoption(2, "01-06", "市", tier="院刊", outlet="乙刊", outlet_points=3000),
        adoption(3, "01-07", "市", tier="市报", outlet="丙报", outlet_points=3000),
    ]
    assert each(entries(rules, events)) == [2, 1, 3]


def test_the_arithmetic_is_told() -> None:
    events = [
        adoption(1, "01-05", "市", item=9, share=0.6, genre="调研报告"),
        adoption(2, "01-05", "市", item=9, share=0.4, unit=2, draft=2, genre="调研报告"),
        adoption(3, "02-05", "省", genre="调研报告", characters=1600),
    ]
    first, other, second = entries(adopted('stacking = "max"\ncredit = "equal"'), events)
    assert (first.rule, first.note) == ("采用·市级", "市级10分×调研2÷2家=10分")
    assert other.note == first.note
    assert second.note == "省级20分×调研2＋长稿3分=43分；就高计分，此前已计10分，本次计33分"
    assert (second.thousandths, second.draft_id, second.event_id) == (33000, 1, 3)


SHARED = [
    adoption(1, "01-05", "市", item=9, share=0.5),
    adoption(2, "01-05", "市", item=9, share=0.3, unit=2, draft=2),
    adoption(3, "01-05", "市", item=9, share=0.2, unit=3, draft=3),
]


@pytest.mark.parametrize(
    ("credit", "points"),
    [
        ('"full"', [10, 10, 10]),
        ('"equal"', [3.333, 3.333, 3.333]),
        ('"half"', [5, 5, 5]),
        ('"share"', [5, 3, 2]),
        ("{ fixed = 3 }", [3, 3, 3]),
        ("{ fixed = [5, 2] }", [5, 2, 2]),
        ("{ ratio = [3, 2] }", [6, 4, 0]),
        ("{ ratio = [3, 2, 1, 1] }", [5, 3.333, 1.666]),
    ],
)
def test_shared_credit(credit: str, points: list[float]) -> None:
    assert each(entries(adopted(f"credit = {credit}"), SHARED)) == points
    alone = adopted(f"credit = {credit}")
    assert each(entries(alone, [adoption(1, "01-05", "市", share=0.4)])) == [10]


def test_a_unit_is_credited_once_for_an_item_whatever_it_sent() -> None:
    """The leak of a known peer: a second draft of one unit in a merged item scored again."""
    twice = [*SHARED, adoption(4, "01-05", "市", item=9, share=0.1, unit=2, draft=4)]
    found = entries(adopted('credit = "full"'), twice)
    assert [score(found, unit) for unit in (1, 2, 3)] == [10, 10, 10]
    assert "不重复计分" in found[-1].note
    # equal: by three units, not by four drafts; by share: the unit's drafts together
    assert score(entries(adopted('credit = "equal"'), twice), 2) == 3.333
    assert score(entries(adopted('credit = "share"'), twice), 2) == 3.636  # 0.4 of 1.1


def test_a_source_of_no_known_unit_takes_its_part_and_gets_no_line() -> None:
    events = [SHARED[0], adoption(2, "01-05", "市", item=9, share=0.5, unit=None, draft=2)]
    found = entries(adopted('credit = "equal"'), events)
    assert each(found) == [5]


def test_a_merged_form_may_have_a_fixed_worth_of_its_own() -> None:
    rules = adopted('credit = "equal"').replace(
        "rules = [",
        'rules = [\n{ name = "综合", when = { form = "综合" }, points = 3, credit = "full",'
        " final = true },",
    )
    events = [
        adoption(n, "01-05", "市", item=9, unit=n, draft=n, form="综合", genre="调研报告")
        for n in (1, 2, 3)
    ]
    assert each(entries(rules, events)) == [3, 3, 3]


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        ("points = 10", [20, 10]),  # on top
        ("multiply = 2", [20, 20]),
        ("replace = 9", [20, -11]),
        ("replace = 60", [20, 40]),
    ],
)
def test_an_instruction_adds_multiplies_or_replaces(rule: str, points: list[float]) -> None:
    rules = adopted("") + f'\n[instruction]\nrules = [{{ name = "批示", {rule} }}]'
    events = [adoption(1, "01-05", "省"), instruction(2, "01-09", "市")]
    assert each(entries(rules, events)) == points


def test_a_doubled_draft_doubles_what_is_adopted_later() -> None:
    rules = adopted("") + '\n[instruction]\nrules = [{ name = "批示", multiply = 2 }]'
    events = [
        adoption(1, "01-05", "市"),
        instruction(2, "01-09", "省"),
        adoption(3, "02-05", "省"),
        instruction(4, "02-09", "省"),
    ]
    assert each(entries(rules, events)) == [10, 10, 40, 0]  # the highest factor, not their product


def test_instructions_once_a_level_and_by_rank() -> None:
    rules = """
    [instruction]
    once = "level"
    rules = [
      { name = "一把手", when = { person = ["市委书记", "市长"] }, points = 10 },
      { name = "其他领导", when = { level = "市" }, points = 5 },
      { name = "省领导", when = { level = "省" }, points = 20 },
    ]
    """
    events = [
        instruction(1, "01-05", "市", person="副书记"),
        instruction(2, "01-06", "市", person="市委书记"),
        instruction(3, "01-07", "市", person="市长"),
        instruction(4, "01-08", "省", person="省长"),
    ]
    assert each(entries(rules, events)) == [5, 5, 0, 20]


def test_the_first_leader_counts_more_than_those_that_follow() -> None:
    rules = """
    [instruction]
    rules = [{ name = "首位", when = { nth = 1 }, points = 10 }, { name = "其后", points = 5 }]
    """
    events = [instruction(n, f"01-0{n}", "市") for n in (1, 2, 3)]
    assert each(entries(rules, events)) == [10, 5, 5]


def test_an_instruction_on_a_printed_item_goes_to_all_its_sources() -> None:
    rules = (
        adopted('credit = "equal"') + '\n[instruction]\nrules = [{ name = "批示", points = 10 }]'
    )
    events = [*SHARED, instruction(4, "01-09", "市", draft=None, item=9)]
    found = entries(rules, events)
    assert [score(found, unit) for unit in (1, 2, 3)] == [13.333, 13.333, 13.333]


def test_authors_share_what_the_unit_gets() -> None:
    events = [adoption(1, "01-05", "市", authors=("陈小满", "李一舟", "王远山"))]
    base = adopted("")
    assert each(entries(base, events)) == [3.334, 3.333, 3.333]
    by_rank = base + "\n[authors]\nsplit = [3, 2]"
    found = entries(by_rank, events)
    assert [(e.author, e.thousandths) for e in found] == [("陈小满", 6000), ("李一舟", 4000)]
    first = entries(base + '\n[authors]\nsplit = "first"', events)
    assert [(e.author, e.thousandths) for e in first] == [("陈小满", 10000)]


COMMISSIONS = """
[commission]
rules = [
  { name = "按时", when = { state = "按时" }, points = 2 },
  { name = "迟得多", when = { days_late = { above = 7 } }, points = -3 },
  { name = "迟交", when = { state = "迟交" }, points = -1 },
  { name = "未交", when = { state = "未交" }, points = -3, growth = 2 },
]
"""


def test_commissions() -> None:
    events = [
        commission(1, "03-31", "03-31"),
        commission(2, "03-31", "04-01"),
        commission(3, "03-31", "04-08"),
        commission(4, "03-31"),
        commission(5, "06-30"),
        commission(6, "12-31"),
        commission(7, "12-31", "12-01"),
    ]
    found = entries(COMMISSIONS, events, today=date(2026, 8, 1))
    assert [(e.event_id, e.thousandths / 1000) for e in found] == [
        (1, 2), (2, -1), (3, -3), (4, -3), (5, -6), (7, 2)
    ]  # fmt: skip
    assert found[1].day == date(2026, 3, 31)  # late: still in the period that asked for it


def test_a_commission_is_missed_only_when_its_day_is_over() -> None:
    events = [commission(1, "03-31")]
    assert entries(COMMISSIONS, events, today=date(2026, 3, 31)) == ()
    assert each(entries(COMMISSIONS, events, today=date(2026, 4, 1))) == [-3]


def test_repeated_faults_double_within_the_year() -> None:
    rules = """
    [fault]
    rules = [
      { name = "紧急漏报", when = { form = "漏报", severity = "紧急" }, points = -200 },
      { name = "漏报", when = { form = "漏报" }, points = -2, growth = 2 },
      { name = "失实", when = { form = "失实" }, points = -10 },
    ]
    """
    events = [
        fault(1, "01-05", "漏报"),
        fault(2, "05-05", "漏报"),
        fault(3, "06-05", "失实"),
        fault(4, "12-31", "漏报"),
        fault(5, "2027-01-01", "漏报"),
        fault(6, "2027-01-02", "漏报", severity="紧急"),
        fault(7, "02-02", "漏报", unit=2),
    ]
    found = entries(rules, events)
    assert {e.event_id: e.thousandths // 1000 for e in found} == {
        1: -2, 2: -4, 3: -10, 4: -8, 5: -2, 6: -200, 7: -2
    }  # fmt: skip


def test_topics_outcomes_and_additions_by_hand() -> None:
    rules = """
    [topic]
    rules = [
      { name = "课题", when = { form = "结题" }, points = 6 },
      { name = "优秀", when = { award = "优秀" }, factor = 2 },
    ]
    [outcome]
    rules = [{ name = "发言", when = { form = "会议发言", level = "省" }, points = 50 }]
    """
    events = [
        topic(1, "01-05", "结题"),
        topic(2, "02-05", "结题", award="优秀"),
        outcome(3, "03-05", "省", "会议发言"),
        bonus(4, "04-05", -1500, "材料返工"),
    ]
    found = entries(rules, events)
    assert each(found) == [6, 12, 50, -1.5]
    assert found[3].note == "手工加减分-1.5分：材料返工"


def test_what_no_rule_fits_is_listed_with_nothing() -> None:
    rules = '[adoption]\nrules = [{ name = "省级", when = { level = "省" }, points = 20 }]'
    [found] = entries(rules, [adoption(1, "01-05", "市")])
    assert (found.thousandths, found.rule) == (0, "采用·未列入")


def test_31_december_belongs_to_its_year() -> None:
    """The year filter of a known peer ended on 30 December."""
    events = [adoption(1, "2026-12-31", "市"), adoption(2, "2027-01-01", "省", draft=2)]
    assert each(entries(adopted(""), events, "2026-01-01", "2027-01-01")) == [10]
    assert each(entries(adopted(""), events, "2027-01-01", "2028-01-01")) == [20]


def test_a_profile_holds_from_its_first_day_to_the_day_before_its_last() -> None:
    events = [adoption(n, f"0{n}-01", "市", draft=n) for n in (1, 2, 3)]
    ended = adopted("").replace("[adoption]", "valid_to = 2026-03-01\n[adoption]")
    assert [e.event_id for e in entries(ended, events)] == [1, 2]


def test_points_are_told_exactly() -> None:
    told = {76_666: "76.666", 12_500: "12.5", -3_000: "-3", 1_234_567_001: "1234567.001", 0: "0"}
    assert {number: points_words(number) for number in told} == told
