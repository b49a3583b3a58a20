"""Commands that record what came of drafts, faults, and points by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from zugao.console import speak_plainly
from zugao.params import DAY, said


@click.command()
@click.argument("draft", type=int, required=False, metavar="[稿件]")
@click.option("--item", type=int, help="批在刊发条目上的，写条目编号。")
@click.option("--person", required=True, help="批示的领导。")
@click.option("--level", required=True, help="领导的级别：县、市、省或中央。")
@DAY
@said
@click.pass_obj
@speak_plainly
def instruct(
    home: Path,
    draft: int | None,
    item: int | None,
    person: str,
    level: str,
    day: date | None,
    who: str,
    note: str,
    as_json: bool,
) -> None:
    """记下领导批示：批在哪篇稿件（或哪个刊发条目）上，谁批的；批示内容写在 --note。

    \b
    例：zugao --home 稿件库 instruct 12 --person 市委主要领导 --level 市 --note 可在全市推广
    """
    from storage import events
    from zugao.recording import record, tell

    rows = record(
        home,
        lambda db: [
            events.instruct(
                db, person=person, level=level, draft_id=draft, item_id=item,
                happened_on=day, text=note, who=who,
            )
        ],
    )  # fmt: skip
    tell(rows, as_json=as_json)


@click.command()
@click.argument("draft", type=int, metavar="稿件")
@click.argument("form", metavar="种类")
@click.option("--level", help="哪一级的：县、市、省或中央。")
@click.option("--title", default="", help="讲话、文件等的题目。")
@DAY
@said
@click.pass_obj
@speak_plainly
def outcome(
    home: Path,
    draft: int,
    form: str,
    level: str | None,
    title: str,
    day: date | None,
    who: str,
    note: str,
    as_json: bool,
) -> None:
    """记下稿件转化的成果：讲话、文件、制度、会议发言等。

    \b
    例：zugao --home 稿件库 outcome 12 制度 --level 市 --title 村级议事办法
    """
    from storage import events
    from zugao.recording import record, tell

    rows = record(
        home,
        lambda db: [
            events.add_outcome(
                db, draft, form, level=level, title=title, happened_on=day, who=who, note=note
            )
        ],
    )
    tell(rows, as_json=as_json)


@click.command()
@click.argument("unit", metavar="单位")
@click.argument("form", metavar="种类")
@click.option("--severity", default="", help="轻重，如 一般、重要。")
@click.option("--draft", type=int, help="出在哪篇稿件上。")
@DAY
@said
@click.pass_obj
@speak_plainly
def fault(
    home: Path,
    unit: str,
    form: str,
    severity: str,
    draft: int | None,
    day: date | None,
    who: str,
    note: str,
    as_json: bool,
) -> None:
    """记下单位的差错：迟报、漏报、瞒报、失实等。扣多少分由计分办法定。

    \b
    例：zugao --home 稿件库 fault 市委党校 迟报 --severity 一般 --date 2026-09-12
    """
    from storage import events
    from zugao.recording import one_unit, record, tell

    rows = record(
        home,
        lambda db: [
            events.add_fault(
                db, one_unit(db, unit), form, severity=severity, draft_id=draft,
                happened_on=day, who=who, note=note,
            )
        ],
    )  # fmt: skip
    tell(rows, as_json=as_json)


@click.command()
@click.argument("unit", metavar="单位")
@click.option("--points", required=True, type=float, help="加几分；减分写负数。")
@click.option("--draft", type=int, help="与哪篇稿件有关。")
@DAY
@said
@click.pass_obj
@speak_plainly
def bonus(
    home: Path,
    unit: str,
    points: float,
    draft: int | None,
    day: date | None,
    who: str,
    note: str,
    as_json: bool,
) -> None:
    """手工加减分，用于计分办法没有写到的事；理由写在 --note，必须写。

    \b
    例：zugao --home 稿件库 bonus 市委党校 --points -1.5 --note 两次缺席培训
    """
    from storage import events
    from zugao.recording import one_unit, record, tell, thousandths

    rows = record(
        home,
        lambda db: [
            events.add_bonus(
                db, one_unit(db, unit), thousandths(points), note, draft_id=draft,
                happened_on=day, who=who,
            )
        ],
    )  # fmt: skip
    tell(rows, as_json=as_json)


COMMANDS: tuple[click.Command, ...] = (instruct, outcome, fault, bonus)
