"""Commands on the lists that an office keeps: units, outlets, issues and their items."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import click

from zugao.console import AS_JSON, Exit, print_json, speak_plainly

_TABLE = click.argument(
    "table", type=click.Path(path_type=Path, dir_okay=False), required=False, metavar="[文件]"
)


@click.command()
@click.argument("table", type=click.Path(path_type=Path, dir_okay=False))
@AS_JSON
@click.pass_obj
@speak_plainly
def units(home: Path, table: Path, as_json: bool) -> None:
    """导入或更新单位表（CSV 或 Excel；表头：单位、组别、上级、别名）。

    \b
    例：zugao --home 稿件库 units 单位表.xlsx
    """
    from zugao.setting_up import bring_units, units_sentence

    result = bring_units(home, table)
    if as_json:
        print_json(result)
    else:
        click.echo(f"单位表已导入：{units_sentence(result)}。")


@click.command()
@_TABLE
@AS_JSON
@click.pass_obj
@speak_plainly
def outlets(home: Path, table: Path | None, as_json: bool) -> None:
    """导入或更新刊物、媒体；不给文件时列出现有的。同名的按表更新，表里没有的不动。

    文件是 CSV 或 Excel，表头：名称、种类、级别、档次、分值、下限、提醒、上限、别名、停用；
    种类是刊物、媒体、内刊、网站之一，级别是县、市、省、中央之一。

    \b
    例：zugao --home 稿件库 outlets 刊物表.csv
        zugao --home 稿件库 outlets
    退出码：3 有的行没有导入，原因在屏幕上，其余照做。
    """
    from zugao import publishing

    if table is None:
        rows = publishing.outlets(home)
        print_json(rows) if as_json else publishing.print_outlets(rows)
        return
    done = publishing.bring_outlets(home, table)
    if as_json:
        print_json(dataclasses.asdict(done))
    else:
        publishing.print_brought("刊物表", done)
    sys.exit(Exit.REFUSED if done.refused else Exit.OK)


@click.command()
@_TABLE
@click.option("--amend", is_flag=True, help="日期、题目与库里不同的，以表为准。")
@AS_JSON
@click.pass_obj
@speak_plainly
def issues(home: Path, table: Path | None, amend: bool, as_json: bool) -> None:
    """登记刊物的各期（期号、印发日期）；不给文件时列出已登记的，连同条目数和采用数。

    文件是 CSV 或 Excel，表头：刊物、期号、印发日期，另可有年份、题目。采用按印发日期计。

    \b
    例：zugao --home 稿件库 issues 期表.xlsx
        zugao --home 稿件库 issues 更正.csv --amend
    退出码：3 有的行没有导入，原因在屏幕上，其余照做。
    """
    from zugao import publishing

    if table is None:
        rows = publishing.issues(home)
        print_json(rows) if as_json else publishing.print_issues(rows)
        return
    done = publishing.bring_issues(home, table, amend=amend)
    if as_json:
        print_json(dataclasses.asdict(done))
    else:
        publishing.print_brought("期表", done)
    sys.exit(Exit.REFUSED if done.refused else Exit.OK)


@click.command()
@click.argument("issue", type=int, metavar="期编号")
@AS_JSON
@click.pass_obj
@speak_plainly
def items(home: Path, issue: int, as_json: bool) -> None:
    """列出一期里的各篇（期编号见 zugao issues）：条目编号、标题、有几篇稿件。

    \b
    例：zugao --home 稿件库 items 3
    """
    from zugao import publishing

    rows = publishing.items(home, issue)
    print_json(rows) if as_json else publishing.print_items(rows)


COMMANDS: tuple[click.Command, ...] = (units, outlets, issues, items)
