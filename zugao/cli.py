"""The command line. Thin: each command asks the rooms below and hands the answer to a printer."""
# ruff: noqa: I001  gettext must be told of our words before click is imported

from __future__ import annotations

import sys
import gettext
import os
from pathlib import Path
from typing import Any

# Click's own words ("Usage", "Missing argument") come from gettext's default domain; ours must be
# named before its first word is asked for.
gettext.bindtextdomain("messages", str(Path(__file__).parent / "locale"))
os.environ.setdefault("LANGUAGE", "zh_CN")

import click  # noqa: E402

from zugao import __version__  # noqa: E402
from zugao import (  # noqa: E402
    cli_adoption,
    cli_backup,
    cli_desk,
    cli_erase,
    cli_issue,
    cli_points,
    cli_report,
    cli_statistics,
    cli_themes,
)
from zugao.cli_menu import Menu  # noqa: E402
from zugao.console import (  # noqa: E402
    AS_JSON,
    Exit,
    Problem,
    print_json,
    progress,
    speak_plainly,
)


@click.group(
    cls=Menu, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    default=Path(),
    envvar="ZUGAO_HOME",
    show_default="当前文件夹",
    help="工作目录（zugao.toml 所在的文件夹），也可用环境变量 ZUGAO_HOME 指定。",
)
@click.version_option(__version__, "--version", prog_name="zugao", help="显示版本。")
@click.pass_context
def main(ctx: click.Context, home: Path) -> None:
    """组稿 zugao：收稿、读稿、分主题、查重、查字数，记入数据库并给出汇总。

    \b
    第一次使用：
      zugao init 稿件库 --units 单位表.csv
      zugao --home 稿件库 run 收件箱文件夹
    """
    ctx.obj = home


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", default="", help="本单位名称，写进设置文件。")
@click.option(
    "--units", type=click.Path(path_type=Path, dir_okay=False), help="单位表（CSV 或 Excel）。"
)
@click.option(
    "--outlets", type=click.Path(path_type=Path, dir_okay=False), help="刊物表（CSV 或 Excel）。"
)
@click.option("--quiet", is_flag=True, help="工作目录已存在时不作声。")
@speak_plainly
def init(folder: Path, name: str, units: Path | None, outlets: Path | None, quiet: bool) -> None:
    """建立工作目录：设置文件、数据库、收件箱。已有的设置和数据不会改动。

    \b
    例：zugao init 稿件库 --name 云泽市委组织部办公室 --units 单位表.csv --outlets 刊物表.csv
    """
    from zugao.setting_up import set_up

    for line in set_up(folder, name=name, units=units, outlets=outlets):
        if not quiet:
            click.echo(line)


@main.command()
@click.argument("inbox", type=click.Path(path_type=Path))
@click.option("--flow", is_flag=True, help="作为 Prefect 流程运行（没有服务时临时启动一个）。")
@click.option("--direct", is_flag=True, help="不经 Prefect，直接运行。")
@click.option("--no-wait", is_flag=True, help="不等：看上去还没写完的文件也照收。")
@AS_JSON
@click.pass_obj
@speak_plainly
def run(home: Path, inbox: Path, flow: bool, direct: bool, no_wait: bool, as_json: bool) -> None:
    """收一次稿：读收件箱里的新文件，入库，打印汇总。重复运行不会重复登记。

    \b
    例：zugao --home 稿件库 run 收件箱
    没有 --flow 和 --direct 时：Prefect 服务开着就作为流程运行，否则直接运行。
    退出码：0 全部正常；3 有文件被退回；4 另一个收稿任务正在运行。
    """
    if flow and direct:
        raise click.UsageError("--flow 和 --direct 只能用一个")
    from zugao.running import How, run_once
    from zugao.summary import print_summary

    how: How = "prefect" if flow else "direct" if direct else ""
    with progress(quiet=as_json) as report:
        summary = run_once(home, inbox, how=how, report=report, say=_say(as_json), wait=not no_wait)
    if as_json:
        print_json(summary.as_dict())
    else:
        print_summary(summary, home=home)
    sys.exit(Exit.REFUSED if summary.refused else Exit.OK)


def _say(quiet: bool) -> Any:
    return (lambda line: None) if quiet else (lambda line: click.secho(line, dim=True, err=True))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@AS_JSON
