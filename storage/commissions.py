"""What units are asked for: drafts on a subject (约稿) and research topics (课题)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlite_utils import Database

from storage.connection import write
from storage.event_checks import (
    is_within,
    needed,
    once,
    one_of,
    past_day,
    the_draft,
    the_event,
    the_unit,
)
from storage.event_log import EventError, append
from storage.schema_adoption import LEVELS


def commission(
    db: Database,
    unit_ids: Sequence[int],
    title: str,
    due_on: date,
    *,
    happened_on: date | None = None,
    who: str = "",
    note: str = "",
) -> list[int]:
    """Ask units for a draft on a subject by a day; one event a unit, in their order.

    Raises EventError: ``no_unit``, ``empty``, ``due_before_issue``, ``already``; then none is
    recorded.
    """
    title, day = needed(title, "约稿题目"), past_day(happened_on)
    if due_on < day:
        raise EventError("due_before_issue", f"截止日期{due_on}早于约稿日期{day}，请核对。")
    if not unit_ids:
        raise EventError("no_unit", "没有写向哪些单位约稿。")
    with write(db) as conn:
        made = []
        for unit_id in dict.fromkeys(unit_ids):
            same: dict[str, Any] = {"unit_id": unit_id, "title": title, "due_on": due_on}
            once(conn, "commission", f"向{the_unit(conn, unit_id)}的这一约稿", **same)
            made.append(append(conn, "commission", **same, happened_on=day, who=who, note=note))
        return made


def deliver(
    db: Database,
    commission_id: int,
    draft_id: int | None = None,
    *,
    happened_on: date | None = None,
    who: str = "",
    note: str = "",
) -> int:
    """Record what came in for a commission: a draft, or something that is not in the database.

    The day is that on which the draft was received, unless it is given. Raises EventError:
    ``no_event``, ``no_draft``, ``foreign_unit`` (neither the unit asked nor one below it),
    ``already``.
    """
    with write(db) as conn:
        asked = the_event(conn, commission_id, "commission")
        received = None
        if draft_id is not None:
            unit_id, received = the_draft(conn, draft_id)
            if unit_id is None or not is_within(conn, unit_id, int(str(asked["unit_id"]))):
                unit = the_unit(conn, int(str(asked["unit_id"])))
                raise EventError(
                    "foreign_unit", f"第{draft_id}号稿件不是{unit}及其下级报送的，不能算它的来稿。"
                )
        once(conn, "delivery", "这一来稿", refers_to=commission_id, draft_id=draft_id)
        day = past_day(happened_on or received)
        early = day.isoformat() < str(asked["happened_on"])
        return append(
            conn, "delivery", refers_to=commission_id, unit_id=asked["unit_id"], draft_id=draft_id,
            happened_on=day, who=who, note=note,
            detail={"warnings": ["delivered_early"]} if early else {},
        )  # fmt: skip


def start_topic(
    db: Database,
    unit_id: int,
    title: str,
    *,
    person: str = "",
    level: str | None = None,
    due_on: date | None = None,
    stage: str = "立项",
    happened_on: date | None = None,
    who: str = "",
    note: str = "",
) -> int:
    """Record a research topic (课题) that a unit takes on; ``level``: who set it, one of LEVELS."""
    day = past_day(happened_on)
    if due_on is not None and due_on < day:
        raise EventError("due_before_issue", f"截止日期{due_on}早于立项日期{day}，请核对。")
    with write(db) as conn:
        the_unit(conn, unit_id)
        same: dict[str, Any] = {"unit_id": unit_id, "title": needed(title, "课题题目")}
        once(conn, "topic", "这一课题", **same)
        return append(
            conn, "topic", **same, person=person.strip(), due_on=due_on,
            level=None if level is None else one_of(level, LEVELS, "级别"),
            form=needed(stage, "课题阶段"), happened_on=day, who=who, note=note,
        )  # fmt: skip


def move_topic(
    db: Database,
    topic_id: int,
    stage: str,
    *,
    award: str = "",
    happened_on: date | None = None,
    who: str = "",
    note: str = "",
) -> int:
    """Record a further stage of a topic (中期, 结题, 获奖…), with the award if it won one."""
    with write(db) as conn:
        topic = the_event(conn, topic_id, "topic")
        same: dict[str, Any] = {
            "refers_to": topic_id,
            "form": needed(stage, "课题阶段"),
            "title": award.strip(),
        }
        once(conn, "topic_stage", "这一进展", **same)
        day = past_day(happened_on)
        return append(
            conn, "topic_stage", **same, unit_id=topic["unit_id"], happened_on=day, who=who,
            note=note,
        )  # fmt: skip
