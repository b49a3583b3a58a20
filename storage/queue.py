"""The editors' queue: which drafts stand in a tab, in which order, and what a row tells of them.

Pages are found by the place of their last row, not by counting from the start, so a page costs
the same wherever it is, and rows that arrive meanwhile shift nothing.
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Final

from sqlite_utils import Database

from storage.connection import raw
from storage.questions import Row
from storage.search import match_expression

TABS: Final = {
    "waiting": "desk.state = 'waiting'",
    "doubtful": "desk.state = 'waiting' AND desk.doubtful = 1",
    "duplicate": "desk.state = 'waiting' AND desk.duplicate > 0",
    "overlong": "desk.state = 'waiting' AND desk.overlong = 1",
    "accepted": "desk.state = 'accepted'",
    "adopted": "desk.state = 'adopted'",
    "returned": "desk.state = 'returned'",
    "all": "1",
}
ORDERS: Final = ("arrival", "urgency", "teaching")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an editor chose to see; "" = does not matter."""

    tab: str = "waiting"
    order: str = "arrival"
    unit: str = ""  # id
    group: str = ""
    theme: str = ""  # an aspect's code, a category's letter, or "-" for none
    genre: str = ""
    focus: str = ""
    start: str = ""  # first day of arrival
    end: str = ""  # the day after the last
    flag: str = ""  # kind
    assignee: str = ""
    words: str = ""


def counts(db: Database, wanted: Wanted) -> dict[str, int]:
    """How many drafts each tab holds under the filters."""
    source, where, values = _narrowed(wanted)
    rows = raw(db).execute(
        "SELECT desk.state, count(*), sum(desk.doubtful), sum(desk.duplicate > 0),"
        f" sum(desk.overlong) FROM {source} WHERE {where} GROUP BY desk.state",
        values,
    )
    found = {state: tuple(numbers) for state, *numbers in rows}
    nothing = (0, 0, 0, 0)
    waiting = found.get("waiting", nothing)
    return {
        "waiting": waiting[0],
        "doubtful": waiting[1],
        "duplicate": waiting[2],
        "overlong": waiting[3],
        **{state: found.get(state, nothing)[0] for state in ("accepted", "adopted", "returned")},
        "all": sum(numbers[0] for numbers in found.values()),
    }


def page_ids(db: Database, wanted: Wanted, after: str, count: int) -> tuple[list[int], str]:
    """Ids of the ``count`` drafts after the place ``after`` ("" = the start), and the next place.

    The place is "" where nothing follows. A place that was not made here counts as the start.
    """
    if _by_teaching(wanted):
        start = int(after) if after.isdecimal() and len(after) < 9 else 0
        found = list(islice(_teaching(db, wanted, start + count + 1), start, start + count + 1))
        return found[:count], str(start + count) if len(found) > count else ""
    keyed = _keyed(db, wanted, _place(after), count + 1, back=False)
    rows, more = keyed[:count], len(keyed) > count
    return [id_ for id_, _ in rows], f"{rows[-1][1]}.{rows[-1][0]}" if more else ""


def neighbours(db: Database, wanted: Wanted, draft_id: int) -> tuple[int | None, int | None]:
    """The drafts before and after one in the queue; it need not stand in it (any more)."""
    if _by_teaching(wanted):
        first = list(islice(_teaching(db, wanted, _NEAR), _NEAR))
        if draft_id not in first:
            return None, first[0] if first else None
        at = first.index(draft_id)
        return (
            first[at - 1] if at else None,
            first[at + 1] if at + 1 < len(first) else None,
        )
    row = raw(db).execute("SELECT urgent FROM _desk WHERE draft_id = ?", (draft_id,)).fetchone()
    if row is None:
        return None, None
    place = (int(row[0]), draft_id)
    before = _keyed(db, wanted, place, 1, back=True)
    after = _keyed(db, wanted, place, 1, back=False)
    return (before[0][0] if before else None), (after[0][0] if after else None)


_NEAR: Final = 200
"""How far into the order by teaching the place of a draft is looked for."""


def _place(after: str) -> tuple[int, int] | None:
    urgent, _, draft = after.partition(".")
    if not (urgent.isdecimal() and draft.isdecimal() and len(after) < 18):
        return None
    return int(urgent), int(draft)


