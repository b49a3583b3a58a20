"""``zugao match``, ``proposals``, ``confirm``, ``refuse``: which drafts were printed where."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from reports.event_words import reasons
from storage.connection import Database, open_database
from zugao.console import Exit, Problem, visible
from zugao.settings import load_settings

Row = dict[str, Any]


def match_place(home: Path, place: Path | None, report: Any, *, wait: bool) -> Any:
    """Take and match what is new in a folder or file (None: the office's issues folder).

    Raises Problem (exit code BUSY if another run is at work) or a known error with a sentence.
    """
    from flows.adoption import match_once
    from flows.office import Busy

    settings = load_settings(home)
    if place is not None and not place.exists():
        raise Problem(f"没有找到 {place}，请检查位置是否写对。")
    if place is None and not settings.issues.is_dir():
        raise Problem(f"没有找到刊发文件夹 {settings.issues}，请建立它，或改设置 adoption.folder。")
    try:
        return match_once(settings, place, report, wait=wait)
    except Busy as busy:
        raise Problem(str(busy), Exit.BUSY) from None


def print_matched(done: Any) -> None:
    """The run in a few lines: the sentence, each complaint, what no draft was found for."""
    click.echo(done.sentence)
    for complaint in (c for file in done.files for c in file.complaints):
        click.secho(f"  {visible(complaint)}", fg="yellow", err=True)
    for name in done.moving:
        click.secho(f"  “{visible(name)}”还在写入，下次再读。", fg="yellow", err=True)
    if done.unmatched:
        click.echo("刊发而无来稿：")
        for row in done.unmatched:
            click.echo("  " + visible(f"{_place(row)}　《{row['printed_title']}》"))
    if done.waiting:
        click.secho("要确认的：zugao proposals", dim=True)


def matched_as_dict(done: Any) -> Row:
    """The run as plain values."""
    return {**dataclasses.asdict(done), "refused": done.refused, "sentence": done.sentence}


def proposals(home: Path) -> list[Row]:
    """The proposals that wait, as ``storage.proposals.open_proposals`` gives them."""
    from storage.proposals import open_proposals

    db = open_database(load_settings(home).database, readonly=True)
    try:
        return open_proposals(db)
    finally:
        db.close()


def print_proposals(rows: Sequence[Row]) -> None:
    """Two lines a proposal: what is said to come from which draft, and why."""
    for row in rows:
        unit = row["unit"] or "不在单位表里"
        head = (
            f"{row['proposal_id']:>5}　{_place(row)}　《{row['printed_title']}》"
            f" ← 第 {row['draft_id']} 号《{row['title']}》（{unit}）"
        )
        click.echo(visible(head))
        click.secho("       " + visible(reasons(row)), dim=True)
    if rows:
        click.secho("确认：zugao confirm 编号；否定：zugao refuse 编号", dim=True)
    else:
        click.echo("没有等待确认的采用。")


def confirm(
    db: Database, numbers: Iterable[int], *, all_sure: bool, who: str, note: str
) -> list[int]:
    """Record proposals as an editor's adoptions; returns the numbers of the events."""
    from storage.proposals import confirm as one
    from storage.proposals import open_sure

    chosen = list(dict.fromkeys([*numbers, *(open_sure(db) if all_sure else ())]))
    return [one(db, number, who=who, note=note) for number in chosen]


def _place(row: Row) -> str:
    number = row["issue_number"]
    which = "" if number == row["published_on"] else f"第 {number} 期"
    return f"{row['published_on']} {row['outlet']}{which}"
