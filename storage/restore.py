"""Backups checked, and made into a working folder again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from storage.backup import (
    DATABASE,
    ORIGINALS,
    backups,
    check_database,
    copy_file,
    digest_of,
    read_sums,
    sync_folder,
)
from storage.errors import RefusedError, explained

Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came out of a backup."""

    folder: Path
    backup: Path
    originals: int
    files: tuple[str, ...]  # the others, by their path in the working folder


def chosen(place: Path) -> Path:
    """The backup that is meant: ``place`` itself, or the latest in a folder of backups.

    Raises RefusedError (``not_a_backup``).
    """
    if (found := backups(place)) and not (place / DATABASE).exists():
        return found[0]
    read_sums(place)
    return place


def problems_of(backup: Path, report: Report = lambda step, done, total: None) -> list[str]:
    """What is wrong with a backup, one Chinese sentence each; every byte of it is read.

    Raises RefusedError (``not_a_backup``), StorageError if the disk fails.
    """
    found: list[str] = []
    pairs = read_sums(backup)
    with explained(backup):
        for number, (digest, name) in enumerate(pairs, start=1):
            path = backup / _safe(name)
            if not path.is_file():
                found.append(f"缺少 {name}。")
            elif digest_of(path) != digest:
                found.append(f"{name} 与校验码不符。")
            report("核对备份", number, len(pairs))
    if not found:
        found = [f"数据库检查：{problem}。" for problem in check_database(backup / DATABASE)]
    return found


def restore(
    backup: Path, folder: Path, report: Report = lambda step, done, total: None
) -> Restored:
    """Make a working folder of a backup; nothing that is there is overwritten.

    The folder must not exist or be empty; it appears whole or not at all. Raises RefusedError
    (``not_a_backup``, ``not_empty``, ``damaged``) or StorageError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError(
            "not_empty", f"“{folder}”里已有内容，恢复从不覆盖；请另给一个空的或还没有的文件夹。"
        )
    pairs = read_sums(backup)
    room = folder.with_name(f"{folder.name}.part")
    with explained(folder):
        if room.exists():
            shutil.rmtree(room)
        room.mkdir(parents=True)
        try:
            others = _copy_all(backup, room, pairs, report)
            if problems := check_database(room / DATABASE):
                raise RefusedError("damaged", f"备份里的数据库有损坏（{problems[0]}）。")
            with suppress(FileNotFoundError):
                folder.rmdir()
            room.rename(folder)
        except BaseException:
            shutil.rmtree(room, ignore_errors=True)
            raise
        sync_folder(folder.parent)
    return Restored(folder, backup, len(pairs) - len(others) - 1, tuple(others))


def _copy_all(backup: Path, room: Path, pairs: list[tuple[str, str]], report: Report) -> list[str]:
    others: list[str] = []
    for number, (digest, name) in enumerate(pairs, start=1):
        source = _safe(name)
        target = room / PurePosixPath(*(part for part in source.parts if part != ".."))
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            same = copy_file(backup / source, target) == digest
        except FileNotFoundError:
            raise RefusedError("damaged", f"备份不完整，缺少 {name}，没有恢复。") from None
        if not same:
            raise RefusedError("damaged", f"备份里的 {name} 与校验码不符，没有恢复。")
        if target.is_relative_to(room / ORIGINALS):
            target.chmod(0o444)
        elif name != DATABASE:
            others.append(name)
        report("恢复", number, len(pairs))
    for path in room.rglob("*"):
        if path.is_dir():
            sync_folder(path)
    sync_folder(room)
    return others


def _safe(name: str) -> PurePosixPath:
    """A path of the list, which must not lead out: only the shared originals lie beside."""
    path = PurePosixPath(name)
    inside = path.parts[1:] if path.parts[:2] == ("..", ORIGINALS) else path.parts
    if path.is_absolute() or ".." in inside or not inside:
        raise RefusedError("not_a_backup", f"备份的校验清单里有不该有的路径 {name}。")
    return path
