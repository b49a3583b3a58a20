"""The items of an issue that is being composed, each with how it fits its outlet's lengths."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from nlp.counting import count_characters
from storage.composing import Plan, Planned
from storage.outlet_lengths import OutletLength

FITS: Final = {"short": "少于下限", "long": "超过提醒字数", "over": "超过上限"}


def item_rows(plan: Plan, lengths: OutletLength) -> list[dict[str, Any]]:
    """The items as plain values, with ``byline``, ``characters`` and ``length`` ("" if it fits)."""
    return [_item(item, lengths) for item in plan.items]


def _item(item: Planned, lengths: OutletLength) -> dict[str, Any]:
    characters = count_characters(item.text)
    fit = lengths.fit(characters)
    limit = lengths.floor if fit == "short" else lengths.limit(characters)
    told = f"{FITS[fit]}{limit}字" if fit in FITS else ""
    return {**asdict(item), "byline": item.byline, "characters": characters, "length": told}
