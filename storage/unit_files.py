"""Lists of units as offices keep them: CSV (UTF-8 or GBK) or Excel, read with clear complaints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from storage.tables import TableError, read_table, split_names
from storage.units import UnitError, UnitRow

_COLUMNS = {
    "name": ("单位", "单位名称", "报送单位", "name"),
    "group": ("组别", "分组", "group"),
    "parent": ("上级", "上级单位", "parent"),
    "aliases": ("别名", "简称", "aliases"),
    "active": ("启用", "是否启用", "active"),
}
_ACTIVE = {"": True, "是": True, "1": True, "true": True, "否": False, "0": False, "false": False}
_SHOWN = 10  # complaints in one sentence; the rest are counted


def read_units(path: Path | str) -> list[UnitRow]:
    """The units of a CSV or Excel file: columns 单位, 组别, 上级, 别名, 启用 (or English names).

    Only 单位 is required; several aliases stand in one cell, separated by 、 or ；. Raises
    :class:`UnitError` with a sentence that names the rows to mend.
    """
    path = Path(path)
    try:
        table = read_table(path, "单位表", _COLUMNS, "name")
    except TableError as error:
        raise UnitError(str(error)) from error
    return _rows(path, table.rows)


def _rows(path: Path, lines: Sequence[tuple[int, dict[str, str]]]) -> list[UnitRow]:
    rows: list[UnitRow] = []
    complaints: list[str] = []
    first_at: dict[str, int] = {}
    for number, values in lines:
        name, active = values["name"], _ACTIVE.get(values.get("active", "").casefold())
        if not name:
            complaints.append(f"第{number}行没有单位名称")
        elif name in first_at:
            complaints.append(f"第{number}行的“{name}”与第{first_at[name]}行重复")
        elif active is None:
            complaints.append(f"第{number}行“启用”一栏应填“是”或“否”")
        else:
            rows.append(
                UnitRow(
                    name, values.get("group"), values.get("parent"),
                    split_names(values["aliases"]) if "aliases" in values else None,
                    active if "active" in values else None,
                )
            )  # fmt: skip
        first_at.setdefault(name, number)
    if complaints:
        more = f"等{len(complaints)}处" if len(complaints) > _SHOWN else ""
        raise UnitError(f"单位表“{path}”需要改正：{'；'.join(complaints[:_SHOWN])}{more}。")
    return rows
