"""``zugao show``: everything known of one draft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reports.event_words import line
from zugao.lengths import as_rows, sentences
from zugao.settings import load_settings

DECISIONS = {"accept": "同意", "correct": "改正", "return": "退稿", "adopt": "采用", "undo": "撤销"}
SEVERITIES = {"error": "red", "warn": "yellow", "info": "dim"}


def facts(home: Path, draft_id: int) -> dict[str, Any] | None:
    """What the store knows of a draft, what became of it, which outlets it fits; None = no such."""
    from storage.clusters import origins
    from storage.connection import open_database
    from storage.facts import draft_facts
    from storage.histories import draft_history
    from storage.outlet_lengths import outlet_lengths

    db = open_database(load_settings(home).database, readonly=True)
    try:
        found = draft_facts(db, draft_id)
        if found is None:
            return None
        outlets = as_rows(outlet_lengths(db), int(str(found["characters"])))
        events = draft_history(db, draft_id)
        return found | origins(db, draft_id) | {"outlets": outlets, "events": events}
    finally:
        db.close()


def print_draft(found: dict[str, Any], *, with_text: bool) -> None:
    """Print for people."""
    from rich.console import Console

    from zugao.console import safe

    console = Console(highlight=False)
    console.print(f"[bold]{safe(found['title'] or '（无标题）')}[/]")
    if found["subtitle"]:
        console.print(safe(found["subtitle"]))
    for name, value in _lines(found):
        console.print(f"[dim]{name}[/]　{safe(value)}")
    for heading, lines in (
        ("主题", _themes(found)),
        ("标记", _flags(found)),
        ("重稿", [*_pairs(found), *_origins(found)]),
        ("审核意见", _decisions(found)),
        ("采用和成果", _events(found)),
        ("经过", _history(found)),
    ):
        if lines:
            console.print(f"\n[bold]{heading}[/]")
            for colour, line in lines:
                console.print(f"  {safe(line)}", style=colour)
    if with_text:
        console.print("\n[bold]全文[/]")
        for line in found["text"].split("\n"):
            console.print(safe(line))


def _lines(found: dict[str, Any]) -> list[tuple[str, str]]:
    unit = found["unit"] or f"不在单位表里（来自“{found['unit_given'] or found['file_name']}”）"
    people = {"作者": found["author"], "签发": found["signer"], "电话": found["phone"]}
    lines = [
        ("单位", unit + (f"（{found['unit_group']}）" if found["unit_group"] else "")),
        (
            "字数",
            f"{found['characters']}　成文 {found['dated'] or '未写'}　收稿 {found['received_on']}",
        ),
        ("体裁", _genre(found)),
        ("文件", f"{found['file_name']}（{found['format']}，第 {found['position']} 篇）"),
    ]
    unfit = "".join(sentences(found["outlets"], found["characters"]))
    if unfit:
        lines.append(("刊物字数", unfit))
    named = "　".join(f"{name}：{value}" for name, value in people.items() if value)
    if named:
        lines.append(("署名", named))
    if found["attachments"]:
        lines.append(("附件", "、".join(found["attachments"])))
    topics = [
        f"{tag['code']}（{tag['probability']:.0%}）"
        for tag in found["tags"]
        if tag["kind"] == "focus"
    ]
    if topics:
        lines.append(("报送重点", "、".join(topics)))
    keywords = [tag["code"] for tag in found["tags"] if tag["kind"] == "keyword"]
    if keywords:
        lines.append(("关键词", "、".join(keywords)))
    notices = [notice["message"] for notice in found["notices"]]
    if notices:
        lines.append(("读稿提示", "；".join(notices)))
    return lines


def _themes(found: dict[str, Any]) -> list[tuple[str, str]]:
    themes = [tag for tag in found["tags"] if tag["kind"] == "theme"]
    lines = []
    for tag in themes:
        words = "、".join(str(term[0]) for term in tag["terms"])
        role = "主要" if tag["rank"] == 1 else "次要"
        because = f"，依据：{words}" if words else ""
        sure = "人定" if tag["source"] == "editor" else f"把握 {tag['probability']:.0%}"
        lines.append(("", f"{role}　{tag['code']} {tag['name']}（{sure}{because}）"))
    if not themes:
        near = [tag for tag in found["tags"] if tag["kind"] == "nearest"][:2]
        named = "、".join(f"{t['code']} {t['name']} {t['probability']:.0%}" for t in near)
        lines.append(("yellow", "无法判断" + (f"，最接近：{named}" if named else "")))
    return lines


def _genre(found: dict[str, Any]) -> str:
    by_people = any(t["kind"] == "genre" and t["source"] == "editor" for t in found["tags"])
    sure = "人定" if by_people else f"把握 {found['genre_probability']:.0%}"
    return f"{found['genre']}（{sure}）"


def _decisions(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Every decision in order; those that no longer hold are dim."""
    lines = []
    for said in found["decisions"]:
        what = said["theme_code"] and f"{said['theme_code']} {said['theme']}"
        parts = [
            f"{said['decided']}　{said['who'] or '未署名'}　{DECISIONS[said['kind']]}",
            f"：{what}" if what else "",
            f"，次要 {'、'.join(said['secondary'])}" if said["secondary"] else "",
            f"，体裁 {said['genre']}" if said["genre"] else "",
            f"（{said['note']}）" if said["note"] else "",
        ]
        lines.append(("" if said["holds"] else "dim", "".join(parts)))
    return lines


