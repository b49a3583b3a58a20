"""Short hands for events, and sums of entries in points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from points.engine import compute
from points.events import Entry, Event, Unit
from points.profile import Profile, read_profile

HEAD = 'name = "办法"\nversion = "1"\nvalid_from = 2020-01-01\n'
UNITS = (Unit(1, "甲县", "县区"), Unit(2, "乙县", "县区"), Unit(3, "丙局", "部门"))
AFTER = date(2030, 1, 1)


def profile(text: str) -> Profile:
    return read_profile(HEAD + text)


def day(text: str) -> date:
    """ "07-03" is of 2026."""
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def adoption(
    number: int,
    on: str,
    level: str,
    *,
    unit: int | None = 1,
    draft: int = 1,
    item: int | None = None,
    share: str | float = 1,
    authors: Sequence[str] = (),
    outlet_points: int | None = None,
    **facts: str | int,
) -> Event:
    """An adoption alone in its item unless ``item`` says otherwise; 动态, 单篇, 900字."""
    told = {"form": "单篇", "genre": "动态", "characters": 900, "outlet_kind": "刊物"}
    return Event(
        id=number, section="adoption", day=day(on), unit_id=unit, draft_id=draft,
        item_id=number + 1000 if item is None else item, authors=tuple(authors),
        share=Fraction(str(share)), outlet_points=outlet_points,
        facts={**told, "level": level, **facts},
    )  # fmt: skip


def instruction(
    number: int, on: str, level: str, *, unit: int = 1, draft: int | None = 1,
    item: int | None = None, **facts: str,
) -> Event:  # fmt: skip
    owner = unit if draft is not None else None
    return Event(
        id=number, section="instruction", day=day(on), unit_id=owner, draft_id=draft, item_id=item,
        facts={"level": level, "genre": "动态", **facts},
    )  # fmt: skip


def outcome(number: int, on: str, level: str, form: str) -> Event:
    return Event(
        id=number, section="outcome", day=day(on), unit_id=1, draft_id=1,
        facts={"level": level, "form": form},
    )  # fmt: skip


def commission(number: int, due: str, came: str = "", *, unit: int = 1) -> Event:
    return Event(
        id=number, section="commission", day=day(due) - timedelta(days=10), unit_id=unit,
        due=day(due), delivered=day(came) if came else None,
    )  # fmt: skip


def fault(number: int, on: str, form: str, *, unit: int = 1, severity: str = "") -> Event:
    facts = {"form": form, "severity": severity}
    return Event(id=number, section="fault", day=day(on), unit_id=unit, facts=facts)


def topic(number: int, on: str, form: str, *, level: str | None = None, award: str = "") -> Event:
    facts = {"form": form, "level": level, "award": award}
    return Event(id=number, section="topic", day=day(on), unit_id=1, facts=facts)


def bonus(number: int, on: str, points: int, note: str = "", *, unit: int = 1) -> Event:
    facts = {"note": note}
    return Event(id=number, section="bonus", day=day(on), unit_id=unit, points=points, facts=facts)


def sent(number: int, on: str, *, unit: int = 1, valid: int = 1, genre: str = "动态") -> Event:
    return Event(
        id=number, section="submission", day=day(on), unit_id=unit, draft_id=number,
        facts={"genre": genre, "valid": valid, "characters": 500},
    )  # fmt: skip


def entries(
    rules: Profile | str,
    events: Iterable[Event],
    start: str = "2020-01-01",
    end: str = "2030-01-01",
    *,
    today: date = AFTER,
    units: Sequence[Unit] = UNITS,
) -> tuple[Entry, ...]:
    held = profile(rules) if isinstance(rules, str) else rules
    return compute(held, list(events), units, day(start), day(end), today=today)


def each(found: Iterable[Entry]) -> list[float]:
    """The points of each entry."""
    return [entry.thousandths / 1000 for entry in found]


def score(found: Iterable[Entry], unit: int | None = None) -> float:
    """The sum of the points of one unit, or of all."""
    return sum(e.thousandths for e in found if unit in (None, e.unit_id)) / 1000


LEVELS = """
rules = [
  { name = "县级", when = { level = "县" }, points = 5 },
  { name = "市级", when = { level = "市" }, points = 10 },
  { name = "省级", when = { level = "省" }, points = 20 },
  { name = "中央级", when = { level = "中央" }, points = 40 },
  { name = "调研", when = { class = "调研" }, factor = 2 },
  { name = "长稿", when = { characters = { min = 1500 } }, add = 3 },
]
"""


def adopted(policy: str) -> str:
    """A profile of levels 5, 10, 20, 40, 调研 doubled, long pieces three more; ``policy`` lines."""
    return f"[adoption]\n{policy}\n{LEVELS}"
