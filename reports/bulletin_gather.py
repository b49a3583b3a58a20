"""A bulletin from the database: figures, lists, sentences, and the ids behind every figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from nlp.masking import masked
from points.fields import CLASSES
from reports.adjustments import adjustments
from reports.bulletin import Award, Bulletin, Commission, Head, Piece, Theme
from reports.bulletin_words import Faults, sections
from reports.rule_words import rule_words
from reports.standard import Office
from reports.wording import period_words, span_words
from storage.bulletin_rows import awards_of, commissions_of, pieces_of
from storage.connection import Database
from storage.evidence import Asked, evidence
from storage.periods import Period, today
from storage.profiles import StoredProfile, profile_for
from storage.statistics import unit_figures
from storage.statistics_kinds import themes_sent_and_adopted
from storage.statistics_lists import duplicates_by_unit, late_reports, persistent_last

LAST_FOR: Final = 3
"""Periods at the end of its group after which a unit is named."""


def gather(
    db: Database,
    period: Period,
    office: Office,
    *,
    profile: str = "",
    number: str = "",
    on: date | None = None,
) -> Bulletin:
    """The bulletin of a period, by the rules that hold on its last day.

    ``on``: the day on which it is made (today). Raises ProfileError where no rules hold then,
    SnapshotError where an earlier bulletin cannot be read.
    """
    day = on or today()
    rules = profile_for(db, period.end - timedelta(days=1), profile)
    units = unit_figures(db, period, rules.id, on=day)
    asked = Asked(period, rules.id, "published", {**CLASSES, **rules.rules.classes}, day)
    rows, _ = evidence(db, asked)
    awards = tuple(Award(**row) for row in awards_of(db, period, rules.id))
    bare = Bulletin(
        head=_head(period, office, rules, number, day),
        units=tuple(units),
        pieces=_pieces(db, period, awards),
        commissions=tuple(Commission(**row) for row in commissions_of(db, period, day)),
        awards=awards,
        themes=_themes(db, period),
        adjustments=tuple(adjustments(db, period, rules.name)),
        rules=rule_words(rules.rules),
        sections=(),
        ids={str(unit): dict(sorted(figures.items())) for unit, figures in sorted(rows.items())},
    )
    worded = sections(bare, office.standard, _faults(db, period, rules.id), span_words(period))
    return replace(bare, sections=tuple(worded))


def _pieces(db: Database, period: Period, awards: Sequence[Award]) -> tuple[Piece, ...]:
    """Adoptions with what each earned: an adoption counts on the day of its issue."""
    earned: Counter[int | None] = Counter()
    for award in awards:
        earned[award.event_id] += award.points
    return tuple(
        Piece(**{**row, "title": masked(row["title"])}, points=earned[row["adoption_id"]])
        for row in pieces_of(db, period)
    )


def _themes(db: Database, period: Period) -> tuple[Theme, ...]:
    rows: list[dict[str, Any]] = themes_sent_and_adopted(db, period)
    found = [Theme(r["key"], r["name"] or r["key"], r["submitted"], r["adopted"]) for r in rows]
    return tuple(sorted(found, key=lambda theme: (-theme.sent, theme.code)))


def _faults(db: Database, period: Period, profile_id: int) -> Faults:
    """What the figures of units do not hold; a hint of the form check accuses nobody."""
    late = Counter(r["unit"] for r in late_reports(db, period) if r["source"] == "编辑认定")
    copies: list[dict[str, Any]] = duplicates_by_unit(db, period)
    last = persistent_last(db, period, profile_id, LAST_FOR)
    return Faults(
        late=tuple((str(unit), count) for unit, count in late.most_common()),
        copies=tuple((r["unit"], r["own"]) for r in copies if r["own"]),
        last=tuple((str(r["unit"]), LAST_FOR) for r in last),
    )


def _head(period: Period, office: Office, rules: StoredProfile, number: str, day: date) -> Head:
    words = period_words(period)
    return Head(
        office=office.name,
        title=f"关于{words}\n{office.subject}采用情况的通报",
        number=number,
        to=office.to,
        copy_to=office.copy_to,
        dated=day.isoformat(),
        period=words,
        start=period.start.isoformat(),
        end=period.end.isoformat(),
        profile_id=rules.id,
        profile=rules.name,
        profile_version=rules.version,
        profile_sha256=rules.sha256,
    )
