"""The summary of one run: its figures, its sentences and its Markdown; no terminal, no Word."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nlp.types import Refusal
from storage.questions import Row, RunSummary
from word.reasons import sentence

UNIT_COLUMNS = ("组别", "单位", "稿件", "字数", "超长", "重稿")
THEME_COLUMNS = ("大类", "主题", "稿件", "平均把握")


@dataclass(frozen=True, slots=True)
class Summary:
    """A run's figures from the database, and what only the run itself saw."""

    facts: RunSummary
    found: int  # files in the inbox
    moving: tuple[str, ...]  # files left for the next run, still being written
    seconds: float
    notices: tuple[str, ...] = ()  # sentences about the run itself

    @property
    def refused(self) -> bool:
        """Whether any file was refused in this run."""
        return bool(self.facts.refused)

    def as_dict(self) -> dict[str, Any]:
        """The ``--json`` shape of ``zugao run``, documented in ``docs/commands.md``."""
        told = dataclasses.asdict(self.facts)
        for row in told["refused"]:
            row["sentence"] = refusal_sentence(row)
        return {
            "found": self.found,
            "moving": list(self.moving),
            "notices": list(self.notices),
            "seconds": round(self.seconds, 3),
            **told,
        }


def headline(summary: Summary) -> str:
    """One sentence: what came in, what came of it."""
    facts = summary.facts
    packed = f"，从压缩包取出 {facts.unpacked} 个" if facts.unpacked else ""
    parts = [f"收件箱里有文件 {summary.found} 个，新收 {facts.new} 个{packed}"]
    parts.append(f"读出 {facts.read} 个，得稿件 {facts.drafts} 篇、{facts.characters:,} 字")
    if facts.refused:
        parts.append(f"退回 {len(facts.refused)} 个")
    if summary.moving:
        parts.append(f"仍在写入、下次再收 {len(summary.moving)} 个")
    return "；".join(parts) + f"。用时 {summary.seconds:.1f} 秒。"


def unit_cells(row: Row) -> tuple[str, ...]:
    """One unit's line of the table ``UNIT_COLUMNS``."""
    return (
        str(row["unit_group"] or "未分组"),
        str(row["unit"] or "（不在单位表里）"),
        str(row["drafts"]),
        f"{row['characters']:,}",
        str(row["overlong"] or "-"),
        str(row["duplicates"] or "-"),
    )


def theme_cells(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The lines of the table ``THEME_COLUMNS``, by code; each category named once."""
    known = sorted((r for r in rows if r["code"] is not None), key=lambda r: str(r["code"]))
    cells: list[tuple[str, ...]] = []
    category = ""
    for row in known:
        shown = "" if row["category"] == category else str(row["category"])
        category = str(row["category"])
        by_people = row["mean_probability"] is None  # by people, every one of them
        mean = "人定" if by_people else f"{float(str(row['mean_probability'])):.0%}"
        cells.append((shown, f"{row['code']} {row['name']}", str(row["drafts"]), mean))
    cells += [("", "无法判断", str(r["drafts"]), "—") for r in rows if r["code"] is None]
    return cells


def refusal_sentence(row: Row) -> str:
    """What happened to a refused file and what to do, for people."""
    said = sentence(Refusal(str(row["reason"]), str(row["detail"])), str(row["name"]))
    return said + ("稍后会自动再试。" if row["postponed"] else "")


def markdown(summary: Summary) -> str:
    """The summary as Markdown, for a Prefect artifact."""
    facts = summary.facts
    lines = [f"# 收稿汇总（第 {facts.run['id']} 次）", "", headline(summary), ""]
    lines += [f"> {_plain(notice)}\n" for notice in summary.notices]
    lines += _table(UNIT_COLUMNS, [unit_cells(row) for row in facts.units])
    lines += _table(THEME_COLUMNS, theme_cells(facts.themes))
    if facts.focus:
        topics = "；".join(f"{_plain(row['name'])} {row['drafts']} 篇" for row in facts.focus)
        lines += [f"报送重点：{topics}", ""]
    if facts.pairs:
        lines += ["## 重稿", ""]
        lines += [
            f"- {p['kind']} {float(str(p['cover'])):.0%}："
            f"{_numbered(p['draft_a'])}《{_plain(p['title_a'])}》"
            f"与第 {p['draft_b']} 号《{_plain(p['title_b'])}》"
            for p in facts.pairs
        ]
        lines.append("")
    if facts.refused:
        lines += ["## 退回的文件", ""]
        lines += [f"- {_plain(refusal_sentence(row))}" for row in facts.refused]
        lines.append("")
    return "\n".join(lines)


def _numbered(draft: object) -> str:
    """A draft by its number; of a printed item, which has none, where it stands."""
    return "刊发的" if draft is None else f"第 {draft} 号"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(_plain(cell) for cell in row) + " |" for row in rows]
    return [*lines, ""]


def _plain(text: object) -> str:
    """Text of strangers inside Markdown: no markup, no HTML."""
    shown = "".join(c if c.isprintable() else " " for c in str(text))
    for mark in "\\`*_[]<>|#":
        shown = shown.replace(mark, "\\" + mark)
    return shown
