"""One child process as its parent sees it: start, hand files over, hear answers, end."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import word
from word import wire
from word.directory import MiB
from word.reasons import Refused

_TIME_SIGNALS = (signal.SIGXCPU, signal.SIGALRM)
_START_SECONDS = 60.0
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "LC_ALL", "LANG")  # the rest may be secret


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What one file may cost; see the guard for the limits on what it may hold."""

    memory: int = 1024 * MiB  # address space of a child
    cpu_seconds: int = 20
    wall_seconds: int = 60
    recycle: int = 1000  # files until a child is replaced by a fresh one
    batch: int = 32  # files a message


class Child:
    """A process that runs ``word.child``, and what it has sent but nobody has read."""

    def __init__(self, command: Sequence[str], limits: ReadLimits) -> None:
        root = str(Path(word.__file__).parent.parent)
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        self._process = subprocess.Popen(
            [*command, str(limits.memory), str(limits.cpu_seconds), str(limits.wall_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**inherited, "PYTHONPATH": root, "PYTHONSAFEPATH": "1"},
        )
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None  # noqa: S101  for the type checker
        assert answers is not None  # noqa: S101
        self._requests, self._answers = requests.fileno(), answers.fileno()
        self._poll = select.poll()
        self._poll.register(self._answers, select.POLLIN)
        self._received = bytearray()
        self._seconds: float = _START_SECONDS
        self._limits = limits
        self.served = 0

    def start(self) -> None:
        """Wait until the child is ready; a child that cannot start is our fault, not a file's."""
        try:
            ready = self.receive() == "ready"
            self._seconds = self._limits.wall_seconds
        except (Refused, wire.Garbage):
            ready = False
        if not ready:
            self.kill()
            raise RuntimeError("the reading process does not start; its message stands above")

    def send(self, jobs: Sequence[tuple[Path, str]]) -> None:
        """Hand a batch over; that the child has died is noticed when it is asked to answer."""
        message = memoryview(wire.frame([[str(path), name] for path, name in jobs]))
        with suppress(BrokenPipeError):
            while message:
                message = message[os.write(self._requests, message) :]

    def receive(self) -> object:
        """The next message.

        Raises:
            Refused: ``timeout`` or ``reader_died``.
            wire.Garbage: if it is no message.
        """
        deadline = time.monotonic() + self._seconds
        header = self._take(wire.HEADER, deadline)
        length = int.from_bytes(header, "big")
        if length > wire.MAX_MESSAGE:
            raise wire.Garbage(f"message of {length} bytes")
        return wire.parse(self._take(length, deadline))

    def _take(self, count: int, deadline: float) -> bytearray:
        while len(self._received) < count:
            left = deadline - time.monotonic()
            if left <= 0 or not self._poll.poll(left * 1000):
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
