"""Tables of figures for a terminal and for files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import click

from nlp.masking import masked
from zugao.console import Problem, safe
from zugao.statistics import Told

WIDTH: Final = 120
SHARES: Final = ("rate", "share_sent", "share_adopted", "wanted")


def shown(key: str, value: object) -> str:
    """A value as people write it: shares in percent, points without needless zeros."""
    if value is None:
        return "—"
    if key in SHARES and isinstance(value, int | float):
        return f"{value:+.1%}" if key == "wanted" else f"{value:.1%}"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, list):
        return "、".join(shown("", one) for one in value)
    return str(value)


def print_told(told: Told) -> None:
    """Print a table for people, at most 120 columns wide; units of a group under its name."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if console.width > WIDTH or not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    console.print(
        f"[bold]{told.title}[/]　{told.period.start} 起，{told.period.end} 前；{told.dated}"
    )
    grouped = "rank" in told.columns
    parts = groupby(told.rows, key=lambda row: row["unit_group"] if grouped else "")
    for name, rows in parts:
        table = Table(title=safe(str(name)) or None, title_justify="left", padding=(0, 1, 0, 0))
        for key, heading in told.columns.items():
            words = key in ("unit", "name", "title", "author", "adopted_in", "message")
            table.add_column(
                heading, justify="left" if words else "right", overflow="fold",
                no_wrap=not words,
            )  # fmt: skip
        for row in rows:
            table.add_row(*(safe(shown(key, row.get(key))) for key in told.columns))
        console.print(table)
    if not told.rows:
        console.print("没有。")
    for note in told.notes:
        console.print(note, style="yellow")


def print_csv(told: Told) -> None:
    """Print as CSV with a byte-order mark; the groups of units in a column of their own."""
    columns = told.columns
    if "rank" in columns:
        columns = {"unit_group": "组别", **columns}
    click.echo(as_csv(list(columns.values()), ([row.get(k) for k in columns] for row in told.rows)))


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The text of a CSV file, formulas made harmless."""
    from reports.table_files import write_csv

    out = io.StringIO(newline="")
    write_csv(headings, ([_cell(value) for value in row] for row in rows), out)
    return out.getvalue().removesuffix(csv.excel.lineterminator)


def write_rows(
    title: str, columns: dict[str, str], rows: Iterable[dict[str, Any]], file: Path
) -> int:  # fmt: skip
    """Write rows to a ``.csv`` or ``.xlsx`` file, aside and renamed; returns how many."""
    from reports.table_files import TooManyRowsError, write_csv, write_sheet
    from zugao.exporting import target

    lines = ([_cell(row.get(key)) for key in columns] for row in rows)
    headings = list(columns.values())
    if file.suffix.lower() == ".csv" or str(file) == "-":
        with target(file) as out:
            return write_csv(headings, lines, out)
    if file.suffix.lower() != ".xlsx":
        raise Problem(f"不会写 {file.suffix} 文件；文件名请用 .csv 或 .xlsx。")
    part = file.with_name(file.name + ".part")
    try:
        count = write_sheet(title, headings, lines, part)
        part.replace(file)
    except TooManyRowsError as error:
        raise Problem(str(error)) from None
    except OSError as error:
        from storage.errors import why

        raise Problem(
            f"写不了 {file}（{why(error)}），请换一个位置或关闭正打开它的程序。"
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return count


def _cell(value: object) -> object:
    """A value for a file, personal numbers masked; numbers stay numbers."""
    if isinstance(value, list):
        value = "、".join(str(one) for one in value)
    return masked(value) if isinstance(value, str) else value
