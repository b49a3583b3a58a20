"""What the engine is given and what it gives back: plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from points.conditions import Fact


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that points go to."""

    id: int
    name: str
    group: str = ""
    active: bool = True  # rules of a period ask nothing of those that are not


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened and still stands; ``facts`` hold the fields of its section."""

    id: int
    section: str  # a key of SECTIONS, or "submission"
    day: date  # the for an adoption; for a commission that of its issue (due counts)
    unit_id: int | None
    draft_id: int | None = None
    item_id: int | None = None
    authors: tuple[str, ...] = ()
    share: Fraction = Fraction(1)  # of the printed item, 0 to 1
    points: int = 0  # thousandths, of a bonus
    outlet_points: int | None = None  # thousandths, the outlet's own
    due: date | None = None
    delivered: date | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger as it ought to stand."""

    unit_id: int
    author: str
    draft_id: int | None
    item_id: int | None
    event_id: int | None
    rule: str  # 采用·市级
    thousandths: int
    day: date
    period: str  # label of the period for rules of a period, else ""
    note: str  # the arithmetic in Chinese
    mark: str = ""  # what is lost or missed beside points
