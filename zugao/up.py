"""``zugao up``: everything an office needs, kept running until somebody stops it.

Each part is a process of its own, so that one that dies takes no other with it; it is started
again after a pause that doubles with every death in a row. What a part says for people (its
standard output) is passed on with its name; everything else goes into its log file.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from zugao.console import Problem
from zugao.settings import Settings, load_settings

Say = Callable[[str], object]

SHORTEST: Final = 1.0
LONGEST: Final = 60.0
"""Seconds before a dead part is started again, the first time and at most."""
WELL: Final = 300.0
"""Seconds that a part must have lived for its next death to count as the first again."""
ENDING: Final = 40.0
"""Seconds that parts have to end by themselves: a Prefect server may take fifteen."""
LOOK: Final = 0.2


@dataclass(slots=True)
class Part:
    """One process that is kept running."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    due: float = 0.0  # when a dead one is started again
    pause: float = SHORTEST
    spoke: threading.Event = field(default_factory=threading.Event)

    def start(self, say: Say) -> None:
        """Start the process, in a session of its own: Ctrl+C is for us to pass on."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self.command,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
            )
        self.process, self.started = process, time.monotonic()
        threading.Thread(target=self._pass_on, args=(process, say), daemon=True).start()

    def _pass_on(self, process: subprocess.Popen[str], say: Say) -> None:
        for line in process.stdout or ():
            if text := line.rstrip().removesuffix("按 Ctrl+C 停止。").rstrip():
                say(f"{self.name}：{text}")
                self.spoke.set()

    def tend(self, say: Say) -> None:
        """Start the process again if it died and its pause is over.

        Raises Problem if it died before it ever said that it works: then it cannot work here.
        """
        if self.process is None:
            if time.monotonic() >= self.due:
                self.start(say)
            return
        code = self.process.poll()
        if code is None:
            return
        if not self.spoke.is_set():
            raise Problem(f"{self.name}没有启动成功（退出码 {code}），已全部停止。{self._why()}")
        _sweep(self.process)
        if time.monotonic() - self.started > WELL:
            self.pause = SHORTEST
        say(f"{self.name}停了（退出码 {code}），{self.pause:.0f} 秒后重新启动。{self._why()}")
        self.process, self.due = None, time.monotonic() + self.pause
        self.pause = min(LONGEST, self.pause * 2)

    def _why(self) -> str:
        """The last line of its log if that is a sentence of ours, else where the log lies."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        last = lines[-1] if lines else ""
        ours = " | " not in last and any("一" <= char <= "鿿" for char in last)
        return last if ours else f"详情见 {self.log}"

    def end(self, deadline: float) -> None:
        """Wait for the process to end; past the deadline it and its children are killed."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
        _sweep(self.process)
        self.process.wait()


def _sweep(process: subprocess.Popen[str]) -> None:
    """Kill what is left of a part: processes that it started and can no longer end."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def run(home: Path, *, host: str, port: int | None, browser: bool, say: Say) -> None:
    """Run the parts until SIGINT or SIGTERM. Raises Problem if one cannot be started at all."""
    settings = load_settings(home)
    parts = list(parts_of(settings, home, host=host, port=port, browser=browser, say=say))
    with _told_to_stop() as stop:
        try:
            while not stop.is_set():
                for part in parts:
                    part.tend(say)
                stop.wait(LOOK)
        finally:
            say("正在停止……")
            _end(parts)
            say("已全部停止。")


def parts_of(
    settings: Settings, home: Path, *, host: str, port: int | None, browser: bool, say: Say
) -> Iterator[Part]:
    """The parts by the settings; says what is left out, and why."""
    zugao = [sys.executable, "-m", "zugao.cli", "--home", str(home)]
    desk = [*zugao, "desk", "--host", host]
    desk += ["--port", str(port)] if port is not None else []
    desk += ["--open"] if browser else []
    yield Part("编辑台", desk, settings.home / "desk-start.log")
    if settings.schedule.cron or settings.schedule.poll_seconds:
        yield Part("定时任务", [*zugao, "serve"], settings.home / "serve.log")
    else:
        say("定时任务：设置里没有定时（schedule.cron），不启动；收稿请用 zugao run。")
    if importlib.util.find_spec("datasette"):
        say("查数窗口：在编辑台的“查数”里，供统计分析和管理员使用。")
    else:
        say("查数窗口：没有安装 Datasette，不提供；其余不受影响。")


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """An event that Ctrl+C or SIGTERM sets, instead of ending us in the middle."""
    stop = threading.Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in signals}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(parts: Sequence[Part]) -> None:
    """Tell all parts to end, then wait for each."""
    for part in parts:
        if part.process is not None and part.process.poll() is None:
            part.process.terminate()
    deadline = time.monotonic() + ENDING
    for part in parts:
        part.end(deadline)
