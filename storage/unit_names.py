"""Units that a line of print names: by-lines write them whole, short, or several in a row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from sqlite_utils import Database

from nlp.text import fold
from storage.connection import raw

_BETWEEN: Final = re.compile(r"[、，,；;\s（）()]+")
_PART: Final = 5
"""Letters of a part of a name that may stand for it: 市教育局 alone could be a county's."""


class UnitNames:
    """Names and aliases of units, to be found inside longer text."""

    def __init__(self, names: Mapping[str, int]) -> None:
        """``names``: each name or alias → unit id."""
        folded = {fold(name).text: id_ for name, id_ in names.items()}
        self._longest_first = sorted(
            ((name, id_) for name, id_ in folded.items() if len(name) >= 2),
            key=lambda pair: (-len(pair[0]), pair[0]),
        )

    def in_text(self, text: str) -> frozenset[int]:
        """The units named, in whole or by a part that only one unit's name has.

        A name inside a longer one that was found does not count.
        """
        return frozenset(
            unit for part in _BETWEEN.split(text) if part for unit in self._in_part(fold(part).text)
        )

    def _in_part(self, left: str) -> set[int]:
        found = set()
        for name, id_ in self._longest_first:
            if name in left:
                found.add(id_)
                left = left.replace(name, "\n")
        if not found and len(left) >= _PART:
            around = {id_ for name, id_ in self._longest_first if left in name}
            found = around if len(around) == 1 else found
        return found


def load_unit_names(db: Database) -> UnitNames:
    """The names of all units, also those no longer active."""
    rows = raw(db).execute(
        "SELECT alias, unit_id FROM unit_alias UNION ALL SELECT name, id FROM unit"
    )
    return UnitNames(dict(rows.fetchall()))
