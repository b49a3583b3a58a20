"""Where and when something was measured, and the page that holds the latest figures."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
PACKAGES = ("lxml", "numpy", "prefect", "python-docx", "rjieba", "scikit-learn", "sqlite-utils")


def describe() -> str:
    """One line: date, processor, Python, packages."""
    model = "unknown processor"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            x.split(":", 1)[1].strip()
            for x in cpuinfo.read_text().splitlines()
            if "model name" in x
        ]
        model = names[0] if names else model
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return f"{today}, {os.cpu_count()} × {model}, Python {platform.python_version()}, {versions}"


def put_section(name: str, lines: list[str]) -> None:
    """Replace the part of docs/benchmarks.md between the marks of ``name``."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    page = PAGE.read_text("utf-8")
    head, _, rest = page.partition(begin)
    _, _, tail = rest.partition(end)
    if not rest or not tail:
        raise SystemExit(f"docs/benchmarks.md has no marks for {name}")
    PAGE.write_text(f"{head}{begin}\n" + "\n".join(lines) + f"\n{end}{tail}", "utf-8")
