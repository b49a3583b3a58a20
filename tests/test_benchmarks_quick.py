"""The check on ratios warns of what fell clearly, and of nothing else."""

from __future__ import annotations

import json

from benchmarks.quick import CHAIN, READING, STORED, TARGETS, WALL, WARM, WORDS, fallen


def test_a_ratio_a_fifth_below_the_stored_one_is_told() -> None:
    stored = {CHAIN: 4.0, READING: 5.0, WALL: 2.0}
    found = {CHAIN: [3.0, 3.3, 3.1], READING: [3.9, 4.2, 4.1], WALL: [1.61], WORDS: [1.0]}
    assert fallen(found, stored) == [f"warning: {CHAIN} is 3.10, was 4.00"]


def test_better_ratios_and_new_ones_are_silent() -> None:
    assert fallen({CHAIN: [9.0], WORDS: [0.1]}, {CHAIN: 4.0}) == []


def test_what_is_stored_is_what_is_measured() -> None:
    stored = json.loads(STORED.read_text("utf-8"))
    assert set(stored) == {CHAIN, WARM, WALL, READING, WORDS}
    assert all(isinstance(ratio, float) and ratio > 0 for ratio in stored.values())
    assert set(TARGETS) < set(stored)
