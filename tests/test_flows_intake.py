"""Intake end to end: the same rows whichever way, twice, killed in the middle, or two at once."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.direct import intake_directly
from flows.office import Busy, open_office, sole_run
from reports.summary import Summary
from storage.connection import open_database
from zugao.setting_up import bring_units
from zugao.settings import Settings, default_toml, load_settings

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)?")
PASSING = {"run", "_lease", "_seen", "sqlite_sequence", "_sqlite_migrations"}
"""Tables that tell of runs and of this machine's files, not of drafts."""
SAMPLES = Path(__file__).resolve().parent.parent / "samples"


def office(folder: Path, **intake: object) -> Settings:
    folder.mkdir()
    text = default_toml()
    for key, value in {"batch": 20, "workers": 1, **intake}.items():
        text = re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.MULTILINE)
    (folder / "zugao.toml").write_text(text, encoding="utf-8")
    (folder / "收件箱").mkdir()
    bring_units(folder, SAMPLES / "units.csv")
    return load_settings(folder)


def take_in(settings: Settings, inbox: Path) -> Summary:
    return intake_directly(settings, inbox, lambda step, done, total: None, wait=False)


def rows(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that lasts; moments and run numbers aside."""
    db = open_database(settings.database, readonly=True)
    found = {}
    for table in db.table_names():
        if table in PASSING or table.startswith("_search_"):  # pages of the index
            continue
        columns = [c.name for c in db[table].columns if c.name != "run_id"]
        found[table] = (
            sorted(
                tuple(MOMENT.sub("T", v) if isinstance(v, str) else v for v in row.values())
                for row in db.query(f"SELECT {','.join(columns)} FROM [{table}]")
            )
            if not table.startswith("sqlite")
            else []
        )
    db.close()
    return found


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small inbox of several units with an archive, a duplicate pair and broken files."""
    folder = tmp_path_factory.mktemp("收稿") / "收件箱"
    shutil.copytree(SAMPLES / "inbox" / "沅北县委组织部", folder / "沅北县委组织部")
    shutil.copytree(SAMPLES / "inbox" / "望岚县委组织部", folder / "望岚县委组织部")
    for file in (SAMPLES / "inbox").rglob("*.zip"):
        shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="module")
