"""What became of drafts, in words: an event in one line, why an adoption is proposed."""

from __future__ import annotations

from typing import Any

from nlp.match_types import WARNINGS as MATCH_WARNINGS
from storage.event_log import EVENT_NAMES, WARNINGS

Row = dict[str, Any]


def line(row: Row, *, with_draft: bool = True) -> str:
    """An event in words: what, of which draft, where, when, by whom; then what is odd about it."""
    parts = [EVENT_NAMES[row["kind"]], *_what(row, with_draft=with_draft)]
    if row["note"]:
        parts.append(f"“{row['note']}”")
    if row["who"]:
        parts.append(f"（{row['who']}记）")
    odd = "；".join(WARNINGS[code] for code in row["warnings"])
    return "　".join(part for part in parts if part) + (f"　注意：{odd}" if odd else "")


def reasons(row: Row) -> str:
    """Why a match is proposed, in words."""
    evidence = row["evidence"]
    parts = [f"把握 {row['confidence']:.0%}"]
    if "shared" in evidence:
        parts += [
            f"条目的 {row['share']:.0%} 来自这篇",
            f"这篇用了 {row['used']:.0%}",
            f"相同 {evidence['shared']} 字，最长一段 {evidence['longest']} 字",
        ]
    parts.append(f"标题相似 {evidence['title']:.0%}")
    if evidence.get("reprint_of"):
        parts.append(f"与第 {evidence['reprint_of']} 号条目同题")
    if evidence["named"]:
        parts.append("署名是这个单位")
    if evidence["why"]:
        parts.append(evidence["why"])
    for name, key in (("同稿还有", "versions"), ("也像", "rivals")):
        if evidence[key]:
            parts.append(f"{name}第 {'、'.join(map(str, evidence[key]))} 号")
    parts += [f"注意：{MATCH_WARNINGS.get(code, code)}" for code in row["warnings"]]
    return "；".join(parts)


def _what(row: Row, *, with_draft: bool) -> list[str]:
    draft = ""
    if with_draft and row["draft_id"] is not None:
        unit = row["unit"] or "单位不明"
        draft = f"第 {row['draft_id']} 号《{row['draft_title']}》（{unit}）"
    unit_only = (row["unit"] or "") if row["draft_id"] is None else ""
    day = row["happened_on"] or ""
    level = f"（{row['level']}）" if row["level"] else ""
    match row["kind"]:
        case "adopt":
            share = "" if row["share"] == 1 else f"占 {row['share']:.0%}"
            return [draft, place(row), row["form"], share]
        case "reject":
            return [draft, place(row)]
        case "pre_adopt":
            return [draft, f"拟用于{row['outlet']}" if row["outlet"] else "", day]
        case "instruction":
            where = place(row) if row["item_id"] is not None else ""
            return [f"{row['person']}{level}", draft or where, day]
        case "outcome":
            return [draft, f"{row['form']}{level}", _titled(row), day]
        case "commission":
            return [unit_only, _titled(row), f"{day} 约，{row['due_on']} 前交"]
        case "delivery":
            return [f"第 {row['refers_to']} 号约稿", draft or unit_only, day]
        case "topic":
            due = f"{row['due_on']} 前完成" if row["due_on"] else ""
            return [unit_only, _titled(row), row["form"], row["person"], day, due]
        case "topic_stage":
            return [f"第 {row['refers_to']} 号课题", unit_only, row["form"], row["title"], day]
        case "fault":
            return [unit_only or draft, row["form"], row["severity"], day]
        case "bonus":
            return [unit_only or draft, f"{row['points']:+g} 分", day]
        case _:
            return [f"第 {row['undoes']} 号记录"]


def place(row: Row) -> str:
    """Where an item was printed: outlet, issue, level, day and its title."""
    number = row["issue_number"] or ""
    issue = (
        "" if number == row["published_on"] else f"第 {number} 期" if number.isdecimal() else number
    )
    state = row["published_on"] or "还没有印发"
    return f"{row['outlet']}{issue}（{row['level']}，{state}）《{row['printed_title']}》"


def _titled(row: Row) -> str:
    return f"《{row['title']}》" if row["title"] else ""
