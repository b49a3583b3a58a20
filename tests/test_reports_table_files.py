"""Tables as files: what cannot be written is one error, and nothing else reaches the screen."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reports.table_files import write_sheet


def rows(*, broken: bool) -> Iterator[tuple[object, ...]]:
    yield (1, "=1+1")
    yield (2.5, "\x00文")
    if broken:
        raise RuntimeError("the database went away")


def test_a_sheet_holds_numbers_and_text(tmp_path: Path) -> None:
    assert write_sheet("表", ("数", "文"), rows(broken=False), tmp_path / "a.xlsx") == 2
    sheet = load_workbook(tmp_path / "a.xlsx")["表"]
    cells = [[(cell.value, cell.data_type) for cell in line] for line in sheet.iter_rows(min_row=2)]
    assert cells == [[(1, "n"), ("=1+1", "s")], [(2.5, "n"), ("\ufffd文", "s")]]


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("file", "broken", "expected"),
    [
        ("/dev/full", False, OSError),  # the disk is full
        ("no/such/folder/a.xlsx", False, OSError),
        ("a.xlsx", True, RuntimeError),
    ],
)
def test_a_failure_complains_once(
    tmp_path: Path, file: str, broken: bool, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        write_sheet("表", ("数", "文"), rows(broken=broken), tmp_path / file)
    gc.collect()  # what was left half written would complain here
