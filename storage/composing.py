"""An issue that is being composed: its plan, its edited texts, and what printing it records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from nlp.counting import count_characters
from storage.adoptions import insert_adoption
from storage.clock import stamp
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.editing import edited_of, raw_text
from storage.event_log import standing, take_back
from storage.issues import IssueError, amend_issue, insert_item
from storage.texts import storable


@dataclass(frozen=True, slots=True)
class Source:
    """A draft that an item is made of."""

    draft_id: int
    unit: str
    title: str


@dataclass(frozen=True, slots=True)
class Planned:
    """An item as it would be printed now; ``edited`` where an editor's text holds."""

    position: int
    column: str
    title: str
    text: str  # a paragraph a line
    sources: tuple[Source, ...]
    edited: bool

    @property
    def byline(self) -> str:
        """The units that it comes from."""
        return "、".join(dict.fromkeys(one.unit for one in self.sources if one.unit))


@dataclass(frozen=True, slots=True)
class Plan:
    """An issue and its items in order."""

    issue_id: int
    outlet_id: int
    outlet: str
    level: str
    year: int
    number: str
    title: str
    state: str
    published_on: str
    items: tuple[Planned, ...]


def plan_of(db: Database, issue_id: int) -> Plan:
    """The issue as it stands. Raises IssueError ``no_issue``."""
    conn = raw(db)
    row = conn.execute(
        "SELECT issue.id, outlet.id, outlet.name, outlet.level, year, number, title, state,"
        " coalesce(published_on, '') FROM issue JOIN outlet ON outlet.id = outlet_id"
        " WHERE issue.id = ?",
        (issue_id,),
    ).fetchone()
    if row is None:
        raise IssueError("no_issue", f"没有编号为{issue_id}的期；编号见 zugao issues。")
    id_, outlet_id, outlet, level, year, number, title, state, day = row
    items = _items(conn, issue_id)
    return Plan(id_, outlet_id, outlet, level, year, number, title, state, day, items)


def _items(conn: sqlite3.Connection, issue_id: int) -> tuple[Planned, ...]:
    rows = conn.execute(
        "SELECT issue_plan.position, column_name, draft.id, coalesce(unit.name, ''), draft.title"
        " FROM issue_plan JOIN draft ON draft.id = draft_id"
        " LEFT JOIN unit ON unit.id = draft.unit_id"
        " WHERE issue_id = ? ORDER BY issue_plan.position, issue_plan.rowid",
        (issue_id,),
    ).fetchall()
    places: dict[int, list[tuple[str, Source]]] = {}
    for position, column, draft_id, unit, title in rows:
        places.setdefault(position, []).append((column, Source(draft_id, unit, title)))
    return tuple(
        _item(conn, issue_id, place, number)
        for number, (_, place) in enumerate(sorted(places.items()), 1)
    )


def _item(
    conn: sqlite3.Connection, issue_id: int, place: list[tuple[str, Source]], number: int
) -> Planned:
    sources = tuple(source for _, source in place)
    edited = conn.execute(
        "SELECT title, text FROM edited_text WHERE issue_id = ? AND draft_id = ?"
        " ORDER BY id DESC LIMIT 1",
        (issue_id, sources[0].draft_id),
    ).fetchone()
    of_drafts = [edited_of(conn, source.draft_id) for source in sources]
    title, text = edited or (
        of_drafts[0].title if of_drafts[0] else sources[0].title,
        "\n".join(
            own.text if own else raw_text(conn, source.draft_id)
            for own, source in zip(of_drafts, sources, strict=True)
        ),
    )
    touched = edited is not None or any(of_drafts)
    return Planned(number, place[0][0], title, text, sources, touched)


