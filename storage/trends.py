"""Keywords of a period by theme, counted in drafts: what a comparison of periods is made from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from storage.connection import raw
from storage.periods import Period

_DRAFTS = """
SELECT theme_code, count(*) FROM drafts
WHERE received_on >= ? AND received_on < ? AND theme_code IS NOT NULL
GROUP BY theme_code
"""

_WORDS = """
SELECT drafts.theme_code, tag.code, count(*)
FROM drafts JOIN tag ON tag.draft_id = drafts.draft_id AND tag.kind = 'keyword'
WHERE received_on >= ? AND received_on < ? AND theme_code IS NOT NULL
GROUP BY drafts.theme_code, tag.code
"""


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """Drafts of each theme, and how many of them have each keyword."""

    drafts: dict[str, int]  # theme code → drafts
    words: dict[tuple[str, str], int]  # (theme code, keyword) → drafts


def words_of(db: Database, period: Period) -> PeriodWords:
    """The drafts received in ``period``, by the theme that holds now; undecided ones left out."""
    days = (period.start.isoformat(), period.end.isoformat())
    drafts = {str(code): int(n) for code, n in raw(db).execute(_DRAFTS, days)}
    words = {(str(code), str(w)): int(n) for code, w, n in raw(db).execute(_WORDS, days)}
    return PeriodWords(drafts, words)


def theme_names(db: Database) -> dict[str, str]:
    """Aspect code → name."""
    return {str(code): str(name) for code, name in raw(db).execute("SELECT code, name FROM aspect")}
