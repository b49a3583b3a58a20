"""Lists of outlets: CSV or Excel, one outlet a row."""

from __future__ import annotations

import math
from pathlib import Path

from storage.outlets import OutletError, OutletRow
from storage.tables import read_table, split_names

_COLUMNS = {
    "name": ("名称", "刊物", "媒体", "刊物名称", "name"),
    "kind": ("种类", "kind"),
    "level": ("级别", "level"),
    "tier": ("档次", "tier"),
    "points": ("分值", "points"),
    "floor_chars": ("下限", "字数下限", "floor"),
    "soft_chars": ("提醒", "提醒字数", "soft"),
    "hard_chars": ("上限", "字数上限", "hard"),
    "aliases": ("别名", "简称", "aliases"),
    "retired": ("停用", "retired"),
}
_YES_NO = {"": 0, "否": 0, "0": 0, "false": 0, "是": 1, "1": 1, "true": 1}
_MOST = 10**9


def read_outlets(path: Path | str) -> tuple[list[OutletRow], list[str]]:
    """The outlets of a list, and a Chinese sentence for each row that cannot be read.

    Columns 名称 种类 级别 档次 分值 下限 提醒 上限 别名 停用, or their English names; only 名称 is
    required, and 种类 and 级别 of outlets that are new. Points are read in points and given in
    thousandths. Raises TableError if the file is no such list.
    """
    table = read_table(Path(path), "刊物表", _COLUMNS, "name")
    rows, complaints = [], []
    for number, values in table.rows:
        try:
            rows.append(_row(number, values))
        except OutletError as error:
            complaints.append(f"第{number}行“{values['name']}”：{error}")
    return rows, complaints


def _row(number: int, values: dict[str, str]) -> OutletRow:
    fields: dict[str, str | int | None] = {
        column: values[column] for column in ("kind", "level", "tier") if column in values
    }
    if "points" in values:
        fields["points"] = _number(values["points"], "分值", 1000)
    for column, word in (("floor_chars", "下限"), ("soft_chars", "提醒"), ("hard_chars", "上限")):
        if column in values:
            fields[column] = _number(values[column], word, 1)
    if "retired" in values:
        if values["retired"].casefold() not in _YES_NO:
            raise OutletError("retired", "“停用”一栏应填“是”或“否”。")
        fields["retired"] = _YES_NO[values["retired"].casefold()]
    aliases = split_names(values["aliases"]) if "aliases" in values else None
    return OutletRow(values["name"], fields, aliases, number)


def _number(cell: str, word: str, scale: int) -> int | None:
    """A cell as a whole number of parts of 1/``scale``; None if it is empty."""
    if not cell:
        return None
    try:
        value = float(cell) * scale
    except ValueError:
        value = math.nan
    if not (0 <= value <= _MOST and math.isclose(value, round(value), abs_tol=1e-6)):
        kind = "至多三位小数的数" if scale > 1 else "整数"
        raise OutletError("number", f"“{word}”一栏应是不小于0的{kind}，现在是“{cell}”。")
    return round(value)
