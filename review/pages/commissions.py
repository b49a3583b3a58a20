"""约稿: what units were asked for and have not sent yet; asking them."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from review.desk import Unable
from review.pages.fate import day_of
from review.visit import EDITOR, Visit
from storage.commissions import commission
from storage.periods import today
from storage.unit_view import all_open_commissions
from storage.units import units_meant


def show(visit: Visit) -> Response:
    """What units were asked for and have not sent yet; the form of a new one."""
    return visit.render(
        "commissions.html", rows=all_open_commissions(visit.db), today=today().isoformat(),
        may_ask=visit.who.may(EDITOR),
    )  # fmt: skip


def ask(visit: Visit) -> Response:
    """Ask units, groups or all for a draft on a subject by a day."""
    due = day_of(visit.said("due"))
    if due is None:
        raise Unable("没有写截止日期。")
    names = visit.said("units").replace("、", " ").replace("，", " ").split()
    units = [id_ for name in names for id_ in units_meant(visit.db, name)]
    made = commission(visit.db, units, visit.said("title"), due, who=visit.who.name)
    visit.detail["events"] = made
    return RedirectResponse("/commissions", 303)
