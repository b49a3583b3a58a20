"""What became of drafts, in words: one line for each event."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storage.event_log import EVENT_NAMES, WARNINGS
from zugao.console import Problem, safe
from zugao.settings import load_settings

Row = dict[str, Any]

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


def line(row: Row, *, with_draft: bool = True) -> str:
    """An event in words: what, of which draft, where, when, by whom; then what is odd about it."""
    parts = [EVENT_NAMES[row["kind"]], *_what(row, with_draft=with_draft)]
    if row["note"]:
        parts.append(f"“{row['note']}”")
    if row["who"]:
        parts.append(f"（{row['who']}记）")
    odd = "；".join(WARNINGS[code] for code in row["warnings"])
    return "　".join(part for part in parts if part) + (f"　注意：{odd}" if odd else "")


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


def _what(row: Row, *, with_draft: bool) -> list[str]:
    draft = ""
    if with_draft and row["draft_id"] is not None:
        unit = row["unit"] or "单位不明"
        draft = f"第 {row['draft_id']} 号《{row['draft_title']}》（{unit}）"
    unit_only = (row["unit"] or "") if row["draft_id"] is None else ""
    day = row["happened_on"] or ""
    level = f"（{row['level']}）" if row["level"] else ""
    match row["kind"]:
        case "adopt":
            share = "" if row["share"] == 1 else f"占 {row['share']:.0%}"
            return [draft, place(row), row["form"], share]
        case "reject":
            return [draft, place(row)]
        case "pre_adopt":
            return [draft, f"拟用于{row['outlet']}" if row["outlet"] else "", day]
        case "instruction":
            where = place(row) if row["item_id"] is not None else ""
            return [f"{row['person']}{level}", draft or where, day]
        case "outcome":
            return [draft, f"{row['form']}{level}", _titled(row), day]
        case "commission":
            return [unit_only, _titled(row), f"{day} 约，{row['due_on']} 前交"]
        case "delivery":
            return [f"第 {row['refers_to']} 号约稿", draft or unit_only, day]
        case "topic":
            due = f"{row['due_on']} 前完成" if row["due_on"] else ""
            return [unit_only, _titled(row), row["form"], row["person"], day, due]
        case "topic_stage":
            return [f"第 {row['refers_to']} 号课题", unit_only, row["form"], row["title"], day]
        case "fault":
            return [unit_only or draft, row["form"], row["severity"], day]
        case "bonus":
            return [unit_only or draft, f"{row['points']:+g} 分", day]
        case _:
            return [f"第 {row['undoes']} 号记录"]


def place(row: Row) -> str:
    """Where an item was printed: outlet, issue, level, day and its title."""
    number = row["issue_number"] or ""
    issue = (
        "" if number == row["published_on"] else f"第 {number} 期" if number.isdecimal() else number
    )
    state = row["published_on"] or "还没有印发"
    return f"{row['outlet']}{issue}（{row['level']}，{state}）《{row['printed_title']}》"


def _titled(row: Row) -> str:
    return f"《{row['title']}》" if row["title"] else ""
