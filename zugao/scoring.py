"""``zugao rules`` and ``zugao points``: rule profiles, and the ledger with its arithmetic."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from points.profile import Profile, profile_bytes, read_profile
from points.ready import ready_profiles
from storage.connection import Database, open_database
from storage.errors import why
from zugao.console import Problem, safe
from zugao.settings import load_settings

SECTIONS = ("adoption", "instruction", "outcome", "commission", "topic", "fault", "period")


def profile_text(given: Path) -> str:
    """The text of a profile file, or of a ready one by its short name.

    Raises Problem for a file that cannot be read, ProfileError for one that is not UTF-8.
    """
    ready = ready_profiles()
    if str(given) in ready and not given.exists():
        return ready[str(given)]
    try:
        return profile_bytes(given.read_bytes())
    except OSError as error:
        names = "、".join(ready)
        raise Problem(
            f"计分办法文件 {given} 读不了（{why(error)}）；随组稿提供的有：{names}。"
        ) from None


def summary(profile: Profile) -> dict[str, Any]:
    """What a profile is, as ``rules check`` and ``rules add`` tell it."""
    counts = {kind: len(getattr(profile, kind).rules) for kind in SECTIONS}
    return {
        "name": profile.name,
        "version": profile.version,
        "valid_from": profile.valid_from.isoformat(),
        "valid_to": profile.valid_to.isoformat() if profile.valid_to else None,
        "note": profile.note,
        "rules": {kind: count for kind, count in counts.items() if count},
    }


def sentence(told: dict[str, Any]) -> str:
    """The same in words."""
    until = f"到{told['valid_to']}前" if told["valid_to"] else "起"
    count = sum(told["rules"].values())
    return f"“{told['name']}”版本{told['version']}，{told['valid_from']}{until}适用，{count}条规则"


def add(home: Path, given: Path, who: str) -> dict[str, Any]:
    """Add a profile to the database. Raises ProfileError, Problem."""
    from storage.profiles import add_profile

    text = profile_text(given)
    db = _open(home)
    try:
        return {"profile_id": add_profile(db, text, who=who), **summary(read_profile(text))}
    finally:
        db.close()


def listed(home: Path) -> list[dict[str, Any]]:
    """The versions in the database, each with the day on which it ends because of the next."""
    from storage.profiles import profiles

    db = open_database(load_settings(home).database, readonly=True)
    try:
        return [{"profile_id": one.id, **summary(one.rules)} for one in profiles(db)]
    finally:
        db.close()


def text_of(home: Path, name: str, version: str) -> str:
    """The whole text of a stored version (the latest if none is named), or of a ready profile.

    Raises ProfileError.
    """
    from storage.profiles import named

    if name in ready_profiles():
        return ready_profiles()[name]
    db = open_database(load_settings(home).database, readonly=True)
    try:
        found = [one for one in named(db, name) if version in ("", one.version)]
    finally:
        db.close()
    if not found:
        raise Problem(f"计分办法“{name}”没有版本{version}；有哪些见 zugao rules。")
    return found[-1].text


def points(
    home: Path, *, period: str, unit: str, draft: int | None, profile: str
) -> dict[str, Any]:
    """Settle the period (this year if none is named), then its lines, or those of a draft.

    Raises Problem, ProfileError, SettleError, UnitError.
    """
    from storage.awards import ledger_lines, settle_period
    from storage.periods import parse_period, today
    from storage.profiles import begin_with_default, only_name
    from zugao.recording import one_unit

    db = _open(home)
    try:
        begin_with_default(db)
        asked = _period(period or str(today().year), parse_period)
        name = profile or only_name(db)
        done = settle_period(db, asked, name)
        lines = ledger_lines(
            db,
            period=asked if period or draft is None else None,
            profile=name,
            unit_id=one_unit(db, unit) if unit else None,
            draft_id=draft,
        )
    finally:
        db.close()
    return {
        "profile": name,
        "start": asked.start.isoformat(),
        "end": asked.end.isoformat(),
        "settled": [dataclasses.asdict(one) | {"points": one.points / 1000} for one in done],
        "points": sum(round(1000 * line["points"]) for line in lines) / 1000,
        "lines": lines,
    }


def _period(text: str, parse: Any) -> Any:
    try:
        return parse(text)
    except ValueError as error:
        raise Problem(str(error)) from None


def _open(home: Path) -> Database:
    return open_database(load_settings(home).database)


def print_profiles(rows: Iterable[dict[str, Any]]) -> None:
    """One version a line."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for row in rows:
        note = f"  [dim]{safe(row['note'])}[/]" if row["note"] else ""
        console.print(f"{row['profile_id']:>4}  {safe(sentence(row))}{note}")
    console.print(f"随组稿提供的样本：{'、'.join(ready_profiles())}（zugao rules show 名称）。")


def print_points(told: dict[str, Any], *, each: bool) -> None:
    """The lines with their arithmetic (``each``), or the sum of each unit."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    lines = told["lines"]
    for line in lines if each else ():
        what = f"第{line['draft_id']}号《{line['title']}》" if line["draft_id"] else ""
        who = line["unit"] + (f" {line['author']}" if line["author"] else "")
        console.print(
            f"{line['effective_on']}  {safe(who)}  [bold]{_points(line['points'])}[/]  "
            f"{safe(line['note'])}  [dim]{safe(line['rule'])} {safe(what)}[/]"
        )
    if not each:
        _print_sums(lines)
    span = f"{told['start']} 起、{told['end']} 前"
    console.print(
        f"按“{safe(told['profile'])}”，{span}：{len(lines)} 笔，合计 {_points(told['points'])} 分。"
    )


def _print_sums(lines: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    for title, justify in (
        ("组别", "left"), ("单位", "left"), ("笔数", "right"), ("得分", "right"),
        ("扣分", "right"), ("合计", "right"), ("标记", "left"),
    ):  # fmt: skip
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    by_unit: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for line in lines:
        by_unit.setdefault((line["unit_group"], line["unit"]), []).append(line)
    for (group, unit), own in sorted(by_unit.items(), key=lambda one: (one[0][0], -_sum(one[1]))):
        gained = [line for line in own if line["points"] > 0]
        lost = [line for line in own if line["points"] < 0]
        marks = "、".join(dict.fromkeys(line["mark"] for line in own if line["mark"]))
        table.add_row(
            safe(group), safe(unit), str(len(own)), _points(_sum(gained)), _points(_sum(lost)),
            _points(_sum(own)), safe(marks),
        )  # fmt: skip
    console.print(table)
    console.print("[dim]逐笔的算法：加 --unit 单位 或 --draft 稿件编号。[/]")


def _sum(lines: Iterable[dict[str, Any]]) -> float:
    return sum(float(line["points"]) for line in lines)


def _points(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
