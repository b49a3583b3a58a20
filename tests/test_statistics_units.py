"""Figures of units: counted by hand, of any period, traced to their rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import evidence, statistics
from storage.periods import Period, before, begun, parse_period, year_before, year_to_date
from storage.statistics import UnitFigures, total, trace, unassigned, unit_figures
from tests.support_statistics import Office

Q3 = parse_period("2026Q3")
LATER = date(2027, 1, 1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.db.close()


def ask(office: Office, period: Period = Q3, **options: object) -> dict[str, UnitFigures]:
    figures = unit_figures(office.db, period, 1, on=LATER, **options)  # type: ignore[arg-type]
    return {one.unit: one for one in figures}


def small(office: Office) -> dict[str, int]:
    """临溪 sends five, one a copy, one returned, one too short; two are printed, one twice."""
    lin, bai, gone = (
        office.unit("临溪"), office.unit("白芦"), office.unit("旧县", active=0),
    )  # fmt: skip
    first, copy, back, short, survey = (
        office.draft(lin, f"2026-07-0{day}", genre=genre)
        for day, genre in enumerate(("动态", "动态", "问题", "动态", "调研报告"), start=1)
    )
    office.pair(first, copy, "重复报送")
    office.give_back(back)
    office.flag(short, "under_floor")
    earlier = office.draft(bai, "2026-06-30")
    twice = office.adopt(first, office.item("市", "2026-08-01"))
    again = office.adopt(first, office.item("省", "2026-09-30"))
    office.adopt(survey, office.item("县", "2026-10-01"))
    office.adopt(earlier, office.item("市", "2026-07-01"))
    office.award(lin, 10_000, "2026-08-01", event_id=twice)
    office.award(lin, 20_000, "2026-09-30", event_id=again)
    return {"lin": lin, "bai": bai, "gone": gone, "first": first, "twice": twice, "again": again}


def test_a_quarter_by_hand_count(office: Office) -> None:
    ids = small(office)
    praise = office.event(
        "instruction", draft_id=ids["first"], level="市", happened_on="2026-08-09"
    )
    office.award(ids["lin"], 5_000, "2026-08-09", event_id=praise)
    office.award(ids["lin"], -2_000, "2026-09-01")
    office.award(ids["lin"], 7_000, "2026-06-30")
    office.award(ids["lin"], 1_000, "2025-07-01")
    found = ask(office)
    assert list(found) == ["临溪", "白芦"]
    assert found["临溪"] == UnitFigures(
        unit_id=ids["lin"], unit="临溪", unit_group="县区", submitted=5, valid=2, adopted=1,
        adoptions=2, rate=0.2, by_class_level={"信息|市": 1, "信息|省": 1}, commissions_due=0,
        commissions_on_time=0, commissions_late=0, commissions_missed=0, instructions=1,
        bonus=5_000, deductions=-2_000, points=33_000, points_before=7_000,
        points_year_ago=1_000, cumulative=40_000, rank=1, rank_before=1,
    )  # fmt: skip
    other = found["白芦"]
    assert (other.submitted, other.adopted, other.rate, other.rank) == (0, 1, None, 2)
    assert other.by_class_level == {"信息|市": 1}


def test_by_day_of_receipt_the_drafts_of_the_period_count_whenever_printed(office: Office) -> None:
    small(office)
    found = ask(office, base="received")
    assert (found["临溪"].adopted, found["临溪"].adoptions, found["白芦"].adopted) == (2, 3, 0)
    assert found["临溪"].by_class_level == {"信息|市": 1, "信息|省": 1, "调研|县": 1}


def test_what_was_undone_or_is_not_printed_yet_does_not_count(office: Office) -> None:
    ids = small(office)
    office.undo(ids["again"])
    office.adopt(ids["first"], office.item("中央", "2026-09-01", state="composing"))
    award = office.award(ids["lin"], 40_000, "2026-09-01")
    office.reverse(award)
    found = ask(office)["临溪"]
    assert (found.adoptions, found.by_class_level, found.points) == (1, {"信息|市": 1}, 30_000)


def test_commissions_are_due_in_the_period_of_their_last_day(office: Office) -> None:
    unit = office.unit("临溪")
    for due, came in (
        ("2026-07-01", "2026-07-01"), ("2026-09-30", "2026-10-02"), ("2026-08-01", None),
        ("2026-10-01", None), ("2026-06-30", None),
    ):  # fmt: skip
        asked = office.event(
            "commission", unit_id=unit, happened_on="2026-06-01", due_on=due, title="约稿"
        )
        if came:
            office.event("delivery", refers_to=asked, happened_on=came)
    found = ask(office)["临溪"]
    assert (found.commissions_due, found.commissions_on_time) == (3, 1)
    assert (found.commissions_late, found.commissions_missed) == (1, 1)
    (early,) = unit_figures(office.db, Q3, 1, on=date(2026, 7, 15))
    assert (early.commissions_due, early.commissions_missed) == (3, 0)


def test_an_instruction_on_an_item_belongs_to_every_unit_of_it_once(office: Office) -> None:
    units = [office.unit("临溪"), office.unit("白芦")]
    item = office.item("市", "2026-08-01")
    for unit in (*units, units[0]):
        office.adopt(office.draft(unit, "2026-07-01"), item, share=0.3)
    office.event("instruction", item_id=item, level="市", happened_on="2026-08-02")
    assert {name: one.instructions for name, one in ask(office).items()} == {"临溪": 1, "白芦": 1}


def test_equal_points_share_a_rank_and_groups_rank_apart(office: Office) -> None:
    for name, group, points in (
        ("甲", "县区", 5), ("乙", "县区", 5), ("丙", "县区", 3), ("丁", "市直", 1),
    ):  # fmt: skip
        office.award(office.unit(name, group), points, "2026-08-01")
    assert {name: one.rank for name, one in ask(office).items()} == {
        "甲": 1, "乙": 1, "丙": 3, "丁": 1,
    }  # fmt: skip
    assert all(one.rank_before is None for one in ask(office).values())


def test_an_earlier_version_of_the_profile_counts_for_its_days(office: Office) -> None:
    old = office.profile("总办法", "1", "2025-01-01", "2026-01-01")
    new = office.profile("总办法", "2", "2026-01-01")
    unit = office.unit("临溪")
    office.award(unit, 1_000, "2025-08-01", profile=old)
    office.award(unit, 8_000, "2026-08-01", profile=old)  # not in force any more
    office.award(unit, 2_000, "2026-08-01", profile=new)
    (found,) = unit_figures(office.db, Q3, new, on=LATER)
    assert (found.points, found.points_year_ago, found.cumulative) == (2_000, 1_000, 2_000)


def test_the_last_evening_of_a_year_belongs_to_it(office: Office) -> None:
    """The peers' year ended on 30 December; and a day begins at midnight in Shanghai."""
    unit = office.unit("临溪")
    late = office.draft(unit, "2026-12-31T15:59:59.999Z")
    office.draft(unit, "2026-12-31T16:00:00.000Z")
    office.adopt(late, office.item("市", "2026-12-31"))
    office.award(unit, 10_000, "2026-12-31")
    year, next_year = (ask(office, parse_period(text))["临溪"] for text in ("2026", "2027"))
    assert (year.submitted, year.adopted, year.points) == (1, 1, 10_000)
    assert (next_year.submitted, next_year.adopted, next_year.points) == (1, 0, 0)
    assert next_year.points_before == 10_000


