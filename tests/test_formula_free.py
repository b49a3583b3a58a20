"""Whatever a unit writes as its title, no file that we write for Excel holds a formula.

Every writer of CSV and workbooks is found in the source; a new one must come in here.
"""

from __future__ import annotations

import ast
import csv
import io
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from reports.cells import harmless
from reports.table_files import write_csv, write_sheet
from reports.workbook import _put
from storage.analysts_copy import make_copy
from storage.connection import write
from storage.driver import sqlite3
from tests.support_statistics import Office
from zugao.exporting import COLUMNS
from zugao.exporting import write_csv as write_export
from zugao.figures import as_csv

ROOT = Path(__file__).resolve().parent.parent
PAYLOADS = (
    "=1+1", "＝1+1", "+1", "＋1", "-1+1", "－1", "@SUM(A1)", "＠SUM(A1)", "\t=1+1", "\r=1+1",
    "\n=1+1", '=HYPERLINK("x:y","看")', "=cmd|' /C calc'!A0", "\0=1+1",
)  # fmt: skip
STARTS = tuple("=+-@\t\r\n\0＝＋－＠")

WRITERS = {
    "reports/table_files.py",  # CSV and streamed workbooks: the one helper
    "reports/workbook.py",  # the workbook of a bulletin
}
READ_AGAIN = {"storage/list_texts.py"}
"""Lists shown in a text box and read again by us, sign for sign; nobody is given them as a file."""


def writes_tables(source: str) -> bool:
    """Whether code writes CSV or a workbook by itself."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if name in ("DictWriter", "Workbook", "WriteOnlyCell", "to_csv", "to_excel"):
                return True
            if (owner, name) == ("csv", "writer"):
                return True
    return False


def test_all_writers_of_tables_are_known() -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"][
        "packages"
    ]
    files = [file for package in packages for file in (ROOT / package).rglob("*.py")]
    found = {
        file.relative_to(ROOT).as_posix()
        for file in files
        if writes_tables(file.read_text("utf-8"))
    }
    assert found - READ_AGAIN == WRITERS


@pytest.mark.parametrize(
    "code", ["csv.writer(f)", "csv.DictWriter(f, [])", "openpyxl.Workbook()", "frame.to_csv(f)"]
)
def test_a_new_writer_is_noticed(code: str) -> None:
    assert writes_tables(code)
    assert not writes_tables("csv.reader(f); load_workbook(f); write_csv(a, b, c)")


def _table(payload: str) -> str:
    out = io.StringIO(newline="")
    write_csv([payload], [[payload]], out)
    return out.getvalue()


def _export(payload: str) -> str:
    out = io.StringIO(newline="")
    row = {**dict.fromkeys(COLUMNS, payload), "tags": [], "flags": [], "notices": [], "pairs": []}
    write_export([row], out)
    return out.getvalue()


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
@pytest.mark.parametrize(
    "written", [_table, _export, lambda payload: as_csv([payload], [[payload]])],
    ids=["table", "export", "stats and sql"],
)  # fmt: skip
def test_no_cell_of_a_csv_begins_like_a_formula(
    written: Callable[[str], str], payload: str
) -> None:
    rows = list(csv.reader(io.StringIO(written(payload).removeprefix("\ufeff"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(STARTS)]
    assert f"'{payload}" in cells  # nothing of it is lost


def test_without_the_helper_the_cells_would_be_formulas(tmp_path: Path) -> None:
    """The control: what Python's own writer and openpyxl make of a title."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(["=1+1"])
    assert next(csv.reader(io.StringIO(out.getvalue())))[0].startswith(STARTS)
    book = Workbook()
    book.active.append(["=1+1"])  # type: ignore[union-attr]
    book.save(tmp_path / "plain.xlsx")
    assert load_workbook(tmp_path / "plain.xlsx").active["A1"].data_type == "f"  # type: ignore[index]


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    write_sheet("表", ["=头", *PAYLOADS[1:]], [list(PAYLOADS)], tmp_path / "a.xlsx")
    book = Workbook()
    for place, payload in enumerate(PAYLOADS, 1):
        _put(book.active, 1, place, payload)
    book.save(tmp_path / "b.xlsx")
    for name in ("a.xlsx", "b.xlsx"):
        sheet = load_workbook(tmp_path / name).active
        assert sheet is not None
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert len(cells) >= len(PAYLOADS)
        assert {cell.data_type for cell in cells} == {"s"}


def test_the_analysts_copy_exports_no_formula(tmp_path: Path) -> None:
    """Datasette writes CSV as the table has it."""
    office = Office(tmp_path)
    unit = office.unit("临溪")
    for _ in PAYLOADS:
        office.draft(unit, "2026-07-01")
    with write(office.db) as conn:
        for number, payload in enumerate(PAYLOADS, 1):
            conn.execute("UPDATE draft SET title = ? WHERE id = ?", (payload, number))
    office.db.close()
    make_copy(tmp_path / "zugao.db", tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as conn:
        titles = [title for (title,) in conn.execute("SELECT title FROM submissions")]
    assert len(titles) == len(PAYLOADS)
    assert not [title for title in titles if title.startswith(STARTS)]


@pytest.mark.parametrize("value", [None, 0, -1, 2.5, "", "一件事", "1=1", "甲-乙"])
def test_what_is_no_formula_stays_as_it_is(value: object) -> None:
    assert harmless(value) == ("" if value is None else value)
