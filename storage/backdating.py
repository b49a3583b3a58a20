"""Drafts of earlier months that are entered late (补录): received on the day that they state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from storage.connection import write
from storage.schema_desk import fill

# Noon in Shanghai; the latest of a file's drafts, a day that has come, and earlier than known.
_WRITTEN: Final = """
UPDATE manuscript SET received_at = (
  SELECT max(draft.dated) FROM draft WHERE draft.manuscript_id = manuscript.id
    AND length(draft.dated) = 10
) || 'T04:00:00.000Z'
WHERE run_id = :run AND (
  SELECT max(draft.dated) FROM draft WHERE draft.manuscript_id = manuscript.id
    AND length(draft.dated) = 10
) < received_on
"""


@dataclass(frozen=True, slots=True)
class Backdated:
    """Files of a run: entered under the day that they state, and those that state none."""

    run_id: int
    changed: int
    unchanged: int


def backdate(db: Database, run_id: int | None = None) -> Backdated | None:
    """Let the files of a run (the last that took any) count as received on the day they state.

    A file without a whole date, or with one that lies later, keeps its day. None if there is no
    such run.
    """
    with write(db) as conn:
        run = conn.execute(
            "SELECT max(run_id) FROM manuscript"
            " WHERE state = 'read' AND run_id = coalesce(?, run_id)",
            (run_id,),
        ).fetchone()[0]
        if run is None:
            return None
        changed = conn.execute(_WRITTEN, {"run": run}).rowcount
        conn.execute(
            fill(
                f"draft.manuscript_id IN (SELECT id FROM manuscript WHERE run_id = {int(run)})"  # noqa: S608
            )
        )
        read = conn.execute(
            "SELECT count(*) FROM manuscript WHERE run_id = ? AND state = 'read'", (run,)
        ).fetchone()[0]
        return Backdated(int(run), changed, int(read) - changed)
