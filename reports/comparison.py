"""A comparison in words: who stands beside whom, what it is called, how much, which way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from nlp.comparison import Comparison, Match, Shared

DIRECTIONS: Final = {
    "a_to_b": "左稿在前，右稿在后",
    "b_to_a": "右稿在前，左稿在后",
    "": "先后无法判断",
}
NATURES: Final = {"quote": "引文", "stock": "套话"}
CHANGES: Final = {"name": "地名、单位、人名", "number": "数字、日期", "words": "字句"}
NOTHING: Final = "未见值得一提的重合"


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the texts compared, as it is presented to a reader."""

    label: str  # "第 12 号稿件" or the file's name
    title: str
    unit: str  # "" if unknown
    dated: str
    draft_id: int | None = None

    @property
    def heading(self) -> str:
        """Title, where it is from, when."""
        known = "　".join(part for part in (self.label, self.unit, self.dated) if part)
        return f"《{self.title or '无标题'}》　{known}"


@dataclass(frozen=True, slots=True)
class Page:
    """All that is shown: the comparison and the names of its texts."""

    comparison: Comparison
    draft: Piece
    sources: tuple[Piece, ...]  # in the order of ``comparison.matches``

    @property
    def several(self) -> bool:
        """Whether more than one source stands on the right."""
        return len(self.sources) > 1


def page(comparison: Comparison, draft: Piece, sources: Sequence[Piece]) -> Page:
    """Put names to the texts; ``sources`` as they were given to ``nlp.comparison.compare``."""
    return Page(comparison, draft, tuple(sources[place] for place in comparison.order))


def numeral(number: int) -> str:
    """① … ㊿, then (51)."""
    for first, last, code in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(code + number - first)
    return f"({number})"


def tag(shared: Shared) -> str:
    """What stands before a shared passage: its number, or why it does not count."""
    return numeral(shared.number) if shared.number else NATURES[shared.passage.nature]


def verdict_lines(match: Match) -> list[str]:
    """The verdict on one source, in a few clauses."""
    v = match.verdict
    if not v.passages:
        return [NOTHING]
    lines = [
        f"{v.kind or NOTHING}：左稿的 {v.cover_a:.0%}、右稿的 {v.cover_b:.0%} 相同，"
        f"共 {v.shared:,} 字，最长一段 {v.longest:,} 字；{DIRECTIONS[v.direction]}"
    ]
    if v.discounted:
        lines.append(f"另有 {v.discounted:,} 字相同，属引文或套话，不计在内")
    changed: Counter[str] = Counter(
        change.kind for shared in match.shared for change in shared.changes
    )
    if changed:
        told = "，".join(f"{CHANGES[kind]} {changed[kind]} 处" for kind in CHANGES if changed[kind])
        lines.append(f"相同段落内的改动：{told}")
    return lines


def as_dict(shown: Page) -> dict[str, Any]:
    """The ``--json`` shape of ``zugao compare``, documented in ``docs/commands.md``."""
    return {
        "draft": _piece(shown.draft, shown.comparison.draft.text),
        "sources": [
            _piece(piece, match.source.text) | _match(shown.comparison.draft.text, match)
            for piece, match in zip(shown.sources, shown.comparison.matches, strict=True)
        ],
    }


def _piece(piece: Piece, text: str) -> dict[str, Any]:
    return {
        "draft_id": piece.draft_id,
        "label": piece.label,
        "title": piece.title,
        "unit": piece.unit or None,
        "dated": piece.dated or None,
        "text": text,
    }


def _match(text: str, match: Match) -> dict[str, Any]:
    v = match.verdict
    return {
        "kind": v.kind or None,
        "cover": round(v.cover_a, 4),
        "source_cover": round(v.cover_b, 4),
        "shared_characters": v.shared,
        "discounted_characters": v.discounted,
        "longest": v.longest,
        "direction": {"a_to_b": "given", "b_to_a": "taken", "": ""}[v.direction],
        "passages": [_passage(text, match.source.text, shared) for shared in match.shared],
    }


def _passage(text: str, source: str, shared: Shared) -> dict[str, Any]:
    return {
        "number": shared.number or None,
        "nature": shared.passage.nature,
        "start": shared.passage.a_start,
        "end": shared.passage.a_end,
        "source_start": shared.passage.b_start,
        "source_end": shared.passage.b_end,
        "changes": [
            change._asdict()
            | {
                "text": text[change.start : change.end],
                "source_text": source[change.source_start : change.source_end],
            }
            for change in shared.changes
        ],
    }
