"""Units: their list from CSV or Excel, and which of them a folder or file name means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlite_utils import Database

from storage.connection import open_database
from storage.unit_files import read_units
from storage.units import Imported, UnitError, UnitRow, import_units, load_units

ROWS = (
    UnitRow("临溪县委组织部", "县区", aliases=("临溪县", "临溪")),
    UnitRow("沅北县委组织部", "县区", aliases=("沅北县",)),
    UnitRow("临溪县柳湾镇党委", "县区", "临溪县委组织部", ("柳湾镇",)),
    UnitRow("云泽市委党校", "市直", aliases=("市委党校", "党校")),
)
NAMES = [row.name for row in ROWS]


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = open_database(tmp_path / "zugao.db")
    import_units(db, ROWS)
    return db


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("临溪县委组织部", 0),
        ("【临溪县】关于基层治理的报告.docx", 0),
        ("01-临溪县委组织部-红色网格.docx", 0),
        ("临溪县委组织部关于赴沅北县学习的报告.docx", 0),  # the one at the head sends
        ("（临溪县柳湾镇党委）议事桌.docx", 2),
        ("临溪县柳湾镇党委", 2),
        ("关于主体班的报告（云泽市委党校）.docx", 3),
        ("议事桌搬进院坝-柳湾镇", 2),
        ("学习简报－沅北县.docx", 1),
        ("关于临溪县与沅北县结对的通知.docx", None),  # two: nothing is guessed
        ("【临溪县】与沅北县-沅北县.docx", None),
        ("望岚县委组织部.docx", None),
        ("临溪县委组织部长下乡调研.docx", None),  # another word begins here
        ("学习临溪县委组织部经验的体会.docx", None),
        ("望岚县赴临溪县考察报告.docx", None),
        ("", None),
        ("20260930.docx", None),
    ],
)
def test_a_file_name_states_its_unit_or_does_not(db: Database, text: str, unit: int | None) -> None:
    assert load_units(db).of_file((), text)[0] == (None if unit is None else unit + 1)


@pytest.mark.parametrize(
    ("place", "unit", "words"),
    [
        ("临溪县/稿.docx", 0, "临溪县"),
        ("01-临溪县委组织部/稿.docx", 0, "01-临溪县委组织部"),
        ("三季度/沅北县/九月/稿.docx", 1, "沅北县"),
        ("临溪县/柳湾镇/稿.docx", 2, "柳湾镇"),
        ("三季度/稿（柳湾镇）.docx", 2, "柳湾镇"),
        ("临溪县委宣传部/稿.docx", None, "临溪县委宣传部"),
        ("临溪河管理处/稿.docx", None, "临溪河管理处"),
        ("党校.zip › 党建信息.docx", 3, "党校"),
        ("党校.zip › 七月/沅北县/统一稿.docx", 1, "沅北县"),
        ("临溪县/汇总.zip › 沅北县/统一稿.docx", 1, "沅北县"),
        ("七月.zip › 统一稿.docx", None, ""),
    ],
)
def test_the_place_of_a_file_says_its_unit(
    db: Database, place: str, unit: int | None, words: str
) -> None:
    assert load_units(db).of_place(place) == (None if unit is None else unit + 1, words)


def test_named_takes_only_the_whole(db: Database) -> None:
    units = load_units(db)
    assert [units.named(t) for t in ("临溪县", "党校", "临溪县来稿", "")] == [1, 4, None, None]


def test_no_units_no_match(tmp_path: Path) -> None:
    units = load_units(open_database(tmp_path / "empty.db"))
    assert (units.of_place("临溪县/稿.docx")[0], units.named("")) == (None, None)


def test_import_is_an_update_by_name(db: Database) -> None:
    again = [UnitRow("临溪县委组织部", "一组", aliases=("临溪组",), active=False), UnitRow("新区")]
    assert import_units(db, again) == Imported(units=5, added=1, assigned=0)
    assert import_units(db, again) == Imported(units=5, added=0, assigned=0)
    units = load_units(db)
    assert [units.named(t) for t in ("临溪县", "临溪组", "沅北县", "新区")] == [None, 1, 2, 5]
    rows = db.query("SELECT name, group_name, parent_id, active FROM unit WHERE id IN (1, 3)")
    assert [tuple(row.values()) for row in rows] == [
        ("临溪县委组织部", "一组", None, 0),
        ("临溪县柳湾镇党委", "县区", 1, 1),
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([UnitRow("甲", parent="乙")], "上级“乙”不在单位表中"),
        ([UnitRow("甲", parent="甲")], "绕成了圈"),
        ([UnitRow("甲", parent="乙"), UnitRow("乙", parent="甲")], "绕成了圈"),
        ([UnitRow("甲", aliases=("沅北县",))], "别名“沅北县”已是另一单位"),
        ([UnitRow("甲", aliases=("云泽市委党校",))], "别名“云泽市委党校”已是另一单位"),
        ([UnitRow("甲", aliases=("丙",)), UnitRow("乙", aliases=("丙",))], "别名“丙”已是另一单位"),
    ],
)
def test_a_list_that_contradicts_itself_changes_nothing(
    db: Database, rows: Sequence[UnitRow], words: str
) -> None:
    before = list(db["unit"].rows) + list(db["unit_alias"].rows)
    with pytest.raises(UnitError, match=words):
        import_units(db, rows)
    assert list(db["unit"].rows) + list(db["unit_alias"].rows) == before


CSV = """单位名称,组别,上级,别名,启用
临溪县委组织部,县区,,临溪县、临溪,是
,,,,
 柳湾镇党委 ,县区,临溪县委组织部,,否
