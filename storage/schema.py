"""The tables, as SQL. Names without a leading underscore are for analysts and stay stable.

Enumerations are CHECKed where the list is closed in the code; where it grows with settings or
models (genres, flag kinds, reasons) they are plain text.
"""

from __future__ import annotations

_UNIT = """
CREATE TABLE unit (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  group_name TEXT NOT NULL DEFAULT '',
  parent_id INTEGER REFERENCES unit(id),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT
"""

_UNIT_ALIAS = """
CREATE TABLE unit_alias (
  alias TEXT PRIMARY KEY CHECK (alias <> ''),
  unit_id INTEGER NOT NULL REFERENCES unit(id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID
"""

_ASPECT = """
CREATE TABLE aspect (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  category_name TEXT NOT NULL,
  version TEXT NOT NULL
) STRICT, WITHOUT ROWID
"""

_RUN = """
CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  how TEXT NOT NULL CHECK (how IN ('direct', 'prefect')),
  flow_run_id TEXT NOT NULL DEFAULT '',
  inbox TEXT NOT NULL DEFAULT '',
  counts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(counts)),
  outcome TEXT NOT NULL DEFAULT 'running'
    CHECK (outcome IN ('running', 'completed', 'refusals', 'failed', 'interrupted')),
  CHECK ((outcome = 'running') = (ended_at IS NULL))
) STRICT
"""

_LEASE = """
CREATE TABLE _lease (
  name TEXT PRIMARY KEY,
  token TEXT NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  process_start TEXT NOT NULL,
  acquired_at TEXT NOT NULL,
  renewed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID
"""

_BLOB = """
CREATE TABLE _blob (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  size INTEGER NOT NULL CHECK (size >= 0),
  stored_at TEXT NOT NULL
) STRICT, WITHOUT ROWID
"""

# Asia/Shanghai has been UTC+8 without summer time since 1991: a fixed shift is exact, and the
# same on every machine.
_MANUSCRIPT = """
CREATE TABLE manuscript (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  unit_id INTEGER REFERENCES unit(id),
  unit_given TEXT NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT REFERENCES _blob(sha256),
  source TEXT NOT NULL,
  archive_id INTEGER REFERENCES manuscript(id),
  format TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'read', 'refused')),
  reason TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  retry_at TEXT,
  received_at TEXT NOT NULL,
  received_on TEXT NOT NULL AS (date(received_at, '+8 hours')) VIRTUAL,
  run_id INTEGER NOT NULL REFERENCES run(id),
  CHECK (state <> 'refused' OR reason <> ''),
  CHECK (state = 'refused' OR sha256 IS NOT NULL)
) STRICT
"""

_MANUSCRIPT_NOTICE = """
CREATE TABLE manuscript_notice (
  id INTEGER PRIMARY KEY,
  manuscript_id INTEGER NOT NULL REFERENCES manuscript(id) ON DELETE CASCADE,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  count_value INTEGER NOT NULL
) STRICT
"""

_MANUSCRIPT_EVENT = """
CREATE TABLE _manuscript_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  manuscript_id INTEGER NOT NULL REFERENCES manuscript(id),
  run_id INTEGER REFERENCES run(id),
  kind TEXT NOT NULL CHECK (kind IN ('received', 'read', 'refused', 'postponed', 'released')),
  reason TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL
) STRICT
"""

_SEEN = """
CREATE TABLE _seen (
  path TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  sha256 TEXT
) STRICT, WITHOUT ROWID
"""

_DRAFT = """
CREATE TABLE draft (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  manuscript_id INTEGER NOT NULL REFERENCES manuscript(id),
  position INTEGER NOT NULL CHECK (position >= 1),
  run_id INTEGER NOT NULL REFERENCES run(id),
  unit_id INTEGER REFERENCES unit(id),
  unit_as_written TEXT NOT NULL,
  title TEXT NOT NULL,
  subtitle TEXT NOT NULL,
  author TEXT NOT NULL,
  signer TEXT NOT NULL,
  phone TEXT NOT NULL,
  dated TEXT NOT NULL,
  attachments TEXT NOT NULL CHECK (json_valid(attachments)),
  characters INTEGER NOT NULL CHECK (characters >= 0),
  genre TEXT NOT NULL,
  genre_probability REAL NOT NULL CHECK (genre_probability BETWEEN 0 AND 1),
  category TEXT,
  category_probability REAL CHECK (category_probability BETWEEN 0 AND 1),
  theme TEXT,
  theme_probability REAL CHECK (theme_probability BETWEEN 0 AND 1),
  created_at TEXT NOT NULL,
  UNIQUE (manuscript_id, position),
  CHECK ((theme IS NULL) = (theme_probability IS NULL))
) STRICT
"""

