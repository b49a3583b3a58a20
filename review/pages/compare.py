"""Two drafts side by side, or one and its sources: shared, changed, and the verdict."""

from __future__ import annotations

from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from nlp.comparison import Line, compare, rows
from nlp.comparison import Piece as Marked
from nlp.reuse import Side, side
from reports.comparison import CHANGES, Page, Piece, numeral, page, verdict_lines
from reports.comparison_html import TINTS
from review.access import local_path
from review.query import query_of, wanted_of
from review.visit import Visit
from review.wording import visible
from storage.connection import Database, raw
from storage.facts import draft_facts
from storage.handling import judge_pair, verdicts
from storage.reuse import common_to_many
from storage.schema_desk import VERDICTS
from storage.sides import stored_draft

_MOST: Final = 6
"""Drafts on one page; a merged draft rarely has more sources."""


def show(visit: Visit) -> Response:
    """``/compare/31/12`` or ``/compare/31/12+18+20``."""
    number = int(visit.path["number"])
    others = _others(str(visit.path["others"]), number)
    found = [_stored(visit.db, one) for one in (number, *others)]
    pieces, sides = [piece for piece, _ in found], [known for _, known in found]
    rules = visit.desk.settings.reuse.rules()
    compared = compare(sides[0], sides[1:], common_to_many(visit.db, sides), rules)
    shown = page(compared, pieces[0], pieces[1:])
    said = verdicts(visit.db, number)
    return visit.render(
        "compare.html",
        shown=shown,
        number=number,
        matches=[
            (piece, verdict_lines(match), said.get(piece.draft_id or 0))
            for piece, match in zip(shown.sources, compared.matches, strict=True)
        ],
        table=_table(shown),
        changes=CHANGES,
        verdicts=VERDICTS,
        query=query_of(wanted_of(visit.query)),
        here_again=visit.target,
    )


def judge(visit: Visit) -> Response:
    """Record what two drafts are to each other, or take it back."""
    one, other = int(visit.path["number"]), int(visit.path["other"])
    verdict = visit.said("verdict")
    judge_pair(visit.db, one, other, verdict, who=visit.who.name, note=visit.said("note"))
    visit.about, visit.detail["verdict"] = f"pair:{one},{other}", verdict
    return RedirectResponse(local_path(visit.said("back") or f"/compare/{one}/{other}"), 303)


def _others(given: str, number: int) -> list[int]:
    parts = given.split("+")[:_MOST]
    if not all(part.isdecimal() and len(part) < 18 for part in parts):
        raise HTTPException(404)
    others = [int(part) for part in dict.fromkeys(parts) if int(part) != number]
    if not others:
        raise HTTPException(400, "要有两篇不同的稿件才能对照。")
    return others


def _stored(db: Database, draft_id: int) -> tuple[Piece, Side]:
    facts: dict[str, Any] | None = draft_facts(db, draft_id)
    if facts is None:
        raise HTTPException(404, f"没有第{draft_id}号稿件，可能已删除。")
    draft, unit, run = stored_draft(raw(db), draft_id)
    given = str(facts["unit"] or facts["unit_given"] or "")
    piece = Piece(f"第 {draft_id} 号稿件", draft.title, given, draft.dated, draft_id)
    return piece, side(draft, unit=unit, arrival=run)


def _table(shown: Page) -> list[dict[str, Any]]:
    """Rows of two cells; each numbered passage is an anchor where it first stands."""
    met: set[tuple[str, int]] = set()
    return [
        {
            "heading": shown.sources[row.opens].heading
            if shown.several and row.opens is not None
            else "",
            "left": _cell(shown, row.draft, "a", met),
            "right": _cell(shown, row.source, "b", met),
        }
        for row in rows(shown.comparison)
    ]


def _cell(
    shown: Page, line: Line | None, column: str, met: set[tuple[str, int]]
) -> list[dict[str, str]] | None:
    if line is None:
        return None
    cell = []
    for piece in line:
        new = bool(piece.number) and (column, piece.number) not in met
        met.add((column, piece.number))
        cell.append(
            {
                "text": visible(piece.text),
                "kinds": _kinds(shown, piece),
                "number": numeral(piece.number) if new else "",
                "here": f"{column}{piece.number}",
                "there": f"{'b' if column == 'a' else 'a'}{piece.number}",
            }
        )
    return cell


def _kinds(shown: Page, piece: Marked) -> str:
    """One tint a source; with a single source they alternate from passage to passage."""
    tint = ""
    if piece.number:
        tint = f"t{(piece.source if shown.several else piece.number - 1) % TINTS}"
    kind = "" if piece.mark in ("", "reuse") else piece.mark
    return " ".join(name for name in (tint, kind) if name)
