"""``zugao up``: parts start, a dead one comes back, all end, one that cannot start says so."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from zugao import up
from zugao.console import Problem
from zugao.setting_up import set_up
from zugao.settings import default_toml, load_settings

TALKS = "import time; print('开了', flush=True); time.sleep({})"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A working folder without a schedule, so that no Prefect server has to start."""
    folder = tmp_path / "稿件库"
    folder.mkdir()
    text = re.sub(r"(?m)^cron = .*$", 'cron = ""', default_toml())
    (folder / "zugao.toml").write_text(text, encoding="utf-8")
    list(set_up(folder))
    return folder


def until(condition: Callable[[], bool], seconds: float = 40) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_dead_desk_comes_back_and_all_ends(home: Path) -> None:
    log = home / "up.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "zugao.cli", "--home", str(home), "up", "--port", "0"],
            stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip

    def told() -> str:
        return log.read_text(encoding="utf-8")

    def urls() -> list[str]:
        return re.findall(r"编辑台：编辑台已开：(http://\S+/)", told())

    try:
        assert until(lambda: len(urls()) == 1), told()
        assert "设置里没有定时" in told()
        with urllib.request.urlopen(urls()[0] + "healthz") as page:
            assert page.read() == b"ok\n"
        (desk,) = children(process.pid)
        os.kill(desk, signal.SIGKILL)
        assert until(lambda: len(urls()) == 2), told()
        assert "编辑台停了（退出码 -9），1 秒后重新启动" in told()
        (desk,) = children(process.pid)
        process.terminate()
        assert process.wait(40) == 0
        assert told().endswith("正在停止……\n已全部停止。\n")
        assert not Path(f"/proc/{desk}").exists()
    finally:
        process.kill()
        process.wait()


def children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_part_that_cannot_start_ends_the_whole_with_its_sentence(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "zugao.cli", "--home", str(home), "up", "--port", port],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "编辑台没有启动成功（退出码 1），已全部停止。" in done.stderr
    assert f"{port} 端口用不了" in done.stderr
    assert "Traceback" not in done.stderr


def part(tmp_path: Path, code: str) -> up.Part:
    return up.Part("某部分", [sys.executable, "-c", code], tmp_path / "part.log")


def test_pauses_double_up_to_a_minute_and_are_short_again_after_a_long_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    one = part(tmp_path, TALKS.format(0))
    pauses = []
    for _ in range(8):
        one.due = 0
        one.tend(said.append)
        assert one.process is not None
        one.process.wait()
        assert one.spoke.wait(10)
        pauses.append(one.pause)
        one.tend(said.append)
        assert one.process is None
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    one.due = 0
    one.tend(said.append)
    one.started -= up.WELL + 1
    assert one.process is not None
    one.process.wait()
    one.tend(said.append)
    assert said[-1].startswith("某部分停了（退出码 0），1 秒后重新启动。")


def test_what_a_part_leaves_behind_is_swept(tmp_path: Path) -> None:
    """A part that ignores the signal, and a process that it started, do not outlive the end."""
    code = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        "print(p.pid, flush=True); time.sleep(600)"
    )
    said: list[str] = []
    one = part(tmp_path, code)
    one.start(said.append)
    assert one.spoke.wait(20)
    left = int(said[0].removeprefix("某部分："))
    assert Path(f"/proc/{left}").exists()
    assert one.process is not None
    one.process.terminate()
    one.end(time.monotonic() + 0.3)
    assert one.process.returncode == -signal.SIGKILL
    assert until(lambda: not alive(left), 10)


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def test_a_part_that_died_silently_is_a_problem(tmp_path: Path) -> None:
    one = part(tmp_path, "import sys; sys.stderr.write('这里不能运行。\\n'); sys.exit(3)")
    one.tend(lambda line: None)
    assert one.process is not None
    one.process.wait()
    with pytest.raises(Problem, match="退出码 3），已全部停止。这里不能运行。"):
        one.tend(lambda line: None)


def test_with_a_schedule_the_tasks_are_a_part_too(home: Path) -> None:
    text = (home / "zugao.toml").read_text(encoding="utf-8")
    (home / "zugao.toml").write_text(text.replace("poll_seconds = 0", "poll_seconds = 60"), "utf-8")
    said: list[str] = []
    parts = up.parts_of(
        load_settings(home), home, host="127.0.0.1", port=None, browser=False, say=said.append
    )
    assert [one.name for one in parts] == ["编辑台", "定时任务"]
    assert [line[:4] for line in said] == ["查数窗口"]