_DRAFT_TEXT = """
CREATE TABLE _draft_text (
  draft_id INTEGER PRIMARY KEY REFERENCES draft(id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  paragraphs TEXT NOT NULL CHECK (json_valid(paragraphs))
) STRICT
"""

_DRAFT_NOTICE = """
CREATE TABLE draft_notice (
  id INTEGER PRIMARY KEY,
  draft_id INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  count_value INTEGER NOT NULL
) STRICT
"""


def tag_table(kinds: str) -> str:
    """The table of tags with a list of ``kinds``, which grew once.

    A newer model or an editor adds rows under its own source and version; nothing is overwritten.
    """
    return f"""
CREATE TABLE tag (
  draft_id INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ({kinds})),
  code TEXT NOT NULL,
  rank INTEGER NOT NULL CHECK (rank >= 1),
  probability REAL CHECK (probability BETWEEN 0 AND 1),
  terms TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(terms)),
  source TEXT NOT NULL CHECK (source IN ('model', 'rule', 'editor')),
  model_version TEXT NOT NULL DEFAULT '',
  taxonomy_version TEXT NOT NULL DEFAULT '',
  made_at TEXT NOT NULL,
  PRIMARY KEY (draft_id, kind, source, model_version, rank)
) STRICT, WITHOUT ROWID
"""


TAG_INDEX = "CREATE INDEX tag_by_code ON tag (kind, code)"

_FLAG = """
CREATE TABLE flag (
  id INTEGER PRIMARY KEY,
  draft_id INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('info', 'warn', 'error')),
  message TEXT NOT NULL,
  start_offset INTEGER NOT NULL CHECK (start_offset >= 0),
  end_offset INTEGER NOT NULL,
  count_value INTEGER NOT NULL,
  limit_value INTEGER NOT NULL,
  source TEXT NOT NULL DEFAULT 'rule' CHECK (source IN ('rule', 'model', 'editor')),
  made_at TEXT NOT NULL,
  CHECK (end_offset >= start_offset)
) STRICT
"""

_INDEXES = (
    "CREATE INDEX unit_by_parent ON unit (parent_id)",
    "CREATE INDEX unit_alias_by_unit ON unit_alias (unit_id)",
    # A file that could not be stored has no digest: coalesce keeps it unique all the same.
    "CREATE UNIQUE INDEX manuscript_once ON manuscript (source, coalesce(sha256, ''))",
    "CREATE INDEX manuscript_waiting ON manuscript (id) WHERE state = 'received'",
    "CREATE INDEX manuscript_by_state ON manuscript (state, reason)",
    "CREATE INDEX manuscript_by_day ON manuscript (received_on)",
    "CREATE INDEX manuscript_by_unit ON manuscript (unit_id)",
    "CREATE INDEX manuscript_by_run ON manuscript (run_id)",
    "CREATE INDEX manuscript_by_blob ON manuscript (sha256)",
    "CREATE INDEX manuscript_by_archive ON manuscript (archive_id) WHERE archive_id IS NOT NULL",
    "CREATE INDEX manuscript_notice_by_manuscript ON manuscript_notice (manuscript_id)",
    "CREATE INDEX manuscript_event_by_manuscript ON _manuscript_event (manuscript_id)",
    "CREATE INDEX manuscript_event_by_run ON _manuscript_event (run_id, kind)",
    "CREATE INDEX draft_by_unit ON draft (unit_id)",
    "CREATE INDEX draft_by_run ON draft (run_id)",
    "CREATE INDEX draft_by_theme ON draft (theme)",
    "CREATE INDEX draft_by_genre ON draft (genre)",
    "CREATE INDEX draft_notice_by_draft ON draft_notice (draft_id)",
    TAG_INDEX,
    "CREATE INDEX flag_by_draft ON flag (draft_id)",
    "CREATE INDEX flag_by_kind ON flag (kind)",
)

_TRIGGERS = tuple(
    f"""
CREATE TRIGGER manuscript_event_no_{verb} BEFORE {verb} ON _manuscript_event
BEGIN
  SELECT RAISE(ABORT, 'the event log is append-only');
END
"""
    for verb in ("update", "delete")
)

TABLES: tuple[str, ...] = (
    _UNIT, _UNIT_ALIAS, _ASPECT, _RUN, _LEASE, _BLOB, _MANUSCRIPT, _MANUSCRIPT_NOTICE,
    _MANUSCRIPT_EVENT, _SEEN, _DRAFT, _DRAFT_TEXT, _DRAFT_NOTICE,
    tag_table("'theme', 'nearest', 'genre', 'keyword'"), _FLAG,
    *_INDEXES, *_TRIGGERS,
)  # fmt: skip
"""Statements of the first migration, in an order that satisfies the foreign keys."""
