"""Printed items and the drafts that they were made from: what waits is matched, once.

A matching proposes; it records nothing by itself. It is made anew when a draft comes in later
that has the same text or title: proposals that an editor answered stay answered by their events.
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlite_utils import Database

from nlp.match_types import RULES, Candidate, Match, MatchRules, Printed
from nlp.matching import match_text
from nlp.reuse import Side
from nlp.text import fold
from nlp.title_match import match_title
from storage.clock import stamp
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.match_candidates import (
    Drafts,
    by_text,
    index_items,
    index_titles,
    text_hashes,
    titles_like,
)
from storage.schema_adoption import stands
from storage.sides import aligned
from storage.unit_names import UnitNames, load_unit_names

_BATCH: Final = 100
"""Items that are matched and written together."""
_SHORT_FORMS: Final = {
    "简讯": ("简讯", "短讯", "一句话", "短波"),
    "摘要": ("摘要", "摘报", "摘登", "摘编"),
}
"""Form of an adoption that the name of the column tells."""


@dataclass(frozen=True, slots=True)
class Item:
    """A printed item with what matching asks of it."""

    item_id: int
    issue_id: int
    title: str
    column: str
    byline: str
    text: str
    published_on: str


@dataclass(frozen=True, slots=True)
class Sure:
    """A proposal that may be recorded without asking."""

    proposal_id: int
    item_id: int
    draft_id: int
    form: str
    share: float
    confidence: float


def match_waiting(db: Database, rules: MatchRules = RULES) -> int:
    """Match every printed item that is new, or that a draft came in for; returns how many.

    Items that zugao itself composed are indexed and left alone: their adoptions are known.
    """
    arrived = _index(db)
    waiting = _waiting(raw(db), arrived, rules)
    names = load_unit_names(db)
    last = raw(db).execute("SELECT coalesce(max(id), 0) FROM draft").fetchone()[0]
    for batch in _batches(waiting):
        drafts = Drafts(raw(db))
        found = [(item, match_item(db, item, drafts, names, rules)) for item in batch]
        with write(db) as conn:
            for item, matches in found:
                _store(conn, item, matches, rules)
            conn.executemany(
                "INSERT INTO _matched_item (item_id, last_draft) VALUES (?, ?)"
                " ON CONFLICT (item_id) DO UPDATE SET last_draft = excluded.last_draft",
                [(item.item_id, last) for item, _ in found],
            )
    return len(waiting)


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Texts first: what they show of a title tells who is reprinted under it."""
    for kind in ([i for i in items if i.text], [i for i in items if not i.text]):
        for start in range(0, len(kind), _BATCH):
            yield kind[start : start + _BATCH]


def _index(db: Database) -> list[str]:
    """Bring the indexes up to date; returns the titles of drafts and texts that are new in them."""
    arrived: list[str] = []
    while True:
        with write(db) as conn:
            new = index_titles(conn)
        if not new:
            break
        arrived += [title for _, title in new]
    with write(db) as conn:
        items = conn.execute(
            "SELECT id, title, text FROM printed_item WHERE NOT EXISTS"
            " (SELECT 1 FROM _matched_item WHERE item_id = printed_item.id)"
        ).fetchall()
        index_items(conn, items)
        conn.execute(
            "INSERT OR IGNORE INTO _matched_item (item_id, last_draft)"
            " SELECT id, 0 FROM printed_item WHERE origin = 'built'"
        )
    return arrived + [title for _, title, text in items if text]


_ITEMS: Final = """
SELECT item.id, item.issue_id, item.title, item.column_name, item.byline, item.text,
  issue.published_on
FROM printed_item AS item JOIN issue ON issue.id = item.issue_id AND issue.state = 'printed'
"""

_NEW: Final = _ITEMS + (
    " WHERE NOT EXISTS (SELECT 1 FROM _matched_item WHERE item_id = item.id) ORDER BY item.id"
)

# Drafts that came after the item and have its text: noted at intake.
_LATE: Final = _ITEMS + (
    " JOIN _matched_item AS matched ON matched.item_id = item.id WHERE item.origin <> 'built'"
    " AND EXISTS (SELECT 1 FROM printed_reuse AS late"
    " WHERE late.item_id = item.id AND late.draft_id > matched.last_draft) ORDER BY item.id"
)

_LISTED_BEFORE: Final = (
    "SELECT 1 FROM _matched_item JOIN printed_item ON printed_item.id = item_id"
    " WHERE text = '' LIMIT 1"
)

_THESE: Final = _ITEMS + (
    " WHERE item.origin <> 'built' AND item.text = ''"
    " AND item.id IN (SELECT value FROM json_each(?)) ORDER BY item.id"
)


def _waiting(conn: sqlite3.Connection, arrived: Sequence[str], rules: MatchRules) -> list[Item]:
    found = [*conn.execute(_NEW), *conn.execute(_LATE)]
    if conn.execute(_LISTED_BEFORE).fetchone():
        titles = [*arrived, *(title for _, _, title, *_ in found)]
        near = {
            item_id
            for title in titles
            for item_id, _ in titles_like(conn, title, rules.title_ask, printed=True)
        }
        found += conn.execute(_THESE, (json.dumps(sorted(near)),))
    return [Item(*row) for row in dict.fromkeys(found)]


