"""The lists of units and outlets as text, in the form in which they are read again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from storage.connection import raw
from storage.outlets import list_outlets

_UNITS = """
SELECT unit.name, unit.group_name, coalesce(parent.name, ''),
  (SELECT coalesce(group_concat(alias, '；'), '') FROM (
    SELECT alias FROM unit_alias WHERE unit_id = unit.id ORDER BY alias)),
  CASE unit.active WHEN 1 THEN '是' ELSE '否' END
FROM unit LEFT JOIN unit AS parent ON parent.id = unit.parent_id ORDER BY unit.id
"""


def units_text(db: Database) -> str:
    """Every unit, as ``storage.unit_files.read_units`` reads it."""
    return _text(("单位", "组别", "上级", "别名", "启用"), raw(db).execute(_UNITS).fetchall())


def outlets_text(db: Database) -> str:
    """Every outlet, as ``storage.outlet_files.read_outlets`` reads it."""
    rows = [
        (
            row["name"], row["kind"], row["level"], row["tier"], _number(row["points"]),
            _number(row["floor_chars"]), _number(row["soft_chars"]), _number(row["hard_chars"]),
            "；".join(map(str, row["aliases"])) if isinstance(row["aliases"], list) else "",
            "是" if row["retired"] else "否",
        )
        for row in list_outlets(db)
    ]  # fmt: skip
    heads = ("名称", "种类", "级别", "档次", "分值", "下限", "提醒", "上限", "别名", "停用")
    return _text(heads, rows)


def _number(value: object) -> str:
    return "" if value is None else f"{float(str(value)):g}"


def _text(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(heads)
    table.writerows(rows)
    return out.getvalue()
