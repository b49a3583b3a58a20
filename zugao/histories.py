"""What became of drafts, in words: one line for each event."""

from __future__ import annotations

from pathlib import Path

from reports.event_words import Row, line
from storage.event_log import EVENT_NAMES
from zugao.console import Problem, safe
from zugao.settings import load_settings

KIND_OF = {name: kind for kind, name in EVENT_NAMES.items()}


def history(home: Path, *, draft: int | None, kind: str, count: int) -> list[Row]:
    """Events of a draft in order, or the latest of the office (of a kind by its Chinese name).

    Columns as ``storage.histories.draft_history`` gives them. Raises Problem.
    """
    from storage.connection import open_database
    from storage.histories import draft_history, latest_events

    if kind and kind not in KIND_OF:
        raise Problem(f"没有“{kind}”这一种记录，可用：{'、'.join(KIND_OF)}。")
    db = open_database(load_settings(home).database, readonly=True)
    try:
        if draft is None:
            return latest_events(db, count, KIND_OF.get(kind, ""))
        rows = draft_history(db, draft)
        return [row for row in rows if row["kind"] == KIND_OF.get(kind, row["kind"])]
    finally:
        db.close()


def print_history(rows: list[Row], *, with_draft: bool = True) -> None:
    """A line for each event: number, when it was recorded, the words; undone ones are dim."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for row in rows:
        dim = row["kind"] != "undo" and not row["holds"]
        words = line(row, with_draft=with_draft) + ("　（已撤销）" if dim else "")
        number = f"{row['event_id']:>5}  {row['recorded'][:16]}  "
        console.print(number + safe(words), style="dim" if dim else "")
    if not rows:
        console.print("没有记录。")
