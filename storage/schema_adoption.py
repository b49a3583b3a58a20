"""Outlets, printed issues, what happened to drafts after review, and the points ledger.

What people (or the matching of a printed issue) say is a row of ``event``; taking it back is a row
of kind ``undo``. Points are rows of ``award``; a reversal is a row. Triggers refuse to change or
delete either. An adoption has no day of its own: its issue's day counts, so that correcting the day
of an issue moves every figure with it.
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

LEVELS: Final = ("县", "市", "省", "中央")
"""From the lowest to the highest."""

OUTLET_KINDS: Final = ("刊物", "媒体", "内刊", "网站")

ADOPTION_FORMS: Final = ("单篇", "综合", "摘要", "简讯", "约稿")

EVENT_KINDS: Final = (
    "adopt",  # 采用: draft, item, form, share
    "pre_adopt",  # 预采用: draft, perhaps outlet in the detail
    "reject",  # a proposed adoption that an editor refused: draft, item
    "instruction",  # 批示: draft or item, person, level, happened_on, note = its text
    "outcome",  # 转化: draft, form = 讲话, 文件, 制度, 会议发言…, level, title
    "commission",  # 约稿: one row a unit; title, due_on
    "delivery",  # what came in for a commission: refers_to, draft
    "topic",  # 课题: unit, person, title, due_on, form = stage
    "topic_stage",  # refers_to the topic; form = stage or result, title = award
    "fault",  # 迟报、漏报、瞒报、失实…: unit, form, severity
    "bonus",  # an addition or deduction by hand: unit, points
    "undo",  # undoes an event
)

DAY: Final = "GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'"


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def append_only(table: str, what: str) -> tuple[str, ...]:
    """Triggers that refuse to change or delete the rows of ``table``."""
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{what} are append-only'); END"
        for verb in ("update", "delete")
    )


_OUTLET = f"""
CREATE TABLE outlet (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  kind TEXT NOT NULL CHECK (kind IN ({_listed(OUTLET_KINDS)})),
  level TEXT NOT NULL CHECK (level IN ({_listed(LEVELS)})),
  tier TEXT NOT NULL DEFAULT '',
  points INTEGER CHECK (points >= 0),
  floor_chars INTEGER CHECK (floor_chars >= 0),
  soft_chars INTEGER CHECK (soft_chars > 0),
  hard_chars INTEGER CHECK (hard_chars > 0),
  retired INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
) STRICT
"""

_OUTLET_ALIAS = """
CREATE TABLE outlet_alias (
  alias TEXT PRIMARY KEY CHECK (alias <> ''),
  outlet_id INTEGER NOT NULL REFERENCES outlet(id) ON DELETE CASCADE
) STRICT
"""

# The number may begin anew each year; a list without numbers has its day for a number.
_ISSUE = f"""
CREATE TABLE issue (
  id INTEGER PRIMARY KEY,
  outlet_id INTEGER NOT NULL REFERENCES outlet(id),
  year INTEGER NOT NULL CHECK (year BETWEEN 1949 AND 9998),
  number TEXT NOT NULL CHECK (number <> ''),
  published_on TEXT CHECK (published_on {DAY}),
  title TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('composing', 'printed')),
  source TEXT NOT NULL DEFAULT '',
  sha256 TEXT,
  made_at TEXT NOT NULL,
  UNIQUE (outlet_id, year, number),
  CHECK (state <> 'printed' OR published_on IS NOT NULL)
) STRICT
"""

_PRINTED_ITEM = """
CREATE TABLE printed_item (
  id INTEGER PRIMARY KEY,
  issue_id INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 1),
  title TEXT NOT NULL,
  column_name TEXT NOT NULL DEFAULT '',
  byline TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  characters INTEGER NOT NULL DEFAULT 0 CHECK (characters >= 0),
  url TEXT NOT NULL DEFAULT '',
  origin TEXT NOT NULL CHECK (origin IN ('issue', 'list', 'hand', 'built')),
  made_at TEXT NOT NULL,
  UNIQUE (issue_id, position)
) STRICT
"""

# Not appended but made anew by each matching: an editor's answer to it is an event.
_PROPOSAL = f"""
CREATE TABLE adoption_proposal (
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL REFERENCES printed_item(id) ON DELETE CASCADE,
  draft_id INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
  form TEXT NOT NULL CHECK (form IN ({_listed(ADOPTION_FORMS)})),
  share REAL NOT NULL CHECK (share BETWEEN 0 AND 1),
  used REAL NOT NULL CHECK (used BETWEEN 0 AND 1),
  confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  sure INTEGER NOT NULL CHECK (sure IN (0, 1)),
  evidence TEXT NOT NULL CHECK (json_valid(evidence)),
  warnings TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(warnings)),
  rules_version TEXT NOT NULL,
  made_at TEXT NOT NULL,
  UNIQUE (item_id, draft_id)
) STRICT
"""

_EVENT = f"""
CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ({_listed(EVENT_KINDS)})),
  happened_on TEXT CHECK (happened_on {DAY}),
  unit_id INTEGER REFERENCES unit(id),
  draft_id INTEGER REFERENCES draft(id),
  item_id INTEGER REFERENCES printed_item(id),
  refers_to INTEGER REFERENCES event(id),
  undoes INTEGER UNIQUE REFERENCES event(id),
  level TEXT CHECK (level IN ({_listed(LEVELS)})),
  form TEXT NOT NULL DEFAULT '',
  share REAL CHECK (share BETWEEN 0 AND 1),
  person TEXT NOT NULL DEFAULT '',
  severity TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL DEFAULT '',
  due_on TEXT CHECK (due_on {DAY}),
  points INTEGER,
  note TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(detail)),
  source TEXT NOT NULL DEFAULT 'editor'
    CHECK (source IN ('editor', 'match', 'import', 'builder')),
  confidence REAL CHECK (confidence BETWEEN 0 AND 1),
  who TEXT NOT NULL DEFAULT '',
  recorded_at TEXT NOT NULL,
  CHECK ((kind = 'undo') = (undoes IS NOT NULL)),
  CHECK (kind NOT IN ('adopt', 'reject') OR (draft_id IS NOT NULL AND item_id IS NOT NULL)),
  CHECK (kind <> 'adopt' OR (form IN ({_listed(ADOPTION_FORMS)}) AND share IS NOT NULL)),
  CHECK (kind NOT IN ('pre_adopt', 'outcome') OR draft_id IS NOT NULL),
  CHECK (kind <> 'instruction' OR (level IS NOT NULL AND coalesce(draft_id, item_id) IS NOT NULL)),
  CHECK (kind NOT IN ('commission', 'topic', 'fault', 'bonus') OR unit_id IS NOT NULL),
  CHECK (kind NOT IN ('delivery', 'topic_stage') OR refers_to IS NOT NULL),
  CHECK (kind <> 'bonus' OR points IS NOT NULL),
  CHECK (kind IN ('adopt', 'reject', 'undo') OR happened_on IS NOT NULL)
) STRICT
"""

_RULE_PROFILE = f"""
CREATE TABLE rule_profile (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> ''),
  version TEXT NOT NULL CHECK (version <> ''),
  valid_from TEXT NOT NULL CHECK (valid_from {DAY}),
  valid_to TEXT CHECK (valid_to {DAY}),
  rules TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  who TEXT NOT NULL DEFAULT '',
  added_at TEXT NOT NULL,
  UNIQUE (name, version),
  CHECK (valid_to IS NULL OR valid_to > valid_from)
) STRICT
"""

_AWARD = f"""
CREATE TABLE award (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  profile_id INTEGER NOT NULL REFERENCES rule_profile(id),
  unit_id INTEGER NOT NULL REFERENCES unit(id),
  author TEXT NOT NULL DEFAULT '',
  draft_id INTEGER REFERENCES draft(id),
  item_id INTEGER REFERENCES printed_item(id),
  event_id INTEGER REFERENCES event(id),
  rule TEXT NOT NULL CHECK (rule <> ''),
  points INTEGER NOT NULL,
  effective_on TEXT NOT NULL CHECK (effective_on {DAY}),
  period TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  mark TEXT NOT NULL DEFAULT '',
  reverses INTEGER REFERENCES award(id),
  made_at TEXT NOT NULL
) STRICT
"""

_BULLETIN = f"""
CREATE TABLE bulletin (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  number TEXT NOT NULL DEFAULT '',
  period_start TEXT NOT NULL CHECK (period_start {DAY}),
  period_end TEXT NOT NULL CHECK (period_end {DAY}),
  profile_id INTEGER NOT NULL REFERENCES rule_profile(id),
  snapshot TEXT NOT NULL CHECK (json_valid(snapshot)),
  sha256 TEXT NOT NULL,
  who TEXT NOT NULL DEFAULT '',
  frozen_at TEXT NOT NULL,
  CHECK (period_end > period_start)
) STRICT
"""

STATEMENTS: Final[tuple[str, ...]] = (
    _OUTLET, _OUTLET_ALIAS, _ISSUE, _PRINTED_ITEM, _PROPOSAL, _EVENT, _RULE_PROFILE, _AWARD,
    _BULLETIN,
    "CREATE INDEX outlet_alias_by_outlet ON outlet_alias (outlet_id)",
    "CREATE INDEX issue_by_day ON issue (published_on, outlet_id)",
    "CREATE INDEX proposal_by_draft ON adoption_proposal (draft_id)",
    "CREATE INDEX event_by_draft ON event (draft_id, kind) WHERE draft_id IS NOT NULL",
    "CREATE INDEX event_by_item ON event (item_id, kind) WHERE item_id IS NOT NULL",
    "CREATE INDEX event_by_unit ON event (unit_id, kind) WHERE unit_id IS NOT NULL",
    # Adoptions have no day: an index that held them would tempt the planner to read them all.
    "CREATE INDEX event_by_day ON event (kind, happened_on) WHERE happened_on IS NOT NULL",
    "CREATE INDEX event_by_reference ON event (refers_to) WHERE refers_to IS NOT NULL",
    # Not UNIQUE on the column: its index would be taken for "reverses IS NULL", nearly every row.
    "CREATE UNIQUE INDEX award_reversed_once ON award (reverses) WHERE reverses IS NOT NULL",
    "CREATE INDEX award_by_day ON award (profile_id, effective_on, unit_id)",
    "CREATE INDEX award_by_draft ON award (draft_id) WHERE draft_id IS NOT NULL",
    "CREATE INDEX award_by_event ON award (event_id) WHERE event_id IS NOT NULL",
    "CREATE INDEX award_by_unit ON award (unit_id, effective_on)",
    "CREATE INDEX award_by_item ON award (item_id) WHERE item_id IS NOT NULL",
    "CREATE INDEX bulletin_by_profile ON bulletin (profile_id)",
    *append_only("event", "events"),
    *append_only("rule_profile", "rule profiles"),
    *append_only("award", "awards"),
    *append_only("bulletin", "bulletins"),
)  # fmt: skip


def stands(event: str) -> str:
    """SQL: whether the event of the id ``event`` was not undone."""
    return f"NOT EXISTS (SELECT 1 FROM event AS taken WHERE taken.undoes = {event})"
