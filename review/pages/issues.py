"""编刊: an issue put together of drafts, edited, built as Word, printed, and that taken back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from reports.issue_items import item_rows
from reports.issue_letter import write_issue
from reports.official_style import TemplateError
from review.desk import Unable
from review.differences import differences
from review.pages.fate import day_of
from review.pages.files import WORD, attachment
from review.pages.queue import told
from review.visit import Visit
from storage import composing
from storage.composing import Plan, Planned, plan_of, source_text
from storage.issues import IssueError, add_issue, list_issues
from storage.outlet_lengths import length_of
from storage.outlets import outlet_named, outlet_names
from storage.periods import today
from storage.queue import page_ids
from storage.queue_filters import Wanted

_FOUND: Final = 30
_PRINTED: Final = 30
_LONGEST: Final = 200_000
"""Characters of an edited text."""


def show(visit: Visit) -> Response:
    """The issues that are being composed, and the latest printed ones."""
    rows = list_issues(visit.db)
    return visit.render(
        "issues.html",
        composing=[row for row in rows if row["state"] == "composing"],
        printed=[row for row in rows if row["state"] == "printed"][:_PRINTED],
        outlets=outlet_names(visit.db),
        year=today().year,
    )


def begin(visit: Visit) -> Response:
    """Begin an issue of an outlet."""
    year = visit.said("year")
    if year and not (year.isdecimal() and len(year) == 4):
        raise Unable(f"看不懂年份“{year}”。")
    number = add_issue(
        visit.db, outlet_named(visit.db, visit.said("outlet")), visit.said("number"), None,
        year=int(year) if year else today().year, title=visit.said("title"), state="composing",
    )  # fmt: skip
    visit.about = f"issue:{number}"
    return RedirectResponse(f"/issues/{number}", 303)


def one(visit: Visit) -> Response:
    """The issue: its items in order, what can be put into it, build and print."""
    plan = _plan(visit)
    words = visit.query.get("words", "").strip()[:100]
    tab = "all" if words else "accepted"
    ids, _ = page_ids(visit.db, Wanted(tab=tab, words=words), "", _FOUND)
    inside = {source.draft_id for item in plan.items for source in item.sources}
    lengths = length_of(visit.db, plan.outlet_id)
    return visit.render(
        "issue.html",
        plan=plan,
        items=_with_moves(item_rows(plan, lengths)),
        lengths=lengths,
        words=words,
        found=[row for row in told(visit, ids) if row["draft_id"] not in inside],
        columns=list(dict.fromkeys(item.column for item in plan.items if item.column)),
        today=today().isoformat(),
        total=len(plan.items),
    )


def _with_moves(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each item with the orders (first drafts of the items) that move it up and down."""
    firsts = [str(item["sources"][0]["draft_id"]) for item in items]

    def swapped(a: int, b: int) -> str:
        order = firsts.copy()
        order[a], order[b] = order[b], order[a]
        return " ".join(order)

    last = len(items) - 1
    return [
        {
            **item,
            "draft": firsts[n],
            "up": swapped(n, n - 1) if n else "",
            "down": swapped(n, n + 1) if n < last else "",
        }
        for n, item in enumerate(items)
    ]


def add(visit: Visit) -> Response:
    """Put drafts at the end of the issue, or into the item of another."""
    number = _number(visit)
    beside = visit.said("beside")
    for draft in _drafts(visit, "drafts"):
        composing.plan_draft(
            visit.db, number, draft, column=visit.said("column"),
            beside=_one(beside) if beside else None,
        )  # fmt: skip
    words = visit.said("words")[:100]
    return _to(number, f"?{urlencode({'words': words})}" if words else "")


def order(visit: Visit) -> Response:
    """Put the items into the order of their first drafts."""
    number = _number(visit)
    composing.order_drafts(visit.db, number, _drafts(visit, "drafts"))
    moved = visit.said("moved")
    return _to(number, f"#d{_one(moved)}" if moved else "")


def remove(visit: Visit) -> Response:
    """Take a draft out of the issue."""
    number = _number(visit)
    for draft in _drafts(visit, "drafts"):
        composing.remove_draft(visit.db, number, draft)
    return _to(number)


