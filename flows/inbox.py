"""Looking into an inbox: what lies there, from which unit, and whether it is ready to be taken.

Nothing in an inbox is ever moved, renamed, altered or deleted.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.errors import why
from storage.ledger import FileStat
from word.directory import is_whole
from word.guard import read_bytes
from word.reasons import Refused

LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx"})
"""What operating systems leave behind; nobody sent it."""
UNFINISHED_SUFFIXES = (".part", ".tmp", ".crdownload", ".partial")
TAIL = 65_557
"""Bytes; the end record of a zip with the longest comment fits."""
DOCUMENT_SUFFIXES = (
    ".docx", ".docm", ".doc", ".wps", ".rtf", ".odt", ".pdf", ".ofd", ".txt", ".md", ".zip",
)  # fmt: skip
"""A folder with such a name is a mistake to be reported, not a unit's folder."""


class InboxError(Exception):
    """The inbox itself cannot be read; the message is one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Found:
    """One entry of an inbox, with the stat that was seen."""

    path: Path
    name: str  # as given by the sender
    place: str  # path within the inbox, with "/": what the ledger knows the file by
    stat: FileStat  # what must stay the same for the file to count as unchanged
    problem: str = ""  # a reason code for what cannot even be opened: symlink, folder, …


def scan(inbox: Path, *, now: float | None = None) -> list[Found]:
    """Everything in the inbox, in a fixed order (by folder and name).

    What vanishes while we look is left out: it comes again, or it was not meant.
    Raises InboxError if the inbox is missing, not a folder or not readable.
    """
    if not inbox.exists():
        raise InboxError(f"没有找到收件箱文件夹 {inbox}，请检查位置是否写对。")
    if not inbox.is_dir():
        raise InboxError(
            f"{inbox} 不是文件夹；收件箱应当是一个文件夹，单个文件请用 zugao read 查看。"
        )
    try:
        next(iter(os.scandir(inbox)), None)
    except OSError as error:
        raise InboxError(
            f"收件箱 {inbox} 打不开（{why(error)}），请检查这个文件夹的访问权限。"
        ) from None
    return list(_walk(inbox, inbox, time.time() if now is None else now))


def refuse_own(inbox: Path, home: Path) -> None:
    """Raise InboxError for an inbox that holds our own files: they are not drafts."""
    asked, own = inbox.resolve(), home.resolve()
    if own.is_relative_to(asked) or asked.is_relative_to(own / "originals"):
        raise InboxError(
            f"{inbox} 里有组稿自己的数据库和原件，不能当收件箱；"
            f"请另指一个文件夹，如 {home / '收件箱'}。"
        )


def _walk(folder: Path, inbox: Path, now: float) -> Iterator[Found]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("~$") or entry.name.lower() in LITTER:
            continue
        path = Path(entry.path)
        try:
            info = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # gone since the folder was read
        if stat.S_ISDIR(info.st_mode) and not entry.name.lower().endswith(DOCUMENT_SUFFIXES):
            try:
                yield from _walk(path, inbox, now)
            except FileNotFoundError:
                continue
            except OSError:
                yield _found(path, inbox, info, "unreadable")
        elif not stat.S_ISREG(info.st_mode):
            yield _found(path, inbox, info, "not_regular_file")
        elif not _still_arriving(entry.name, info, now):
            yield _found(path, inbox, info, "")


def _still_arriving(name: str, info: os.stat_result, now: float) -> bool:
    """A download's temporary name is left alone for ten minutes, then it is a file like any."""
    return name.lower().endswith(UNFINISHED_SUFFIXES) and now - info.st_mtime < 600


def _found(path: Path, inbox: Path, info: os.stat_result, problem: str) -> Found:
    return Found(
        path=path,
        name=path.name,
        place=path.relative_to(inbox).as_posix(),
        stat=FileStat.of(str(path), info),
        problem=problem,
    )


def settled(
    found: Sequence[Found],
    seconds: float,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.time,
) -> tuple[list[Found], list[Found]]:
    """Split into files whose size and time have stood still for ``seconds``, and those moving.

    Files changed a moment ago are given one chance: the call waits until the youngest of them
    could have settled (at most ``seconds``) and looks again. A file dated in the future (clocks
    disagree) counts as settled when it has not changed during that wait.
    """
    young = [f for f in found if not f.problem and clock() - f.stat.mtime_ns / 1e9 < seconds]
    if not young:
        return list(found), []
    age = min(max(clock() - f.stat.mtime_ns / 1e9, 0.0) for f in young)
    sleep(max(seconds - age, 0.0))
    moving = [f for f in young if _changed(f)]
    still_moving = {f.path for f in moving}
    return [f for f in found if f.path not in still_moving], moving


def _changed(found: Found) -> bool:
    try:
        info = found.path.stat(follow_symlinks=False)
    except OSError:
        return True
    return FileStat.of(str(found.path), info) != found.stat


def finished(found: Found, wait_seconds: float, *, now: float | None = None) -> bool:
    """Whether the end of the file is where its format says that it should be.

    A copy that stalls for longer than the settling time looks still; a zip package (.docx, .ofd,
    .zip) has its directory at the very end, a PDF its trailer, RTF its last brace, so a missing
    end tells; a package that was reserved in full and filled in later has checksums, and no format
    begins with zeros. A file older than ``wait_seconds``, or dated in the future by a clock that is
    wrong, counts as finished: it is broken, not young.
    """
    age = (time.time() if now is None else now) - found.stat.mtime_ns / 1e9
    if found.problem or not 0 <= age <= wait_seconds:
        return True
    if found.stat.size == 0:
        return False
    try:
        with found.path.open("rb") as file:
            head = file.read(8)
            file.seek(max(0, found.stat.size - TAIL))
            tail = file.read(TAIL)
    except OSError:
        return True  # taken as it is: storing it will name the reason
    if not head.strip(b"\0"):
        return False
    if head.startswith(b"PK\x03\x04"):
        return b"PK\x05\x06" in tail and _checks_out(found.path)
    if head.startswith(b"%PDF-"):
        return b"%%EOF" in tail
    if head.startswith(b"{\\rtf"):
        return tail.rstrip(b"\x00\r\n\t ").endswith(b"}")
    return True


def _checks_out(package: Path) -> bool:
    try:
        return is_whole(read_bytes(package))
    except Refused as refused:
        return refused.reason != "incomplete"
