"""Rows of ``event``: appended, taken back by another row, never altered."""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlite_utils import Database

from storage.clock import stamp
from storage.connection import write
from storage.driver import sqlite3
from storage.errors import RefusedError
from storage.schema_adoption import stands
from storage.texts import storable, to_json

EVENT_NAMES: Final = {
    "adopt": "采用",
    "pre_adopt": "预采用",
    "reject": "否定采用建议",
    "instruction": "批示",
    "outcome": "转化成果",
    "commission": "约稿",
    "delivery": "约稿来稿",
    "topic": "课题",
    "topic_stage": "课题进展",
    "fault": "差错",
    "bonus": "加减分",
    "undo": "撤销",
}
"""What people call each kind of event."""


WARNINGS: Final = {
    "printed_before_received": "刊发早于收稿",
    "same_unit_twice": "这一条里已有同一单位的另一篇",
    "shares_over": "这一条各篇所占合计超过100%",
    "unknown_unit": "稿件的报送单位不在单位表里，暂不计入任何单位",
    "returned": "这篇稿件已退稿",
    "delivered_early": "来稿早于约稿",
}
"""What may be odd about an event, in words."""


class EventError(RefusedError):
    """An event cannot be recorded; ``str()`` is one Chinese sentence."""


def append(
    conn: sqlite3.Connection,
    kind: str,
    *,
    detail: Mapping[str, object] | None = None,
    **columns: Any,
) -> int:
    """Append an event with these columns of the table; returns its id.

    Days are given as dates, texts as people wrote them.
    """
    row = {
        "kind": kind,
        "detail": to_json(detail) if detail else "{}",
        "recorded_at": stamp(),
        **{name: _plain(value) for name, value in columns.items()},
    }
    cursor = conn.execute(
        f"INSERT INTO event ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})",
        tuple(row.values()),
    )
    return int(cursor.lastrowid or 0)


def undo_event(db: Database, event_id: int, who: str = "", note: str = "") -> int:
    """Take an event back by another row; returns that row's id.

    Raises EventError: ``no_event``, ``undo_of_undo``, ``already_undone``, ``has_followers`` (a
    commission with deliveries, a topic with stages).
    """
    return undo_events(db, [event_id], who, note)[0]


def undo_events(db: Database, event_ids: Iterable[int], who: str = "", note: str = "") -> list[int]:
    """Take several events back, all or none; returns the ids of the new rows, latest event first.

    Raises EventError as :func:`undo_event`.
    """
    latest_first = sorted(set(event_ids), reverse=True)  # what refers to another came after it
    with write(db) as conn:
        return [take_back(conn, event_id, who=who, note=note) for event_id in latest_first]


def take_back(conn: sqlite3.Connection, event_id: int, *, who: str = "", note: str = "") -> int:
    """As :func:`undo_event`, inside the caller's transaction."""
    kind = _kind(conn, event_id)
    if kind == "undo":
        raise EventError("undo_of_undo", f"第{event_id}号记录本身就是撤销；请重新记一次原来的事。")
    if not holds(conn, event_id):
        raise EventError("already_undone", f"第{event_id}号记录已经撤销过了。")
    after = conn.execute(
        f"SELECT id FROM event WHERE refers_to = ? AND kind <> 'undo' AND {stands('event.id')}",
        (event_id,),
    ).fetchall()
    if after:
        numbers = "、".join(str(id_) for (id_,) in after)
        raise EventError(
            "has_followers",
            f"第{event_id}号{EVENT_NAMES[kind]}后面还有记录（{numbers}），请先撤销它们。",
        )
    return append(conn, "undo", undoes=event_id, who=who, note=note)


def holds(conn: sqlite3.Connection, event_id: int) -> bool:
    """Whether an event was not taken back."""
    sql = "SELECT 1 FROM event WHERE undoes = ?"
    return conn.execute(sql, (event_id,)).fetchone() is None


def standing(conn: sqlite3.Connection, kind: str, **columns: Any) -> list[int]:
    """Ids of the events of a kind that hold and have these values."""
    # "= ?" where there is a value: the partial indexes serve no "IS ?".
    where = "".join(f" AND {c} {'IS' if value is None else '='} ?" for c, value in columns.items())
    rows = conn.execute(
        f"SELECT id FROM event WHERE kind = ?{where} AND {stands('event.id')} ORDER BY id",
        (kind, *(_plain(value) for value in columns.values())),
    )
    return [int(id_) for (id_,) in rows]


def warnings_of(db: Database, event_id: int) -> list[str]:
    """Codes of what is to be looked at in an event, as it was recorded."""
    sql = "SELECT detail FROM event WHERE id = ?"
    found = [json.loads(str(row["detail"])) for row in db.query(sql, [event_id])]
    return [str(code) for detail in found for code in detail.get("warnings", [])]


def _kind(conn: sqlite3.Connection, event_id: int) -> str:
    row = conn.execute("SELECT kind FROM event WHERE id = ?", (event_id,)).fetchone()
    if row is None:
        raise EventError("no_event", f"没有第{event_id}号记录；编号见 zugao events。")
    return str(row[0])


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return storable(value) if isinstance(value, str) else value
