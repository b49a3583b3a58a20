"""What Prefect adds to a run: the same files directly and as a flow, with a server up.

Two figures for each: the whole command as a person waits for it, and the work alone (from opening
the database to the summary), which is what a served flow adds to every scheduled run.

    python -m benchmarks.flow_cost             2,000 files, three rounds, about 3 minutes
    python -m benchmarks.flow_cost --write     also put the table into docs/benchmarks.md
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


def run_once(folder: Path, url: str, how: str, number: int) -> tuple[float, float, float]:
    """One run into a new working folder: wall and CPU of the command, seconds of the work alone."""
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
    return cost.wall, cost.cpu, float(str(run["seconds"]))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="What Prefect adds to a run.")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="put the table into the docs")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_files(folder, given.count)
        server, url = start_server(folder)
        try:
            runs = {
                how: [run_once(folder, url, how, n) for n in range(given.rounds)]
                for how in ("direct", "prefect")
            }
        finally:
            server.terminate()
            server.wait()
    medians = {
        how: [statistics.median(column) for column in zip(*rows, strict=True)]
        for how, rows in runs.items()
    }
    rows = [[how, *(f"{value:.2f}" for value in values)] for how, values in medians.items()]
    ratios = [b / a for a, b in zip(medians["direct"], medians["prefect"], strict=True)]
    rows.append(["prefect / direct", *(f"**{ratio:.3f}**" for ratio in ratios)])
    head = [
        f"{given.count:,} files, 1 worker",
        "command, wall s",
        "command, CPU s",
        "work alone, s",
    ]
    lines = [f"`python -m benchmarks.flow_cost`, {describe()}, median of {given.rounds}", ""]
    lines += table(head, rows)
    print("\n".join(lines))
    if given.write:
        put_section("flow_cost", lines)


if __name__ == "__main__":
    main()
