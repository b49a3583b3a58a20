"""What the points engine is given: standing events of a period, with all that bears on them.

A draft's points are the difference that each event makes to all that happened to it before, and a
printed item is shared among all its sources; so of every draft touched in the period its whole
history is read, and every source of every item in it.
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from points.conditions import Fact
from points.events import Event, Unit
from storage.driver import sqlite3
from storage.schema_adoption import stands
from storage.schema_decisions import standing

# Asked in this order (CROSS JOIN): days first, then what hangs on them.
_TOUCHED = f"""
WITH touched (draft_id) AS MATERIALIZED (
  SELECT event.draft_id FROM issue
    CROSS JOIN printed_item ON printed_item.issue_id = issue.id
    CROSS JOIN event ON event.item_id = printed_item.id AND event.kind = 'adopt'
    WHERE issue.published_on >= :start AND issue.published_on < :end
  UNION
  SELECT event.draft_id FROM event
    WHERE event.kind IN ('instruction', 'outcome') AND event.draft_id IS NOT NULL
      AND event.happened_on >= :start AND event.happened_on < :end
  UNION
  SELECT adopted.draft_id FROM event
    CROSS JOIN event AS adopted ON adopted.item_id = event.item_id AND adopted.kind = 'adopt'
    WHERE event.kind = 'instruction' AND event.draft_id IS NULL
      AND event.happened_on >= :start AND event.happened_on < :end
),
item (item_id) AS MATERIALIZED (
  SELECT DISTINCT event.item_id FROM touched
    CROSS JOIN event ON event.draft_id = touched.draft_id AND event.kind = 'adopt'
    WHERE {stands("event.id")}
)
"""

_GENRE = "coalesce(nullif(person.genre, ''), draft.genre)"
_THEME = "coalesce(tagged.successor, person.theme, draft.theme, '')"
_DRAFT_JOINS = f"""
  LEFT JOIN decision AS person ON person.id = {standing("draft.id")}
  LEFT JOIN aspect AS tagged ON tagged.code = coalesce(person.theme, draft.theme)
"""

_ADOPTIONS = f"""{_TOUCHED}
SELECT event.id, issue.published_on, coalesce(event.unit_id, draft.unit_id), event.draft_id,
  event.item_id, draft.author, event.share, outlet.points, outlet.level, outlet.name,
  outlet.kind, outlet.tier, printed_item.column_name, event.form,
  coalesce(nullif(printed_item.characters, 0), draft.characters), draft.characters,
  {_GENRE}, {_THEME}
FROM item
  CROSS JOIN event ON event.item_id = item.item_id AND event.kind = 'adopt'
  CROSS JOIN printed_item ON printed_item.id = event.item_id
  CROSS JOIN issue ON issue.id = printed_item.issue_id
  JOIN outlet ON outlet.id = issue.outlet_id
  CROSS JOIN draft ON draft.id = event.draft_id
  {_DRAFT_JOINS}
WHERE issue.state = 'printed' AND {stands("event.id")}
"""

_ON_DRAFTS = f"""{_TOUCHED},
found (id) AS MATERIALIZED (
  SELECT event.id FROM touched CROSS JOIN event ON event.draft_id = touched.draft_id
    WHERE event.kind IN ('instruction', 'outcome')
  UNION
  SELECT event.id FROM item CROSS JOIN event ON event.item_id = item.item_id
    WHERE event.kind = 'instruction' AND event.draft_id IS NULL
)
SELECT event.id, event.kind, event.happened_on, coalesce(event.unit_id, draft.unit_id),
  event.draft_id, event.item_id, coalesce(draft.author, ''), event.level, event.form,
  event.person, {_GENRE}, {_THEME}
FROM found
  CROSS JOIN event ON event.id = found.id
  LEFT JOIN draft ON draft.id = event.draft_id
  {_DRAFT_JOINS}
WHERE event.happened_on < :end AND {stands("event.id")}
"""

_COMMISSIONS = """
SELECT asked.commission_id, asked.issued_on, asked.unit_id, asked.due_on, asked.delivered_on
FROM event CROSS JOIN commissions AS asked ON asked.commission_id = event.id
WHERE event.kind = 'commission'
  AND coalesce(asked.due_on, asked.delivered_on, asked.issued_on) >= :start
  AND coalesce(asked.due_on, asked.delivered_on, asked.issued_on) < :end
"""

_TOPICS = f"""
SELECT event.id, event.happened_on, coalesce(topic.unit_id, event.unit_id),
  coalesce(nullif(topic.person, ''), event.person), event.form,
  CASE event.kind WHEN 'topic_stage' THEN event.title ELSE '' END,
  coalesce(event.level, topic.level)
FROM event LEFT JOIN event AS topic ON topic.id = event.refers_to
WHERE event.kind IN ('topic', 'topic_stage')
  AND event.happened_on >= :start AND event.happened_on < :end AND {stands("event.id")}
  AND (topic.id IS NULL OR {stands("topic.id")})
