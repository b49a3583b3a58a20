"""``zugao run``: as a Prefect flow where a server is up or one is asked for, else directly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, cast

from flows.office import Busy
from flows.steps import Report
from reports.summary import Summary
from zugao.console import Exit, Problem
from zugao.settings import Settings, load_settings

How = Literal["", "direct", "prefect"]


def run_once(
    home: Path,
    inbox: Path,
    *,
    how: How,
    report: Report,
    say: Callable[[str], None],
    wait: bool = True,
) -> Summary:
    """Run intake once and return its summary; ``say`` is told which way was taken.

    Raises Problem (exit code BUSY if another run is at work) or a known error with a sentence.
    """
    from flows.prefect_env import is_up

    settings = load_settings(home)
    inbox = inbox.absolute()
    if how != "direct" and is_up(settings.schedule.api_url):
        say(f"作为 Prefect 流程运行（服务 {settings.schedule.api_url}）。")
        return _as_flow(settings, inbox, settings.schedule.api_url, report, wait)
    if how == "prefect":
        say("作为 Prefect 流程运行；没有开着的服务，先临时启动一个（约十几秒）……")
        return _as_flow(settings, inbox, None, report, wait)
    say("直接运行（没有经过 Prefect）。")
    from flows.direct import intake_directly

    try:
        return intake_directly(settings, inbox, report, wait=wait)
    except Busy as busy:
        raise Problem(str(busy), Exit.BUSY) from None


def _as_flow(
    settings: Settings,
    inbox: Path,
    api_url: str | None,
    report: Report,
    wait: bool,  # noqa: FBT001
) -> Summary:
    from flows.prefect_env import prepare

    # A person reads the summary; Prefect's own lines and tracebacks are for its pages.
    prepare(settings.home, api_url, level="CRITICAL")
    from flows.intake import REFUSED, intake
    from flows.steps import reporting

    token = reporting.set(report)
    try:
        state = intake(
            home=str(settings.home.absolute()),
            inbox=str(inbox),
            wait=wait,
            return_state=True,
        )
    finally:
        reporting.reset(token)
    if state.name == "让开":
        raise Problem(state.message or "", Exit.BUSY)
    if state.name == REFUSED:
        raise Problem(state.message or "")
    return cast(Summary, state.result())  # raises what a defect raised
