"""Our chain against the naive one, on the same generated files, in one run.

Each chain runs in a process of its own; CPU is that of the whole process tree from its first
instruction to its last, start-up included (the naive chain is spared the fitting of its model,
ours loads the one that it ships). Read the ratios; absolute times are those of one machine.

    python -m benchmarks.pipeline                  500 and 5,000 files, about 10 minutes
    python -m benchmarks.pipeline --sizes 500      a quick look
    python -m benchmarks.pipeline --write          also put the tables into docs/benchmarks.md
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import describe, put_section
from benchmarks.make_files import Made, load, make_files


@dataclass(frozen=True, slots=True)
class Cost:
    """What a chain took for all files: seconds, and MB of its largest process."""

    name: str
    wall: float
    cpu: float
    memory: float

    def row(self, files: int, base: Cost) -> list[str]:
        """Cells of the table: per file, per core and second, and the ratio to ``base``."""
        return [
            self.name,
            f"{self.wall:.1f}",
            f"{self.cpu:.1f}",
            f"{self.cpu / files * 1000:.2f}",
            f"{files / self.cpu:.0f}",
            f"**{base.cpu / self.cpu:.1f}**",
            f"{base.wall / self.wall:.1f}",
            f"{self.memory:.0f}",
        ]


def measured(name: str, command: list[str], **environment: str) -> tuple[Cost, str]:
    """Run a command and return what it cost, with its standard output."""
    with tempfile.TemporaryFile("w+") as out:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, env={**os.environ, **environment})
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
    if child.returncode not in (0, 3):
        sys.exit(f"{name} failed ({child.returncode}): {said[-2000:]}")
    return Cost(name, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024), said


def naive(folder: Path) -> tuple[Cost, dict[str, Any]]:
    """The naive chain in a process of its own; the fitting of its model is taken off."""
    cost, said = measured(
        "naive, 1 process", [sys.executable, "-m", "benchmarks.pipeline", "--naive", str(folder)]
    )
    told = json.loads(said)
    cpu, wall = cost.cpu - told["fit_cpu"], cost.wall - told["fit_wall"]
    return Cost(cost.name, wall, cpu, cost.memory), told


def ours(name: str, folder: Path, workers: int, *extra: str) -> tuple[Cost, Path]:
    """A whole ``zugao run`` on the files, into a new working folder."""
    home = folder / f"home-{name.replace(' ', '-').replace(',', '')}"
    shutil.rmtree(home, ignore_errors=True)
    zugao = [sys.executable, "-m", "zugao.cli"]
    subprocess.run([*zugao, "init", str(home), "--quiet"], check=True)
    settings = home / "zugao.toml"
    text = settings.read_text("utf-8").replace("workers = 0", f"workers = {workers}")
    settings.write_text(text, "utf-8")
    command = [*zugao, "--home", str(home), "run", str(folder / "inbox"), "--no-wait", "--json"]
    cost, _ = measured(name, [*command, *extra])
    return cost, home


def texts_and_pairs(home: Path) -> tuple[dict[str, str], set[frozenset[str]]]:
    """What our run stored: all text by file name, and the pairs of file names."""
    from storage.connection import open_database
    from storage.facts import draft_facts, export_rows

    db = open_database(home / "zugao.db", readonly=True)
    texts: defaultdict[str, str] = defaultdict(str)
    files: dict[object, str] = {}
    pairs: list[tuple[object, object]] = []
    for row in export_rows(db):
        files[row["draft_id"]] = str(row["file_name"])
        facts = draft_facts(db, int(str(row["draft_id"])))
        texts[str(row["file_name"])] += str(facts["text"] if facts else "")
        pairs += [(row["draft_id"], p["other_id"]) for p in row["pairs"] if p["kind"] != "引用"]
    db.close()
    named = {frozenset((files[a], files[b])) for a, b in pairs}
    return dict(texts), named


def stages(folder: Path) -> dict[str, float]:
    """CPU seconds of each of our stages, one process, children counted where they belong."""
    said = measured("stages", [sys.executable, "-m", "benchmarks.stages", str(folder)])[1]
    return dict(json.loads(said))


def run_naive(folder: Path) -> None:
    """The body of the naive process: prints its result as JSON."""
    from benchmarks.naive import fit, run
    from nlp.starter import load as starter

    began, cpu = time.perf_counter(), time.process_time()
    samples = starter()
    model = fit([s.text for s in samples], [s.theme for s in samples])
    told: dict[str, Any] = {
        "fit_wall": time.perf_counter() - began,
        "fit_cpu": time.process_time() - cpu,
    }
    database = folder / "naive.db"
    database.unlink(missing_ok=True)
    result = run(folder / "inbox", database, model)
    told |= {"texts": result.texts, "pairs": result.pairs, "seconds": dict(result.seconds)}
    print(json.dumps(told, ensure_ascii=False))


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table; the first column left, the others right."""
    line = "|" + "|".join([" --- "] + [" ---: "] * (len(head) - 1)) + "|"
    return ["| " + " | ".join(head) + " |", line, *("| " + " | ".join(r) + " |" for r in rows), ""]