def item(visit: Visit) -> Response:
    """The text of an item as it was sent and as it would be printed."""
    return _item_page(visit, 200, told_="", title="", text="")


def edit(visit: Visit) -> Response:
    """Append an edited text; or the one that was sent, to undo all editing."""
    number, draft = _number(visit), int(visit.path["draft"])
    title, text = visit.said("title"), str(visit.form.get("text", "")).replace("\r\n", "\n")
    if visit.said("restore"):
        found = _of(_plan(visit), draft)
        title = found.sources[0].title
        text = source_text(visit.db, [source.draft_id for source in found.sources])
    if len(text) > _LONGEST:
        raise Unable(f"正文最多{_LONGEST}字。")
    try:
        composing.edit_text(visit.db, number, draft, title=title, text=text, who=visit.who.name)
    except IssueError as problem:
        if problem.reason in ("no_issue", "not_in_issue"):
            raise HTTPException(404, str(problem)) from None
        return _item_page(visit, 400, told_=str(problem), title=title, text=text)
    visit.detail["draft"] = draft
    return RedirectResponse(f"/issues/{number}/items/{draft}", 303)


def _item_page(visit: Visit, status: int, *, told_: str, title: str, text: str) -> Response:
    plan, draft = _plan(visit), int(visit.path["draft"])
    found = _of(plan, draft)
    raw = source_text(visit.db, [source.draft_id for source in found.sources])
    rows = item_rows(plan, length_of(visit.db, plan.outlet_id))
    return visit.render(
        "issue_item.html",
        status,
        plan=plan,
        item=found,
        row=rows[found.position - 1],
        draft=draft,
        told=told_,
        title_now=title or found.title,
        text_now=text or found.text,
        parts=differences(raw, found.text),
    )


def word(visit: Visit) -> Response:
    """The issue as a Word file, as it stands."""
    plan = _plan(visit)
    settings = visit.desk.settings
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "issue.docx"
        try:
            own = settings.under_home(settings.reports.template)
            write_issue(plan, settings.office.name, file, own)
        except TemplateError as problem:
            raise Unable(str(problem)) from None
        return attachment(
            file.read_bytes(), f"{plan.outlet}{plan.year}年第{plan.number}期.docx", WORD
        )


def print_(visit: Visit) -> Response:
    """Record the issue as printed and its drafts as adopted."""
    number = _number(visit)
    day = day_of(visit.said("day")) or today()
    visit.detail["adoptions"] = composing.print_issue(visit.db, number, day, who=visit.who.name)
    return _to(number)


def unprint(visit: Visit) -> Response:
    """Take the printing back."""
    number = _number(visit)
    visit.detail["adoptions"] = composing.take_back_print(visit.db, number, who=visit.who.name)
    return _to(number)


def _plan(visit: Visit) -> Plan:
    number = _number(visit)
    try:
        return plan_of(visit.db, number)
    except IssueError:
        raise HTTPException(404, f"没有第{number}号期，可能抄错了。") from None


def _of(plan: Plan, draft: int) -> Planned:
    for found in plan.items:
        if draft in [source.draft_id for source in found.sources]:
            return found
    raise HTTPException(404, f"第{draft}号稿件不在这一期里。")


def _number(visit: Visit) -> int:
    number = _one(str(visit.path["number"]))
    visit.about = f"issue:{number}"
    return number


def _drafts(visit: Visit, name: str) -> list[int]:
    words = " ".join(visit.all_said(name)).replace("，", " ").replace("、", " ").replace(",", " ")
    numbers = [_one(word_) for word_ in words.split()]
    if not numbers:
        raise Unable("没有写稿件编号。")
    return numbers


def _one(text: str) -> int:
    if not (text.isdecimal() and len(text) < 18):
        raise Unable(f"看不懂编号“{text[:20]}”，请写数字。")
    return int(text)


def _to(number: int, place: str = "") -> Response:
    return RedirectResponse(f"/issues/{number}{place}", 303)