@speak_plainly
def read(file: Path, as_json: bool) -> None:
    """看一个文件读出来是什么：每段的位置、编号、文字，和需要注意的地方。什么也不存。

    \b
    例：zugao read 关于基层党建的调研报告.docx
    """
    from zugao.reading import print_reading, read_one, reading_as_dict

    result = read_one(file)
    if as_json:
        print_json(reading_as_dict(result, file))
    refused = print_reading(result, file, quiet=as_json)
    sys.exit(Exit.REFUSED if refused else Exit.OK)


@main.command()
@click.option("--refused", is_flag=True, help="只列退回的、还没有被后来版本替代的文件。")
@AS_JSON
@click.pass_obj
@speak_plainly
def files(home: Path, refused: bool, as_json: bool) -> None:
    """列出收过的文件（来稿台账）：编号、日期、单位、位置、状态；退回的附原因和办法。

    \b
    例：zugao --home 稿件库 files --refused
    """
    from zugao.filing import listed, print_files

    rows = listed(home, refused=refused)
    if as_json:
        print_json(rows)
    else:
        print_files(rows)


@main.command()
@click.argument("number", type=int)
@click.pass_obj
@speak_plainly
def retry(home: Path, number: int) -> None:
    """让一个被退回的文件下次收稿时重新读一遍（编号见 zugao files --refused）。

    \b
    例：zugao --home 稿件库 retry 35
    """
    from zugao.filing import retry as read_again

    read_again(home, number)
    click.echo(f"第 {number} 号文件下次收稿时会重新读。")


@main.command()
@click.argument("draft", type=int)
@click.option("--text/--no-text", default=True, help="是否显示正文。")
@AS_JSON
@click.pass_obj
@speak_plainly
def show(home: Path, draft: int, text: bool, as_json: bool) -> None:
    """看一篇稿件的全部情况：来源、主题和依据、体裁、标记、重稿、正文。

    \b
    例：zugao --home 稿件库 show 12
    """
    from zugao.showing import facts, print_draft

    found = facts(home, draft)
    if found is None:
        raise Problem(f"没有第 {draft} 号稿件；编号见 zugao export 的“编号”一栏。")
    if as_json:
        print_json(found)
    else:
        print_draft(found, with_text=text)


@main.command()
@click.argument("texts", nargs=-1, metavar="稿件 对照稿件...")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="写成一个网页。")
@click.option("--word", type=click.Path(path_type=Path, dir_okay=False), help="写成 Word 文件。")
@AS_JSON
@click.pass_obj
@speak_plainly
def compare(
    home: Path, texts: tuple[str, ...], html: Path | None, word: Path | None, as_json: bool
) -> None:
    """两稿左右对照：相同段落编号标出，改了的地名、人名、数字另标。稿件用编号，也可用文件。

    \b
    例：zugao --home 稿件库 compare 31 12
        zugao --home 稿件库 compare 31 12 18 --html 对照.html    一稿与几篇来源
        zugao compare 新稿.docx 旧稿.docx#2 --word 对照.docx      文件里的第 2 篇
    """
    if len(texts) < 2:
        raise click.UsageError("至少要给出两篇稿件")
    from zugao.comparing import compare_texts, print_comparison, write_comparison

    shown = compare_texts(home, texts)
    for written in write_comparison(shown, html=html, word=word):
        click.echo(f"已写入 {written}", err=True)
    if as_json:
        from reports.comparison import as_dict

        print_json(as_dict(shown))
    elif not html and not word:
        print_comparison(shown)


@main.command()
@click.argument("draft")
@click.option("--limit", type=click.IntRange(1), help="压到多少字；缺省是这种体裁的上限。")
@click.option("--outlet", help="压到这家刊物的字数；写名称或别名。")
@click.option("--word", type=click.Path(path_type=Path, dir_okay=False), help="写成 Word 修订稿。")
@AS_JSON
@click.pass_obj
@speak_plainly
def cut(
    home: Path, draft: str, limit: int | None, outlet: str | None, word: Path | None, as_json: bool
) -> None:
    """超长的稿件删什么：标出建议删的句子和理由，给出删后的稿子。只是建议，不改原件。

    \b
    例：zugao --home 稿件库 cut 31
        zugao --home 稿件库 cut 31 --outlet 云泽组工信息
        zugao cut 长稿.docx --limit 800 --word 删稿建议.docx
    """
    from zugao.cutting import as_dict, print_proposal, propose, write_word

    if limit is not None and outlet is not None:
        raise click.UsageError("--limit 和 --outlet 只能写一个。")
    found = propose(home, draft, limit, outlet)
    if word:
        write_word(found, word)
        click.echo(f"已写入 {word}，用 Word 打开后逐处接受或拒绝修订即可。", err=True)
    if as_json:
        print_json(as_dict(found))
    elif not word:
        print_proposal(found)


