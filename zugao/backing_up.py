"""``zugao backup`` and ``zugao restore``: what they do and what they say."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from flows.backup_step import make_backup, sentence
from storage.backup import backups
from storage.backup_keeping import OFFICE_TIME, moment_of
from storage.restore import Report, Restored, chosen, problems_of, restore
from zugao.console import Problem
from zugao.settings import load_settings


def back_up(home: Path, folder: Path | None) -> tuple[str, dict[str, Any]]:
    """Make a backup; the sentence and the facts. Raises Problem if originals are missing."""
    made = make_backup(load_settings(home), folder)
    if made.missing:
        raise Problem(sentence(made))
    return sentence(made), {**asdict(made), "path": str(made.path)}


def listed(home: Path, folder: Path | None) -> list[dict[str, Any]]:
    """The backups there are, latest first."""
    place = _place(home, folder)
    found = []
    for path in backups(place):
        moment = moment_of(path.name)
        made = moment.astimezone(OFFICE_TIME) if moment else None
        said = f"{made:%Y-%m-%d %H:%M:%S}" if made else ""
        size = (path / "zugao.db").stat().st_size
        found.append({"name": path.name, "made": said, "size": size, "path": str(path)})
    return found


def check(home: Path, folder: Path | None, report: Report) -> tuple[Path, list[str]]:
    """Read every byte of the latest backup; which it was and what is wrong with it."""
    backup = chosen(_place(home, folder))
    return backup, problems_of(backup, report)


def bring_back(backup: Path, folder: Path, report: Report) -> tuple[Restored, str]:
    """Make a working folder of a backup; what came out, and what to say of it."""
    done = restore(chosen(backup), folder, report)
    others = "、".join(done.files) or "无"
    told = (
        f"已从 {done.backup.name} 恢复到 {done.folder}：数据库检查无误，"
        f"原件 {done.originals} 个逐一核对无误，其他文件：{others}。\n"
        "收件箱、刊发文件夹和通报不在备份里，需要时另行拷贝。"
        f"核对后即可使用：zugao --home {done.folder} doctor"
    )
    return done, told


def _place(home: Path, folder: Path | None) -> Path:
    if folder is not None:
        return folder
    settings = load_settings(home)
    return settings.home / settings.backup.folder
