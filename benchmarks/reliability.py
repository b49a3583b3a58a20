"""The long runs of docs/reliability.md: one line a claim, printed and put into the page."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reliability.md"


@dataclass(frozen=True, slots=True)
class Line:
    """What was tried and what came of it."""

    tried: str
    figure: str


def report(name: str, lines: list[Line], *, write: bool) -> None:
    """Print the lines as rows of a table; with ``write`` put them into the page.

    They go between ``<!-- name -->`` and ``<!-- /name -->``. SystemExit if the marks are missing.
    """
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    rows = [f"| {line.tried} | {line.figure} | {today} |" for line in lines]
    text = "\n".join(["| what | figure | date |", "|---|---|---|", *rows])
    print(text)
    if not write:
        return
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    page = PAGE.read_text("utf-8")
    if begin not in page or end not in page:
        raise SystemExit(f"docs/reliability.md has no marks for {name}")
    head, _, rest = page.partition(begin)
    tail = rest.partition(end)[2]
    PAGE.write_text(f"{head}{begin}\n{text}\n{end}{tail}", "utf-8")
