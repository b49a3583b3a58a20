"""Draft sources: a UTF-8 text file with TOML front matter, one draft (or compilation) a file.

A source looks like this; ``samples/README.md`` explains every key::

    +++
    file = "…….docx"
    unit = "临溪县委组织部"
    shows = ["A2", "经验", "auto_numbers"]
    note = "…"
    +++
    # 标题
    正文一段一行

A body line ``<<< unit/slug`` takes in the lines of another source, ``<<< unit/slug 1-4,7`` only
some of them (counted from 1, the title first), each with the replacements of ``swap``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FENCE = "+++"
INCLUDE = re.compile(r"<<< (?P<key>\S+)(?: (?P<ranges>[\d,-]+))?$")
LOOKS = ("office", "styled", "plain")
FORMATS = ("docx", "doc", "rtf")


class SourceError(ValueError):
    """A source that cannot be built; the message names the file and says why."""


@dataclass(frozen=True, slots=True)
class Word:
    """How the Word file is made."""

    look: str = "office"  # "office": direct formatting; "styled": named styles; "plain": neither
    auto_numbers: bool = False  # typed 一、（一）1. become Word's automatic numbers
    tracked: bool = False  # {++…++} and {--…--} become tracked insertions and deletions
    format: str = "docx"  # "doc" and "rtf" are converted by LibreOffice


@dataclass(frozen=True, slots=True)
class Source:
    """One source with its body lines, includes already expanded."""

    key: str  # "unit folder/slug"
    file: str  # file name in the inbox
    unit: str
    shows: tuple[str, ...]  # aspect code, genre, features
    note: str
    lines: tuple[str, ...]
    folder: str = ""  # folder in the inbox; "" = the inbox itself
    archive: str = ""  # name of the zip in the inbox that holds the file, "" = none
    word: Word = field(default_factory=Word)

    @property
    def place(self) -> str:
        """Where the file lies, relative to the inbox (in an archive: the archive's place)."""
        return "/".join(part for part in (self.folder, self.archive or self.file) if part)


def load(root: Path) -> list[Source]:
    """All sources under ``root`` in the order of their keys; raises ``SourceError``."""
    raw: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for path in sorted(root.glob("*/*.md"), key=lambda p: p.as_posix()):
        key = f"{path.parent.name}/{path.stem}"
        raw[key] = split(path.read_text(encoding="utf-8"), key)
    bodies = {key: body for key, (_, body) in raw.items()}
    return [_source(key, front, bodies) for key, (front, _) in raw.items()]


def split(text: str, key: str) -> tuple[dict[str, Any], list[str]]:
    """Front matter and non-empty body lines of a source text."""
    head, fence, rest = text.removeprefix("\ufeff").partition(FENCE + "\n")
    front, closing, body = rest.partition("\n" + FENCE + "\n")
    if head.strip() or not fence or not closing:
        raise SourceError(f"{key}：开头须是用 +++ 包起来的说明")
    try:
        values = tomllib.loads(front)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{key}：说明不是合格的TOML（{error}）") from error
    return values, [line.strip() for line in body.splitlines() if line.strip()]


def _source(key: str, front: dict[str, Any], bodies: Mapping[str, list[str]]) -> Source:
    missing = [name for name in ("file", "unit", "shows", "note") if not front.get(name)]
    known = {"file", "unit", "shows", "note", "folder", "archive", "swap", "word"}
    strange = sorted(set(front) - known)
    if missing or strange:
        raise SourceError(f"{key}：缺少{missing}，不认识{strange}")
    word = Word(**front.get("word", {}))
    if word.look not in LOOKS or word.format not in FORMATS:
        raise SourceError(f"{key}：look 只能是{LOOKS}，format 只能是{FORMATS}")
    lines = tuple(_expand(key, bodies, front.get("swap", {})))
    if not lines or not lines[0].startswith("# "):
        raise SourceError(f"{key}：正文第一行须是“# 标题”")
    return Source(
        key=key,
        file=front["file"],
        unit=front["unit"],
        shows=tuple(front["shows"]),
        note=front["note"],
        lines=lines,
        folder=front.get("folder", front["unit"]),
        archive=front.get("archive", ""),
        word=word,
    )


def _expand(key: str, bodies: Mapping[str, list[str]], swap: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for line in bodies[key]:
        if found := INCLUDE.match(line):
            lines += [swapped(taken, swap) for taken in _taken(key, found, bodies)]
        else:
            lines.append(line)
    return lines


def _taken(key: str, found: re.Match[str], bodies: Mapping[str, list[str]]) -> list[str]:
    origin = bodies.get(found["key"])
    if origin is None:
        raise SourceError(f"{key}：没有来源 {found['key']}")
    if any(INCLUDE.match(line) for line in origin):
        raise SourceError(f"{key}：{found['key']} 自己也引用别处，不能再被引用")
    return [origin[number - 1] for number in picked(found["ranges"], len(origin), key)]


def picked(ranges: str | None, count: int, key: str) -> list[int]:
    """Line numbers that ``"1-4,7"`` names, of ``count`` lines; None names all of them."""
    if ranges is None:
        return list(range(1, count + 1))
    numbers: list[int] = []
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    if not numbers or min(numbers) < 1 or max(numbers) > count:
        raise SourceError(f"{key}：引用的行 {ranges} 超出来源的{count}行")
    return numbers


def swapped(line: str, swap: Mapping[str, str]) -> str:
    """``line`` with every key of ``swap`` replaced at once, the longest key first.

    At once, so that a replacement is never replaced again (甲→乙, 乙→丙 leaves 乙 for 甲).
    """
    if not swap:
        return line
    keys = sorted(swap, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, keys)), lambda found: swap[found[0]], line)
