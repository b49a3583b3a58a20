"""Commands that record what units are asked for: drafts on a subject (约稿), topics (课题)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from zugao.console import speak_plainly
from zugao.params import DAY, day_option, said


@click.command()
@click.argument("title", metavar="题目")
@click.argument("units", nargs=-1, required=True, metavar="单位...")
@day_option("--due", words="截止日期。", required=True)
@DAY
@said
@click.pass_obj
@speak_plainly
def commission(
    home: Path,
    title: str,
    units: tuple[str, ...],
    due: date,
    day: date | None,
    who: str,
    note: str,
    as_json: bool,
) -> None:
    """向单位约稿，一个单位一条。单位写名称、别名或组别，“全部”是所有在用的单位。

    \b
    例：zugao --home 稿件库 commission 夏季防汛中的党员 临溪县 望岚县 --due 2026-10-10
        zugao --home 稿件库 commission 老干部工作经验 全部 --due 2026-10-31
    """
    from storage import events
    from storage.connection import Database
    from storage.units import units_meant
    from zugao.recording import record, tell

    def act(db: Database) -> list[int]:
        asked = [unit for words in units for unit in units_meant(db, words)]
        return events.commission(db, asked, title, due, happened_on=day, who=who, note=note)

    tell(record(home, act), as_json=as_json)


@click.command()
@click.argument("number", type=int, metavar="约稿编号")
@click.argument("draft", type=int, required=False, metavar="[稿件]")
@DAY
@said
@click.pass_obj
@speak_plainly
def deliver(
    home: Path,
    number: int,
    draft: int | None,
    day: date | None,
    who: str,
    note: str,
    as_json: bool,
) -> None:
    """记下约稿交来了：哪篇稿件（没有入库的不写）。日期缺省为稿件的收稿日期。

    \b
    例：zugao --home 稿件库 deliver 31 12
    """
    from storage import events
    from zugao.recording import record, tell

    rows = record(
        home, lambda db: [events.deliver(db, number, draft, happened_on=day, who=who, note=note)]
    )
    tell(rows, as_json=as_json)


@click.command()
@click.argument("unit", metavar="单位")
@click.argument("title", metavar="题目")
@click.option("--person", default="", help="负责人。")
@click.option("--level", help="哪一级的课题：县、市、省或中央。")
@day_option("--due", words="完成期限。")
@click.option("--stage", default="立项", show_default=True, help="现在到哪一步。")
@DAY
@said
@click.pass_obj
@speak_plainly
def topic(
    home: Path,
    unit: str,
    title: str,
    person: str,
    level: str | None,
    due: date | None,
    stage: str,
    day: date | None,
    who: str,
    note: str,
    as_json: bool,
) -> None:
    """记下一个单位承担的课题。

    \b
    例：zugao --home 稿件库 topic 望岚县 村级后备力量怎么育 --person 周晓禾 --due 2026-11-30
    """
    from storage import events
    from zugao.recording import one_unit, record, tell

    rows = record(
        home,
        lambda db: [
            events.start_topic(
                db, one_unit(db, unit), title, person=person, level=level, due_on=due,
                stage=stage, happened_on=day, who=who, note=note,
            )
        ],
    )  # fmt: skip
    tell(rows, as_json=as_json)


@click.command("topic-stage")
@click.argument("number", type=int, metavar="课题编号")
@click.argument("stage", metavar="进展")
@click.option("--award", default="", help="得了什么奖。")
@DAY
@said
@click.pass_obj
@speak_plainly
def topic_stage(
    home: Path,
    number: int,
    stage: str,
    award: str,
    day: date | None,
    who: str,
    note: str,
    as_json: bool,
) -> None:
    """记下课题的进展：中期、结题、获奖等。

    \b
    例：zugao --home 稿件库 topic-stage 57 结题 --award 优秀
    """
    from storage import events
    from zugao.recording import record, tell

    rows = record(
        home,
        lambda db: [
            events.move_topic(db, number, stage, award=award, happened_on=day, who=who, note=note)
        ],
    )
    tell(rows, as_json=as_json)


COMMANDS: tuple[click.Command, ...] = (commission, deliver, topic, topic_stage)
