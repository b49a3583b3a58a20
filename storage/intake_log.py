"""What came in, run by run, and what still waits for somebody: for the desk."""

from __future__ import annotations

from sqlite_utils import Database

from storage.questions import Row

_RUNS = """
SELECT run_id, started, ended, how, outcome, new_files, read_files, refused_files, drafts
FROM runs ORDER BY run_id DESC LIMIT :count
"""

_REFUSED = """
SELECT manuscript_id, unit, unit_given, file_name, reason, state, attempts, received_on, source,
  (SELECT sha256 IS NOT NULL FROM manuscript WHERE manuscript.id = manuscript_id) AS stored
FROM refused_files ORDER BY manuscript_id DESC LIMIT :count
"""


def latest_runs(db: Database, count: int) -> list[Row]:
    """The last runs, latest first: times in Beijing, how, outcome, counts."""
    return list(db.query(_RUNS, {"count": count}))


def files_refused(db: Database, count: int) -> list[Row]:
    """Files that were not read and that nothing has replaced, latest first.

    ``stored``: whether the original is kept, so that it can be read again.
    """
    return list(db.query(_REFUSED, {"count": count}))


def refused_count(db: Database) -> int:
    """How many such files there are."""
    return int(str(next(db.query("SELECT count(*) AS n FROM refused_files"))["n"]))
