"""Every effect of an intake on the disk, one by one: killed there, disk full, disk read-only."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows import direct
from flows.office import Office
from storage.connection import open_database
from tests.support_faults import (
    KILL,
    SAID,
    Act,
    dying_at,
    failing_from,
    forked,
    killed_after,
    lasting,
    light,
    run,
    sound,
    warm,
)
from tests.test_flows_intake import SAMPLES, office
from zugao.settings import Settings, load_settings

__all__ = ["light"]
Rows = dict[str, list[tuple[object, ...]]]
NAMES = ("沅北县严把“五道关”提升发展党员质量.docx",)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft, the same once more from elsewhere, an archive of one, and a broken file."""
    folder = tmp_path_factory.mktemp("效") / "收件箱"
    (folder / "望岚县委组织部").mkdir(parents=True)
    [first] = (SAMPLES / "inbox").rglob(NAMES[0])
    second = sorted((SAMPLES / "inbox" / "望岚县委组织部").glob("*.docx"))[0]
    shutil.copy(first, folder / "沅北县委组织部-稿.docx")
    shutil.copy(first, folder / "望岚县委组织部")
    with zipfile.ZipFile(folder / "临溪县委组织部.zip", "w") as packed:
        packed.write(second, "稿.docx")
    (folder / "断.docx").write_bytes(first.read_bytes()[:900])
    return folder


@pytest.fixture
def empty(tmp_path: Path, light: None) -> Settings:
    """A working folder without drafts, to be copied for each crash."""
    settings = office(tmp_path / "空")
    warm(settings)
    return settings


@pytest.fixture
def quiet(empty: Settings, inbox: Path, tmp_path: Path) -> Rows:
    settings = copied(empty, tmp_path / "静")
    run(settings, inbox)
    return lasting(settings)


def copied(settings: Settings, folder: Path) -> Settings:
    """A copy of a working folder whose database is closed; its WAL comes along if there is one."""
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(settings.home, folder)
    return load_settings(folder)


def changed(found: Rows, expected: Rows) -> Rows:
    """Rows that only one of the two has, by table: what to look at when a crash did harm."""
    return {
        table: [*set(found.get(table, ())) ^ set(expected.get(table, ()))]
        for table in found.keys() | expected.keys()
        if found.get(table) != expected.get(table)
    }


def seen_of(inbox: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in inbox.rglob("*") if p.is_file()}


def all_points(
    empty: Settings, inbox: Path, place: Path, act: Callable[[int], Act], *, step: int = 1
) -> Iterator[tuple[int, int, Settings]]:
    """Number of the effect, exit code, and the working folder after a fault at each effect."""
    number = 1
    while True:
        settings = copied(empty, place)
        code = forked(settings, inbox, act(number))
        if code == 0:
            return
        yield number, code, settings
        number += step


def test_killed_before_any_effect_and_run_again(
    empty: Settings, quiet: Rows, inbox: Path, tmp_path: Path
) -> None:
    before, count = seen_of(inbox), 0
    for number, code, settings in all_points(empty, inbox, tmp_path / "杀", dying_at):
        assert code == KILL, number
        run(settings, inbox)
        assert changed(lasting(settings), quiet) == {}, number
        sound(settings)
        assert not list(settings.home.glob(".unpack-*")), number
        count += 1
    assert count > 30
    assert seen_of(inbox) == before


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_fails_from_any_effect_on_is_one_sentence_and_goes_on_later(
    error: int, empty: Settings, quiet: Rows, inbox: Path, tmp_path: Path
) -> None:
    codes = set()
    points = all_points(empty, inbox, tmp_path / "满", lambda number: failing_from(number, error))
    for number, code, settings in points:
        codes.add(code)
        assert code == SAID, number
        run(settings, inbox)  # there is room again
        assert changed(lasting(settings), quiet) == {}, number
        sound(settings)
    assert codes == {SAID}


def test_the_order_of_others_loses_files(
    empty: Settings, quiet: Rows, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Positive control: move the file first, then insert, as many watchers do."""
    collect = direct.steps.collect

    def moving(office: Office, inbox: Path, *args: object, **named: object) -> None:
        aside = inbox.with_name("已取")
        for file in [p for p in inbox.rglob("*") if p.is_file()]:
            target = aside / file.relative_to(inbox)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.rename(file, target)  # noqa: PTH104  the counted call
            shutil.copy(target, office.settings.home / f"取来-{file.name}")
        collect(office, aside, *args, **named)  # type: ignore[arg-type]
        shutil.rmtree(aside)

    monkeypatch.setattr(direct.steps, "collect", moving)
    lost = 0
    for number in range(3, 30, 4):
        given = tmp_path / "收"
        for old in (given, given.with_name("已取")):
            shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(inbox, given)
        settings = copied(empty, tmp_path / "失")
        if forked(settings, given, dying_at(number)) == 0:
            break
        with monkeypatch.context() as patch:
            patch.setattr(direct.steps, "collect", collect)
            run(settings, given)
        lost += len(lasting(settings)["manuscript"]) < len(quiet["manuscript"])
    assert lost


def test_killed_at_random_moments(
    empty: Settings, quiet: Rows, inbox: Path, tmp_path: Path
) -> None:
    """The long run (thousands) is benchmarks.kills."""
    dice, into = random.Random(5), 0
    began = time.monotonic()
    assert forked(copied(empty, tmp_path / "量"), inbox, lambda effect: None) == 0
    whole = time.monotonic() - began
    for _ in range(12):
        settings = copied(empty, tmp_path / "随")
        into += killed_after(settings, inbox, dice.uniform(0, 0.8 * whole)) == KILL
        run(settings, inbox)
        assert changed(lasting(settings), quiet) == {}
        sound(settings)
    assert into >= 3


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_small_disk_that_really_fills(
    empty: Settings, quiet: Rows, inbox: Path, tmp_path: Path
) -> None:
    """A tmpfs with less and less room: SQLite's own writes meet the end of the disk as well."""
    disk = tmp_path / "小盘"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(disk)], check=False,
        capture_output=True,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("this machine does not let us mount")
    codes = []
    try:
        for kib in (0, 40, 100, 200, 350, 500, 700, 1000, 1500, 2500):
            settings = copied(empty, disk / "库")
            fill, free = disk / "满", shutil.disk_usage(disk).free
            fill.write_bytes(bytes(max(0, free - kib * 1024)))
            codes.append(forked(settings, inbox, lambda effect: None))
            fill.unlink()
            assert forked(settings, inbox, lambda effect: None) == 0
            assert changed(lasting(settings), quiet) == {}, kib
            sound(settings)
            shutil.rmtree(disk / "库")
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert set(codes) == {SAID, 0}
    assert codes == sorted(codes, reverse=True)  # more room never makes it worse


def test_a_folder_that_nobody_may_write_is_a_sentence(empty: Settings, inbox: Path) -> None:
    """Read-only from the beginning: the database says so before anything is copied."""
    db = open_database(empty.database)
    db.close()

    def refuse(_: str) -> None:
        raise OSError(errno.EROFS, "read-only")

    assert forked(empty, inbox, refuse) == SAID
