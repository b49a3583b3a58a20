"""What the rooms above lend the desk: runs, matching, figures, bulletins, the analysts' copy.

The desk stands below the commands and beside the flows, so what they do is handed to it as one
object when it is built (``zugao.desk_works``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from starlette.types import ASGIApp


@dataclass(frozen=True, slots=True)
class Matched:
    """What came of printed issues or lists that were handed in."""

    sentence: str
    complaints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A draft of a file that a unit is about to send, and what to look at before."""

    title: str
    characters: int
    remarks: tuple[str, ...]
    similar: tuple[str, ...]  # without a word of another unit's text


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that a unit is about to send; ``refused`` says why it cannot be read, "" if it can."""

    name: str
    refused: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures: columns (key → heading), rows, what to note."""

    title: str
    dated: str
    columns: dict[str, str]
    rows: list[dict[str, Any]]
    notes: tuple[str, ...] = ()


class Works(Protocol):
    """Each raises :class:`review.desk.Unable` with a Chinese sentence where it cannot."""

    def match(self, folder: Path) -> Matched:
        """Take the printed issues and lists of a folder and match them."""

    def check(self, files: Sequence[tuple[Path, str]], unit_id: int) -> list[Checked]:
        """Read and judge (file, name given) behind the guard; nothing is stored."""

    def take_in(self) -> None:
        """Begin a run over the inbox in the background; one at a time."""

    def stats(self, period: str, by: str, *, received: bool) -> Table:
        """The figures of a period by units, themes …; the ledger of points is settled first."""

    def listed(self, name: str, period: str, *, received: bool) -> Table:
        """One of :meth:`lists`."""

    def register(self, period: str) -> Table:
        """The register of a period."""

    def lists(self) -> Mapping[str, str]:
        """Name of a list → its title."""

    def bulletin(self, period: str, form: str, *, number: str = "", who: str = "") -> Path:
        """Write the bulletin of a period; frozen where it has a number. The caller removes it."""

    def frozen(self, number: int, form: str) -> Path:
        """Write a frozen bulletin again. The caller removes it."""

    def explorer(self, prefix: str) -> ASGIApp | None:
        """The analysts' window over a fresh read-only copy; None without the extra."""
