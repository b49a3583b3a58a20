"""Files taken before they are whole, ours beside the usual rule, under a simulated clock.

python -m benchmarks.half_written --count 1000 [--write]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.reliability import Line, report
from tests.support_uploads import Take, arrive, by_stillness, by_the_rules


def measured(what: str, count: int, take: Take) -> Line:
    """One way of taking, as a line."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as room:
        found = arrive(Path(room) / "in", count, take)
    return Line(what, f"{found.early} of {found.files} taken early, {found.missed} never whole")


def main() -> None:
    """Both ways on the same arrivals."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    lines = [
        measured("settled for 5 s, and every member checks out", asked.count, by_the_rules),
        measured("control: size and time still for 5 s", asked.count, by_stillness),
    ]
    report("half_written", lines, write=asked.write)


if __name__ == "__main__":
    main()
