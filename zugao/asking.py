"""``zugao sql``: an analyst's question and its answer."""

from __future__ import annotations

from pathlib import Path

import click

from storage.analysts_sql import MEMORY, Answer, answer
from zugao.console import print_json, safe
from zugao.settings import load_settings


def ask(home: Path, question: str, *, seconds: float, most: int) -> Answer:
    """Ask the office's database. Raises QuestionError, StorageError.

    What SQLite may hold in memory is bounded for the whole process: the command does nothing else.
    """
    path = load_settings(home).database
    return answer(path, question, seconds=seconds, most=most, memory=MEMORY)


def print_answer(found: Answer, *, as_csv: bool, as_json: bool) -> None:
    """Print the answer as a table, CSV or JSON (a list of objects)."""
    if as_json:
        print_json([dict(zip(found.columns, row, strict=True)) for row in found.rows])
    elif as_csv:
        from zugao.figures import as_csv as told

        click.echo(told(found.columns, found.rows))
    else:
        _print_table(found)
    if found.cut:
        click.secho(f"只列出前 {len(found.rows)} 行，用 --rows 可要更多。", fg="yellow", err=True)


def _print_table(found: Answer) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for column in found.columns:
        table.add_column(safe(column), overflow="fold")
    for row in found.rows:
        table.add_row(*("" if value is None else safe(str(value)) for value in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=120)
    console.print(table)
