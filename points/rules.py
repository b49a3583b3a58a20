"""Rules of a profile: ``when`` an event is like this, ``give`` points or a factor."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, PlainValidator, model_validator

from points.conditions import Condition, Number, Strict, as_number
from points.fields import CHOICES, COUNTS, FIELDS, NUMBERS, SECTIONS

Every = Literal["month", "quarter", "half", "year"]
OUTLET: Final = "outlet"
"""In place of points: the outlet's own, where it has some."""

Name = Annotated[str, Field(min_length=1, max_length=40)]


class Credit(Strict):
    """How the points of one printed item go to the units that it came from."""

    how: Literal["full", "equal", "half", "share", "fixed", "ratio"]
    parts: tuple[Number, ...] = ()  # of fixed and ratio, in order of share; largest first


def _as_credit(given: Any) -> Any:
    if isinstance(given, str) and given in ("full", "equal", "half", "share"):
        return {"how": given}
    if isinstance(given, dict) and len(given) == 1 and set(given) <= {"fixed", "ratio"}:
        [(how, parts)] = given.items()
        parts = parts if isinstance(parts, list) else [parts]
        if parts and all(not isinstance(p, str | bool) and p >= 0 for p in parts) and sum(parts):
            return {"how": how, "parts": parts}
        raise ValueError(f"{how} 后面应当是不小于0、不全为0的数")
    if isinstance(given, Credit):
        return given
    raise ValueError('应当是 "full"、"equal"、"half"、"share"、{ fixed = 3 } 或 { ratio = [3, 2] }')


CreditOf = Annotated[Credit, BeforeValidator(_as_credit)]


def _points(given: object) -> Fraction | str:
    if isinstance(given, str) and given != OUTLET:
        raise ValueError(f'应当是一个数，或者 "{OUTLET}"')
    return OUTLET if given == OUTLET else as_number(given)


class EventRule(Strict):
    """One line of a section: exactly one of the actions, for events that meet ``when``."""

    name: Name
    when: dict[str, Condition] = Field(default_factory=dict)
    points: Annotated[Fraction | str, PlainValidator(_points)] | None = None  # base; or OUTLET
    factor: Number | None = None  # times the base
    add: Number | None = None  # on top
    multiply: Number | None = None  # instruction: the draft's points of adoption, times this
    replace: Number | None = None  # instruction: the draft's points of adoption become this
    growth: Number | None = None  # fault, commission: times this for each repetition
    credit: CreditOf | None = None  # instead of the section's
    final: bool = False  # no factor or addition changes this base

    @property
    def is_base(self) -> bool:
        """Whether it says what an event is worth before factors and additions."""
        return self.points is not None or self.multiply is not None or self.replace is not None

    @model_validator(mode="after")
    def _one_action(self) -> Self:
        given = [
            key
            for key in ("points", "factor", "add", "multiply", "replace")
            if getattr(self, key) is not None
        ]
        if len(given) != 1:
            raise ValueError("要有一个、只能有一个：points、factor、add、multiply、replace")
        if not self.is_base and (self.final or self.credit or self.growth is not None):
            raise ValueError("final、credit、growth 只能与 points 等底分写在一起")
        return self


class PeriodRule(Strict):
    """A rule on what a unit did in a month, quarter, half or year as a whole."""

    name: Name
    every: Every
    when: dict[str, Condition] = Field(default_factory=dict)
    count: str = ""  # what the field ``count`` counts; see COUNTS
    where: dict[str, Condition] = Field(default_factory=dict)  # which of them
    points: Number | None = None
    each: Number | None = None  # points for each counted
    target: Number | None = Field(None, gt=0)
    full: Number | None = Field(None, ge=0)  # points for reaching the target
    pro_rata: bool = True  # short of the target: in proportion, else nothing
    cap: Number | None = None  # the sum of points is cut down to this
    floor: Number | None = None  # or lifted up to this
    of: tuple[str, ...] = ()  # sections that cap, floor and the field ``points`` look at; all
    mark: str = Field("", max_length=40)  # no points: what is lost or missed, in words

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        given = [k for k in ("points", "each", "cap", "floor") if getattr(self, k) is not None]
        if (self.target is None) != (self.full is None):
            raise ValueError("target 和 full 要一起写")
        if len(given) + (self.target is not None) > 1:
            raise ValueError("points、each、target、cap、floor 只能有一种")
        if not given and self.target is None and not self.mark:
            raise ValueError("要有 points、each、target、cap、floor 或 mark")
        needs_count = self.each is not None or self.target is not None or "count" in self.when
        if needs_count and not self.count:
            raise ValueError(f"要有 count（可用：{'、'.join(COUNTS)}）")
        if self.count and self.count not in COUNTS:
            raise ValueError(f"count 不认识“{self.count}”（可用：{'、'.join(COUNTS)}）")
        if self.where and not self.count:
            raise ValueError("where 要和 count 一起写")
        unknown = [name for name in self.of if name not in SECTIONS]
        if unknown:
            raise ValueError(f"of 不认识“{unknown[0]}”（可用：{'、'.join(SECTIONS)}）")
        if self.where:
            check_tests(self.where, COUNTS[self.count], "where")
        return self


def check_tests(tests: Mapping[str, Condition], section: str, key: str = "when") -> None:
    """Refuse fields and values that the events of ``section`` do not have.

    Raises ValueError with a Chinese clause.
    """
    for field, test in tests.items():
        known = FIELDS[section]
        if field not in known:
            raise ValueError(f"{key} 里没有“{field}”这一项（可用：{'、'.join(sorted(known))}）")
        is_number = field in NUMBERS
        if test.bounded and not is_number:
            raise ValueError(f"{key}.{field} 是文字，不能比大小")
        if any(isinstance(value, Fraction) != is_number for value in test.values):
            raise ValueError(f"{key}.{field} 应当是{'数' if is_number else '文字'}")
        choices = CHOICES.get((section, field))
        wrong = [value for value in test.values if choices and value not in choices]
        if choices and wrong:
            raise ValueError(f"{key}.{field} 没有“{wrong[0]}”（可用：{'、'.join(choices)}）")
