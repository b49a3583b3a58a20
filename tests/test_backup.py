"""Backups: whole and checked, while others write; let go by the policy; restored, never over."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.direct import intake_directly
from storage.backup import SUMS, Backup, back_up, backups, check_database, sole
from storage.backup_keeping import Keep, kept, moment_of, name_of
from storage.connection import open_database, raw, write
from storage.errors import RefusedError, StorageError
from storage.restore import chosen, problems_of, restore
from tests.test_flows_intake import SAMPLES, office, rows, take_in
from zugao.cli import main
from zugao.settings import Settings, load_settings

NOON = datetime(2026, 9, 30, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A working folder with drafts, originals and a dictionary of its own."""
    base = tmp_path_factory.mktemp("库")
    found = office(base / "稿件库")
    shutil.copytree(SAMPLES / "inbox" / "沅北县委组织部", base / "收件箱" / "沅北县委组织部")
    take_in(found, base / "收件箱")
    (found.home / "models").mkdir()
    (found.home / "models" / "m.npz").write_bytes(b"model")
    return found


@pytest.fixture
def home(source: Settings, tmp_path: Path) -> Path:
    shutil.copytree(source.home, tmp_path / "稿件库")
    return tmp_path / "稿件库"


def backed_up(home: Path, folder: Path, now: datetime = NOON, keep: Keep | None = None) -> Backup:
    return back_up(
        home, folder, files=["zugao.toml", "models/m.npz", "没有.txt"], keep=keep, now=now
    )


class TestDrill:
    def test_what_is_restored_is_what_was_backed_up(self, home: Path, tmp_path: Path) -> None:
        before = rows(load_settings(home))
        made = backed_up(home, tmp_path / "备份")
        assert made.originals == made.new_originals > 3
        shutil.rmtree(home)  # the day has come
        done = restore(chosen(tmp_path / "备份"), tmp_path / "新库")
        assert (done.originals, done.files) == (made.originals, ("zugao.toml", "models/m.npz"))
        after = load_settings(tmp_path / "新库")
        assert rows(after) == before
        inbox = tmp_path / "收件箱" / "沅北县委组织部"
        shutil.copytree(SAMPLES / "inbox" / "沅北县委组织部", inbox)
        again = intake_directly(after, tmp_path / "收件箱", lambda *step: None, wait=False)
        assert (again.facts.new, again.facts.drafts) == (0, 0)  # and work goes on

    def test_plain_sha256sum_can_check_it(self, home: Path, tmp_path: Path) -> None:
        made = backed_up(home, tmp_path / "备份")
        done = subprocess.run(["sha256sum", "-c", "--quiet", SUMS], cwd=made.path, check=False)
        assert done.returncode == 0

    def test_nothing_is_overwritten(self, home: Path, tmp_path: Path) -> None:
        backed_up(home, tmp_path / "备份")
        (tmp_path / "有物").mkdir()
        (tmp_path / "有物" / "a").write_text("x")
        for place in (home, tmp_path / "有物", tmp_path / "有物" / "a"):
            with pytest.raises(RefusedError, match="从不覆盖"):
                restore(chosen(tmp_path / "备份"), place)
        (tmp_path / "空").mkdir()
        assert restore(chosen(tmp_path / "备份"), tmp_path / "空").originals > 3

    def test_an_unchanged_hour_copies_no_original_again(self, home: Path, tmp_path: Path) -> None:
        first = backed_up(home, tmp_path / "备份")
        second = backed_up(home, tmp_path / "备份", NOON + timedelta(hours=1))
        assert (first.new_originals, second.new_originals) == (first.originals, 0)
        assert problems_of(second.path) == []


