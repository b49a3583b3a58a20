"""A child process that misbehaves on demand: the file's name says how.

It is the real one, limits and all, but for the reading of files whose name is a misdeed.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from nlp.types import Reading, Refusal
from word import child, read

_read_native = read.read_native


def misbehave(path: Path, name: str = "") -> Reading | Refusal | read.Office:
    match name:
        case "hang":
            time.sleep(600)
        case "spin":
            while True:
                pass
        case "eat":
            held = []
            while True:
                held.append(bytearray(1 << 24))
        case "die":
            os.abort()
        case "leave":
            os._exit(3)
        case "raise":
            raise KeyError("a defect")
        case "print":
            print("x" * 100, flush=True)  # noqa: T201
            os.system("echo shell speaks")
        case "write":
            Path("left-behind").write_text("x")
        case "pid":
            return Refusal("no_text", str(os.getpid()))
        case "environment":
            return Refusal("no_text", " ".join(sorted(os.environ)))
    if name.startswith("say "):
        raise Speak(name[4:].encode("latin-1"))
    return _read_native(path, name)


class Speak(BaseException):
    """Raised to put raw bytes on the pipe in place of an answer."""


def main() -> None:
    read.read_native = misbehave
    answer = child._answer

    def answer_or_speak(path: Path, name: str) -> bytes:
        try:
            return answer(path, name)
        except Speak as speech:
            return bytes(speech.args[0])

    child._answer = answer_or_speak
    child.main(sys.argv[1:])


if __name__ == "__main__":
    main()
