"""What must be true before an event is recorded; each broken rule has a reason and a sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

from storage.driver import sqlite3
from storage.event_log import EVENT_NAMES, EventError, holds, standing
from storage.periods import today
from storage.questions import Row
from storage.texts import storable


def once(conn: sqlite3.Connection, kind: str, what: str, **columns: Any) -> None:
    """Raise EventError ``already`` if an event that holds says just this; ``what`` names it."""
    known = standing(conn, kind, **columns)
    if known:
        raise EventError(
            "already", f"{what}已经记过了（第{known[0]}号{EVENT_NAMES[kind]}），没有重复记。"
        )


def past_day(day: date | None) -> date:
    """The day, today if None. Raises EventError ``future`` for one that has not come."""
    if day is not None and day > today():
        raise EventError("future", f"日期{day}还没有到，请核对。")
    return day or today()


def needed(text: str, what: str) -> str:
    """``text`` without white space around it. Raises EventError ``empty`` if that is nothing."""
    if not text.strip():
        raise EventError("empty", f"没有写{what}。")
    return text.strip()


def one_of(value: str, known: tuple[str, ...], what: str) -> str:
    """``value``. Raises EventError ``unknown_value`` if it is none of ``known``."""
    if value not in known:
        raise EventError(
            "unknown_value", f"不认识{what}“{storable(value)}”，应是{'、'.join(known)}之一。"
        )
    return value


def the_event(conn: sqlite3.Connection, event_id: int, kind: str) -> Row:
    """An event of a kind that holds, as columns → values. Raises EventError ``no_event``."""
    row = conn.execute(
        "SELECT id, unit_id, title, happened_on, due_on FROM event WHERE id = ? AND kind = ?",
        (event_id, kind),
    ).fetchone()
    if row is None or not holds(conn, event_id):
        raise EventError(
            "no_event",
            f"没有第{event_id}号{EVENT_NAMES[kind]}，或者它已经撤销；编号见 zugao events。",
        )
    return dict(zip(("id", "unit_id", "title", "happened_on", "due_on"), row, strict=True))


def the_draft(conn: sqlite3.Connection, draft_id: int) -> tuple[int | None, date]:
    """Unit and day of receipt of a draft. Raises EventError ``no_draft``."""
    row = conn.execute(
        "SELECT draft.unit_id, manuscript.received_on FROM draft"
        " JOIN manuscript ON manuscript.id = draft.manuscript_id WHERE draft.id = ?",
        (draft_id,),
    ).fetchone()
    if row is None:
        raise EventError("no_draft", f"没有第{draft_id}号稿件，或者它已经删除。")
    return row[0], date.fromisoformat(row[1])


def the_item(conn: sqlite3.Connection, item_id: int) -> date | None:
    """Day of printing of an item. Raises EventError ``no_item``."""
    row = conn.execute(
        "SELECT issue.published_on FROM printed_item"
        " JOIN issue ON issue.id = printed_item.issue_id WHERE printed_item.id = ?",
        (item_id,),
    ).fetchone()
    if row is None:
        raise EventError("no_item", f"没有第{item_id}号刊发条目。")
    return date.fromisoformat(row[0]) if row[0] else None


def the_unit(conn: sqlite3.Connection, unit_id: int) -> str:
    """Name of a unit. Raises EventError ``no_unit``."""
    row = conn.execute("SELECT name FROM unit WHERE id = ?", (unit_id,)).fetchone()
    if row is None:
        raise EventError("no_unit", f"单位表里没有编号为{unit_id}的单位。")
    return str(row[0])


def is_within(conn: sqlite3.Connection, unit_id: int, above: int) -> bool:
    """Whether a unit is ``above`` or somewhere below it."""
    sql = """
    WITH RECURSIVE line(id) AS (
      VALUES (:unit) UNION SELECT unit.parent_id FROM unit JOIN line ON unit.id = line.id
    ) SELECT 1 FROM line WHERE id = :above
    """
    return conn.execute(sql, {"unit": unit_id, "above": above}).fetchone() is not None
