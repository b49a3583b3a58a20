"""Adoption as an editor says it: these drafts, in that outlet's issue; what is missing is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from storage.adoptions import insert_adoption, insert_merge
from storage.connection import write
from storage.driver import sqlite3
from storage.event_checks import the_draft, the_item
from storage.event_log import EventError, standing
from storage.issues import insert_issue, insert_item, issue_number
from storage.names import fold
from storage.schema_adoption import stands


@dataclass(frozen=True, slots=True)
class Place:
    """Where drafts were printed: a known item, or an outlet's issue by number or day.

    An outlet without numbers has the day for a number. An issue that is not known is recorded if
    its day is given; an item that the issue does not have, by its title.
    """

    item_id: int | None = None
    outlet_id: int | None = None
    number: str = ""
    published_on: date | None = None
    title: str = ""  # of the printed item; "" for the first draft's


@dataclass(frozen=True, slots=True)
class Placed:
    """What was recorded: the adoptions, their item, and whether its issue is new."""

    events: tuple[int, ...]
    item_id: int
    new_issue: bool


def adopt_by_hand(
    db: Database,
    drafts: Sequence[int],
    place: Place,
    *,
    form: str = "",
    shares: Sequence[float] = (),
    who: str = "",
    note: str = "",
) -> Placed:
    """Record that these drafts were printed at a place, all of it or nothing.

    One draft is 单篇, several are merged (综合, in equal shares unless they are given). Raises
    EventError as ``storage.events.adopt`` and ``merge``, IssueError as ``add_issue``;
    ``no_drafts``, ``twice``, ``shares_count``, ``no_place``, ``no_issue``, ``another_day``;
    ``item_taken`` for one draft on an item that another holds.
    """
    _check(drafts, shares)
    parts = [float(share) for share in shares] or [1 / len(drafts)] * len(drafts)
    with write(db) as conn:
        for draft_id in drafts:
            the_draft(conn, draft_id)
        item_id, new_issue = _item(conn, drafts[0], place)
        if len(drafts) > 1:
            merged = dict(zip(drafts, parts, strict=True))
            form = form or "综合"
            events = insert_merge(conn, item_id, merged, form=form, who=who, note=note)
        else:
            if not shares:
                _check_free(conn, drafts[0], item_id)
            form = form or "单篇"
            events = [
                insert_adoption(
                    conn, drafts[0], item_id, form=form, share=parts[0], who=who, note=note
                )
            ]
    return Placed(tuple(events), item_id, new_issue)


def _check(drafts: Sequence[int], shares: Sequence[float]) -> None:
    if not drafts:
        raise EventError("no_drafts", "没有写采用的是哪几篇稿件。")
    if len(set(drafts)) < len(drafts):
        raise EventError("twice", "同一篇稿件写了两次。")
    if shares and len(shares) != len(drafts):
        raise EventError(
            "shares_count", f"有{len(drafts)}篇稿件，却写了{len(shares)}个所占比例，请一篇写一个。"
        )


def _check_free(conn: sqlite3.Connection, draft_id: int, item_id: int) -> None:
    """Refuse a whole item for one draft where another draft has it already."""
    others = [
        str(other)
        for (other,) in conn.execute(
            "SELECT draft_id FROM event WHERE item_id = ? AND kind = 'adopt' AND draft_id <> ?"  # noqa: S608
            f" AND {stands('event.id')} ORDER BY id",
            (item_id, draft_id),
        )
    ]
    if others and not standing(conn, "adopt", item_id=item_id, draft_id=draft_id):
        numbers = " ".join([*others, str(draft_id)])
        raise EventError(
            "item_taken",
            f"这一条（第{item_id}号条目）已记为采用第{'、'.join(others)}号稿件；"
            f"若是几篇合成的，请一起写：zugao adopt {numbers} --item {item_id}。",
        )


def _item(conn: sqlite3.Connection, draft_id: int, place: Place) -> tuple[int, bool]:
    """The item of a place, made if need be; whether its issue was made too."""
    if place.item_id is not None:
        the_item(conn, place.item_id)
        return place.item_id, False
    if place.outlet_id is None or not (place.number.strip() or place.published_on):
        raise EventError("no_place", "请写明刊物和期号（没有期号的媒体写刊发日期），或条目编号。")
    issue_id, new = _issue(conn, place.outlet_id, place)
    title = place.title.strip() or _title(conn, draft_id)
    for item_id, known in conn.execute(
        "SELECT id, title FROM printed_item WHERE issue_id = ? ORDER BY position", (issue_id,)
    ):
        if fold(known) == fold(title):
            return int(item_id), new
    return insert_item(conn, issue_id, title), new


def _issue(conn: sqlite3.Connection, outlet_id: int, place: Place) -> tuple[int, bool]:
    day = place.published_on
    number = issue_number(place.number) or (day.isoformat() if day else "")
    # Without a day the latest issue of that number is meant; with one, that of its year.
    known = conn.execute(
        "SELECT id, published_on FROM issue WHERE outlet_id = :outlet AND number = :number"
        " AND (:day IS NULL OR year = :year OR published_on = :day)"
        " ORDER BY published_on IS :day DESC, year DESC LIMIT 1",
        {
            "outlet": outlet_id,
            "number": number,
            "day": day and day.isoformat(),
            "year": day and day.year,
        },
    ).fetchone()
    if known is None and day is None:
        raise EventError(
            "no_issue", f"这个刊物没有登记第{number}期；加上印发日期（--date），就一并登记。"
        )
    if known is None:
        return insert_issue(conn, outlet_id, number, day), True
    if day is not None and known[1] != day.isoformat():
        raise EventError(
            "another_day",
            f"第{number}期登记的印发日期是{known[1] or '（还没有印发）'}，不是{day}；"
            "日期有误可用zugao issues 期表 --amend更正。",
        )
    return int(known[0]), False


def _title(conn: sqlite3.Connection, draft_id: int) -> str:
    (title,) = conn.execute("SELECT title FROM draft WHERE id = ?", (draft_id,)).fetchone()
    return title or f"第{draft_id}号稿件"
