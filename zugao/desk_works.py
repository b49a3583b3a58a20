"""What the commands lend the desk (``review.works.Works``), and what runs behind its pages."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from review.desk import Unable
from review.works import Checked, Matched, Table
from zugao.console import Problem
from zugao.settings import Settings, load_settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from zugao.statistics import Told

LOG = logging.getLogger("zugao.desk")


class OfficeWorks:
    """The works of one working folder."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._running = threading.Lock()
        self._again = threading.Event()

    def match(self, folder: Path) -> Matched:
        """Take the printed issues and lists of a folder and match them."""
        from flows.adoption import match_once

        with spoken():
            done = match_once(self._settings(), folder, _silent, wait=False)
        complaints = [words for file in done.files for words in file.complaints]
        if done.known:
            complaints.append(f"{done.known} 个文件以前已经读过，没有再读。")
        return Matched(done.sentence, tuple(complaints))

    def check(self, files: Sequence[tuple[Path, str]], unit_id: int) -> list[Checked]:
        """Read and judge (file, name given) behind the guard; nothing is stored."""
        from zugao.checking import check_files

        with spoken():
            return check_files(self._settings(), files, unit_id)

    def take_in(self) -> None:
        """Begin a run over the inbox in the background.

        While one is at work it goes once more through the inbox when it is done.
        """
        self._again.set()
        if self._running.acquire(blocking=False):
            threading.Thread(target=self._runs, name="desk-intake", daemon=True).start()

    def _runs(self) -> None:
        try:
            while self._again.is_set():
                self._again.clear()
                self._run()
        finally:
            self._running.release()
        if self._again.is_set():  # asked for between the last look and the release
            self.take_in()

    def _run(self) -> None:
        from flows.direct import intake_directly

        try:
            settings = self._settings()
            intake_directly(settings, settings.inbox, _silent)
        except Exception as problem:  # the next run, scheduled or asked for, takes up what waits
            LOG.warning("%s", problem)

    def idle(self, seconds: float) -> bool:
        """Wait until no run of this desk is at work; whether that came within ``seconds``."""
        if not self._running.acquire(timeout=seconds):
            return False
        self._running.release()
        return True

    def stats(self, period: str, by: str, *, received: bool) -> Table:
        """The figures of a period by units, themes …; the ledger of points is settled first."""
        from zugao.statistics import stats

        with spoken():
            return _table(stats(self._home, period, by, profile="", received=received))

    def listed(self, name: str, period: str, *, received: bool) -> Table:
        """One of the lists."""
        from zugao.statistics import listed

        with spoken():
            return _table(listed(self._home, name, period, profile="", received=received))

    def register(self, period: str) -> Table:
        """The register of the drafts received in a period."""
        from zugao.statistics import REGISTER_COLUMNS, register_rows

        with spoken():
            rows = list(register_rows(self._home, period, ""))
        return Table("台账", "按收到日期", dict(REGISTER_COLUMNS), rows)

    def lists(self) -> Mapping[str, str]:
        """Name of a list → its title."""
        from zugao.statistics import LISTS

        return {name: title for name, (title, _) in LISTS.items()}

    def bulletin(self, period: str, form: str, *, number: str = "", who: str = "") -> Path:
        """Write the bulletin of a period; frozen where it has a number. The caller removes it."""
        from zugao.reporting import report

        folder = Path(tempfile.mkdtemp(prefix="zugao-"))
        with spoken():
            made = report(self._home, period, formats=form, folder=folder, number=number, who=who)
        return made.files[0]

    def frozen(self, number: int, form: str) -> Path:
        """Write a frozen bulletin again. The caller removes it."""
        from zugao.reporting import again

        folder = Path(tempfile.mkdtemp(prefix="zugao-"))
        with spoken():
            return again(self._home, number, formats=form, folder=folder, template=None)[0]

    def explorer(self, prefix: str) -> ASGIApp | None:
        """The analysts' window over a fresh read-only copy; None without the extra."""
        from zugao.window import application

        found: ASGIApp | None = application(self._home, prefix)
        return found

    def _settings(self) -> Settings:
        return load_settings(self._home)


@contextmanager
def spoken() -> Iterator[None]:
    """Turn what commands tell people into what the desk tells them."""
    from flows.inbox import InboxError
    from flows.office import Busy

    try:
        yield
    except (Problem, Busy, InboxError) as problem:
        raise Unable(str(problem)) from None


def _table(told: Told) -> Table:
    return Table(told.title, told.dated, told.columns, told.rows, told.notes)


def _silent(step: str, done: int, total: int) -> None:
    """Nobody watches the steps of a run behind a page."""
