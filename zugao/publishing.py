"""``zugao outlets``, ``issues``, ``items``: where drafts are printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from storage.tables import Brought
from zugao.console import safe
from zugao.settings import load_settings

Row = dict[str, Any]

_LIMITS = (("下限", "floor_chars"), ("提醒", "soft_chars"), ("上限", "hard_chars"))


def bring_outlets(home: Path, table: Path) -> Brought:
    """Import a list of outlets; rows that were left out are told in ``refused``."""
    from storage.outlet_files import read_outlets
    from storage.outlets import import_outlets

    rows, unread = read_outlets(table)
    db = _open(home)
    try:
        return _with(unread, import_outlets(db, rows))
    finally:
        db.close()


def bring_issues(home: Path, table: Path, *, amend: bool) -> Brought:
    """Import a list of issues; ``amend``: what it says of known ones is right."""
    from storage.issue_files import read_issues
    from storage.issues import import_issues

    rows, unread = read_issues(table)
    db = _open(home)
    try:
        return _with(unread, import_issues(db, rows, amend=amend))
    finally:
        db.close()


def brought_sentence(result: Brought) -> str:
    """What an import did, in words."""
    words = f"新增 {result.added} 个，更改 {result.changed} 个，没有变的 {result.unchanged} 个"
    return words + (f"；有 {len(result.refused)} 行没有导入" if result.refused else "")


def print_brought(what: str, result: Brought) -> None:
    """What an import did, and each row that was left out, with the reason."""
    click.echo(f"{what}已导入：{brought_sentence(result)}。")
    for sentence in result.refused:
        click.secho(f"  {sentence}", fg="yellow", err=True)


def outlets(home: Path) -> list[Row]:
    """All outlets, as ``storage.outlets.list_outlets`` gives them."""
    from storage.outlets import list_outlets

    db = _open(home, readonly=True)
    try:
        return list_outlets(db)
    finally:
        db.close()


def issues(home: Path) -> list[Row]:
    """All issues, as ``storage.issues.list_issues`` gives them."""
    from storage.issues import list_issues

    db = _open(home, readonly=True)
    try:
        return list_issues(db)
    finally:
        db.close()


def items(home: Path, issue: int) -> list[Row]:
    """The items of an issue. Raises IssueError if there is no such issue."""
    from storage.issues import items_of

    db = _open(home, readonly=True)
    try:
        return items_of(db, issue)
    finally:
        db.close()


def print_outlets(rows: list[Row]) -> None:
    """One outlet a line: level, name, kind, limits, how often drafts were printed in it."""
    for row in rows:
        limits = [f"{word} {row[column]}" for word, column in _LIMITS if row[column] is not None]
        tier = f"·{row['tier']}" if row["tier"] else ""
        parts = [
            f"{row['level']}　{row['name']}　{row['kind']}{tier}",
            f"{row['points']:g} 分" if row["points"] is not None else "",
            f"字数{'、'.join(limits)}" if limits else "",
            f"又名{'、'.join(row['aliases'])}" if row["aliases"] else "",
            f"{row['issues']} 期，采用 {row['adoptions']} 篇次" if row["issues"] else "",
            "停用" if row["retired"] else "",
        ]
        _line([part for part in parts if part])
    if not rows:
        click.echo("还没有刊物；用 zugao outlets 刊物表.csv 导入。")


def print_issues(rows: list[Row]) -> None:
    """One issue a line: number of the record, outlet, number, day, items and adoptions."""
    for row in rows:
        number = row["number"]
        waiting = f"，待确认 {row['waiting']} 条" if row["waiting"] else ""
        parts = [
            f"{row['issue_id']:>5}",
            str(row["published_on"] or "正在编　　"),
            f"{row['outlet']}（{row['level']}）",
            "" if number == row["published_on"] else f"{row['year']} 年第 {number} 期",
            str(row["title"]),
            f"{row['items']} 条，采用 {row['adoptions']} 篇次{waiting}",
        ]
        _line([part for part in parts if part])
    if not rows:
        click.echo(
            "还没有登记各期；用 zugao issues 期表.csv 导入，或在 zugao adopt 时写上期号和日期。"
        )


def print_items(rows: list[Row]) -> None:
    """One item a line: its number, place, column, title, how many drafts it is made from."""
    for row in rows:
        made = f"采用 {row['adoptions']} 篇" if row["adoptions"] else "没有对应的稿件"
        column = f"【{row['column_name']}】" if row["column_name"] else ""
        _line([f"{row['item_id']:>5}", f"{row['position']}. {column}{row['title']}", made])
    if not rows:
        click.echo("这一期还没有条目。")


def _line(parts: list[str]) -> None:
    from rich.console import Console

    Console(highlight=False, soft_wrap=True).print(safe("　".join(parts)))


def _with(unread: list[str], done: Brought) -> Brought:
    return Brought(done.added, done.changed, done.unchanged, (*unread, *done.refused))


def _open(home: Path, *, readonly: bool = False) -> Any:
    from storage.connection import open_database

    return open_database(load_settings(home).database, readonly=readonly)
