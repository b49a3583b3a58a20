"""Commands on figures: statistics, lists, the register, questions in SQL."""

from __future__ import annotations

from pathlib import Path

import click

from zugao.console import AS_JSON, print_json, speak_plainly

# As in zugao.statistics (a test compares); named here so that --help need not load it.
KINDS = ("unit", "group", "theme", "category", "genre", "class", "author", "level", "outlet")
LISTS = (
    "zero-sent", "zero-adopted", "commissions", "late", "last", "best", "duplicates", "wanted",
    "funnel",
)  # fmt: skip

_PERIOD = click.option(
    "--period",
    required=True,
    help="期间：2026、2026H1、2026Q3、2026-09 或 2026-07-01至2026-08-15。",
)
_PROFILE = click.option("--profile", default="", help="计分办法的名称；只有一个时不必写。")


@click.command()
@_PERIOD
@click.option("--by", type=click.Choice(KINDS), default="unit", help="按什么统计，缺省按单位。")
@click.option("--list", "name", type=click.Choice(LISTS), help="改为列名单。")
@_PROFILE
@click.option("--received", is_flag=True, help="采用也按收到日期算：这一期收到的，到现在用了多少。")
@click.option("--csv", "as_csv", is_flag=True, help="输出 CSV，Excel 可直接打开。")
@AS_JSON
@click.pass_obj
@speak_plainly
def stats(
    home: Path,
    period: str,
    by: str,
    name: str | None,
    profile: str,
    received: bool,
    as_csv: bool,
    as_json: bool,
) -> None:
    """统计一个期间：报送、有效、采用、采用率、得分、组内名次、与上期和去年同期比；各种名单。

    报送按收到日期，采用按印发日期（--received 则都按收到日期）。没有报送的也列出来。

    \b
    --by：unit 单位 group 组别 theme 主题 category 大类 genre 体裁 class 类别
          author 信息员 level 级别 outlet 刊物
    --list：zero-sent 零报送 zero-adopted 零采用 commissions 约稿未交逾期 late 迟报
            last 连续三期末位 best 得分最高的稿件 duplicates 各单位重稿
            wanted 主题报送与采用对比 funnel 从收到到刊发
    例：zugao --home 稿件库 stats --period 2026Q3
        zugao --home 稿件库 stats --period 2026 --by theme --csv
        zugao --home 稿件库 stats --period 2026Q3 --list zero-sent
    """
    from zugao import figures, statistics

    if name:
        told = statistics.listed(home, name, period, profile=profile, received=received)
    else:
        told = statistics.stats(home, period, by, profile=profile, received=received)
    if as_json:
        print_json(told.as_dict())
    elif as_csv:
        figures.print_csv(told)
    else:
        figures.print_told(told)


@click.command()
@click.option("--period", default="", help="只要这一期收到的；不写则全部。")
@_PROFILE
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default="-",
    help="写成 .csv 或 .xlsx 文件；不写则以 CSV 打印。",
)  # fmt: skip
@click.pass_obj
@speak_plainly
def register(home: Path, period: str, profile: str, out: Path) -> None:
    """台账：每篇稿件和它现在的状态（收到、采用待确认、退稿、预采用、待刊发、已采用）、去处和得分。

    \b
    例：zugao --home 稿件库 register --period 2026Q3 --out 台账.xlsx
    """
    from zugao.figures import write_rows
    from zugao.statistics import REGISTER_COLUMNS, register_rows

    count = write_rows("台账", REGISTER_COLUMNS, register_rows(home, period, profile), out)
    if str(out) != "-":
        click.echo(f"已写入 {out}：{count} 篇稿件。", err=True)


@click.command()
@click.argument("question", metavar="查询")
@click.option("--seconds", type=click.FloatRange(0.1, 3600), default=30.0, show_default=True,
              help="最多查多少秒。")  # fmt: skip
@click.option("--rows", type=click.IntRange(1, 1_000_000), default=1000, show_default=True,
              help="最多要多少行。")  # fmt: skip
@click.option("--csv", "as_csv", is_flag=True, help="输出 CSV，Excel 可直接打开。")
@AS_JSON
@click.pass_obj
@speak_plainly
def sql(
    home: Path, question: str, seconds: float, rows: int, as_csv: bool, as_json: bool
) -> None:  # fmt: skip
    """用 SQL 查数据库，只读，有时间和行数的限制。视图和列的含义、现成的查询见 docs/database.md。

    \b
    例：zugao --home 稿件库 sql "SELECT unit, count(*) FROM submissions GROUP BY unit_id"
    """
    from zugao.asking import ask, print_answer

    found = ask(home, question, seconds=seconds, most=rows)
    print_answer(found, as_csv=as_csv, as_json=as_json)


COMMANDS: tuple[click.Command, ...] = (stats, register, sql)
