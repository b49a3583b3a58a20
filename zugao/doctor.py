"""``zugao doctor``: what this machine has, and what each missing piece costs."""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from zugao.settings import Settings, SettingsError, load_settings

State = Literal["正常", "注意", "缺少", "有误"]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report: what was looked at, what was found, what it costs, what to do."""

    name: str
    state: State
    found: str
    advice: str = ""


def examine(home: Path) -> list[Check]:
    """All checks, in the order in which a person would mend them. Never raises."""
    settings: Settings | None = None
    checks = [_python(), _sqlite(), _segmenter(), _model()]
    try:
        settings = load_settings(home)
        checks.append(Check("设置文件", "正常", str(home / "zugao.toml")))
    except SettingsError as error:
        checks.append(Check("设置文件", "缺少", "没有可用的设置", str(error)))
    checks += [_office(), _fonts(), _charts(), _prefect()]
    if settings is not None:
        checks += list(_home(settings))
    return checks


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Exception as error:  # a doctor reports, whatever it finds
        return Check(name, "有误", f"{type(error).__name__}: {error}", "请把这一行发给维护人员。")


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11, 14):
        advice = "可用；3.11.14 修补了压缩包处理的漏洞，组稿自己的检查已挡住，仍建议升级。"
        return Check("Python", "注意", version, advice)
    return Check("Python", "正常", version)


def _sqlite() -> Check:
    def look() -> Check:
        from storage.health import sqlite_name, sqlite_problem

        problem = sqlite_problem()
        return Check("SQLite", "注意" if problem else "正常", sqlite_name(), problem)

    return _guarded("SQLite", look)


def _segmenter() -> Check:
    def look() -> Check:
        from nlp.segment import Segmenter

        segmenter = Segmenter()
        if segmenter.engine == "rjieba":
            return Check("分词", "正常", f"{segmenter.engine}，词典已载入")
        return Check("分词", "注意", segmenter.engine, "快速引擎 rjieba 不可用，分词约慢 20 倍。")

    return _guarded("分词", look)


def _model() -> Check:
    def look() -> Check:
        from nlp.themes import ThemeModel

        return Check("主题模型", "正常", ThemeModel.load().version)

    return _guarded("主题模型", look)


def _own_files(settings: Settings) -> Check:
    """The office's own dictionary, lexicon and taxonomy are there and can be used."""

    def look() -> Check:
        from flows.models import make_analyst, taxonomy_of

        try:
            taxonomy_of(settings)
            analyst = make_analyst(settings)
        except SettingsError as error:
            return Check("词典和主题词表", "有误", "用不了", str(error))
        return Check("词典和主题词表", "正常", f"模型 {analyst.model.version}")

    return _guarded("词典和主题词表", look)


def _office() -> Check:
    from word.convert import find_office

    program = find_office()
    if program is None:
        return Check(
            "LibreOffice",
            "缺少",
            "没有找到 soffice",
            ".doc .wps .rtf .odt 读不了（会登记并注明）；"
            "Debian/Ubuntu 运行 scripts/install-debian.sh 安装。",
        )

    def look() -> Check:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60)
        return Check("LibreOffice", "正常", done.stdout.strip() or program)

    return _guarded("LibreOffice", look)


def _fonts() -> Check:
    def look() -> Check:
        listing = shutil.which("fc-list")
        if listing is None:
            return Check("中文字体", "注意", "没有 fc-list，无法检查", "只影响打印和转换后的版面。")
        done = subprocess.run([listing, ":lang=zh", "family"], capture_output=True, text=True)
        families = sorted(set(done.stdout.split("\n")) - {""})
        if not families:
            return Check("中文字体", "缺少", "一种也没有", "打印和转换后的版面会缺字；不影响收稿。")
        return Check("中文字体", "正常", f"{len(families)} 种，如 {families[0].split(',')[0]}")

    return _guarded("中文字体", look)


def _charts() -> Check:
    def look() -> Check:
        from reports.charts import chart_font

        font = chart_font()
        if font:
            return Check("通报插图", "正常", f"用 {font}")
        advice = "没有可用的中文字体，通报里不画图，其余照出；Debian/Ubuntu 装 fonts-noto-cjk。"
        return Check("通报插图", "注意", "不能画图", advice)

    return _guarded("通报插图", look)


def _prefect() -> Check:
    def look() -> Check:
        return Check("Prefect", "正常", importlib.metadata.version("prefect"))

    return _guarded("Prefect", look)


def _home(settings: Settings) -> Iterator[Check]:
    yield _own_files(settings)
    yield _guarded("数据库", lambda: _database(settings))
    yield _guarded("学习的模型", lambda: _learned(settings))
    yield _guarded("磁盘空间", lambda: _disk(settings.home))
    yield _guarded("备份", lambda: _backups(settings))
    inbox = settings.inbox
    if inbox.is_dir():
        yield Check("收件箱", "正常", str(inbox))
    else:
        advice = "定时收稿会停在这里；请建立这个文件夹，或改设置 intake.inbox。"
        yield Check("收件箱", "缺少", str(inbox), advice)


def _database(settings: Settings) -> Check:
    from storage.connection import open_database
    from storage.errors import StorageError
    from storage.health import quick_check

    if not settings.database.exists():
        return Check("数据库", "注意", "还没有建立", "第一次 zugao run 时自动建立。")
    try:
        db = open_database(settings.database, readonly=True)
    except StorageError as error:
        return Check("数据库", "有误", str(settings.database), str(error))
    try:
        problems = quick_check(db)
    finally:
        db.close()
    if problems:
        return Check("数据库", "有误", problems[0], "请停止收稿，用最近的备份恢复。")
    size = settings.database.stat().st_size / 1e6
    return Check("数据库", "正常", f"{settings.database}（{size:.1f} MB，检查无误）")


def _learned(settings: Settings) -> Check:
    from flows.models import analyst_in_use

    analyst, notice = analyst_in_use(settings)
    if notice:
        return Check("学习的模型", "注意", "用不了", notice)
    return Check("学习的模型", "正常", f"正在用 {analyst.model.version}")


def _backups(settings: Settings) -> Check:
    from storage.backup import backups
    from storage.backup_keeping import OFFICE_TIME, moment_of

    folder = settings.home / settings.backup.folder
    latest = next((moment_of(path.name) for path in backups(folder)), None)
    if latest is None:
        return Check("备份", "注意", "还没有", "请运行 zugao backup；zugao serve 会定时备份。")
    said = f"最近一份 {latest.astimezone(OFFICE_TIME):%Y-%m-%d %H:%M}（{folder}）"
    if datetime.now(UTC) - latest > timedelta(days=2):
        return Check("备份", "注意", said, "已超过两天，请运行 zugao backup 或检查定时备份。")
    return Check("备份", "正常", said)


def _disk(home: Path) -> Check:
    free = shutil.disk_usage(home).free / 1e9
    if free < 1:
        return Check("磁盘空间", "注意", f"只剩 {free:.2f} GB", "请尽快清理，写满后收稿会停下来。")
    return Check("磁盘空间", "正常", f"剩余 {free:.0f} GB")


COLOURS: dict[State, str] = {"正常": "green", "注意": "yellow", "缺少": "yellow", "有误": "red"}


def print_checks(checks: list[Check]) -> None:
    """The report as a table; the advice stands under what it belongs to."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for check in checks:
        colour = COLOURS[check.state]
        table.add_row(f"[{colour}]{check.state}[/]", check.name, check.found)
        if check.advice:
            table.add_row("", "", f"[dim]→ {check.advice}[/]")
    Console(highlight=False).print(table)
