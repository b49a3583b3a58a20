"""The issues folder: each new file is read behind the fence and taken, or told with its reason."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.inbox import Found, finished, scan, settled
from flows.office import Office
from flows.steps import MAX_STORED, Report, make_readers
from nlp.masthead import Masthead, read_name
from nlp.printed import split_issue
from nlp.types import Reading, Refusal
from storage.errors import RefusedError
from storage.issue_ledger import IssueHead, is_taken, note_refusal, take_issue, take_list
from storage.ledger import FileStat
from storage.names import suggestion
from storage.outlets import Outlets, load_outlets
from storage.printed_lists import read_titles
from word.guard import Parts
from word.pool import Job
from word.reasons import Refused, sentence

LISTS = (".csv", ".xlsx", ".xlsm")
"""Suffixes of lists of published titles; every other file is an issue."""

_BATCH = 20
_LARGEST_LIST = 100 * 1024 * 1024
"""Bytes of a workbook when unpacked, all its parts together."""


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What became of one file of the folder."""

    name: str
    items: int = 0
    reason: str = ""  # code; "" = all of it was read
    complaints: tuple[str, ...] = ()  # Chinese sentences, each with its own cause


def find_issues(office: Office, place: Path, *, wait: bool) -> tuple[list[Found], list[str]]:
    """(the files to look at, names of those still being written) of a folder, or one file.

    Raises InboxError if there is no such place.
    """
    if place.is_file():
        return [Found(place, place.name, place.name, FileStat.of(str(place), place.lstat()))], []
    found = scan(place)
    if not wait:
        return found, []
    intake = office.settings.intake
    still, moving = settled(found, intake.settle_seconds)
    ready = [one for one in still if finished(one, intake.wait_minutes * 60)]
    known = {one.path for one in ready}
    return ready, [one.name for one in (*moving, *still) if one.path not in known]


def take_files(office: Office, found: Sequence[Found], report: Report) -> list[TakenFile]:
    """Take the files that were not taken before, in their order."""
    outlets = load_outlets(office.db)
    taken: list[TakenFile] = []
    with make_readers(office.settings) as readers:
        for start in range(0, len(found), _BATCH):
            batch = [_Given.of(one) for one in found[start : start + _BATCH]]
            new = [one for one in batch if not _is_known(office, one)]
            issues = [one for one in new if not one.problem and not one.is_list]
            jobs = [Job(one.found.path, one.found.name) for one in issues]
            readings = dict(zip(issues, readers.read(jobs), strict=True))
            for one in new:
                if not _is_known(office, one):  # by a file of the same batch
                    taken.append(_take(office, one, readings.get(one), outlets))
            report("读刊发文件", min(start + _BATCH, len(found)), len(found))
    return taken


@dataclass(frozen=True, slots=True)
class _Given:
    """A file with the digest of its content, or why it cannot be read at all."""

    found: Found
    sha256: str
    problem: str

    @classmethod
    def of(cls, found: Found) -> _Given:
        if found.problem or found.stat.size > MAX_STORED:
            return cls(found, "", found.problem or "too_large")
        try:
            with found.path.open("rb") as file:
                return cls(found, hashlib.file_digest(file, "sha256").hexdigest(), "")
        except OSError:
            return cls(found, "", "unreadable")

    @property
    def is_list(self) -> bool:
        return self.found.path.suffix.lower() in LISTS


def _is_known(office: Office, given: _Given) -> bool:
    return bool(given.sha256) and is_taken(office.db, given.sha256)


def _take(
    office: Office, given: _Given, answer: Reading | Refusal | None, outlets: Outlets
) -> TakenFile:
    name = given.found.name
    try:
        if given.problem:
            raise _refused(Refusal(given.problem), name)
        if given.is_list:
            return _take_list(office, given, outlets)
        if not isinstance(answer, Reading):
            raise _refused(answer or Refusal("unreadable"), name)
        return _take_issue(office, given, answer, outlets)
    except RefusedError as error:
        if given.sha256:
            note_refusal(office.db, name, given.sha256, error.reason, str(error))
        told = str(error) if name in str(error) else f"“{name}”{error}"
        return TakenFile(name, 0, error.reason, (told,))


def _refused(refusal: Refusal, name: str) -> RefusedError:
    return RefusedError(refusal.reason, sentence(refusal, name))


def _take_list(office: Office, given: _Given, outlets: Outlets) -> TakenFile:
    _check_workbook(given.found)
    titles, complaints = read_titles(given.found.path, outlets)
    name = given.found.name
    items = take_list(office.db, titles, complaints, name, given.sha256)
    told = tuple(f"“{name}”{complaint}" for complaint in complaints)
    return TakenFile(name, items, "rows" if complaints else "", told)


def _check_workbook(found: Found) -> None:
    """Refuse a workbook that would not stay small when unpacked. Raises RefusedError."""
    if found.path.suffix.lower() == ".csv":
        return
    try:
        parts = Parts(found.path.read_bytes())
        total = sum(parts.member(name).size for name in parts.names)
    except (Refused, OSError) as error:
        reason = error.reason if isinstance(error, Refused) else "unreadable"
        raise _refused(Refusal(reason), found.name) from None
    if total > _LARGEST_LIST:
        raise _refused(Refusal("hostile_zip"), found.name)


def _take_issue(office: Office, given: _Given, reading: Reading, outlets: Outlets) -> TakenFile:
    issue = split_issue(reading)
    head = _head(issue.masthead, given.found, outlets)
    if not issue.items:
        raise RefusedError("no_items", "里没有看出一篇一篇的文章，请检查是不是印发的一期。")
    take_issue(office.db, head, issue.items, given.found.name, given.sha256)
    return TakenFile(given.found.name, len(issue.items))


def _head(masthead: Masthead, found: Found, outlets: Outlets) -> IssueHead:
    """Outlet, number and day: from the masthead, else the file's name, else its folder's.

    Raises RefusedError: ``no_outlet``, ``unknown_outlet``, ``no_number``, ``no_date``.
    """
    of_file = read_name(found.path.stem)
    said = masthead.over(of_file)
    names = [name for name in (masthead.outlet, of_file.outlet) if name]
    outlet_id = _outlet(names, [found.path.stem, Path(found.place).parent.name], outlets)
    if not said.number and not said.day:
        raise RefusedError("no_number", "里没有写期号和印发日期，请写在刊头或文件名里。")
    if not said.day:
        raise RefusedError("no_date", "里没有写印发日期，请写在刊头或文件名里。")
    day = date.fromisoformat(said.day)
    return IssueHead(outlet_id, said.number or said.day, day, int(said.year or day.year))


def _outlet(said: Sequence[str], perhaps: Sequence[str], outlets: Outlets) -> int:
    """The outlet that is said, or that one of the other names exactly is."""
    answers = [outlets.find(name) for name in said]
    for answer in (*answers, *map(outlets.find, perhaps)):
        if answer.outlet_id is not None:
            return answer.outlet_id
    if not said:
        raise RefusedError("no_outlet", "里没有写是哪个刊物，请写在刊头或文件名里。")
    near = next((answer.nearest for answer in answers if answer.nearest), ())
    raise RefusedError(
        "unknown_outlet",
        f"的刊物“{said[0]}”不在刊物表里{suggestion(near)}；请用 zugao outlets 补上，"
        "或把它记作别名。",
    )
