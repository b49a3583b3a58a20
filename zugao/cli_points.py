"""Commands on points: rule profiles, and the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from zugao.console import AS_JSON, print_json, speak_plainly
from zugao.params import WHO

_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="文件")


@click.group(invoke_without_command=True)
@AS_JSON
@click.pass_context
@speak_plainly
def rules(ctx: click.Context, as_json: bool) -> None:
    """计分办法：列出各个版本和适用日期。写法见《计分办法怎么写》（docs/scoring.md）。

    \b
    例：zugao --home 稿件库 rules
        zugao rules check 我们的办法.toml
        zugao --home 稿件库 rules add 我们的办法.toml
        zugao rules show default > 我们的办法.toml
    """
    if ctx.invoked_subcommand:
        return
    from zugao import scoring

    rows = scoring.listed(ctx.obj)
    print_json(rows) if as_json else scoring.print_profiles(rows)


@rules.command()
@_FILE
@AS_JSON
@speak_plainly
def check(file: Path, as_json: bool) -> None:
    """检查一个计分办法文件，有错的逐项指出。什么也不存。

    \b
    例：zugao rules check 我们的办法.toml
    """
    from points.profile import read_profile
    from zugao import scoring

    told = scoring.summary(read_profile(scoring.profile_text(file)))
    print_json(told) if as_json else click.echo(f"没有问题：{scoring.sentence(told)}。")


@rules.command("add")
@_FILE
@WHO
@AS_JSON
@click.pass_obj
@speak_plainly
def add_(home: Path, file: Path, who: str, as_json: bool) -> None:
    """加入一个计分办法，或它的新版本。加入以后不能改；要改就换版本号和起始日期另加一个。

    没有写 valid_to 的版本，到同名的下一个版本开始为止。随组稿提供的样本可以直接写名称。

    \b
    例：zugao --home 稿件库 rules add 我们的办法.toml --who 张
        zugao --home 稿件库 rules add cumulative
    """
    from zugao import scoring

    told = scoring.add(home, file, who)
    print_json(told) if as_json else click.echo(f"已加入：{scoring.sentence(told)}。")


@rules.command()
@click.argument("name", metavar="名称")
@click.option("--version", default="", help="哪个版本；缺省为最新的。")
@click.pass_obj
@speak_plainly
def show(home: Path, name: str, version: str) -> None:
    """看一个计分办法的全文：库里的，或随组稿提供的样本。

    \b
    例：zugao --home 稿件库 rules show 默认计分办法
        zugao rules show by_length > 我们的办法.toml
    """
    from zugao.scoring import text_of

    click.echo(text_of(home, name, version), nl=False)


@click.command()
@click.option("--period", default="", help="期间：2026、2026H1、2026Q3 或 2026-09；缺省为今年。")
@click.option("--unit", default="", help="只看一个单位（名称或别名）。")
@click.option("--draft", type=int, help="只看一篇稿件；不写期间则列出它全部的得分。")
@click.option("--profile", default="", help="计分办法的名称；只有一个时不必写。")
@AS_JSON
@click.pass_obj
@speak_plainly
def points(
    home: Path, period: str, unit: str, draft: int | None, profile: str, as_json: bool
) -> None:
    """积分台账：先按计分办法把台账记到最新，再列出各单位的分；--unit、--draft 列出每笔怎么算的。

    采用撤销了、日期改了，台账里用冲销的一笔更正，原来的都保留。

    \b
    例：zugao --home 稿件库 points --period 2026Q3
        zugao --home 稿件库 points --period 2026Q3 --unit 临溪县
        zugao --home 稿件库 points --draft 12
    """
    from zugao import scoring

    told = scoring.points(home, period=period, unit=unit, draft=draft, profile=profile)
    if as_json:
        print_json(told)
    else:
        scoring.print_points(told, each=bool(unit) or draft is not None)


COMMANDS = (rules, points)
