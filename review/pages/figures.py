"""统计: ranking, trends, themes of a period, each number a link to its rows; lists, files."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from nlp.masking import masked
from points.fields import CLASSES
from reports.analysis import CHARTS, chart
from reports.event_words import line
from reports.table_files import TooManyRowsError, write_csv, write_sheet
from review.desk import Unable
from review.pages.bulletins import as_attachment
from review.pages.files import KINDS, attachment
from review.pages.queue import told
from review.period import asked, common, period_of
from review.visit import EDITOR, Visit
from review.works import Table
from storage.awards import ledger_lines
from storage.evidence import Base
from storage.histories import events_numbered
from storage.periods import today
from storage.profiles import profile_for, profiles
from storage.statistics import NO_PROFILE, trace
from storage.unit_view import unit_name

BY: Final = {
    "unit": "单位", "group": "组别", "theme": "主题", "category": "大类", "genre": "体裁",
    "class": "类别", "author": "信息员", "level": "级别", "outlet": "刊物",
}  # fmt: skip
TRACED: Final = {
    "submitted": "drafts", "valid": "drafts", "adopted": "drafts", "adoptions": "events",
    "instructions": "events", "commissions_due": "events", "bonus": "awards",
    "deductions": "awards", "points": "awards",
}  # fmt: skip
"""Columns of the ranking that lead to their rows, and what these are."""
_LINKS: Final = {**{name: name for name in TRACED}, "commissions": "commissions_due"}
_PERCENT: Final = ("rate", "share_sent", "share_adopted", "wanted")
_MOST: Final = 500


def show(visit: Visit) -> Response:
    """The figures of a period by what ``by`` says, in the tab of a group."""
    period, base = asked(visit)
    by = visit.query.get("by", "unit")
    if by not in BY:
        raise HTTPException(400)
    table = visit.desk.works.stats(period, by, received=base == "received")
    groups = list(dict.fromkeys(str(row.get("unit_group", "")) for row in table.rows))
    group = visit.query.get("group", "")
    rows = [row for row in table.rows if group in ("", row.get("unit_group"))]
    if "unit_group" not in table.columns and by == "unit" and len(groups) > 1 and not group:
        # Ranks are of a group: beside each other they are told apart by its name.
        table = replace(table, columns={"unit_group": "组别", **table.columns})
    return visit.render(
        "figures.html",
        table=table,
        rows=[_cells(table, row, visit, period, base) for row in rows],
        groups=groups if by == "unit" and len(groups) > 1 else [],
        group=group,
        by=by,
        kinds=BY,
        lists=visit.desk.works.lists(),
        charts=CHARTS,
        **common(period, base),
    )


def listed(visit: Visit) -> Response:
    """One of the lists of a period."""
    period, base = asked(visit)
    table = _list(visit, period, base)
    return visit.render(
        "figures_list.html",
        table=table,
        rows=[_cells(table, row, visit, period, base) for row in table.rows[:_MOST]],
        name=visit.path["name"],
        most=_MOST,
        lists=visit.desk.works.lists(),
        **common(period, base),
    )


def rows(visit: Visit) -> Response:
    """The rows behind a figure of a unit."""
    period, base = asked(visit)
    figure, unit = visit.query.get("figure", ""), visit.query.get("unit", "")
    if figure not in TRACED or not (unit.isdecimal() and len(unit) < 18):
        raise HTTPException(400)
    days = period_of(period)
    known = profiles(visit.db)
    profile = (
        profile_for(visit.db, min(days.end - timedelta(days=1), today())).id
        if known
        else NO_PROFILE
    )
    ids = trace(
        visit.db, days, profile, int(unit), figure, base=base, classes=None if known else CLASSES
    )
    shown = ids[:_MOST]
    kind = TRACED[figure]
    context: dict[str, Any] = {"drafts": [], "events": [], "awards": []}
    if kind == "drafts":
        context["drafts"] = told(visit, shown)
    elif kind == "events":
        found = events_numbered(visit.db, tuple(shown))
        context["events"] = [{**row, "words": line(row)} for row in found]
    else:
        chosen = set(shown)
        lines = ledger_lines(visit.db, period=days, unit_id=int(unit))
        context["awards"] = [row for row in lines if row["award_id"] in chosen]
    return visit.render(
        "figures_rows.html",
        unit_name=unit_name(visit.db, int(unit)),
        figure=NAMES[figure],
        count=len(ids),
        most=_MOST,
        may_open=visit.who.may(EDITOR),
        **context,
        **common(period, base),
    )


NAMES: Final = {
    "submitted": "报送", "valid": "有效", "adopted": "采用", "adoptions": "篇次",
    "instructions": "批示", "commissions_due": "约稿", "bonus": "加分", "deductions": "扣分",
    "points": "得分",
}  # fmt: skip


def picture(visit: Visit) -> Response:
    """A chart as SVG."""
    period, _ = asked(visit)
    name = str(visit.path["name"])
    if name not in CHARTS:
        raise HTTPException(404)
    svg = chart(visit.db, period_of(period), name)
    if not svg:
        raise HTTPException(404, "没有可画的数字，或本机没有中文字体。")
    return Response(svg, media_type="image/svg+xml")


def download(visit: Visit) -> Response:
    """A table as CSV or Excel, or the bulletin of the period as Word or Excel."""
    period, base = asked(visit)
    name, form = str(visit.path["name"]), str(visit.path["form"])
    if form not in KINDS:
        raise HTTPException(404)
    visit.about = f"{name}.{form}"
    if name == "bulletin":
        return as_attachment(lambda: visit.desk.works.bulletin(period, form))
    if name == "register":
        table = visit.desk.works.register(period)
    elif name in BY:
        table = visit.desk.works.stats(period, name, received=base == "received")
    elif name in visit.desk.works.lists():
        table = visit.desk.works.listed(name, period, received=base == "received")
    else:
        raise HTTPException(404)
    content = _written(table, form)
    return attachment(content, f"{table.title}{period}.{form}", KINDS[form])


def _written(table: Table, form: str) -> bytes:
    values = ([row.get(key, "") for key in table.columns] for row in table.rows)
    plain = ([_plain(value) for value in row] for row in values)
    headings = list(table.columns.values())
    if form == "csv":
        out = io.StringIO(newline="")
        write_csv(headings, plain, out)
        return out.getvalue().encode()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.xlsx"
        try:
            write_sheet(table.title, headings, plain, file)
        except TooManyRowsError as problem:
            raise Unable(str(problem)) from None
        return file.read_bytes()


def _list(visit: Visit, period: str, base: Base) -> Table:
    name = str(visit.path["name"])
    if name not in visit.desk.works.lists():
        raise HTTPException(404)
    return visit.desk.works.listed(name, period, received=base == "received")


def _cells(
    table: Table, row: dict[str, Any], visit: Visit, period: str, base: str
) -> list[dict[str, Any]]:
    """The cells of a row: text, whether a number, and where it leads."""
    cells = []
    for key in table.columns:
        value = row.get(key)
        link = ""
        if key in _LINKS and row.get("unit_id") and "rank" in row and value not in (0, "0/0"):
            query = {"unit": row["unit_id"], "figure": _LINKS[key], "period": period, "base": base}
            link = "/figures/rows?" + urlencode(query)
        elif key in ("title", "draft_id") and row.get("draft_id") and visit.who.may(EDITOR):
            link = f"/drafts/{row['draft_id']}"
        number = isinstance(value, int | float)
        if key in _PERCENT and number:
            text = f"{value:+.1%}" if key == "wanted" else f"{value:.1%}"
        else:
            text = _words(value)
        cells.append({"text": text, "number": number, "link": link})
    return cells


def _words(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return "" if value is None else str(_plain(value))


def _plain(value: object) -> object:
    """A value for a file, personal numbers masked; numbers stay numbers."""
    if isinstance(value, list | tuple):
        value = "、".join(map(_words, value))
    return masked(value) if isinstance(value, str) else value
