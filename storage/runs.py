"""Runs of the intake, as they are recorded.

A run that was killed cannot say so itself: the next one does. Who starts a run holds the lease
(:mod:`storage.lease`), so a run that is still open then has no process any more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from sqlite_utils import Database

from storage.clock import stamp
from storage.connection import raw, write
from storage.texts import storable_name

How = Literal["direct", "prefect"]
RunOutcome = Literal["completed", "refusals", "failed"]


def start_run(db: Database, how: How, inbox: str, *, flow_run_id: str = "") -> int:
    """Open a run and mark those left open as interrupted; returns its id."""
    now = stamp()
    with write(db) as conn:
        conn.execute(
            "UPDATE run SET outcome = 'interrupted', ended_at = ? WHERE outcome = 'running'",
            (now,),
        )
        cursor = conn.execute(
            "INSERT INTO run (started_at, how, flow_run_id, inbox) VALUES (?, ?, ?, ?)",
            (now, how, flow_run_id, storable_name(inbox)),
        )
    return int(cursor.lastrowid or 0)


def finish_run(
    db: Database, run_id: int, outcome: RunOutcome, counts: Mapping[str, int | float]
) -> None:
    """Close a run with the figures that it counted; a run that is closed stays as it is."""
    with write(db) as conn:
        conn.execute(
            "UPDATE run SET outcome = ?, ended_at = ?, counts = ?"
            " WHERE id = ? AND outcome = 'running'",
            (outcome, stamp(), json.dumps(dict(counts), sort_keys=True), run_id),
        )


def latest_run(db: Database) -> int | None:
    """Id of the run started last, None if there was none."""
    row = raw(db).execute("SELECT max(id) FROM run").fetchone()
    return None if row[0] is None else int(row[0])