def _keyed(
    db: Database, wanted: Wanted, place: tuple[int, int] | None, count: int, *, back: bool
) -> list[tuple[int, int]]:
    """(draft id, urgency) after or before a place, latest (or most urgent) first."""
    source, where, values = _narrowed(wanted)
    sign, way = (">", "ASC") if back else ("<", "DESC")
    by_urgency = wanted.order == "urgency"
    if place is not None:
        if by_urgency:
            where += f" AND (desk.urgent, desk.draft_id) {sign} (?, ?)"
            values = [*values, *place]
        else:
            where += f" AND desk.draft_id {sign} ?"
            values = [*values, place[1]]
    # By arrival a search is walked in the order of its own rows, and stops after a page.
    key = "_search.rowid" if _searched(wanted) else "desk.draft_id"
    order = f"desk.urgent {way}, desk.draft_id {way}" if by_urgency else f"{key} {way}"
    return raw(db).execute(
        f"SELECT desk.draft_id, desk.urgent FROM {source}"
        f" WHERE {where} AND {TABS[wanted.tab]} ORDER BY {order} LIMIT {count}",
        values,
    ).fetchall()  # fmt: skip


def _teaching(db: Database, wanted: Wanted, count: int) -> Iterator[int]:
    """Ids as ``nlp.teaching`` orders them: of each aspect the most doubtful, then the second, …

    Copies of earlier drafts come after all others. Of each aspect no more is read than is asked.
    """
    source, where, values = _narrowed(wanted)
    where += f" AND {TABS[wanted.tab]}"
    aspects = [
        code for (code,) in raw(db).execute("SELECT code FROM aspect UNION ALL SELECT ''")
    ]  # fmt: skip
    sql = (
        f"SELECT desk.margin, desk.draft_id FROM {source} WHERE {where}"
        " AND desk.duplicate = ? AND desk.aspect = ?"
        f" ORDER BY desk.margin, desk.draft_id LIMIT {count}"
    )

    def turns(aspect: str, kinds: Sequence[int]) -> Iterator[tuple[int, float, int]]:
        found = [raw(db).execute(sql, [*values, kind, aspect]).fetchall() for kind in kinds]
        return ((turn, *row) for turn, row in enumerate(merge(*found)))

    for kinds in ((0, 1), (2,)):
        yield from (id_ for _, _, id_ in merge(*(turns(code, kinds) for code in aspects)))


def _by_teaching(wanted: Wanted) -> bool:
    """What is decided teaches nothing any more, what is searched is wanted itself: as it came."""
    return wanted.order == "teaching" and "'waiting'" in TABS[wanted.tab] and not wanted.words


def _searched(wanted: Wanted) -> str:
    return match_expression(wanted.words) if wanted.words else ""


def _narrowed(wanted: Wanted) -> tuple[str, str, list[str | int]]:
    """FROM, WHERE and values of the filters, without the tab."""
    parts: list[str] = []
    values: list[str | int] = []
    expression = _searched(wanted)
    source = "_desk AS desk"
    if wanted.words:
        source = "_search CROSS JOIN _desk AS desk ON desk.draft_id = _search.rowid"
        parts.append("_search MATCH ?" if expression else "0")
        values += [expression] if expression else []
    for clause, value in (
        ("desk.unit_id = CAST(? AS INTEGER)", wanted.unit),
        ("desk.unit_id IN (SELECT id FROM unit WHERE group_name = ?)", wanted.group),
        (_theme_clause(wanted.theme), "" if wanted.theme == "-" else wanted.theme),
        ("desk.genre = ?", wanted.genre),
        (_FOCUS, wanted.focus),
        ("desk.received_on >= ?", wanted.start),
        ("desk.received_on < ?", wanted.end),
        (_FLAG, wanted.flag),
        (_ASSIGNED, wanted.assignee),
    ):
        if value:
            parts.append(clause)
            values.append(value)
    if wanted.theme == "-":
        parts.append("desk.theme IS NULL")
    return source, " AND ".join(parts) or "1", values


def _theme_clause(theme: str) -> str:
    if len(theme) == 1:
        return "desk.theme IN (SELECT code FROM aspect WHERE category = ?)"
    return "desk.theme = ?"


