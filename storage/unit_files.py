"""Lists of units as offices keep them: CSV (UTF-8 or GBK) or Excel, read with clear complaints."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from storage.units import UnitError, UnitRow

_COLUMNS = {
    "name": ("单位", "单位名称", "报送单位", "name"),
    "group": ("组别", "分组", "group"),
    "parent": ("上级", "上级单位", "parent"),
    "aliases": ("别名", "简称", "aliases"),
    "active": ("启用", "是否启用", "active"),
}
_ACTIVE = {"": True, "是": True, "1": True, "true": True, "否": False, "0": False, "false": False}
_BETWEEN_ALIASES = re.compile(r"[、；;，,|\n]")
_EXCEL = (".xlsx", ".xlsm")
_SHOWN = 10  # complaints in one sentence; the rest are counted

Line = tuple[int, list[str]]
"""Row number as the file shows it, and the cells."""


def read_units(path: Path | str) -> list[UnitRow]:
    """The units of a CSV or Excel file: columns 单位, 组别, 上级, 别名, 启用 (or English names).

    Only 单位 is required; several aliases stand in one cell, separated by 、 or ；. Raises
    :class:`UnitError` with a sentence that names the rows to mend.
    """
    path = Path(path)
    try:
        lines = _excel(path) if path.suffix.lower() in _EXCEL else _csv(path)
    except FileNotFoundError as error:
        raise UnitError(f"找不到单位表“{path}”，请检查路径。") from error
    except OSError as error:
        raise UnitError(f"打不开单位表“{path}”，请检查它是不是文件、有没有读取权限。") from error
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        raise UnitError(f"单位表“{path}”是空的，请写上表头“单位、组别、上级、别名”和各单位。")
    return _rows(path, _positions(path, lines[0][1]), lines[1:])


def _csv(path: Path) -> list[Line]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise UnitError(f"认不出单位表“{path}”的文字编码，请另存为UTF-8编码的CSV。") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        return [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise UnitError(f"单位表“{path}”第{reader.line_num}行不是正确的CSV，请改正。") from error


def _excel(path: Path) -> list[Line]:
    from openpyxl import load_workbook  # slow to import, and only needed here

    data = io.BytesIO(path.read_bytes())
    try:
        sheet = load_workbook(data, read_only=True, data_only=True).worksheets[0]
        return [
            (number, ["" if cell is None else str(cell).strip() for cell in row])
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)
        ]
    except Exception as error:  # openpyxl lets zip, XML and key errors of a bad file through
        raise UnitError(f"单位表“{path}”不是完好的Excel文件，请用Excel重新另存为.xlsx。") from error


def _positions(path: Path, header: Sequence[str]) -> dict[str, int]:
    found = {
        field: position
        for position, title in enumerate(header)
        for field, titles in _COLUMNS.items()
        if title.casefold() in titles
    }
    if "name" not in found:
        raise UnitError(
            f"单位表“{path}”的第一行应是表头，其中要有“单位”一栏（另可有“组别、上级、别名、启用”）。"
        )
    return found


def _rows(path: Path, positions: Mapping[str, int], lines: Sequence[Line]) -> list[UnitRow]:
    rows: list[UnitRow] = []
    complaints: list[str] = []
    first_at: dict[str, int] = {}
    for number, cells in lines:
        values = {
            field: cells[position] if position < len(cells) else ""
            for field, position in positions.items()
        }
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
                    _aliases(values["aliases"]) if "aliases" in values else None,
                    active if "active" in values else None,
                )
            )  # fmt: skip
        first_at.setdefault(name, number)
    if complaints:
        more = f"等{len(complaints)}处" if len(complaints) > _SHOWN else ""
        raise UnitError(f"单位表“{path}”需要改正：{'；'.join(complaints[:_SHOWN])}{more}。")
    return rows


def _aliases(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(a.strip() for a in _BETWEEN_ALIASES.split(cell) if a.strip()))
