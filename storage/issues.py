"""Printed issues (期) of outlets and the items in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlite_utils import Database

from nlp.counting import count_characters
from storage.clock import stamp
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.errors import RefusedError
from storage.names import suggestion
from storage.outlets import load_outlets
from storage.periods import today
from storage.questions import Row
from storage.tables import Brought
from storage.texts import storable

State = Literal["composing", "printed"]
Origin = Literal["issue", "list", "hand", "built"]

FIRST_YEAR = 1949


class IssueError(RefusedError):
    """An issue or an item cannot be recorded; ``str()`` is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class IssueRow:
    """An issue as a list names it."""

    outlet: str  # name or alias
    number: str
    published_on: date | None
    title: str = ""
    year: int | None = None  # of its number; None: that of the day
    line: int = 0  # row of the file, for complaints


def issue_number(text: str) -> str:
    """A number as it is stored: 第023期 → 23, ２３ → 23; other words stay as they are."""
    number = "".join(unicodedata.normalize("NFKC", storable(text)).split())
    number = number.removeprefix("第").removesuffix("期")
    return number.lstrip("0") or number if number.isdecimal() else number


def add_issue(
    db: Database,
    outlet_id: int,
    number: str,
    published_on: date | None,
    *,
    year: int | None = None,
    title: str = "",
    state: State = "printed",
    source: str = "",
    sha256: str | None = None,
) -> int:
    """Record an issue; returns its id.

    The number is kept by :func:`issue_number` and may begin anew each ``year`` (that of the day if
    None). An outlet without numbers has the day for a number. Raises IssueError: ``no_number``,
    ``no_date`` (of a printed one), ``future``, ``year``, ``same_number``.
    """
    with write(db) as conn:
        return insert_issue(
            conn, outlet_id, number, published_on,
            year=year, title=title, state=state, source=source, sha256=sha256,
        )  # fmt: skip


def insert_issue(
    conn: sqlite3.Connection,
    outlet_id: int,
    number: str,
    published_on: date | None,
    *,
    year: int | None = None,
    title: str = "",
    state: State = "printed",
    source: str = "",
    sha256: str | None = None,
) -> int:
    """As :func:`add_issue`, inside the caller's transaction."""
    number = issue_number(number)
    if not number:
        raise IssueError("no_number", "没有写期号；没有期号的媒体，以日期为期号。")
    _check_day(published_on, state)
    year = year or (published_on or today()).year
    _check_year(year, published_on)
    known = _of_number(conn, outlet_id, number, year)
    if known is not None:
        day = known[1] or "还没有印发"
        raise IssueError("same_number", f"已有{year}年第{number}期（{day}），期号不能重复。")
    row = (
        outlet_id, year, number, published_on and published_on.isoformat(), storable(title), state,
        storable(source), sha256, stamp(),
    )  # fmt: skip
    cursor = conn.execute(
        "INSERT INTO issue (outlet_id, year, number, published_on, title, state, source, sha256,"
        " made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    return int(cursor.lastrowid or 0)


def find_issue(db: Database, outlet_id: int, number: str, *, year: int | None = None) -> int | None:
    """The issue of an outlet by number, of the latest year that has it if ``year`` is None."""
    found = _of_number(raw(db), outlet_id, issue_number(number), year)
    return found[0] if found else None


def mark_printed(db: Database, issue_id: int, published_on: date) -> None:
    """Give an issue its day of printing: from now on its adoptions count, on that day.

    Also corrects the day of one that was printed. Raises IssueError: ``no_issue``, ``future``,
    ``year``.
    """
    with write(db) as conn:
        amend_issue(conn, issue_id, published_on, None)


def import_issues(db: Database, rows: Sequence[IssueRow], *, amend: bool = False) -> Brought:
    """Record the issues of a list, each as :func:`add_issue` does.

    A row that is wrong, or whose outlet is unknown, is left out with a sentence. A known number
    with the same day is unchanged; with another day or title it is refused, unless ``amend`` says
    that the list is right.
    """
    outlets = load_outlets(db)
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    refused: list[str] = []
    seen: dict[tuple[int, int, str], int] = {}
    with write(db) as conn:
        for row in rows:
            try:
                found = outlets.find(row.outlet)
                if found.outlet_id is None:
                    raise IssueError("unknown_outlet", f"没有这个刊物{suggestion(found.nearest)}。")
                _check_day(row.published_on, "printed")
                year = row.year or (row.published_on or today()).year
                key = (found.outlet_id, year, issue_number(row.number))
                if key in seen and key[2]:
                    raise IssueError("same_number", f"与第{seen[key]}行是同一期。")
                seen[key] = row.line
                counts[_bring(conn, found.outlet_id, row, amend=amend)] += 1
            except IssueError as error:
                where = f"第{row.line}行" if row.line else ""
                refused.append(f"{where}“{storable(row.outlet)}”：{error}")
    return Brought(**counts, refused=tuple(refused))


def _bring(conn: sqlite3.Connection, outlet_id: int, row: IssueRow, *, amend: bool) -> str:
    number, day = issue_number(row.number), row.published_on
    year = row.year or (day or today()).year
    known = _of_number(conn, outlet_id, number, year) if number else None
    if known is None:
        insert_issue(conn, outlet_id, row.number, day, year=year, title=row.title)
        return "added"
    issue_id, known_day, known_title = known
    if known_day == (day and day.isoformat()) and row.title in ("", known_title):
        return "unchanged"
    if not amend or day is None:
        raise IssueError(
            "same_number",
            f"已有{year}年第{number}期（{known_day or '还没有印发'}），日期或题目与表里不同；"
            "要以表为准，请加--amend。",
        )
    amend_issue(conn, issue_id, day, row.title or None)
    return "changed"


def add_item(
    db: Database,
    issue_id: int,
    title: str,
    *,
    position: int | None = None,
    column: str = "",
    byline: str = "",
    text: str = "",
    url: str = "",
    origin: Origin = "hand",
) -> int:
    """Record an item of an issue, at its end if ``position`` is None; returns its id.

    Raises IssueError: ``no_issue``, ``no_title``, ``position`` (it is taken).
    """
    with write(db) as conn:
        return insert_item(
            conn, issue_id, title,
            position=position, column=column, byline=byline, text=text, url=url, origin=origin,
        )  # fmt: skip


def insert_item(
    conn: sqlite3.Connection,
    issue_id: int,
    title: str,
    *,
    position: int | None = None,
    column: str = "",
    byline: str = "",
    text: str = "",
    url: str = "",
    origin: Origin = "hand",
) -> int:
    """As :func:`add_item`, inside the caller's transaction."""
    _the_issue(conn, issue_id)
    title = storable(title).strip()
    if not title:
        raise IssueError("no_title", "刊发条目没有标题。")
    taken = [p for (p,) in conn.execute(
        "SELECT position FROM printed_item WHERE issue_id = ?", (issue_id,)
    )]  # fmt: skip
    if position in taken:
        raise IssueError("position", f"这一期的第{position}篇已经登记过。")
    place = position or max(taken, default=0) + 1
    cursor = conn.execute(
        "INSERT INTO printed_item (issue_id, position, title, column_name, byline, text,"
        " characters, url, origin, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            issue_id, place, title, storable(column), storable(byline), storable(text),
            count_characters(text), storable(url), origin, stamp(),
        ),
    )  # fmt: skip
    return int(cursor.lastrowid or 0)


