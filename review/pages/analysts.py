"""查数: what the analysts' window holds, when its copy was made, a new one."""

from __future__ import annotations

from typing import Final

from starlette.responses import RedirectResponse, Response

from review.explorer import open_window
from review.visit import Visit
from storage.analysts_copy import TABLES
from storage.describe import QUERIES
from storage.meanings import MEANINGS

PREFIX: Final = "/explore"


def show(visit: Visit) -> Response:
    """The tables of the copy with their meaning; opens the window if it is not yet."""
    open_window(visit.desk, PREFIX)
    return visit.render(
        "analysts.html",
        prefix=PREFIX,
        made=visit.desk.explorer_made,
        tables=[(name, MEANINGS[name][""]) for name in TABLES],
        queries=[(f"q{number}", words) for number, (words, _) in enumerate(QUERIES, 1)],
    )


def renew(visit: Visit) -> Response:
    """Make the copy anew."""
    open_window(visit.desk, PREFIX, anew=True)
    return RedirectResponse("/analysts", 303)