def _events(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Adoption, instructions and the like that hold; what was taken back is in ``zugao events``."""
    return [
        ("", f"{line(row, with_draft=False)}　〔{row['event_id']}〕")
        for row in found["events"]
        if row["holds"]
    ]


def _flags(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(SEVERITIES[flag["severity"]], flag["message"]) for flag in found["flags"]]


def _pairs(found: dict[str, Any]) -> list[tuple[str, str]]:
    lines = []
    for pair in found["pairs"]:
        unit = pair["other_unit"] or "不在单位表里"
        lines.append(
            (
                "",
                f"{pair['kind']}　与第 {pair['other_id']} 号《{pair['other_title']}》（{unit}）："
                f"本稿 {pair['cover']:.0%} 相同，对方 {pair['other_cover']:.0%}，"
                f"共 {pair['shared_characters']} 字",
            )
        )
    return lines


def _origins(found: dict[str, Any]) -> list[tuple[str, str]]:
    lines = []
    if cluster := found["cluster"]:
        unit = cluster["earliest_unit"] or "不在单位表里"
        earliest = f"第 {cluster['earliest_draft_id']} 号《{cluster['earliest_title']}》（{unit}）"
        lines.append(("", f"同一篇共 {cluster['size']} 稿，最早的是{earliest}"))
    shares: dict[str, float] = {}
    for source in found["merged_from"]:
        unit = source["source_unit"] or "不在单位表里"
        shares[unit] = shares.get(unit, 0.0) + source["share"]
    if shares:
        told = "，".join(f"{unit} {share:.0%}" for unit, share in shares.items())
        lines.append(("", f"合并稿，各单位所占：{told}"))
    return lines


def _history(found: dict[str, Any]) -> list[tuple[str, str]]:
    names = {
        "received": "收到",
        "read": "读出",
        "refused": "退回",
        "postponed": "暂缓",
        "released": "重新处理",
    }
    return [
        ("dim", f"{local(e['at'])} {names.get(e['kind'], e['kind'])}") for e in found["history"]
    ]


def local(stamp: str) -> str:
    """A stored UTC time as the office reads it (Asia/Shanghai, no summer time since 1991)."""
    import datetime

    shown = datetime.datetime.fromisoformat(stamp).astimezone(
        datetime.timezone(datetime.timedelta(hours=8))
    )
    return shown.strftime("%Y-%m-%d %H:%M:%S")
