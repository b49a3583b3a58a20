"""The served flow: its schedule, one run at a time, and what a power cut leaves behind.

Prefect keeps a killed run "running" and its slot taken for ever (measured: 264 s watched, nothing
freed). Who starts to serve therefore ends the runs of this deployment that nobody works on: the
intake lease in our database tells whether somebody does.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from prefect import Flow
from prefect import serve as serve_all
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import (
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
    State,
    StateType,
)
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval, Schedule
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType

from flows.adoption import alone
from flows.backing_up import backing_up
from flows.erasing import retention
from flows.intake import intake
from flows.matching import matching
from flows.nightly import learning
from flows.office import Busy, open_office, sole_run
from flows.reporting import reporting
from zugao.settings import Settings

UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


def deployment_name(settings: Settings) -> str:
    """One deployment for each working folder, so that two offices share a server in peace."""
    return f"收稿-{settings.home.absolute().name}-{_short(settings.home)}"


def _named(settings: Settings, work: str) -> str:
    return deployment_name(settings).replace("收稿", work, 1)


def _short(home: Path) -> str:
    return hashlib.sha256(str(home.absolute()).encode()).hexdigest()[:8]


def schedules(settings: Settings) -> list[Schedule]:
    """Cron and polling interval as the settings have them."""
    plan = settings.schedule
    found = [_cron(plan.cron)] if plan.cron else []
    return [*found, *([Interval(plan.poll_seconds)] if plan.poll_seconds else [])]


def free_dead_runs(settings: Settings) -> int:
    """End runs of intake and matching whose process is gone; returns how many.

    Nothing is ended while somebody alive holds the lease of its flow.
    """
    freed = 0
    with open_office(settings) as office:
        with suppress(Busy), sole_run(office):
            freed += _end_unfinished(intake, deployment_name(settings))
        with suppress(Busy), alone(office):
            freed += _end_unfinished(matching, _named(settings, "比对刊发"))
    return freed


def _end_unfinished(served: Flow[..., Any], name: str) -> int:
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[served.name])),
            deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=[name])),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED))
            ),
        )
        for run in runs:
            state: State[None] = Crashed(
                message="进程已不在（断电或被强行结束），由下一次启动清理。"
            )
            client.set_flow_run_state(run.id, state, force=True)
    return len(runs)


def serve(settings: Settings) -> None:
    """Serve all flows until interrupted; late runs are cancelled, never piled up."""
    serve_all(
        *deployments(settings), pause_on_shutdown=False, print_starting_message=False, limit=1
    )


def deployments(settings: Settings) -> list[RunnerDeployment]:
    """The intake by its schedule; learning, matching, bulletins, backups by theirs, if any."""
    found = [_deployment(settings, intake, deployment_name(settings), schedules(settings))]
    if settings.learning.cron:
        name = _named(settings, "学习")
        found.append(_deployment(settings, learning, name, [_cron(settings.learning.cron)]))
    if settings.adoption.cron:
        name = _named(settings, "比对刊发")
        found.append(_deployment(settings, matching, name, [_cron(settings.adoption.cron)]))
    if settings.reports.cron and settings.reports.spans:
        name = _named(settings, "通报")
        found.append(_deployment(settings, reporting, name, [_cron(settings.reports.cron)]))
    if settings.backup.cron:
        name = deployment_name(settings).replace("收稿", "备份", 1)
        found.append(_deployment(settings, backing_up, name, [_cron(settings.backup.cron)]))
    if settings.retention.cron and settings.retention.keep_texts_years:
        name = _named(settings, "到期删除")
        found.append(_deployment(settings, retention, name, [_cron(settings.retention.cron)]))
    return found


def _cron(expression: str) -> Schedule:
    return Cron(expression, timezone="Asia/Shanghai")


def _deployment(
    settings: Settings, served: Flow[..., Any], name: str, plan: list[Schedule]
) -> RunnerDeployment:
    made = served.to_deployment(
        name=name,
        schedules=plan,
        parameters={"home": str(settings.home.absolute())},
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return cast(RunnerDeployment, made)  # a coroutine only inside a running event loop
