"""What a bulletin (通报) holds, as plain data: every form of it is made from this and nothing else.

A frozen bulletin is this, as JSON, with its digest; :func:`read_snapshot` makes any form of it
again. Points are thousandths; days are ISO text; lists of ids lead every figure back to its rows.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from storage.statistics import UnitFigures

CLASSES: Final = ("信息", "调研", "宣传", "信访")
LEVELS: Final = ("县", "市", "省", "中央")
MARKS: Final = {"中央": "★", "省": "☆", "市": "●", "县": "○"}
"""Mark of an adoption by level; an instruction adds ▲."""
INSTRUCTED: Final = "▲"


class SnapshotError(ValueError):
    """A snapshot that cannot be read; the message is one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands around the figures."""

    office: str
    title: str
    number: str  # 文号, "" for a draft
    to: str
    copy_to: str
    dated: str  # the day it was made
    period: str  # in words
    start: str
    end: str  # first day after the period
    profile_id: int
    profile: str
    profile_version: str
    profile_sha256: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A draft in a printed item: one adoption."""

    adoption_id: int
    draft_id: int
    unit_id: int | None
    unit: str
    unit_group: str
    title: str
    genre: str
    outlet: str
    level: str
    tier: str
    issue_number: str
    published_on: str
    form: str
    share: float
    instructed: bool
    points: int

    @property
    def marks(self) -> str:
        """Level and instruction as marks."""
        return MARKS[self.level] + (INSTRUCTED if self.instructed else "")

    @property
    def issue(self) -> str:
        """The number of its issue; "" for an outlet without numbers, which has the day for one."""
        return "" if self.issue_number == self.published_on else self.issue_number


@dataclass(frozen=True, slots=True)
class Commission:
    """约稿 due in the period; ``state`` 按时, 逾期, 未交 or 未到期."""

    commission_id: int
    unit_id: int
    unit: str
    title: str
    due_on: str
    delivered_on: str
    state: str


@dataclass(frozen=True, slots=True)
class Award:
    """One entry of the ledger of points that counts in the period."""

    award_id: int
    unit_id: int
    unit: str
    rule: str
    points: int
    effective_on: str
    note: str
    mark: str  # what is lost beside points, such as 评先资格
    draft_id: int | None
    title: str
    event_id: int | None


@dataclass(frozen=True, slots=True)
class Theme:
    """Drafts of a theme that were sent and that were printed in the period."""

    code: str
    name: str
    sent: int
    adopted: int


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a correction changed in a figure that an earlier bulletin told: now - told."""

    bulletin_id: int
    bulletin: str
    unit_id: int
    unit: str
    figure: str  # points, adopted or submitted
    told: int  # as frozen, with adjustments that later bulletins told
    now: int

    @property
    def change(self) -> int:
        """Now less told."""
        return self.now - self.told


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs, as worded when the bulletin was made."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The whole of it. Units stand by group and rank; those with nothing too."""

    head: Head
    units: tuple[UnitFigures, ...]
    pieces: tuple[Piece, ...]
    commissions: tuple[Commission, ...]
    awards: tuple[Award, ...]
    themes: tuple[Theme, ...]
    adjustments: tuple[Adjustment, ...]
    rules: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    ids: dict[str, dict[str, list[int]]]  # unit id → figure → ids of the rows behind it


def groups(bulletin: Bulletin) -> list[tuple[str, list[UnitFigures]]]:
    """Units of each group by rank; groups in the order of the units."""
    found: dict[str, list[UnitFigures]] = {}
    for unit in bulletin.units:
        found.setdefault(unit.unit_group or "未分组", []).append(unit)
    return [(name, sorted(units, key=lambda u: (u.rank, u.unit))) for name, units in found.items()]


def as_json(bulletin: Bulletin) -> str:
    """The snapshot: one JSON text, the same for the same figures."""
    return json.dumps(asdict(bulletin), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(snapshot: str) -> str:
    """SHA-256 of a snapshot."""
    return hashlib.sha256(snapshot.encode()).hexdigest()


def read_snapshot(text: str) -> Bulletin:
    """A bulletin from its snapshot. Raises SnapshotError for anything else."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Bulletin).validate_json(text)
    except ValidationError:
        raise SnapshotError("这份通报的冻结内容读不出来，请从备份恢复数据库。") from None


def figures_of(bulletin: Bulletin) -> list[dict[str, Any]]:
    """One flat row a unit with Chinese headings, for CSV and the sheet: real numbers, points."""
    return [dict(cells(unit)) for _, units in groups(bulletin) for unit in units]


def cells(unit: UnitFigures) -> list[tuple[str, Any]]:
    """The columns of the union of what real bulletins print, with the values of a unit."""
    by_class = [
        (f"{name}·{level}", unit.by_class_level.get(f"{name}|{level}", 0))
        for name in CLASSES
        for level in LEVELS
    ]
    return [
        ("组别", unit.unit_group),
        ("组内排名", unit.rank),
        ("上期排名", unit.rank_before),
        ("单位", unit.unit),
        ("报送", unit.submitted),
        ("有效报送", unit.valid),
        ("采用", unit.adopted),
        ("采用率", unit.rate),
        *by_class,
        ("约稿应交", unit.commissions_due),
        ("约稿按时", unit.commissions_on_time),
        ("约稿逾期", unit.commissions_late),
        ("约稿未交", unit.commissions_missed),
        ("批示", unit.instructions),
        ("加分", unit.bonus / 1000),
        ("扣分", unit.deductions / 1000),
        ("本期得分", unit.points / 1000),
        ("上期得分", unit.points_before / 1000),
        ("去年同期得分", unit.points_year_ago / 1000),
        ("上期累计", (unit.cumulative - unit.points) / 1000),
        ("本年累计", unit.cumulative / 1000),
    ]
