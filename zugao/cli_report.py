"""Commands on bulletins: make, freeze, list, write again; the template that they are made on."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from zugao.console import AS_JSON, Exit, print_json, speak_plainly

FORMATS = click.option(
    "--format", "formats", default="docx,xlsx", show_default=True,
    help="写哪些：docx、xlsx、html、csv、json，用逗号隔开；all 为全部。",
)  # fmt: skip
OUT = click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False),
    help="放在哪个文件夹；缺省见设置 reports.folder。",
)  # fmt: skip
TEMPLATE = click.option(
    "--template", type=click.Path(path_type=Path, dir_okay=False),
    help="本单位的 Word 模板，可由 zugao template 写出再改。",
)  # fmt: skip


@click.command()
@click.option("--period", required=True, help="期间：2026、2026H1、2026Q3 或 2026-09。")
@click.option("--profile", default="", help="计分办法的名称；只有一个时可不写。")
@FORMATS
@OUT
@TEMPLATE
@click.option("--freeze", is_flag=True, help="印发：把数字连同校验码、办法版本一起冻结，要写文号。")
@click.option("--number", default="", help="文号，如 云组办通〔2026〕7号。")
@click.option("--who", default="", help="谁印发的。")
@AS_JSON
@click.pass_obj
@speak_plainly
def report(
    home: Path,
    period: str,
    profile: str,
    formats: str,
    folder: Path | None,
    template: Path | None,
    freeze: bool,
    number: str,
    who: str,
    as_json: bool,
) -> None:
    """出通报：排名、采用条目、约稿、零报送、表扬和问题，Word 公文和 Excel 工作簿等。

    \b
    例：zugao --home 稿件库 report --period 2026Q3
        zugao --home 稿件库 report --period 2026Q3 --format all --out 通报
        zugao --home 稿件库 report --period 2026Q3 --freeze --number 云组办通〔2026〕7号
    没有 --freeze 时是送审稿，可以反复出；冻结后的更正记入下一期的“调整”。
    """
    if freeze != bool(number.strip()):
        raise click.UsageError("--freeze 和 --number 要一起用")
    from zugao.reporting import made_as_dict, made_lines
    from zugao.reporting import report as make

    made = make(
        home, period, profile=profile, formats=formats, folder=folder, template=template,
        number=number.strip(), who=who,
    )  # fmt: skip
    if as_json:
        print_json(made_as_dict(made))
    else:
        for line in made_lines(made):
            click.echo(line)


@click.command()
@click.argument("number", type=int, required=False, metavar="[编号]")
@FORMATS
@OUT
@TEMPLATE
@AS_JSON
@click.pass_obj
@speak_plainly
def bulletins(
    home: Path,
    number: int | None,
    formats: str,
    folder: Path | None,
    template: Path | None,
    as_json: bool,
) -> None:
    """列出冻结的通报并核对校验码；给出编号则照冻结的内容重新写出文件。

    \b
    例：zugao --home 稿件库 bulletins
        zugao --home 稿件库 bulletins 3 --format docx --out 重印
    退出码：1 有通报的校验码不符。
    """
    from zugao.reporting import again, frozen_rows, print_frozen

    if number is not None:
        files = again(home, number, formats=formats, folder=folder, template=template)
        if as_json:
            print_json([str(file) for file in files])
        else:
            for file in files:
                click.echo(f"已写入 {file}")
        return
    rows = frozen_rows(home)
    if as_json:
        print_json(rows)
    else:
        print_frozen(rows)
    sys.exit(Exit.OK if all(row["sound"] for row in rows) else Exit.FAILED)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@speak_plainly
def template(file: Path) -> None:
    """写出自带的 Word 模板（GB/T 9704），按本单位的习惯改样式、页边距、页脚后再用。

    \b
    例：zugao template 通报模板.docx
    """
    from zugao.reporting import write_template

    write_template(file)
    click.echo(f"已写入 {file}；改样式，不改样式名。")


@click.command()
@click.option("--run", "run_id", type=int, help="哪一次收稿（编号见视图 runs）；缺省为最近一次。")
@AS_JSON
@click.pass_obj
@speak_plainly
def backdate(home: Path, run_id: int | None, as_json: bool) -> None:
    """补录旧稿：把一次收稿收进的文件，改按稿件写明的成文日期算收到，以便计入那时的期间。

    \b
    例：zugao --home 稿件库 backdate
    没有写明年月日的仍按实际收到的日期算。
    """
    from zugao.reporting import bring_back

    done = bring_back(home, run_id)
    if as_json:
        print_json(done)
    else:
        click.echo(
            f"第 {done['run_id']} 次收稿：{done['changed']} 个文件改按成文日期算收到，"
            f"{done['unchanged']} 个没有变。"
        )


COMMANDS = (report, bulletins, template, backdate)
