"""Commands on what became of drafts: adoption and its events."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from zugao import cli_events, cli_lists, cli_match, cli_tasks
from zugao.console import AS_JSON, print_json, speak_plainly
from zugao.params import NOTE, WHO, day_option, said


@click.command()
@click.argument("drafts", type=int, nargs=-1, required=True, metavar="稿件...")
@click.option("--outlet", default="", help="刊物的名称或别名。")
@click.option("--issue", default="", help="期号；没有期号的媒体只写 --date。")
@day_option("--date", "day", words="印发日期；这一期还没有登记时要写。")
@click.option("--item", type=int, help="已登记的条目编号（见 zugao items），代替刊物和期号。")
@click.option("--title", default="", help="刊发的标题，缺省为第一篇稿件的标题。")
@click.option("--form", default="", help="单篇、综合、摘要、简讯或约稿；几篇合成的缺省为综合。")
@click.option("--share", default="", help="各篇所占，如 0.6,0.4 或 3:2；不写则平分。")
@click.option("--pre", is_flag=True, help="预采用：拟用，不计采用；刊物可写可不写。")
@said
@click.pass_obj
@speak_plainly
def adopt(
    home: Path,
    drafts: tuple[int, ...],
    outlet: str,
    issue: str,
    day: date | None,
    item: int | None,
    title: str,
    form: str,
    share: str,
    pre: bool,
    who: str,
    note: str,
    as_json: bool,
) -> None:
    """记下稿件被采用：在哪个刊物、哪一期。写几篇就是几篇合成一条，以前记的由它代替。

    \b
    例：zugao --home 稿件库 adopt 12 --outlet 云泽组工信息 --issue 23
        zugao --home 稿件库 adopt 12 15 --outlet 组工信息 --issue 24 --date 2026-09-28 --share 3:2
        zugao --home 稿件库 adopt 12 --outlet 云泽晨报 --date 2026-09-30
        zugao --home 稿件库 adopt 12 --pre --outlet 江岚组工通讯
    """
    from zugao import adopting
    from zugao.recording import tell

    if item is not None and (outlet or issue):
        raise click.UsageError("--item 已经指明了条目，不要再写 --outlet 和 --issue")
    if pre:
        if item is not None or issue or day or title or form or share:
            raise click.UsageError("--pre 只能和 --outlet、--who、--note 一起用")
        rows = adopting.pre_adopt(home, drafts, outlet=outlet, who=who, note=note)
    else:
        shares = adopting.shares_of(share) if share else []
        rows = adopting.adopt(
            home, drafts, outlet=outlet, issue=issue, day=day, item=item,
            title=title, form=form, shares=shares, who=who, note=note,
        )  # fmt: skip
    tell(rows, as_json=as_json)


@click.command()
@click.argument("drafts", type=int, nargs=-1, required=True, metavar="稿件...")
@said
@click.pass_obj
@speak_plainly
def unadopt(home: Path, drafts: tuple[int, ...], who: str, note: str, as_json: bool) -> None:
    """撤销稿件的采用。一篇稿件有几处采用的，用 zugao undo 指明是哪一处。

    \b
    例：zugao --home 稿件库 unadopt 12 --note 刊发的是另一篇
    """
    from zugao.adopting import unadopt as take_back
    from zugao.recording import tell

    tell(take_back(home, drafts, who=who, note=note), as_json=as_json)


@click.command()
@click.argument("item", type=int, metavar="条目")
@said
@click.pass_obj
@speak_plainly
def split(home: Path, item: int, who: str, note: str, as_json: bool) -> None:
    """拆分合成的条目：各篇其实是分别刊发的。占得最多的留在原条目，其余各成一条。

    \b
    例：zugao --home 稿件库 split 31
    """
    from storage.events import split as part
    from zugao.recording import record, tell

    tell(record(home, lambda db: part(db, item, who=who, note=note)), as_json=as_json)


@click.command()
@click.argument("numbers", type=int, nargs=-1, required=True, metavar="编号...")
@WHO
@NOTE
@AS_JSON
@click.pass_obj
@speak_plainly
def undo(home: Path, numbers: tuple[int, ...], who: str, note: str, as_json: bool) -> None:
    """撤销一条或几条记录（采用、批示、约稿等），编号见 zugao events。记录本身都保留。

    \b
    例：zugao --home 稿件库 undo 57
    """
    from storage.events import undo_events
    from zugao.recording import record, tell

    tell(record(home, lambda db: undo_events(db, numbers, who, note)), as_json=as_json)


@click.command()
@click.option("--draft", type=int, help="只看这一篇稿件的，由先到后。")
@click.option("--kind", default="", help="只看一种：采用、批示、约稿……")
@click.option("--count", type=click.IntRange(1, 10000), default=30, help="最近几条，缺省 30。")
@AS_JSON
@click.pass_obj
@speak_plainly
def events(home: Path, draft: int | None, kind: str, count: int, as_json: bool) -> None:
    """采用、批示、约稿等的记录：最近的在前；撤销了的也在，标明已撤销。

    \b
    例：zugao --home 稿件库 events --draft 12
        zugao --home 稿件库 events --kind 约稿
    """
    from zugao.histories import history, print_history

    rows = history(home, draft=draft, kind=kind, count=count)
    print_json(rows) if as_json else print_history(rows)


COMMANDS: tuple[click.Command, ...] = (
    adopt, unadopt, split, undo, events,
    *cli_events.COMMANDS, *cli_match.COMMANDS, *cli_lists.COMMANDS, *cli_tasks.COMMANDS,
)  # fmt: skip