def test_drafts_of_no_unit_are_told_apart(office: Office) -> None:
    office.unit("临溪")
    office.draft(None, "2026-07-01")
    office.draft(None, "2026-10-01")
    assert unassigned(office.db, Q3) == 1
    assert ask(office)["临溪"].submitted == 0


def test_a_classes_map_of_the_office_is_followed(office: Office) -> None:
    small(office)
    found = ask(office, classes={"动态": "简讯"})["临溪"]
    assert found.by_class_level == {"简讯|市": 1, "简讯|省": 1}
    assert ask(office, classes={"信访": "信访"})["临溪"].by_class_level == {
        "其他|市": 1,
        "其他|省": 1,
    }


MONTHS = [parse_period(f"2026-{month:02}") for month in range(7, 10)]
DAYS = st.dates(date(2026, 6, 25), date(2026, 10, 5)).map(str)
DRAFTS = st.lists(
    st.tuples(st.integers(0, 2), DAYS, st.sampled_from(["县", "省", ""]), DAYS, st.booleans()),
    max_size=12,
)


def test_figures_views_and_traces_agree_and_months_make_the_quarter(office: Office) -> None:
    units = [office.unit(name) for name in ("甲", "乙", "丙")]

    @settings(max_examples=30, deadline=None)
    @given(drafts=DRAFTS)
    def agree(drafts: list[tuple[int, str, str, str, bool]]) -> None:
        office.conn.execute("BEGIN")
        try:
            for unit, received, level, printed, back in drafts:
                draft = office.draft(units[unit], received)
                if back:
                    office.give_back(draft)
                if level:
                    event = office.adopt(draft, office.item(level, printed))
                    office.award(units[unit], 500, printed, event_id=event)
            check(office, drafts)
        finally:
            office.conn.execute("ROLLBACK")

    agree()


