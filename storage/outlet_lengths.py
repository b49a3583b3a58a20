"""How long each outlet takes a piece, and what that says of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sqlite_utils import Database

from storage.connection import raw
from storage.schema_adoption import LEVELS

Fit = Literal["fits", "short", "long", "over"]
"""Or under the floor, over the limit to be reminded of, over the hard limit."""

_RANKS: Final = " ".join(f"WHEN '{level}' THEN {rank}" for rank, level in enumerate(LEVELS))
_SQL: Final = (
    "SELECT id, name, level, floor_chars, soft_chars, hard_chars FROM outlet"  # noqa: S608
    f" WHERE {{}} ORDER BY CASE level {_RANKS} END, id"
)
_STATED: Final = "NOT retired AND coalesce(floor_chars, soft_chars, hard_chars) IS NOT NULL"


@dataclass(frozen=True, slots=True)
class OutletLength:
    """字数 that an outlet states; None = it states none."""

    outlet_id: int
    name: str
    level: str
    floor: int | None
    soft: int | None
    hard: int | None

    def fit(self, characters: int) -> Fit:
        """What ``characters`` 字 are to this outlet."""
        if self.hard is not None and characters > self.hard:
            return "over"
        if self.soft is not None and characters > self.soft:
            return "long"
        return "short" if self.floor is not None and characters < self.floor else "fits"

    def limit(self, characters: int) -> int | None:
        """The limit that ``characters`` 字 pass; if none, the highest stated, None if none is."""
        if self.fit(characters) == "long":
            return self.soft
        return self.soft if self.hard is None else self.hard


def outlet_lengths(db: Database) -> tuple[OutletLength, ...]:
    """Every active outlet that states a length, from the lowest level to the highest."""
    return tuple(OutletLength(*row) for row in raw(db).execute(_SQL.format(_STATED)))


def length_of(db: Database, outlet_id: int) -> OutletLength:
    """What one outlet states, retired or not. KeyError if there is no such outlet."""
    for row in raw(db).execute(_SQL.format("id = ?"), (outlet_id,)):
        return OutletLength(*row)
    raise KeyError(outlet_id)
