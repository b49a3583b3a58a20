"""``zugao next``: which drafts to judge next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from zugao.console import visible
from zugao.settings import load_settings


def waiting(home: Path, count: int, *, by_arrival: bool) -> list[dict[str, Any]]:
    """Drafts on whose themes nobody decided (``storage.review.review_list``)."""
    from storage.connection import open_database
    from storage.review import review_list

    db = open_database(load_settings(home).database, readonly=True)
    try:
        return review_list(db, count, by_arrival=by_arrival)
    finally:
        db.close()


def print_waiting(rows: list[dict[str, Any]]) -> None:
    """Print for people: number, title, and what the model wavers between."""
    if not rows:
        click.echo("没有等着定主题的稿件。")
    for row in rows:
        near = "、".join(f"{code} {name} {chance:.0%}" for code, name, chance in row["nearest"][:2])
        where = row["unit"] or "单位不明"
        title = row["title"] or "（无标题）"
        click.echo(visible(f"{row['draft_id']}　{title}（{where}，{row['received_on']}）"))
        click.secho(visible(f"    {near}"), dim=True)
    if rows:
        click.echo(f"定主题：zugao decide {rows[0]['draft_id']} --theme 代码")
