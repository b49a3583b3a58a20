"""``zugao thresholds``: the thresholds of reuse, and what others would do to the stored pairs."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from storage.connection import open_database
from storage.rejudge import Rejudged, rejudge
from zugao.console import Problem, safe
from zugao.reuse_settings import ReuseSettings
from zugao.settings import load_settings

EXAMPLES = 20
"""Changed pairs that a person is shown; ``--json`` has all."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The thresholds in force, those tried, and every stored pair under both."""

    now: ReuseSettings
    tried: ReuseSettings
    pairs: tuple[Rejudged, ...]

    @property
    def changed(self) -> list[Rejudged]:
        """Pairs with another kind."""
        return [pair for pair in self.pairs if pair.before != pair.after]

    def as_dict(self) -> dict[str, Any]:
        """The ``--json`` shape, documented in ``docs/commands.md``."""
        return {
            "now": self.now.model_dump(),
            "tried": self.tried.model_dump(),
            "pairs": len(self.pairs),
            "kinds": [
                {"kind": kind or None, "now": now, "tried": tried}
                for kind, now, tried in self.kinds()
            ],
            "changed": [dataclasses.asdict(pair) for pair in self.changed],
        }

    def kinds(self) -> list[tuple[str, int, int]]:
        """Kind, pairs now, pairs then; most first."""
        now = Counter(pair.before for pair in self.pairs)
        tried = Counter(pair.after for pair in self.pairs)
        return sorted(
            ((kind, now[kind], tried[kind]) for kind in now.keys() | tried.keys()),
            key=lambda row: (-row[1], -row[2], row[0]),
        )


def try_thresholds(
    home: Path, values: Mapping[str, float], report: Callable[[str, int, int], None]
) -> Tried:
    """Judge the stored pairs with the settings as they are and with ``values`` changed.

    Raises Problem for a value out of range.
    """
    settings = load_settings(home)
    now = settings.reuse
    try:
        tried = ReuseSettings(**{**now.model_dump(), **values})
    except ValidationError as error:
        names = "、".join(str(e["loc"][0]) if e["loc"] else "各项" for e in error.errors())
        raise Problem(f"{names} 的值不合适：比例在 0 到 1 之间，字数不小于 10。") from None
    db = open_database(settings.database, readonly=True)
    try:
        found = rejudge(db, now.rules(), tried.rules(), lambda n, total: report("重判", n, total))
        return Tried(now, tried, tuple(found))
    finally:
        db.close()


def print_tried(told: Tried) -> None:
    """Print for people."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(title="查重的判定线（zugao.toml 的 \\[reuse]）", title_justify="left")
    for heading in ("设置项", "现在", "试用", "说明"):
        table.add_column(heading, overflow="fold")
    for name, info in ReuseSettings.model_fields.items():
        now, tried = getattr(told.now, name), getattr(told.tried, name)
        shown = "" if now == tried else f"[bold red]{tried}[/]"
        table.add_row(name, str(now), shown, info.description)
    console.print(table)
    if told.now == told.tried:
        console.print(
            "用 --near 0.65 这样的选项试别的判定线，看库里的重稿对会怎样变；不会改动任何数据。"
        )
        return
    _print_changes(told, console)


def _print_changes(told: Tried, console: Any) -> None:
    from rich.table import Table

    table = Table("类别", "现在（对）", "试用（对）", title="库里的重稿对", title_justify="left")
    for kind, now, tried in told.kinds():
        table.add_row(
            kind or "不再提示", str(now), str(tried) if now == tried else f"[bold]{tried}[/]"
        )
    console.print(table)
    changed = told.changed
    console.print(f"{len(told.pairs)} 对中有 {len(changed)} 对的类别会变：")
    for pair in changed[:EXAMPLES]:
        console.print(
            f"  {pair.before or '不提示'} → {pair.after or '不再提示'}　"
            f"{pair.draft_a}《{safe(pair.title_a)}》{pair.cover_a:.0%} 与 "
            f"{pair.draft_b}《{safe(pair.title_b)}》{pair.cover_b:.0%}，{pair.shared_characters} 字"
        )
    if len(changed) > EXAMPLES:
        console.print(f"  ……其余 {len(changed) - EXAMPLES} 对见 --json")
    console.print(
        "只看库里已有的重稿对：放宽判定线才会出现的新对不在其中。要采用，改 zugao.toml 的 "
        "\\[reuse]，对以后收的稿生效；已入库的判定不改。",
        style="dim",
    )
