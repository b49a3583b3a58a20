"""``zugao report``, ``bulletins``, ``template``: bulletins made, frozen, checked, written again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flows.bulletins import FORMATS, Asked, Made, make, write_files
from points.profile import ProfileError
from reports.bulletin import SnapshotError, read_snapshot
from reports.official_style import TemplateError, sample
from storage.awards import SettleError
from storage.connection import open_database
from storage.errors import why
from storage.periods import begun
from zugao.console import Problem, safe
from zugao.settings import load_settings


def formats_of(text: str) -> tuple[str, ...]:
    """``docx,xlsx`` → ("docx", "xlsx"); ``all`` is every form. Raises Problem for another word."""
    names = tuple(
        name.strip().lower() for name in text.replace("，", ",").split(",") if name.strip()
    )
    unknown = [name for name in names if name not in (*FORMATS, "all")]
    if unknown or not names:
        words = "、".join(FORMATS)
        raise Problem(f"不会写 {'、'.join(unknown) or '空的'} 格式；可用：{words}，全要写 all。")
    return FORMATS if "all" in names else names


def report(
    home: Path,
    period: str,
    *,
    profile: str = "",
    formats: str = "docx,xlsx",
    folder: Path | None = None,
    template: Path | None = None,
    number: str = "",
    who: str = "",
) -> Made:
    """Make the bulletin of a period; with a number it is frozen. Raises Problem."""
    wanted = formats_of(formats)
    settings = load_settings(home)
    target = folder or settings.home / settings.reports.folder
    with _spoken(target):
        asked = Asked(begun(period), profile, number, who, wanted, template)
        db = open_database(settings.database)
        try:
            return make(settings, db, asked, target)
        finally:
            db.close()


def made_as_dict(made: Made) -> dict[str, Any]:
    """The ``--json`` shape of ``zugao report``."""
    head = made.bulletin.head
    return {
        "title": head.title.replace("\n", ""), "number": head.number, "frozen": made.frozen,
        "start": head.start, "end": head.end, "profile": head.profile,
        "profile_version": head.profile_version, "units": len(made.bulletin.units),
        "adoptions": len(made.bulletin.pieces), "files": [str(file) for file in made.files],
    }  # fmt: skip


def made_lines(made: Made) -> list[str]:
    """What ``zugao report`` says."""
    lines = [f"已写入 {file}" for file in made.files]
    if made.frozen is None:
        return [*lines, "这是送审稿。印发时加 --freeze --number 文号，数字从此冻结。"]
    return [*lines, f"已冻结为第 {made.frozen} 号通报（{made.bulletin.head.number}）。"]


def frozen_rows(home: Path) -> list[dict[str, Any]]:
    """The frozen bulletins, each with ``sound``: its digest still fits."""
    from storage.bulletins import frozen_bulletins

    db = open_database(load_settings(home).database, readonly=True)
    try:
        return [
            {
                "bulletin_id": b.bulletin_id, "number": b.number, "title": b.title,
                "start": b.period.start.isoformat(), "end": b.period.end.isoformat(),
                "profile": b.profile, "profile_version": b.profile_version, "who": b.who,
                "frozen_at": b.frozen_at, "sha256": b.sha256, "sound": b.sound,
            }
            for b in frozen_bulletins(db)
        ]  # fmt: skip
    finally:
        db.close()


def print_frozen(rows: list[dict[str, Any]]) -> None:
    """One bulletin a line; what was tampered with in red."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for row in rows:
        state = "[green]校验无误[/]" if row["sound"] else "[red]校验不符：内容被改动过[/]"
        console.print(
            f"{row['bulletin_id']:>4}  {safe(row['number'])}  {safe(row['title'])}  "
            f"{safe(row['profile'])} {safe(row['profile_version'])}  {state}"
        )
    if not rows:
        console.print("还没有冻结的通报。")


def again(
    home: Path, bulletin_id: int, *, formats: str, folder: Path | None, template: Path | None
) -> tuple[Path, ...]:
    """Write the files of a frozen bulletin from its snapshot. Raises Problem."""
    from storage.bulletins import frozen_bulletin

    wanted = formats_of(formats)
    settings = load_settings(home)
    target = folder or settings.home / settings.reports.folder
    db = open_database(settings.database, readonly=True)
    try:
        frozen = frozen_bulletin(db, bulletin_id)
    finally:
        db.close()
    if not frozen.sound:
        raise Problem(f"第{bulletin_id}号通报的内容与冻结时的校验码不符，请从备份恢复数据库。")
    with _spoken(target):
        own = template or settings.under_home(settings.reports.template)
        return write_files(read_snapshot(frozen.snapshot), target, wanted, own)


def write_template(file: Path) -> None:
    """Write the built-in template. Raises Problem."""
    with _spoken(file):
        sample(file)


def bring_back(home: Path, run_id: int | None) -> dict[str, Any]:
    """Let the files of a run count as received when they were written. Raises Problem."""
    from storage.backdating import backdate

    db = open_database(load_settings(home).database)
    try:
        done = backdate(db, run_id)
    finally:
        db.close()
    if done is None:
        raise Problem("没有这一次收稿，或者它没有收进文件；编号见视图 runs。")
    return asdict(done)


@contextmanager
def _spoken(target: Path) -> Iterator[None]:
    try:
        yield
    except (ProfileError, SettleError, SnapshotError, TemplateError) as error:
        raise Problem(str(error)) from None
    except OSError as error:
        where = error.filename or target
        raise Problem(
            f"写不了 {where}（{why(error)}），请换一个位置或关闭正打开它的程序。"
        ) from None
    except ValueError as error:
        if type(error) is not ValueError:  # a period's sentence; others speak for themselves
            raise
        raise Problem(str(error)) from None
