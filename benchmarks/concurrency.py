"""Four writers, two readers and backups on one database, ours beside a deferred BEGIN.

python -m benchmarks.concurrency --each 10000 [--write]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.reliability import Line, report
from storage.connection import write
from tests.support_writers import Begin, contend, deferred


def measured(what: str, each: int, begin: Begin, think: float) -> Line:
    """One run, as a line."""
    with tempfile.TemporaryDirectory() as room:
        began = time.monotonic()
        found = contend(Path(room) / "zugao.db", each=each, begin=begin, think=think)
        seconds = time.monotonic() - began
    return Line(
        what,
        f"4 × {each} transactions in {seconds:.0f} s: {found.locked} failed as locked, "
        f"{found.done - found.counted} updates lost; {found.reads} reads and {found.backups} "
        f"backups beside them, {found.torn} torn",
    )


def main() -> None:
    """Run ours, then the control on a tenth of the work."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=10_000)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    lines = [
        measured("BEGIN IMMEDIATE (storage.connection.write)", asked.each, write, 0),
        measured("control: deferred BEGIN, same patience", asked.each // 10, deferred, 0),
    ]
    report("concurrency", lines, write=asked.write)


if __name__ == "__main__":
    main()
