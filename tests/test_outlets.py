"""Outlets: their list from CSV or Excel, and which of them a name means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlite_utils import Database

from storage.connection import open_database
from storage.outlet_files import read_outlets
from storage.outlets import (
    Found,
    OutletError,
    OutletRow,
    find_outlet,
    import_outlets,
    list_outlets,
    outlet_named,
    outlet_names,
)
from storage.tables import Brought, TableError


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_database(tmp_path / "zugao.db")
    yield db
    db.close()


def listed(path: Path, text: str) -> tuple[list[OutletRow], list[str]]:
    path.write_text(text, encoding="utf-8")
    return read_outlets(path)


def test_the_sample_list_is_whole(db: Database, root: Path) -> None:
    rows, complaints = read_outlets(root / "samples" / "outlets.csv")
    assert complaints == []
    assert import_outlets(db, rows) == Brought(added=10)
    assert import_outlets(db, rows) == Brought(unchanged=10)
    shown = list_outlets(db)
    assert [row["level"] for row in shown] == ["中央"] * 2 + ["省"] * 2 + ["市"] * 4 + ["县"] * 2
    (paper,) = [row for row in shown if row["name"] == "云泽组工参阅"]
    assert paper == {
        "outlet_id": 4, "name": "云泽组工参阅", "kind": "内刊", "level": "市", "tier": "专报",
        "points": 15.0, "floor_chars": 1000, "soft_chars": 3000, "hard_chars": 5000, "retired": 0,
        "aliases": ["组工参阅"], "issues": 0, "adoptions": 0,
    }  # fmt: skip


def test_excel_and_english_headers(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["name", "kind", "level", "points", "hard", "aliases"])
    sheet.append(["云泽晨报", "媒体", "市", 2.5, 1500, "晨报;云泽报"])
    book.save(tmp_path / "刊物.xlsx")
    fields = {"kind": "媒体", "level": "市", "points": 2500, "hard_chars": 1500}
    assert read_outlets(tmp_path / "刊物.xlsx") == (
        [OutletRow("云泽晨报", fields, ("晨报", "云泽报"), 2)],
        [],
    )


def test_each_wrong_row_is_one_sentence_and_the_others_are_taken(
    db: Database, tmp_path: Path
) -> None:
    rows, unread = listed(
        tmp_path / "刊物.csv",
        "名称,种类,级别,分值,下限,提醒,上限,别名\n"
        "云泽组工信息,内刊,市,,,,,组工信息\n"
        "云泽晨报,报纸,市,,,,,\n"
        "云泽晚报,媒体,地市,,,,,\n"
        "云泽党建,刊物,,,,,,\n"
        "云泽参阅,内刊,市,十分,,,,\n"
        "云泽快讯,内刊,市,,900,800,,\n"
        "云泽简报,内刊,市,,,0,,\n"
        "云泽工作,内刊,市,,,,,《组工信息》\n"
        "云泽组工信息,内刊,省,,,,,\n"
        ",内刊,省,,,,,\n",
    )
    assert unread == ["第6行“云泽参阅”：“分值”一栏应是不小于0的至多三位小数的数，现在是“十分”。"]
    done = import_outlets(db, rows)
    assert done.added == 1
    assert done.refused == (
        "第3行“云泽晨报”：不认识种类“报纸”，应是刊物、媒体、内刊、网站之一。",
        "第4行“云泽晚报”：不认识级别“地市”，应是县、市、省、中央之一。",
        "第5行“云泽党建”：没有写级别，应是县、市、省、中央之一。",
        "第7行“云泽快讯”：字数应是下限不大于提醒、提醒不大于上限。",
        "第8行“云泽简报”：提醒和上限不能是0，没有就空着。",
        "第9行“云泽工作”：“《组工信息》”已是另一刊物的名称或别名。",
        "第10行“云泽组工信息”：表里已有同名的一行。",
        "第11行“”：没有写名称。",
    )
    assert [row["name"] for row in list_outlets(db)] == ["云泽组工信息"]


def test_an_import_changes_what_the_list_says_and_nothing_else(db: Database) -> None:
    whole = {"kind": "内刊", "level": "市", "tier": "要情", "points": 3000, "hard_chars": 900}
    import_outlets(db, [OutletRow("云泽组工信息", whole, ("组工信息", "信息"))])
    assert import_outlets(db, [OutletRow("云泽组工信息", {"level": "省", "points": None})]) == (
        Brought(changed=1)
    )
    (row,) = list_outlets(db)
    assert (row["kind"], row["level"], row["tier"], row["points"], row["hard_chars"]) == (
        ("内刊", "省", "要情", None, 900)
    )
    assert row["aliases"] == ["组工信息", "信息"]
    assert import_outlets(db, [OutletRow("云泽组工信息", {}, ("组信",))]) == Brought(changed=1)
    assert find_outlet(db, "组工信息").outlet_id is None


def test_a_name_is_found_whole_or_suggested_never_guessed(db: Database, root: Path) -> None:
    import_outlets(db, read_outlets(root / "samples" / "outlets.csv")[0])
    assert find_outlet(db, "《云泽 组工信息》") == Found(3)
    assert find_outlet(db, "云泽市组工信息") == Found(3)
    assert find_outlet(db, "云泽组工讯息") == Found(None, ("云泽组工信息", "云泽组工参阅"))
    with pytest.raises(OutletError) as error:
        outlet_named(db, "云泽组工讯息")
    assert error.value.reason == "unknown_outlet"
    assert str(error.value).startswith("没有叫“云泽组工讯息”的刊物，名称相近的有“云泽组工信息”")
    with pytest.raises(OutletError) as error:
        outlet_named(db, "Zzz")
    assert str(error.value) == "没有叫“Zzz”的刊物。"


def test_a_file_that_is_no_such_list(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="要有“名称”一栏"):
        listed(tmp_path / "甲.csv", "期号,日期\n1,2026-09-01\n")
    with pytest.raises(TableError, match="找不到刊物表"):
        read_outlets(tmp_path / "没有.csv")


def test_names_stand_as_the_list_has_them(db: Database) -> None:
    rows = [
        OutletRow("县里的", {"kind": "内刊", "level": "县"}),
        OutletRow("中央的", {"kind": "刊物", "level": "中央"}),
        OutletRow("停了的", {"kind": "刊物", "level": "省", "retired": True}),
    ]
    import_outlets(db, rows)
    assert outlet_names(db) == ["中央的", "县里的"]
    assert outlet_names(db) == [row["name"] for row in list_outlets(db) if not row["retired"]]
