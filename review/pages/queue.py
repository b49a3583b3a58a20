"""The queue: tabs, filters, search, rows that tell enough; many at once with a preview."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import RedirectResponse, Response

from nlp.length import default_limits
from review.access import local_path
from review.query import query_of, wanted_of
from review.visit import Visit
from review.wording import DEEDS, FLAG_NAMES, ORDERS, STATES, TABS, share
from storage.handling import Deed, accept_many, recent_deeds, undo_deed
from storage.queue import Wanted, at_most, choices, counts, page_ids, rows_of, sure_ids
from storage.users import colleagues

PAGE: Final = 50
_BATCH: Final = 200
_FLAGS: Final = 3
"""Flags of a row that are named; the draft's page has all."""


def show(visit: Visit) -> Response:
    """One page of a tab."""
    wanted = wanted_of(visit.query)
    ids, following = page_ids(visit.db, wanted, visit.query.get("after", "")[:20], PAGE)
    first = not visit.query.get("after")
    numbers = counts(visit.db, wanted)
    return visit.render(
        "queue.html",
        wanted=wanted,
        tabs=[(key, TABS[key], number) for key, number in numbers.items()],
        at_most=at_most(wanted, numbers),
        rows=told(visit, ids),
        orders=ORDERS,
        choices=choices(visit.db),
        genres=list(default_limits()),
        flags=FLAG_NAMES,
        people=[] if visit.who.alone else colleagues(visit.db),
        query=query_of(wanted),
        link=lambda **changed: "/queue?" + query_of(wanted, **changed),
        last_day=_last_day(wanted),
        first=first,
        following=following,
        narrowed=query_of(wanted, tab="", order="") != "",
        deeds=deeds(visit),
        here_again=visit.target,
    )


def told(visit: Visit, ids: list[int]) -> list[dict[str, Any]]:
    """Rows of the queue in words: limit of the genre, badges."""
    rules = visit.desk.settings.length_rules()
    rows = []
    for row in rows_of(visit.db, ids):
        limits = rules.of(str(row["genre"]))
        flags: Any = row["flags"]
        names = [FLAG_NAMES.get(kind, kind) for kind, _ in flags if kind != "over_hard"]
        pairs: Any = row["pairs"]
        rows.append(
            {
                **row,
                "state_name": STATES[str(row["state"])],
                "limit": limits.hard,
                "over": int(str(row["characters"])) > limits.hard > 0,
                "pair": f"{pairs[0][0]} {share(pairs[0][1])}" if pairs else "",
                "flag_names": names[:_FLAGS] + ([f"等{len(names)}项"] if names[_FLAGS:] else []),
            }
        )
    return rows


def deeds(visit: Visit) -> list[dict[str, Any]]:
    """What the editor did last, in words, to be taken back."""
    return [
        {"id": deed.decision_id, "text": _deed(deed), "draft_id": deed.draft_id}
        for deed in recent_deeds(visit.db, visit.who.name, 3)
    ]


def _deed(deed: Deed) -> str:
    if deed.drafts > 1:
        return f"批量采信 {deed.drafts} 篇"
    theme = f"：{deed.theme}" if deed.theme and deed.kind != "return" else ""
    return f"{DEEDS[deed.kind]}《{deed.title[:24] or '无标题'}》{theme}"


def _last_day(wanted: Wanted) -> str:
    from urllib.parse import parse_qs

    return parse_qs(query_of(wanted)).get("end", [""])[0]


def undo(visit: Visit) -> Response:
    """Take back what was done in one go."""
    number = int(visit.path["number"])
    visit.about = f"decision:{number}"
    visit.detail["drafts"] = undo_deed(visit.db, number, who=visit.who.name)
    return RedirectResponse(local_path(visit.said("back") or "/queue"), 303)


def preview(visit: Visit) -> Response:
    """The drafts that would be accepted at once: each can be left out."""
    asked = visit.query.get("sure", "")
    try:
        sure = min(1.0, max(0.5, float(asked)))
    except ValueError:
        sure = visit.desk.settings.desk.sure
    theme = visit.query.get("theme", "")[:4]
    ids = sure_ids(visit.db, sure, theme, _BATCH)
    return visit.render(
        "bulk.html",
        sure=sure,
        steps=(0.99, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6),
        theme=theme,
        choices=choices(visit.db),
        rows=told(visit, ids),
        most=_BATCH,
    )


def accept(visit: Visit) -> Response:
    """Accept the ticked drafts as they were shown (``draft:theme:last decision``)."""
    asked = [one for said in visit.all_said("draft") if (one := _asked(said))]
    done = accept_many(visit.db, asked[:_BATCH], who=visit.who.name)
    visit.detail.update(asked=len(asked), accepted=len(done))
    visit.about = f"drafts:{min(done)}-{max(done)}" if done else ""
    left = len(asked) - len(done)
    return visit.render("bulk_done.html", done=len(done), left=left, deeds=deeds(visit))


def _asked(said: str) -> tuple[int, str, int] | None:
    draft, _, rest = said.partition(":")
    theme, _, seen = rest.partition(":")
    if not (draft.isdecimal() and seen.isdecimal() and len(said) < 40):
        return None
    return int(draft), theme, int(seen)
