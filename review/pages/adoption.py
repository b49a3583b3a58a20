"""采用: what printed issues say was adopted, to confirm in one pass; what has no draft."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from reports.event_words import line, reasons
from review.access import local_path
from review.pages.queue import told
from review.uploads import given, put, safe_name
from review.visit import Visit
from storage.by_hand import Place, adopt_by_hand
from storage.event_log import EventError, undo_events
from storage.histories import latest_events
from storage.proposals import (
    confirm,
    count_unmatched,
    drafts_titled_like,
    open_proposals,
    open_sure,
    printed_item,
    refuse,
    unmatched,
)
from storage.queue import page_ids
from storage.queue_filters import Wanted

_ITEMS: Final = 30
_UNMATCHED: Final = 100
_EVENTS: Final = 20
_FOUND: Final = 20


def show(visit: Visit) -> Response:
    """The proposals by printed item, the first of them under the keys."""
    rows, latest = open_proposals(visit.db), events(visit, _EVENTS)
    items = [list(group) for _, group in groupby(rows, key=lambda row: row["item_id"])]
    return visit.render(
        "adoption.html",
        items=[[{**row, "why": reasons(row)} for row in group] for group in items[:_ITEMS]],
        waiting=len(rows),
        more=len(items) - _ITEMS,
        sure=len(set(open_sure(visit.db)) & {row["proposal_id"] for row in rows}),
        unmatched=unmatched(visit.db, _UNMATCHED),
        unmatched_count=count_unmatched(visit.db),
        events=latest,
        mine=_own(visit, latest),
        here_again="/adoption",
    )


def events(visit: Visit, count: int) -> list[dict[str, Any]]:
    """The latest events in words."""
    return [{**row, "words": line({**row, "who": ""})} for row in latest_events(visit.db, count)]


def _own(visit: Visit, latest: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What the editor did last, if it can be taken back."""
    own = (row for row in latest if row["who"] == visit.who.name and row["kind"] != "undo")
    last = next(own, None)
    return last if last and last["holds"] else None


def answer(visit: Visit) -> Response:
    """Confirm or refuse one proposal, or refuse all that are named."""
    numbers = _numbers(visit, "proposal")
    visit.about = f"proposals:{numbers}"
    act = {"confirm": confirm, "refuse": refuse}.get(visit.said("answer"))
    if act is None or not numbers:
        raise HTTPException(400)
    for number in numbers:
        act(visit.db, number, who=visit.who.name)
    visit.detail["answer"] = visit.said("answer")
    return RedirectResponse("/adoption", 303)


def preview(visit: Visit) -> Response:
    """The sure proposals that may be recorded at once; each can be left out."""
    sure = set(open_sure(visit.db))
    rows = [row for row in open_proposals(visit.db) if row["proposal_id"] in sure]
    return visit.render("adoption_sure.html", rows=[{**row, "why": reasons(row)} for row in rows])


def accept_sure(visit: Visit) -> Response:
    """Record the ticked ones; those that somebody has answered meanwhile are left."""
    done, left = [], 0
    for number in _numbers(visit, "proposal"):
        try:
            done.append(confirm(visit.db, number, who=visit.who.name))
        except EventError:
            left += 1
    visit.detail.update(recorded=len(done), left=left)
    return visit.render("adoption_done.html", done=done, left=left)


def item(visit: Visit) -> Response:
    """A printed item, and the drafts that a search finds for it."""
    found = _item(visit)
    words = visit.query.get("words", "").strip()[:100]
    asked = words or str(found["printed_title"])
    ids, _ = page_ids(visit.db, Wanted(tab="all", words=asked), "", _FOUND)
    if not words:
        ids = list(dict.fromkeys([*drafts_titled_like(visit.db, asked, _FOUND), *ids]))[:_FOUND]
    return visit.render("adoption_item.html", item=found, words=asked, rows=told(visit, ids))


def adopt_item(visit: Visit) -> Response:
    """Record that the item was made from a draft; from several, each has its share."""
    found = _item(visit)
    drafts = _numbers(visit, "draft")
    placed = adopt_by_hand(visit.db, drafts, Place(item_id=found["item_id"]), who=visit.who.name)
    visit.about = f"item:{found['item_id']}"
    visit.detail.update(drafts=drafts, events=list(placed.events))
    return RedirectResponse("/adoption", 303)


def upload(visit: Visit) -> Response:
    """Take printed issues or lists of published titles into the issues folder and match them."""
    files = given(visit)
    folder = visit.desk.settings.issues / "网上交来" / f"{datetime.now():%Y%m%d-%H%M%S-%f}"
    for file in files:
        put(file, folder, safe_name(file.filename or ""))
    matched = visit.desk.works.match(folder)
    visit.about = f"files:{len(files)}"
    return visit.render("adoption_matched.html", matched=matched)


def undo(visit: Visit) -> Response:
    """Take events back, all or none."""
    numbers = _numbers(visit, "event")
    if not numbers:
        raise HTTPException(400)
    undo_events(visit.db, numbers, who=visit.who.name)
    visit.about = f"events:{numbers}"
    return RedirectResponse(local_path(visit.said("back") or "/adoption"), 303)


def _item(visit: Visit) -> dict[str, Any]:
    number = int(visit.path["number"])
    found = printed_item(visit.db, number) if number < 2**63 else None
    if found is None:
        raise HTTPException(404, f"没有第{number}号条目，可能已删除。")
    return found


def _numbers(visit: Visit, name: str) -> list[int]:
    given_ = [text.strip() for text in visit.all_said(name)]
    if not all(text.isdecimal() and len(text) < 18 for text in given_):
        raise HTTPException(400)
    return [int(text) for text in given_]
