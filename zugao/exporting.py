"""``zugao export``: every draft with tags, flags and pairs, as CSV for Excel or JSON Lines."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from reports.table_files import write_csv as write_table
from storage.errors import why
from zugao.console import Problem
from zugao.settings import load_settings

FORMS = {".csv": "csv", "": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
"""File suffix → format, where none is asked for."""

COLUMNS = {
    "draft_id": "编号",
    "unit_group": "组别",
    "unit": "报送单位",
    "title": "标题",
    "characters": "字数",
    "genre": "体裁",
    "theme": "主题代码",
    "theme_name": "主题",
    "theme_probability": "主题把握",
    "category_name": "大类",
    "secondary": "次要主题",
    "flags": "标记",
    "pairs": "重稿",
    "focus": "报送重点",
    "keywords": "关键词",
    "author": "作者",
    "signer": "签发",
    "phone": "电话",
    "dated": "成文日期",
    "received_on": "收稿日期",
    "file_name": "文件名",
    "format": "格式",
    "notices": "读稿提示",
}
"""Columns of the CSV, in order: key of the export row → heading."""


def export_to(home: Path, file: Path, form: str | None) -> tuple[int, Path | None]:
    """Write all drafts to ``file`` ("-" = standard output); returns the count and the path.

    The file is written aside and renamed, so an interrupted export leaves the old one.
    """
    from storage.connection import open_database
    from storage.facts import export_rows

    settings = load_settings(home)
    form = form or FORMS.get(file.suffix.lower(), "")
    if not form:
        raise Problem(f"不会导出 {file.suffix} 文件；文件名请用 .csv（Excel 可打开）或 .jsonl。")
    db = open_database(settings.database, readonly=True)
    try:
        with target(file) as out:
            count = (write_csv if form == "csv" else write_lines)(export_rows(db), out)
    finally:
        db.close()
    return count, None if str(file) == "-" else file


def write_lines(rows: Iterable[dict[str, Any]], out: IO[str]) -> int:
    """JSON Lines, one draft a line, everything nested as ``zugao show --json`` has it."""
    count = 0
    for row in rows:
        count += 1
        out.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
    return count


def write_csv(rows: Iterable[dict[str, Any]], out: IO[str]) -> int:
    """One line a draft, for Excel."""
    flat = ({**row, **_flat(row)} for row in rows)
    return write_table(list(COLUMNS.values()), ([row[key] for key in COLUMNS] for row in flat), out)


def _flat(row: dict[str, Any]) -> dict[str, str]:
    tags = row["tags"]
    themes = [t for t in tags if t["kind"] == "theme" and t["rank"] > 1]
    return {
        "secondary": "；".join(f"{t['code']} {t['name']}" for t in themes),
        "focus": "；".join(t["code"] for t in tags if t["kind"] == "focus"),
        "keywords": "；".join(t["code"] for t in tags if t["kind"] == "keyword"),
        "flags": "；".join(flag["message"] for flag in row["flags"]),
        "notices": "；".join(notice["message"] for notice in row["notices"]),
        "pairs": "；".join(
            f"{p['kind']}{p['cover']:.0%}：{p['other_id']} {p['other_title']}" for p in row["pairs"]
        ),
    }


@contextmanager
def target(file: Path) -> Iterator[IO[str]]:
    """``file`` for writing, aside and renamed when whole; "-": standard output. Raises Problem."""
    if str(file) == "-":
        yield sys.stdout
        return
    part = file.with_name(file.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError as error:
        raise Problem(
            f"写不了 {file}（{why(error)}），请换一个位置或关闭正打开它的程序。"
        ) from None
    finally:
        part.unlink(missing_ok=True)
