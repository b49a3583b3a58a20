"""The record of trained models: which is in use, and what each training came to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from storage.clock import stamp
from storage.connection import raw, write


@dataclass(frozen=True, slots=True)
class Training:
    """One training; ``file`` and ``sha256`` are "" where the model before it was kept."""

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
    adopted: bool


def record_training(db: Database, done: Training) -> None:
    """Append a training; if ``adopted``, its model is in use from now on."""
    with write(db) as conn:
        conn.execute(
            "INSERT INTO model (version, file, sha256, training_hash, taxonomy_version, samples,"
            " decisions, held_out, last_decision, metrics, outcome, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                "adopted" if done.adopted else "kept",
                stamp(),
            ),
        )


def model_in_use(db: Database) -> tuple[str, str] | None:
    """File name and SHA-256 of the model that was adopted last; None for the built-in one."""
    row = raw(db).execute(
        "SELECT file, sha256 FROM model WHERE outcome = 'adopted' ORDER BY id DESC LIMIT 1"
    ).fetchone()  # fmt: skip
    return None if row is None else (str(row[0]), str(row[1]))


def last_learned(db: Database) -> int:
    """Number of the last decision that a training knew of; 0 before the first training."""
    row = raw(db).execute("SELECT max(last_decision) FROM model").fetchone()
    return int(row[0] or 0)