def quiet(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A working folder after one undisturbed run."""
    settings = office(tmp_path_factory.mktemp("库") / "静")
    take_in(settings, inbox)
    return settings


def test_a_second_run_changes_no_row(quiet: Settings, inbox: Path) -> None:
    before = rows(quiet)
    summary = take_in(quiet, inbox)
    assert (summary.facts.new, summary.facts.read, summary.facts.drafts) == (0, 0, 0)
    assert rows(quiet) == before


def test_the_inbox_is_left_as_it_was(quiet: Settings, inbox: Path) -> None:
    known = {p.name: p.read_bytes() for p in (SAMPLES / "inbox").rglob("*.docx")}
    files = list(inbox.rglob("*.docx"))
    assert files
    assert all(p.read_bytes() == known[p.name] for p in files)


def test_originals_are_kept_byte_for_byte(quiet: Settings, inbox: Path) -> None:
    import hashlib

    for path in inbox.rglob("*.docx"):
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        assert (quiet.originals / digest[:2] / digest).read_bytes() == data


def test_several_workers_give_the_same_rows(
    quiet: Settings, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.steps.WORTH_A_PROCESS", 5)
    several = office(tmp_path / "多", workers=2, batch=3)
    take_in(several, inbox)
    assert rows(several) == rows(quiet)


def test_small_pages_give_the_same_rows(
    quiet: Settings, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that end within a batch, at its end, and before an archive has been opened."""
    monkeypatch.setattr("flows.steps.PAGE", 2)
    settings = office(tmp_path / "页", batch=3)
    told: list[tuple[int, int]] = []
    intake_directly(
        settings,
        inbox,
        lambda step, done, total: told.append((done, total)) if step.startswith("读稿") else None,
        wait=False,
    )
    assert rows(settings) == rows(quiet)
    assert all(done <= total for done, total in told)
    assert told[-1][0] == told[-1][1] == len(rows(quiet)["manuscript"])


def test_files_of_an_archive_are_drafts_of_their_own(quiet: Settings) -> None:
    db = open_database(quiet.database, readonly=True)
    archives = list(db.query("SELECT id, name, state, format FROM manuscript WHERE format = 'zip'"))
    members = list(
        db.query(
            "SELECT name, state FROM manuscript WHERE archive_id = :a", {"a": archives[0]["id"]}
        )
    )
    db.close()
    assert [a["state"] for a in archives] == ["read"]
    assert len(members) == 3
    assert all(m["state"] == "read" and m["name"].endswith(".docx") for m in members)


def test_a_new_version_and_the_same_bytes_elsewhere(tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "收件箱"
    for unit in ("沅北县委组织部", "望岚县委组织部"):
        (folder / unit).mkdir(parents=True)
    first, second = sorted((SAMPLES / "inbox" / "沅北县委组织部").glob("*.docx"))[:2]
    shutil.copy(first, folder / "沅北县委组织部" / "稿.docx")
    shutil.copy(first, folder / "望岚县委组织部" / "稿.docx")
    settings = office(tmp_path / "库")
    take_in(settings, folder)
    shutil.copy(second, folder / "沅北县委组织部" / "稿.docx")
    take_in(settings, folder)
    found = rows(settings)
    assert len(found["manuscript"]) == 3
    assert len(found["_blob"]) == 2


def test_half_written_files_wait_and_come_later(tmp_path: Path) -> None:
    folder = tmp_path / "收件箱" / "沅北县委组织部"
    folder.mkdir(parents=True)
    [source] = (SAMPLES / "inbox").rglob("沅北县严把“五道关”提升发展党员质量.docx")
    data = source.read_bytes()
    half = folder / "稿.docx"
    half.write_bytes(data[: len(data) // 2])
    settings = office(tmp_path / "库", settle_seconds=0.2)

    def run() -> Summary:
        return intake_directly(settings, tmp_path / "收件箱", lambda *step: None)

    first = run()
    assert (first.facts.new, first.moving) == (0, ("稿.docx",))
    half.write_bytes(data)
    second = run()
    assert (second.facts.new, second.facts.drafts, second.moving) == (1, 1, ())


@pytest.fixture
def holder(quiet: Settings) -> Iterator[None]:
    with open_office(quiet) as held, sole_run(held):
        yield


@pytest.mark.usefixtures("holder")
def test_two_runs_do_not_overlap(quiet: Settings, inbox: Path) -> None:
    with pytest.raises(Busy, match="另一个收稿任务正在运行"):
        take_in(quiet, inbox)


KILLED = """
import sys, threading, os, signal, time
from pathlib import Path
from flows.direct import intake_directly
from zugao.settings import load_settings

moment = float(sys.argv[3])

def die():
    time.sleep(moment)
    os.kill(os.getpid(), signal.SIGKILL)

threading.Thread(target=die, daemon=True).start()
intake_directly(load_settings(Path(sys.argv[1])), Path(sys.argv[2]), lambda *s: None, wait=False)
"""


def test_kill_in_the_middle_and_a_rerun_end_in_the_same_rows(
    quiet: Settings, inbox: Path, tmp_path: Path
) -> None:
    settings = office(tmp_path / "断", batch=2)
    command = [sys.executable, "-c", KILLED, str(settings.home), str(inbox)]
    partial = 0
    for moment in (0.25, 0.35, 0.45, 0.55, 0.65, 0.8):
        done = subprocess.run([*command, str(moment)], capture_output=True, check=False)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        db = open_database(settings.database, readonly=True)
        states = {row["state"] for row in db.query("SELECT DISTINCT state FROM manuscript")}
        db.close()
        partial += states >= {"received", "read"} or states == {"received"}
    take_in(settings, inbox)
    assert rows(settings) == rows(quiet)
    db = open_database(settings.database, readonly=True)
    assert [tuple(r.values()) for r in db.query("PRAGMA integrity_check")] == [("ok",)]
    assert list(db.query("PRAGMA foreign_key_check")) == []
    db.close()
    assert partial, "no kill fell into the work: the moments are wrong"


def test_a_killed_worker_costs_no_draft(
    quiet: Settings, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.processes import Processes
    from flows.workshop import Promise, Task

    monkeypatch.setattr("flows.steps.WORTH_A_PROCESS", 5)
    submitted = Processes.submit
    killed: list[int] = []

    def submit_and_kill(self: Processes, batch: list[Task]) -> Promise:
        future = submitted(self, batch)
        processes = getattr(self._pool, "_processes", None) or {}
        if not killed and processes:
            killed.extend(processes)
            os.kill(killed[0], signal.SIGKILL)
        return future

    monkeypatch.setattr(Processes, "submit", submit_and_kill)
    settings = office(tmp_path / "库", workers=2, batch=3)
    take_in(settings, inbox)
    assert killed
    assert rows(settings) == rows(quiet)


def test_a_hostile_archive_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "收件箱"
    folder.mkdir()
    with zipfile.ZipFile(folder / "弹.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(4):
            bomb.writestr(f"{number}.docx", bytes(120 * 1024 * 1024))
    [source] = (SAMPLES / "inbox").rglob("沅北县严把“五道关”提升发展党员质量.docx")
    shutil.copy(source, folder / "沅北县委组织部-稿.docx")
    summary = take_in(office(tmp_path / "库"), folder)
    assert summary.facts.drafts == 1
    assert [r["name"] for r in summary.facts.refused] == ["弹.zip"]


@pytest.mark.slow
def test_the_flow_writes_the_same_rows(quiet: Settings, inbox: Path, tmp_path: Path) -> None:
    settings = office(tmp_path / "流")
    command = [sys.executable, "-m", "zugao.cli", "--home", str(settings.home), "run", str(inbox)]
    done = subprocess.run(
        [*command, "--flow", "--no-wait", "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 3), done.stderr
    assert "Traceback" not in done.stderr
    assert rows(settings) == rows(quiet)
    db = open_database(settings.database, readonly=True)
    [run] = db.query("SELECT how, flow_run_id, outcome FROM run")
    db.close()
    assert run["how"] == "prefect"
    assert len(str(run["flow_run_id"])) == 36


def test_two_units_may_send_one_file_under_one_name(tmp_path: Path) -> None:
    """In folders, in archives named after them, and in folders of an archive: nobody is lost."""
    [source] = (SAMPLES / "inbox").rglob("沅北县严把“五道关”提升发展党员质量.docx")
    folder = tmp_path / "收件箱"
    for unit in ("临溪县委组织部", "三季度/望岚县委组织部"):
        (folder / unit).mkdir(parents=True)
        shutil.copy(source, folder / unit / "统一稿.docx")
    for unit in ("云泽市委党校", "云泽市委老干部局"):
        with zipfile.ZipFile(folder / f"{unit}.zip", "w") as packed:
            packed.write(source, "统一稿.docx")
    with zipfile.ZipFile(folder / "七月.zip", "w") as packed:
        for unit in ("白芦县委组织部", "沅北县委组织部"):
            packed.write(source, f"七月/{unit}/统一稿.docx")
    settings = office(tmp_path / "库")
    take_in(settings, folder)
    db = open_database(settings.database, readonly=True)
    units = {row["unit"] for row in db.query("SELECT unit FROM drafts")}
    db.close()
    assert units == {
        "临溪县委组织部",
        "望岚县委组织部",
        "云泽市委党校",
        "云泽市委老干部局",
        "白芦县委组织部",
        "沅北县委组织部",
    }


def test_one_odd_draft_costs_one_file(
    inbox: Path, quiet: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nlp import splitting

    split = splitting.split

    def stumbling(reading: object) -> object:
        drafts = split(reading)  # type: ignore[arg-type]
        if any(draft.title.startswith("沅北县严把") for draft in drafts):
            raise ZeroDivisionError("a defect of ours")
        return drafts

    monkeypatch.setattr(splitting, "split", stumbling)
    settings = office(tmp_path / "库")
    summary = take_in(settings, inbox)
    undisturbed = len(rows(quiet)["draft"])
    assert summary.facts.drafts == undisturbed - 1
    [culprit] = [r for r in summary.facts.refused if r["reason"] == "reader_died"]
    assert "ZeroDivisionError: a defect of ours (test_flows_intake.py:" in str(culprit["detail"])


def test_a_batch_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import steps

    monkeypatch.setattr(steps, "MAX_BATCH", 100)
    tasks = [
        steps.Task(n, Path(str(n)), "", size, "") for n, size in enumerate((60, 30, 30, 200, 5))
    ]
    sizes = [[task.size for task in batch] for batch in steps._batches(tasks, 3)]
    assert sizes == [[60, 30], [30], [200], [5]]
