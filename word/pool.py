"""Reading behind a fence: each file in a child process that may die without hurting the run.

One thread of the parent drives one child. Files go over in batches and answers stream back, so
that a file costs a fraction of a millisecond more than reading it here. When a child dies, hangs
or talks nonsense, the first file without an answer is to blame: it gets the reason, a new child
gets the rest.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import word
from nlp.types import Reading, Refusal
from word import wire
from word.convert import converted
from word.directory import MiB
from word.read import Office, after_conversion
from word.reasons import Refused

_TIME_SIGNALS = (signal.SIGXCPU, signal.SIGALRM)


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read and the name that its sender gave it."""

    path: Path
    name: str = ""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What one file may cost; see the guard for the limits on what it may hold."""

    memory: int = 1024 * MiB  # address space of a child
    cpu_seconds: int = 20
    wall_seconds: int = 60
    recycle: int = 1000  # files until a child is replaced by a fresh one
    batch: int = 32  # files a message


class _Child:
    """A child process and the bytes that it has sent but nobody has read."""

    def __init__(self, command: Sequence[str], limits: ReadLimits) -> None:
        root = str(Path(word.__file__).parent.parent)
        self._process = subprocess.Popen(
            [*command, str(limits.memory), str(limits.cpu_seconds), str(limits.wall_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": root, "PYTHONSAFEPATH": "1"},
        )
        assert self._process.stdin and self._process.stdout  # noqa: S101  for the type checker
        self._requests = self._process.stdin.fileno()
        self._answers = self._process.stdout.fileno()
        self._received = bytearray()
        self.served = 0

    def start(self, seconds: float) -> None:
        """Wait until the child is ready; a child that cannot start is our fault, not a file's."""
        try:
            ready = self.receive(seconds) == "ready"
        except (Refused, wire.Garbage):
            ready = False
        if not ready:
            self.kill()
            raise RuntimeError("the reading process does not start; its message stands above")

    def send(self, jobs: Sequence[Job]) -> None:
        """Hand a batch over; that the child has died is noticed when it is asked to answer."""
        message = memoryview(wire.frame([[str(job.path), job.name] for job in jobs]))
        try:
            while message:
                message = message[os.write(self._requests, message) :]
        except BrokenPipeError:
            pass

    def receive(self, seconds: float) -> object:
        """The next message.

        Raises:
            Refused: ``timeout`` or ``reader_died``.
            wire.Garbage: if it is no message.
        """
        deadline = time.monotonic() + seconds
        header = self._take(wire.HEADER, deadline)
        length = int.from_bytes(header, "big")
        if length > wire.MAX_MESSAGE:
            raise wire.Garbage(f"message of {length} bytes")
        return wire.parse(self._take(length, deadline))

    def _take(self, count: int, deadline: float) -> bytearray:
        while len(self._received) < count:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._answers], [], [], left)[0]:
                raise Refused("timeout", "no answer in time")
            chunk = os.read(self._answers, 1 << 18)
            if not chunk:
                raise self._cause_of_death()
            self._received += chunk
        taken = self._received[:count]
        del self._received[:count]
        return taken

    def _cause_of_death(self) -> Refused:
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            return Refused("reader_died", "closed its output")
        if -code in _TIME_SIGNALS:
            return Refused("timeout", signal.Signals(-code).name)
        return Refused("reader_died", signal.Signals(-code).name if code < 0 else f"exit {code}")

    def kill(self) -> None:
        """End the process now and leave nothing of it behind."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.wait()


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
        self._idle: deque[_Child] = deque()

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
        for index, answer in zip(waiting, self._convert(jobs, answers, waiting), strict=True):
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
        batches = deque(
            range(start, min(start + size, len(jobs))) for start in range(0, len(jobs), size)
        )
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
        """Drive one child through the batches that are left."""
        child: _Child | None = None
        try:
            while True:
                try:
                    left = batches.popleft()
                except IndexError:
                    return
                while left:
                    child = child or self._take_child()
                    done = self._serve(child, [jobs[i] for i in left])
                    for index, answer in zip(left, done, strict=False):
                        answers[index] = answer
                    left = left[len(done) :]
                    if left or _spent(done[-1]) or child.served >= self._limits.recycle:
                        child.kill()
                        child = None
        finally:
            if child:
                self._idle.append(child)

    def _take_child(self) -> _Child:
        try:
            return self._idle.popleft()
        except IndexError:
            child = _Child(self._command, self._limits)
            child.start(self._limits.wall_seconds)
            return child

    def _serve(self, child: _Child, jobs: Sequence[Job]) -> list[Reading | Refusal | Office]:
        """Answers up to and including the first file that ended the child."""
        child.send(jobs)
        done: list[Reading | Refusal | Office] = []
        for _ in jobs:
            try:
                answer = wire.unpack(child.receive(self._limits.wall_seconds))
            except Refused as refused:
                return [*done, refused.refusal()]
            except wire.Garbage as error:
                return [*done, Refusal("reader_died", f"garbage: {error}")]
            child.served += 1
            done.append(Office(answer) if isinstance(answer, str) else answer)
        return done


def _spent(answer: Reading | Refusal | Office) -> bool:
    """Whether the child that gave this answer should serve no more."""
    return isinstance(answer, Refusal) and answer.reason in (
        "out_of_memory", "timeout", "reader_died",
    )  # fmt: skip
