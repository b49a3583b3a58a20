"""The content store: the original bytes of every file, named by their SHA-256.

A file is copied here before anything else happens to it, is never altered afterwards, and its
source is only ever read. When :meth:`BlobStore.add` returns, the bytes survive a power cut.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from nlp.types import Refusal
from storage.errors import explained
from word.reasons import Refused

_CHUNK = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")
_THREADS = 8  # fsync waits for the disk, not for the processor


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is safe in the store."""

    sha256: str
    size: int


class BlobStore:
    """A folder of read-only files ``aa/aabbcc…``, one for each distinct content."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        with explained(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            # All folders now: one made later would need its own fsync before a blob is safe.
            for number in range(256):
                (self.root / f"{number:02x}").mkdir(exist_ok=True)
            _sync_folder(self.root)

    def path(self, sha256: str) -> Path:
        """Where the content lies, whether or not it is there. ValueError if not a digest."""
        if not _DIGEST.fullmatch(sha256):
            raise ValueError(f"not a SHA-256: {sha256!r}")
        return self.root / sha256[:2] / sha256

    def add(self, source: Path | str) -> Stored:
        """Copy ``source`` into the store, durably; content that is there already is kept.

        Raises :class:`Refused` for the source (``not_regular_file``, ``unreadable``,
        ``incomplete`` when it changed while it was read), ``StorageError`` for the store.
        """
        with _opened(source) as reader:
            with explained(self.root):
                part, name = tempfile.mkstemp(suffix=".part", dir=self.root)
            try:
                with explained(self.root), os.fdopen(part, "wb") as writer:
                    stored = _copy(reader, writer.fileno())
                    self._keep(Path(name), writer.fileno(), stored)
            finally:
                with suppress(OSError):  # gone already, or the disk fails: a later sweep takes it
                    Path(name).unlink()
        return stored

    def add_many(self, sources: Sequence[Path | str]) -> list[Stored | Refusal]:
        """:meth:`add` for many files at once, answers in the order of ``sources``."""
        with ThreadPoolExecutor(_THREADS) as pool:
            return list(pool.map(self._try_add, sources))

    def remove(self, sha256: str) -> bool:
        """Take a content out for good, durably; whether it was there. Raises StorageError."""
        target = self.path(sha256)
        with explained(self.root):
            try:
                target.unlink()
            except FileNotFoundError:
                return False
            _sync_folder(target.parent)
        return True

    def sweep(self, older_than: float = 3600.0) -> int:
        """Remove unfinished copies older than ``older_than`` seconds; returns how many."""
        limit = time.time() - older_than
        removed = 0
        for part in self.root.glob("*.part"):
            with suppress(FileNotFoundError):
                if part.stat().st_mtime < limit:
                    part.unlink()
                    removed += 1
        return removed

    def _try_add(self, source: Path | str) -> Stored | Refusal:
        try:
            return self.add(source)
        except Refused as refused:
            return refused.refusal()

    def _keep(self, part: Path, descriptor: int, stored: Stored) -> None:
        target = self.path(stored.sha256)
        if not _holds(target, stored.size):
            os.fchmod(descriptor, 0o444)
            os.fsync(descriptor)
            part.replace(target)
        # Also for a blob found here: whoever put it may have been killed before this line.
        _sync_folder(target.parent)


@contextmanager
def _opened(source: Path | str) -> Iterator[int]:
    """A descriptor of a regular file; O_NONBLOCK so that a named pipe does not hang us."""
    try:
        before = os.lstat(source)
        if not stat.S_ISREG(before.st_mode):
            raise Refused("not_regular_file", stat.filemode(before.st_mode))
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Refused("unreadable", error.strerror or str(error)) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _copy(reader: int, writer: int) -> Stored:
    """Copy and hash at once; refuse what is not the same before and after."""
    before = os.fstat(reader)
    if not stat.S_ISREG(before.st_mode):
        raise Refused("not_regular_file", stat.filemode(before.st_mode))
    digest, size = hashlib.sha256(), 0
    while chunk := _read(reader):
        digest.update(chunk)
        size += len(chunk)
        if size > before.st_size:  # still growing: do not chase it
            break
        _write_all(writer, chunk)
    after = os.fstat(reader)
    if (size, after.st_size, after.st_mtime_ns) != (
        before.st_size, before.st_size, before.st_mtime_ns
    ):  # fmt: skip
        raise Refused("incomplete", "changed while it was read")
    return Stored(digest.hexdigest(), size)


def _holds(target: Path, size: int) -> bool:
    try:
        return target.stat().st_size == size
    except FileNotFoundError:
        return False


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError as error:
        raise Refused("unreadable", error.strerror or str(error)) from error


def _write_all(descriptor: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
