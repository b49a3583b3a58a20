"""Composite assessments (考核) and the indexes that statistics need.

An assessment is made of parts with weights that add up to 100 %: scores of outside sheets, a unit
a row, and one part at most that is taken from the points ledger.
"""

from __future__ import annotations

from typing import Final

from storage.schema_adoption import DAY

_ASSESSMENT = f"""
CREATE TABLE assessment (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  period_start TEXT NOT NULL CHECK (period_start {DAY}),
  period_end TEXT NOT NULL CHECK (period_end {DAY}),
  who TEXT NOT NULL DEFAULT '',
  made_at TEXT NOT NULL,
  CHECK (period_end > period_start)
) STRICT
"""

_PART = """
CREATE TABLE assessment_part (
  id INTEGER PRIMARY KEY,
  assessment_id INTEGER NOT NULL REFERENCES assessment(id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 1),
  name TEXT NOT NULL CHECK (name <> ''),
  weight REAL NOT NULL CHECK (weight > 0 AND weight <= 1),
  full_score REAL NOT NULL CHECK (full_score > 0),
  profile_id INTEGER REFERENCES rule_profile(id),
  full_points REAL CHECK (full_points > 0),
  UNIQUE (assessment_id, position),
  UNIQUE (assessment_id, name),
  CHECK (full_points IS NULL OR profile_id IS NOT NULL)
) STRICT
"""

_SCORE = """
CREATE TABLE assessment_score (
  part_id INTEGER NOT NULL REFERENCES assessment_part(id) ON DELETE CASCADE,
  unit_id INTEGER NOT NULL REFERENCES unit(id),
  score REAL NOT NULL CHECK (score >= 0),
  PRIMARY KEY (part_id, unit_id)
) STRICT, WITHOUT ROWID
"""

STATEMENTS: Final[tuple[str, ...]] = (
    _ASSESSMENT,
    _PART,
    _SCORE,
    "CREATE INDEX assessment_part_by_profile ON assessment_part (profile_id)",
    "CREATE INDEX assessment_score_by_unit ON assessment_score (unit_id)",
    "CREATE INDEX event_by_due ON event (coalesce(due_on, happened_on)) WHERE kind = 'commission'",
)