def match_item(
    db: Database, item: Item, drafts: Drafts, names: UnitNames, rules: MatchRules = RULES
) -> tuple[Match, ...]:
    """The drafts that an item was made from, as far as can be told."""
    side = Side(item.title, item.text, fold(item.text))
    printed = Printed(side, item.published_on, names.in_text(item.byline))
    if not item.text:
        return match_title(printed, list(_by_title(raw(db), item, drafts, rules)), rules)
    ids, common = by_text(raw(db), text_hashes(item.text))
    candidates = [one for id_ in ids if (one := drafts.get(id_)) is not None]
    compared = [(one, aligned(side, one.side)) for one in candidates]
    return match_text(printed, compared, common, rules)


def _by_title(
    conn: sqlite3.Connection, item: Item, drafts: Drafts, rules: MatchRules
) -> Iterator[tuple[Candidate, float, int]]:
    """Drafts with a title like the item's, or that were printed elsewhere under one like it."""
    best: dict[int, tuple[float, int]] = {
        id_: (likeness, 0)
        for id_, likeness in titles_like(conn, item.title, rules.title_ask, printed=False)
    }
    for other, likeness in titles_like(conn, item.title, rules.title_ask, printed=True):
        if other == item.item_id:
            continue
        for draft_id in _adopted_for(conn, other):
            if likeness > best.get(draft_id, (0.0, 0))[0]:
                best[draft_id] = (likeness, other)
    for draft_id, (likeness, via) in best.items():
        if (one := drafts.get(draft_id)) is not None:
            yield one, likeness, via


def _adopted_for(conn: sqlite3.Connection, item_id: int) -> list[int]:
    """The draft that makes up another item alone, by a recorded or a sure match."""
    rows = conn.execute(
        "SELECT draft_id, share FROM event WHERE item_id = :item AND kind = 'adopt'"
        f" AND {stands('event.id')}"
        " UNION SELECT draft_id, share FROM adoption_proposal WHERE item_id = :item AND sure = 1",
        {"item": item_id},
    ).fetchall()
    return [rows[0][0]] if len({draft for draft, _ in rows}) == 1 else []


def _store(
    conn: sqlite3.Connection, item: Item, matches: Sequence[Match], rules: MatchRules
) -> None:
    """Make the proposals of an item these; the number of one that stays is kept."""
    now, form = stamp(), _form(item, matches)
    twice = _elsewhere_in_issue(conn, item, [match.draft_id for match in matches])
    proposed = [m for m in matches if m.confidence >= rules.ask]
    conn.execute(
        "DELETE FROM adoption_proposal WHERE item_id = ? AND draft_id NOT IN"
        " (SELECT value FROM json_each(?))",
        (item.item_id, json.dumps([match.draft_id for match in proposed])),
    )
    for match in proposed:
        if match.draft_id in twice:
            warnings = (*match.warnings, "same_draft_twice")
            match = replace(match, sure=False, warnings=warnings)
        conn.execute(
            "INSERT INTO adoption_proposal (item_id, draft_id, form, share, used, confidence,"
            " sure, evidence, warnings, rules_version, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (item_id, draft_id) DO UPDATE SET form = excluded.form,"
            " share = excluded.share, used = excluded.used, confidence = excluded.confidence,"
            " sure = excluded.sure, evidence = excluded.evidence, warnings = excluded.warnings,"
            " rules_version = excluded.rules_version, made_at = excluded.made_at",
            (
                item.item_id, match.draft_id, form, match.share, match.used, match.confidence,
                match.sure, _json(match.evidence), json.dumps(match.warnings),
                rules.version, now,
            ),
        )  # fmt: skip


def _json(evidence: Mapping[str, object]) -> str:
    return json.dumps(evidence, ensure_ascii=False, separators=(",", ":"))


def _form(item: Item, matches: Sequence[Match]) -> str:
    if len({match.draft_id for match in matches if not match.evidence["rivals"]}) > 1:
        return "综合"
    for form, words in _SHORT_FORMS.items():
        if any(word in item.column for word in words):
            return form
    return "单篇"


def _elsewhere_in_issue(
    conn: sqlite3.Connection, item: Item, drafts: Collection[int]
) -> frozenset[int]:
    """Those of ``drafts`` that another item of the same issue is (probably) made from."""
    rows = conn.execute(
        "SELECT proposal.draft_id FROM adoption_proposal AS proposal"
        " JOIN printed_item AS other ON other.id = proposal.item_id"
        " WHERE other.issue_id = ? AND other.id <> ? AND proposal.sure = 1"
        " AND proposal.draft_id IN (SELECT value FROM json_each(?))",
        (item.issue_id, item.item_id, json.dumps(sorted(drafts))),
    )
    return frozenset(row[0] for row in rows)


# What an editor undid or refused is not recorded again; nor what does not fit beside what stands.
_SURE: Final = f"""
SELECT id, item_id, draft_id, form, share, confidence FROM adoption_proposal AS proposal
WHERE sure = 1
  AND NOT EXISTS (SELECT 1 FROM event WHERE event.item_id = proposal.item_id
    AND event.draft_id = proposal.draft_id AND event.kind IN ('adopt', 'reject'))
  AND share + (SELECT coalesce(sum(event.share), 0) FROM event
    WHERE event.item_id = proposal.item_id AND event.kind = 'adopt'
      AND {stands("event.id")}) <= 1.05
ORDER BY item_id, share DESC, draft_id
"""


def sure_proposals(db: Database) -> list[Sure]:
    """The sure proposals that are not recorded yet and that no editor has answered."""
    return [Sure(*row) for row in raw(db).execute(_SURE)]
