"""``zugao stats``, ``lists``, ``register``: what the figures are, and how they are asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, cast

from storage.connection import Database, open_database
from storage.evidence import Base
from storage.periods import Period, begun, today
from storage.statistics_kinds import By
from zugao.console import Problem
from zugao.settings import load_settings

UNIT_COLUMNS: Final = {
    "rank": "名次", "unit": "单位", "submitted": "报送", "valid": "有效", "adopted": "采用",
    "adoptions": "篇次", "rate": "采用率", "commissions": "约稿", "instructions": "批示",
    "bonus": "加分", "deductions": "扣分", "points": "得分", "points_before": "上期",
    "points_year_ago": "去年同期", "cumulative": "本年累计",
}  # fmt: skip
KIND_COLUMNS: Final = {
    "name": "名称", "submitted": "报送", "valid": "有效", "adopted": "采用", "adoptions": "篇次",
    "rate": "采用率",
}  # fmt: skip
PLACE_COLUMNS: Final = {"name": "名称", "adopted": "采用", "adoptions": "篇次"}
AUTHOR_COLUMNS: Final = {
    "author": "信息员", "unit": "单位", "submitted": "报送", "valid": "有效", "adopted": "采用",
    "points": "得分", "target": "任务", "short": "还差",
}  # fmt: skip
KINDS: Final = (
    "unit", "group", "theme", "category", "genre", "class", "author", "level", "outlet",
)  # fmt: skip

LISTS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "zero-sent": ("零报送单位", {"unit_group": "组别", "unit": "单位"}),
    "zero-adopted": (
        "零采用单位", {"unit_group": "组别", "unit": "单位", "submitted": "报送"},
    ),
    "commissions": (
        "约稿未交、逾期",
        {"unit": "单位", "title": "约稿", "due_on": "截止", "delivered_on": "来稿",
         "state": "情况"},
    ),
    "late": (
        "迟报", {"source": "由谁认定", "unit": "单位", "title": "标题", "day": "日期",
                 "message": "说明"},
    ),
    "last": ("连续末位（重点帮扶）", {"unit_group": "组别", "unit": "单位", "points": "各期得分"}),
    "best": (
        "得分最高的稿件",
        {"draft_id": "编号", "unit": "单位", "title": "标题", "adopted_in": "采用",
         "points": "得分"},
    ),
    "duplicates": (
        "重稿", {"unit_group": "组别", "unit": "单位", "drafts": "重稿", "own": "重自己的",
                 "of_others": "重别家的"},
    ),
    "wanted": (
        "主题：报送与采用", {"name": "主题", "submitted": "报送", "adopted": "采用",
                     "share_sent": "报送占比", "share_adopted": "采用占比", "wanted": "差"},
    ),
    "funnel": (
        "从收到到刊发", {"files": "文件", "drafts": "稿件", "valid": "有效", "chosen": "预采用以上",
                   "adopted": "刊发", "higher": "省级以上", "median_days": "刊发天数（中位）"},
    ),
}  # fmt: skip
"""Name of a list on the command line → its title and columns."""

REGISTER_COLUMNS: Final = {
    "draft_id": "编号", "received_on": "收到日期", "unit_group": "组别", "unit": "单位",
    "title": "标题", "author": "信息员", "characters": "字数", "genre": "体裁",
    "report_class": "类别", "theme": "主题", "state": "状态", "invalid_reason": "无效原因",
    "adopted_in": "采用情况", "first_printed_on": "首次刊发", "adoptions": "采用次数",
    "points": "得分",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A table of figures: what it is of, its columns (key → heading), its rows, what to note."""

    title: str
    period: Period
    dated: str
    columns: dict[str, str]
    rows: list[dict[str, Any]]
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The ``--json`` shape, documented in ``docs/commands.md``."""
        return {
            "title": self.title,
            "start": self.period.start.isoformat(),
            "end": self.period.end.isoformat(),
            "dated": self.dated,
            "rows": self.rows,
            "notes": list(self.notes),
        }


def stats(home: Path, period: str, by: str, *, profile: str, received: bool) -> Told:
    """The figures of a period by units, themes and so on. Raises Problem, ProfileError."""
    from storage.statistics_kinds import dated_by, figures_by

    asked, base = asked_period(period), _base(received=received)
    if by in ("unit", "author"):
        bring_points(home, asked, profile)
    with reading(home) as db:
        if by == "unit":
            return _units(db, asked, base, profile)
        if by == "author":
            return _authors(db, asked, profile)
        kind = cast(By, by)
        columns = PLACE_COLUMNS if by in ("level", "outlet") else KIND_COLUMNS
        rows = figures_by(db, asked, kind, base=base)
        return Told("统计", asked, dated_by(base), columns, rows)


def listed(home: Path, name: str, period: str, *, profile: str, received: bool) -> Told:
    """One of the :data:`LISTS`. Raises Problem, ProfileError."""
    from storage import statistics_lists as lists
    from storage.statistics_kinds import dated_by, funnel, themes_sent_and_adopted

    asked, base = asked_period(period), _base(received=received)
    title, columns = LISTS[name]
    if name in ("last", "best"):
        bring_points(home, asked, profile)
    with reading(home) as db:

        def scored(ask: Callable[[Database, Period, int], list[dict[str, Any]]]) -> Any:
            return ask(db, asked, profile_of(db, asked, profile))

        answers: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "zero-sent": lambda: lists.zero_submissions(db, asked),
            "zero-adopted": lambda: lists.zero_adoptions(db, asked, base=base),
            "commissions": lambda: lists.missed_commissions(db, asked, on=today().isoformat()),
            "late": lambda: lists.late_reports(db, asked),
            "last": lambda: scored(lists.persistent_last),
            "best": lambda: scored(lists.best_pieces),
            "duplicates": lambda: lists.duplicates_by_unit(db, asked),
            "wanted": lambda: themes_sent_and_adopted(db, asked, base=base),
            "funnel": lambda: [dataclasses.asdict(funnel(db, asked))],
        }
        rows = answers[name]()
    for row in rows:
        if name == "last":
            row["points"] = [points / 1000 for points in row["points"]]
    return Told(title, asked, dated_by(base), columns, rows)


def register_rows(home: Path, period: str, profile: str) -> Iterator[dict[str, Any]]:
    """The register of the drafts received in a period ("" = all), as they are read."""
    from storage.profiles import profiles
    from storage.register import register

    asked = asked_period(period) if period else None
    last = asked or Period(today(), today() + timedelta(days=1))
    bring_points(home, last, profile)
    with reading(home) as db:
        scored = profile_of(db, last, profile) if profile or profiles(db) else None
        yield from register(db, asked, scored)


@contextmanager
def reading(home: Path) -> Iterator[Database]:
    """The office's database, read-only."""
    db = open_database(load_settings(home).database, readonly=True)
    try:
        yield db
    finally:
        db.close()