"""

_PLAIN = f"""
SELECT id, kind, happened_on, unit_id, draft_id, person, form, severity, points, note FROM event
WHERE kind IN ('fault', 'bonus') AND happened_on >= :start AND happened_on < :end
  AND {stands("event.id")}
"""

_SUBMISSIONS = """
SELECT draft_id, received_on, unit_id, genre, theme_code, characters, valid FROM submissions
WHERE received_on >= :start AND received_on < :end AND unit_id IS NOT NULL
"""


def load_units(conn: sqlite3.Connection) -> list[Unit]:
    """All units."""
    rows = conn.execute("SELECT id, name, group_name, active FROM unit ORDER BY id")
    return [Unit(id_, name, group, bool(active)) for id_, name, group, active in rows]


def load_events(
    conn: sqlite3.Connection, start: date, end: date, *, submissions: bool
) -> list[Event]:
    """All that :func:`points.engine.compute` needs for [start, end).

    ``submissions``: also what units sent. Commissions, topics, faults and additions are those of
    the whole year in which the period begins, because repetitions are counted by the year.
    """
    bounds = {"start": start.isoformat(), "end": end.isoformat()}
    year = {**bounds, "start": date(start.year, 1, 1).isoformat()}
    found = [
        *(_adoption(row) for row in conn.execute(_ADOPTIONS, bounds)),
        *(_on_draft(row) for row in conn.execute(_ON_DRAFTS, bounds)),
        *(_commission(row) for row in conn.execute(_COMMISSIONS, year)),
        *(_topic(row) for row in conn.execute(_TOPICS, year)),
        *(_plain(row) for row in conn.execute(_PLAIN, year)),
    ]
    if submissions:
        found.extend(_submissions(conn, bounds))
    return found


def _authors(names: str) -> tuple[str, ...]:
    """Names of one cell; they are parted by 、 when a draft is read."""
    return tuple(name.strip() for name in names.split("、") if name.strip())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _adoption(row: Any) -> Event:
    (
        id_, day, unit, draft, item, author, share, points, level, outlet, kind, tier, column,
        form, characters, draft_characters, genre, theme,
    ) = row  # fmt: skip
    facts: dict[str, Fact] = {
        "level": level,
        "outlet": outlet,
        "outlet_kind": kind,
        "tier": tier,
        "column": column,
        "form": form,
        "characters": characters,
        "draft_characters": draft_characters,
        "genre": genre,
        "theme": theme,
    }
    return Event(
        id=id_, section="adoption", day=date.fromisoformat(day), unit_id=unit, draft_id=draft,
        item_id=item, authors=_authors(author), share=Fraction(str(round(share, 6))),
        outlet_points=points, facts=facts,
    )  # fmt: skip


def _on_draft(row: Any) -> Event:
    id_, kind, day, unit, draft, item, author, level, form, person, genre, theme = row
    facts: dict[str, Fact] = {
        "level": level, "form": form, "person": person, "genre": genre, "theme": theme
    }  # fmt: skip
    return Event(
        id=id_, section=kind, day=date.fromisoformat(day), unit_id=unit, draft_id=draft,
        item_id=item, authors=_authors(author), facts=facts,
    )  # fmt: skip


def _commission(row: Any) -> Event:
    id_, issued, unit, due, delivered = row
    return Event(
        id=id_, section="commission", day=date.fromisoformat(issued), unit_id=unit,
        due=_day(due), delivered=_day(delivered),
    )  # fmt: skip


def _topic(row: Any) -> Event:
    id_, day, unit, person, form, award, level = row
    facts: dict[str, Fact] = {"form": form, "award": award, "level": level, "person": person}
    return Event(
        id=id_, section="topic", day=date.fromisoformat(day), unit_id=unit,
        authors=_authors(person), facts=facts,
    )  # fmt: skip


def _plain(row: Any) -> Event:
    id_, kind, day, unit, draft, person, form, severity, points, note = row
    facts: dict[str, Fact] = {"form": form, "severity": severity, "note": note}
    return Event(
        id=id_, section=kind, day=date.fromisoformat(day), unit_id=unit, draft_id=draft,
        authors=_authors(person), points=points or 0, facts=facts,
    )  # fmt: skip


def _submissions(conn: sqlite3.Connection, bounds: dict[str, str]) -> Iterator[Event]:
    for draft, day, unit, genre, theme, characters, valid in conn.execute(_SUBMISSIONS, bounds):
        facts: dict[str, Fact] = {
            "genre": genre, "theme": theme or "", "characters": characters, "valid": valid
        }  # fmt: skip
        yield Event(
            id=draft, section="submission", day=date.fromisoformat(day), unit_id=unit,
            draft_id=draft, facts=facts,
        )  # fmt: skip
