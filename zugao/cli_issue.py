"""``zugao issue …``: compose an issue, build its Word file, print it, take that back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from zugao.cli_report import TEMPLATE
from zugao.console import AS_JSON, print_json, speak_plainly
from zugao.params import DAY, WHO

ISSUE = click.argument("issue", type=int, metavar="期编号")
DRAFTS = click.argument("drafts", type=int, nargs=-1, required=True, metavar="稿件...")
FILE = click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False),
    help="Word 文件写到哪里；缺省是当前文件夹下的“刊名年期.docx”。",
)  # fmt: skip


@click.group()
def issue() -> None:
    """编一期刊物：放稿件、排次序、改文字、出 Word，印发后采用自动记下。

    \b
    例：zugao --home 稿件库 issue new 云泽组工信息 --number 19
        zugao --home 稿件库 issue add 12 31 45 --column 基层党建
        zugao --home 稿件库 issue build 12
        zugao --home 稿件库 issue print 12 --date 2026-10-15
    """


@issue.command()
@click.argument("outlet", metavar="刊物")
@click.option("--number", required=True, help="期号。")
@click.option("--year", type=click.IntRange(1949, 9998), help="年份；缺省为今年。")
@click.option("--title", default="", help="这一期的题目，如专刊的题目。")
@AS_JSON
@click.pass_obj
@speak_plainly
def new(home: Path, outlet: str, number: str, year: int | None, title: str, as_json: bool) -> None:
    """开始编一期。

    \b
    例：zugao --home 稿件库 issue new 云泽组工信息 --number 19
    """
    from zugao import composing

    id_ = composing.new(home, outlet, number, year=year, title=title)
    print_json({"issue_id": id_}) if as_json else click.echo(f"已建立，期编号 {id_}。")


@issue.command()
@ISSUE
@DRAFTS
@click.option("--column", default="", help="栏目。")
@click.option("--with", "beside", type=int, help="与这一篇稿件合成一条（综合采用）。")
@click.pass_obj
@speak_plainly
def add(home: Path, issue: int, drafts: tuple[int, ...], column: str, beside: int | None) -> None:
    """放稿件进去，排在后面。

    \b
    例：zugao --home 稿件库 issue add 12 31 45 --column 基层党建
        zugao --home 稿件库 issue add 12 47 --with 45
    """
    _changed(home, issue, lambda c: c.add(home, issue, drafts, column=column, beside=beside))


@issue.command()
@ISSUE
@DRAFTS
@click.pass_obj
@speak_plainly
def remove(home: Path, issue: int, drafts: tuple[int, ...]) -> None:
    """把稿件拿出来。

    \b
    例：zugao --home 稿件库 issue remove 12 45
    """
    _changed(home, issue, lambda c: c.remove(home, issue, drafts))


@issue.command()
@ISSUE
@DRAFTS
@click.pass_obj
@speak_plainly
def order(home: Path, issue: int, drafts: tuple[int, ...]) -> None:
    """排次序：这几篇在前，其余照旧跟在后面。

    \b
    例：zugao --home 稿件库 issue order 12 45 31
    """
    _changed(home, issue, lambda c: c.order(home, issue, drafts))


@issue.command()
@ISSUE
@click.argument("draft", type=int, metavar="稿件")
@click.option("--title", default="", help="改后的标题。")
@click.option(
    "--file", type=click.Path(path_type=Path, dir_okay=False), help="改后的正文，Word 或文本文件。"
)
@WHO
@click.pass_obj
@speak_plainly
def edit(home: Path, issue: int, draft: int, title: str, file: Path | None, who: str) -> None:
    """改标题或正文。每改一次另记一条，来稿原文不动。

    \b
    例：zugao --home 稿件库 issue edit 12 45 --title 新标题 --file 改后.docx --who 张
    """
    _changed(home, issue, lambda c: c.edit(home, issue, draft, title=title, file=file, who=who))


@issue.command()
@ISSUE
@AS_JSON
@click.pass_obj
@speak_plainly
def show(home: Path, issue: int, as_json: bool) -> None:
    """看这一期：次序、栏目、来源、字数，超过刊物字数的标出。

    \b
    例：zugao --home 稿件库 issue show 12
    """
    from zugao import composing

    plan = composing.seen(home, issue)
    print_json(plan) if as_json else composing.print_plan(plan)


@issue.command()
@ISSUE
@FILE
@TEMPLATE
@click.pass_obj
@speak_plainly
def build(home: Path, issue: int, file: Path | None, template: Path | None) -> None:
    """出 Word 稿：刊头、目录、各栏目、正文；条目登记下来，还不算采用。可以反复出。

    \b
    例：zugao --home 稿件库 issue build 12 -o 清样.docx
    """
    from zugao import composing

    click.echo(f"已写入 {composing.build(home, issue, file, template)}")


@issue.command("print")
@ISSUE
@DAY
@FILE
@TEMPLATE
@WHO
@AS_JSON
@click.pass_obj
@speak_plainly
def print_(
    home: Path,
    issue: int,
    day: date | None,
    file: Path | None,
    template: Path | None,
    who: str,
    as_json: bool,
) -> None:
    """印发：记下印发日期，各篇稿件记为采用，出定稿。

    \b
    例：zugao --home 稿件库 issue print 12 --date 2026-10-15
    """
    from zugao import composing

    count, written = composing.print_(home, issue, day, who=who, file=file, template=template)
    if as_json:
        print_json({"adoptions": count, "file": str(written)})
    else:
        click.echo(f"已印发，记下采用 {count} 篇；已写入 {written}")


@issue.command()
@ISSUE
@WHO
@click.pass_obj
@speak_plainly
def unprint(home: Path, issue: int, who: str) -> None:
    """撤销印发：采用撤回，这一期回到正在编。

    \b
    例：zugao --home 稿件库 issue unprint 12
    """
    from zugao import composing

    click.echo(f"已撤销印发，撤回采用 {composing.unprint(home, issue, who=who)} 篇。")


def _changed(home: Path, issue: int, change: Callable[[Any], None]) -> None:
    """Do what a command says with the module of its actions, and show the issue then."""
    from zugao import composing

    change(composing)
    composing.print_plan(composing.seen(home, issue))


COMMANDS = (issue,)