"""
READ = [
    UnitRow("临溪县委组织部", "县区", "", ("临溪县", "临溪"), active=True),
    UnitRow("柳湾镇党委", "县区", "临溪县委组织部", (), active=False),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "单位.csv"
    path.write_bytes(CSV.encode(encoding))
    assert read_units(path) == READ


def test_csv_with_english_heads_and_crlf(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes('name,group,parent,aliases\r\n甲,一,,"乙；丙;丁"\r\n'.encode())
    assert read_units(path) == [UnitRow("甲", "一", "", ("乙", "丙", "丁"))]


def test_excel(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in CSV.splitlines():
        sheet.append([cell or None for cell in line.split(",")])
    path = tmp_path / "单位.xlsx"
    book.save(path)
    assert read_units(path) == READ


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "是空的"),
        ("名字,组别\n甲,一\n", "要有“单位”一栏"),
        ("单位,组别\n甲,一\n,一\n甲,二\n", "第3行没有单位名称；第4行的“甲”与第2行重复。"),
        ("单位,启用\n甲,也许\n", "第2行“启用”一栏应填“是”或“否”"),
        ("单位\n" + "甲\n" * 15, "第11行的“甲”与第2行重复；第12行的“甲”与第2行重复等14处"),
    ],
)
def test_complaints_name_the_row(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "单位.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnitError) as error:
        read_units(path)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("单位.csv", b"\xff\xff\xff", "认不出"),
        ("单位.xlsx", b"PK not a workbook", "不是完好的Excel文件"),
        ("没有.csv", None, "找不到单位表"),
    ],
)
def test_files_that_cannot_be_read(
    tmp_path: Path, name: str, data: bytes | None, words: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(UnitError, match=words):
        read_units(tmp_path / name)


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(UnitError, match="打不开单位表"):
        read_units(tmp_path)


def test_columns_that_a_list_does_not_have_keep_what_is_known(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "单位.csv"
    path.write_text("单位,别名\n临溪县柳湾镇党委,柳湾\n", encoding="utf-8")
    import_units(db, read_units(path))
    [row] = db.query("SELECT group_name, parent_id, active FROM unit WHERE id = 3")
    assert tuple(row.values()) == ("县区", 1, 1)
    assert [load_units(db).named(t) for t in ("柳湾", "柳湾镇")] == [3, None]
    path.write_text("单位,组别\n临溪县柳湾镇党委,乡镇\n", encoding="utf-8")
    import_units(db, read_units(path))
    assert load_units(db).named("柳湾") == 3
