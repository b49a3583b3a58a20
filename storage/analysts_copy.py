"""A copy of the figures for analysts: what the views show, as tables, and nothing else.

No account, log, text, telephone number or internal table comes over; personal numbers in titles
and the like are masked. The copy is one moment of the
database and is never written again, so that a tool may serve it as immutable. Text that a
spreadsheet would take for a formula has a ' before it, since such tools export CSV as it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from nlp.masking import masked
from storage.connection import open_database
from storage.describe import QUERIES
from storage.driver import sqlite3
from storage.errors import explained
from storage.meanings import MEANINGS

TABLES: Final[dict[str, tuple[str, ...]]] = {
    "submissions": ("unit_group", "report_class", "category", "invalid_reason"),
    "register": ("state", "unit_group", "report_class", "received_on"),
    "adoptions": ("level", "outlet", "form", "unit_group"),
    "awards": ("profile", "rule", "unit_group"),
    "rankings": ("profile", "month", "unit_group"),
    "unit_months": ("month", "unit_group"),
    "theme_months": ("month", "category"),
    "submission_months": ("month", "unit_group", "report_class"),
    "adoption_months": ("month", "unit_group", "level", "report_class"),
    "author_months": ("month", "unit_group"),
    "print_times": ("level", "unit_group"),
    "commissions": ("unit_group",),
    "instructions": ("level", "unit_group"),
    "events": ("kind", "level"),
    "unmatched_items": ("outlet", "level"),
    "unit_duplicates": ("kind", "same_unit"),
    "drafts": ("category", "genre", "length_flag", "unit_group"),
    "duplicates": ("kind",),
}
"""View that is copied → columns by which it is worth dividing (facets)."""

LEFT_OUT: Final[dict[str, frozenset[str]]] = {
    "drafts": frozenset({"signer", "file_name"}),
    "events": frozenset({"note"}),
    "instructions": frozenset({"note"}),
}
"""Columns that stay behind: who signed, how a file was called, what was said in confidence."""

_INDEXED: Final = (
    "draft_id", "unit_id", "unit", "received_on", "published_on", "month", "effective_on",
)  # fmt: skip


def make_copy(source: Path, target: Path) -> dict[str, int]:
    """Write the copy to ``target``, in place of an older one; rows of each table.

    Written aside and renamed. Raises StorageError.
    """
    db = open_database(source, readonly=True)  # brings an older one up to date first
    try:
        kept = {view: _columns(db.conn, view) for view in TABLES}
    finally:
        db.close()
    part = target.with_name(target.name + ".part")
    with explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        try:
            counts = _fill(part, source, kept)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return counts


def _columns(conn: sqlite3.Connection, view: str) -> list[str]:
    left = LEFT_OUT.get(view, frozenset())
    rows = conn.execute("SELECT name FROM pragma_table_info(?)", (view,))
    return [name for (name,) in rows if name not in left]


def _fill(part: Path, source: Path, kept: dict[str, list[str]]) -> dict[str, int]:
    conn = sqlite3.connect(part.absolute().as_uri(), uri=True, isolation_level=None)
    try:
        conn.execute("PRAGMA journal_mode=OFF")  # a file that failed is thrown away
        conn.execute("PRAGMA synchronous=OFF")
        conn.create_function("masked", 1, masked, deterministic=True)
        conn.execute("ATTACH ? AS office", (f"{source.absolute().as_uri()}?mode=ro",))
        conn.execute("BEGIN")  # one moment of the office's database
        counts = {view: _take(conn, view, columns) for view, columns in kept.items()}
        conn.execute("COMMIT")
        conn.execute("DETACH office")
        return counts
    finally:
        conn.close()


def _take(conn: sqlite3.Connection, view: str, columns: list[str]) -> int:
    listed = ", ".join(map(_harmless, columns))
    conn.execute(f'CREATE TABLE "{view}" AS SELECT {listed} FROM office."{view}"')  # noqa: S608
    for column in dict.fromkeys((*_INDEXED, *TABLES[view])):
        if column in columns:
            conn.execute(f'CREATE INDEX "{view}_{column}" ON "{view}" ("{column}")')
    return int(conn.execute(f'SELECT count(*) FROM "{view}"').fetchone()[0])  # noqa: S608


def _harmless(column: str) -> str:
    """SQL of a column whose text no spreadsheet takes for a formula; numbers stay numbers.

    Only text as long as a telephone number goes through the mask: dates, most of what there is,
    are shorter.
    """
    formula = (
        f"typeof({column}) = 'text' AND {column} <> ''"
        f" AND instr('=+-@＝＋－＠' || char(9, 10, 13), substr({column}, 1, 1))"
    )
    text = (
        f"CASE WHEN typeof({column}) = 'text' AND length({column}) >= 11"
        f" THEN masked({column}) ELSE {column} END"
    )
    return f"CASE WHEN {formula} THEN char(39) || {text} ELSE {text} END AS {column}"


def metadata(title: str, database: str) -> dict[str, Any]:
    """What Datasette shows of the copy, in Chinese: tables, columns, facets, ready queries."""
    tables = {
        view: {
            "title": MEANINGS[view][""].partition("：")[0],
            "description": MEANINGS[view][""],
            "columns": {
                column: meaning
                for column, meaning in MEANINGS[view].items()
                if column and column not in LEFT_OUT.get(view, ())
            },
            "facets": list(facets),
            "size": 50,
        }
        for view, facets in TABLES.items()
    }
    queries = {
        f"q{number}": {"title": words, "sql": sql} for number, (words, sql) in enumerate(QUERIES, 1)
    }
    return {
        "title": title,
        "description": "统计用的只读副本；要新的数字，重新生成。报送按收到日期，采用按印发日期。",
        "databases": {database: {"tables": tables, "queries": queries}},
    }
