"""Commands on figures: statistics, lists, the register, questions in SQL."""

from __future__ import annotations

import sys
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


@click.command()
@click.argument(
    "sheets", nargs=-1, type=click.Path(path_type=Path, dir_okay=False), metavar="[考核表]..."
)
@click.option("--name", default="", help="考核的名称；同名的被替换。只看时不写则看最近一次的。")
@click.option("--period", default="", help="期间，写法同 stats。")
@click.option("--weight", "weights", multiple=True, help="部分=百分数，每部分写一次，合计100。")
@click.option("--full", multiple=True, help="部分=满分，不是100分的才写。")
@click.option(
    "--full-points", type=click.FloatRange(0, min_open=True),
    help="积分多少折算为满分；不写则本组最高的为满分。",
)  # fmt: skip
@_PROFILE
@click.option("--who", default="", help="谁建立的。")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="另写成 .csv 或 .xlsx 文件。"
)
@AS_JSON
@click.pass_obj
@speak_plainly
def assess(
    home: Path,
    sheets: tuple[Path, ...],
    name: str,
    period: str,
    weights: tuple[str, ...],
    full: tuple[str, ...],
    full_points: float | None,
    profile: str,
    who: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """综合考核：几张外来的评分表和积分台账，按权重合成总分，组内排名。

    表格（CSV 或 Excel）的表头是单位、得分，文件名就是部分的名称；叫“积分”的部分从台账折算。
    权重合计必须是100%。不给表格和权重时，列出已有的考核。

    \b
    例：zugao assess 社会调查.xlsx 群众评价.xlsx 领导评价.xlsx 互评.xlsx --name 2026年度考核
          --period 2026 --weight 社会调查=20 --weight 群众评价=30 --weight 领导评价=30
          --weight 互评=20 --out 考核.xlsx
        zugao assess 群众评价.csv --name 半年考核 --period 2026H1
          --weight 群众评价=40 --weight 积分=60
        zugao assess --name 2026年度考核
    """
    from zugao import assessing, figures

    if weights or sheets:
        if not name or not period:
            raise click.UsageError("要写 --name 和 --period")
        found = assessing.assess(
            home, name, period, sheets, weights,
            full=full, full_points=full_points, profile=profile, who=who,
        )  # fmt: skip
    else:
        found = assessing.stored(home, name)
    told = assessing.told(found)
    if out:
        columns = {"unit_group": "组别", **told.columns}
        figures.write_rows("考核", columns, told.rows, out)
        click.echo(f"已写入 {out}", err=True)
    if as_json:
        print_json(assessing.as_dict(found))
    else:
        figures.print_told(told)


@click.command()
@_PERIOD
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), required=True,
              help="写成哪个网页文件。")  # fmt: skip
@click.pass_obj
@speak_plainly
def analysis(home: Path, period: str, html: Path) -> None:
    """分析一个期间，写成一个网页：逐月、从收到到刊发、刊物要什么主题、重稿，有图有表。

    网页只有一个文件，不联网、不用脚本，可直接打印。

    \b
    例：zugao --home 稿件库 analysis --period 2026Q3 --html 分析.html
    """
    from zugao.analysing import write_analysis

    write_analysis(home, period, html)
    click.echo(f"已写入 {html}", err=True)


@click.command()
@click.option("--port", type=click.IntRange(1024, 65535), default=8001, show_default=True,
              help="端口。")  # fmt: skip
@click.option("--copy-only", is_flag=True, help="只生成副本，不打开网页。")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False),
              help="副本放在哪个文件夹；缺省是工作目录下的“分析副本”。")  # fmt: skip
@click.pass_obj
@speak_plainly
def window(home: Path, port: int, copy_only: bool, folder: Path | None) -> None:
    """给分析人员开一个窗口：生成只读副本（只含统计用的表），用 Datasette 在本机网页里查。

    副本里没有正文、账号、签发人和批示内容；表、列有中文说明，有现成的查询。按 Ctrl+C 结束。

    \b
    例：zugao --home 稿件库 window
        zugao --home 稿件库 window --copy-only --folder 分析
    """
    from zugao.window import copy_figures, require_datasette, serve

    if not copy_only:
        require_datasette()
    copied = copy_figures(home, folder)
    click.echo(f"已生成 {copied.file}：{sum(copied.rows.values())} 行，{len(copied.rows)} 张表。")
    if not copy_only:
        click.echo(f"请在浏览器打开 http://127.0.0.1:{port} ，按 Ctrl+C 结束。")
        sys.exit(serve(copied, port))


COMMANDS: tuple[click.Command, ...] = (stats, register, sql, assess, analysis, window)
