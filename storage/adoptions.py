"""Adoptions (采用): a printed item is made from a draft, or from several; and taking that back."""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlite_utils import Database

from storage.connection import write
from storage.driver import sqlite3
from storage.event_checks import once, one_of, past_day, the_draft, the_item
from storage.event_log import EventError, append, standing, take_back
from storage.issues import insert_item
from storage.schema_adoption import ADOPTION_FORMS, stands

_TOLERANCE = 0.005  # of a sum of shares that people rounded


def adopt(
    db: Database,
    draft_id: int,
    item_id: int,
    *,
    form: str = "单篇",
    share: float = 1.0,
    source: str = "editor",
    confidence: float | None = None,
    who: str = "",
    note: str = "",
) -> int:
    """Record that a printed item is (in part) made from a draft.

    ``share``: the part of the item's text that is the draft's, 0–1. Raises EventError:
    ``no_draft``, ``no_item``, ``unknown_value``, ``share``, ``already``; ``rejected`` where a match
    proposes what an editor has refused.
    """
    with write(db) as conn:
        if source == "match" and standing(conn, "reject", draft_id=draft_id, item_id=item_id):
            raise EventError("rejected", f"编辑已否定第{draft_id}号稿件与这一条的对应。")
        return insert_adoption(
            conn, draft_id, item_id, form=form, share=share,
            source=source, confidence=confidence, who=who, note=note,
        )  # fmt: skip


def merge(
    db: Database,
    item_id: int,
    shares: Mapping[int, float],
    *,
    form: str = "综合",
    who: str = "",
    note: str = "",
) -> list[int]:
    """Record that an item is made from several drafts (draft → its share), in place of all before.

    Adoptions of the item that stand are taken back first. Returns the numbers of the new events,
    in the order of ``shares``. Raises EventError as :func:`adopt`, ``shares_over``; ``already``
    where all of it stands.
    """
    with write(db) as conn:
        return insert_merge(conn, item_id, shares, form=form, who=who, note=note)


def split(db: Database, item_id: int, *, who: str = "", note: str = "") -> list[int]:
    """Part a merged item: each of its drafts was printed on its own, 单篇.

    The draft with the largest share keeps the item; each other gets an item of its own at the end
    of the issue, under its own title. Returns the numbers of the new adoptions. Raises EventError
    ``not_merged``.
    """
    sql = f"""
    SELECT event.id, event.draft_id, draft.title, printed_item.issue_id
    FROM event JOIN draft ON draft.id = event.draft_id
    JOIN printed_item ON printed_item.id = event.item_id
    WHERE event.item_id = ? AND event.kind = 'adopt' AND {stands("event.id")}
    ORDER BY event.share DESC, event.draft_id
    """
    with write(db) as conn:
        merged = conn.execute(sql, (item_id,)).fetchall()
        if len(merged) < 2:
            raise EventError("not_merged", f"第{item_id}号条目不是由几篇稿件合并的，不用拆分。")
        made = []
        for place, (event_id, draft_id, title, issue_id) in enumerate(merged):
            take_back(conn, event_id, who=who, note="拆分时重记")
            name = title or f"第{draft_id}号稿件"
            item = insert_item(conn, issue_id, name) if place else item_id
            made.append(
                insert_adoption(conn, draft_id, item, form="单篇", share=1.0, who=who, note=note)
            )
        return made


def pre_adopt(
    db: Database,
    draft_ids: Sequence[int],
    *,
    outlet_id: int | None = None,
    happened_on: date | None = None,
    who: str = "",
    note: str = "",
) -> list[int]:
    """Note that drafts are meant to be printed, perhaps in a certain outlet; it counts nothing.

    Returns the numbers of the events. Raises EventError ``no_draft``, ``already``; then none is
    recorded.
    """
    detail = {} if outlet_id is None else {"outlet_id": outlet_id}
    day = past_day(happened_on)
    with write(db) as conn:
        for draft_id in draft_ids:
            the_draft(conn, draft_id)
            once(conn, "pre_adopt", f"第{draft_id}号稿件的预采用", draft_id=draft_id)
        return [
            append(
                conn, "pre_adopt", detail=detail, draft_id=d, happened_on=day, who=who, note=note
            )
            for d in draft_ids
        ]


