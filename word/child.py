"""The child process that reads files: ``python -m word.child MEMORY CPU WALL``.

It gets batches of files on standard input and answers each on standard output, in order
(``word.wire``). It lives under limits, so that a file which makes it hang, eat memory or crash
ends this process and nothing else; ``word.pool`` replaces it. It ends when its input ends.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from nlp.types import Reading, Refusal
from word import read, wire

_OPEN_FILES = 64


def main(arguments: list[str]) -> None:
    """Serve until standard input ends.

    Args:
        arguments: address space in bytes, processor seconds a file, wall seconds a file.
    """
    memory, cpu, wall = map(int, arguments)
    answers = _own_output()
    _limit(memory)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    answers.write(wire.frame("ready"))
    answers.flush()
    requests = os.fdopen(0, "rb")
    while header := requests.read(wire.HEADER):
        payload = requests.read(int.from_bytes(header, "big"))
        for path, name in wire.jobs(wire.parse(payload)):
            _allow(cpu, wall)
            answers.write(_answer(Path(path), name))
            answers.flush()
        signal.alarm(0)


def _own_output() -> BinaryIO:
    """Keep the pipe to the parent for ourselves: what a library prints must not reach it."""
    own = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return os.fdopen(own, "wb")


def _limit(memory: int) -> None:
    sys.dont_write_bytecode = True
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (value, value))


def _allow(cpu: int, wall: int) -> None:
    """Grant one more file its time; the signals of both clocks end the process.

    The parent watches the wall clock too. The alarm is for the child whose parent is gone.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + cpu
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    signal.alarm(wall + 5)


def _answer(path: Path, name: str) -> bytes:
    """The framed answer for one file."""
    try:
        answer = read.read_native(path, name)
        return _framed(answer.format if isinstance(answer, read.Office) else answer)
    except MemoryError:
        return _framed(Refusal("out_of_memory"))
    except Exception as error:  # a defect of ours: costs this file, and says where it is
        return _framed(Refusal("reader_died", _where(error)))


def _framed(answer: Reading | Refusal | str) -> bytes:
    return wire.frame(wire.pack(answer))


def _where(error: Exception) -> str:
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else ""
    return f"{type(error).__name__}: {error} ({place})"


if __name__ == "__main__":
    main(sys.argv[1:])
