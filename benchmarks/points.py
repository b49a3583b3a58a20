"""Settling the points ledger of a big office, beside a score column as peers keep it.

python -m benchmarks.points [DATABASE] [--write]

DATABASE: one that ``benchmarks.statistics --keep`` left; it is copied, not changed. Without it one
is made (about two minutes).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from benchmarks.machine import describe, put_section
from benchmarks.statistics_rows import Size, build
from points.ready import ready_profiles
from storage.awards import settle
from storage.connection import Database, open_database, raw, write
from storage.events import undo_event
from storage.periods import Period, parse_period
from storage.profiles import add_profile

ON = date(2027, 1, 5)
QUARTER, YEAR = parse_period("2026Q3"), parse_period("2026")


def score_column(db: Database, period: Period) -> None:
    """As peers do it: a number on each draft, overwritten; no stacking, shares, arithmetic or past.

    The scores of the drafts printed in the period are summed anew by one statement.
    """
    with write(db) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS _score (draft_id INTEGER PRIMARY KEY, score REAL)")
        conn.execute(
            "INSERT OR REPLACE INTO _score SELECT event.draft_id, sum(CASE outlet.level"
            " WHEN '县' THEN 5 WHEN '市' THEN 10 WHEN '省' THEN 20 ELSE 30 END) FROM issue"
            " CROSS JOIN printed_item ON printed_item.issue_id = issue.id"
            " CROSS JOIN event ON event.item_id = printed_item.id AND event.kind = 'adopt'"
            " JOIN outlet ON outlet.id = issue.outlet_id"
            " WHERE issue.published_on >= ? AND issue.published_on < ?"
            " AND NOT EXISTS (SELECT 1 FROM event AS back WHERE back.undoes = event.id)"
            " GROUP BY event.draft_id",
            (period.start.isoformat(), period.end.isoformat()),
        )


def seconds(act: Callable[[], object]) -> float:
    """CPU seconds of one go."""
    began = time.process_time()
    act()
    return time.process_time() - began


def measure(path: Path) -> Iterator[str]:
    """The table, a row a profile."""
    db = open_database(path)
    yield "| rules | first time | again | one taken back | the year | lines of the quarter |"
    yield "| --- | --: | --: | --: | --: | --: |"
    for name, text in ready_profiles().items():
        fresh = text.replace('name = "', 'name = "量', 1)
        profile = add_profile(db, fresh)
        quarter = [seconds(lambda: settle(db, profile, QUARTER, on=ON)) for _ in range(2)]  # noqa: B023
        [taken] = raw(db).execute(
            "SELECT max(adoption_id) FROM adoptions JOIN issue ON issue.id = adoptions.issue_id"
            " WHERE issue.published_on BETWEEN '2026-08-01' AND '2026-08-31'"
        ).fetchone()  # fmt: skip
        undo_event(db, taken)
        quarter.append(seconds(lambda: settle(db, profile, QUARTER, on=ON)))  # noqa: B023
        year = seconds(lambda: settle(db, profile, YEAR, on=ON))  # noqa: B023
        done = settle(db, profile, QUARTER, on=ON)
        figures = " | ".join(f"{took:.2f}" for took in (*quarter, year))
        yield f"| {name} | {figures} | {done.standing:,} |"
    naive = [seconds(lambda: score_column(db, QUARTER)) for _ in range(3)]
    whole = seconds(lambda: score_column(db, YEAR))
    yield f"| a score column | {' | '.join(f'{took:.2f}' for took in (*naive, whole))} | – |"
    db.close()


def main() -> None:
    """Measure, print, and with ``--write`` put into docs/benchmarks.md."""
    given = [Path(word) for word in sys.argv[1:] if not word.startswith("-")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.db"
        if given:
            shutil.copy(given[0], path)
        else:
            build(path, Size()).close()
        lines = [describe(), "", *measure(path)]
    print("\n".join(lines))
    if "--write" in sys.argv:
        put_section("points", lines)


if __name__ == "__main__":
    main()
