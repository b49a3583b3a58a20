"""Adoption: what is new in the issues folder is read, matched, and recorded where it is sure.

The same steps run directly (``zugao match``) and as a served Prefect flow. A run that is killed
loses nothing and doubles nothing: a file is taken whole or not, what is not matched waits, and an
adoption that stands is not recorded again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.issues_folder import TakenFile, find_issues, take_files
from flows.office import Busy, Office, open_office
from flows.steps import Report
from storage import lease
from storage.errors import StorageError
from storage.events import EventError, adopt
from storage.matching import Sure, match_waiting, sure_proposals
from storage.proposals import count_open, last_item, unmatched_since
from zugao.settings import Settings

LEASE = "adoption"


@dataclass(frozen=True, slots=True)
class Matched:
    """What a run did."""

    files: tuple[TakenFile, ...]
    moving: tuple[str, ...]  # still being written, left for the next run
    known: int  # files that were taken before
    matched: int  # items that were compared
    recorded: int  # adoptions recorded
    waiting: int  # proposals that wait for an editor, old ones too
    unmatched: tuple[dict[str, Any], ...]  # items of these files that no draft was found for

    @property
    def refused(self) -> int:
        """Files that were not read, or not wholly."""
        return sum(bool(file.reason) for file in self.files)

    @property
    def sentence(self) -> str:
        """The run in one Chinese sentence."""
        read = [file for file in self.files if file.reason in ("", "rows")]
        words = f"读入 {len(read)} 个文件、{sum(file.items for file in read)} 条，"
        words += f"比对 {self.matched} 条；记下采用 {self.recorded} 篇次，"
        words += f"等编辑确认 {self.waiting} 条，刊发而无来稿 {len(self.unmatched)} 条"
        return words + (f"；{self.refused} 个文件有问题。" if self.refused else "。")


def match_once(
    settings: Settings, place: Path | None, report: Report, *, wait: bool = True
) -> Matched:
    """Take what is new in ``place`` (a folder, a file; None: the office's own) and match it.

    Raises Busy, InboxError or StorageError, each with a Chinese sentence.
    """
    with open_office(settings) as office, alone(office):
        found, moving = find_issues(office, place or settings.issues, wait=wait)
        before = last_item(office.db)
        files = take_files(office, found, report)
        matched = match_waiting(office.db)
        sure = sure_proposals(office.db) if settings.adoption.record_sure else []
        return Matched(
            tuple(files), tuple(moving), len(found) - len(files), matched, record(office, sure),
            count_open(office.db), tuple(unmatched_since(office.db, before)),
        )  # fmt: skip


def record(office: Office, sure: Sequence[Sure], *, who: str = "") -> int:
    """Record sure matches as adoptions; returns how many are new."""
    recorded = 0
    for one in sure:
        with suppress(EventError):  # an editor was faster, or has refused it
            adopt(
                office.db, one.draft_id, one.item_id, form=one.form, share=one.share,
                source="match", confidence=one.confidence, who=who,
            )  # fmt: skip
            recorded += 1
    return recorded


@contextmanager
def alone(office: Office) -> Iterator[None]:
    """Hold the lease of matching for the time of a run. Raises Busy."""
    held = lease.acquire(office.db, LEASE)
    if held is None:
        raise Busy("另一个比对刊发的任务正在运行，这次没有做；等它结束后再运行即可。")
    try:
        yield
    finally:
        with suppress(StorageError):  # a full disk: the lease ends with this process
            lease.release(office.db, held)
