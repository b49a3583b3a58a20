"""Lists and breakdowns of a period, counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import statistics_kinds as kinds
from storage import statistics_lists as lists
from storage import statistics_months as months
from storage.periods import parse_period
from storage.register import OF_PERIOD, register
from tests.support_statistics import Office
from tests.test_statistics_units import refuse_scans

Q3 = parse_period("2026Q3")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.db.close()


def test_zero_lists_hold_units_in_use_only(office: Office) -> None:
    sent, printed, silent = (office.unit(name) for name in ("甲", "乙", "丙"))
    office.unit("旧", active=0)
    early = office.draft(printed, "2026-06-01")
    office.adopt(early, office.item("市", "2026-09-30"))
    office.draft(sent, "2026-09-30")
    office.draft(silent, "2026-10-01")
    assert [row["unit"] for row in lists.zero_submissions(office.db, Q3)] == ["丙", "乙"]
    by_print = [(row["unit"], row["submitted"]) for row in lists.zero_adoptions(office.db, Q3)]
    assert by_print == [("丙", 0), ("甲", 1)]
    by_receipt = lists.zero_adoptions(office.db, Q3, base="received")
    assert [row["unit"] for row in by_receipt] == ["丙", "乙", "甲"]


def test_commissions_missed_or_late(office: Office) -> None:
    unit = office.unit("甲")
    for title, due, came in (
        ("准时", "2026-08-01", "2026-08-01"), ("晚了", "2026-08-01", "2026-08-02"),
        ("没来", "2026-08-01", None), ("还早", "2026-09-30", None), ("下季", "2026-10-01", None),
    ):  # fmt: skip
        asked = office.event(
            "commission", unit_id=unit, happened_on="2026-07-01", due_on=due, title=title
        )
        if came:
            office.event("delivery", refers_to=asked, happened_on=came)
    found = lists.missed_commissions(office.db, Q3, on="2026-09-15")
    assert [(row["title"], row["state"]) for row in found] == [("没来", "未交"), ("晚了", "逾期")]


def test_late_reports_say_who_says_so(office: Office) -> None:
    unit = office.unit("甲")
    office.event("fault", unit_id=unit, happened_on="2026-08-01", form="迟报", title="灾情")
    office.event("fault", unit_id=unit, happened_on="2026-08-01", form="漏报", title="别的")
    gone = office.event("fault", unit_id=unit, happened_on="2026-08-02", form="迟报")
    office.undo(gone)
    office.flag(office.draft(unit, "2026-09-01", title="旧闻"), "late_report")
    found = lists.late_reports(office.db, Q3)
    assert [(row["source"], row["title"]) for row in found] == [
        ("编辑认定", "灾情"), ("形式检查", "旧闻"),
    ]  # fmt: skip


def test_last_three_quarters_running(office: Office) -> None:
    low, middle, high = (office.unit(name) for name in ("低", "中", "高"))
    office.unit("独", "市直")
    for day in ("2026-01-05", "2026-04-05", "2026-07-05"):
        office.award(middle, 1_000 if day > "2026-02" else 0, day)
        office.award(high, 2_000, day)
        office.award(low, 500 if day > "2026-07" else 0, day)
    last = lists.persistent_last(office.db, Q3, 1, periods=3)
    assert [(row["unit_id"], row["points"]) for row in last] == [(low, [500, 0, 0])]
    assert lists.persistent_last(office.db, Q3, 1, periods=4) == []  # all had nothing in 2025Q4


def test_best_pieces_count_the_standing_points_of_the_period(office: Office) -> None:
    unit = office.unit("甲")
    good, better, undone = (office.draft(unit, "2026-07-01", title=t) for t in "好优撤")
    office.award(unit, 10_000, "2026-08-01", draft_id=good)
    office.award(unit, 99_000, "2026-10-01", draft_id=good)
    for points in (10_000, 500):
        office.award(unit, points, "2026-08-01", draft_id=better)
    office.reverse(office.award(unit, 40_000, "2026-08-01", draft_id=undone))
    office.adopt(better, office.item("省", "2026-08-01"))
    found = lists.best_pieces(office.db, Q3, 1)
    assert [(row["title"], row["points"]) for row in found] == [("优", 10.5), ("好", 10.0)]
    assert found[0]["adopted_in"] == "省刊第1期（省）"


def test_duplicates_own_and_of_others(office: Office) -> None:
    one, two = office.unit("甲"), office.unit("乙")
    first = office.draft(one, "2026-06-01")
    again, copied, quoted = (
        office.draft(unit, "2026-07-01") for unit in (one, two, two)
    )  # fmt: skip
    office.pair(first, again, "重复报送")
    office.pair(first, copied, "高度相似")
    office.pair(again, copied, "高度相似")
    office.pair(first, quoted, "引用")
    found = [
        (row["unit"], row["drafts"], row["own"], row["of_others"])
        for row in lists.duplicates_by_unit(office.db, Q3)
    ]
    assert found == [("乙", 1, 0, 1), ("甲", 1, 1, 0)]


def test_themes_sent_against_adopted_with_zero_rows(office: Office) -> None:
    unit = office.unit("甲")
    village = [office.draft(unit, "2026-07-01", theme="A1") for _ in range(3)]
    young = office.draft(unit, "2026-07-01", theme="C2")
    office.draft(unit, "2026-07-01", theme=None)
    office.adopt(village[0], office.item("市", "2026-08-01"))
    office.adopt(young, office.item("市", "2026-08-02"))
    office.adopt(young, office.item("省", "2026-08-03"))
    found = {row["key"]: row for row in kinds.themes_sent_and_adopted(office.db, Q3)}
    assert list(found) == ["C2", "X0", "A1"]
    assert (found["C2"]["submitted"], found["C2"]["adopted"], found["C2"]["adoptions"]) == (1, 1, 2)
    assert (found["C2"]["share_sent"], found["C2"]["share_adopted"]) == (0.25, 0.5)
    assert (found["A1"]["wanted"], found["X0"]["wanted"]) == (-0.25, 0.0)
    every = kinds.figures_by(office.db, Q3, "theme")
    assert (every[-1]["name"], every[-1]["submitted"]) == ("无法判断", 1)


def test_by_class_and_level(office: Office) -> None:
    unit = office.unit("甲")
    news, survey = (office.draft(unit, "2026-07-01", genre=g) for g in ("动态", "调研报告"))
    office.adopt(news, office.item("市", "2026-10-01"))
    office.adopt(survey, office.item("省", "2026-09-30"))
    found = kinds.figures_by(office.db, Q3, "class")
    assert [(row["name"], row["submitted"], row["adopted"]) for row in found] == [
        ("信息", 1, 0), ("调研", 1, 1),
    ]  # fmt: skip
    levels = kinds.figures_by(office.db, Q3, "level", base="received")
    assert [(row["name"], row["adopted"]) for row in levels] == [("市", 1), ("省", 1)]


def test_authors_are_parted_and_those_who_wrote_before_appear_with_zero(office: Office) -> None:
    unit = office.unit("甲")
    both = office.draft(unit, "2026-07-01", author='陈小满、李"四')
    office.draft(unit, "2026-08-01", author="陈小满")
    office.draft(unit, "2026-03-01", author="王五")
    office.draft(unit, "2024-03-01", author="赵六")
    office.adopt(both, office.item("市", "2026-10-09"))
    office.award(unit, 2_500, "2026-08-01", author="陈小满")
    office.award(unit, 2_500, "2026-10-01", author="陈小满")
    names = ("author", "submitted", "adopted", "points", "target", "short")
    found = [
        tuple(row[name] for name in names)
        for row in kinds.author_figures(office.db, Q3, profile_id=1, yearly=6)
    ]
    assert found == [
        ("陈小满", 2, 1, 2.5, 2, 1), ('李"四', 1, 1, 0.0, 2, 1), ("王五", 0, 0, 0.0, 2, 2),
    ]  # fmt: skip


def test_the_funnel_from_receipt_to_print(office: Office) -> None:
    unit = office.unit("甲")
    drafts = [office.draft(unit, "2026-07-01") for _ in range(5)]
    office.give_back(drafts[4])
    for draft, level, day in (
        (drafts[0], "市", "2026-07-11"), (drafts[0], "省", "2026-08-30"),
        (drafts[1], "县", "2026-07-21"), (drafts[2], "县", "2026-07-05"),
    ):  # fmt: skip
        office.adopt(draft, office.item(level, day))
    office.event("pre_adopt", draft_id=drafts[3], happened_on="2026-07-02")
    found = kinds.funnel(office.db, Q3)
    assert found == kinds.Funnel(5, 5, 4, chosen=4, adopted=3, higher=1, median_days=10)
    assert kinds.funnel(office.db, parse_period("2025")).median_days is None


def test_months_until_the_end_of_a_period_empty_ones_too(office: Office) -> None:
    unit = office.unit("甲")
    early, late = office.draft(unit, "2025-12-31"), office.draft(unit, "2026-02-28")
    for draft, day in ((early, "2026-01-01"), (late, "2026-02-27"), (late, "2026-03-01")):
        office.adopt(draft, office.item("市", day))
    found = months.months_until(office.db, parse_period("2026-02"), 3)
    assert [tuple(row.values()) for row in found] == [
        ("2025-12", 1, 1, 0, 0), ("2026-01", 0, 0, 1, 1), ("2026-02", 1, 1, 1, 1),
    ]  # fmt: skip
    assert sorted(months.days_to_print(office.db, parse_period("2026"))) == [-1, 1, 1]


def test_the_register_says_what_became_of_each_draft(office: Office) -> None:
    unit = office.unit("甲")
    printed, coming, meant, back, asked, plain = (
        office.draft(unit, "2026-07-01", title=title) for title in "刊编预退问收"
    )
    office.adopt(printed, office.item("市", "2026-08-01"))
    office.adopt(printed, office.item("省", "2026-09-01"))
    office.adopt(printed, office.item("县", "2026-09-02", number="2026-09-02"))
    office.adopt(printed, office.item("县", "2026-09-03", number="专刊"))
    office.adopt(coming, office.item("市", "2026-08-01", state="composing"))
    office.event("pre_adopt", draft_id=meant, happened_on="2026-07-02")
    gone = office.event("pre_adopt", draft_id=plain, happened_on="2026-07-02")
    office.undo(gone)
    office.give_back(back)
    office.conn.execute(
        "INSERT INTO adoption_proposal (item_id, draft_id, form, share, used, confidence, sure,"
        " evidence, rules_version, made_at) VALUES (1, ?, '单篇', 1, 1, 0.6, 0, '{}', 'r', '')",
        (asked,),
    )
    office.award(unit, 20_500, "2026-09-01", draft_id=printed)
    found = {row["title"]: row for row in register(office.db, Q3, 1)}
    assert {title: row["state"] for title, row in found.items()} == {
        "刊": "已采用", "编": "待刊发", "预": "预采用", "退": "退稿", "问": "采用待确认",
        "收": "收到",
    }  # fmt: skip
    assert found["刊"]["adopted_in"] == (
        "市刊第1期（市）；省刊第2期（省）；县刊2026-09-02（县）；县刊专刊（县）"
    )
    assert (found["刊"]["points"], found["刊"]["first_printed_on"]) == (20.5, "2026-08-01")
    assert len(list(register(office.db))) == 6


@pytest.mark.parametrize(
    "sql",
    [
        lists.ZERO_SUBMISSIONS, lists.ZERO_PUBLISHED, lists.ZERO_OF_RECEIVED,
        lists.MISSED_COMMISSIONS, lists.LATE_REPORTS, lists.BEST_PIECES, lists.UNIT_DUPLICATES,
        *kinds.QUERIES, months.SENT, months.PRINTED, months.DAYS, OF_PERIOD,
    ],
)  # fmt: skip
def test_no_list_reads_a_whole_table(office: Office, sql: str) -> None:
    refuse_scans(office, sql)
