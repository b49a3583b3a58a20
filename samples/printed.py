"""Sources of printed issues: which lines of which drafts each printed item was made from.

A source under ``samples/printed`` has TOML front matter (file, outlet, number, total, date,
bylines = "head" or "tail", contents) and then, item by item::

    @ 栏目
    # 刊发的标题
    ~ 署名
    ! verbatim            how it was made: verbatim, edited, half, merged, retitled, nowhere
    s 原来的字 -> 改成的字      for the lines taken in below
    <<< unit/slug 2-5     lines of a draft's source; ``unit/slug#2`` is its second piece
    原来就没有的一行

A list of published titles has lines ``- 标题 | 媒体 | 日期 | 署名 | unit/slug`` instead; an
empty last field is a title from nowhere. From the same lines follows the truth that
``benchmarks.matching`` measures against: an item's share of a draft is the share of its folded
characters on lines taken from that draft, edited or not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlp.text import fold
from samples.sources import Source, SourceError, picked, split, swapped

HOWS = ("verbatim", "edited", "half", "merged", "retitled", "nowhere", "listed")
_TAKE = re.compile(r"<<< (?P<key>[^#\s]+)(?:#(?P<piece>\d+))? (?P<ranges>[\d,-]+)$")


@dataclass(slots=True)
class Item:
    """A printed item and the truth about it."""

    title: str
    column: str = ""
    byline: str = ""
    how: str = "listed"
    outlet: str = ""  # of a list's line; an issue's items have that of the issue
    day: str = ""  # likewise
    lines: list[str] = field(default_factory=list)
    taken: dict[tuple[str, int], int] = field(default_factory=dict)  # (key, piece) → characters

    @property
    def shares(self) -> dict[tuple[str, int], float]:
        """(key of the source, piece) → share of the item; a listed title is its draft's whole."""
        total = sum(len(fold(line).text) for line in self.lines)
        return {key: count / total if total else 1.0 for key, count in self.taken.items()}


@dataclass(frozen=True, slots=True)
class Printed:
    """One issue or list."""

    file: str
    outlet: str
    number: str
    total: str
    date: str
    bylines: str
    contents: bool
    items: tuple[Item, ...]

    @property
    def format(self) -> str:
        """Suffix of the file that is built."""
        return self.file.rpartition(".")[2]


def load(root: Path, drafts: Sequence[Source]) -> list[Printed]:
    """All sources under ``root`` in the order of their names; raises ``SourceError``."""
    bodies = {source.key: source for source in drafts}
    return [_read(path, bodies) for path in sorted(root.glob("*.md"))]


def truth(issues: Sequence[Printed], drafts: Sequence[Source]) -> list[dict[str, Any]]:
    """Each item in order with its sources, by the place of the draft's file and its piece."""
    places = {s.key: f"{s.place} › {s.file}" if s.archive else s.place for s in drafts}
    return [
        {
            "file": issue.file,
            "position": position,
            "title": item.title,
            "how": item.how if item.taken else "nowhere",
            "sources": [
                {"place": places[key], "piece": piece, "share": round(share, 4)}
                for (key, piece), share in item.shares.items()
            ],
        }
        for issue in issues
        for position, item in enumerate(issue.items, start=1)
    ]


def _read(path: Path, bodies: Mapping[str, Source]) -> Printed:
    front, lines = split(path.read_text(encoding="utf-8"), path.stem)
    items: list[Item] = []
    column = ""
    swap: dict[str, str] = {}
    for line in lines:
        mark, _, rest = line.partition(" ")
        if mark == "@":
            column = rest
        elif mark == "#":
            items.append(Item(rest, column))
            swap = {}
        elif mark == "-":
            items.append(_listed(rest, path.stem, bodies))
        elif mark == "~":
            items[-1].byline = rest
        elif mark == "!":
            items[-1].how = rest
        elif mark == "s":
            before, _, after = rest.partition(" -> ")
            swap[before] = after
        elif mark == "<<<":
            _take(items[-1], line, swap, bodies, path.stem)
        else:
            items[-1].lines.append(line)
    _check(items, path.stem)
    return Printed(
        front["file"], front["outlet"], front.get("number", ""), front.get("total", ""),
        front.get("date", ""), front.get("bylines", ""), front.get("contents", False), tuple(items),
    )  # fmt: skip


def _take(
    item: Item, line: str, swap: Mapping[str, str], bodies: Mapping[str, Source], name: str
) -> None:
    found = _TAKE.match(line)
    if not found or found["key"] not in bodies:
        raise SourceError(f"{name}：看不懂或没有来源 {line}")
    origin = bodies[found["key"]].lines
    key = (found["key"], int(found["piece"] or 1))
    for number in picked(found["ranges"], len(origin), name):
        text = swapped(origin[number - 1], swap)
        item.lines.append(text)
        item.taken[key] = item.taken.get(key, 0) + len(fold(text).text)


def _listed(rest: str, name: str, bodies: Mapping[str, Source]) -> Item:
    title, outlet, day, byline, key = (cell.strip() for cell in rest.split("|"))
    if key and key not in bodies:
        raise SourceError(f"{name}：没有来源 {key}")
    return Item(title, "", byline, "listed", outlet, day, [], {(key, 1): 1} if key else {})


def _check(items: Sequence[Item], name: str) -> None:
    for item in items:
        if item.how not in HOWS or (item.how == "nowhere") != (not item.taken and bool(item.lines)):
            raise SourceError(f"{name}：《{item.title}》的做法“{item.how}”与来源不符")
