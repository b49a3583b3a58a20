"""Recording what people say of drafts and units, and telling them what was recorded."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from reports.event_words import Row, line
from storage.connection import Database
from zugao.console import Problem, print_json, visible
from zugao.settings import load_settings

MOST_POINTS = 100_000


def record(home: Path, act: Callable[[Database], Iterable[int]]) -> list[Row]:
    """Let ``act`` append events; returns them as ``storage.histories.draft_history`` tells them."""
    from storage.connection import open_database
    from storage.histories import events_numbered

    db = open_database(load_settings(home).database)
    try:
        return events_numbered(db, tuple(act(db)))
    finally:
        db.close()


def tell(rows: list[Row], *, as_json: bool) -> None:
    """Say what was recorded, under which numbers, and how it is taken back."""
    if as_json:
        print_json({"events": rows})
        return
    for row in rows:
        click.echo(visible(f"已记为第 {row['event_id']} 号：{line(row)}"))
    numbers = " ".join(str(row["event_id"]) for row in rows if row["kind"] != "undo")
    if numbers:
        click.secho(f"要撤回：zugao undo {numbers}", dim=True)


def one_unit(db: Database, word: str) -> int:
    """The unit of a name or alias. Raises Problem for a group, UnitError for what is unknown."""
    from storage.units import units_meant

    units = units_meant(db, word)
    if len(units) != 1:
        raise Problem(f"“{word}”是 {len(units)} 个单位，这里要写一个单位的名称。")
    return units[0]


def thousandths(points: float) -> int:
    """Points as the tables keep them. Raises Problem for what three decimals cannot say."""
    if not math.isfinite(points) or abs(points) > MOST_POINTS:
        raise Problem(f"分值应在 -{MOST_POINTS} 到 {MOST_POINTS} 之间。")
    if not math.isclose(points * 1000, round(points * 1000), abs_tol=1e-6):
        raise Problem(f"分值至多三位小数，现在是 {points}。")
    return round(points * 1000)
