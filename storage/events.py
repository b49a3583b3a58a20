"""The one door to what becomes of drafts and what units are asked for: each thing is one event.

Every function appends in a transaction of its own and returns the number of the event; it is taken
back by :func:`undo_event`. What cannot be recorded raises EventError with one Chinese sentence and
a ``reason``; what merely looks odd is recorded all the same, with a code in ``detail.warnings``.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlite_utils import Database

from storage.adoptions import adopt, merge, pre_adopt, reject, split
from storage.commissions import commission, deliver, move_topic, start_topic
from storage.connection import write
from storage.event_checks import needed, once, one_of, past_day, the_draft, the_item, the_unit
from storage.event_log import WARNINGS, EventError, append, undo_event, undo_events
from storage.schema_adoption import LEVELS

__all__ = [
    "WARNINGS", "EventError", "add_bonus", "add_fault", "add_outcome", "adopt", "commission",
    "deliver", "instruct", "merge", "move_topic", "pre_adopt", "reject", "split", "start_topic",
    "undo_event", "undo_events",
]  # fmt: skip


def instruct(
    db: Database,
    *,
    person: str,
    level: str,
    draft_id: int | None = None,
    item_id: int | None = None,
    happened_on: date | None = None,
    text: str = "",
    who: str = "",
) -> int:
    """Record a leader's written instruction (批示) on a draft or a printed item.

    ``level``: that of the leader, one of LEVELS. The same leader's on the same thing and day is
    recorded once.
    """
    with write(db) as conn:
        if draft_id is None and item_id is None:
            raise EventError("no_draft", "批示要针对一篇稿件或一个刊发条目。")
        if draft_id is not None:
            the_draft(conn, draft_id)
        if item_id is not None:
            the_item(conn, item_id)
        same: dict[str, Any] = {
            "person": needed(person, "批示领导"),
            "level": one_of(level, LEVELS, "级别"),
            "draft_id": draft_id,
            "item_id": item_id,
            "happened_on": past_day(happened_on),
        }
        once(conn, "instruction", "这一批示", **same)
        return append(conn, "instruction", **same, note=text, who=who)


def add_outcome(
    db: Database,
    draft_id: int,
    form: str,
    *,
    level: str | None = None,
    title: str = "",
    happened_on: date | None = None,
    who: str = "",
    note: str = "",
) -> int:
    """Record what was made from a draft: a speech, a document, a rule (``form`` says which)."""
    with write(db) as conn:
        the_draft(conn, draft_id)
        same: dict[str, Any] = {
            "draft_id": draft_id,
            "form": needed(form, "成果种类"),
            "level": None if level is None else one_of(level, LEVELS, "级别"),
            "title": title.strip(),
        }
        once(conn, "outcome", "这一成果", **same)
        return append(
            conn, "outcome", **same, happened_on=past_day(happened_on), who=who, note=note
        )


def add_fault(
    db: Database,
    unit_id: int,
    form: str,
    *,
    severity: str = "",
    draft_id: int | None = None,
    happened_on: date | None = None,
    who: str = "",
    note: str = "",
) -> int:
    """Record a fault of a unit: 迟报, 漏报, 瞒报, 失实…; the rules say what it costs."""
    with write(db) as conn:
        the_unit(conn, unit_id)
        if draft_id is not None:
            the_draft(conn, draft_id)
        return append(
            conn, "fault", unit_id=unit_id, form=needed(form, "差错种类"), draft_id=draft_id,
            severity=severity.strip(), happened_on=past_day(happened_on), who=who, note=note,
        )  # fmt: skip


def add_bonus(
    db: Database,
    unit_id: int,
    points: int,
    note: str,
    *,
    draft_id: int | None = None,
    happened_on: date | None = None,
    who: str = "",
) -> int:
    """Add points to a unit, or take some (negative), for a cause that no rule covers.

    ``points`` in thousandths, not 0; ``note`` says why.
    """
    if not points:
        raise EventError("no_points", "加减的分不能是0。")
    with write(db) as conn:
        the_unit(conn, unit_id)
        if draft_id is not None:
            the_draft(conn, draft_id)
        return append(
            conn, "bonus", unit_id=unit_id, points=points, note=needed(note, "加减分的理由"),
            draft_id=draft_id, happened_on=past_day(happened_on), who=who,
        )  # fmt: skip