def plan_draft(
    db: Database, issue_id: int, draft_id: int, *, column: str = "", beside: int | None = None
) -> None:
    """Put a draft at the end of an issue, or into the item of the draft ``beside``.

    Raises IssueError: ``no_issue``, ``printed``, ``no_draft``, ``already``, ``not_in_issue``.
    """
    with write(db) as conn:
        _composing(conn, issue_id)
        if conn.execute("SELECT 1 FROM draft WHERE id = ?", (draft_id,)).fetchone() is None:
            raise IssueError("no_draft", f"没有第{draft_id}号稿件；编号见 zugao export。")
        if _place(conn, issue_id, draft_id) is not None:
            raise IssueError("already", f"第{draft_id}号稿件已经在这一期里。")
        place = None if beside is None else _place(conn, issue_id, beside)
        if beside is not None and place is None:
            raise IssueError("not_in_issue", f"第{beside}号稿件不在这一期里。")
        if place is None:
            last = conn.execute(
                "SELECT coalesce(max(position), 0) FROM issue_plan WHERE issue_id = ?", (issue_id,)
            ).fetchone()[0]
            place = (int(last) + 1, column)
        conn.execute(
            "INSERT INTO issue_plan (issue_id, draft_id, position, column_name)"
            " VALUES (?, ?, ?, ?)",
            (issue_id, draft_id, place[0], storable(place[1])),
        )


def remove_draft(db: Database, issue_id: int, draft_id: int) -> None:
    """Take a draft out of an issue. Raises IssueError as :func:`plan_draft`."""
    with write(db) as conn:
        _composing(conn, issue_id)
        if _place(conn, issue_id, draft_id) is None:
            raise IssueError("not_in_issue", f"第{draft_id}号稿件不在这一期里。")
        conn.execute(
            "DELETE FROM issue_plan WHERE issue_id = ? AND draft_id = ?", (issue_id, draft_id)
        )


def order_drafts(db: Database, issue_id: int, drafts: Sequence[int]) -> None:
    """Put the items of these drafts first, in this order; the others follow as they stood."""
    with write(db) as conn:
        _composing(conn, issue_id)
        wanted = []
        for draft_id in drafts:
            place = _place(conn, issue_id, draft_id)
            if place is None:
                raise IssueError("not_in_issue", f"第{draft_id}号稿件不在这一期里。")
            wanted.append(place[0])
        rows = conn.execute(
            "SELECT DISTINCT position FROM issue_plan WHERE issue_id = ? ORDER BY 1", (issue_id,)
        ).fetchall()
        order = list(dict.fromkeys([*wanted, *(place for (place,) in rows)]))
        shift = max(order, default=0) + 1  # aside first, so that no two items meet on the way
        for number, place in enumerate(order, 1):
            _move(conn, issue_id, place, shift + number)
        for number in range(1, len(order) + 1):
            _move(conn, issue_id, shift + number, number)


def edit_text(
    db: Database, issue_id: int, draft_id: int, *, title: str = "", text: str = "", who: str = ""
) -> None:
    """Append an edited text of a draft's item; what is empty stays as it is.

    Raises IssueError as :func:`plan_draft`; ``empty`` where nothing was changed.
    """
    with write(db) as conn:
        _composing(conn, issue_id)
        found = [
            item
            for item in _items(conn, issue_id)
            if draft_id in [source.draft_id for source in item.sources]
        ]
        if not found:
            raise IssueError("not_in_issue", f"第{draft_id}号稿件不在这一期里。")
        item = found[0]
        new = (title.strip() or item.title, text.strip() or item.text)
        if new == (item.title, item.text):
            raise IssueError("empty", "标题和正文都没有改动。")
        conn.execute(
            "INSERT INTO edited_text (issue_id, draft_id, title, text, who, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (issue_id, item.sources[0].draft_id, *map(storable, (*new, who)), stamp()),
        )


def build_items(db: Database, issue_id: int) -> int:
    """Record the items of the plan as they stand (origin ``built``); returns how many.

    Those of an earlier build are replaced. Raises IssueError: ``no_issue``, ``printed``, ``empty``.
    """
    with write(db) as conn:
        return len(_build(conn, issue_id))


def print_issue(db: Database, issue_id: int, day: date, *, who: str = "") -> int:
    """Build once more, give the issue its day, and adopt every draft of it; returns adoptions.

    Drafts of one item share it equally, and it is 综合. All or nothing. Raises IssueError as
    :func:`build_items`, and ``future``, ``year`` for the day; EventError.
    """
    with write(db) as conn:
        items = _build(conn, issue_id)
        amend_issue(conn, issue_id, day, None)
        for item_id, item in items:
            count = len(item.sources)
            for source in item.sources:
                insert_adoption(
                    conn, source.draft_id, item_id, form="综合" if count > 1 else "单篇",
                    share=1 / count, source="builder", who=who,
                )  # fmt: skip
        return sum(len(item.sources) for _, item in items)


