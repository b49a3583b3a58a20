"""What the rules of a section make of one event: first a base, then factors and additions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from points.conditions import Facts, all_hold
from points.events import Event
from points.profile import DraftSection, Section
from points.rules import OUTLET, Credit, EventRule

Effect = Literal["points", "multiply", "replace", "none"]
MOST_REPEATS = 20
"""A repetition beyond this grows no further: 2 to the 20th is a million."""

FULL = Credit(how="full")


@dataclass(frozen=True, slots=True)
class Scored:
    """An event's worth before credit and stacking."""

    rule: str
    value: Fraction  # points; for multiply the factor
    effect: Effect
    credit: Credit
    words: str  # 市级10分×调研2
    plain: str = ""  # the words of the base alone: 市级10分


UNSCORED = "未列入"
_NOTHING = Scored(UNSCORED, Fraction(0), "none", FULL, "计分办法里没有合用的规则")


def scored(section: Section, event: Event, facts: Facts) -> Scored:
    """The first rule with a base that fits ``facts``, then every factor and addition that fits.

    Exact fractions; nothing is rounded here. An event that no base fits is worth nothing, and
    its effect is ``none``.
    """
    base = next((r for r in section.rules if r.is_base and _fits(r, event, facts)), None)
    if base is None:
        return _NOTHING
    value, effect = _base(base, event)
    words = f"{base.name}{'×' if effect == 'multiply' else ''}{shown(value)}"
    words += "" if effect == "multiply" else "分"
    plain = words
    if base.growth is not None:
        nth = facts.get("nth")
        repeats = min(nth - 1 if isinstance(nth, int) else 0, MOST_REPEATS)
        value *= base.growth**repeats
        words += f"×{shown(base.growth)}的{repeats}次方" if repeats else ""
    if not base.final:
        value, words = _modified(section, event, facts, value, words)
    return Scored(base.name, value, effect, _credit(section, base), words, plain)


def _fits(rule: EventRule, event: Event, facts: Facts) -> bool:
    if rule.points == OUTLET and event.outlet_points is None:
        return False
    return all_hold(rule.when, facts)


def _base(rule: EventRule, event: Event) -> tuple[Fraction, Effect]:
    if rule.multiply is not None:
        return rule.multiply, "multiply"
    if rule.replace is not None:
        return rule.replace, "replace"
    if isinstance(rule.points, Fraction):
        return rule.points, "points"
    return Fraction(event.outlet_points or 0, 1000), "points"


def _modified(
    section: Section, event: Event, facts: Facts, value: Fraction, words: str
) -> tuple[Fraction, str]:
    for rule in section.rules:
        if rule.is_base or not _fits(rule, event, facts):
            continue
        if rule.factor is not None:
            value *= rule.factor
            words = f"（{words}）" if "＋" in words else words
            words += f"×{rule.name}{shown(rule.factor)}"
        elif rule.add is not None:
            value += rule.add
            words += f"＋{rule.name}{shown(rule.add)}分"
    return value, words


def _credit(section: Section, base: EventRule) -> Credit:
    if base.credit is not None:
        return base.credit
    return section.credit if isinstance(section, DraftSection) else FULL


def thousandths(value: Fraction) -> int:
    """Whole thousandths of a point; what is less is dropped, so that shares never exceed a sum."""
    return int(value * 1000)


def shown(value: Fraction) -> str:
    """A number as people write it: 10, 0.5, 3.333."""
    whole, rest = divmod(abs(thousandths(value)), 1000)
    sign = "-" if value < 0 and (whole or rest) else ""
    return f"{sign}{whole}" + (f".{rest:03}".rstrip("0") if rest else "")


def points_words(number: int) -> str:
    """Thousandths as points, exactly: 12500 → 12.5, 76666 → 76.666."""
    return shown(Fraction(number, 1000))


def told(number: int) -> str:
    """Thousandths as points in words: 10分."""
    return points_words(number) + "分"
