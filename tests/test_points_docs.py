"""docs/scoring.md: every example in it is a profile that works, and every key is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from points.fields import COUNTS, FIELDS
from points.profile import read_profile
from points.rules import EventRule, PeriodRule
from tests.support_points import HEAD, adoption, each, entries, instruction

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "scoring.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def whole(example: str) -> str:
    return example if example.startswith("name =") else HEAD + example


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_is_a_profile(example: str) -> None:
    read_profile(whole(example))


def test_every_key_and_every_field_is_in_the_page() -> None:
    words = set(re.findall(r"[a-z_]+", PAGE))
    rules = {*EventRule.model_fields, *PeriodRule.model_fields}
    fields = {name for known in FIELDS.values() for name in known}
    assert len(EXAMPLES) >= 10
    assert (rules | fields | set(COUNTS)) - words == set()


def test_the_sums_of_the_page() -> None:
    second, stacked, shared, told = (EXAMPLES[n] for n in (1, 4, 5, 6))
    long = adoption(1, "01-05", "市", genre="调研报告", characters=1600)
    assert each(entries(read_profile(HEAD + second), [long])) == [23]
    steps = [adoption(n, f"0{n}-01", level) for n, level in enumerate(("县", "市", "省"), 1)]
    assert each(entries(read_profile(HEAD + stacked), steps)) == [5, 5, 10]
    three = [adoption(n, "01-01", "市", unit=n, draft=n, item=7) for n in (1, 2, 3)]
    assert each(entries(read_profile(HEAD + shared), three)) == [6, 4, 0]
    orders = [
        instruction(1, "01-01", "市", person="市长"),
        instruction(2, "01-02", "市", person="副市长"),
    ]
    assert each(entries(read_profile(HEAD + told), orders)) == [10, 0]
