"""Commands on themes: judge, measure, decide, learn; ``zugao.cli`` adds them to its own."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from zugao.console import AS_JSON, Exit, print_json, progress, speak_plainly


@click.command()
@click.argument("draft", type=int)
@click.option("--theme", default="", help="主要主题：代码或名称；不属于任何方面写 X0。")
@click.option("--secondary", multiple=True, help="次要主题，可写两次；不写则保留原来的。")
@click.option("--genre", default="", help="体裁；不写则不改。")
@click.option("--who", default="", help="谁定的。")
@click.option("--note", default="", help="说明。")
@click.option("--undo", "back", is_flag=True, help="撤销现行的主题意见。")
@AS_JSON
@click.pass_obj
@speak_plainly
def decide(
    home: Path,
    draft: int,
    theme: str,
    secondary: tuple[str, ...],
    genre: str,
    who: str,
    note: str,
    back: bool,
    as_json: bool,
) -> None:
    """记下编辑定的主题（和体裁）。意见只增不改，模型以后不会改动定过的稿件，并从中学习。

    \b
    例：zugao --home 稿件库 decide 12 --theme A1 --secondary B2 --who 张
        zugao --home 稿件库 decide 12 --undo
    """
    import dataclasses

    if bool(theme) == back:
        raise click.UsageError("--theme 和 --undo 要有一个，且只能有一个")
    from zugao import deciding

    if back:
        done = deciding.take_back(home, draft, who=who, note=note)
    else:
        done = deciding.record(
            home, draft, theme=theme, secondary=secondary, genre=genre, who=who, note=note
        )
    if as_json:
        print_json(dataclasses.asdict(done))
    else:
        click.echo(deciding.sentence(done, draft))


@click.command()
@click.option("--period", required=True, help="期间：2026、2026H1、2026Q3 或 2026-09。")
@click.option(
    "--top", type=click.IntRange(1, 100), default=8, show_default=True, help="每个主题列几个。"
)
@AS_JSON
@click.pass_obj
@speak_plainly
def trends(home: Path, period: str, top: int, as_json: bool) -> None:
    """每个主题这一期比上一期（同样长）多写了什么：上升的关键词。

    \b
    例：zugao --home 稿件库 trends --period 2026Q3
    """
    from zugao.trends import print_trends
    from zugao.trends import trends as compare

    found = compare(home, period, top)
    if as_json:
        print_json(found.as_dict())
    else:
        print_trends(found, period)


@click.command("next")
@click.option("--count", type=click.IntRange(1, 1000), default=10, show_default=True, help="几篇。")
@click.option("--arrival", is_flag=True, help="按收到的先后，不按对模型帮助的大小。")
@AS_JSON
@click.pass_obj
@speak_plainly
def next_(home: Path, count: int, arrival: bool, as_json: bool) -> None:
    """接下来先定哪几篇的主题：模型最拿不准的在前，各方面轮着来，重稿在后。

    \b
    例：zugao --home 稿件库 next
    """
    from zugao.waiting import print_waiting, waiting

    rows = waiting(home, count, by_arrival=arrival)
    if as_json:
        print_json(rows)
    else:
        print_waiting(rows)


@click.command()
@click.option("--now", is_flag=True, help="新的审核意见不够多也学。")
@click.option("--use", "version", default="", help="不学习，改用采用过的某个模型（写版本）。")
@click.option("--built-in", is_flag=True, help="不学习，改用随程序提供的模型。")
@click.option("--who", default="", help="谁选的；与 --use、--built-in 同用。")
@AS_JSON
@click.pass_obj
@speak_plainly
def learn(home: Path, now: bool, version: str, built_in: bool, who: str, as_json: bool) -> None:
    """从编辑的审核意见学习：重新训练主题模型，在留出的稿件上比原来的好才换用。

    模型文件在工作目录的 models 文件夹里，旧的都保留，可以随时改用；再选一次就换回来。

    \b
    例：zugao --home 稿件库 learn
        zugao --home 稿件库 learn --now
        zugao --home 稿件库 learn --built-in --who 张
        zugao --home 稿件库 learn --use 2026.1-0f3c9a12 --who 张
    """
    if now + bool(version) + built_in > 1:
        raise click.UsageError("--now、--use、--built-in 只能用一个")
    if who and not (version or built_in):
        raise click.UsageError("--who 与 --use 或 --built-in 同用")
    from zugao.learning import BUILT_IN, learn_once, learned_as_dict, use_model

    if version or built_in:
        used = use_model(home, BUILT_IN if built_in else version, who)
        if as_json:
            print_json({"version": used})
        else:
            click.echo(f"已改用主题模型 {used}，运行 zugao retag 可用它重判以前的稿件。")
        return

    learned = learn_once(home, now=now)
    if as_json:
        print_json(learned_as_dict(learned))
    else:
        click.echo(learned.sentence)


@click.command()
@click.option("--focus", is_flag=True, help="改为按现在的报送重点重新匹配全部稿件。")
@click.option("--genre", is_flag=True, help="改为按现在的规则重判体裁和相应的字数标记。")
@AS_JSON
@click.pass_obj
@speak_plainly
def retag(home: Path, focus: bool, genre: bool, as_json: bool) -> None:
    """用现在的模型重判以前的稿件。编辑定过的不动，旧标签连同模型版本都保留。

    \b
    例：zugao --home 稿件库 retag
        zugao --home 稿件库 retag --focus
        zugao --home 稿件库 retag --genre
    """
    if focus and genre:
        raise click.UsageError("--focus 和 --genre 一次只做一样")
    from zugao import learning

    with progress(quiet=as_json) as report:
        if focus:
            done = learning.refocus_once(home, report)
            sentence = f"匹配 {done['drafts']} 篇，合于报送重点的 {done['matched']} 篇。"
        elif genre:
            done = learning.regenre_once(home, report)
            sentence = f"重判 {done['drafts']} 篇，体裁有变的 {done['changed']} 篇。"
        else:
            done = learning.retag_once(
                home, report, lambda line: click.secho(line, fg="yellow", err=True)
            )
            changed = f"，主要主题有变的 {done['changed']} 篇" if done["drafts"] else ""
            sentence = f"重判 {done['drafts']} 篇{changed}（模型 {done['model']}）。"
    print_json(done) if as_json else click.echo(sentence)


@click.command()
@click.argument("files", type=click.Path(path_type=Path, allow_dash=True), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="每篇输出一行 JSON，供程序使用。")
@click.pass_obj
@speak_plainly
def classify(home: Path, files: tuple[Path, ...], as_json: bool) -> None:
    """判断主题（把握和依据）、体裁、关键词，什么也不存。可给多个文件。

    Word、文本等文件按收稿的方法读出、拆分；.jsonl 文件（或 - 表示标准输入）每行一个对象：
    id、title、text。

    \b
    例：zugao classify 关于基层党建的调研报告.docx
        zugao classify 稿件.jsonl --json
    退出码：3 有文件或行用不了，原因在屏幕上，其余照做。
    """
    from zugao.classifying import run as classify_all

    sys.exit(Exit.REFUSED if classify_all(home, files, as_json=as_json) else Exit.OK)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="另写一个带图的网页文件。"
)
@AS_JSON
@click.pass_obj
@speak_plainly
def evaluate(home: Path, file: Path | None, html: Path | None, as_json: bool) -> None:
    """评估主题和体裁判得准不准。文件每行一个对象：id、title、text、primary、secondary、genre。

    不给文件时，用随组稿提供的训练稿做交叉验证（约半分钟）。

    \b
    例：zugao evaluate 人工标注.jsonl --html 评估.html
    """
    from zugao import evaluating

    found, complaints = (
        evaluating.evaluate_file(home, file) if file else (evaluating.evaluate_own(home), [])
    )
    source = file.name if file else evaluating.OWN
    names = evaluating.names_of(home)
    for line in complaints:
        click.secho(line, fg="yellow", err=True)
    if as_json:
        print_json(evaluating.as_dict(found))
    else:
        evaluating.print_evaluation(found, source, names)
    if html:
        evaluating.write_page(found, source, names, html)


COMMANDS = (decide, trends, next_, learn, retag, classify, evaluate)
