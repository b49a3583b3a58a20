"""改稿: a draft's text changed on its own page, beside the one that was sent."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from review.differences import Part, differences
from review.query import query_of, wanted_of
from review.visit import Visit
from review.wording import moment
from storage.composing import source_text
from storage.connection import raw
from storage.decisions import DecisionError, Overtaken
from storage.editing import LONGEST, LONGEST_TITLE, Edited, edited_of, save_edited
from storage.facts import draft_facts


def show(visit: Visit) -> Response:
    """The text as it was sent and as it holds, and the form that changes it."""
    return _page(visit, 200)


def save(visit: Visit) -> Response:
    """Append the edited text; ``seen`` is the one that the page showed."""
    number, seen = _number(visit), visit.said("seen")
    if not seen.isdecimal() or len(seen) > 18:
        raise HTTPException(400)
    title, text = visit.said("title"), visit.form.get("text", "")
    if not isinstance(text, str):
        raise HTTPException(400)
    if visit.said("restore"):
        title, text = _facts(visit)["title"], source_text(visit.db, [number])
    try:
        save_edited(visit.db, number, title, text, who=visit.who.name, expect=int(seen))
    except Overtaken:
        other = edited_of(raw(visit.db), number)
        who = f"{other.who}在{moment(other.made_at)}" if other else "别人刚刚"
        told = (
            f"您打开之后，{who}也改过这一篇。左边是现在的改稿，右边是您写的，还没有保存；"
            "看过之后可以再保存。"
        )
        return _page(visit, 409, told=told, title=title, text=text)
    except DecisionError as problem:
        return _page(visit, 400, told=str(problem), title=title, text=text)
    return RedirectResponse(f"/drafts/{number}?{query_of(wanted_of(visit.query))}#edited", 303)


def beside(visit: Visit, number: int, title: str) -> dict[str, Any] | None:
    """What the draft's page tells of an edited text; None if nobody changed a word."""
    held = edited_of(raw(visit.db), number)
    parts = _parts(visit, number, title, held) if held else []
    if held is None or all(part.kind == "same" for part in parts):
        return None
    return {"who": held.who, "when": moment(held.made_at), "parts": parts}


def _page(
    visit: Visit, status: int, *, told: str = "", title: str = "", text: str = ""
) -> Response:
    number = _number(visit)
    facts = _facts(visit)
    held = edited_of(raw(visit.db), number)
    return visit.render(
        "edit.html",
        status,
        draft=facts,
        told=told,
        seen=held.number if held else 0,
        held=held,
        parts=_parts(visit, number, facts["title"], held),
        title_now=title or (held.title if held else facts["title"]),
        text_now=text or (held.text if held else source_text(visit.db, [number])),
        longest=LONGEST,
        longest_title=LONGEST_TITLE,
        query=query_of(wanted_of(visit.query)),
    )


def _parts(visit: Visit, number: int, title: str, held: Edited | None) -> list[Part]:
    """Title and text as one, what came and went marked."""
    sent = f"{title}\n{source_text(visit.db, [number])}"
    return differences(sent, f"{held.title}\n{held.text}" if held else sent)


def _number(visit: Visit) -> int:
    number = int(visit.path["number"])
    visit.about = f"draft:{number}"
    return number


def _facts(visit: Visit) -> dict[str, Any]:
    facts: dict[str, Any] | None = draft_facts(visit.db, _number(visit))
    if facts is None:
        raise HTTPException(404, f"没有第{_number(visit)}号稿件，可能已删除。")
    return facts