def asked_period(text: str) -> Period:
    """The period that ``text`` names. Raises Problem for none, or one that has not begun."""
    try:
        return begun(text)
    except ValueError as error:
        raise Problem(str(error)) from None


def profile_of(db: Database, period: Period, name: str) -> int:
    """The rules that hold on the last day of the period, or today if that is to come."""
    from storage.profiles import profile_for

    return profile_for(db, min(period.end - timedelta(days=1), today()), name).id


def bring_points(home: Path, period: Period, profile: str) -> None:
    """Let the ledger say what the events say by now; nothing to do while there are no rules.

    Raises ProfileError, SettleError.
    """
    from storage.awards import settle_compared
    from storage.profiles import profiles

    db = open_database(load_settings(home).database)
    try:
        if profile or profiles(db):
            settle_compared(db, period, profile)
    finally:
        db.close()


def _base(*, received: bool) -> Base:
    return "received" if received else "published"


def _units(db: Database, period: Period, base: Base, profile: str) -> Told:
    from points.fields import CLASSES
    from storage.profiles import profiles
    from storage.statistics import NO_PROFILE, unassigned, unit_figures
    from storage.statistics_kinds import dated_by

    notes = []
    if profile or profiles(db):
        figures = unit_figures(db, period, profile_of(db, period, profile), base=base)
    else:
        figures = unit_figures(db, period, NO_PROFILE, base=base, classes=CLASSES)
        notes.append("还没有计分办法，得分都是零。")
    rows = [dataclasses.asdict(one) for one in figures]
    for row in rows:
        row["commissions"] = f"{row['commissions_on_time']}/{row['commissions_due']}"
        for name in (
            "bonus", "deductions", "points", "points_before", "points_year_ago", "cumulative",
        ):  # fmt: skip
            row[name] /= 1000
    if any((one.rate or 0) > 1 for one in figures):
        notes.append("采用率是采用除以报送；以前报送、这一期刊发的也算采用，所以会超过100%。")
    if lost := unassigned(db, period):
        notes.append(f"另有{lost}篇认不出单位，不在表内；补单位表后会自动归入。")
    return Told("各单位报送采用情况", period, dated_by(base), UNIT_COLUMNS, rows, tuple(notes))


def _authors(db: Database, period: Period, profile: str) -> Told:
    from storage.profiles import profile_by_id, profiles
    from storage.statistics import NO_PROFILE
    from storage.statistics_kinds import author_figures

    scored, yearly = NO_PROFILE, 0
    if profile or profiles(db):
        scored = profile_of(db, period, profile)
        yearly = profile_by_id(db, scored).rules.authors.target
    rows = author_figures(db, period, profile_id=scored, yearly=yearly)
    return Told(
        "信息员报送采用情况", period, "按收到日期，采用算到现在", AUTHOR_COLUMNS, rows,
        () if yearly else ("计分办法没有规定信息员的任务。",),
    )  # fmt: skip