def reject(db: Database, draft_id: int, item_id: int, *, who: str = "", note: str = "") -> int:
    """Refuse a proposed adoption: the item is not made from the draft."""
    with write(db) as conn:
        the_draft(conn, draft_id)
        the_item(conn, item_id)
        for event_id in standing(conn, "adopt", draft_id=draft_id, item_id=item_id):
            raise EventError("adopted", f"已经记为采用（第{event_id}号记录），要否定请先撤销它。")
        once(conn, "reject", "这一否定", draft_id=draft_id, item_id=item_id)
        return append(conn, "reject", draft_id=draft_id, item_id=item_id, who=who, note=note)


def insert_adoption(
    conn: sqlite3.Connection,
    draft_id: int,
    item_id: int,
    *,
    form: str,
    share: float,
    source: str = "editor",
    confidence: float | None = None,
    who: str = "",
    note: str = "",
) -> int:
    """As :func:`adopt`, inside the caller's transaction; does not ask what an editor refused."""
    unit_id, received = the_draft(conn, draft_id)
    published = the_item(conn, item_id)
    one_of(form, ADOPTION_FORMS, "采用形式")
    if not 0 < share <= 1:
        raise EventError("share", f"所占比例应大于0、不大于1，现在是{share:g}。")
    once(conn, "adopt", f"第{draft_id}号稿件在这一条的采用", draft_id=draft_id, item_id=item_id)
    others = conn.execute(
        "SELECT coalesce(sum(event.share), 0), coalesce(sum(draft.unit_id = ?), 0) FROM event"
        " JOIN draft ON draft.id = event.draft_id"
        f" WHERE event.item_id = ? AND event.kind = 'adopt' AND {stands('event.id')}",
        (unit_id, item_id),
    ).fetchone()
    odd = {
        "printed_before_received": published is not None and published < received,
        "same_unit_twice": others[1] > 0,
        "shares_over": others[0] + share > 1 + _TOLERANCE,
        "unknown_unit": unit_id is None,
        "returned": _returned(conn, draft_id),
    }
    warnings = [code for code, found in odd.items() if found]
    return append(
        conn, "adopt", draft_id=draft_id, item_id=item_id, form=form, share=float(share),
        source=source, confidence=confidence, who=who, note=note,
        detail={"warnings": warnings} if warnings else {},
    )  # fmt: skip


def insert_merge(
    conn: sqlite3.Connection,
    item_id: int,
    shares: Mapping[int, float],
    *,
    form: str = "综合",
    who: str = "",
    note: str = "",
) -> list[int]:
    """As :func:`merge`, inside the caller's transaction."""
    if sum(shares.values()) > 1 + _TOLERANCE:
        raise EventError("shares_over", "各篇所占合计超过了100%，请核对。")
    before = standing(conn, "adopt", item_id=item_id)
    same = [
        event_id
        for draft_id, share in shares.items()
        for event_id in standing(
            conn, "adopt", item_id=item_id, draft_id=draft_id, form=form, share=float(share)
        )
    ]
    if len(same) == len(before) == len(shares):
        raise EventError("already", "这一条的各篇已经这样记过了，没有重复记。")
    for event_id in before:
        take_back(conn, event_id, who=who, note="合并时重记")
    return [
        insert_adoption(conn, draft_id, item_id, form=form, share=share, who=who, note=note)
        for draft_id, share in shares.items()
    ]


def _returned(conn: sqlite3.Connection, draft_id: int) -> bool:
    """Whether the last that an editor said of a draft was to send it back."""
    last = conn.execute(
        "SELECT said.kind FROM decision AS said WHERE said.draft_id = ?"
        " AND said.kind IN ('accept', 'correct', 'return') AND NOT EXISTS"
        " (SELECT 1 FROM decision AS back WHERE back.undoes = said.id)"
        " ORDER BY said.id DESC LIMIT 1",
        (draft_id,),
    ).fetchone()
    return last is not None and last[0] == "return"
