"""The editors' queue: which drafts stand in a tab, in which order, and what a row tells of them.

Pages are found by the place of their last row, not by counting from the start, so a page costs
the same wherever it is, and rows that arrive meanwhile shift nothing.
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Final

from sqlite_utils import Database

from storage.connection import raw
from storage.questions import Row
from storage.queue_filters import Narrowed, Wanted, at_most, is_held, narrow

__all__ = [
    "ORDERS", "TABS", "Wanted", "at_most", "choices", "counts", "neighbours", "page_ids", "rows_of",
    "sure_ids",
]  # fmt: skip

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


def counts(db: Database, wanted: Wanted) -> dict[str, int]:
    """How many drafts each tab holds under the filters; upper bounds where :func:`at_most` says."""
    narrowed = narrow(db, wanted)
    rows = raw(db).execute(
        "SELECT desk.state, count(*), sum(desk.doubtful), sum(desk.duplicate > 0),"
        f" sum(desk.overlong) FROM {narrowed.source} WHERE {narrowed.where} GROUP BY desk.state",
        narrowed.values,
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
    narrowed = narrow(db, wanted)
    if _by_teaching(wanted):
        start = int(after) if after.isdecimal() and len(after) < 9 else 0
        order = _teaching(db, wanted, narrowed, start + count + 1)
        found = list(islice(order, start, start + count + 1))
        return found[:count], str(start + count) if len(found) > count else ""
    keyed = _keyed(db, wanted, narrowed, _place(after), count + 1, back=False)
    rows, more = keyed[:count], len(keyed) > count
    return [id_ for id_, _ in rows], f"{rows[-1][1]}.{rows[-1][0]}" if more else ""


def neighbours(db: Database, wanted: Wanted, draft_id: int) -> tuple[int | None, int | None]:
    """The drafts before and after one in the queue; it need not stand in it (any more)."""
    narrowed = narrow(db, wanted)
    if _by_teaching(wanted):
        first = list(islice(_teaching(db, wanted, narrowed, _NEAR), _NEAR))
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
    before = _keyed(db, wanted, narrowed, place, 1, back=True)
    after = _keyed(db, wanted, narrowed, place, 1, back=False)
    return (before[0][0] if before else None), (after[0][0] if after else None)


_NEAR: Final = 200
"""How far into the order by teaching the place of a draft is looked for."""


def _place(after: str) -> tuple[int, int] | None:
    urgent, _, draft = after.partition(".")
    if not (urgent.isdecimal() and draft.isdecimal() and len(after) < 18):
        return None
    return int(urgent), int(draft)


def _keyed(
    db: Database,
    wanted: Wanted,
    narrowed: Narrowed,
    place: tuple[int, int] | None,
    count: int,
    *,
    back: bool,
) -> list[tuple[int, int]]:
    """(draft id, urgency) after or before a place, latest (or most urgent) first."""
    where, values = narrowed.where, narrowed.values
    sign, way = (">", "ASC") if back else ("<", "DESC")
    by_urgency = wanted.order == "urgency"
    if place is not None:
        if by_urgency:
            where += f" AND (desk.urgent, desk.draft_id) {sign} (?, ?)"
            values = [*values, *place]
        else:
            where += f" AND desk.draft_id {sign} ?"
            values = [*values, place[1]]
    key = f"{narrowed.arrival} {way}"
    order = f"desk.urgent {way}, desk.draft_id {way}" if by_urgency else key
    rows = raw(db).execute(
        f"SELECT desk.draft_id, desk.urgent FROM {narrowed.source}"
        f" WHERE {where} AND {TABS[wanted.tab]} ORDER BY {order}"
        + ("" if narrowed.unread else f" LIMIT {count}"),
        values,
    )
    return list(islice((row for row in rows if is_held(db, row[0], narrowed.unread)), count))


def _teaching(db: Database, wanted: Wanted, narrowed: Narrowed, count: int) -> Iterator[int]:
    """Ids as ``nlp.teaching`` orders them: of each aspect the most doubtful, then the second, …

    Copies of earlier drafts come after all others. The whole queue is walked by its index, of
    each aspect no more than is asked; what a search found is put in order as a whole.
    """
    where = f"{narrowed.where} AND {TABS[wanted.tab]}"
    if wanted.words:
        ordered = raw(db).execute(
            _TURNS.format(source=narrowed.source, where=where), narrowed.values
        )
        yield from (id_ for (id_,) in ordered if is_held(db, id_, narrowed.unread))
        return
    aspects = [
        code for (code,) in raw(db).execute("SELECT code FROM aspect UNION ALL SELECT ''")
    ]  # fmt: skip
    sql = (
        f"SELECT desk.margin, desk.draft_id FROM {narrowed.source} WHERE {where}"
        " AND desk.duplicate = ? AND desk.aspect = ?"
        f" ORDER BY desk.margin, desk.draft_id LIMIT {count}"
    )

    def turns(aspect: str, kinds: Sequence[int]) -> Iterator[tuple[int, float, int]]:
        values = narrowed.values
        found = [raw(db).execute(sql, [*values, kind, aspect]).fetchall() for kind in kinds]
        return ((turn, *row) for turn, row in enumerate(merge(*found)))

    for kinds in ((0, 1), (2,)):
        yield from (id_ for _, _, id_ in merge(*(turns(code, kinds) for code in aspects)))


_TURNS: Final = """
SELECT draft_id FROM (
  SELECT desk.draft_id, desk.margin, desk.duplicate = 2 AS copy, row_number() OVER (
    PARTITION BY desk.duplicate = 2, desk.aspect ORDER BY desk.margin, desk.draft_id) AS turn
  FROM {source} WHERE {where})
ORDER BY copy, turn, margin, draft_id
"""


def _by_teaching(wanted: Wanted) -> bool:
    """What is decided teaches nothing any more: it is shown as it came."""
    return wanted.order == "teaching" and "'waiting'" in TABS[wanted.tab]


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
