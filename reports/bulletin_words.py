"""The sentences of a bulletin, computed from its figures; templates of our own, one fact each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from points.scoring import points_words
from reports.bulletin import (
    INSTRUCTED,
    LEVELS,
    MARKS,
    Adjustment,
    Bulletin,
    Commission,
    Section,
    groups,
)
from reports.standard import Standard
from reports.wording import NUMERALS, listed, share_words, short_day
from storage.statistics import UnitFigures

FIGURES = {"points": "得分", "adopted": "采用", "submitted": "报送"}


@dataclass(frozen=True, slots=True)
class Faults:
    """Counts of a unit that its figures do not hold: unit → how many."""

    late: tuple[tuple[str, int], ...] = ()  # 迟报
    copies: tuple[tuple[str, int], ...] = ()  # sent again what was sent before
    last: tuple[tuple[str, int], ...] = ()  # periods in a row at the end of its group


def sections(bulletin: Bulletin, standard: Standard, faults: Faults, span: str) -> list[Section]:
    """The sections in order, headings numbered 一、二、…; the first has no heading."""
    head = bulletin.head
    subject = head.period + f"（{span}）"
    opening = (
        f"现将{subject}信息报送和采用情况通报如下。报送数按收稿日期统计，采用数按刊物印发日期统计，"
        f"得分依据《{head.profile}》（版本{head.profile_version}）。"
    )
    parts = [
        ("总体情况", _totals(bulletin)),
        ("排名情况", _ranking(bulletin)),
        ("采用情况", _taken(bulletin)),
        ("约稿完成情况", _commissions(bulletin.commissions)),
        ("表扬", _praise(bulletin, standard)),
        ("存在问题", _shortcomings(bulletin, standard, faults)),
        ("对以前通报的调整", _adjustments(bulletin.adjustments)),
    ]
    kept = [(name, lines) for name, lines in parts if lines]
    return [
        Section("", (opening,)),
        *(
            Section(f"{NUMERALS[place]}、{name}", tuple(lines))
            for place, (name, lines) in enumerate(kept)
        ),
    ]


def _totals(bulletin: Bulletin) -> list[str]:
    units, pieces = bulletin.units, bulletin.pieces
    sent, valid, adopted = (
        sum(getattr(u, name) for u in units) for name in ("submitted", "valid", "adopted")
    )
    active = sum(1 for u in units if u.submitted)
    among = "" if active == len(units) else f"中，{active}个单位"
    points, before = sum(u.points for u in units), sum(u.points_before for u in units)
    levels = Counter(piece.level for piece in pieces)
    told = "、".join(f"{_level(x)}{levels[x]}篇次" for x in reversed(LEVELS) if levels[x])
    first = (
        f"列入统计的{len(units)}个单位{among}报送信息{sent}条，其中有效报送{valid}条。"
        f"刊物和媒体采用{adopted}条、{len(pieces)}篇次" + (f"，其中{told}。" if told else "。")
    )
    instructions = sum(u.instructions for u in units)
    second = (f"获领导批示{instructions}件次。" if instructions else "") + (
        f"各单位得分合计{points_words(points)}分，上期为{points_words(before)}分。"
    )
    third = "；".join(
        f"{name}{len(members)}个单位报送{sum(u.submitted for u in members)}条、"
        f"采用{sum(u.adopted for u in members)}条"
        for name, members in groups(bulletin)
    )
    return [first + second, f"按组别看，{third}。"] if units else []


def _level(level: str) -> str:
    return level if level.endswith("级") else level + "级"


def _ranking(bulletin: Bulletin) -> list[str]:
    lines = []
    for name, units in groups(bulletin):
        best = [u for u in units if u.rank <= 3 and u.points > 0]
        if best:
            told = "、".join(f"{u.unit}（{points_words(u.points)}分）" for u in best)
            lines.append(f"{name}得分居前的是：{told}。")
        else:
            lines.append(f"{name}各单位本期均没有得分。")
    return [*lines, rate_words(bulletin)] if lines else []


def rate_words(bulletin: Bulletin) -> str:
    """What 采用率 is, and why that of a unit may pass 100 %: what was printed is not what came."""
    units = bulletin.ids.values()
    adopted = sum(len(rows.get("adopted", [])) for rows in units)
    earlier = sum(len({*rows.get("adopted", [])} - {*rows.get("submitted", [])}) for rows in units)
    over = any((unit.rate or 0) > 1 for unit in bulletin.units)
    return "采用率为本期采用条数与本期报送条数之比。" + (
        f"本期采用的{adopted}条中，有{earlier}条是以前报送的"
        + ("，因此有的单位采用率超过100%。" if over else "。")
        if earlier
        else ""
    )


def _taken(bulletin: Bulletin) -> list[str]:
    high = [p for p in bulletin.pieces if p.level in LEVELS[2:] or p.instructed]
    if not bulletin.pieces:
        return ["本期没有采用。"]
    lines = ["省级以上刊物采用和获领导批示的有："] if high else ["本期没有省级以上刊物采用。"]
    for piece in high[:30]:
        issue = f"第{piece.issue}期" if piece.issue else ""
        lines.append(f"{piece.marks}《{piece.title}》（{piece.unit}，《{piece.outlet}》{issue}）")
    if len(high) > 30:
        lines.append(f"共{len(high)}篇次，以上为前30篇次。")
    legend = "，".join(f"{mark}{_level(level)}" for level, mark in MARKS.items())
    lines.append(f"全部采用条目见附件2。{legend}，{INSTRUCTED}获批示。")
    return lines


def _commissions(commissions: Sequence[Commission]) -> list[str]:
    due = [c for c in commissions if c.state != "未到期"]
    if not due:
        return []
    states = Counter(c.state for c in due)
    lines = [
        f"本期到期约稿{len(due)}件，按时完成{states['按时']}件，逾期完成{states['逾期']}件，"
        f"未交{states['未交']}件。"
    ]
    for state in ("未交", "逾期"):
        told = "；".join(
            f"{c.unit}《{c.title}》（{short_day(c.due_on)}截止）" for c in due if c.state == state
        )
        if told:
            lines.append(f"{state}的有：{told}。")
    return lines


def _praise(bulletin: Bulletin, standard: Standard) -> list[str]:
    """The first of each group who also sent enough: a high rank by one lucky piece is no merit."""
    lines = []
    for name, units in groups(bulletin):
        first = [u for u in units if u.rank <= standard.praised and u.points > 0 and u.adopted]
        good = [u.unit for u in first if not _but(bulletin, u, standard)]
        if good:
            lines.append(f"对{name}的{'、'.join(good)}予以表扬。")
        lines += [
            f"{u.unit}得分居{name}第{u.rank}位，但{reason}，这次不列入表扬。"
            for u in first
            if (reason := _but(bulletin, u, standard))
        ]
    return lines


def _but(bulletin: Bulletin, unit: UnitFigures, standard: Standard) -> str:
    """Why a unit is not praised in spite of its rank, "" if nothing stands against it."""
    if unit.valid < standard.least:
        return f"有效报送只有{unit.valid}条，不足{standard.least}条"
    if unit.commissions_missed:
        return f"有{unit.commissions_missed}件约稿没有交"
    return next((f"按计分办法“{m}”" for m in _marks(bulletin, unit) if "表扬" in m), "")


def _marks(bulletin: Bulletin, unit: UnitFigures) -> list[str]:
    """What the rules take from a unit beside points."""
    found = (a.mark for a in bulletin.awards if a.mark and a.unit_id == unit.unit_id)
    return list(dict.fromkeys(found))


def _shortcomings(bulletin: Bulletin, standard: Standard, faults: Faults) -> list[str]:
    units = bulletin.units
    silent = [u.unit for u in units if not u.submitted]
    unused = [f"{u.unit}（{u.submitted}条）" for u in units if u.submitted and not u.adopted]
    low = [
        f"{u.unit}（{share_words(u.rate or 0)}）"
        for u in units
        if u.adopted and u.submitted >= standard.least and (u.rate or 1) < standard.low_rate
    ]
    missed = [f"{u.unit}（{u.commissions_missed}件）" for u in units if u.commissions_missed]
    found = [
        (f"有{len(silent)}个单位没有报送：", silent),
        (f"有{len(unused)}个单位报送而没有采用：", unused),
        (f"采用率低于{standard.low_rate:.0%}的有：", low),
        ("约稿没有交的有：", missed),
        ("报送不及时的有：", _counted(faults.late, "条")),
        ("把报过的稿件又报一次的有：", _counted(faults.copies, "条")),
        ("连续居本组末位的有：", _counted(faults.last, "期")),
    ]
    told = [opening + listed(names) + "。" for opening, names in found if names]
    return [f"{place}.{line}" for place, line in enumerate(told, 1)]


def _counted(pairs: Sequence[tuple[str, int]], what: str) -> list[str]:
    return [f"{unit}（{count}{what}）" for unit, count in pairs]


def _adjustments(changes: Sequence[Adjustment]) -> list[str]:
    """One sentence a unit and bulletin; the present totals of the year hold these already."""
    lines = []
    for (bulletin, unit), own in groupby(
        changes, key=lambda change: (change.bulletin, change.unit)
    ):
        lines.append(f"{unit}：《{bulletin}》所列{'，'.join(map(_changed, own))}。")
    return [*lines, "以上更正已计入本年累计。"] if lines else []


def _changed(change: Adjustment) -> str:
    write = points_words if change.figure == "points" else str
    unit = "分" if change.figure == "points" else "条"
    sign = "+" if change.change > 0 else ""
    return (
        f"{FIGURES[change.figure]}{write(change.told)}{unit}更正为{write(change.now)}{unit}"
        f"（{sign}{write(change.change)}{unit}）"
    )


def note_of(bulletin: Bulletin, unit: UnitFigures) -> str:
    """备注 of a unit: zero reports, what the rules take away, earlier points put right."""
    change = sum(
        c.change for c in bulletin.adjustments if c.unit_id == unit.unit_id and c.figure == "points"
    )
    parts = [*([] if unit.submitted else ["零报送"]), *_marks(bulletin, unit)]
    parts += [f"调整{'+' if change > 0 else ''}{points_words(change)}"] if change else []
    return "；".join(parts)
