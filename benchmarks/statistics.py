"""Every statistic of a big office, and the quarter's report, in CPU seconds.

    python -m benchmarks.statistics [--write] [--keep FOLDER]

A million drafts and 200,000 adoptions of ten years in SQLite (``benchmarks.statistics_rows``; about
two minutes to make). Each statistic is asked three times of a fresh connection and the middle time
told, for a quarter and for a year. Beside the figures of units stands the way of the peer system
whose source was read: queries for each unit apart, by a condition on the year.
"""

from __future__ import annotations

import shutil
import statistics as middle
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from benchmarks.machine import describe, put_section
from benchmarks.statistics_rows import Size, build
from flows.bulletins import Asked, make
from storage import statistics_kinds as kinds
from storage import statistics_lists as lists
from storage.connection import Database, open_database, raw
from storage.periods import Period, parse_period
from storage.register import register
from storage.statistics import trace, unit_figures
from zugao.settings import Settings

QUARTER, YEAR = parse_period("2026Q3"), parse_period("2026")
AFTER = date(2027, 1, 1)
Ask = Callable[[Database, Period], object]

STATISTICS: dict[str, Ask] = {
    "figures of all units, by day of print": lambda db, p: unit_figures(db, p, 1, on=AFTER),
    "figures of all units, by day of receipt": lambda db, p: unit_figures(
        db, p, 1, base="received", on=AFTER
    ),
    "ids behind one figure": lambda db, p: trace(db, p, 1, 7, "points", on=AFTER),
    "by theme": lambda db, p: kinds.figures_by(db, p, "theme"),
    "by genre": lambda db, p: kinds.figures_by(db, p, "genre"),
    "by group": lambda db, p: kinds.figures_by(db, p, "group"),
    "by level": lambda db, p: kinds.figures_by(db, p, "level"),
    "by outlet": lambda db, p: kinds.figures_by(db, p, "outlet"),
    "themes sent against adopted": lambda db, p: kinds.themes_sent_and_adopted(db, p),
    "authors": lambda db, p: kinds.author_figures(db, p, profile_id=1, yearly=4),
    "funnel and days to print": lambda db, p: kinds.funnel(db, p),
    "sent nothing": lambda db, p: lists.zero_submissions(db, p),
    "nothing adopted": lambda db, p: lists.zero_adoptions(db, p),
    "commissions missed or late": lambda db, p: lists.missed_commissions(db, p, on="2027-01-01"),
    "late reports": lambda db, p: lists.late_reports(db, p),
    "last three periods running": lambda db, p: lists.persistent_last(db, p, 1),
    "best pieces": lambda db, p: lists.best_pieces(db, p, 1),
    "duplicates by unit": lambda db, p: lists.duplicates_by_unit(db, p),
    "register, every draft of it (an export)": lambda db, p: list(register(db, p, 1)),
}

PEER = (
    "SELECT count(*) FROM drafts WHERE unit_id = ? AND received_on >= ? AND received_on < ?",
    "SELECT count(DISTINCT draft_id), count(*) FROM adoptions"
    " WHERE unit_id = ? AND published_on >= ? AND published_on < ?",
    "SELECT sum(points) FROM awards WHERE unit_id = ? AND effective_on >= ? AND effective_on < ?",
)


def unit_by_unit(db: Database, period: Period) -> list[object]:
    """Sent, adopted and points of each unit, asked for each apart."""
    days = (period.start.isoformat(), period.end.isoformat())
    units = [unit for (unit,) in raw(db).execute("SELECT id FROM unit")]
    return [[raw(db).execute(sql, (unit, *days)).fetchone() for sql in PEER] for unit in units]


def seconds(path: Path, ask: Ask, period: Period, turns: int = 3) -> float:
    """CPU seconds, the middle of ``turns``."""
    took = []
    for _ in range(turns):
        db = open_database(path, readonly=True)
        began = time.process_time()
        ask(db, period)
        took.append(time.process_time() - began)
        db.close()
    return middle.median(took)


def report(path: Path, folder: Path) -> Iterator[str]:
    """The quarter's bulletin: settled for the first time, and made again."""
    settings = Settings(home=folder)
    db = open_database(path)
    for words, formats in (
        ("the ledger settled for the first time; Word and Excel", ("docx", "xlsx")),
        ("made again; Word and Excel", ("docx", "xlsx")),
        ("made again; Word, Excel, page, CSV and JSON", ("docx", "xlsx", "html", "csv", "json")),
    ):
        began = time.process_time()
        made = make(settings, db, Asked(QUARTER, formats=formats), folder / "out")
        took = time.process_time() - began
        yield f"| report of the quarter, {words} | {took:.2f} | |"
    db.close()
    yield ""
    yield f"The report: {len(made.bulletin.units)} units, {len(made.bulletin.pieces):,} adoptions."


def measure(path: Path, folder: Path) -> Iterator[str]:
    """The table, a row a statistic."""
    size = Size()
    yield f"{size.drafts:,} drafts, {size.adoptions:,} adoptions, {size.units} units, ten years."
    yield ""
    yield "| statistic | quarter, s CPU | year, s CPU |"
    yield "| --- | --: | --: |"
    for name, ask in STATISTICS.items():
        told = f"| {name} | {seconds(path, ask, QUARTER):.2f} | {seconds(path, ask, YEAR):.2f} |"
        print(told, file=sys.stderr)
        yield told
    slow = [f"{seconds(path, unit_by_unit, period, 1):.2f}" for period in (QUARTER, YEAR)]
    yield f"| peer's way: three queries a unit, no ranks, no comparison | {slow[0]} | {slow[1]} |"
    yield from report(path, folder)


def main() -> None:
    """Measure, print, and with ``--write`` put into docs/benchmarks.md."""
    keep = Path(sys.argv[sys.argv.index("--keep") + 1]) if "--keep" in sys.argv else None
    folder = keep or Path(tempfile.mkdtemp())
    path = folder / "big.db"
    try:
        if not path.exists():
            build(path, Size()).close()
        lines = [describe(), "", *measure(path, folder)]
    finally:
        if keep is None:
            shutil.rmtree(folder)
    print("\n".join(lines))
    if "--write" in sys.argv:
        put_section("statistics", lines)


if __name__ == "__main__":
    main()
