"""What the limits of the outlets say of a draft, as rows and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from storage.outlet_lengths import OutletLength

WORDS = {"over": "超过上限", "long": "超过提醒线", "short": "不足下限"}
_BY = {"over": "hard", "long": "soft", "short": "floor"}


def as_rows(outlets: Iterable[OutletLength], characters: int) -> list[dict[str, Any]]:
    """The ``outlets`` of ``zugao show --json``, documented in docs/commands.md."""
    return [
        {
            "outlet": one.name,
            "level": one.level,
            "floor": one.floor,
            "soft": one.soft,
            "hard": one.hard,
            "fit": one.fit(characters),
        }
        for one in outlets
    ]


def sentences(rows: Iterable[dict[str, Any]], characters: int) -> Iterator[str]:
    """One for each thing that is wrong: "超过上限：云泽晨报（1500字，超320字）。".

    ``rows`` are those of :func:`as_rows`.
    """
    unfit = [row for row in rows if row["fit"] != "fits"]
    for fit, words in WORDS.items():
        told = [
            f"{row['outlet']}（{row[_BY[fit]]}字，{'差' if fit == 'short' else '超'}"
            f"{abs(characters - row[_BY[fit]])}字）"
            for row in unfit
            if row["fit"] == fit
        ]
        if told:
            yield f"{words}：{'、'.join(told)}。"
