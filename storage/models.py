"""The record of models: what each training came to, what a person chose, and which is in use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from storage.clock import stamp
from storage.connection import raw, write


@dataclass(frozen=True, slots=True)
class Training:
    """One training, or one choice by hand.

    ``file`` and ``sha256`` are "" where the model before it was kept or the built-in one chosen;
    ``who`` chose it.
    """

    version: str
    file: str
    sha256: str
    training_hash: str
    taxonomy_version: str
    samples: int
    decisions: int
    held_out: int
    last_decision: int
    metrics: Mapping[str, float]
    outcome: Literal["adopted", "kept", "chosen"]
    who: str = ""


def record_training(db: Database, done: Training) -> None:
    """Append a training; if it was adopted or chosen, its model is in use from now on."""
    with write(db) as conn:
        conn.execute(
            "INSERT INTO model (version, file, sha256, training_hash, taxonomy_version, samples,"
            " decisions, held_out, last_decision, metrics, outcome, made_at, who)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                done.version,
                done.file,
                done.sha256,
                done.training_hash,
                done.taxonomy_version,
                done.samples,
                done.decisions,
                done.held_out,
                done.last_decision,
                json.dumps(dict(done.metrics), sort_keys=True),
                done.outcome,
                stamp(),
                done.who,
            ),
        )


def model_in_use(db: Database) -> tuple[str, str] | None:
    """File name and SHA-256 of the model adopted or chosen last; None for the built-in one."""
    row = raw(db).execute(
        "SELECT file, sha256 FROM model WHERE outcome IN ('adopted', 'chosen')"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()  # fmt: skip
    return None if row is None or not row[0] else (str(row[0]), str(row[1]))


def adopted_models(db: Database) -> dict[str, Training]:
    """Version → the training that made it, of every model that was ever adopted, oldest first."""
    rows = db.query(
        "SELECT version, file, sha256, training_hash, taxonomy_version, samples, decisions,"
        " held_out, last_decision, outcome, metrics FROM model WHERE outcome = 'adopted'"
        " ORDER BY id"
    )
    return {r["version"]: Training(**{**r, "metrics": json.loads(r["metrics"])}) for r in rows}


def last_learned(db: Database) -> int:
    """Number of the last decision that a training knew of; 0 before the first training."""
    row = raw(db).execute("SELECT max(last_decision) FROM model").fetchone()
    return int(row[0] or 0)
