"""Reading behind a fence: each file in a child process that may die without hurting the run.

One thread of the parent drives one child. Files go over in batches and answers stream back, so
that a file costs a fraction of a millisecond more than reading it here. When a child dies, hangs
or talks nonsense, the first file without an answer is to blame: it gets the reason, a new child
gets the rest.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from nlp.types import Reading, Refusal
from word import wire
from word.convert import converted
from word.process import Child, ReadLimits
from word.read import Office, after_conversion
from word.reasons import Refused

__all__ = ["Job", "ReadLimits", "ReaderPool"]


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read and the name that its sender gave it."""

    path: Path
    name: str = ""


class ReaderPool:
    """Children that read files; use it as a context manager.

    Args:
        workers: children, and threads that drive them.
        limits: what one file may cost.
        command: how to start a child, in tests.
    """

    def __init__(
        self,
        workers: int = 1,
        limits: ReadLimits | None = None,
        command: Sequence[str] = (sys.executable, "-m", "word.child"),
    ) -> None:
        self._workers = max(1, workers)
        self._limits = limits or ReadLimits()
        self._command = tuple(command)
        self._idle: deque[Child] = deque()

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all children."""
        while self._idle:
            self._idle.pop().kill()

    def read(self, jobs: Sequence[Job]) -> list[Reading | Refusal]:
        """What was read of each file, or why not, in the order of ``jobs``.

        Raises:
            RuntimeError: if children cannot be started at all.
        """
        answers = self._read_native(jobs)
        waiting = [i for i, answer in enumerate(answers) if isinstance(answer, Office)]
        if waiting:
            made = self._convert(jobs, answers, waiting)
            for index, answer in zip(waiting, made, strict=True):
                answers[index] = answer
        return [answer for answer in answers if not isinstance(answer, Office)]

    def _convert(
        self, jobs: Sequence[Job], answers: Sequence[Reading | Refusal | Office], which: list[int]
    ) -> list[Reading | Refusal]:
        """Convert here, under LibreOffice's own limits, and read the result in a child."""
        formats = [a.format for i in which if isinstance(a := answers[i], Office)]
        files = [(jobs[i].path, kind) for i, kind in zip(which, formats, strict=True)]
        with converted(files) as results:
            made = iter(self._read_native([Job(r) for r in results if isinstance(r, Path)]))
            return [
                result if isinstance(result, Refusal) else after_conversion(next(made), kind)
                for result, kind in zip(results, formats, strict=True)
            ]

    def _read_native(self, jobs: Sequence[Job]) -> list[Reading | Refusal | Office]:
        answers: list[Reading | Refusal | Office] = [Refusal("reader_died")] * len(jobs)
        size = max(1, min(self._limits.batch, -(-len(jobs) // self._workers)))
        everything = range(len(jobs))
        batches = deque(everything[start : start + size] for start in everything[::size])
        if self._workers == 1 or len(batches) <= 1:
            self._work(jobs, batches, answers)
            return answers
        with ThreadPoolExecutor(self._workers, "reader") as threads:
            running = [
                threads.submit(self._work, jobs, batches, answers) for _ in range(self._workers)
            ]
        for future in running:
            future.result()
        return answers

    def _work(
        self,
        jobs: Sequence[Job],
        batches: deque[range],
        answers: list[Reading | Refusal | Office],
    ) -> None:
        """Serve the batches that are left, until none is."""
        while True:
            try:
                left = batches.popleft()
            except IndexError:
                return
            while left:
                done = self._serve([jobs[i] for i in left])
                for index, answer in zip(left, done, strict=False):
                    answers[index] = answer
                left = left[len(done) :]

    def _serve(self, jobs: Sequence[Job]) -> list[Reading | Refusal | Office]:
        """Answers of one child, up to and including the first file that ended it."""
        child = self._take_child()
        sound = False
        try:
            done = self._ask(child, jobs)
            sound = not _ends_child(done[-1])
        finally:  # also when we are interrupted: unread answers must not meet other files
            if sound and child.served < self._limits.recycle:
                self._idle.append(child)
            else:
                child.kill()
        return done

    def _take_child(self) -> Child:
        try:
            return self._idle.popleft()
        except IndexError:
            child = Child(self._command, self._limits)
            child.start()
            return child

    def _ask(self, child: Child, jobs: Sequence[Job]) -> list[Reading | Refusal | Office]:
        child.send([(job.path, job.name) for job in jobs])
        done: list[Reading | Refusal | Office] = []
        for _ in jobs:
            try:
                answer = wire.unpack(child.receive())
            except Refused as refused:
                answer = refused.refusal()
            except wire.Garbage as error:
                answer = Refusal("reader_died", f"garbage: {error}")
            child.served += 1
            done.append(Office(answer) if isinstance(answer, str) else answer)
            if _ends_child(done[-1]):
                break
        return done


def _ends_child(answer: Reading | Refusal | Office) -> bool:
    """Whether the child that gave this answer, or failed to, should serve no more."""
    spent = ("out_of_memory", "timeout", "reader_died")
    return isinstance(answer, Refusal) and answer.reason in spent
