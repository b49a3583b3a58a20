"""A crew of processes on this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

# The standard library's pool hangs at its end when a worker is killed while another one starts
# (seen); loky is the same interface made robust against that, and its idle workers end by
# themselves when the parent was killed.
from loky import ProcessPoolExecutor

from flows.workshop import Bench, Promise, Recipe, Task

if TYPE_CHECKING:
    from storage.commit import Outcome

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


class Processes:
    """A pool of processes. Once a worker dies (it should not: files are read in its child), the
    pool is given up and every batch left is for the caller."""

    def __init__(self, recipe: Recipe, workers: int) -> None:
        # Ended by a signal, loky's helper process complains in English of what it tidies up.
        os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
        self._workers = workers
        self._broken = False
        self._pool = ProcessPoolExecutor(
            workers, timeout=IDLE_SECONDS, initializer=_begin, initargs=(recipe,)
        )

    def width(self) -> int:
        """Processes in the pool."""
        return self._workers

    def submit(self, batch: Sequence[Task]) -> Promise:
        """Hand a batch to the pool."""
        if self._broken:
            return lambda: None
        try:
            future: Future[list[Outcome]] = self._pool.submit(_work, batch)
        except BrokenProcessPool:
            self._broken = True
            return lambda: None
        return lambda: self._result(future)

    def _result(self, future: Future[list[Outcome]]) -> list[Outcome] | None:
        try:
            return future.result()
        except BrokenProcessPool:
            self._broken = True
            return None

    def close(self, *, failed: bool) -> None:
        """End the processes, at once if the run failed."""
        self._pool.shutdown(kill_workers=failed)
