"""For machines that watch the desk: is it there, and how does the intake fare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse, Response

from review.overdue import overdue
from review.visit import ADMIN, Visit
from storage.backup import backups
from storage.backup_keeping import moment_of
from storage.watching import Pulse, pulse
from zugao import __version__

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

    Gauge = Callable[[str, str, float], GaugeMetricFamily]

LOCAL: Final = ("127.0.0.1", "::1", "testclient")
PASSED_ON: Final = ("forwarded", "x-forwarded-for", "x-real-ip")


def alive(visit: Visit) -> Response:
    """``ok`` while the desk answers and its database can be asked; else 503 with the reason."""
    visit.db.execute("SELECT count(*) FROM run").fetchone()
    return PlainTextResponse("ok\n")


def figures(visit: Visit) -> Response:
    """The figures as Prometheus reads them; for this machine itself and for administrators."""
    if not (_here(visit) or (visit.actor and visit.actor.may(ADMIN))):
        return visit.trouble(403, "运行数据只供本机的监控程序和管理员读取。")
    from prometheus_client import generate_latest
    from prometheus_client.exposition import CONTENT_TYPE_LATEST
    from prometheus_client.registry import Collector, CollectorRegistry

    families = list(told(visit))

    class Told(Collector):
        def collect(self) -> Iterator[GaugeMetricFamily]:
            return iter(families)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Told())
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _here(visit: Visit) -> bool:
    """Whether a program of this machine asks, and not for somebody behind a proxy."""
    return visit.address in LOCAL and not any(name in visit.headers for name in PASSED_ON)


def told(visit: Visit) -> Iterator[GaugeMetricFamily]:
    """Every figure with its meaning."""
    from prometheus_client.core import GaugeMetricFamily

    def gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"zugao_{name}", meaning, value=value)

    def by(name: str, meaning: str, label: str, found: Mapping[str, int]) -> GaugeMetricFamily:
        family = GaugeMetricFamily(f"zugao_{name}", meaning, labels=[label])
        for key, number in sorted(found.items()):
            family.add_metric([key], number)
        return family

    settings, now = visit.desk.settings, datetime.now(UTC)
    found = pulse(visit.db)
    yield by("info", "程序版本", "version", {__version__: 1})
    yield by("files", "收到的文件，按状态", "state", found.files)
    yield by("files_refused", "退回的文件，按原因", "reason", found.refused)
    yield by("drafts", "稿件，按办理状态", "state", found.drafts)
    if found.oldest:
        age = (now - found.oldest).total_seconds()
        yield gauge("queue_age_seconds", "待审最久的稿件收到多少秒了", age)
    yield from _runs(found, gauge)
    late = overdue(settings.schedule, found.last_run, now)
    yield gauge("run_overdue", "定时收稿停了为1", float(bool(late)))
    yield gauge("database_bytes", "数据库大小", found.bytes)
    made = [moment_of(path.name) for path in backups(settings.home / settings.backup.folder)[:1]]
    for moment in filter(None, made):
        yield gauge("last_backup_seconds", "最近一次备份的时间", moment.timestamp())


def _runs(found: Pulse, gauge: Gauge) -> Iterator[GaugeMetricFamily]:
    last = found.last_run
    if last is None:
        return
    yield gauge("last_run_started_seconds", "最近一次收稿开始的时间", last.started.timestamp())
    if last.ended:
        yield gauge("last_run_ended_seconds", "最近一次收稿结束的时间", last.ended.timestamp())
    well = last.outcome in ("completed", "refusals", "running")
    yield gauge("last_run_ok", "最近一次收稿没有出错为1", float(well))
