"""What an editor does on a draft's page: accept, correct, return, note, hand over."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from review.access import local_path
from review.pages import draft
from review.visit import Visit
from review.wording import DEEDS
from storage.decisions import DecisionError, Overtaken, decide
from storage.facts import draft_facts
from storage.handling import add_note, assign, return_draft
from storage.schema_decisions import UNDECIDED_CODE


def accept(visit: Visit) -> Response:
    """Record theme, secondary themes and genre; ``seen`` is the last decision on the page."""
    number = _about(visit)
    theme = visit.said("theme")
    # What became the main theme, and any beside "none of these", is still ticked from before.
    secondary = [
        code for code in visit.all_said("secondary") if code and theme not in (code, UNDECIDED_CODE)
    ]
    try:
        done = decide(
            visit.db,
            number,
            theme,
            secondary=secondary if "with_secondary" in visit.form else None,
            genre=_changed_genre(visit, number),
            who=visit.who.name,
            note=visit.said("note"),
            expect=_seen(visit),
        )
    except Overtaken:
        return _overtaken(visit, number)
    except DecisionError as problem:
        return _again(visit, number, str(problem))
    visit.detail.update(kind=done.kind, theme=done.theme)
    return _onwards(visit)


def give_back(visit: Visit) -> Response:
    """Return the draft with its reasons; the letter to the unit stands on the next page."""
    number = _about(visit)
    try:
        decision = return_draft(
            visit.db,
            number,
            _reasons(visit),
            note=visit.said("note"),
            who=visit.who.name,
            expect=_seen(visit),
        )
    except Overtaken:
        return _overtaken(visit, number)
    except DecisionError as problem:
        return _again(visit, number, str(problem))
    visit.detail["decision"] = decision
    return RedirectResponse(f"/returns/{decision}?then={_quoted(visit.said('then'))}", 303)


def leave_note(visit: Visit) -> Response:
    """Append a note."""
    number = _about(visit)
    try:
        add_note(visit.db, number, visit.said("text"), who=visit.who.name)
    except DecisionError as problem:
        return _again(visit, number, str(problem))
    return RedirectResponse(local_path(visit.said("back") or f"/drafts/{number}"), 303)


def hand_over(visit: Visit) -> Response:
    """Assign the draft to a colleague, or take that back."""
    number = _about(visit)
    assign(visit.db, number, visit.said("assignee"), who=visit.who.name)
    visit.detail["assignee"] = visit.said("assignee")
    return RedirectResponse(local_path(visit.said("back") or f"/drafts/{number}"), 303)


def _about(visit: Visit) -> int:
    number = int(visit.path["number"])
    visit.about = f"draft:{number}"
    return number


def _reasons(visit: Visit) -> list[str]:
    """The reasons that were ticked, as they stand in the settings; those no longer there last."""
    order = {reason: n for n, reason in enumerate(visit.desk.settings.desk.return_reasons)}
    return sorted(visit.all_said("reason"), key=lambda reason: order.get(reason, len(order)))


def _seen(visit: Visit) -> int:
    seen = visit.said("seen")
    if not seen.isdecimal() or len(seen) > 18:
        raise HTTPException(400)
    return int(seen)


def _changed_genre(visit: Visit, number: int) -> str:
    """The genre that was chosen if it is another than before, else ""."""
    chosen = visit.said("genre")
    facts: dict[str, Any] | None = draft_facts(visit.db, number) if chosen else None
    return "" if facts and facts["genre"] == chosen else chosen


def _onwards(visit: Visit) -> Response:
    return RedirectResponse(local_path(visit.said("then") or "/queue"), 303)


def _again(visit: Visit, number: int, sentence: str) -> Response:
    """The page once more with what was typed."""
    return draft.page(visit, number, 400, told=sentence, typed=dict(visit.kept()))


def _overtaken(visit: Visit, number: int) -> Response:
    """Somebody was faster: say who and what, keep what was typed, let the editor choose."""
    facts: dict[str, Any] | None = draft_facts(visit.db, number)
    if facts is None:
        raise HTTPException(404)
    last = facts["decisions"][-1]
    what = "撤销了上一条意见" if last["kind"] == "undo" else DEEDS.get(last["kind"], "办理")
    theme = f"：{last['theme_code']} {last['theme']}" if last["theme"] else ""
    sentence = (
        f"您打开这篇之后，{last['who'] or '同事'}在{last['decided'][5:16]}办理过（{what}{theme}）。"
        "您的意见还没有保存；看过之后，可以按您的再保存一次，也可以不保存。"
    )
    kept = [(name, value) for name, value in visit.kept() if name != "seen"]
    return visit.render(
        "overtaken.html", 409, sentence=sentence, draft=facts, kept=kept,
        target=visit.target, seen=last["decision_id"],
    )  # fmt: skip


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")
