"""Commands on backups: make, list, check, restore."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from zugao.console import AS_JSON, Exit, print_json, progress, speak_plainly


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--list", "listing", is_flag=True, help="列出已有的备份，不另备份。")
@click.option("--check", "checking", is_flag=True, help="逐字节核对最近一份备份，不另备份。")
@AS_JSON
@click.pass_obj
@speak_plainly
def backup(
    home: Path,
    folder: Path | None,
    listing: bool,
    checking: bool,
    as_json: bool,
) -> None:
    """备份数据库、原件和设置；检查过才算数。旧的按设置 [backup] 保留。收稿时也可以做。

    \b
    例：zugao --home 稿件库 backup
        zugao --home 稿件库 backup /mnt/备份盘/组稿
        zugao --home 稿件库 backup --check
    """
    from zugao import backing_up

    if listing and checking:
        raise click.UsageError("--list 和 --check 只能用一个")
    if listing:
        _print_list(backing_up.listed(home, folder), as_json=as_json)
    elif checking:
        with progress(quiet=as_json) as report:
            found, problems = backing_up.check(home, folder, report)
        _print_check(found, problems, as_json=as_json)
    else:
        told, facts = backing_up.back_up(home, folder)
        print_json(facts) if as_json else click.echo(told)


def _print_list(rows: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['name']}  {row['made']}  {int(str(row['size'])) / 1e6:.1f} MB")
    click.echo(f"共 {len(rows)} 份。" if rows else "还没有备份。", err=True)


def _print_check(backup: Path, problems: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json({"path": str(backup), "problems": problems})
    elif problems:
        click.secho(f"备份 {backup.name} 不能用：", fg="red", err=True)
        for line in problems[:20]:
            click.echo(line, err=True)
    else:
        click.echo(f"备份 {backup.name} 完好：每个文件都与校验码相符，数据库检查无误。")
    sys.exit(Exit.FAILED if problems else Exit.OK)


@click.command()
@click.argument("backup", type=click.Path(path_type=Path, exists=False), metavar="备份")
@click.argument("folder", type=click.Path(path_type=Path), metavar="恢复到")
@AS_JSON
@speak_plainly
def restore(backup: Path, folder: Path, as_json: bool) -> None:
    """把一份备份恢复成新的工作目录，从不覆盖已有内容。备份可以是一份，也可以是备份文件夹（取最近的）。

    \b
    例：zugao restore 稿件库/备份 恢复的稿件库
        zugao restore 稿件库/备份/20261121T230500Z 恢复的稿件库
    """
    from zugao.backing_up import bring_back

    with progress(quiet=as_json) as report:
        done, told = bring_back(backup, folder, report)
    if as_json:
        print_json(
            {"folder": str(done.folder), "backup": str(done.backup), "originals": done.originals,
             "files": list(done.files)}
        )  # fmt: skip
    else:
        click.echo(told)


COMMANDS = (backup, restore)
