"""Conditions of a rule: a value, a list of values, or a range, on a field of an event."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, model_validator

Fact = str | int | Fraction | None
Facts = Mapping[str, Fact]

LARGEST = 1_000_000
"""No number of a profile is larger: sums of them fit every column of the ledger."""


class Strict(BaseModel):
    """A part of a profile: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def as_number(given: object) -> Fraction:
    """An exact number from what TOML holds. Raises ValueError with a Chinese clause."""
    if isinstance(given, bool) or not isinstance(given, int | Decimal | Fraction):
        raise ValueError("应当是一个数")
    if isinstance(given, Decimal) and not given.is_finite():
        raise ValueError("应当是一个数")
    if abs(Fraction(given)) > LARGEST:
        raise ValueError(f"太大，不能超过{LARGEST}")
    return Fraction(given)


Number = Annotated[Fraction, PlainValidator(as_number)]


def _as_value(given: object) -> str | Fraction:
    return given if isinstance(given, str) else as_number(given)


Value = Annotated[str | Fraction, PlainValidator(_as_value)]


class Condition(Strict):
    """One condition; in the file a plain value, a list of values, or a table of bounds."""

    among: tuple[Value, ...] = ()
    excluded: tuple[Value, ...] = Field((), alias="not")
    least: Number | None = Field(None, alias="min")
    most: Number | None = Field(None, alias="max")
    above: Number | None = None
    below: Number | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_plain(cls, given: Any) -> Any:
        if isinstance(given, dict):
            if not given or "among" in given:
                raise ValueError("条件可用 min、max、above、below、not")
            held = given.get("not", [])
            return {**given, "not": held if isinstance(held, list) else [held]}
        if given == []:
            raise ValueError("列表是空的，什么也不会合用")
        return {"among": given if isinstance(given, list) else [given]}

    @property
    def bounded(self) -> bool:
        """Whether it asks for a range, which only numbers have."""
        return any(b is not None for b in (self.least, self.most, self.above, self.below))

    @property
    def values(self) -> tuple[str | Fraction, ...]:
        """The values named, wanted or excluded."""
        return self.among + self.excluded

    def holds(self, fact: Fact) -> bool:
        """Whether the field's value meets it. What is not known meets nothing but ``not``."""
        if fact is None:
            return not self.among and not self.bounded
        if (self.among and fact not in self.among) or fact in self.excluded:
            return False
        return not self.bounded or (not isinstance(fact, str) and self._within(fact))

    def _within(self, number: int | Fraction) -> bool:
        return (
            (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )


def all_hold(tests: Mapping[str, Condition], facts: Facts) -> bool:
    """Whether every condition holds; no condition holds always."""
    return all(test.holds(facts.get(field)) for field, test in tests.items())
