"""Scheduled intake, for real: a server, a schedule, a power cut, and what comes after."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.prefect_env import is_up, prepare
from storage.connection import open_database
from zugao.setting_up import set_up
from zugao.settings import default_toml

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
COPIES = 12


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_server_that_is_not_there_is_told_quickly() -> None:
    began = time.monotonic()
    assert not is_up(f"http://127.0.0.1:{free_port()}/api")
    assert not is_up("file:///etc/passwd")
    assert not is_up("nonsense")
    assert time.monotonic() - began < 5


def test_the_environment_of_a_person_is_left_alone(tmp_path: Path) -> None:
    environment = {"PREFECT_HOME": "/elsewhere", "PREFECT_API_URL": "http://old"}
    prepare(tmp_path, None, environment=environment)
    assert environment["PREFECT_HOME"] == "/elsewhere"
    assert "PREFECT_API_URL" not in environment
    assert environment["DO_NOT_TRACK"] == "1"
    prepare(tmp_path, "http://127.0.0.1:4200/api", environment=environment)
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"


class Service:
    """``zugao serve`` in a session of its own, which can be ended as a power cut does."""

    def __init__(self, home: Path) -> None:
        self.log = home / "serve.log"
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "zugao.cli", "--home", str(home), "serve"],
                stdout=out,
                stderr=out,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    def cut_the_power(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.cut_the_power()

    def told(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "稿件库"
    folder.mkdir()
    text = default_toml()
    for key, value in {
        "cron": '""',
        "poll_seconds": "6",
        "api_url": f'"http://127.0.0.1:{free_port()}/api"',
        "settle_seconds": "0.0",
        "wait_minutes": "0.0",
        "batch": "20",
        "workers": "1",
    }.items():
        text = re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.MULTILINE)
    (folder / "zugao.toml").write_text(text, encoding="utf-8")
    list(set_up(folder, units=SAMPLES / "units.csv"))
    source = SAMPLES / "inbox" / "清漪区委组织部"
    for number in range(COPIES):
        shutil.copytree(source, folder / "收件箱" / f"清漪区委组织部{number}")
    return folder


@pytest.fixture
def services() -> Iterator[list[Service]]:
    running: list[Service] = []
    yield running
    for service in running:
        if service.process.poll() is None:
            service.stop()


def ask(home: Path, sql: str) -> list[dict[str, object]]:
    db = open_database(home / "zugao.db", readonly=True)
    try:
        return list(db.query(sql))
    finally:
        db.close()


def until(seconds: float, condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.slow
def test_a_power_cut_in_the_middle_of_a_run_blocks_nothing(
    home: Path, services: list[Service]
) -> None:
    """SIGKILL to service, server and flow at once, then a new start: all is finished, once."""
    files = sum(1 for p in (home / "收件箱").rglob("*") if p.is_file())

    def count(state: str) -> int:
        sql = f"SELECT count(*) AS n FROM manuscript WHERE state = '{state}'"
        return int(str(ask(home, sql)[0]["n"]))

    first = Service(home)
    services.append(first)
    assert until(150, lambda: count("read") > 0), first.told()
    first.cut_the_power()
    read = count("read")
    assert 0 < read < files, "the power cut came too late to cut anything"
    assert [run["outcome"] for run in ask(home, "SELECT outcome FROM run")] == ["running"]

    second = Service(home)
    services.append(second)
    assert until(150, lambda: count("received") == 0 and count("read") > read), second.told()
    assert "已清理" in second.told()
    assert until(
        30, lambda: "running" not in {r["outcome"] for r in ask(home, "SELECT * FROM run")}
    )
    outcomes = [run["outcome"] for run in ask(home, "SELECT outcome FROM run ORDER BY id")]
    assert outcomes[0] == "interrupted"
    assert set(outcomes[1:]) <= {"completed", "refusals"}
    loose = ask(home, "SELECT count(*) AS n FROM manuscript WHERE archive_id IS NULL")
    assert loose == [{"n": files}]
    assert ask(home, "SELECT * FROM manuscript WHERE state = 'received'") == []
    doubled = "SELECT manuscript_id FROM draft GROUP BY manuscript_id, position HAVING count(*) > 1"
    assert ask(home, doubled) == []

    second.stop()
    assert "已停止定时收稿" in second.told()
    assert second.process.returncode == 0
