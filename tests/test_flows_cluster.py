"""Batches on a real Dask cluster of two processes: the rows of a serial run, whatever dies."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows import cluster, steps
from flows.cluster import Cluster, ClusterError, Parcel, code_digest
from flows.direct import intake_directly
from flows.workshop import Promise, Recipe, Task, Workshop
from nlp.types import Refusal
from reports.summary import Summary
from storage.commit import Outcome
from storage.connection import open_database
from tests.test_flows_intake import inbox, office, quiet, rows  # noqa: F401  fixtures
from zugao.settings import ClusterSettings, Settings

if not os.environ.get("CI"):  # on CI a missing extra is a failure
    pytest.importorskip("distributed", reason="the extra zugao[cluster] is not installed")


@dataclass(frozen=True, slots=True)
class Running:
    """A scheduler and two workers, each a process of its own."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def running() -> Iterator[Running]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    started = [_start("scheduler", "--port", address.rpartition(":")[2], "--host", "127.0.0.1")]
    try:
        started += [_start("worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
        _wait_for(address, 2)
        yield Running(address, started[0], started[1:])
    finally:
        for process in started:
            process.kill()
            process.wait()


def _start(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *command, "--no-dashboard"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait_for(address: str, workers: int) -> None:
    from distributed import Client

    deadline = time.monotonic() + 60
    while True:
        try:
            with Client(address, timeout=5, set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=60)
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@pytest.fixture(scope="module")
def dask() -> Iterator[Running]:
    with running() as found:
        yield found


@pytest.fixture(autouse=True)
def _worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "WORTH_A_PROCESS", 5)
    monkeypatch.setattr(cluster, "LOOK_SECONDS", 0.5)
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 5)


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Manuscripts that were handed to a cluster."""
    found: list[int] = []
    submitted = Cluster.submit

    def noted(self: Cluster, batch: list[Task]) -> Promise:
        found.extend(task.manuscript_id for task in batch)
        return submitted(self, batch)

    monkeypatch.setattr(Cluster, "submit", noted)
    return found


def on_cluster(folder: Path, address: str, *, send_files: bool = True) -> Settings:
    where = ClusterSettings(address=address, send_files=send_files)
    return office(folder, batch=3).model_copy(update={"cluster": where})


def take_in(settings: Settings, folder: Path) -> Summary:
    return intake_directly(settings, folder, lambda step, done, total: None, wait=False)


def when(monkeypatch: pytest.MonkeyPatch, number: int, act: Callable[[], None]) -> None:
    """Do something after so many batches were committed, while others are in work."""
    committed = steps.commit
    count = 0

    def counting(*arguments: Any) -> None:
        nonlocal count
        committed(*arguments)
        count += 1
        if count == number:
            act()

    monkeypatch.setattr(steps, "commit", counting)


@pytest.mark.parametrize("send_files", [True, False])
def test_the_rows_are_those_of_a_serial_run(
    dask: Running,
    quiet: Settings,  # noqa: F811
    inbox: Path,  # noqa: F811
    tmp_path: Path,
    handed: list[int],
    send_files: bool,
) -> None:
    settings = on_cluster(tmp_path / "群", dask.address, send_files=send_files)
    summary = take_in(settings, inbox)
    assert rows(settings) == rows(quiet)
    assert summary.notices == ()  # nothing had to be done here
    assert len(handed) >= summary.facts.read


def test_a_worker_killed_in_the_middle_changes_nothing(
    quiet: Settings,  # noqa: F811
    inbox: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with running() as found:
        settings = on_cluster(tmp_path / "群", found.address)
        when(monkeypatch, 1, found.workers[0].kill)
        take_in(settings, inbox)
        assert found.workers[0].wait(timeout=5) == -9
    assert rows(settings) == rows(quiet)


def test_a_lost_scheduler_is_a_sentence_and_the_next_run_completes(
    quiet: Settings,  # noqa: F811
    inbox: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with running() as found, monkeypatch.context() as patched:
        settings = on_cluster(tmp_path / "群", found.address)
        when(patched, 1, found.scheduler.kill)
        with pytest.raises(ClusterError, match="联系断了，这次没有做完；已入库的不受影响"):
            take_in(settings, inbox)
    part = rows(settings)["draft"]
    assert 0 < len(part) < len(rows(quiet)["draft"])
    with pytest.raises(ClusterError, match="连不上集群"):
        take_in(settings, inbox)
    take_in(settings.model_copy(update={"cluster": ClusterSettings()}), inbox)
    assert rows(settings) == rows(quiet)
    db = open_database(settings.database, readonly=True)
    assert [r["outcome"] for r in db.query("SELECT outcome FROM run ORDER BY id")][:2] == [
        "failed",
        "failed",
    ]
    db.close()


def test_a_worker_with_other_code_is_not_believed(
    dask: Running,
    quiet: Settings,  # noqa: F811
    inbox: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "code_digest", lambda: "another")
    settings = on_cluster(tmp_path / "群", dask.address)
    summary = take_in(settings, inbox)
    assert rows(settings) == rows(quiet)
    [notice] = summary.notices
    assert "已在本机补做" in notice


class Odd:
    """A crew that answers what it was told to answer."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def width(self) -> int:
        return 1

    def submit(self, batch: object) -> Promise:
        return lambda: self.answer  # type: ignore[return-value]

    def close(self, *, failed: bool) -> None:
        pass


@pytest.mark.parametrize(
    "garbage",
    [None, "", [], [None], [Outcome(8)], [Outcome(7), Outcome(7)], (Outcome(7),)],
    ids=["nothing", "text", "none", "no outcome", "another's", "too many", "no list"],
)
def test_garbage_is_done_again_here(
    garbage: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = [Outcome(7, refusal=Refusal("no_text"))]
    shop = Workshop(Recipe(Any, Any), Odd(garbage))
    monkeypatch.setattr(shop, "_here", lambda batch: here)
    assert list(shop.outcomes([[Task(7, tmp_path, "稿.docx", 1)]])) == [here]
    assert shop.mended == 1


def test_an_answer_in_order_is_taken_as_it_is(tmp_path: Path) -> None:
    answer = [Outcome(7), Outcome(8)]
    shop = Workshop(Recipe(Any, Any), Odd(answer))
    batch = [Task(n, tmp_path, "稿.docx", 1) for n in (7, 8)]
    assert list(shop.outcomes([batch])) == [answer]
    assert shop.mended == 0


def test_a_full_disk_on_a_worker_is_done_here(
    dask: Running,
    quiet: Settings,  # noqa: F811
    inbox: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(parcel: Parcel, tasks: object, contents: object) -> list[Outcome]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cluster, "_work", full)
    settings = on_cluster(tmp_path / "群", dask.address)
    assert "磁盘已满" in take_in(settings, inbox).notices[0]
    assert rows(settings) == rows(quiet)


def test_the_offices_own_files_travel(tmp_path: Path) -> None:
    settings = office(tmp_path / "库")
    (settings.home / "词典.txt").write_text("云泽经验 100\n", encoding="utf-8")
    themes = settings.themes.model_copy(update={"dictionary": "词典.txt"})
    settings = settings.model_copy(update={"themes": themes})
    parcel = Parcel.of(settings, None)
    assert parcel.code == code_digest()
    assert parcel.files == {"dictionary": "云泽经验 100\n".encode()}
    (tmp_path / "远").mkdir()
    analyst = parcel.unpack(tmp_path / "远").make_analyst()
    assert "云泽经验" in analyst.segmenter.tokens("学习云泽经验")
    assert Parcel.of(settings, None).key == parcel.key
    assert Parcel.of(without_dictionary(settings), None).key != parcel.key


def without_dictionary(settings: Settings) -> Settings:
    themes = settings.themes.model_copy(update={"dictionary": ""})
    return settings.model_copy(update={"themes": themes})
