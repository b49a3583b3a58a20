"""A bulletin as one HTML file: no script, nothing fetched, prints well; and as CSV and JSON."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from points.scoring import points_words
from reports.bulletin import Bulletin, digest, figures_of, groups
from reports.bulletin import as_json as snapshot_of
from reports.bulletin_words import note_of
from reports.charts import ranking_chart, themes_chart
from reports.table_files import write_csv
from reports.wording import share_words


@cache
def pages() -> Environment:
    """The templates of this room, escaping what they are given."""
    return Environment(
        loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def page_of(bulletin: Bulletin) -> str:
    """The page."""
    charts = {"总体情况": themes_chart(bulletin, "svg"), "排名情况": ranking_chart(bulletin, "svg")}
    return pages().get_template("bulletin.html").render(
        head=bulletin.head,
        sections=bulletin.sections,
        groups=groups(bulletin),
        pieces=bulletin.pieces,
        charts={name: inline(svg) for name, svg in charts.items()},
        share=share_words,
        points=points_words,
        note=lambda unit: note_of(bulletin, unit),
        digest=digest(snapshot_of(bulletin)),
    )  # fmt: skip


def inline(svg: bytes) -> Markup:
    """The drawing without its XML prologue, to stand in the page. Its text is matplotlib's."""
    text = svg.decode()
    return Markup(text[text.index("<svg") :]) if text else Markup()  # noqa: S704  drawn by us


def csv_of(bulletin: Bulletin) -> str:
    """The wide table, one line a unit, with the byte-order mark that Excel asks for."""
    out = io.StringIO()
    rows = figures_of(bulletin)
    write_csv(list(rows[0]) if rows else [], (list(row.values()) for row in rows), out)
    return out.getvalue()


def json_of(bulletin: Bulletin) -> str:
    """The whole of it with its digest, for programs and for checking."""
    whole = {"sha256": digest(snapshot_of(bulletin)), **asdict(bulletin)}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def write_text(text: str, file: Path) -> None:
    """Write as UTF-8, line ends as they are; OSError if it cannot."""
    file.write_text(text, encoding="utf-8", newline="")
