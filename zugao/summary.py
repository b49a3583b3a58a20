"""The summary of a run, as an editor reads it: at most 100 columns wide, next step said."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.markup import escape

from nlp.form import KINDS
from reports.summary import Summary, headline, refusal_sentence, theme_cells, unit_cells
from zugao.console import safe

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from storage.questions import Row, RunSummary

WIDTH = 100
"""Columns: fits the terminals of offices, and a file or a log that the output goes to."""

LISTED = 12
"""Rows of the long lists that a terminal shows; the rest is in the database and the export."""

FLAG_NAMES = {
    **KINDS,
    "over_hard": "超长（超过上限）",
    "over_soft": "偏长（超过提醒线）",
    "under_floor": "过短",
    "already_printed": "已刊发",
    "long_title": "标题过长",
    "long_subtitle": "副标题过长",
    "long_paragraph": "段落过长",
    "long_sentence": "句子过长",
    "unknown_unit": "报送单位不在单位表里",
}


def print_summary(summary: Summary, *, home: Path, console: Console | None = None) -> None:
    """Print the summary for people."""
    from rich.console import Console

    console = console or Console(highlight=False)
    if console.width > WIDTH or not console.is_terminal:
        console.width = WIDTH
    for part in _parts(summary):
        console.print(part)
        console.print()
    for line in _next_steps(summary, home):
        console.print(line)


def _parts(summary: Summary) -> list[Any]:
    facts = summary.facts
    parts: list[Any] = [f"[bold]{headline(summary)}[/]"]
    parts += [f"[yellow]{safe(notice)}[/]" for notice in summary.notices]
    if facts.drafts:
        parts += [_units(facts.units), _themes(facts), _genres_and_flags(facts)]
    if facts.pairs:
        parts.append(_pairs(facts))
    if facts.refused:
        parts.append(_refused(facts.refused))
    if summary.moving:
        parts.append("仍在写入，下次再收：" + "、".join(safe(n) for n in summary.moving[:LISTED]))
    return parts


def new_table(title: str, *columns: tuple[str, str], whole: bool = True) -> Table:
    """A table with a title; cells wrap if they must be read ``whole``, else end in an ellipsis."""
    from rich import box
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for name, justify in columns:
        table.add_column(
            name,
            justify=justify,  # type: ignore[arg-type]
            overflow="fold" if whole else "ellipsis",
            no_wrap=not whole,
        )
    return table


def _units(rows: list[Row]) -> Table:
    numbers = [(name, "right") for name in ("稿件", "字数", "超长", "重稿")]
    table = new_table("各单位来稿", ("组别", "left"), ("单位", "left"), *numbers)
    group = ""
    for row in rows:
        cells = unit_cells(row)
        shown = cells if cells[0] != group else ("", *cells[1:])
        group = cells[0]
        table.add_row(*(safe(cell) for cell in shown))
    return table


def _themes(facts: RunSummary) -> Table:
    undecided = sum(int(str(r["drafts"])) for r in facts.themes if r["code"] is None)
    sure = facts.drafts - undecided
    title = f"主题（能判断 {sure} 篇，{sure / max(facts.drafts, 1):.0%}；其余留给人定）"
    columns = (("大类", "left"), ("主题", "left"), ("稿件", "right"), ("平均把握", "right"))
    table = new_table(title, *columns)
    for cells in theme_cells(facts.themes):
        table.add_row(*cells)
    return table


def _genres_and_flags(facts: RunSummary) -> str:
    genres = "　".join(f"{row['genre']} {row['drafts']}" for row in facts.genres)
    lines = [f"[bold]体裁[/]　{genres}"]
    if facts.focus:
        topics = "；".join(f"{safe(str(row['name']))} {row['drafts']} 篇" for row in facts.focus)
        lines.append(f"[bold]报送重点[/]　{topics}")
    flags = [
        f"{FLAG_NAMES.get(str(row['kind']), row['kind'])} {row['drafts']} 篇"
        for row in facts.flags
        if row["severity"] != "info"
    ]
    if flags:
        lines.append("[bold]提示[/]　" + "；".join(flags))
    return "\n".join(lines)


def _pairs(facts: RunSummary) -> Table:
    kinds = "，".join(f"{row['kind']} {row['pairs']} 对" for row in facts.pair_kinds)
    title = f"重稿（{kinds}）"
    columns = (("关系", "left"), ("相同", "right"), ("先来的稿", "left"), ("后来的稿", "left"))
    table = new_table(title, *columns, whole=False)
    table.expand = True
    table.columns[0].min_width, table.columns[1].min_width = 8, 4
    table.columns[2].ratio = table.columns[3].ratio = 1
    for row in facts.pairs[:LISTED]:
        table.add_row(
            safe(str(row["kind"])),
            f"{float(str(row['cover'])):.0%}",
            _titled(row, "a"),
            _titled(row, "b"),
        )
    _more(table, len(facts.pairs), "zugao export")
    return table


def _titled(row: Row, side: str) -> str:
    unit = str(row[f"unit_{side}"] or "（不在单位表里）")
    title = str(row[f"title_{side}"] or "（无标题）")
    number = row[f"draft_{side}"]
    return f"{'刊发' if number is None else number} {safe(title)}\n[dim]{safe(unit)}[/]"


def _refused(rows: list[Row]) -> Table:
    table = new_table(f"退回的文件（{len(rows)} 个，原件都已登记）", ("原因和办法", "left"))
    for row in rows[:LISTED]:
        table.add_row(safe(refusal_sentence(row)))
    _more(table, len(rows), "zugao files --refused")
    return table


def _more(table: Table, total: int, command: str) -> None:
    if total > LISTED:
        blanks = [""] * (len(table.columns) - 1)
        table.add_row(f"[dim]……还有 {total - LISTED} 条，见 {command}[/]", *blanks)


def _next_steps(summary: Summary, home: Path) -> list[str]:
    program = "zugao" if shutil.which("zugao") else shlex.quote(os.path.relpath(sys.argv[0]))
    command = program if home == Path() else f"{program} --home {shlex.quote(str(home))}"
    facts = summary.facts
    steps = {}
    if facts.drafts:
        draft = facts.pairs[0]["draft_b"] if facts.pairs else facts.first_draft
        steps[f"{command} show {draft}"] = f"看第 {draft} 号稿件：主题依据、标记、重稿"
        steps[f"{command} export 全部稿件.csv"] = "导出全部稿件，Excel 可打开"
    if facts.refused:
        steps[f"{command} files --refused"] = "退回的文件，随时可查"
    if facts.new or facts.read:
        steps[f"{command} serve"] = "按时自动收稿"
    if not steps:
        again = "，仍在写入的下次再收" if summary.moving else ""
        return [f"没有新文件{again}。收过的不会重复登记；收过哪些可用 {command} files 查看。"]
    width = max(map(cell_len, steps)) + 2
    lines = [f"  {line}{' ' * (width - cell_len(line))}{what}" for line, what in steps.items()]
    return ["[bold]接下来可以：[/]", *map(escape, lines)]
