"""Whether the scheduled intake stands still, and the sentence that says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from storage.watching import LastRun
from zugao.settings import ScheduleSettings

OFFICE_TIME: Final = ZoneInfo("Asia/Shanghai")
GRACE: Final = timedelta(minutes=15)
"""A run may start so much later than it was due: the machine was busy, or just switched on."""
LONG: Final = timedelta(hours=6)
"""A run that is open for so long does not work any more, or on something monstrous."""


def overdue(schedule: ScheduleSettings, last: LastRun | None, now: datetime) -> str:
    """What is wrong with the scheduled intake as one Chinese sentence, "" if nothing.

    An office that only ever ran the intake by hand is told nothing: it expects no schedule.
    """
    if last is None or not last.scheduled:
        return ""
    if last.outcome == "running":
        stuck = now - last.started > LONG
        return f"{_told(last.started)}开始的收稿一直没有结束，请到“收稿情况”查看。" if stuck else ""
    due = last_due(schedule, now - GRACE)
    if due is None or last.started >= due:
        return ""
    return (
        f"定时收稿停了：最近一次收稿在{_told(last.started)}，此后该收的没有收。"
        "请管理员用 zugao up（或 zugao serve）启动。"
    )


def last_due(schedule: ScheduleSettings, now: datetime) -> datetime | None:
    """When a run was due last by the schedule, at the latest ``now``; None without a schedule.

    With a polling interval as well the later of the two counts. A cron run that is due this very
    minute counts from the next one.
    """
    from cronsim import CronSim

    moments = []
    if schedule.cron:
        moments.append(next(CronSim(schedule.cron, now.astimezone(OFFICE_TIME), reverse=True)))
    if schedule.poll_seconds:
        # Intervals have no fixed start: two of them without a run are one too many.
        moments.append(now - timedelta(seconds=2 * schedule.poll_seconds))
    return max(moments, default=None)


def _told(moment: datetime) -> str:
    return f"{moment.astimezone(OFFICE_TIME):%m-%d %H:%M}"
