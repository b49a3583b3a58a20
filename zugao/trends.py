"""``zugao trends``: keywords that rise this period against the last, theme by theme."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.trends import Rising, rising
from zugao.console import Problem, safe
from zugao.settings import load_settings


@dataclass(frozen=True, slots=True)
class Trends:
    """What rose, between which days (half-open), and the names of the themes."""

    now: tuple[str, str]
    before: tuple[str, str]
    drafts: tuple[int, int]
    found: list[Rising]
    names: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The ``--json`` shape, documented in ``docs/commands.md``."""
        return {
            "now": list(self.now),
            "before": list(self.before),
            "drafts": list(self.drafts),
            "rising": [
                {**dataclasses.asdict(one), "name": self.names.get(one.theme, "")}
                for one in self.found
            ],
        }


def trends(home: Path, period: str, top: int) -> Trends:
    """Compare a period with the one of the same length before it. Raises Problem for a bad one."""
    from storage.connection import open_database
    from storage.periods import before, parse_period
    from storage.trends import theme_names, words_of

    try:
        now = parse_period(period)
    except ValueError as error:
        raise Problem(str(error)) from None
    last = before(now)
    db = open_database(load_settings(home).database, readonly=True)
    try:
        words, earlier = words_of(db, now), words_of(db, last)
        return Trends(
            (now.start.isoformat(), now.end.isoformat()),
            (last.start.isoformat(), last.end.isoformat()),
            (sum(words.drafts.values()), sum(earlier.drafts.values())),
            rising(words, earlier, top),
            theme_names(db),
        )
    finally:
        db.close()


def print_trends(found: Trends, period: str) -> None:
    """Print for people."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(
        f"[bold]{safe(period)} 上升的关键词[/]　"
        f"本期（{found.now[0]} 起）{found.drafts[0]} 篇，"
        f"上期（{found.before[0]} 起）{found.drafts[1]} 篇"
    )
    if not found.found:
        console.print("没有明显上升的关键词。")
    theme = ""
    for one in found.found:
        if one.theme != theme:
            theme = one.theme
            console.print(f"\n[bold]{theme} {safe(found.names.get(theme, ''))}[/]")
        console.print(
            f"  {safe(one.word)}　本期 {one.now}/{one.of_now} 篇，"
            f"上期 {one.before}/{one.of_before} 篇"
        )
