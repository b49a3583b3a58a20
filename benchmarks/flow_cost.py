"""What Prefect adds to a run: the same files directly and as a flow, with a server up.

For each the whole command as a person waits for it, the work alone (from opening the database to
the summary), which is what a served flow adds to every scheduled run, and the memory.

    python -m benchmarks.flow_cost             60 and 2,000 files, three rounds, about 4 minutes
    python -m benchmarks.flow_cost --sizes 60 2000 50000 --write      the table of the docs
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import describe, put_section
from benchmarks.make_files import make_files
from benchmarks.pipeline import measured, table
from flows.prefect_env import is_up


def start_server(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A Prefect server on a free port of this machine; waits until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PREFECT_HOME": str(folder / "prefect"), "DO_NOT_TRACK": "1"}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    server = subprocess.Popen(
        [*command, "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}/api"
    while not is_up(url):
        if server.poll() is not None:
            raise SystemExit("the Prefect server did not start")
        time.sleep(0.5)
    return server, url


def run_once(folder: Path, url: str, how: str, number: int) -> tuple[float, ...]:
    """One run into a new working folder.

    Wall and CPU seconds of the command, seconds of the work alone, MB of the largest process.
    """
    from storage.connection import open_database

    home = folder / f"home-{how}-{number}"
    zugao = [sys.executable, "-m", "zugao.cli"]
    subprocess.run([*zugao, "init", str(home), "--quiet"], check=True)
    settings = home / "zugao.toml"
    text = settings.read_text("utf-8").replace("http://127.0.0.1:4200/api", url)
    settings.write_text(text.replace("workers = 0", "workers = 1"), "utf-8")
    flag = ["--direct"] if how == "direct" else []
    command = [*zugao, "--home", str(home), "run", str(folder / "inbox"), "--no-wait", "--json"]
    cost, _ = measured(how, [*command, *flag])
    db = open_database(home / "zugao.db", readonly=True)
    [run] = db.query("SELECT how, json_extract(counts, '$.seconds') AS seconds FROM run")
    db.close()
    if run["how"] != how:
        raise SystemExit(f"asked for {how}, ran {run['how']}")
    return cost.wall, cost.cpu, float(str(run["seconds"])), cost.memory


def compare(folder: Path, url: str, count: int, rounds: int) -> list[list[str]]:
    """Rows of the table for one number of files: both ways, and the ratio."""
    make_files(folder, count)
    runs: dict[str, list[tuple[float, ...]]] = {"direct": [], "prefect": []}
    for number in range(rounds):
        for how, rows in runs.items():  # by turns: the machine's speed wanders
            rows.append(run_once(folder, url, how, number))
    medians = {
        how: [statistics.median(column) for column in zip(*rows, strict=True)]
        for how, rows in runs.items()
    }
    size = f"{count:,}"
    rows = [[size, how, *(f"{v:.2f}" for v in values)] for how, values in medians.items()]
    pairs = list(zip(medians["direct"], medians["prefect"], strict=True))
    ratios = [size, "prefect / direct", *(f"**{b / a:.3f}**" for a, b in pairs)]
    more = [size, "prefect − direct", *(f"{b - a:.2f}" for a, b in pairs)]
    return [*rows, ratios, more]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="What Prefect adds to a run.")
    parser.add_argument("--sizes", type=int, nargs="*", default=[60, 2000])
    parser.add_argument("--rounds", type=int, default=3, help="above 5,000 files one round")
    parser.add_argument("--write", action="store_true", help="put the table into the docs")
    given = parser.parse_args()
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        server, url = start_server(Path(scratch))
        try:
            for count in given.sizes:
                folder = Path(scratch) / str(count)
                folder.mkdir()
                rows += compare(folder, url, count, given.rounds if count <= 5000 else 1)
                print(rows[-4:], file=sys.stderr, flush=True)
        finally:
            server.terminate()
            server.wait()
    head = ["files", "1 worker"]
    head += ["command, wall s", "command, CPU s", "work alone, s", "largest process, MB"]
    lines = [f"`python -m benchmarks.flow_cost`, {describe()}, median of {given.rounds}", ""]
    lines += table(head, rows)
    print("\n".join(lines))
    if given.write:
        put_section("flow_cost", lines)


if __name__ == "__main__":
    main()
