"""Commands on automatic adoption: read printed issues, match them with drafts, answer proposals."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from zugao.console import AS_JSON, Exit, print_json, progress, speak_plainly
from zugao.params import said


@click.command()
@click.argument("place", type=click.Path(path_type=Path), required=False, metavar="[文件夹或文件]")
@click.option("--no-wait", is_flag=True, help="不等：看上去还没写完的文件也照读。")
@AS_JSON
@click.pass_obj
@speak_plainly
def match(home: Path, place: Path | None, no_wait: bool, as_json: bool) -> None:
    """读印发的各期，拆成条目，与来稿比对：有把握的记为采用，拿不准的等编辑确认。

    不写位置时读工作目录的刊发文件夹。各期可以是 Word、文本或带文字层的 PDF，刊名、期号、日期
    写在刊头或文件名里；CSV、Excel 是媒体监测的刊发清单，表头：标题、媒体、日期，另可有期号、栏目、
    署名、网址、正文。读过的文件不再读；后来收到的稿件，会与以前印发的再比一次。

    \b
    例：zugao --home 稿件库 match
        zugao --home 稿件库 match 云泽组工信息2026年第23期.docx
    退出码：3 有文件或行没有读入，原因在屏幕上，其余照做；4 另一个比对任务正在运行。
    """
    from zugao.matching import match_place, matched_as_dict, print_matched

    with progress(quiet=as_json) as report:
        done = match_place(home, place, report, wait=not no_wait)
    print_json(matched_as_dict(done)) if as_json else print_matched(done)
    sys.exit(Exit.REFUSED if done.refused else Exit.OK)


@click.command()
@AS_JSON
@click.pass_obj
@speak_plainly
def proposals(home: Path, as_json: bool) -> None:
    """列出等编辑确认的采用建议：条目、像是哪篇稿件、依据和要留意的情况。

    \b
    例：zugao --home 稿件库 proposals
    """
    from zugao.matching import print_proposals
    from zugao.matching import proposals as waiting

    rows = waiting(home)
    print_json(rows) if as_json else print_proposals(rows)


@click.command()
@click.argument("numbers", type=int, nargs=-1, metavar="编号...")
@click.option("--all-sure", is_flag=True, help="有把握的全部确认（设置为不直接记时用）。")
@said
@click.pass_obj
@speak_plainly
def confirm(
    home: Path, numbers: tuple[int, ...], all_sure: bool, who: str, note: str, as_json: bool
) -> None:
    """确认采用建议，记为采用。编号见 zugao proposals。

    \b
    例：zugao --home 稿件库 confirm 12 15 --who 张
        zugao --home 稿件库 confirm --all-sure
    """
    from zugao.matching import confirm as answer
    from zugao.recording import record, tell

    if not numbers and not all_sure:
        raise click.UsageError("要写建议的编号，或 --all-sure")
    rows = record(home, lambda db: answer(db, numbers, all_sure=all_sure, who=who, note=note))
    tell(rows, as_json=as_json)


@click.command()
@click.argument("numbers", type=int, nargs=-1, required=True, metavar="编号...")
@said
@click.pass_obj
@speak_plainly
def refuse(home: Path, numbers: tuple[int, ...], who: str, note: str, as_json: bool) -> None:
    """否定采用建议：刊发的不是这篇稿件，以后不再建议。编号见 zugao proposals。

    \b
    例：zugao --home 稿件库 refuse 12 --note 只是同题
    """
    from storage.proposals import refuse as one
    from zugao.recording import record, tell

    rows = record(home, lambda db: [one(db, n, who=who, note=note) for n in numbers])
    tell(rows, as_json=as_json)


COMMANDS: tuple[click.Command, ...] = (match, proposals, confirm, refuse)
