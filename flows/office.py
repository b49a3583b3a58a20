"""An open working folder and one run in it: database, store, lease, record, tally."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from flows.models import choose, taxonomy_of
from reports.summary import Summary
from storage import lease, ledger, runs
from storage.aspects import Aspect, remember_aspects
from storage.blobs import BlobStore
from storage.commit import Committed
from storage.connection import Database, open_database
from storage.errors import StorageError
from storage.questions import run_summary
from zugao.settings import Settings

INTAKE = "intake"
"""Name of the lease that one run of intake holds."""


class Busy(Exception):
    """Another intake is running on this database; the message is one Chinese sentence."""


@dataclass(slots=True)
class Office:
    """An open working folder: settings, database, content store; and what a run judges by."""

    settings: Settings
    db: Database
    blobs: BlobStore
    model: Path | None = None  # file of the theme model, None for the built-in one
    notices: list[str] = field(default_factory=list)  # sentences for the summary


@dataclass(slots=True)
class Tally:
    """What a run counted so far."""

    found: int = 0  # files in the inbox, all of them
    new: int = 0  # of them entered into the ledger now
    unpacked: int = 0  # files entered from archives among them
    moving: list[str] = field(default_factory=list)  # still being written, left for the next run
    read: int = 0
    refused: int = 0
    drafts: int = 0
    pairs: int = 0

    def add(self, committed: Committed) -> None:
        """Count a committed batch in."""
        self.read += committed.read
        self.refused += committed.refused
        self.drafts += committed.drafts
        self.pairs += committed.pairs

    def counts(self) -> dict[str, int]:
        """As recorded with the run."""
        return {
            "found": self.found,
            "new": self.new,
            "unpacked": self.unpacked,
            "moving": len(self.moving),
            "read": self.read,
            "refused": self.refused,
            "drafts": self.drafts,
            "pairs": self.pairs,
        }


@contextmanager
def open_office(settings: Settings) -> Iterator[Office]:
    """Open the working folder; closes the database at the end.

    Raises StorageError with a Chinese sentence if it cannot be used.
    """
    db = open_database(settings.database)
    try:
        yield Office(settings, db, BlobStore(settings.originals))
    finally:
        db.close()


@contextmanager
def sole_run(office: Office) -> Iterator[Callable[[], None]]:
    """Hold the intake lease for the time of a run; yields what renews it. Raises Busy."""
    held = lease.acquire(office.db, INTAKE)
    if held is None:
        other = lease.holder(office.db, INTAKE)
        who = f"（主机 {other.host}，进程 {other.pid}）" if other else ""
        raise Busy(f"另一个收稿任务正在运行{who}，这次没有做；等它结束后再运行即可。")

    def renew() -> None:
        if not lease.renew(office.db, held):
            raise Busy("收稿任务停顿太久，已被另一个任务接替；本任务停下，已提交的不受影响。")

    try:
        yield renew
    finally:
        with suppress(StorageError):  # a full disk: the lease ends with this process
            lease.release(office.db, held)


def begin(office: Office, inbox: Path, how: runs.How, flow_run_id: str = "") -> int:
    """Open the record of a run; let files be read again whose cause of refusal is gone."""
    from word.convert import find_office

    remember_taxonomy(office)
    chosen = choose(office.settings, office.db)
    office.model = chosen.path
    office.notices += [chosen.notice] if chosen.notice else []
    office.blobs.sweep()
    for left in office.settings.home.glob(
        ".unpack-*"
    ):  # by a run that was killed; we hold the lease
        shutil.rmtree(left, ignore_errors=True)
    run_id = runs.start_run(office.db, how, str(inbox), flow_run_id=flow_run_id)
    if find_office():
        ledger.release(office.db, "needs_libreoffice", run_id)
    return run_id


def remember_taxonomy(office: Office) -> None:
    """Let the database know the taxonomy of the settings. Raises SettingsError."""
    taxonomy = taxonomy_of(office.settings)
    categories = {category.code: category.name for category in taxonomy.categories}
    heirs = taxonomy.successors()
    aspects = [
        Aspect(a.code, a.name, a.category, categories[a.category], a.retired, heirs.get(a.code))
        for a in taxonomy.aspects
    ]
    remember_aspects(office.db, aspects, taxonomy.version)


@contextmanager
def recorded(office: Office, run_id: int, tally: Tally, began: float) -> Iterator[None]:
    """Close the record of a run at its end, whichever end it is."""
    try:
        yield
    except BaseException:
        with suppress(StorageError):  # a full disk cannot take this note either
            runs.finish_run(office.db, run_id, "failed", _counts(tally, began))
        raise
    outcome: runs.RunOutcome = "refusals" if tally.refused else "completed"
    runs.finish_run(office.db, run_id, outcome, _counts(tally, began))


def _counts(tally: Tally, began: float) -> dict[str, int | float]:
    return {**tally.counts(), "seconds": round(time.monotonic() - began, 3)}


def summarise(office: Office, run_id: int, tally: Tally, began: float) -> Summary:
    """What the run did, from the database."""
    return Summary(
        facts=run_summary(office.db, run_id),
        found=tally.found,
        moving=tuple(tally.moving),
        notices=tuple(office.notices),
        seconds=time.monotonic() - began,
    )