@main.command()
@click.argument("draft")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="写到哪里；缺省是当前文件夹下的“原名.批注.docx”。",
)
@AS_JSON
@click.pass_obj
@speak_plainly
def annotate(home: Path, draft: str, output: Path | None, as_json: bool) -> None:
    """写一份加了批注的 Word 副本：主题和依据、重稿、字数和删稿建议、形式问题，标在原处。

    \b
    例：zugao --home 稿件库 annotate 31
        zugao --home 稿件库 annotate 来稿.docx -o 来稿（审读）.docx
    原件不动；批注人是“稿件系统”，Word、WPS、LibreOffice 都能看。没入库的文件也与库里的稿件查重。
    """
    from zugao.annotating import annotate_file

    found = annotate_file(home, draft, output)
    if as_json:
        print_json({"file": found.file, "drafts": found.drafts, "comments": found.comments})
    else:
        click.echo(f"已写入 {found.file}：{found.drafts} 篇稿件，{found.comments} 条批注。")


# As in zugao.reuse_settings (a test compares); named here so that --help need not load it.
SHARES = ("near", "revised", "part", "borrowed_share", "merged_total", "merged_each", "merged_used")
COUNTS = ("borrowed_characters", "borrowed_longest", "borrowed_long", "quoted")


def _threshold_options(command: Any) -> Any:
    """One option for each threshold, named as in the settings file."""
    for name in reversed(SHARES + COUNTS):
        kind, words = (float, "比例，0 到 1") if name in SHARES else (int, "字数")
        option = click.option(f"--{name.replace('_', '-')}", name, type=kind, help=words + "。")
        command = option(command)
    return command


@main.command()
@_threshold_options
@AS_JSON
@click.pass_obj
@speak_plainly
def thresholds(home: Path, /, as_json: bool, **values: float | None) -> None:
    """查重的判定线：现在是多少、为什么；试一个别的值，看库里的重稿对会怎样变。什么也不改。

    \b
    例：zugao --home 稿件库 thresholds
        zugao --home 稿件库 thresholds --near 0.65 --borrowed-characters 100
    """
    from zugao.thresholds import print_tried, try_thresholds

    wanted = {name: value for name, value in values.items() if value is not None}
    with progress(quiet=as_json or not wanted) as report:
        told = try_thresholds(home, wanted, report)
    if as_json:
        print_json(told.as_dict())
    else:
        print_tried(told)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default="-")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), help="缺省看扩展名。")
@click.pass_obj
@speak_plainly
def export(home: Path, file: Path, form: str | None) -> None:
    """导出全部稿件，连同主题、标记和重稿。CSV 可直接用 Excel 打开，JSON Lines 供程序用。

    \b
    例：zugao --home 稿件库 export 全部稿件.csv
        zugao --home 稿件库 export - --format jsonl
    """
    from zugao.exporting import export_to

    count, where = export_to(home, file, form)
    if where:
        click.echo(f"已导出 {count} 篇稿件到 {where}", err=True)


@main.command()
@click.pass_obj
@speak_plainly
def serve(home: Path) -> None:
    """按设置里的时间定时收稿，直到按 Ctrl+C。需要时在本机启动 Prefect 服务。

    \b
    例：zugao --home 稿件库 serve
    """
    from zugao.serving import serve_forever

    serve_forever(home, say=click.echo)


@main.command()
@AS_JSON
@click.pass_obj
@speak_plainly
def doctor(home: Path, as_json: bool) -> None:
    """检查本机：Python、SQLite、LibreOffice、字体、设置、数据库；缺什么、影响什么、怎么补。

    \b
    例：zugao --home 稿件库 doctor
    """
    import dataclasses

    from zugao.doctor import examine, print_checks

    checks = examine(home)
    if as_json:
        print_json([dataclasses.asdict(check) for check in checks])
    else:
        print_checks(checks)
    sys.exit(Exit.FAILED if any(check.state == "有误" for check in checks) else Exit.OK)


for further in (
    cli_themes, cli_adoption, cli_desk, cli_issue, cli_points, cli_report, cli_statistics,
    cli_backup, cli_erase,
):  # fmt: skip
    for command in further.COMMANDS:
        main.add_command(command)


if __name__ == "__main__":
    main()