def items_of(db: Database, issue_id: int) -> list[Row]:
    """The items of an issue in order, with ``adoptions``: how many drafts each is adopted from.

    Raises IssueError ``no_issue``.
    """
    _the_issue(raw(db), issue_id)
    sql = """
    SELECT item.id AS item_id, item.position, item.title, item.column_name, item.byline,
      item.characters, item.url, item.origin,
      (SELECT count(*) FROM event WHERE event.item_id = item.id AND event.kind = 'adopt'
        AND NOT EXISTS (SELECT 1 FROM event AS taken WHERE taken.undoes = event.id)) AS adoptions
    FROM printed_item AS item WHERE item.issue_id = ? ORDER BY item.position
    """
    return list(db.query(sql, [issue_id]))


def list_issues(db: Database) -> list[Row]:
    """Every issue, latest first, with ``items``, ``adoptions`` (of printed ones), ``waiting``.

    ``waiting`` counts proposals that an editor has not answered.
    """
    sql = """
    SELECT issue.id AS issue_id, outlet.name AS outlet, outlet.level, issue.year, issue.number,
      issue.published_on, issue.title, issue.state, issue.source,
      (SELECT count(*) FROM printed_item WHERE issue_id = issue.id) AS items,
      coalesce(counted.n, 0) AS adoptions, coalesce(asked.n, 0) AS waiting
    FROM issue
    JOIN outlet ON outlet.id = issue.outlet_id
    LEFT JOIN (SELECT issue_id, count(*) AS n FROM adoptions GROUP BY issue_id) AS counted
      ON counted.issue_id = issue.id
    LEFT JOIN (SELECT issue_id, count(*) AS n FROM proposals
      JOIN printed_item ON printed_item.id = proposals.item_id GROUP BY issue_id) AS asked
      ON asked.issue_id = issue.id
    ORDER BY issue.published_on IS NOT NULL, issue.published_on DESC, issue.id DESC
    """
    return list(db.query(sql))


def amend_issue(
    conn: sqlite3.Connection, issue_id: int, published_on: date, title: str | None
) -> None:
    """As :func:`mark_printed`, inside the caller's transaction; ``title`` None stays as it is."""
    year = _the_issue(conn, issue_id)
    _check_day(published_on, "printed")
    _check_year(year, published_on)
    conn.execute(
        "UPDATE issue SET published_on = ?, state = 'printed', title = coalesce(?, title)"
        " WHERE id = ?",
        (published_on.isoformat(), None if title is None else storable(title), issue_id),
    )


def _the_issue(conn: sqlite3.Connection, issue_id: int) -> int:
    """Year of an issue. Raises IssueError if there is none of this id."""
    found = conn.execute("SELECT year FROM issue WHERE id = ?", (issue_id,)).fetchone()
    if found is None:
        raise IssueError("no_issue", f"没有编号为{issue_id}的期；编号见 zugao issues。")
    return int(found[0])


def _of_number(
    conn: sqlite3.Connection, outlet_id: int, number: str, year: int | None
) -> tuple[int, str | None, str] | None:
    found: tuple[int, str | None, str] | None = conn.execute(
        "SELECT id, published_on, title FROM issue"
        " WHERE outlet_id = :outlet AND number = :number AND year = coalesce(:year, year)"
        " ORDER BY year DESC LIMIT 1",
        {"outlet": outlet_id, "number": number, "year": year},
    ).fetchone()
    return found


def _check_day(day: date | None, state: State) -> None:
    if day is None and state == "printed":
        raise IssueError("no_date", "没有写印发日期。")
    if day is not None and day > today():
        raise IssueError("future", f"印发日期{day}还没有到，请核对。")
    if day is not None and day.year < FIRST_YEAR:
        raise IssueError("too_early", f"印发日期{day}早于{FIRST_YEAR}年，请核对。")


def _check_year(year: int, day: date | None) -> None:
    # The last issue of a year may be printed in the next one's January, hardly later.
    if year < FIRST_YEAR or (day is not None and abs(day.year - year) > 1):
        raise IssueError("year", f"年份{year}与印发日期{day or ''}对不上。")
