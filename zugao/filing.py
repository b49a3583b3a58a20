"""``zugao files`` and ``zugao retry``: the ledger of files, and reading a refused one again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nlp.types import Refusal
from word.reasons import REASONS, sentence
from zugao.console import Problem, safe
from zugao.settings import load_settings

STATES = {"received": "等待", "read": "已读", "refused": "退回"}


def listed(home: Path, *, refused: bool) -> list[dict[str, Any]]:
    """The files of the ledger, latest first; of refused ones those that nothing has replaced."""
    from storage.connection import open_database
    from storage.questions import ledger_rows

    db = open_database(load_settings(home).database, readonly=True)
    try:
        return [_told(row) for row in ledger_rows(db, refused=refused)]
    finally:
        db.close()


def _told(row: dict[str, Any]) -> dict[str, Any]:
    reason = str(row["reason"])
    told = sentence(Refusal(reason), str(row["file_name"])) if reason in REASONS else ""
    return {**row, "sentence": told}


def print_files(rows: list[dict[str, Any]]) -> None:
    """One file a line: number, day, unit, name, state; a refused one with its reason under it."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for row in rows:
        unit = row["unit"] or "（不在单位表里）"
        state = STATES[row["state"]] + (f"，稿件 {row['drafts']} 篇" if row["drafts"] else "")
        console.print(
            f"{row['manuscript_id']:>6}  {row['received_on']}  {safe(unit)}  "
            f"{safe(row['source'])}  [dim]{state}[/]"
        )
        if row["sentence"]:
            console.print(f"        [yellow]{safe(row['sentence'])}[/]")
    if not rows:
        console.print("没有这样的文件。")


def retry(home: Path, number: int) -> None:
    """Let a refused file be read again by the next run. Raises Problem if it is not refused."""
    from storage.connection import open_database
    from storage.ledger import release_one

    db = open_database(load_settings(home).database)
    try:
        if not release_one(db, number):
            raise Problem(
                f"第 {number} 号文件不能重读：没有这个号，或它没有被退回，"
                "或原件没有存下来（编号见 zugao files --refused）。"
            )
    finally:
        db.close()
