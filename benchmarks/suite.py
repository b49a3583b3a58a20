"""The benchmarks one after the other, each in a process of its own, into docs/benchmarks.md.

python -m benchmarks.suite             make bench: the quick set, at most ten minutes
python -m benchmarks.suite --long      make bench-long: everything, the million drafts too
"""

from __future__ import annotations

import subprocess
import sys
import time

QUICK = ("quick", "segmentation", "cut", "form")
LONG = (
    *QUICK,
    "pipeline",
    "flow_cost --sizes 60 2000 50000",
    "scaling",
    "growth --million",
    "statistics",
    "desk",
    "points",
    "matching",
    "themes",
    "learning",
    "reuse",
    "reuse_paraphrases",
)


def main() -> None:
    """Run the set; a benchmark that fails is named at the end, the others still run."""
    failed = []
    for name in LONG if "--long" in sys.argv else QUICK:
        module, *arguments = name.split()
        print(f"── {name}", flush=True)
        began = time.monotonic()
        command = [sys.executable, "-m", f"benchmarks.{module}", *arguments, "--write"]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
        print(f"── {name}: {time.monotonic() - began:.0f} s", flush=True)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