def take_back_print(db: Database, issue_id: int, *, who: str = "") -> int:
    """Undo printing: the builder's adoptions are taken back and the issue is composed again.

    Returns how many were taken back. Raises IssueError: ``no_issue``, ``not_printed``.
    """
    with write(db) as conn:
        if _state(conn, issue_id) != "printed":
            raise IssueError("not_printed", "这一期还没有印发。")
        events = [
            event
            for (item_id,) in conn.execute(
                "SELECT id FROM printed_item WHERE issue_id = ? AND origin = 'built'", (issue_id,)
            ).fetchall()
            for event in standing(conn, "adopt", item_id=item_id, source="builder")
        ]
        if not events:
            raise IssueError("not_printed", "这一期不是用组稿编的，不能这样撤销。")
        for event in events:
            take_back(conn, event, who=who, note="撤销印发")
        conn.execute(
            "UPDATE issue SET state = 'composing', published_on = NULL WHERE id = ?", (issue_id,)
        )
        return len(events)


def _build(conn: sqlite3.Connection, issue_id: int) -> list[tuple[int, Planned]]:
    _composing(conn, issue_id)
    items = _items(conn, issue_id)
    if not items:
        raise IssueError("empty", "这一期还没有稿件；请先用 zugao issue add 放进去。")
    held = [
        id_
        for (id_,) in conn.execute(
            "SELECT id FROM printed_item WHERE issue_id = ? AND origin = 'built' ORDER BY position",
            (issue_id,),
        ).fetchall()
    ]
    built = [(_put(conn, issue_id, item, held), item) for item in items]
    conn.executemany(  # an item that an undone adoption speaks of stays for the record
        "DELETE FROM printed_item WHERE id = ?"
        " AND NOT EXISTS (SELECT 1 FROM event WHERE item_id = printed_item.id)",
        [(id_,) for id_ in held[len(items) :]],
    )
    return built


def _put(conn: sqlite3.Connection, issue_id: int, item: Planned, held: Sequence[int]) -> int:
    """Write an item over that of an earlier build in its place, or at the end; returns its id."""
    if item.position > len(held):
        return insert_item(
            conn, issue_id, item.title, column=item.column, byline=item.byline, text=item.text,
            origin="built",
        )  # fmt: skip
    id_ = held[item.position - 1]
    conn.execute(
        "UPDATE printed_item SET title = ?, column_name = ?, byline = ?, text = ?, characters = ?"
        " WHERE id = ?",
        (
            *map(storable, (item.title, item.column, item.byline, item.text)),
            count_characters(item.text), id_,
        ),
    )  # fmt: skip
    return id_


def _composing(conn: sqlite3.Connection, issue_id: int) -> None:
    if _state(conn, issue_id) == "printed":
        raise IssueError("printed", "这一期已经印发；要改，请先用 zugao issue unprint 撤销。")


def _state(conn: sqlite3.Connection, issue_id: int) -> str:
    row = conn.execute("SELECT state FROM issue WHERE id = ?", (issue_id,)).fetchone()
    if row is None:
        raise IssueError("no_issue", f"没有编号为{issue_id}的期；编号见 zugao issues。")
    return str(row[0])


def _place(conn: sqlite3.Connection, issue_id: int, draft_id: int) -> tuple[int, str] | None:
    found: tuple[int, str] | None = conn.execute(
        "SELECT position, column_name FROM issue_plan WHERE issue_id = ? AND draft_id = ?",
        (issue_id, draft_id),
    ).fetchone()
    return found


def _move(conn: sqlite3.Connection, issue_id: int, place: int, to: int) -> None:
    conn.execute(
        "UPDATE issue_plan SET position = ? WHERE issue_id = ? AND position = ?",
        (to, issue_id, place),
    )


def source_text(db: Database, drafts: Sequence[int]) -> str:
    """What would be printed of these drafts as they were sent."""
    return "\n".join(raw_text(raw(db), draft_id) for draft_id in drafts)
