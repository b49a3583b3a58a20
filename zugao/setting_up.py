"""``zugao init`` and ``zugao units``: the working folder and its table of units."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from storage.errors import why
from zugao.console import Problem
from zugao.publishing import bring_outlets, brought_sentence
from zugao.settings import FILE_NAME, default_toml, load_settings


def set_up(
    folder: Path, *, name: str = "", units: Path | None = None, outlets: Path | None = None
) -> Iterator[str]:
    """Make what is missing of a working folder; yield one Chinese line for each thing done.

    Nothing that exists is altered. Raises Problem if the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        settings_file = folder / FILE_NAME
        if settings_file.exists():
            yield f"设置文件已存在，未改动：{settings_file}"
        else:
            settings_file.write_text(default_toml(name), encoding="utf-8")
            yield f"已写好设置文件：{settings_file}（每一项都有说明）"
        settings = load_settings(folder)
        settings.inbox.mkdir(parents=True, exist_ok=True)
        settings.issues.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(
            f"在 {folder} 里建立工作目录没有成功（{why(error)}），请换一个能写的位置。"
        ) from None
    given = _prepare_database(settings.database)
    yield f"数据库就绪：{settings.database}"
    if given:
        yield "计分办法：先用“默认计分办法”（zugao rules 可看，zugao rules add 换成自己的）"
    yield f"定时收稿的收件箱：{settings.inbox}"
    yield f"刊发文件夹：{settings.issues}（印发的各期放这里，zugao match 比对）"
    if units is not None:
        result = bring_units(folder, units)
        yield f"单位表已导入：{units_sentence(result)}"
    if outlets is not None:
        brought = bring_outlets(folder, outlets)
        yield f"刊物表已导入：{brought_sentence(brought)}"
        yield from (f"  {sentence}" for sentence in brought.refused)
    yield f"下一步：zugao --home {folder} run 收件箱文件夹"


def units_sentence(result: dict[str, int]) -> str:
    """What an import did, in words."""
    words = f"新增 {result['added']} 个，现有 {result['units']} 个"
    if result["assigned"]:
        words += f"；原来不知道单位的 {result['assigned']} 条已归到单位名下"
    return words


def bring_units(home: Path, table: Path) -> dict[str, int]:
    """Import a table of units; returns ``units``, ``added``, ``assigned``."""
    from storage.unit_files import read_units
    from storage.units import import_units

    settings = load_settings(home)
    rows = read_units(table)
    db = _open(settings.database)
    try:
        result = import_units(db, rows)
    finally:
        db.close()
    return {"units": result.units, "added": result.added, "assigned": result.assigned}


def _prepare_database(path: Path) -> bool:
    """Create the database; whether it was given the default rule profile."""
    from storage.profiles import begin_with_default

    db = _open(path)
    try:
        return begin_with_default(db)
    finally:
        db.close()


def _open(path: Path) -> Any:
    from storage.connection import open_database

    return open_database(path)
