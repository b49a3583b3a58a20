"""Printed issues: recorded, imported, corrected; what is wrong with one is a named reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlite_utils import Database

from storage.connection import open_database
from storage.issue_files import read_issues
from storage.issues import (
    IssueError,
    IssueRow,
    add_issue,
    add_item,
    find_issue,
    import_issues,
    issue_number,
    items_of,
    list_issues,
    mark_printed,
)
from storage.outlets import OutletRow, import_outlets
from storage.periods import today
from storage.tables import Brought

DAY = date(2026, 9, 15)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Outlets 1 云泽组工信息 (市) and 2 江岚组工通讯 (省)."""
    db = open_database(tmp_path / "zugao.db")
    import_outlets(
        db,
        [
            OutletRow("云泽组工信息", {"kind": "内刊", "level": "市"}, ("组工信息",)),
            OutletRow("江岚组工通讯", {"kind": "刊物", "level": "省"}),
        ],
    )
    yield db
    db.close()


@pytest.mark.parametrize(
    ("written", "number"),
    [("23", "23"), ("第23期", "23"), ("第 023 期", "23"), ("２３", "23"), ("0", "0"), ("", ""),
     ("总185", "总185"), ("2026-09-15", "2026-09-15"), ("增刊1", "增刊1")],
)  # fmt: skip
def test_one_number_however_it_is_written(written: str, number: str) -> None:
    assert issue_number(written) == number


def test_numbers_begin_anew_each_year(db: Database) -> None:
    old = add_issue(db, 1, "第1期", date(2025, 1, 10))
    new = add_issue(db, 1, "1", date(2026, 1, 9))
    late = add_issue(db, 1, "24", date(2026, 1, 4), year=2025)  # printed after the turn of the year
    assert find_issue(db, 1, "01") == new
    assert find_issue(db, 1, "第1期", year=2025) == old
    assert find_issue(db, 1, "24") == late
    assert find_issue(db, 2, "1") is None


@pytest.mark.parametrize(
    ("number", "day", "year", "reason"),
    [
        (" ", DAY, None, "no_number"),
        ("第期", DAY, None, "no_number"),
        ("23", None, None, "no_date"),
        ("23", today() + timedelta(days=1), None, "future"),
        ("23", date(1926, 9, 15), None, "too_early"),
        ("23", DAY, 2024, "year"),
        ("022", DAY, None, "same_number"),
    ],
)
def test_what_is_wrong_has_a_name(
    db: Database, number: str, day: date | None, year: int | None, reason: str
) -> None:
    add_issue(db, 1, "22", DAY)
    with pytest.raises(IssueError) as error:
        add_issue(db, 1, number, day, year=year)
    assert error.value.reason == reason
    assert str(error.value).endswith("。")
    assert len(list_issues(db)) == 1


def test_an_issue_may_be_printed_today(db: Database) -> None:
    assert add_issue(db, 1, "1", today()) == 1


def test_an_issue_in_the_making_has_no_day_until_it_is_printed(db: Database) -> None:
    made = add_issue(db, 1, "9", None, state="composing")
    (row,) = list_issues(db)
    assert (row["state"], row["published_on"]) == ("composing", None)
    with pytest.raises(IssueError) as error:
        mark_printed(db, made, today() + timedelta(days=2))
    assert error.value.reason == "future"
    mark_printed(db, made, today())
    (row,) = list_issues(db)
    assert (row["state"], row["published_on"]) == ("printed", today().isoformat())
    with pytest.raises(IssueError, match="没有编号为7的期"):
        mark_printed(db, 7, DAY)


def test_a_list_is_imported_row_by_row(db: Database, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for line in (
        ("刊物", "期号", "印发日期", "题目"),
        ("组工信息", 23, DAY, "专题"),
        ("云泽组工信息", 24, "2026年9月28日", None),
        ("云泽组工讯息", 25, DAY, None),
        ("江岚组工通讯", None, DAY, None),
        ("江岚组工通讯", 8, None, None),
        ("江岚组工通讯", 9, "2099-01-01", None),
        ("江岚组工通讯", 10, "九月", None),
        ("《组工信息》", "第23期", DAY, None),
        (None, 26, DAY, None),
    ):
        sheet.append(line)
    book.save(tmp_path / "期.xlsx")
    rows, unread = read_issues(tmp_path / "期.xlsx")
    assert unread == [
        "第8行“江岚组工通讯”：看不懂日期“九月”：请写成2026-09-15。",
        "第10行“”：没有写刊物。",
    ]
    done = import_issues(db, rows)
    assert done == Brought(
        added=2,
        refused=(
            "第4行“云泽组工讯息”：没有这个刊物，名称相近的有“云泽组工信息”。",
            "第5行“江岚组工通讯”：没有写期号；没有期号的媒体，以日期为期号。",
            "第6行“江岚组工通讯”：没有写印发日期。",
            "第7行“江岚组工通讯”：印发日期2099-01-01还没有到，请核对。",
            "第9行“《组工信息》”：与第2行是同一期。",
        ),
    )
    assert import_issues(db, rows).unchanged == 2


def test_another_day_for_a_known_number_is_asked_about(db: Database) -> None:
    import_issues(db, [IssueRow("组工信息", "23", DAY)])
    other = [IssueRow("组工信息", "23", date(2026, 9, 16), "专题", line=2)]
    done = import_issues(db, other)
    assert done.refused == (
        "第2行“组工信息”：已有2026年第23期（2026-09-15），日期或题目与表里不同；"
        "要以表为准，请加--amend。",
    )
    assert import_issues(db, other, amend=True) == Brought(changed=1)
    (row,) = list_issues(db)
    assert (row["published_on"], row["title"]) == ("2026-09-16", "专题")


def test_items_stand_in_order_and_count_as_word_does(db: Database) -> None:
    issue = add_issue(db, 1, "23", DAY)
    add_item(
        db, issue, "村里的事村民议", column="工作动态", text="院坝议事 12 次。", byline="临溪县"
    )
    add_item(db, issue, "第二篇", position=5)
    add_item(db, issue, "第三篇")
    shown = [(row["position"], row["title"], row["characters"]) for row in items_of(db, issue)]
    assert shown == [(1, "村里的事村民议", 7), (5, "第二篇", 0), (6, "第三篇", 0)]
    for place, title, of, reason in (
        (5, "第四篇", issue, "position"),
        (None, " ", issue, "no_title"),
        (None, "第四篇", 99, "no_issue"),
    ):
        with pytest.raises(IssueError) as error:
            add_item(db, of, title, position=place)
        assert error.value.reason == reason
