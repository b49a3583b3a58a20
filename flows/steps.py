"""The steps of intake as plain functions: collect → (read, analyse) → commit.

``flows.intake`` composes them as a Prefect flow, ``flows.direct`` composes them as they are; both
write the same rows. Killing the process between or inside any of them loses nothing and doubles
nothing: what was collected waits in the ledger, what was committed is skipped.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from flows.archives import open_archive
from flows.cluster import Cluster
from flows.inbox import Found, finished, refuse_own, scan, settled
from flows.models import make_analyst
from flows.office import Office, Tally
from flows.processes import Processes, processors
from flows.workshop import Crew, Recipe, Task, Workshop
from nlp.types import Refusal
from storage import ledger
from storage.blobs import Stored
from storage.commit import Outcome, commit_batch
from storage.ledger import Submission
from storage.units import Units, load_units
from zugao.settings import Settings

if TYPE_CHECKING:
    from word.pool import ReaderPool

T = TypeVar("T")

MAX_STORED = 50 * 1024 * 1024
"""Bytes; larger files are named in the ledger but not copied (a full disk stops everybody)."""

MAX_BATCH = 32 * 1024 * 1024
"""Bytes of files in one batch, whatever their number."""

PAGE = 1000
"""Waiting files asked for at once."""

WORTH_A_PROCESS = 400
"""Files: about a second of work, what starting a process costs."""

Report = Callable[[str, int, int], None]
"""Told the step, how many of its files are done, and how many there are."""

reporting: ContextVar[Report] = ContextVar("reporting", default=lambda step, done, total: None)
"""Who watches a flow: its parameters must be plain values, so the callback travels beside them."""


def collect(
    office: Office, inbox: Path, run_id: int, tally: Tally, report: Report, *, wait: bool
) -> None:
    """Copy what is new in the inbox into the store and enter it into the ledger.

    With ``wait`` off, files that may still be written are taken as they are.
    Raises InboxError if the inbox cannot be read; files have their own reasons.
    """
    refuse_own(inbox, office.settings.home)
    found = scan(inbox)
    tally.found = len(found)
    by_path = {f.stat.path: f for f in found}
    stats = [f.stat for f in found]
    new = [by_path[stat.path] for stat in ledger.unseen(office.db, stats)]
    ready = _written(office, new, tally) if wait else new
    units = load_units(office.db)
    done = 0
    for batch in _chunks(ready, office.settings.intake.batch):
        submissions = _store(office, batch, units)
        receipts = ledger.receive(office.db, submissions, run_id)
        tally.new += sum(receipt.new for receipt in receipts)
        tally.refused += sum(
            r.new and s.refusal is not None for r, s in zip(receipts, submissions, strict=True)
        )
        done += len(batch)
        report("收取", done, len(ready))


def _written(office: Office, new: Sequence[Found], tally: Tally) -> list[Found]:
    """Those files that nobody is writing any more; the others are named in the tally."""
    intake = office.settings.intake
    ready, moving = settled(new, intake.settle_seconds)
    whole = [f for f in ready if finished(f, intake.wait_minutes * 60)]
    taken = {f.path for f in whole}
    tally.moving = [f.name for f in (*moving, *ready) if f.path not in taken]
    return whole


def _store(office: Office, batch: Sequence[Found], units: Units) -> list[Submission]:
    """Copy a batch into the store; a file that cannot be copied comes with its reason."""
    problems = {f.path: Refusal(f.problem) for f in batch if f.problem}
    problems |= {
        f.path: Refusal("too_large", f"{f.stat.size} bytes")
        for f in batch
        if f.stat.size > MAX_STORED
    }
    storable = [f for f in batch if f.path not in problems]
    copies = dict(
        zip(
            (f.path for f in storable),
            office.blobs.add_many([f.path for f in storable]),
            strict=True,
        )
    )
    return [_submission(f, problems.get(f.path) or copies[f.path], units) for f in batch]


def _submission(found: Found, copy: Stored | Refusal, units: Units) -> Submission:
    unit_id, given = units.of_place(found.place)
    stored = copy if isinstance(copy, Stored) else None
    return Submission(
        name=found.name,
        unit_given=given,
        source=found.place,
        unit_id=unit_id,
        sha256=stored.sha256 if stored else None,
        size=stored.size if stored else found.stat.size,
        refusal=copy if isinstance(copy, Refusal) else None,
        stat=found.stat,
    )


def work(office: Office, report: Report) -> Iterator[list[Outcome]]:
    """Read and analyse all files that wait, batch by batch, in the order of arrival.

    Commit what is handed out before asking for more: an opened archive brings further files.
    Nothing is written here.
    """
    done = last = 0
    crew = _crew(office, ledger.count_waiting(office.db))
    with Workshop(recipe(office.settings, office.model), crew) as shop:
        while left := ledger.count_waiting(office.db, after=last):
            total = done + left
            for outcomes in shop.outcomes(
                _batches(_waiting(office, last), office.settings.intake.batch)
            ):
                last = outcomes[-1].manuscript_id
                done += len(outcomes)
                report("读稿、分析、入库", done, max(done, total))
                yield outcomes
        if shop.mended:
            office.notices.append(
                f"有{shop.mended}批稿件在别的进程或机器上没有做成，已在本机补做，结果不受影响；"
                "多半是那里中断、磁盘已满或程序版本不同。"
            )


def _waiting(office: Office, after: int) -> Iterator[Task]:
    """The files that wait, a page at a time: memory does not follow their number."""
    while page := ledger.waiting(office.db, after=after, count=PAGE):
        for row in page:
            path = office.blobs.path(row.sha256)
            yield Task(row.manuscript_id, path, row.name, row.size, row.received_on)
        after = page[-1].manuscript_id


def _crew(office: Office, tasks: int) -> Crew | None:
    """Who works ahead: the cluster of the settings, processes, or nobody.

    As many as the work is worth: a process, and a cluster to connect to, takes a second to start.
    """
    settings = office.settings
    if settings.cluster.address and tasks >= WORTH_A_PROCESS:
        return Cluster(settings, office.model)
    workers = min(settings.intake.workers or processors(), tasks // WORTH_A_PROCESS)
    return Processes(recipe(settings, office.model), workers) if workers > 1 else None


def recipe(settings: Settings, model: Path | None = None) -> Recipe:
    """How a worker makes its analyst (with this model file) and its reading child."""
    return Recipe(partial(make_analyst, settings, model), partial(make_readers, settings))


def make_readers(settings: Settings) -> ReaderPool:
    """One reading child with the limits of the guard."""
    from word.pool import ReaderPool

    return ReaderPool(workers=1)


def commit(office: Office, run_id: int, outcomes: Sequence[Outcome], tally: Tally) -> None:
    """Write one batch of outcomes; archives among them are opened and their files received."""
    packed = [o for o in outcomes if o.refusal is not None and o.refusal.reason == "archive_nested"]
    ids = {o.manuscript_id for o in packed}
    kept = [o for o in outcomes if o.manuscript_id not in ids]
    tally.add(commit_batch(office.db, run_id, kept, office.settings.reuse.rules()))
    for outcome in packed:
        open_archive(office, run_id, outcome.manuscript_id, tally)


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while chunk := list(itertools.islice(source, size)):
        yield chunk


def _batches(tasks: Iterable[Task], files: int) -> Iterator[list[Task]]:
    """Batches of at most so many files and MAX_BATCH bytes: memory does not follow the inbox."""
    batch: list[Task] = []
    size = 0
    for task in tasks:
        if batch and (len(batch) >= files or size + task.size > MAX_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(task)
        size += task.size
    if batch:
        yield batch
