"""Opening an archive of drafts: its files are stored and received as if they lay in the inbox."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flows.office import Office, Tally
from nlp.types import Refusal
from storage import ledger
from storage.blobs import Stored
from storage.commit import Outcome, commit_batch
from storage.errors import explained
from storage.ledger import Submission
from storage.units import Units, load_units
from word.archive import Member, RefusedMember, unpack
from word.reasons import Refused

ROOM = ".unpack-"
"""How temporary folders of unpacked files begin; what a crash left is removed by the next run."""


def open_archive(office: Office, run_id: int, manuscript_id: int, tally: Tally) -> None:
    """Store and receive the files of an archive, then mark it read; safe to do again."""
    found = ledger.waiting(office.db, after=manuscript_id - 1, count=1)
    if not found or found[0].manuscript_id != manuscript_id:  # done before
        return
    [archive] = found
    home = office.settings.home
    with explained(home), tempfile.TemporaryDirectory(dir=home, prefix=ROOM) as room:
        try:
            members = unpack(office.blobs.path(archive.sha256), Path(room))
        except Refused as refused:
            refusal = Outcome(manuscript_id, refusal=refused.refusal())
            tally.add(commit_batch(office.db, run_id, [refusal]))
            return
        copies = iter(office.blobs.add_many([m.path for m in members if isinstance(m, Member)]))
        units = load_units(office.db)
        submissions = [
            _submission(m, next(copies) if isinstance(m, Member) else m.refusal, archive, units)
            for m in members
        ]
    receipts = ledger.receive(office.db, submissions, run_id)
    tally.unpacked += sum(receipt.new for receipt in receipts)
    tally.refused += sum(
        r.new and s.refusal is not None for r, s in zip(receipts, submissions, strict=True)
    )
    tally.add(commit_batch(office.db, run_id, [Outcome(manuscript_id, format="zip")]))


def _submission(
    member: Member | RefusedMember, copy: Stored | Refusal, archive: ledger.Waiting, units: Units
) -> Submission:
    """A file of an archive; its own folders and name say its unit before the archive's do."""
    inside = f"{member.folder}/{member.name}" if member.folder else member.name
    place = f"{archive.source} › {inside}"
    unit_id, given = units.of_place(place)
    stored = copy if isinstance(copy, Stored) else None
    return Submission(
        name=member.name,
        unit_given=given,
        source=place,
        unit_id=unit_id,
        sha256=stored.sha256 if stored else None,
        size=stored.size if stored else 0,
        refusal=copy if isinstance(copy, Refusal) else None,
        archive_id=archive.manuscript_id,
    )
