"""Erasing as a plain step: words out of the database and its file, originals out of the store."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.office import Office, sole_run
from storage.connection import raw
from storage.erasing import erase_drafts, expired, files_of, marked_originals
from storage.erasing_person import Named, erase_person
from storage.errors import StorageError
from storage.periods import today
from storage.scrubbing import scrub
from storage.texts import storable_name
from zugao.settings import Settings

COPY = "分析副本"
"""Folder of the analysts' copy, which an erasure makes out of date."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did."""

    drafts: tuple[int, ...]  # whose words went now
    originals: int  # removed from the store
    scrubbed: bool  # whether the database file holds nothing deleted any more
    lying: tuple[str, ...]  # files of these drafts that still lie in an inbox


def erase(office: Office, ids: Sequence[int], *, kind: str, why: str, who: str) -> Erased:
    """Erase the words of drafts; those that went before are only cleaned up after.

    Raises Busy while an intake runs, StorageError (then calling again finishes the work).
    """
    with sole_run(office):
        present = _present(office)
        new = erase_drafts(office.db, ids, kind=kind, why=why, who=who, present=present)
        return _clean(office, new, present, ids)


def erase_name(office: Office, person: str, *, why: str, who: str) -> tuple[Named, Erased]:
    """Erase a person's name from all drafts; where it was, and what was done. Raises as above."""
    with sole_run(office):
        present = _present(office)
        found = erase_person(office.db, person, why=why, who=who, present=present)
        return found, _clean(office, found.drafts, present, found.drafts)


def due(office: Office, on: date | None = None) -> list[int]:
    """Drafts older than the settings keep texts; none where texts are kept for ever."""
    years = office.settings.retention.keep_texts_years
    if not years:
        return []
    on = on or today()
    # 29 February has no other year's day: its texts are kept a day longer.
    before = (on.replace(day=28) if (on.month, on.day) == (2, 29) else on).replace(
        year=on.year - years
    )
    return expired(office.db, before.isoformat())


def reason(settings: Settings) -> str:
    """Why a text went whose time was over, as its trace says."""
    return f"超过保存年限（{settings.retention.keep_texts_years}年）"


def _clean(office: Office, new: Sequence[int], present: set[str], ids: Sequence[int]) -> Erased:
    removed = sum(office.blobs.remove(digest) for digest in marked_originals(office.db))
    try:
        scrubbed = scrub(office.db)
    except StorageError as error:
        if error.reason not in ("busy", "full"):
            raise
        scrubbed = False
    for old in (office.settings.home / COPY).glob("zugao.db*"):
        old.unlink()
    return Erased(tuple(new), removed, scrubbed, lying(office, ids, present))


def lying(office: Office, ids: Sequence[int], present: set[str] | None = None) -> tuple[str, ...]:
    """The files of drafts that still lie in the inbox they came from."""
    there = _present(office) if present is None else present
    return tuple(sorted({path for *_, path in files_of(raw(office.db), ids) if path in there}))


def _present(office: Office) -> set[str]:
    """Files in all inboxes that were ever taken in, called as the ledger calls them."""
    rows = raw(office.db).execute("SELECT DISTINCT inbox FROM run")
    found: set[str] = set()
    for (inbox,) in rows:
        for folder, _, names in os.walk(Path(inbox)):
            found.update(storable_name(str(Path(folder) / name)) for name in names)
    return found
