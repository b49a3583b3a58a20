"""Lists of issues: CSV or Excel, one issue a row."""

from __future__ import annotations

from pathlib import Path

from storage.issues import IssueError, IssueRow
from storage.periods import parse_day
from storage.tables import read_table
from storage.texts import storable

_COLUMNS = {
    "outlet": ("刊物", "媒体", "刊物名称", "outlet"),
    "number": ("期号", "期数", "number"),
    "published_on": ("印发日期", "刊发日期", "日期", "published_on", "date"),
    "year": ("年份", "年", "year"),
    "title": ("题目", "标题", "title"),
}


def read_issues(path: Path | str) -> tuple[list[IssueRow], list[str]]:
    """The issues of a list, and a Chinese sentence for each row that cannot be read.

    Columns 刊物 期号 印发日期 年份 题目, or their English names; only 刊物 must be there as a
    column. Raises TableError if the file is no such list.
    """
    table = read_table(Path(path), "期表", _COLUMNS, "outlet")
    rows, complaints = [], []
    for number, values in table.rows:
        try:
            rows.append(_row(number, values))
        except ValueError as error:  # IssueError, or a day that is none
            complaints.append(f"第{number}行“{storable(values['outlet'])}”：{error}")
    return rows, complaints


def _row(number: int, values: dict[str, str]) -> IssueRow:
    day, year = values.get("published_on", ""), values.get("year", "")
    if not values["outlet"]:
        raise IssueError("no_outlet", "没有写刊物。")
    if year and not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise IssueError("year", f"“年份”一栏应是四位数字，现在是“{year}”。")
    return IssueRow(
        values["outlet"], values.get("number", ""), parse_day(day) if day else None,
        values.get("title", ""), int(year) if year else None, number,
    )  # fmt: skip
