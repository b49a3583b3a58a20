"""The ratios that must not fall, measured several times by turns and held against stored ones.

    python -m benchmarks.quick             1,000 files, three rounds, about 5 minutes
    python -m benchmarks.quick --write     also the table in the docs, and the ratios to hold

A ratio more than a fifth below the stored one is a warning, never a failure: machines differ, and a
shared one wanders by a third within an hour.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.machine import describe, put_section
from benchmarks.make_files import make_files
from benchmarks.pipeline import measured, naive, ours, stages, table
from benchmarks.segmentation import engines, timed
from nlp.starter import load

STORED = Path(__file__).with_name("ratios.json")
TOLERATED = 0.8
"""Share of a stored ratio below which a new one is worth a look."""

CHAIN = "whole chain, naive / ours, CPU of one worker"
WARM = "the same without start-up"
WALL = "1 worker / 2 workers, wall"
READING = "reading, python-docx .paragraphs / ours"
WORDS = "segmentation, jieba / ours"
TARGETS = {CHAIN: 8.0, WARM: 8.0, WALL: 1.8, READING: 4.0}

Measured = Mapping[str, Sequence[float]]


def chains(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Ratios of the chains on the same files, a value a round."""
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        base, told = naive(folder)
        single, _ = ours("one", folder, 1, "--direct")
        double, _ = ours("two", folder, 2, "--direct")
        spent = stages(folder)
        warm = sum(seconds for stage, seconds in spent.items() if stage != "start")
        found[CHAIN].append(base.cpu / single.cpu)
        found[WARM].append(sum(told["seconds"].values()) / warm)
        found[WALL].append(single.wall / double.wall)
        found[READING].append(told["seconds"]["read"] / spent["guard+read"])
    return found


def words() -> dict[str, list[float]]:
    """jieba's time over ours, a value a round."""
    texts = [sample.text for sample in load()[:300]]
    cuts = engines()
    took = timed({name: cuts[name] for name in ("zugao", "jieba")}, texts)
    pairs = zip(took["jieba"], took["zugao"], strict=True)
    return {WORDS: [theirs / mine for theirs, mine in pairs]}


def starts(folder: Path, rounds: int) -> dict[str, list[float]]:
    """CPU seconds of ``zugao --help`` and of a run on an inbox of 5,000 files as it was."""
    inbox = folder / "unchanged"
    inbox.mkdir()
    for number in range(5000):
        (inbox / f"{number}.txt").write_text(f"第{number}号来稿。", "utf-8")
    zugao = [sys.executable, "-m", "zugao.cli"]
    home = folder / "home-unchanged"
    subprocess.run([*zugao, "init", str(home), "--quiet"], check=True)
    run = [*zugao, "--home", str(home), "run", str(inbox), "--direct", "--no-wait", "--json"]
    measured("first", run)
    return {
        name: [measured(name, command)[0].cpu for _ in range(rounds)]
        for name, command in {
            "`zugao --help`, CPU s (≤ 0.3)": [*zugao, "--help"],
            "`zugao run`, 5,000 files unchanged, CPU s (≤ 3)": run,
        }.items()
    }


def row(name: str, values: Sequence[float], stored: float | None) -> list[str]:
    """Name, median, spread, target, stored."""
    target = f"≥ {TARGETS[name]:g}" if name in TARGETS else "–"
    middle = statistics.median(values)
    spread = f"{min(values):.2f}–{max(values):.2f}"
    return [name, f"**{middle:.2f}**", spread, target, f"{stored:.2f}" if stored else "–"]


def fallen(ratios: Measured, stored: Mapping[str, float]) -> list[str]:
    """A sentence for each ratio that is clearly below the stored one."""
    return [
        f"warning: {name} is {statistics.median(values):.2f}, was {stored[name]:.2f}"
        for name, values in ratios.items()
        if name in stored and statistics.median(values) < TOLERATED * stored[name]
    ]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Ratios that must not fall.")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="put table and ratios into the tree")
    given = parser.parse_args()
    stored = json.loads(STORED.read_text("utf-8")) if STORED.exists() else {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_files(folder, given.count)
        ratios = chains(folder, given.rounds) | words()
        seconds = starts(folder, given.rounds)
    lines = [f"`python -m benchmarks.quick`, {describe()}", ""]
    lines += [f"{given.count:,} files, medians of {given.rounds} rounds by turns.", ""]
    rows = [row(name, values, stored.get(name)) for name, values in ratios.items()]
    rows += [row(name, values, None) for name, values in seconds.items()]
    lines += table(["", "median", "spread", "target", "stored before"], rows)
    print("\n".join(lines))
    for sentence in fallen(ratios, stored):
        print(sentence, file=sys.stderr)
    if given.write:
        put_section("quick", lines)
        medians = {name: round(statistics.median(v), 2) for name, v in ratios.items()}
        STORED.write_text(json.dumps(medians, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
