"""What an editor records of one draft on its page: adopted, meant to be, instructed on."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.responses import RedirectResponse, Response

from reports.event_words import line
from review.access import local_path
from review.desk import Unable
from review.visit import Visit
from storage.by_hand import Place, adopt_by_hand
from storage.events import instruct as record_instruction
from storage.events import pre_adopt as record_wish
from storage.histories import draft_history
from storage.outlets import outlet_named, outlet_names
from storage.periods import parse_day
from storage.schema_adoption import LEVELS


def fate(visit: Visit, number: int) -> dict[str, Any]:
    """What ``draft_fate.html`` shows: what holds of the draft, and what can be chosen from."""
    rows = draft_history(visit.db, number)
    return {
        "events": [
            {**row, "words": line({**row, "who": ""}, with_draft=False)}
            for row in rows
            if row["holds"]
        ],
        "outlets": outlet_names(visit.db),
        "levels": LEVELS,
    }


def adopt(visit: Visit) -> Response:
    """Record that the draft was printed in an outlet's issue."""
    where = Place(
        outlet_id=outlet_named(visit.db, _needed(visit, "outlet", "刊物")),
        number=visit.said("issue"),
        published_on=day_of(visit.said("day")),
        title=visit.said("title"),
    )
    number = _about(visit)
    adopt_by_hand(visit.db, [number], where, who=visit.who.name, note=visit.said("note"))
    visit.detail["place"] = f"{visit.said('outlet')} {visit.said('issue')}"
    return _back(visit, number)


def pre_adopt(visit: Visit) -> Response:
    """Note that the draft is meant to be printed; it counts nothing."""
    number, outlet = _about(visit), visit.said("outlet")
    wish = outlet_named(visit.db, outlet) if outlet else None
    record_wish(visit.db, [number], outlet_id=wish, who=visit.who.name)
    return _back(visit, number)


def instruct(visit: Visit) -> Response:
    """Record a leader's instruction on the draft."""
    number = _about(visit)
    record_instruction(
        visit.db,
        person=visit.said("person"),
        level=_needed(visit, "level", "级别"),
        draft_id=number,
        happened_on=day_of(visit.said("day")),
        text=visit.said("text"),
        who=visit.who.name,
    )
    return _back(visit, number)


def _about(visit: Visit) -> int:
    number = int(visit.path["number"])
    visit.about = f"draft:{number}"
    return number


def _needed(visit: Visit, name: str, word: str) -> str:
    said = visit.said(name)
    if not said:
        raise Unable(f"没有写{word}。")
    return said


def day_of(text: str) -> date | None:
    """The day that a field of a form says, None if it is empty. Raises Unable."""
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        raise Unable(str(error)) from None


def _back(visit: Visit, number: int) -> Response:
    return RedirectResponse(local_path(visit.said("back") or f"/drafts/{number}"), 303)