def text_rows(made: list[Made], mine: dict[str, str], peer: dict[str, str]) -> list[list[str]]:
    """By construct: how many planted markers each chain has right."""
    counts: dict[str, list[int]] = {}
    for file in made:
        for planted in file.planted:
            row = counts.setdefault(planted.construct, [0, 0, 0])
            row[0] += 1
            row[1] += planted.holds(mine.get(file.name, ""))
            row[2] += planted.holds(peer.get(file.name, ""))
    rows = [[name, str(n), str(a), str(b)] for name, (n, a, b) in sorted(counts.items())]
    total = [sum(column) for column in zip(*counts.values(), strict=True)]
    return [*rows, ["**all**", *(f"**{n}**" for n in total)]]


def pair_rows(
    made: list[Made], mine: set[frozenset[str]], peer: set[frozenset[str]]
) -> list[list[str]]:
    """Duplicates: planted ones found, by kind, and pairs that nobody planted."""
    planted = {frozenset((f.name, f.of)): f.kind for f in made if f.of}
    rows = []
    for kind in sorted(set(planted.values())):
        of_kind = [pair for pair, k in planted.items() if k == kind]
        found = [sum(pair in pairs for pair in of_kind) for pairs in (mine, peer)]
        rows.append([kind, str(len(of_kind)), *map(str, found)])
    others = [len(pairs - planted.keys()) for pairs in (mine, peer)]
    return [*rows, ["other pairs reported", "–", *map(str, others)]]


def compare(folder: Path, count: int) -> list[str]:
    """All measurements of one size, as Markdown lines."""
    made = load(folder) if (folder / "planted.json").exists() else make_files(folder, count)
    base, told = naive(folder)
    single, home = ours("ours, 1 worker", folder, 1, "--direct")
    costs = [
        base,
        single,
        ours("ours, 2 workers", folder, 2, "--direct")[0],
        ours("ours, 1 worker, Prefect flow with its own server", folder, 1, "--flow")[0],
    ]
    head = ["chain", "wall s", "CPU s", "CPU ms/file", "files/s per core"]
    head += ["× naive per core", "× naive wall", "peak MB"]
    lines = [f"### {count:,} files", "", *table(head, [c.row(count, base) for c in costs])]
    split = stages(folder)
    lines += ["CPU ms a file by stage:", ""]
    lines += table(["", *split], [["ours", *(f"{s / count * 1000:.2f}" for s in split.values())]])
    peer = told["seconds"]
    lines += table(["", *peer], [["naive", *(f"{s / count * 1000:.2f}" for s in peer.values())]])
    texts, pairs = texts_and_pairs(home)
    lines += ["Planted constructs read right (once, or not at all where that is right):", ""]
    lines += table(["construct", "planted", "ours", "naive"], text_rows(made, texts, told["texts"]))
    naive_pairs = {frozenset(pair) for pair in told["pairs"]}
    lines += ["Planted duplicates found:", ""]
    lines += table(["kind", "planted", "ours", "naive"], pair_rows(made, pairs, naive_pairs))
    return lines


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="*", default=[500, 5000])
    parser.add_argument("--keep", type=Path, help="folder for the generated files (reused)")
    parser.add_argument("--write", action="store_true", help="put the tables into the docs")
    parser.add_argument("--naive", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.naive:
        run_naive(given.naive)
        return
    lines = [f"`python -m benchmarks.pipeline`, {describe()}", ""]
    with tempfile.TemporaryDirectory() as scratch:
        for count in given.sizes:
            folder = (given.keep or Path(scratch)) / str(count)
            folder.mkdir(parents=True, exist_ok=True)
            lines += compare(folder, count)
            print("\n".join(lines[-60:]), flush=True)
    if given.write:
        put_section("pipeline", lines)


if __name__ == "__main__":
    main()
