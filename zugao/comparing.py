"""``zugao compare``: stored drafts or files side by side."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nlp.comparison import Line, compare, rows
from nlp.reuse import RULES, Side, side
from nlp.types import Draft
from reports.comparison import CHANGES, Page, Piece, numeral, page, verdict_lines
from storage.connection import Database, open_database, raw
from storage.errors import why
from storage.facts import draft_facts
from storage.reuse import common_to_many
from storage.sides import stored_draft
from storage.units import load_units
from zugao.console import Problem, safe
from zugao.settings import FILE_NAME, load_settings

if TYPE_CHECKING:
    from rich.text import Text

WIDTH: Final = 100
"""Columns of a terminal that the two texts may take together."""

_STYLES: Final = {
    "": "",
    "reuse": "black on bright_yellow",
    "quote": "dim italic",
    "stock": "dim italic",
    "name": "bold white on red",
    "number": "bold white on red",
    "words": "black on bright_cyan",
}


def compare_texts(home: Path, given: Sequence[str]) -> Page:
    """Compare the first text of ``given`` with the others; numbers are stored drafts.

    Files are read as a run would read them; ``file#2`` is the second draft of a file that holds
    several, the file alone all of it. Raises Problem where a text is not to be had.
    """
    with ExitStack() as stack:
        stored = [one for one in given if one.isdecimal() and not Path(one).is_file()]
        db, rules = None, RULES
        if stored or (home / FILE_NAME).exists():
            settings = load_settings(home)
            db, rules = open_database(settings.database, readonly=True), settings.reuse.rules()
            stack.callback(db.close)
        found = [_stored(db, int(one)) if one in stored and db else _read(db, one) for one in given]
        pieces = [piece for piece, _ in found]
        sides = [known for _, known in found]
        if len(stored) < len(given):  # a file has not arrived: only date lines tell who was first
            sides = [replace(known, arrival=0) for known in sides]
        comparison = compare(sides[0], sides[1:], common_to_many(db, sides), rules)
        return page(comparison, pieces[0], pieces[1:])


def _stored(db: Database, draft_id: int) -> tuple[Piece, Side]:
    facts = draft_facts(db, draft_id)
    if facts is None:
        raise Problem(f"没有第 {draft_id} 号稿件；编号见汇总、export 的 id 列。")
    draft, unit, run = stored_draft(raw(db), draft_id)
    given = str(facts["unit"] or facts["unit_given"] or "")
    piece = Piece(f"第 {draft_id} 号稿件", draft.title, given, draft.dated, draft_id)
    return piece, side(draft, unit=unit, arrival=run)


def _read(db: Database | None, given: str) -> tuple[Piece, Side]:
    from word.reasons import sentence
    from zugao.reading import read_one

    file, number = _place(given)
    if not file.is_file():
        raise Problem(f"没有文件 {given}；库里的稿件用编号，例：zugao compare 12 {file.name}")
    seen = read_one(file)
    if seen.refusal is not None:
        raise Problem(sentence(seen.refusal, file.name))
    draft = _chosen(seen.drafts, number, file)
    unit: int | str | None = draft.unit or None
    if db is not None and draft.unit:
        unit = load_units(db).named(draft.unit) or draft.unit
    return Piece(file.name, draft.title, draft.unit, draft.dated), side(draft, unit=unit)


def _place(given: str) -> tuple[Path, int]:
    """File and number of the draft in it, 0 for all of it."""
    name, mark, number = given.rpartition("#")
    if mark and number.isdecimal() and not Path(given).is_file():
        return Path(name), int(number)
    return Path(given), 0


def _chosen(drafts: Sequence[Draft], number: int, file: Path) -> Draft:
    if not drafts:
        raise Problem(f"{file.name} 里没有文字，无法对照。")
    if number > len(drafts):
        raise Problem(f"{file.name} 里只有 {len(drafts)} 篇稿件，没有第 {number} 篇。")
    if number or len(drafts) == 1:
        return drafts[max(0, number - 1)]
    whole = tuple(paragraph for draft in drafts for paragraph in draft.paragraphs)
    return Draft(1, file.stem, whole, unit=drafts[0].unit, dated=drafts[0].dated)


def write_comparison(shown: Page, *, html: Path | None, word: Path | None) -> list[Path]:
    """Write the page in the forms that are wanted; returns the files written."""
    from reports.comparison_html import html_page
    from reports.comparison_word import write_word

    try:
        if html:
            html.write_text(html_page(shown), encoding="utf-8", errors="replace")
        if word:
            write_word(shown, word)
    except OSError as error:
        raise Problem(f"写不了文件（{why(error)}），请换个位置或先关闭打开着的文件。") from None
    return [file for file in (html, word) if file]


def print_comparison(shown: Page) -> None:
    """Print for people, at most ``WIDTH`` columns."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    width = min(WIDTH, console.width)
    console.width = width
    for piece, match in zip(shown.sources, shown.comparison.matches, strict=True):
        first, *others = verdict_lines(match)
        if shown.several:
            console.print(f"[bold]{safe(piece.heading)}[/]")
        console.print(f"[bold]{safe(first)}[/]")
        for line in others:
            console.print(safe(line))
    console.print(
        Text.assemble(
            ("相同", _STYLES["reuse"]), "　",
            (f"改动的{CHANGES['name']}、{CHANGES['number']}", _STYLES["name"]), "　",
            ("其他改动", _STYLES["words"]), "　", ("引文、套话（不计）", _STYLES["quote"]),
        )
    )  # fmt: skip
    table = Table(width=width, show_lines=True)
    right = "各篇来源" if shown.several else shown.sources[0].heading
    for heading in (shown.draft.heading, right):
        table.add_column(Text(safe_plain(heading)), ratio=1, overflow="fold")
    met: set[tuple[int, int]] = set()
    for row in rows(shown.comparison):
        if shown.several and row.opens is not None:
            table.add_row("", Text(safe_plain(shown.sources[row.opens].heading), style="bold"))
        table.add_row(_text(row.draft, 0, met), _text(row.source, 1, met))
    console.print(table)


def _text(line: Line | None, column: int, met: set[tuple[int, int]]) -> Text:
    from rich.text import Text

    text = Text()
    for piece in line or ():
        if piece.number and (column, piece.number) not in met:
            met.add((column, piece.number))
            text.append(numeral(piece.number), style="bold")
        text.append(safe_plain(piece.text), style=_STYLES[piece.mark])
    return text


def safe_plain(text: str) -> str:
    """Text of strangers without a terminal's control codes."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
