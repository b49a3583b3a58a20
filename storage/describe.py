"""The analysts' guide to the database, written from the schema itself so that it cannot go stale.

``python -m storage.describe`` writes ``docs/database.md``; a test compares the two.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from sqlite_utils import Database

from storage.connection import open_database
from storage.meanings import MEANINGS

TARGET = Path(__file__).resolve().parent.parent / "docs" / "database.md"

QUERIES: tuple[tuple[str, str], ...] = (
    (
        "2026年第三季度各单位报送了多少、超长多少、重稿多少（期间含起始日，不含终止日）",
        """SELECT unit_group, unit, count(*) AS 篇数,
  count(CASE WHEN length_flag = 'over_hard' THEN 1 END) AS 超长,
  count(CASE WHEN duplicate_count > 0 THEN 1 END) AS 有重稿
FROM drafts
WHERE received_on >= '2026-07-01' AND received_on < '2026-10-01'
GROUP BY unit_id
ORDER BY unit_group, 篇数 DESC;""",
    ),
    (
        "哪些主题报得多、模型有多大把握，多少篇无法判断",
        """SELECT coalesce(theme, '无法判断') AS 主题, count(*) AS 篇数,
  round(avg(theme_probability), 2) AS 平均把握
FROM drafts
GROUP BY theme_code
ORDER BY 篇数 DESC;""",
    ),
    (
        "不同单位之间的重稿，重合最多的在前",
        """SELECT kind AS 类别, round(100 * cover) AS 重合百分比,
  unit_a, title_a, unit_b, title_b
FROM duplicates
WHERE unit_a IS NOT unit_b AND kind <> '引用'
ORDER BY cover DESC, draft_a, draft_b;""",
    ),
    (
        "2026年第三季度各单位有效报送和采用了多少（报送按收到日期，采用按印发日期），零报送也在内",
        """SELECT unit_group, unit, sum(submitted) AS 报送, sum(valid) AS 有效,
  sum(printed_adoptions) AS 采用篇次
FROM unit_months
WHERE month >= '2026-07' AND month <= '2026-09'
GROUP BY unit_id
ORDER BY unit_group, 采用篇次 DESC, unit;""",
    ),
    (
        "2026年第三季度各级刊物采用了哪些主题",
        """SELECT submissions.theme AS 主题,
  count(CASE WHEN level = '县' THEN 1 END) AS 县, count(CASE WHEN level = '市' THEN 1 END) AS 市,
  count(CASE WHEN level = '省' THEN 1 END) AS 省, count(CASE WHEN level = '中央' THEN 1 END) AS 中央
FROM adoptions JOIN submissions USING (draft_id)
WHERE published_on >= '2026-07-01' AND published_on < '2026-10-01'
GROUP BY submissions.theme_code
ORDER BY count(*) DESC, 主题;""",
    ),
    (
        "从收到到刊发，各级刊物平均要几天",
        """SELECT level AS 级别, count(*) AS 篇次, round(avg(days), 1) AS 平均天数,
  min(days) AS 最短, max(days) AS 最长
FROM print_times
GROUP BY level
ORDER BY 平均天数;""",
    ),
)
"""Ready queries: what they answer, and the SQL."""

_HEAD = """# 数据库说明

本文由 `python -m storage.describe` 根据数据库结构生成，请勿手工修改。

- 数据库是一个SQLite文件，可用任何SQLite工具查询；请以只读方式打开，写入只由组稿完成。
- **统计请用视图**（名称为复数，如 `drafts`）：列名和含义保持稳定。表（名称为单数，如 `draft`）\
存放原始记录；名称以下划线开头的是内部表，可能变化。
- 时间存为UTC（如 `2026-09-30T01:02:03.004Z`）；日期列（`received_on` 等）是北京时间。
- 期间含起始日、不含终止日：\
第三季度是 `received_on >= '2026-07-01' AND received_on < '2026-10-01'`，\
12月31日属于当年。
- 单位、主题为空（NULL）表示“认不出”“无法判断”，不是零。
"""


def markdown(db: Database) -> str:
    """The guide for the schema of ``db``: ready queries, views, tables, internal tables.

    KeyError if something in the schema has no meaning in :data:`storage.meanings.MEANINGS`.
    """
    tables = [name for name in db.table_names() if not name.startswith("sqlite_")]
    parts = [_HEAD, "## 现成的查询\n"]
    parts += [f"{title}：\n\n```sql\n{sql}\n```\n" for title, sql in QUERIES]
    parts += _section(db, "视图", db.view_names())
    parts += _section(db, "表", [name for name in tables if not name.startswith("_")])
    parts += _section(db, "内部表", [name for name in tables if name.startswith("_")])
    return "\n".join(parts)


def generate() -> str:
    """The guide for the schema of this version."""
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "empty.db")
        try:
            return markdown(db)
        finally:
            db.close()


def columns(db: Database, name: str) -> list[tuple[str, str]]:
    """Name and declared type of each column, generated ones too."""
    rows = db.query("SELECT name, type FROM pragma_table_xinfo(?) ORDER BY cid", [name])
    return [(str(row["name"]), str(row["type"])) for row in rows]


def _section(db: Database, title: str, names: Iterable[str]) -> Iterable[str]:
    yield f"## {title}\n"
    for name in names:
        meanings = MEANINGS[name]
        lines = [f"| `{column}` | {type_} | {meanings[column]} |"
                 for column, type_ in columns(db, name)]  # fmt: skip
        table = "\n".join(["| 列 | 类型 | 含义 |", "| --- | --- | --- |", *lines])
        yield f"### `{name}`\n\n{meanings['']}。\n\n{table}\n"


if __name__ == "__main__":
    TARGET.write_text(generate(), encoding="utf-8")
