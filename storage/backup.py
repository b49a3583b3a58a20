"""Backups of a working folder: a consistent database, the originals, what the settings name.

A folder of backups holds one folder a backup (``20261121T230000Z``) and one store of originals
that they share, so that an hour without new files costs a copy of the database. A backup's
``SHA256SUMS`` lists every file that belongs to it, originals included; ``sha256sum -c`` reads it
without us. A backup appears under its name only when it is whole and checked.

The database is copied through SQLite's backup API in a connection of its own: copying its file
while somebody writes gives torn or stale copies (measured, docs/reliability.md), and opening it
by other means than SQLite would drop the locks of this process.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.backup_keeping import Keep, kept, moment_of, name_of
from storage.connection import open_database, raw
from storage.driver import sqlite3
from storage.errors import RefusedError, explained

DATABASE = "zugao.db"
SUMS = "SHA256SUMS"
ORIGINALS = "originals"
_PART = ".part-"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made."""

    path: Path
    made_at: str  # ISO-8601, UTC
    size: int  # bytes of the database
    originals: int
    new_originals: int  # of them copied now
    missing: tuple[str, ...]  # originals that the database knows and the store has lost
    removed: int  # older backups that the policy let go


@contextmanager
def sole(folder: Path) -> Iterator[None]:
    """Be the only one at work in a folder of backups; the lock ends with the process.

    Raises RefusedError (``busy``) if somebody else is.
    """
    with (folder / ".lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedError("busy", f"另一个备份任务正在写“{folder}”，这次没有做。") from None
        yield


def back_up(
    home: Path,
    folder: Path,
    *,
    files: Sequence[str] = (),
    keep: Keep | None = None,
    now: datetime | None = None,
) -> Backup:
    """Make a backup of the working folder ``home`` in ``folder`` and let go of old ones.

    ``files`` are further files by their path within ``home``; those that are not there are left
    out. Raises StorageError (disk full, not writable, no database) or RefusedError (``busy``;
    ``damaged`` if the database does not check out: nothing is kept then).
    """
    now = now or datetime.now(UTC)
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with sole(folder):
            _remove_unfinished(folder)
            room = folder / f"{_PART}{name_of(now)}"
            try:
                room.mkdir()
                copied = _fill(home, room, folder / ORIGINALS, files)
                size = (room / DATABASE).stat().st_size
                target = _named(room, folder, now)
            except BaseException:
                shutil.rmtree(room, ignore_errors=True)
                raise
            removed = _let_go(folder, keep or Keep())
    moment = moment_of(target.name) or now
    return Backup(target, moment.isoformat(), size, *copied, removed)


def backups(folder: Path) -> list[Path]:
    """The backups in ``folder``, latest first; other entries are not ours."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if moment_of(path.name) and path.is_dir()]
    return sorted(found, key=lambda path: path.name, reverse=True)


def _fill(
    home: Path, room: Path, store: Path, files: Sequence[str]
) -> tuple[int, int, tuple[str, ...]]:
    """Write database, originals, other files; how many originals, how many new, which missing."""
    sums = [(copy_database(home / DATABASE, room / DATABASE), DATABASE)]
    for name in files:
        source = home / name
        if source.is_file():
            (room / name).parent.mkdir(parents=True, exist_ok=True)
            sums.append((copy_file(source, room / name), name))
    blobs, new, missing = _referenced(room / DATABASE), 0, []
    for sha256 in blobs:
        added = _keep_original(home / ORIGINALS, store, sha256)
        if added is None:  # told, but no reason to have no backup of all the rest
            missing.append(sha256)
            continue
        new += added
        sums.append((sha256, f"../{ORIGINALS}/{sha256[:2]}/{sha256}"))
    text = "".join(f"{digest}  {name}\n" for digest, name in sums)
    with (room / SUMS).open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(room)
    return len(blobs), new, tuple(missing)


def copy_database(source: Path, target: Path) -> str:
    """A consistent copy of a live database, checked; returns its SHA-256.

    Raises StorageError, or RefusedError (``damaged``) if SQLite finds something wrong with it.
    """
    with explained(source), closing(open_database(source, readonly=True)) as db:
        copy = sqlite3.connect(str(target), isolation_level=None)
        try:
            raw(db).backup(copy)  # all pages in one step: one moment, and writers go on in WAL
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        finally:
            copy.close()
    problems = check_database(target)
    if problems:
        raise RefusedError("damaged", f"数据库有损坏（{problems[0]}），备份没有保留。")
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return digest_of(target)


def check_database(path: Path) -> list[str]:
    """What SQLite finds wrong with a database that nobody writes; empty if nothing."""
    with explained(path):
        conn = sqlite3.connect(path.absolute().as_uri() + "?mode=ro&immutable=1", uri=True)
        try:
            found = [str(row[0]) for row in conn.execute("PRAGMA integrity_check")]
            orphans = conn.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as error:
            return [str(error)]
        finally:
            conn.close()
    problems = [] if found == ["ok"] else found
    return problems + [f"{table}: {row}" for table, row, *_ in orphans]


def _referenced(database: Path) -> list[str]:
    """The originals that a database knows, those erased on request left out."""
    conn = sqlite3.connect(database.absolute().as_uri() + "?mode=ro&immutable=1", uri=True)
    try:
        sql = "SELECT sha256 FROM _blob WHERE erased_at IS NULL ORDER BY sha256"
        return [row[0] for row in conn.execute(sql)]
    finally:
        conn.close()


def _keep_original(source: Path, store: Path, sha256: str) -> bool | None:
    """Copy an original into the store of the backups unless it is there; whether it was new.

    None if the working folder has it no more, or not as it was. A copy, not a hard link: a link
    would share the original's bytes, and its damage.
    """
    target = store / sha256[:2] / sha256
    if target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{sha256}.part")
    try:
        same = copy_file(source / sha256[:2] / sha256, part) == sha256
    except FileNotFoundError:
        return None
    if not same:
        part.unlink()
        return None
    part.chmod(0o444)
    part.replace(target)
    sync_folder(target.parent)
    return True


def copy_file(source: Path, target: Path) -> str:
    """Copy a file durably; returns the SHA-256 of what was read."""
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _named(room: Path, folder: Path, now: datetime) -> Path:
    target = folder / name_of(now)
    if target.exists():
        raise RefusedError("exists", f"“{target.name}”这个备份已经有了，请过一秒再试。")
    room.rename(target)
    sync_folder(folder)
    return target


def _remove_unfinished(folder: Path) -> None:
    """What a killed backup left; we hold the lock."""
    for left in folder.glob(f"{_PART}*"):
        shutil.rmtree(left, ignore_errors=True)
    for part in (folder / ORIGINALS).glob("??/*.part"):
        with suppress(FileNotFoundError):
            part.unlink()


def _let_go(folder: Path, keep: Keep) -> int:
    """Remove backups that the policy does not keep, and originals that none of the rest needs."""
    present = {path.name: path for path in backups(folder)}
    moments = {name: moment for name in present if (moment := moment_of(name))}
    stay = kept(moments.values(), keep)
    gone = [present[name] for name, moment in moments.items() if moment not in stay]
    for path in gone:
        hidden = path.with_name(f"{_PART}{path.name}")
        path.rename(hidden)  # half removed, it must not pass for a backup
        shutil.rmtree(hidden)
    if gone:
        _sweep_originals(folder)
    return len(gone)


def _sweep_originals(folder: Path) -> None:
    needed = {digest for path in backups(folder) for digest, name in read_sums(path)}
    for blob in (folder / ORIGINALS).glob("??/*"):
        if blob.name not in needed:
            blob.unlink()


def read_sums(backup: Path) -> list[tuple[str, str]]:
    """Digest and path (as seen from the backup) of every file that belongs to a backup.

    Raises RefusedError (``not_a_backup``) if the list is missing or spoilt.
    """
    try:
        lines = (backup / SUMS).read_text("utf-8").splitlines()
        pairs = [(line[:64], line[66:]) for line in lines]
    except (OSError, UnicodeDecodeError):
        raise RefusedError("not_a_backup", f"“{backup}”不是组稿的备份（没有校验清单）。") from None
    if not any(name == DATABASE for _, name in pairs):
        raise RefusedError("not_a_backup", f"“{backup}”的校验清单不完整。")
    return pairs
