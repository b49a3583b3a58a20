"""``zugao serve``: scheduled intake until somebody stops it.

Starts a Prefect server on this machine unless one answers already, frees what a killed run left
behind, then serves the intake flow by the settings' schedule.
"""

from __future__ import annotations

import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from zugao.console import Problem
from zugao.settings import Settings, load_settings

START_SECONDS = 120.0
"""A server needs 10–15 s on a quiet machine; a busy one gets ten times that."""


def serve_forever(home: Path, *, say: Callable[[str], object]) -> None:
    """Serve until interrupted. Raises Problem if the schedule is empty or no server comes up."""
    from flows.prefect_env import prepare

    settings = load_settings(home)
    schedule = settings.schedule
    if not schedule.cron and not schedule.poll_seconds:
        raise Problem("设置里没有定时：请填写 schedule.cron 或 schedule.poll_seconds。")
    if not settings.inbox.is_dir():
        raise Problem(f"没有找到收件箱 {settings.inbox}，请建立它，或改设置 intake.inbox。")
    prepare(settings.home, schedule.api_url, level="INFO")
    with _server(settings, say):
        from flows.schedule import free_dead_runs, serve

        freed = free_dead_runs(settings)
        if freed:
            say(f"上次没有正常结束的收稿任务 {freed} 个，已清理；没做完的这次接着做。")
        say(f"开始定时收稿：{_words(settings)}。收件箱 {settings.inbox}。按 Ctrl+C 停止。")
        # Told to stop by a signal, Prefect's runner leaves a coroutine behind and complains of it.
        warnings.filterwarnings("ignore", message="coroutine 'Runner.astop' was never awaited")
        try:
            serve(settings)
        finally:
            say("已停止定时收稿。")


def _words(settings: Settings) -> str:
    schedule = settings.schedule
    parts = [f"cron {schedule.cron}"] if schedule.cron else []
    parts += [f"每 {schedule.poll_seconds} 秒"] if schedule.poll_seconds else []
    return "，".join(parts)


@contextmanager
def _server(settings: Settings, say: Callable[[str], object]) -> Iterator[None]:
    """A Prefect server at the settings' address for the time of the block."""
    from flows.prefect_env import is_up

    api_url = settings.schedule.api_url
    if is_up(api_url):
        say(f"使用已开着的 Prefect 服务 {api_url}。")
        yield
        return
    address = urlsplit(api_url)
    if address.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise Problem(f"Prefect 服务 {api_url} 没有应答，请先启动它，或改设置 schedule.api_url。")
    say("正在启动 Prefect 服务（十几秒）……")
    port = str(address.port or 4200)
    command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port]
    log = settings.home / "prefect-server.log"
    with (
        log.open("ab") as out,
        subprocess.Popen([sys.executable, *command], stdout=out, stderr=out) as server,
    ):
        try:
            _wait(server, api_url, log)
            say(f"Prefect 服务已启动：{api_url.removesuffix('/api')}")
            yield
        finally:
            server.terminate()
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(server: subprocess.Popen[bytes], api_url: str, log: Path) -> None:
    from flows.prefect_env import is_up

    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if is_up(api_url):
            return
        if server.poll() is not None:
            break
        time.sleep(0.5)
    raise Problem(
        f"Prefect 服务没有启动成功，详情见 {log}；端口被占用时可改设置 schedule.api_url。"
    )
