"""The ledger: appended, reversed, never altered; settled twice the same; profiles in versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database

from points.profile import ProfileError
from points.ready import ready_profiles
from storage import award_events
from storage.awards import (
    Settled,
    SettleError,
    ledger_lines,
    settle,
    settle_compared,
    settle_period,
)
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.events import move_topic, start_topic
from storage.periods import Period, parse_period
from storage.profiles import add_profile, profile_for, profiles, profiles_in
from tests.support_statistics import Office

ON = date(2027, 2, 1)
Q3, Q4, YEAR = (parse_period(text) for text in ("2026Q3", "2026Q4", "2026"))

RULES = """
name = "积分办法"
version = "{version}"
valid_from = {since}
{until}
[adoption]
stacking = "max"
credit = "equal"
[[adoption.rules]]
name = "市级"
when.level = "市"
points = {city}
[[adoption.rules]]
name = "省级"
when.level = "省"
points = 20
[[instruction.rules]]
name = "批示"
points = 10
[[commission.rules]]
name = "未交"
when.state = "未交"
points = -3
[[fault.rules]]
name = "迟报"
points = -1
[[topic.rules]]
name = "结题"
when.form = "结题"
points = 6
"""


def rules(version: str = "1", since: str = "2026-01-01", until: str = "", city: str = "10") -> str:
    until = f"valid_to = {until}" if until else ""
    return RULES.format(version=version, since=since, until=until, city=city)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    for name in ("甲县", "乙县"):
        office.unit(name)
    yield office
    office.db.close()


def told(db: Database, period: Period | None = None) -> list[tuple[object, ...]]:
    lines = ledger_lines(db, period=period)
    return [(e["unit"], e["rule"], e["points"], e["effective_on"]) for e in lines]


def fill(office: Office) -> tuple[int, int]:
    """A piece of two units in a city outlet, reprinted in the province; other events."""
    first = office.draft(1, "2026-07-02", author="陈小满、李一舟")
    second = office.draft(2, "2026-07-03")
    item = office.item("市", "2026-07-10")
    merged = office.adopt(first, item, 0.6)
    office.adopt(second, item, 0.4)
    office.adopt(first, office.item("省", "2026-10-01"))
    office.event("instruction", draft_id=first, level="市", happened_on="2026-08-01")
    office.event("instruction", item_id=item, level="省", happened_on="2026-12-31")
    office.event("commission", unit_id=2, happened_on="2026-08-01", due_on="2026-09-30", title="约")
    office.event("fault", unit_id=1, form="迟报", happened_on="2026-09-30")
    office.event("bonus", unit_id=2, points=1500, happened_on="2026-07-31", note="承办会议")
    topic = office.event("topic", unit_id=1, happened_on="2026-03-01", form="立项", title="课题")
    office.event("topic_stage", refers_to=topic, happened_on="2026-09-01", form="结题")
    return merged, item


THIRD = [
    ("甲县", "采用·市级", 2.5, "2026-07-10"),  # 10 ÷ 2 units ÷ 2 authors
    ("甲县", "采用·市级", 2.5, "2026-07-10"),
    ("乙县", "采用·市级", 5.0, "2026-07-10"),
    ("乙县", "手工加减分", 1.5, "2026-07-31"),
    ("甲县", "批示·批示", 5.0, "2026-08-01"),
    ("甲县", "批示·批示", 5.0, "2026-08-01"),
    ("甲县", "课题·结题", 6.0, "2026-09-01"),
    ("乙县", "约稿·未交", -3.0, "2026-09-30"),
    ("甲县", "差错·迟报", -1.0, "2026-09-30"),
]
FOURTH = [
    ("甲县", "采用·省级", 7.5, "2026-10-01"),  # 20 − 5 counted before, ÷ 2 authors
    ("甲县", "采用·省级", 7.5, "2026-10-01"),
    ("甲县", "批示·批示", 5.0, "2026-12-31"),
    ("甲县", "批示·批示", 5.0, "2026-12-31"),
    ("乙县", "批示·批示", 10.0, "2026-12-31"),
]


def test_a_quarter_and_the_next_by_hand_count(office: Office) -> None:
    fill(office)
    profile = add_profile(office.db, rules())
    assert settle(office.db, profile, Q3, on=ON) == Settled(profile, 9, 0, 9, 23500)
    assert sorted(told(office.db)) == sorted(THIRD)
    settle(office.db, profile, Q4, on=ON)
    assert sorted(told(office.db, Q4)) == sorted(FOURTH)
    assert sorted(told(office.db, YEAR)) == sorted(THIRD + FOURTH)


def test_settling_again_appends_nothing(office: Office) -> None:
    fill(office)
    profile = add_profile(office.db, rules())
    settle(office.db, profile, YEAR, on=ON)
    for period in (YEAR, Q3, parse_period("2026-07")):
        again = settle(office.db, profile, period, on=ON)
        assert (again.added, again.reversed) == (0, 0)


def sums(office: Office) -> tuple[object, ...]:
    """Over all lines, and over those that stand: the same, unit by unit."""
    conn = raw(office.db)
    everything = conn.execute("SELECT unit_id, sum(points) FROM award GROUP BY 1").fetchall()
    standing = conn.execute(
        "SELECT unit_id, CAST(round(sum(points) * 1000) AS INTEGER) FROM awards GROUP BY 1"
    ).fetchall()
    assert [row for row in everything if row[1]] == [row for row in standing if row[1]]
    return tuple(standing)


def test_un_adopting_reverses_and_re_adopting_restores(office: Office) -> None:
    merged, item = fill(office)
    profile = add_profile(office.db, rules())
    settle(office.db, profile, Q3, on=ON)
    before = sums(office)
    office.undo(merged)
    gone = settle(office.db, profile, Q3, on=ON)
    # the two authors' lines go; the other unit has the item alone: 5 → 10
    assert (gone.reversed, gone.added) == (3, 1)
    assert ("乙县", "采用·市级", 10.0, "2026-07-10") in told(office.db)
    backs = raw(office.db).execute(
        "SELECT note, points, effective_on FROM award WHERE reverses IS NOT NULL ORDER BY id"
    )
    assert backs.fetchall()[0] == ("冲销第1笔", -2500, "2026-07-10")
    office.adopt(1, item, 0.6)
    settle(office.db, profile, Q3, on=ON)
    assert sums(office) == before
    assert sorted(told(office.db)) == sorted(THIRD)


def test_what_an_instruction_replaced_comes_back_when_it_is_taken_back(office: Office) -> None:
    """A known peer overwrites the score; what it was before is gone there."""
    office.adopt(office.draft(1, "2026-07-02"), office.item("省", "2026-07-10"))
    replace = '[[instruction.rules]]\nname = "代替"\nreplace = 9\n'
    text = rules().replace('[[instruction.rules]]\nname = "批示"\npoints = 10\n', replace)
    profile = add_profile(office.db, text)
    said = office.event("instruction", draft_id=1, level="市", happened_on="2026-08-01")
    assert settle(office.db, profile, Q3, on=ON).points == 9000
    assert [line[2] for line in told(office.db)] == [20.0, -11.0]
    office.undo(said)
    assert settle(office.db, profile, Q3, on=ON) == Settled(profile, 0, 1, 1, 20000)


def test_nothing_of_the_ledger_can_be_altered(office: Office) -> None:
    fill(office)
    settle(office.db, add_profile(office.db, rules()), Q3, on=ON)
    for statement in (
        "UPDATE award SET points = 0",
        "DELETE FROM award",
        "DELETE FROM rule_profile",
    ):
        with pytest.raises(sqlite3.IntegrityError), write(office.db) as conn:
            conn.execute(statement)


def test_a_draft_of_an_issue_that_is_not_printed_counts_nothing(office: Office) -> None:
    office.adopt(office.draft(1, "2026-07-02"), office.item("市", "2026-07-10", state="composing"))
    profile = add_profile(office.db, rules())
    assert settle(office.db, profile, Q3, on=ON).standing == 0
    with write(office.db) as conn:
        conn.execute("UPDATE issue SET state = 'printed'")
    assert settle(office.db, profile, Q3, on=ON).points == 10000


def test_an_issue_whose_day_is_corrected_takes_its_points_along(office: Office) -> None:
    office.adopt(office.draft(1, "2026-07-02"), office.item("市", "2026-09-30"))
    profile = add_profile(office.db, rules())
    settle(office.db, profile, Q3, on=ON)
    with write(office.db) as conn:
        conn.execute("UPDATE issue SET published_on = '2026-10-08'")
    moved = settle(office.db, profile, Q4, on=ON)
    assert (moved.added, moved.reversed) == (1, 1)
    assert told(office.db) == [("甲县", "采用·市级", 10.0, "2026-10-08")]
    assert sums(office) == ((1, 10000),)


def test_the_genre_that_an_editor_decided_counts(office: Office) -> None:
    office.adopt(office.draft(1, "2026-07-02", genre="动态"), office.item("市", "2026-07-10"))
    profile = add_profile(
        office.db, rules() + '[[adoption.rules]]\nname = "调研"\nwhen.class = "调研"\nfactor = 2\n'
    )
    assert settle(office.db, profile, Q3, on=ON).points == 10000
    office._insert(
        "decision", draft_id=1, kind="correct", theme="A1", genre_before="动态", genre="调研报告",
        decided_at="2026-07-11T00:00:00.000Z",
    )  # fmt: skip
    assert settle(office.db, profile, Q3, on=ON).points == 20000


def test_what_units_sent_is_asked_only_of_valid_drafts(office: Office) -> None:
    first = office.draft(1, "2026-07-02")
    office.pair(first, office.draft(1, "2026-07-03"), "完全相同")
    office.draft(2, "2026-09-30T15:59:59.000Z")  # the last second of the quarter in Shanghai
    office.draft(2, "2026-09-30T16:00:00.000Z")
    each = '[[period.rules]]\nname = "报送"\nevery = "quarter"\ncount = "valid"\neach = 1\n'
    profile = add_profile(office.db, rules() + each)
    settle(office.db, profile, Q3, on=ON)
    assert told(office.db) == [
        ("甲县", "期间·报送", 1.0, "2026-09-30"), ("乙县", "期间·报送", 1.0, "2026-09-30")
    ]  # fmt: skip


def test_an_old_period_by_its_old_profile_keeps_its_figures(office: Office) -> None:
    fill(office)
    old = add_profile(office.db, rules())
    settle(office.db, old, Q3, on=ON)
    before = told(office.db)
    new = add_profile(office.db, rules("2", "2026-10-01", city="12"))
    assert settle(office.db, old, Q3, on=ON) == Settled(old, 0, 0, 9, 23500)
    assert told(office.db) == before
    by_both = settle_period(office.db, YEAR, "积分办法", on=ON)
    assert [one.profile_id for one in by_both] == [old, new]
    # 20 − 12 ÷ 2: the new version asks what it would have given before
    assert sum(e["points"] for e in ledger_lines(office.db, period=Q4)) == 14 + 20


def test_a_new_version_in_the_middle_takes_over_from_its_first_day(office: Office) -> None:
    fill(office)
    old = add_profile(office.db, rules())
    settle(office.db, old, Q3, on=ON)
    new = add_profile(office.db, rules("2", "2026-09-01"))
    first, second = settle_period(office.db, Q3, "积分办法", on=ON)
    assert (first.profile_id, first.reversed, first.added) == (old, 3, 0)
    assert (second.profile_id, second.added) == (new, 3)
    assert sorted(told(office.db)) == sorted(THIRD)


def test_what_figures_compare_is_settled_together(office: Office) -> None:
    """The year so far, the period before and the year before; where no rules held, nothing."""
    for day in ("2025-12-31", "2026-01-05", "2026-04-05", "2026-07-05", "2025-07-05"):
        office.adopt(office.draft(1, day), office.item("市", day))
    add_profile(office.db, rules(since="2025-07-01"))
    settle_compared(office.db, Q3, "积分办法", on=ON)
    assert [e["effective_on"] for e in ledger_lines(office.db)] == [
        "2025-07-05", "2026-01-05", "2026-04-05", "2026-07-05"
    ]  # fmt: skip
    settle_compared(office.db, parse_period("2026Q1"), "积分办法", on=ON)
    assert len(ledger_lines(office.db)) == 5  # the quarter before was that of 31 December
    with pytest.raises(SettleError):
        settle_compared(office.db, parse_period("2027Q3"), "积分办法", on=ON)
    with pytest.raises(ProfileError):
        settle_compared(office.db, parse_period("2024"), "积分办法", on=ON)


def test_a_topic_is_worth_what_its_level_says(office: Office) -> None:
    topic = start_topic(office.db, 1, "村级后备力量", level="省", happened_on=date(2026, 3, 1))
    move_topic(office.db, topic, "结题", award="优秀", happened_on=date(2026, 9, 1))
    profile = add_profile(office.db, ready_profiles()["by_length"])
    settle(office.db, profile, Q3, on=ON)
    [line] = ledger_lines(office.db)
    assert (line["points"], line["note"]) == (30.0, "省级课题15分×优秀课题2=30分")


def test_versions_may_not_hold_on_one_day(office: Office) -> None:
    add_profile(office.db, rules("1", "2026-01-01", until="2026-07-01"))
    with pytest.raises(ProfileError, match="适用日期重叠（都包括2026-06-30）") as told_why:
        add_profile(office.db, rules("2", "2026-06-30"))
    assert told_why.value.reason == "overlap"
    with pytest.raises(ProfileError, match="重叠"):
        add_profile(office.db, rules("2", "2026-01-01"))
    add_profile(office.db, rules("2", "2026-07-01"))  # half-open: the next day


def test_a_version_is_never_written_anew(office: Office) -> None:
    held = add_profile(office.db, rules(), who="张")
    assert add_profile(office.db, rules()) == held
    with pytest.raises(ProfileError, match="请换一个版本号") as why:
        add_profile(office.db, rules(city="11"))
    assert why.value.reason == "same_version"


def test_which_version_holds(office: Office) -> None:
    for version, since in (("1", "2026-01-01"), ("2", "2026-07-01")):
        add_profile(office.db, rules(version, since))
    held = {day: profile_for(office.db, day, "积分办法").version
            for day in (date(2026, 6, 30), date(2026, 7, 1))}  # fmt: skip
    assert held == {date(2026, 6, 30): "1", date(2026, 7, 1): "2"}
    with pytest.raises(ProfileError) as early:
        profile_for(office.db, date(2025, 12, 31), "积分办法")
    assert early.value.reason == "not_valid"
    with pytest.raises(ProfileError) as several:  # the office's own 办法 is there too
        profile_for(office.db, date(2026, 7, 1))
    assert several.value.reason == "ambiguous"
    with pytest.raises(ProfileError) as none:
        profiles_in(office.db, Q3, "没有的")
    assert none.value.reason == "unknown"
    assert [(one.version, one.valid_to) for one in profiles(office.db, "积分办法")] == [
        ("1", date(2026, 7, 1)), ("2", None)
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["ADOPTIONS", "ON_DRAFTS", "COMMISSIONS", "TOPICS", "PLAIN"])
def test_no_table_is_read_from_end_to_end(office: Office, name: str) -> None:
    sql = getattr(award_events, f"_{name}")
    asked = {"start": "2026-07-01", "end": "2026-10-01"}
    plan = [row[3] for row in raw(office.db).execute(f"EXPLAIN QUERY PLAN {sql}", asked)]
    read = [step for step in plan if step.startswith("SCAN") and "event_by_due" not in step]
    # Lists of the query's own; the index by due day holds commissions only.
    assert {step.split()[1] for step in read} <= {"touched", "item", "found"}


def test_periods_that_cannot_be_settled(office: Office) -> None:
    profile = add_profile(office.db, rules())
    with pytest.raises(SettleError, match="还没有到") as future:
        settle(office.db, profile, parse_period("2028"), on=ON)
    assert future.value.reason == "future"
    with pytest.raises(SettleError, match="不适用于这一期间") as other:
        settle(office.db, profile, parse_period("2025"), on=ON)
    assert other.value.reason == "not_valid"
    with pytest.raises(ProfileError, match="没有第99号"):
        settle(office.db, 99, Q3, on=ON)


@pytest.mark.parametrize("name", list(ready_profiles()))
def test_every_ready_profile_settles(office: Office, name: str) -> None:
    fill(office)
    profile = add_profile(office.db, ready_profiles()[name])
    done = settle(office.db, profile, YEAR, on=ON)
    assert done.standing > 0
    assert settle(office.db, profile, YEAR, on=ON).added == 0
    assert sum(points for _, points in sums(office)) == done.points
