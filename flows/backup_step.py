"""What belongs to a backup of a working folder, and what is said of one."""

from __future__ import annotations

from pathlib import Path

from flows.models import FOLDER
from storage.backup import Backup, back_up
from zugao.settings import FILE_NAME, Settings


def make_backup(settings: Settings, folder: Path | None = None) -> Backup:
    """Back the working folder up, to ``folder`` or where the settings say.

    Raises StorageError or RefusedError, each with a Chinese sentence.
    """
    target = folder or settings.home / settings.backup.folder
    return back_up(settings.home, target, files=belonging(settings), keep=settings.backup.keep())


def belonging(settings: Settings) -> list[str]:
    """Files beside database and originals, by their path in the working folder.

    The settings, what they name (dictionary, lexicon, taxonomy, template) and the learnt models;
    what the settings name elsewhere is not ours to keep.
    """
    named = [
        settings.themes.taxonomy,
        settings.themes.dictionary,
        settings.themes.lexicon,
        settings.reports.template,
    ]
    home = settings.home.resolve()
    files = [settings.home / name for name in (FILE_NAME, *named) if name]
    files += sorted((settings.home / FOLDER).glob("*"))
    inside = (path.resolve() for path in files if path.resolve().is_relative_to(home))
    return list(dict.fromkeys(path.relative_to(home).as_posix() for path in inside))


def sentence(made: Backup) -> str:
    """One Chinese sentence or two for people."""
    told = (
        f"已备份到 {made.path}：数据库 {made.size / 1e6:.1f} MB，检查无误；"
        f"原件 {made.originals} 个，这次新增 {made.new_originals} 个。"
    )
    if made.removed:
        told += f"按保留办法清理了 {made.removed} 份旧备份。"
    if made.missing:
        told += (
            f"注意：有 {len(made.missing)} 个原件在原件库里找不到或已损坏"
            f"（如 {made.missing[0]}），请从以前的备份里找回。"
        )
    return told