class TestDamage:
    @pytest.mark.parametrize("which", ["zugao.db", "original", "zugao.toml"])
    @pytest.mark.parametrize("how", ["flipped", "cut", "gone"])
    def test_any_damage_is_seen_and_not_restored(
        self, which: str, how: str, home: Path, tmp_path: Path
    ) -> None:
        made = backed_up(home, tmp_path / "备份")
        file = made.path / which
        if which == "original":
            file = next((tmp_path / "备份" / "originals").rglob("??/*"))
            file.chmod(0o644)
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data if how == "flipped" else data[:-1])
        if how == "gone":
            file.unlink()
        assert len(problems_of(made.path)) == 1
        with pytest.raises(RefusedError, match="没有恢复"):
            restore(made.path, tmp_path / "新库")
        assert not (tmp_path / "新库").exists()
        assert not (tmp_path / "新库.part").exists()

    def test_a_damaged_database_gives_no_backup(self, home: Path, tmp_path: Path) -> None:
        db = open_database(home / "zugao.db")
        raw(db).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(root, size)] = raw(db).execute(
            "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema"
            " WHERE name = '_draft_text'"
        ).fetchall()  # fmt: skip
        db.close()
        with (home / "zugao.db").open("r+b") as file:
            file.seek((root - 1) * size)
            file.write(bytes(64))
        with pytest.raises((RefusedError, StorageError), match="损坏"):
            backed_up(home, tmp_path / "备份")
        assert backups(tmp_path / "备份") == []

    def test_a_lost_original_is_told_and_the_rest_is_kept(self, home: Path, tmp_path: Path) -> None:
        lost = next((home / "originals").rglob("??/*"))
        lost.unlink()
        made = backed_up(home, tmp_path / "备份")
        assert made.missing == (lost.name,)
        assert problems_of(made.path) == []

    def test_an_original_that_changed_is_not_taken(self, home: Path, tmp_path: Path) -> None:
        spoilt = next((home / "originals").rglob("??/*"))
        spoilt.chmod(0o644)
        spoilt.write_bytes(b"x")
        assert backed_up(home, tmp_path / "备份").missing == (spoilt.name,)

    def test_a_list_that_leads_outside_is_refused(self, home: Path, tmp_path: Path) -> None:
        made = backed_up(home, tmp_path / "备份")
        for name in ("../../etc/passwd", "/etc/passwd", "../originals/../x"):
            sums = (made.path / SUMS).read_text()
            (made.path / SUMS).write_text(sums + f"{'0' * 64}  {name}\n")
            with pytest.raises(RefusedError, match="不该有的路径"):
                restore(made.path, tmp_path / "新库")
            (made.path / SUMS).write_text(sums)

    def test_what_is_no_backup_is_said(self, home: Path, tmp_path: Path) -> None:
        for place in (tmp_path, tmp_path / "没有", home):
            with pytest.raises(RefusedError, match="不是组稿的备份"):
                chosen(place)


