"""Where drafts are read and analysed: in this process, or in several that work ahead.

Pure work, no database: stored files in, ``Outcome`` records out, in the order of the batches. Each
worker owns one reading child (``word.pool``), so a hostile file kills neither it nor the run.
"""

from __future__ import annotations

import gc
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

# The standard library's pool hangs at its end when a worker is killed while another one starts
# (seen); loky is the same interface made robust against that, and its idle workers end by
# themselves when the parent was killed.
from loky import ProcessPoolExecutor

from nlp.types import Reading, Refusal

if TYPE_CHECKING:
    from nlp.analyse import Analyst
    from storage.commit import Outcome
    from word.pool import ReaderPool


@dataclass(frozen=True, slots=True)
class Task:
    """A stored file that waits to be read."""

    manuscript_id: int
    path: Path
    name: str  # as given by the sender
    size: int  # bytes
    received: str = ""  # ISO date of the office's calendar


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a worker must know to do its work; small and picklable."""

    make_analyst: Callable[[], Analyst]
    make_readers: Callable[[], ReaderPool]


class Bench:
    """One worker's tools: a reading child and an analyst."""

    def __init__(self, recipe: Recipe) -> None:
        self.analyst = recipe.make_analyst()
        self.readers = recipe.make_readers()
        gc.freeze()  # dictionaries and model stay for good: the collector need not walk them

    def work(self, tasks: Sequence[Task]) -> list[Outcome]:
        """Read, split and analyse a batch: one outcome a task, in order; no file raises.

        A draft that our own code stumbles over (a defect) costs only its file: the batch is judged
        again file by file, and the culprit gets a reason with the place of the defect.
        """
        from word.pool import Job

        answers = self.readers.read([Job(task.path, task.name) for task in tasks])
        try:
            return self._judge(tasks, answers)
        except Exception:  # whatever it is, it must not stop the office
            return [self._judge_one(*pair) for pair in zip(tasks, answers, strict=True)]

    def _judge_one(self, task: Task, answer: Reading | Refusal) -> Outcome:
        from storage.commit import Outcome

        try:
            return self._judge([task], [answer])[0]
        except Exception as error:
            return Outcome(task.manuscript_id, refusal=Refusal("reader_died", _place_of(error)))

    def _judge(self, tasks: Sequence[Task], answers: Sequence[Reading | Refusal]) -> list[Outcome]:
        from nlp.splitting import split
        from storage.commit import Outcome

        pieces = [() if isinstance(answer, Refusal) else split(answer) for answer in answers]
        received = [
            task.received for task, drafts in zip(tasks, pieces, strict=True) for _ in drafts
        ]
        flat = [draft for drafts in pieces for draft in drafts]
        found = iter(self.analyst.analyse(flat, received))
        outcomes = []
        for task, answer, drafts in zip(tasks, answers, pieces, strict=True):
            if isinstance(answer, Refusal):
                outcomes.append(Outcome(task.manuscript_id, refusal=answer))
            elif not drafts:
                outcomes.append(Outcome(task.manuscript_id, refusal=Refusal("no_text", "no draft")))
            else:
                judged = tuple((draft, next(found)) for draft in drafts)
                outcomes.append(Outcome(task.manuscript_id, answer.format, answer.notices, judged))
        return outcomes

    def close(self) -> None:
        """End the reading child."""
        self.readers.close()


def _place_of(error: Exception) -> str:
    """What a defect was and where: "KeyError: 'x' (splitting.py:61)"."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"


IDLE_SECONDS = 60.0
"""A worker without work for so long ends: the parent was killed, or is busy with something else."""

_bench: Bench | None = None


def _begin(recipe: Recipe) -> None:
    """Prepare a worker process. Ctrl+C is the parent's business."""
    global _bench
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _bench = Bench(recipe)


def _work(tasks: Sequence[Task]) -> list[Outcome]:
    if _bench is None:
        raise RuntimeError("a worker process starts with _begin")
    return _bench.work(tasks)


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workshop:
    """Does batches in order: alone, or ahead with ``workers`` processes. A context manager."""

    def __init__(self, recipe: Recipe, workers: int = 1) -> None:
        self._recipe = recipe
        self._workers = max(1, workers)
        self._bench: Bench | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._broken = False  # a worker died; without it the run goes on in this process alone

    def __enter__(self) -> Workshop:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(kill_workers=kind is not None)
            self._pool = None
        if self._bench is not None:
            self._bench.close()
            self._bench = None

    def outcomes(self, batches: Iterable[Sequence[Task]]) -> Iterator[list[Outcome]]:
        """The outcomes of each batch, in the order of ``batches``.

        With several workers a few batches are in work ahead of the one handed out, so memory stays
        bounded whatever the number of batches. A worker that dies (it should not: files are read
        in its child) costs no draft: the batch is done again here, in this process.
        """
        if self._workers == 1:
            for batch in batches:
                yield self._here(batch)
            return
        yield from self._ahead(batches)

    def _here(self, batch: Sequence[Task]) -> list[Outcome]:
        if self._bench is None:
            self._bench = Bench(self._recipe)
        return self._bench.work(batch)

    def _ahead(self, batches: Iterable[Sequence[Task]]) -> Iterator[list[Outcome]]:
        source = iter(batches)
        running: deque[tuple[Sequence[Task], Future[list[Outcome]] | None]] = deque()
        while True:
            while len(running) < 2 * self._workers:
                batch = next(source, None)
                if batch is None:
                    break
                running.append((batch, self._submit(batch)))
            if not running:
                return
            batch, future = running.popleft()
            yield self._outcome_of(batch, future)

    def _outcome_of(
        self, batch: Sequence[Task], future: Future[list[Outcome]] | None
    ) -> list[Outcome]:
        try:
            if future is not None:
                return future.result()
        except BrokenProcessPool:
            self._broken = True
        return self._here(batch)

    def _submit(self, batch: Sequence[Task]) -> Future[list[Outcome]] | None:
        """Hand a batch to the pool; None once it is broken: the rest is done here."""
        if self._broken:
            return None
        if self._pool is None:
            # Ended by a signal, loky's helper process complains in English of what it tidies up.
            os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
            self._pool = ProcessPoolExecutor(
                self._workers, timeout=IDLE_SECONDS, initializer=_begin, initargs=(self._recipe,)
            )
        try:
            future: Future[list[Outcome]] = self._pool.submit(_work, batch)
        except BrokenProcessPool:
            self._broken = True
            return None
        return future
