"""Who reports to whom, and whom a bulletin praises: what the settings say of bulletins."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Standard:
    """Whom a bulletin praises and what it calls a shortcoming."""

    praised: int = 3  # units of each group, at most
    least: int = 3  # valid drafts sent that praise needs: rank is not praise
    low_rate: float = 0.1  # share adopted under which a unit is named


@dataclass(frozen=True, slots=True)
class Office:
    """Who reports, to whom, and about what."""

    name: str
    subject: str = "组工信息"
    to: str = ""
    copy_to: str = ""
    standard: Standard = field(default_factory=Standard)
