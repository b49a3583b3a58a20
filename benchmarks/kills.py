"""kill -9: at every effect and statement of an intake, at random moments, between decisions.

    python -m benchmarks.kills points            # every effect on the disk and every SQL statement
    python -m benchmarks.kills moments --count 2000
    python -m benchmarks.kills decisions --count 200

After each kill the intake is run again and every row is compared with an undisturbed run's.
``decisions`` kills a process that records decisions and says so after each: none that it said may
be missing. The positive control of it is the same with a transaction left open.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from benchmarks.reliability import Line, report
from storage import connection, decisions
from storage.connection import open_database, raw
from tests.support_faults import (
    KILL,
    dying_at,
    forked,
    killed_after,
    lasting,
    lighten,
    run,
    sound,
    warm,
)
from tests.test_flows_intake import SAMPLES, office
from zugao.settings import Settings, load_settings


def _put(name: str, value: object) -> None:
    module, _, attribute = name.rpartition(".")
    __import__(module)
    setattr(sys.modules[module], attribute, value)


def _inbox(folder: Path) -> Path:
    """Two units, one text from both, an archive and a broken file."""
    inbox = folder / "收件箱"
    for unit in ("沅北县委组织部", "望岚县委组织部"):
        (inbox / unit).mkdir(parents=True)
        for file in sorted((SAMPLES / "inbox" / unit).glob("*.docx"))[:1]:
            shutil.copy(file, inbox / unit)
    first, second, *_ = sorted(inbox.rglob("*.docx"))
    shutil.copy(first, inbox / "临溪县委组织部-稿.docx")
    with zipfile.ZipFile(inbox / "白芦县委组织部.zip", "w") as packed:
        packed.write(second, "稿.docx")
    (inbox / "断.docx").write_bytes(first.read_bytes()[:900])
    return inbox


def _copy(settings: Settings, folder: Path) -> Settings:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(settings.home, folder)
    return load_settings(folder)


class Bench:
    """An empty working folder, an inbox, and the rows of an undisturbed run."""

    def __init__(self, room: Path) -> None:
        lighten(_put)
        self.room, self.inbox = room, _inbox(room)
        self.empty = office(room / "空")
        warm(self.empty)
        times = []
        for _ in range(3):
            quiet = _copy(self.empty, room / "静")
            began = time.monotonic()
            run(quiet, self.inbox)
            times.append(time.monotonic() - began)
        self.seconds = min(times)  # the least disturbed: a kill after the end is none
        self.rows = lasting(quiet)
        self.full = quiet

    def fresh(self) -> Settings:
        """A copy of the empty folder."""
        return _copy(self.empty, self.room / "库")

    def wrong(self, settings: Settings) -> bool:
        """Run again; whether anything is lost, doubled or unsound."""
        run(settings, self.inbox)
        try:
            sound(settings)
        except (AssertionError, OSError):
            return True
        return lasting(settings) != self.rows


def points(asked: argparse.Namespace, bench: Bench) -> list[Line]:
    """A kill before each effect and each statement; with ``--step`` a share of them."""
    number, tried, bad = asked.first, 0, []
    while True:
        settings = bench.fresh()
        code = forked(settings, bench.inbox, dying_at(number), sql=True)
        if code == 0:
            break
        if code != KILL or bench.wrong(settings):
            bad.append(number)
        number, tried = number + asked.step, tried + 1
        if tried % 20 == 0:
            print(number, bad, file=sys.stderr, flush=True)
    what = "killed before every effect on the disk and every SQL statement of an intake"
    last = number - asked.step
    figure = f"{tried} points up to the {last}th: {len(bad)} with a row lost, doubled or unsound"
    return [Line(what, figure)]


def moments(asked: argparse.Namespace, bench: Bench) -> list[Line]:
    """Kills from outside at random moments, one to ten in a row before a run is let through."""
    dice, into, bad, intakes = random.Random(asked.seed), 0, 0, 0
    while into < asked.count:
        settings = bench.fresh()
        for _ in range(dice.randint(1, 10)):
            into += killed_after(settings, bench.inbox, dice.uniform(0, bench.seconds)) == KILL
        bad += bench.wrong(settings)
        intakes += 1
        if intakes % 20 == 0:
            print(intakes, into, bad, file=sys.stderr, flush=True)
    figure = f"{into} kills in {intakes} intakes: {bad} with a row lost, doubled or unsound"
    return [Line("killed at random moments of an intake, up to ten times in a row", figure)]


def _decide_on(settings: Settings, say: int) -> None:
    """Record decisions and acknowledge each on a pipe, until killed."""
    db = open_database(settings.database)
    ids = [row["id"] for row in db.query("SELECT id FROM draft ORDER BY id")]
    number = 0
    while True:
        number += 1
        decisions.decide(db, ids[number % len(ids)], "A1", note=f"第{number}次")
        os.write(say, number.to_bytes(4, "big"))


@contextmanager
def _left_open(db: connection.Database):  # type: ignore[no-untyped-def]
    """The control: one transaction for all, as a connection that commits at its end."""
    conn = raw(db)
    if not conn.in_transaction:
        conn.execute("BEGIN IMMEDIATE")
    yield conn


def _lost(bench: Bench, dice: random.Random, count: int) -> tuple[int, int]:
    """Acknowledged decisions, and how many of them are not in the database after a kill."""
    said = lost = 0
    for _ in range(count):
        settings = _copy(bench.full, bench.room / "判")
        ear, mouth = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                _decide_on(settings, mouth)
            finally:
                os._exit(1)
        os.close(mouth)
        time.sleep(dice.uniform(0.05, 0.6))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        heard = b""
        while chunk := os.read(ear, 1 << 16):
            heard += chunk
        os.close(ear)
        acknowledged = int.from_bytes(heard[-4:], "big") if heard else 0
        sound(settings)
        db = open_database(settings.database, readonly=True)
        notes = {row["note"] for row in db.query("SELECT note FROM decision")}
        db.close()
        said += acknowledged
        lost += sum(f"第{n}次" not in notes for n in range(1, acknowledged + 1))
    return said, lost


def acknowledged(asked: argparse.Namespace, bench: Bench) -> list[Line]:
    """Decisions said to be recorded, then a kill; and the control that loses them."""
    dice = random.Random(asked.seed)
    said, lost = _lost(bench, dice, asked.count)
    kept = decisions.write
    decisions.write = _left_open
    control_said, control_lost = _lost(bench, dice, 10)
    decisions.write = kept
    return [
        Line("killed between decisions", f"{asked.count} kills, {said} acknowledged: {lost} lost"),
        Line("control: one transaction left open", f"10 kills, {control_said} acknowledged: "
             f"{control_lost} lost"),
    ]  # fmt: skip


WAYS: dict[str, Callable[[argparse.Namespace, Bench], list[Line]]] = {
    "points": points,
    "moments": moments,
    "decisions": acknowledged,
}


def main() -> None:
    """Run one part and print its lines."""
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as room:
        lines = WAYS[asked.way](asked, Bench(Path(room)))
    report(f"kills {asked.way}", lines, write=asked.write)


if __name__ == "__main__":
    main()
