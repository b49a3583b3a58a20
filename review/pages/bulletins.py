"""通报: the review copy of a period, frozen bulletins with their digests, a new one frozen."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from review.desk import Unable
from review.pages.files import KINDS, attachment
from review.period import asked, common
from review.visit import EDITOR, Visit
from storage.bulletins import frozen_bulletins


def show(visit: Visit) -> Response:
    """The frozen bulletins, each checked against its digest; and the form of a new one."""
    period, base = asked(visit)
    return visit.render(
        "bulletins.html",
        frozen=frozen_bulletins(visit.db),
        may_freeze=visit.who.may(EDITOR),
        **common(period, base),
    )


def freeze(visit: Visit) -> Response:
    """Freeze the bulletin of a period under its number."""
    number = visit.said("number")
    if not number:
        raise Unable("冻结通报要写文号。")
    made = visit.desk.works.bulletin(
        visit.said("period"), "docx", number=number, who=visit.who.name
    )
    shutil.rmtree(made.parent, ignore_errors=True)
    visit.about = f"bulletin:{number}"
    return RedirectResponse("/bulletins", 303)


def frozen(visit: Visit) -> Response:
    """A frozen bulletin as Word or Excel, from what was frozen."""
    number, form = int(visit.path["number"]), str(visit.path["form"])
    if form not in ("docx", "xlsx") or number >= 2**63:
        raise HTTPException(404)
    visit.about = f"bulletin:{number}"
    return as_attachment(lambda: visit.desk.works.frozen(number, form))


def as_attachment(make: Callable[[], Path]) -> Response:
    """A file that was written for this answer, and its folder removed."""
    file = make()
    try:
        return attachment(file.read_bytes(), file.name, KINDS[file.suffix[1:]])
    finally:
        shutil.rmtree(file.parent, ignore_errors=True)
