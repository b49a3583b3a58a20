"""``zugao adopt``, ``unadopt``, ``split``: drafts that were printed, as an editor says it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from reports.event_words import Row, place
from zugao.console import Problem
from zugao.recording import record


def adopt(
    home: Path,
    drafts: Sequence[int],
    *,
    outlet: str,
    issue: str,
    day: date | None,
    item: int | None,
    title: str,
    form: str,
    shares: Sequence[float],
    who: str,
    note: str,
) -> list[Row]:
    """Record that drafts were printed; the events. Raises the errors of ``storage.by_hand``."""
    from storage.by_hand import Place, adopt_by_hand
    from storage.connection import Database
    from storage.outlets import outlet_named

    def act(db: Database) -> Sequence[int]:
        where = Place(item, outlet_named(db, outlet) if outlet else None, issue, day, title)
        return adopt_by_hand(db, drafts, where, form=form, shares=shares, who=who, note=note).events

    return record(home, act)


def pre_adopt(home: Path, drafts: Sequence[int], *, outlet: str, who: str, note: str) -> list[Row]:
    """Note that drafts are meant to be printed, perhaps in an outlet."""
    from storage import events
    from storage.connection import Database
    from storage.outlets import outlet_named

    def act(db: Database) -> list[int]:
        wish = outlet_named(db, outlet) if outlet else None
        return events.pre_adopt(db, drafts, outlet_id=wish, who=who, note=note)

    return record(home, act)


def unadopt(home: Path, drafts: Sequence[int], *, who: str, note: str) -> list[Row]:
    """Take back the adoption of each draft, which must have just one that holds. Raises Problem."""
    from storage.connection import Database
    from storage.events import undo_events
    from storage.histories import standing_adoptions

    def act(db: Database) -> list[int]:
        found = [(draft, standing_adoptions(db, draft)) for draft in drafts]
        numbers = [_only(draft, rows) for draft, rows in found]
        return undo_events(db, numbers, who, note)

    return record(home, act)


def _only(draft: int, adoptions: Sequence[Row]) -> int:
    if not adoptions:
        raise Problem(f"第 {draft} 号稿件没有可以撤销的采用。")
    if len(adoptions) > 1:
        listed = "；".join(f"第 {row['event_id']} 号：{place(row)}" for row in adoptions)
        raise Problem(
            f"第 {draft} 号稿件有 {len(adoptions)} 处采用（{listed}），请用 zugao undo 编号 指明。"
        )
    return int(adoptions[0]["event_id"])


def shares_of(text: str) -> list[float]:
    """Shares as people write them: 0.6,0.4 or 60%,40% or a ratio 3:2. Raises Problem."""
    marks = text.replace("，", ",").replace("：", ":").replace("％", "%")
    ratio = ":" in marks
    try:
        parts = [_number(part.strip()) for part in marks.split(":" if ratio else ",")]
    except ValueError:
        raise Problem(f"看不懂所占比例“{text}”：请写成 0.6,0.4 或 3:2。") from None
    if ratio and not (all(part > 0 for part in parts) and sum(parts) < 1e9):
        raise Problem(f"看不懂所占比例“{text}”：比的每一项应大于 0。")
    return [part / sum(parts) for part in parts] if ratio else parts


def _number(part: str) -> float:
    return float(part[:-1]) / 100 if part.endswith("%") else float(part)
