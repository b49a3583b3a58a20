"""The command that erases: drafts, a person's name, or what is older than texts are kept."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from zugao.console import AS_JSON, Problem, print_json, speak_plainly


@click.command()
@click.argument("drafts", nargs=-1, type=int, metavar="[稿件编号]...")
@click.option("--person", default="", help="从所有稿件里删去这个人的姓名。")
@click.option("--expired", is_flag=True, help="删去超过保存年限的（设置 [retention]）。")
@click.option("--why", default="", help="理由，记入删除记录；不要写被删的内容。")
@click.option("--who", default="", help="谁要求或批准删的，记入删除记录。")
@click.option("--preview", "only_look", is_flag=True, help="只看会删什么、留什么，什么也不删。")
@click.option("--anyway", is_flag=True, help="定稿的通报里印有也照删（通报不变）。")
@click.option("--yes", is_flag=True, help="不再询问。")
@AS_JSON
@click.pass_obj
@speak_plainly
def erase(
    home: Path,
    drafts: tuple[int, ...],
    person: str,
    expired: bool,
    why: str,
    who: str,
    only_look: bool,
    anyway: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """删除：删去稿件的文字和原件，或一个人的姓名；留下删除记录，统计和得分不变。不能恢复。

    \b
    例：zugao --home 稿件库 erase 12 13 --why 本人申请 --preview
        zugao --home 稿件库 erase 12 --why 报送单位撤回 --who 办公室主任
        zugao --home 稿件库 erase --person 张某某 --why 本人申请
        zugao --home 稿件库 erase --expired
    """
    from zugao.erasing import Asked, carry_out, preview

    if (bool(drafts), bool(person.strip()), expired).count(True) != 1:
        raise click.UsageError("请写稿件编号、--person、--expired 三者之一")
    if not (why.strip() or expired or only_look):
        raise click.UsageError("请用 --why 写明理由")
    asked = Asked(drafts, person.strip(), expired)
    seen = preview(home, asked)
    if only_look and as_json:
        print_json({**seen.facts, "bulletins": seen.bulletins})
        return
    for line in seen.lines:
        click.echo(line, err=as_json)
    if only_look:
        return
    if seen.bulletins and not (anyway or expired):
        raise Problem("没有删。确要删去，请加 --anyway。")
    if not yes:
        click.confirm("删去后不能恢复，确定吗", abort=True, err=as_json)
    done, told = carry_out(home, asked, why=why.strip(), who=who.strip())
    if as_json:
        print_json(dataclasses.asdict(done))
    else:
        click.echo("\n".join(told))


COMMANDS = (erase,)
