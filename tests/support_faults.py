"""Faults at the system's edge: count what a run asks of the system, and fail or die at the n-th.

Counted are the calls that change something on disk (create, write, fsync, chmod, rename, unlink,
mkdir) and, if asked, every SQL statement. The run is forked, so that dying is real.
"""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flows import steps
from flows.direct import intake_directly
from nlp.analyse import Analyst
from nlp.types import Reading, Refusal
from storage import connection
from storage.blobs import BlobStore
from storage.connection import Database, open_database
from storage.errors import StorageError
from word.pool import Job
from word.read import read_file
from zugao.settings import Settings

EFFECTS = ("open", "write", "fsync", "fchmod", "rename", "replace", "unlink", "mkdir", "rmdir")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
KILL = -signal.SIGKILL
SAID = 70
"""Exit code of a run that stopped with a sentence for people."""

Act = Callable[[str], None]


class Here:
    """Reads in this process: a child for each of hundreds of runs would take minutes."""

    def read(self, jobs: Sequence[Job]) -> list[Reading | Refusal]:
        return [read_file(job.path, job.name) for job in jobs]

    def close(self) -> None:
        pass


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs without reading children, with one analyst for all, blobs one after the other."""
    lighten(monkeypatch.setattr)


def lighten(put: Callable[[str, Any], None]) -> None:
    """As the fixture ``light``, for benchmarks; ``put(name, value)`` sets an attribute."""
    made, make = [], steps.make_analyst

    def analyst(settings: Settings, model: Path | None = None) -> Analyst:
        if not made:
            made.append(make(settings, model))
        return made[0]

    put("flows.steps.make_readers", lambda settings: Here())
    put("flows.steps.make_analyst", analyst)
    put("storage.blobs._THREADS", 1)


def run(settings: Settings, inbox: Path) -> None:
    """One intake."""
    intake_directly(settings, inbox, lambda step, done, total: None, wait=False)


def warm(settings: Settings) -> None:
    """Load what every run needs before the first fork, and make the store's folders."""
    steps.make_analyst(settings, None)
    BlobStore(settings.originals)


@contextmanager
def counted(act: Act, *, sql: bool) -> Iterator[None]:
    """Tell ``act`` of every effect before it happens; it may raise or end the process."""
    patch = pytest.MonkeyPatch()
    for name in EFFECTS:
        patch.setattr(os, name, _before(name, getattr(os, name), act))
    if sql:
        opened = connection.open_database

        def watched(path: Path | str, *, readonly: bool = False) -> Database:
            db = opened(path, readonly=readonly)
            db.conn.set_trace_callback(lambda statement: act(f"sql {statement[:40]}"))
            return db

        patch.setattr("flows.office.open_database", watched)
    try:
        yield
    finally:
        patch.undo()


def _before(name: str, call: Callable[..., Any], act: Act) -> Callable[..., Any]:
    def before(*args: Any, **named: Any) -> Any:
        reading = name == "open" and not (args[1] if len(args) > 1 else 0) & _WRITING
        pipe = name == "write" and args[0] <= 2
        there = name == "mkdir" and Path(args[0]).is_dir()  # changes nothing
        if not reading and not pipe and not there:
            act(name)
        return call(*args, **named)

    return before


def forked(settings: Settings, inbox: Path, act: Act, *, sql: bool = False) -> int:
    """Run one intake in a child under ``act``.

    Returns 0 if it got through, SAID if it stopped with a sentence, KILL if it was killed;
    anything else is a defect.
    """
    pid = os.fork()
    if not pid:
        code = 1
        try:
            with counted(act, sql=sql):
                run(settings, inbox)
            code = 0
        except StorageError as error:
            code = SAID if str(error).endswith("。") else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_after(settings: Settings, inbox: Path, seconds: float) -> int:
    """Run one intake in a child that is killed from outside after ``seconds``; its exit code."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            run(settings, inbox)
            code = 0
        finally:
            os._exit(code)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def dying_at(number: int) -> Act:
    """Ends the process by SIGKILL before the effect of that number (1 = the first)."""
    left = [number]

    def act(_: str) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    return act


def failing_from(number: int, code: int = errno.ENOSPC) -> Act:
    """Every creation and write fails from the effect of that number on, as on a full disk.

    What gives room or needs none (unlink, rename of what is there) still works.
    """
    left = [number]
    needing = {"open", "write", "mkdir", "fsync"}
    everything = {*needing, "rename", "replace", "unlink", "fchmod", "rmdir"}
    failing = everything if code == errno.EROFS else needing

    def act(name: str) -> None:
        left[0] -= 1
        if left[0] <= 0 and name in failing:
            raise OSError(code, os.strerror(code))

    return act


def lasting(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """What an intake leaves; events without their number.

    Killed between receiving the files of an archive and marking it read, the next run reads them
    first and marks it then: the same events, the two of them in the other order.
    """
    from tests.test_flows_intake import rows

    found = rows(settings)
    found["_manuscript_event"] = sorted((row[1:] for row in found["_manuscript_event"]), key=repr)
    return found


def sound(settings: Settings) -> None:
    """Nothing half: database sound, every original what its name says, no row without one."""
    import hashlib

    db = open_database(settings.database, readonly=True)
    assert [tuple(r.values()) for r in db.query("PRAGMA integrity_check")] == [("ok",)]
    assert list(db.query("PRAGMA foreign_key_check")) == []
    for row in db.query("SELECT sha256 FROM _blob"):
        digest = str(row["sha256"])
        data = (settings.originals / digest[:2] / digest).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest
    db.close()
