"""``zugao issue``: a new issue composed of drafts, built as Word, printed, and that taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from reports.issue_items import item_rows
from reports.issue_letter import write_issue
from reports.official_style import TemplateError
from storage import composing
from storage.composing import Plan, plan_of
from storage.connection import Database, open_database
from storage.editing import CONTENT
from storage.errors import why
from storage.issues import add_issue
from storage.outlet_lengths import length_of
from storage.outlets import outlet_named
from storage.periods import today
from zugao.console import Problem, safe
from zugao.settings import load_settings


def new(home: Path, outlet: str, number: str, *, year: int | None, title: str) -> int:
    """Begin an issue of an outlet; returns its id. Raises Problem, IssueError."""
    with _database(home) as db:
        return add_issue(
            db, outlet_named(db, outlet), number, None,
            year=year or today().year, title=title, state="composing",
        )  # fmt: skip


def add(home: Path, issue: int, drafts: Sequence[int], *, column: str, beside: int | None) -> None:
    """Put drafts into an issue, in their order."""
    with _database(home) as db:
        for draft in drafts:
            composing.plan_draft(db, issue, draft, column=column, beside=beside)


def remove(home: Path, issue: int, drafts: Sequence[int]) -> None:
    """Take drafts out of an issue."""
    with _database(home) as db:
        for draft in drafts:
            composing.remove_draft(db, issue, draft)


def order(home: Path, issue: int, drafts: Sequence[int]) -> None:
    """Put these first, in this order."""
    with _database(home) as db:
        composing.order_drafts(db, issue, drafts)


def edit(home: Path, issue: int, draft: int, *, title: str, file: Path | None, who: str) -> None:
    """Append an edited text: a title, and the body of a Word or text file. Raises Problem."""
    text = _body_of(file) if file else ""
    with _database(home) as db:
        composing.edit_text(db, issue, draft, title=title, text=text, who=who)


def _body_of(file: Path) -> str:
    from word.reasons import sentence
    from zugao.reading import read_one

    seen = read_one(file)
    if seen.refusal is not None or not seen.drafts:
        told = sentence(seen.refusal, file.name) if seen.refusal else f"{file.name} 里没有文字。"
        raise Problem(told)
    lines = [p.label + p.text for d in seen.drafts for p in d.paragraphs if p.role in CONTENT]
    return "\n".join(lines)


def seen(home: Path, issue: int) -> dict[str, Any]:
    """The ``--json`` shape of an issue: its plan, and how each item fits the outlet's lengths."""
    db = open_database(load_settings(home).database, readonly=True)
    try:
        plan = plan_of(db, issue)
        lengths = length_of(db, plan.outlet_id)
    finally:
        db.close()
    return {**asdict(plan), "items": item_rows(plan, lengths)}


def print_plan(plan: dict[str, Any]) -> None:
    """An issue for people: its items in order, what each is made of, how long it is."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    state = f"{plan['published_on']} 印发" if plan["state"] == "printed" else "正在编"
    console.print(
        f"[bold]第 {plan['issue_id']} 号　{safe(plan['outlet'])} {plan['year']}年"
        f"第{safe(plan['number'])}期[/]　{state}　{safe(plan['title'])}"
    )
    for item in plan["items"]:
        column = f"【{safe(item['column'])}】" if item["column"] else ""
        edited = "，已改" if item["edited"] else ""
        length = f"　[yellow]{item['length']}[/]" if item["length"] else ""
        console.print(
            f"{item['position']:>3}. {column}{safe(item['title'])}　"
            f"[dim]{item['characters']}字{edited}[/]{length}"
        )
        for source in item["sources"]:
            unit = safe(source["unit"] or "（不在单位表里）")
            console.print(f"      [dim]稿件 {source['draft_id']}　{unit}[/]")
    if not plan["items"]:
        console.print("还没有稿件；用 zugao issue add 放进去。")


def build(home: Path, issue: int, file: Path | None, template: Path | None) -> Path:
    """Record the items and write the Word file; returns it. Raises Problem, IssueError."""
    with _database(home) as db:
        composing.build_items(db, issue)
        return _write(home, plan_of(db, issue), file, template)


def print_(
    home: Path, issue: int, day: date | None, *, who: str, file: Path | None, template: Path | None
) -> tuple[int, Path]:
    """Record the issue as printed and its drafts as adopted; returns how many, and the file."""
    with _database(home) as db:
        count = composing.print_issue(db, issue, day or today(), who=who)
        return count, _write(home, plan_of(db, issue), file, template)


def unprint(home: Path, issue: int, *, who: str) -> int:
    """Take the printing back; returns how many adoptions were."""
    with _database(home) as db:
        return composing.take_back_print(db, issue, who=who)


def _write(home: Path, plan: Plan, file: Path | None, template: Path | None) -> Path:
    settings = load_settings(home)
    name = f"{plan.outlet}{plan.year}年第{plan.number}期.docx".replace("/", "／")
    target = file or Path(name)
    own = template or settings.under_home(settings.reports.template)
    try:
        write_issue(plan, settings.office.name, target, own)
    except TemplateError as error:
        raise Problem(str(error)) from None
    except OSError as error:
        raise Problem(f"写不了 {target}（{why(error)}），请换一个位置。") from None
    return target


@contextmanager
def _database(home: Path) -> Iterator[Database]:
    db = open_database(load_settings(home).database)
    try:
        yield db
    finally:
        db.close()
