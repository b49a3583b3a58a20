"""A rule profile in words, one line a rule: what the annex and the workbook show of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from points.profile import Profile
from points.rules import OUTLET, Credit, EventRule, PeriodRule

KINDS: Final = {
    "adoption": "采用", "instruction": "批示", "outcome": "转化", "commission": "约稿",
    "topic": "课题", "fault": "差错",
}  # fmt: skip
STACKING: Final = {
    "sum": "同一稿件多次采用累计计分", "max": "同一稿件多次采用就高计分",
    "top_levels": "同一稿件取最高的几个层级累计", "increment": "同一稿件每到更高一级再加",
}  # fmt: skip
ONCE: Final = {
    "level": "同一层级只计一次", "tier": "同一档次只计一次", "outlet": "同一刊物只计一次",
    "person": "同一领导只计一次",
}  # fmt: skip
CREDIT: Final = {
    "full": "合写各计全分", "equal": "合写均分", "half": "合写减半", "share": "合写按占比分",
    "fixed": "合写计固定分", "ratio": "合写按比例分",
}  # fmt: skip
EVERY: Final = {"month": "每月", "quarter": "每季度", "half": "每半年", "year": "每年"}


def rule_words(profile: Profile) -> tuple[tuple[str, str], ...]:
    """Name and wording of every rule, and how each section stacks and shares."""
    found: list[tuple[str, str]] = []
    for kind, name in KINDS.items():
        section = profile.section(kind)
        if not section.rules:
            continue
        found += [(f"{name}·{rule.name}", _event(rule)) for rule in section.rules]
        policy = [
            STACKING.get(getattr(section, "stacking", ""), ""),
            ONCE.get(getattr(section, "once", ""), ""),
            _credit(getattr(section, "credit", None)),
        ]
        if any(policy):
            found.append((f"{name}·计法", "，".join(filter(None, policy))))
    found += [(f"{EVERY[rule.every]}·{rule.name}", _period(rule)) for rule in profile.period.rules]
    return tuple(found)


def _event(rule: EventRule) -> str:
    if rule.points == OUTLET:
        words = "按刊物自己的分值"
    elif rule.points is not None:
        words = f"{_number(rule.points)}分"
    elif rule.factor is not None:
        words = f"乘以{_number(rule.factor)}"
    elif rule.add is not None:
        words = f"另加{_number(rule.add)}分"
    elif rule.multiply is not None:
        words = f"采用分乘以{_number(rule.multiply)}"
    else:
        words = f"采用分改为{_number(rule.replace)}分"
    if rule.growth is not None:
        words += f"，再犯每次乘以{_number(rule.growth)}"
    return words + ("，" + _credit(rule.credit) if rule.credit else "")


def _credit(credit: Credit | None) -> str:
    if credit is None:
        return ""
    parts = "、".join(_number(part) for part in credit.parts)
    return CREDIT[credit.how] + (f"（{parts}）" if parts else "")


def _period(rule: PeriodRule) -> str:
    if rule.target is not None:
        short = "，不足的按比例" if rule.pro_rata else "，不足的不计"
        return f"满{_number(rule.target)}计{_number(rule.full)}分{short}"
    for value, words in (
        (rule.points, "{}分"), (rule.each, "每项{}分"), (rule.cap, "最多{}分"),
        (rule.floor, "最少{}分"),
    ):  # fmt: skip
        if value is not None:
            return words.format(_number(value))
    return rule.mark


def _number(value: Fraction | str | None) -> str:
    return f"{float(value or 0):g}"
