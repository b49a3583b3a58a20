"""A bulletin as an official document: text and ranking tables; the rest stands in annexes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from points.scoring import points_words
from reports.bulletin import CLASSES, LEVELS, Bulletin, Section, groups
from reports.bulletin_words import note_of
from reports.charts import ranking_chart, themes_chart
from reports.official import Annex, Block, Head, Letter, Line, Picture, Table, write_letter
from reports.wording import share_words, short_day
from storage.statistics import UnitFigures

MOST_PIECES: Final = 600
"""Adoptions listed in Word; more of them stand in the workbook only."""


def write_bulletin(bulletin: Bulletin, file: Path, *, template: Path | None = None) -> None:
    """Write the Word document. Raises TemplateError, OSError."""
    write_letter(letter_of(bulletin), file, template)


def letter_of(bulletin: Bulletin) -> Letter:
    """The letter: a bulletin with a number has the red head, one without is a draft."""
    head = bulletin.head
    body: list[Block] = []
    for section in bulletin.sections:
        body += _section(section)
        if section.heading.endswith("排名情况"):
            body += [_ranking(name, units) for name, units in groups(bulletin)]
    drawn = _pictures(bulletin)
    return Letter(
        title=head.title,
        body=tuple(body),
        issuer=head.office if head.number else "",
        number=head.number,
        to=head.to,
        signed=head.office,
        dated=date.fromisoformat(head.dated),
        annexes=(
            Annex(f"{head.period}报送采用情况统计表", _figures(bulletin), wide=True),
            Annex(f"{head.period}采用条目", _pieces(bulletin)),
            Annex("计分办法摘要", _rules(bulletin)),
            *([Annex(f"{head.period}报送采用图", drawn)] if drawn else []),
        ),
        copy_to=head.copy_to,
        printed_by=head.office,
    )


def _section(section: Section) -> list[Block]:
    lines = [Line(text) for text in section.lines]
    return [Line(section.heading, "一级标题"), *lines] if section.heading else [*lines]


def _pictures(bulletin: Bulletin) -> tuple[Block, ...]:
    """In an annex: among the text a chart pushes the table behind it to the next page."""
    drawn = (
        (ranking_chart(bulletin), "各单位本期得分"),
        (themes_chart(bulletin), "各主题报送与采用"),
    )
    return tuple(Picture(png, words) for png, words in drawn if png)


def _ranking(group: str, units: Sequence[UnitFigures]) -> Table:
    heads = (
        Head("排名", 1), Head("单位", 4.6, left=True), Head("报送", 1), Head("采用", 1),
        Head("采用率", 1.5), Head("批示", 1), Head("本期得分", 1.8), Head("上期排名", 1.8),
        Head("本年累计", 1.8),
    )  # fmt: skip
    rows = tuple(
        (
            str(u.rank), u.unit, str(u.submitted), str(u.adopted),
            "—" if u.rate is None else share_words(u.rate), str(u.instructions),
            points_words(u.points), str(u.rank_before or "—"), points_words(u.cumulative),
        )
        for u in units
    )  # fmt: skip
    return Table(f"{group}排名", heads, rows)


def _figures(bulletin: Bulletin) -> tuple[Block, ...]:
    """The wide table, a group after the other; columns that are zero for all are left out."""
    used = {key for unit in bulletin.units for key, count in unit.by_class_level.items() if count}
    classes = [
        (name, [level for level in LEVELS if f"{name}|{level}" in used])
        for name in [*CLASSES, *sorted({key.split("|")[0] for key in used} - {*CLASSES})]
    ]
    classes = [(name, levels) for name, levels in classes if levels]
    heads = (
        Head("排名", 1.1), Head("单位", 5.4, left=True), Head("报送", 1.1), Head("有效", 1.1),
        Head("采用", 1.1), Head("采用率", 2.1),
        *(Head(name, under=tuple(Head(x, 1.2) for x in levels)) for name, levels in classes),
        Head("约稿", under=tuple(Head(x, 1.1) for x in ("应交", "按时", "逾期", "未交"))),
        Head("批示", 1.1), Head("加分", 1.3), Head("扣分", 1.3), Head("本期得分", 2.1),
        Head("上期累计", 2.1), Head("本年累计", 2.1), Head("备注", 4),
    )  # fmt: skip
    size = 9 if sum(len(levels) for _, levels in classes) <= 8 else 7.5

    def row(u: UnitFigures) -> tuple[str, ...]:
        counts = [u.by_class_level.get(f"{n}|{x}", 0) for n, levels in classes for x in levels]
        due = (
            u.commissions_due,
            u.commissions_on_time,
            u.commissions_late,
            u.commissions_missed,
        )
        return (
            str(u.rank), u.unit, str(u.submitted), str(u.valid), str(u.adopted),
            "—" if u.rate is None else share_words(u.rate),
            *(str(n) for n in (*counts, *due, u.instructions)),
            *(
                points_words(n)
                for n in (u.bonus, u.deductions, u.points, u.cumulative - u.points, u.cumulative)
            ),
            note_of(bulletin, u),
        )  # fmt: skip

    tables = [
        Table(name, heads, tuple(row(u) for u in units), size) for name, units in groups(bulletin)
    ]
    return (*tables, Line("采用各栏为篇次，同一稿件被几个刊物采用的各计一次；没有采用的栏目略去。"))


def _pieces(bulletin: Bulletin) -> tuple[Block, ...]:
    """Adoptions, units in the order of the ranking; those of a unit by day."""
    pieces = bulletin.pieces
    if not pieces:
        return (Line("本期没有采用。"),)
    heads = (
        Head("序号", 0.8), Head("单位", 3.2, left=True), Head("标题", 6.2, left=True),
        Head("刊物", 2.4, left=True), Head("期号", 1), Head("日期", 1.8), Head("形式", 1),
        Head("级别", 1),
    )  # fmt: skip
    ranked = [unit.unit_id for _, units in groups(bulletin) for unit in units]
    place = {unit: number for number, unit in enumerate(ranked)}
    shown = sorted(
        pieces[:MOST_PIECES],
        key=lambda p: (place.get(p.unit_id or 0, len(place)), p.published_on),
    )
    rows = tuple(
        (
            str(number), p.unit, p.title, p.outlet,
            p.issue, short_day(p.published_on), p.form, p.marks,
        )
        for number, p in enumerate(shown, 1)
    )  # fmt: skip
    table = Table("", heads, rows, 9)
    if len(pieces) <= MOST_PIECES:
        return (table,)
    more = f"采用共{len(pieces)}篇次，本表列级别高的{MOST_PIECES}篇次，其余见工作簿“采用条目”。"
    return (Line(more), table)


def _rules(bulletin: Bulletin) -> tuple[Block, ...]:
    head = bulletin.head
    opening = Line(
        f"得分依据《{head.profile}》（版本{head.profile_version}）计算，"
        f"全文校验码为{head.profile_sha256[:16]}。"
    )
    heads = (Head("项目", 2, left=True), Head("规定", 5, left=True))
    rules = bulletin.rules
    return (opening, Table("", heads, rules)) if rules else (opening,)
