"""One file as it grows: what each thing costs at each size, and what that makes of an office.

    python -m benchmarks.scaling [--sizes 10000 100000 1000000] [--write]

Each size is built (rows, texts, search index, fingerprints; ten years, a fifth adopted), then
1,000 new files are taken in by a whole ``zugao run``, and everything that people wait for is asked
in a process of its own. A million drafts take about an hour and 12 GB.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.desk import fill, text_of
from benchmarks.growth import load, peak_memory
from benchmarks.machine import describe, put_section
from benchmarks.make_files import make_files
from benchmarks.pipeline import measured, table
from benchmarks.statistics import AFTER, QUARTER
from flows.bulletins import Asked, make
from flows.models import make_analyst
from nlp.fingerprints import fingerprint, stock_hashes
from nlp.text import fold
from nlp.types import Draft, Paragraph
from storage.backup import copy_database
from storage.connection import open_database
from storage.queue import Wanted, page_ids, rows_of
from storage.reuse_ask import pairs_of_unstored
from storage.statistics import unit_figures
from zugao.settings import Settings

ARRIVING, ASKED = 1000, 200
OFFICES = {"a city": 20_000, "a province": 600_000, "the nation": 10_000_000}
"""Drafts a year: a city's department; fifteen cities with their counties; 31 provinces, rounded."""


def grow(home: Path, drafts: int) -> None:
    """A working folder with so many drafts of ten years."""
    subprocess.run([sys.executable, "-m", "zugao.cli", "init", str(home), "--quiet"], check=True)
    path = home / "zugao.db"
    path.unlink(missing_ok=True)
    fill(path, drafts)
    stock = stock_hashes()
    prints = [
        np.array([h for h in fingerprint(fold(text_of(n)[0]).text) if h not in stock], np.uint64)
        for n in range(300)
    ]
    db = open_database(path)
    load(db, prints, 0, drafts)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def ask(home: Path) -> dict[str, float]:
    """CPU seconds of each thing that people wait for, in this process; MB at its end."""
    path = home / "zugao.db"
    spent: dict[str, float] = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        began = time.process_time()
        work()
        spent[name] = time.process_time() - began

    timed("open", lambda: open_database(path, readonly=True).close())
    db = open_database(path)
    wanted = Wanted()
    timed("queue", lambda: rows_of(db, page_ids(db, wanted, "", 50)[0]))
    timed("figures", lambda: unit_figures(db, QUARTER, 1, on=AFTER))
    analyst = make_analyst(Settings(home=home))
    lines = [text_of(90_000 + n)[0].split("\n") for n in range(ASKED)]
    drafts = [Draft(1, "", tuple(Paragraph("body", "", x) for x in one)) for one in lines]
    found = analyst.analyse(drafts)
    entries = [(d, f, None) for d, f in zip(drafts, found, strict=True)]
    timed("look-up", lambda: [pairs_of_unstored(db, [entry]) for entry in entries])
    asked = Asked(QUARTER, formats=("docx", "xlsx"))
    timed("report", lambda: make(Settings(home=home), db, asked, home / "out"))
    db.close()
    timed("backup", lambda: copy_database(path, home / "copy.db"))
    return {**spent, "memory": peak_memory()}


def measure(folder: Path, drafts: int) -> dict[str, float]:
    """All figures of one size."""
    home = folder / f"home-{drafts}"
    # In a process of its own: a child's peak of memory begins at that of its parent.
    child = multiprocessing.get_context("spawn").Process(target=grow, args=(home, drafts))
    child.start()
    child.join()
    size = (home / "zugao.db").stat().st_size
    python = [sys.executable, "-m"]
    zugao = [*python, "zugao.cli", "--home", str(home), "run", str(folder / "inbox")]
    cost, _ = measured("intake", [*zugao, "--direct", "--no-wait", "--json"])
    command = [*python, "benchmarks.scaling", "--ask", str(home)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    shutil.rmtree(home)
    return {"bytes": size / drafts, "intake": cost.cpu / ARRIVING, "run MB": cost.memory, **told}


ROWS: dict[str, tuple[str, float]] = {
    "bytes": ("database, bytes a draft", 1),
    "intake": ("intake of the next 1,000 files, ms CPU each", 1000),
    "look-up": ("was it sent before? ms CPU a draft", 1000 / ASKED),
    "open": ("opening the database, ms CPU", 1000),
    "queue": ("queue, a page of 50, ms CPU", 1000),
    "figures": ("figures of all units of a quarter, s CPU", 1),
    "report": ("report of a quarter, ledger settled for the first time, s CPU", 1),
    "backup": ("backup with its check, s CPU", 1),
    "run MB": ("largest process of the intake, MB", 1),
    "memory": ("process of all the others, MB", 1),
}


def rows(found: dict[int, dict[str, float]]) -> Iterator[list[str]]:
    """The table, a row a figure, and how many times the smallest size the largest costs."""
    least, most = min(found), max(found)
    for key, (name, factor) in ROWS.items():
        values = [f"{figures[key] * factor:,.2f}" for figures in found.values()]
        yield [name, *values, f"**{found[most][key] / found[least][key]:.2f}**"]


def offices(found: dict[int, dict[str, float]]) -> Iterator[list[str]]:
    """What a year of an office comes to, by the figures of the largest size measured."""
    figures = found[max(found)]
    for name, drafts in OFFICES.items():
        hours = drafts * figures["intake"] / 3600
        gigabytes = drafts * figures["bytes"] / 1e9
        yield [name, f"{drafts:,}", f"{hours:.2f}", f"{hours / 8 / 250 * 3600:.1f}",
               f"{gigabytes:,.1f}", f"{drafts * 25e3 / 1e9:,.1f}"]  # fmt: skip


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="What each thing costs as the file grows.")
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--write", action="store_true", help="put the tables into the docs")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        print(json.dumps(ask(given.ask)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_files(folder, ARRIVING)
        found = {}
        for size in given.sizes:
            found[size] = measure(folder, size)
            print(size, found[size], file=sys.stderr, flush=True)
    head = ["drafts stored", *(f"{size:,}" for size in found), "last / first"]
    lines = [f"`python -m benchmarks.scaling`, {describe()}", "", *table(head, list(rows(found)))]
    head = ["a year of", "drafts", "CPU hours of intake", "CPU s a working hour"]
    head += ["database, GB", "originals of 25 KB, GB"]
    lines += table(head, list(offices(found)))
    print("\n".join(lines))
    if given.write:
        put_section("scaling", lines)


if __name__ == "__main__":
    main()