class TestAtWork:
    def test_one_at_a_time(self, home: Path, tmp_path: Path) -> None:
        (tmp_path / "备份").mkdir()
        with sole(tmp_path / "备份"), pytest.raises(RefusedError) as caught:
            backed_up(home, tmp_path / "备份")
        assert caught.value.reason == "busy"

    def test_what_a_kill_left_is_no_backup_and_goes(self, home: Path, tmp_path: Path) -> None:
        left = tmp_path / "备份" / ".part-20260930T030000Z"
        left.mkdir(parents=True)
        (left / "zugao.db").write_bytes(b"half")
        assert backups(tmp_path / "备份") == []
        made = backed_up(home, tmp_path / "备份")
        assert not left.exists()
        assert backups(tmp_path / "备份") == [made.path]

    @pytest.mark.parametrize("error", [28, 30])  # ENOSPC, EROFS
    def test_a_disk_that_fails_is_one_sentence_and_no_backup(
        self, error: int, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def failing(*_: object) -> str:
            raise OSError(error, os.strerror(error))

        monkeypatch.setattr("storage.backup.copy_file", failing)
        with pytest.raises(StorageError, match=r"已满|只能读"):
            backed_up(home, tmp_path / "备份")
        assert list((tmp_path / "备份").glob("2*")) == []
        assert list((tmp_path / "备份").glob(".part-*")) == []

    def test_under_load_no_copy_is_torn_or_stale(self, home: Path, tmp_path: Path) -> None:
        """The long run, with plain copies beside it, is benchmarks.backups."""
        context = multiprocessing.get_context("fork")
        stop, done = context.Event(), context.Value("i", 0)
        writer = context.Process(target=_write_on, args=(home / "zugao.db", stop, done))
        writer.start()
        try:
            for number in range(6):
                acknowledged = done.value
                made = backed_up(home, tmp_path / "备份", NOON + timedelta(seconds=number))
                copy = open_database(made.path / "zugao.db", readonly=True)
                [(seen,)] = raw(copy).execute("SELECT count(*) FROM _lease").fetchall()
                copy.close()
                assert check_database(made.path / "zugao.db") == []
                assert seen >= acknowledged
        finally:
            stop.set()
            writer.join()
        assert done.value > 6


def _write_on(path: Path, stop: object, done: object) -> None:
    db = open_database(path)
    number = 0
    while not stop.is_set():  # type: ignore[attr-defined]
        number += 1
        with write(db) as conn:
            conn.execute(
                "INSERT INTO _lease (name, token, host, pid, process_start, acquired_at,"
                " renewed_at) VALUES (?, 't', 'h', 1, '', '', '')",
                (f"n{number}",),
            )
        done.value = number  # type: ignore[attr-defined]


class TestPolicy:
    def test_a_year_of_hours_leaves_what_the_policy_says(self) -> None:
        hours = [NOON - timedelta(hours=n) for n in range(24 * 400)]
        stay = sorted(kept(hours, Keep()), reverse=True)
        assert stay[:24] == hours[:24]
        assert 24 + 6 + 3 + 9 <= len(stay) <= 24 + 7 + 5 + 12
        assert stay[-1] >= NOON - timedelta(days=366)
        days = {(m + timedelta(hours=8)).date() for m in stay[24:]}
        assert len(days) == len(stay) - 24  # never two of one day beyond the hours

    def test_the_last_of_a_day_in_office_time_is_kept(self) -> None:
        late = datetime(2026, 9, 29, 15, 59, tzinfo=UTC)  # 23:59 of the 29th in Beijing
        early = datetime(2026, 9, 29, 16, 1, tzinfo=UTC)  # 00:01 of the 30th
        assert kept([late, early], Keep(0, 2, 0, 0)) == {late, early}
        assert kept([late, early], Keep(0, 1, 0, 0)) == {early}

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(st.integers(0, 10_000_000), min_size=1, max_size=60),
        st.builds(Keep, *[st.integers(0, 6)] * 4),
    )
    def test_of_any_set(self, minutes: list[int], keep: Keep) -> None:
        moments = [NOON - timedelta(minutes=n) for n in minutes]
        stay = kept(moments, keep)
        assert max(moments) in stay <= set(moments)
        assert len(stay) <= keep.hourly + keep.daily + keep.weekly + keep.monthly + 1
        assert kept(stay, keep) == stay  # letting go twice lets go of no more
        more = Keep(keep.hourly + 1, keep.daily + 1, keep.weekly + 1, keep.monthly + 1)
        assert stay <= kept(moments, more)

    def test_names_are_moments(self) -> None:
        assert moment_of(name_of(NOON)) == NOON
        assert moment_of("originals") is None

    def test_old_backups_go_with_the_originals_that_only_they_had(
        self, home: Path, tmp_path: Path
    ) -> None:
        folder, one = tmp_path / "备份", Keep(1, 0, 0, 0)
        backed_up(home, folder, keep=one)
        db = open_database(home / "zugao.db")
        [(gone,), (other,)] = raw(db).execute("SELECT sha256 FROM _blob LIMIT 2").fetchall()
        with write(db) as conn:
            conn.execute("UPDATE manuscript SET sha256 = ? WHERE sha256 = ?", (other, gone))
            conn.execute("DELETE FROM _blob WHERE sha256 = ?", (gone,))
        db.close()
        made = backed_up(home, folder, NOON + timedelta(hours=2), keep=one)
        assert made.removed == 1
        assert backups(folder) == [made.path]
        assert not (folder / "originals" / gone[:2] / gone).exists()
        assert problems_of(made.path) == []


class TestCommands:
    def run(self, *words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, list(words))
        return done.exit_code, done.output

    def test_backup_list_check_restore(self, home: Path, tmp_path: Path) -> None:
        code, told = self.run("--home", str(home), "backup")
        assert code == 0
        assert "检查无误" in told
        code, told = self.run("--home", str(home), "backup", "--list", "--json")
        assert code == 0
        [row] = json.loads(told)
        assert Path(row["path"]).parent == home / "备份"
        code, told = self.run("--home", str(home), "backup", "--check")
        assert (code, "完好" in told) == (0, True)
        code, told = self.run("restore", str(home / "备份"), str(tmp_path / "新库"))
        assert code == 0, told
        assert "逐一核对无误" in told
        code, told = self.run("restore", str(home / "备份"), str(tmp_path / "新库"))
        assert (code, "从不覆盖" in told) == (1, True)

    def test_damage_is_told(self, home: Path) -> None:
        self.run("--home", str(home), "backup")
        [made] = backups(home / "备份")
        (made / "zugao.toml").write_text("x")
        code, told = self.run("--home", str(home), "backup", "--check")
        assert (code, "与校验码不符" in told) == (1, True)

    def test_the_flow_of_serve_does_the_same(self, home: Path) -> None:
        from flows.backing_up import back_up_once

        told, whole = back_up_once.fn(str(home))
        assert whole
        assert "已备份到" in told
        assert len(backups(home / "备份")) == 1