_FOCUS: Final = (
    "EXISTS (SELECT 1 FROM tag WHERE tag.draft_id = desk.draft_id AND tag.kind = 'focus'"
    " AND tag.code = ?)"
)
_FLAG: Final = "EXISTS (SELECT 1 FROM flag WHERE flag.draft_id = desk.draft_id AND flag.kind = ?)"
_ASSIGNED: Final = (
    "(SELECT assignee FROM assignment WHERE assignment.draft_id = desk.draft_id"
    " ORDER BY assignment.id DESC LIMIT 1) = ?"
)

_ROWS: Final = """
SELECT desk.draft_id, desk.state, draft.title, coalesce(unit.name, '') AS unit,
  draft.unit_as_written, draft.characters, desk.genre, desk.theme, aspect.name AS theme_name,
  desk.probability, desk.received_on, desk.urgent,
  (SELECT json_group_array(json_array(pair.kind, pair.cover)) FROM (
    SELECT kind, cover_b AS cover FROM duplicate_pair WHERE draft_b = desk.draft_id
    UNION ALL SELECT kind, cover_a FROM duplicate_pair WHERE draft_a = desk.draft_id
    ORDER BY 2 DESC LIMIT 1) AS pair) AS pairs,
  (SELECT json_group_array(json_array(kind, severity)) FROM (
    SELECT DISTINCT kind, severity FROM flag WHERE flag.draft_id = desk.draft_id
      AND severity <> 'info')) AS flags,
  (SELECT json_group_array(code) FROM tag
    WHERE tag.draft_id = desk.draft_id AND tag.kind = 'focus') AS focus,
  (SELECT assignee FROM assignment WHERE assignment.draft_id = desk.draft_id
    ORDER BY id DESC LIMIT 1) AS assignee,
  EXISTS (SELECT 1 FROM draft_note WHERE draft_note.draft_id = desk.draft_id) AS noted,
  (SELECT coalesce(max(id), 0) FROM decision WHERE decision.draft_id = desk.draft_id)
    AS last_decision
FROM _desk AS desk
JOIN draft ON draft.id = desk.draft_id
LEFT JOIN unit ON unit.id = desk.unit_id
LEFT JOIN aspect ON aspect.code = desk.theme
WHERE desk.draft_id IN (SELECT value FROM json_each(?))
"""


def rows_of(db: Database, ids: list[int]) -> list[Row]:
    """What the queue shows of these drafts, in their order; lists are parsed."""
    found: dict[int, Row] = {}
    for row in db.query(_ROWS, [json.dumps(ids)]):
        for name in ("pairs", "flags", "focus"):
            row[name] = json.loads(str(row[name]))
        found[int(str(row["draft_id"]))] = row
    return [found[id_] for id_ in ids if id_ in found]


def choices(db: Database) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer, as (value, words): units, groups, themes, focus topics, flags."""
    ask = raw(db).execute
    return {
        "units": [
            (str(id_), name)
            for id_, name in ask("SELECT id, name FROM unit ORDER BY group_name, name")
        ],
        "groups": [
            (name, name)
            for (name,) in ask(
                "SELECT DISTINCT group_name FROM unit WHERE group_name <> '' ORDER BY 1"
            )
        ],
        "themes": [
            (code, name)
            for code, name in ask(
                "SELECT code, name FROM aspect WHERE NOT retired"
                " ORDER BY category = 'X', category, code"
            )
        ],
        "categories": [
            (code, name)
            for code, name in ask(
                "SELECT DISTINCT category, category_name FROM aspect"
                " WHERE NOT retired AND category <> 'X' ORDER BY 1"
            )
        ],
        "focus": [(c, c) for (c,) in ask("SELECT DISTINCT code FROM tag WHERE kind = 'focus'")],
    }


_SURE: Final = """
SELECT draft_id FROM _desk AS desk
WHERE desk.state = 'waiting' AND desk.probability >= :sure AND desk.duplicate < 2
  AND NOT desk.overlong AND (:theme = '' OR desk.theme = :theme)
  AND NOT EXISTS (SELECT 1 FROM flag
    WHERE flag.draft_id = desk.draft_id AND flag.severity = 'error')
ORDER BY desk.draft_id DESC LIMIT :count
"""


def sure_ids(db: Database, sure: float, theme: str, count: int) -> list[int]:
    """Waiting drafts whose theme is at least so sure, that are no copy, not overlong, no error."""
    rows = db.query(_SURE, {"sure": sure, "theme": theme, "count": count})
    return [int(str(row["draft_id"])) for row in rows]
