"""A rule profile (计分办法): one TOML text, read once, checked whole, never changed.

The keys are described for offices in ``docs/scoring.md``; a test reads every example there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, PlainValidator, ValidationError, model_validator

from points.conditions import Strict, as_number
from points.fields import CLASSES, OTHER_CLASS, SECTIONS
from points.problems import problem
from points.rules import OUTLET, Credit, CreditOf, EventRule, Name, PeriodRule, check_tests

LONGEST = 200_000
"""Characters of a profile; one of every rule we know of has 5,000."""


class ProfileError(ValueError):
    """A profile that cannot be used; the message is one Chinese sentence.

    ``reason``: ``unreadable``, ``invalid``, ``overlap``, ``same_version``, ``unknown``,
    ``ambiguous``, ``none``, ``not_valid``.
    """

    def __init__(self, sentence: str, reason: str = "invalid") -> None:
        super().__init__(sentence)
        self.reason = reason


def _distinct(rules: Sequence[EventRule] | Sequence[PeriodRule]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.name in seen:
            raise ValueError(f"有两条规则都叫“{rule.name}”，台账要靠名称分清，请改名")
        seen.add(rule.name)


class Section(Strict):
    """Rules on events of one kind, asked from the first to the last."""

    kind: ClassVar[str]
    actions: ClassVar[frozenset[str]] = frozenset({"points", "factor", "add"})
    below_zero: ClassVar[bool] = False
    rules: tuple[EventRule, ...] = ()

    @model_validator(mode="after")
    def _rules_fit(self) -> Self:
        _distinct(self.rules)
        for rule in self.rules:
            try:
                self._fits(rule)
            except ValueError as error:
                raise ValueError(f"“{rule.name}”的{error}") from None
        return self

    def _fits(self, rule: EventRule) -> None:
        check_tests(rule.when, self.kind)
        for key in ("points", "factor", "add", "multiply", "replace", "growth", "credit"):
            value = getattr(rule, key)
            if value is None:
                continue
            if key not in self.actions:
                raise ValueError(f" {key} 不能用在 {self.kind}")
            may_fall = self.below_zero and key in ("points", "add")
            if isinstance(value, Fraction) and value < 0 and not may_fall:
                raise ValueError(f" {key} 不能小于0")
        if rule.points == OUTLET and self.kind != "adoption":
            raise ValueError(' points = "outlet" 只能用在 adoption')


class DraftSection(Section):
    """A section whose events are on drafts, so that they stack and are shared."""

    actions = frozenset({"points", "factor", "add", "credit"})
    stacking: Literal["sum", "max", "top_levels", "increment"] = "sum"
    top: int = Field(2, ge=1, le=4)  # of top_levels
    once: Literal["none", "level", "tier", "outlet", "person"] = "none"
    credit: CreditOf = Credit(how="full")


class Adoption(DraftSection):
    """[adoption]."""

    kind = "adoption"


class Instruction(DraftSection):
    """[instruction]."""

    kind = "instruction"
    actions = DraftSection.actions | {"multiply", "replace"}


class Outcome(DraftSection):
    """[outcome]."""

    kind = "outcome"


class Commission(Section):
    """[commission]."""

    kind = "commission"
    actions = Section.actions | {"growth"}
    below_zero = True


class Topic(Section):
    """[topic]."""

    kind = "topic"
    below_zero = True


class Fault(Section):
    """[fault]."""

    kind = "fault"
    actions = Section.actions | {"growth"}
    below_zero = True


class PeriodSection(Strict):
    """[period]."""

    rules: tuple[PeriodRule, ...] = ()

    @model_validator(mode="after")
    def _rules_fit(self) -> Self:
        _distinct(self.rules)
        for rule in self.rules:
            try:
                check_tests(rule.when, "period")
            except ValueError as error:
                raise ValueError(f"“{rule.name}”的{error}") from None
        return self


def _split(given: object) -> str | tuple[Fraction, ...]:
    if isinstance(given, str) and given in ("equal", "first"):
        return given
    if isinstance(given, list):
        parts = tuple(as_number(part) for part in given)
        if all(part >= 0 for part in parts) and any(parts):
            return parts
    raise ValueError('应当是 "equal"、"first" 或不小于0、不全为0的一列数，如 [3, 2]')


Split = Annotated[str | tuple[Fraction, ...], PlainValidator(_split)]


class Authors(Strict):
    """[authors]: how a unit's points go to the authors of a draft, in the order of the by-line."""

    split: Split = "equal"
    target: int = Field(0, ge=0, le=10_000)  # adopted drafts a year that each author owes


def _plain_day(given: Any) -> Any:
    if isinstance(given, datetime) or not isinstance(given, date):
        raise ValueError("应当是一个日期，如 2026-01-01，不加引号")
    return given


Day = Annotated[date, BeforeValidator(_plain_day)]


class Profile(Strict):
    """The whole profile. A version without ``valid_to`` holds until the next one begins."""

    name: Name
    version: Name
    valid_from: Day
    valid_to: Day | None = None  # the first day on which it holds no more
    note: str = ""
    classes: dict[Name, Name] = Field(default_factory=lambda: dict(CLASSES))
    adoption: Adoption = Adoption()
    instruction: Instruction = Instruction()
    outcome: Outcome = Outcome()
    commission: Commission = Commission()
    topic: Topic = Topic()
    fault: Fault = Fault()
    period: PeriodSection = PeriodSection()
    authors: Authors = Authors()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("valid_to 应当晚于 valid_from")
        if not any(getattr(self, kind).rules for kind in SECTIONS if kind != "bonus"):
            raise ValueError("一条规则也没有")
        return self

    def section(self, kind: str) -> Section:
        """The section of events of ``kind``."""
        found: Section = getattr(self, kind)
        return found

    def class_of(self, genre: str) -> str:
        """The class of report of a genre."""
        return self.classes.get(genre) or CLASSES.get(genre, OTHER_CLASS)


def read_profile(text: str) -> Profile:
    """The profile that a TOML text states.

    Raises ProfileError with one sentence that names every key that is wrong.
    """
    if len(text) > LONGEST:
        raise ProfileError(f"计分办法太长：不能超过{LONGEST}字。", "unreadable")
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f"第{place[1]}行第{place[2]}列附近" if place else "末尾"
        raise ProfileError(
            f"计分办法{where}写得不对（文字要加引号，中文的项名也要加引号）。", "unreadable"
        ) from None
    try:
        return Profile.model_validate(raw)
    except ValidationError as error:
        found = dict.fromkeys(problem(one) for one in error.errors(include_url=False))
        raise ProfileError(f"计分办法有误：{'；'.join(found)}。") from None


def profile_bytes(content: bytes) -> str:
    """The text of a profile file. Raises ProfileError if it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProfileError(
            "计分办法文件不是 UTF-8 编码，请另存为 UTF-8 后重试。", "unreadable"
        ) from None