def check(office: Office, drafts: list[tuple[int, str, str, str, bool]]) -> None:
    quarter = unit_figures(office.db, Q3, 1, on=LATER)
    months = [unit_figures(office.db, month, 1, on=LATER) for month in MONTHS]
    inside = [d for d in drafts if "2026-07-01" <= d[1] < "2026-10-01"]
    printed = [d for d in drafts if d[2] and "2026-07-01" <= d[3] < "2026-10-01"]
    assert total(quarter, "submitted") == len(inside)
    assert total(quarter, "valid") == sum(not d[4] for d in inside)
    assert total(quarter, "adoptions") == len(printed)
    assert total(quarter, "points") == 500 * len(printed)
    for name in ("submitted", "valid", "adoptions", "points"):
        assert total(quarter, name) == sum(total(month, name) for month in months)
    columns = "submitted, valid, printed_adopted, printed_adoptions"
    viewed = {
        (unit, month): tuple(counts)
        for unit, month, *counts in office.conn.execute(
            f"SELECT unit_id, month, {columns} FROM unit_months"
        )
    }
    ranked = {
        (unit, month): (points, rank)
        for unit, month, points, rank in office.conn.execute(
            "SELECT unit_id, month, points, rank FROM rankings"
        )
    }
    crossed = office.conn.execute(
        "SELECT unit_id, month, report_class || '|' || level, sum(adoptions)"
        " FROM adoption_months GROUP BY 1, 2, 3"
    )
    by_level = {(unit, month, key): count for unit, month, key, count in crossed}
    for period, figures in zip(MONTHS, months, strict=True):
        month = f"{period.start:%Y-%m}"
        for one in figures:
            counts = (one.submitted, one.valid, one.adopted, one.adoptions)
            assert viewed.get((one.unit_id, month), (0, 0, 0, 0)) == counts
            for key, count in one.by_class_level.items():
                assert by_level[one.unit_id, month, key] == count
            if ranked and (one.unit_id, month) in ranked:
                assert ranked[one.unit_id, month] == (one.points / 1000, one.rank)
    for one in quarter:
        for figure in ("submitted", "valid", "adopted", "adoptions"):
            rows = trace(office.db, Q3, 1, one.unit_id, figure, on=LATER)
            assert len(rows) == getattr(one, figure)
        awards = trace(office.db, Q3, 1, one.unit_id, "points", on=LATER)
        assert len(awards) * 500 == one.points


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 400))
def test_neighbouring_periods_touch(start: date, length: int) -> None:
    period = Period(start, start + timedelta(days=length))
    assert before(period).end == period.start
    assert year_before(period).start <= period.start - timedelta(days=364)
    assert year_to_date(period) == Period(date(start.year, 1, 1), period.end)


def test_periods_of_odd_days_and_of_the_future() -> None:
    odd = parse_period("2026-07-01至2026年8月15日")
    assert odd == Period(date(2026, 7, 1), date(2026, 8, 16))
    assert before(odd) == Period(date(2026, 5, 16), date(2026, 7, 1))
    leap = year_before(Period(date(2024, 2, 29), date(2024, 3, 1)))
    assert leap == Period(date(2023, 3, 1), date(2023, 3, 1))
    with pytest.raises(ValueError, match="止日早于起日"):
        parse_period("2026-08-01至2026-07-01")
    with pytest.raises(ValueError, match="还没有开始"):
        begun("2026Q4", date(2026, 9, 30))
    assert begun("2026Q4", date(2026, 10, 1)) == parse_period("2026Q4")


@pytest.mark.parametrize(
    "sql",
    [
        evidence.SUBMITTED, evidence.PRINTED, evidence.OF_RECEIVED, evidence.COMMISSIONED,
        evidence.INSTRUCTED, evidence.AWARDED, statistics.POINTS,
    ],
)  # fmt: skip
def test_each_query_starts_from_an_index_of_days(office: Office, sql: str) -> None:
    refuse_scans(office, sql)


FEW = {"rule_profile", "version", "unit", "name"} | {
    "instructions", "unit_duplicates", "best", "sent", "cell",
}  # fmt: skip
"""What may be read whole: units, versions of profiles, names of a cell; rows that the query made.
Names in brackets are such rows as well."""


def refuse_scans(office: Office, sql: str) -> None:
    """No table that grows is read from end to end, and one of them is read by its days."""
    bounds: dict[str, object] = {"start": "2026-07-01", "end": "2026-10-01", "profile": 1}
    bounds |= {"today": "2026-10-01", "known": "2025-07-01", "top": 10}
    plan = [row[3] for row in office.conn.execute("EXPLAIN QUERY PLAN " + sql, bounds)]
    scanned = {line.split()[1] for line in plan if line.startswith("SCAN")}
    assert {name for name in scanned if not name.startswith("(")} <= FEW
    assert any("_on>?" in line or "<expr>>?" in line for line in plan)
    assert not any("draft_by_" in line and ">?" in line for line in plan)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM draft WHERE title = :start",
        "SELECT count(*) FROM drafts WHERE unit_id IS NOT NULL AND title = :start",
    ],
)
def test_a_scan_would_be_noticed(office: Office, sql: str) -> None:
    with pytest.raises(AssertionError):
        refuse_scans(office, sql)
