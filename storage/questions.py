"""Questions about one run, answered in plain records; what they look like is for others."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlite_utils import Database

Row = dict[str, object]
"""A row of a result: column → plain value."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did. Lists are ordered for reading: most first, ties by name.

    Keys of the rows stand with each field; ``None`` as unit means an unknown one, as theme code
    one that the model left undecided.
    """

    run: Row  # id, started_at, ended_at, how, flow_run_id, inbox, outcome, counts (a dict)
    new: int  # files of the inbox entered into the ledger by this run
    unpacked: int  # files entered that came in archives
    read: int  # files read by this run (also such as an earlier one received), no archives
    refused: list[Row]  # manuscript_id, name, unit, unit_given, reason, detail, postponed (0/1)
    reasons: list[Row]  # reason, files
    drafts: int
    first_draft: int | None  # the lowest number of a draft of this run
    characters: int
    units: list[Row]  # unit_id, unit, unit_group, drafts, characters, overlong, duplicates
    themes: list[Row]  # code, name, category, drafts, mean_probability
    genres: list[Row]  # genre, drafts
    focus: list[Row]  # name, drafts: topics that the office wants
    flags: list[Row]  # kind, severity, drafts
    pairs: list[Row]  # kind, cover, shared_characters, draft_a/b, title_a/b, unit_a/b
    pair_kinds: list[Row]  # kind, pairs


_RUN = "SELECT * FROM run WHERE id = :run"

# An archive is a container: what it holds is counted, not the archive itself.
_READ = """
SELECT count(*) AS n FROM _manuscript_event AS event
JOIN manuscript ON manuscript.id = event.manuscript_id
WHERE event.run_id = :run AND event.kind = 'read' AND manuscript.format <> 'zip'
"""

_NEW = "SELECT count(*) AS n FROM manuscript WHERE run_id = :run AND archive_id IS NULL"

_UNPACKED = "SELECT count(*) AS n FROM manuscript WHERE run_id = :run AND archive_id IS NOT NULL"

# The last word of this run on each file: a file may be postponed and then read or refused.
_REFUSED = """
SELECT manuscript.id AS manuscript_id, manuscript.name, unit.name AS unit,
  manuscript.unit_given, event.reason, event.detail, event.kind = 'postponed' AS postponed
FROM _manuscript_event AS event
JOIN manuscript ON manuscript.id = event.manuscript_id
LEFT JOIN unit ON unit.id = manuscript.unit_id
WHERE event.kind IN ('refused', 'postponed')
  AND event.id = (SELECT max(id) FROM _manuscript_event
    WHERE manuscript_id = manuscript.id AND run_id = :run)
ORDER BY event.reason, manuscript.id
"""

_TOTALS = """
SELECT count(*) AS drafts, min(id) AS first, coalesce(sum(characters), 0) AS characters FROM draft
WHERE run_id = :run
"""

_UNITS = """
SELECT unit_id, unit, unit_group, count(*) AS drafts, sum(characters) AS characters,
  count(CASE WHEN length_flag = 'over_hard' THEN 1 END) AS overlong,
  count(CASE WHEN duplicate_count > 0 THEN 1 END) AS duplicates
FROM drafts WHERE draft_id IN (SELECT id FROM draft WHERE run_id = :run)
GROUP BY unit_id
ORDER BY unit IS NULL, unit_group, drafts DESC, unit
"""

_THEMES = """
SELECT theme_code AS code, theme AS name, category, count(*) AS drafts,
  avg(theme_probability) AS mean_probability
FROM drafts WHERE draft_id IN (SELECT id FROM draft WHERE run_id = :run)
GROUP BY theme_code
ORDER BY theme_code IS NULL, drafts DESC, theme_code
"""

_GENRES = """
SELECT genre, count(*) AS drafts
FROM drafts WHERE draft_id IN (SELECT id FROM draft WHERE run_id = :run)
GROUP BY genre ORDER BY drafts DESC, genre
"""

_FOCUS = """
SELECT code AS name, count(*) AS drafts FROM tag
WHERE kind = 'focus' AND draft_id IN (SELECT id FROM draft WHERE run_id = :run)
GROUP BY code ORDER BY drafts DESC, code
"""

_FLAGS = """
SELECT kind, severity, count(DISTINCT draft_id) AS drafts FROM flag
WHERE draft_id IN (SELECT id FROM draft WHERE run_id = :run)
GROUP BY kind, severity
ORDER BY CASE severity WHEN 'error' THEN 1 WHEN 'warn' THEN 2 ELSE 3 END, drafts DESC, kind
"""

# The later draft of a pair is b: a pair belongs to the run that brought b.
_PAIRS = """
SELECT kind, cover, shared_characters, direction, draft_a, draft_b, title_a, title_b,
  unit_a, unit_b
FROM duplicates
WHERE draft_b IN (SELECT id FROM draft WHERE run_id = :run)
ORDER BY cover DESC, draft_a, draft_b
"""


def run_summary(db: Database, run_id: int) -> RunSummary:
    """Everything that the summary of a run shows. KeyError if there is no such run."""

    def ask(sql: str) -> list[Row]:
        return list(db.query(sql, {"run": run_id}))

    runs = ask(_RUN)
    if not runs:
        raise KeyError(run_id)
    run = {**runs[0], "counts": json.loads(str(runs[0]["counts"]))}
    refused, pairs, totals = ask(_REFUSED), ask(_PAIRS), ask(_TOTALS)[0]
    return RunSummary(
        run=run,
        new=_number(ask(_NEW)),
        unpacked=_number(ask(_UNPACKED)),
        read=_number(ask(_READ)),
        refused=refused,
        reasons=_tally(refused, "reason", "files"),
        drafts=int(str(totals["drafts"])),
        first_draft=None if totals["first"] is None else int(str(totals["first"])),
        characters=int(str(totals["characters"])),
        units=ask(_UNITS),
        themes=ask(_THEMES),
        genres=ask(_GENRES),
        focus=ask(_FOCUS),
        flags=ask(_FLAGS),
        pairs=pairs,
        pair_kinds=_tally(pairs, "kind", "pairs"),
    )


def _number(rows: list[Row]) -> int:
    return int(str(rows[0]["n"]))


def _tally(rows: list[Row], key: str, count: str) -> list[Row]:
    tally: dict[object, int] = {}
    for row in rows:
        tally[row[key]] = tally.get(row[key], 0) + 1
    ordered = sorted(tally.items(), key=lambda item: (-item[1], str(item[0])))
    return [{key: value, count: number} for value, number in ordered]


_LEDGER = """
SELECT files.manuscript_id, files.unit, files.file_name, files.source, files.format, files.state,
  files.reason, files.received_on, files.drafts, files.size, files.run_id
FROM files {only} ORDER BY files.manuscript_id DESC
"""


def ledger_rows(db: Database, *, refused: bool) -> list[Row]:
    """The files of the ledger, latest first; ``refused``: those of the view refused_files."""
    only = "JOIN refused_files USING (manuscript_id)" if refused else ""
    return list(db.query(_LEDGER.format(only=only)))
