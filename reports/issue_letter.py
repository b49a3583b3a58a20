"""A composed issue as Word: masthead (刊头), contents, and the items under their columns."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, Final

from docx.enum.text import WD_BREAK

from reports.official import add_line, add_rule, day_words
from reports.official_style import open_template
from storage.composing import Plan

RED: Final = "E60012"
_HEADING: Final = re.compile(r"[一二三四五六七八九十]{1,3}、[^。；]{1,40}")


def write_issue(plan: Plan, office: str, file: Path, template: Path | None = None) -> None:
    """Write the issue. Raises TemplateError for a bad template, OSError if it cannot be written."""
    document = open_template(template)
    add_line(document, plan.outlet, "发文机关")
    number = f"（{plan.year}年第{plan.number}期）" if plan.number else f"（{plan.year}年）"
    add_line(document, number, "发文字号")
    day = date.fromisoformat(plan.published_on) if plan.published_on else None
    stood = add_line(document, f"{office}编　　{day_words(day) if day else '（未印发）'}", "表文")
    add_rule(stood, RED)
    if plan.title:
        add_line(document, plan.title, "标题")
    _contents(document, plan)
    column = ""
    for item in plan.items:
        if item.column != column and item.column:
            add_line(document, f"【{item.column}】", "一级标题")
        column = item.column
        add_line(document, item.title, "标题")
        if item.byline:
            add_line(document, item.byline, "表文")
        for line in item.text.splitlines():
            if line.strip():
                add_line(document, line.strip(), _style_of(line.strip()))
        add_line(document, "", "正文")
    document.core_properties.title = f"{plan.outlet}{number}"
    document.core_properties.author = office
    document.save(str(file))


def _style_of(line: str) -> str:
    """一、… that stands alone is a heading; one that runs on into a sentence is text."""
    return "一级标题" if _HEADING.fullmatch(line) else "正文"


def _contents(document: Any, plan: Plan) -> None:
    add_line(document, "目　录", "表题")
    column, last = "", None
    for item in plan.items:
        if item.column != column and item.column:
            last = add_line(document, f"【{item.column}】", "附件说明")
        column = item.column
        unit = f"（{item.byline}）" if item.byline else ""
        last = add_line(document, f"{item.position}. {item.title}{unit}", "附件说明")
    if last is not None:
        last.add_run().add_break(WD_BREAK.PAGE)
