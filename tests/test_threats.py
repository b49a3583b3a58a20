"""Every threat through the real intake: a draft or its own reason, and nothing else happens."""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.connection import open_database
from storage.texts import storable_name
from tests.support_files import docx_parts
from tests.threats import MB, Scene, Threat, all_threats, canary
from tests.threats_zip import quoted_overlap
from word.reasons import REASONS

GiB = 1 << 30
SECRET = "秘密内容不得读入"


@dataclass(frozen=True, slots=True)
class Taken:
    """What an intake of all threats left behind."""

    states: dict[str, set[str]]  # place in the inbox → "read" or the reason
    texts: str
    code: int
    output: str
    seconds: float  # of processor time, children included
    peak: int  # bytes, of the largest process
    calls: tuple[str, ...]
    strange: list[str]  # files outside the working folder and the inbox


def quick() -> list[Threat]:
    """Those that need no LibreOffice: conversion has its own tests."""
    return [threat for threat in all_threats() if not threat.office]


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    base = tmp_path_factory.mktemp("threats")
    inbox, home, room = base / "inbox" / "某县", base / "home", base / "room"
    for folder in (inbox, room):
        folder.mkdir(parents=True)
    (base / "secret.txt").write_text(SECRET)
    with canary() as (address, calls):
        scene = Scene(address, base / "secret.txt")
        for threat in quick():
            threat.into(inbox, scene)
        before = set(base.rglob("*"))
        command = [sys.executable, "-m", "zugao.cli", "--home", str(home)]
        environment = {**os.environ, "TMPDIR": str(room), "HOME": str(room), "PYTHONPATH": "."}
        subprocess.run([*command, "init", str(home)], env=environment, check=True)
        process = subprocess.Popen(
            [*command, "run", str(base / "inbox"), "--direct", "--no-wait", "--json"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert process.stdout
        output = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        strange = [str(p) for p in set(base.rglob("*")) - before if home not in (p, *p.parents)]
        states, texts = looked_up(home)
        yield Taken(
            states, texts, process.returncode, output, usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * 1024,
            tuple(calls), strange,
        )  # fmt: skip


def looked_up(home: Path) -> tuple[dict[str, set[str]], str]:
    db = open_database(home / "zugao.db", readonly=True)
    states: dict[str, set[str]] = {}
    for row in db.query("SELECT source, state, reason FROM manuscript WHERE archive_id IS NULL"):
        states.setdefault(row["source"], set()).add(row["reason"] or row["state"])
    texts = "\n".join(row["text"] for row in db.query("SELECT text FROM _draft_text"))
    db.close()
    return states, texts


def test_there_are_more_than_eighty_and_no_two_are_called_alike() -> None:
    names = [threat.name for threat in all_threats()]
    assert len(names) == len(set(names)) >= 180
    wanted = {reason for threat in all_threats() for reason in threat.expect.split("|")}
    assert wanted <= {*REASONS, "read"}


def test_each_comes_to_what_it_must(taken: Taken) -> None:
    wrong = {}
    for threat in quick():
        place = f"某县/{threat.name}{threat.suffix}"
        found = taken.states.get(storable_name(place), {"nothing"})
        if not found <= set(threat.expect.split("|")):
            wrong[threat.name] = (found, threat.expect)
    assert not wrong


def test_the_run_ends_as_any_run_with_refusals(taken: Taken) -> None:
    assert taken.code == 3
    assert "Traceback" not in taken.output
    told = json.loads(taken.output[taken.output.index("{") :])
    assert told


def test_nothing_is_fetched_read_or_written_elsewhere(taken: Taken) -> None:
    assert taken.calls == ()
    assert SECRET not in taken.texts
    assert taken.strange == []


def test_time_and_memory_stay_bounded(taken: Taken) -> None:
    assert taken.peak <= GiB
    assert taken.seconds < 60  # about 12; the pool ends a child after 60 s of wall time


def test_the_canary_hears() -> None:
    """Positive control: a call to it would have been counted."""
    with canary() as (address, calls):
        with suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()
        assert len(calls) == 1


# What a plain reader does with some of them, in a child under limits of memory and time.

PLAIN = """
import sys, docx
document = docx.Document(sys.argv[1])
text = "\\n".join(p.text for p in document.paragraphs)
text += "\\n".join(c.text for t in document.tables for r in t.rows for c in r.cells)
sys.stdout.write("read:" + text[:200])
"""


@contextmanager
def built(name: str, folder: Path) -> Iterator[Path]:
    [threat] = [threat for threat in all_threats() if threat.name == name]
    yield threat.into(folder, Scene(secret=folder / "secret.txt"))


def plain(path: Path, *, memory: int = GiB // 2, seconds: int = 5) -> str:
    """What plain python-docx comes to: "read:…", the last line of its traceback, a signal."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

    done = subprocess.run([sys.executable, "-c", PLAIN, str(path)], capture_output=True, text=True,
                          preexec_fn=limited, timeout=120, check=False)  # fmt: skip
    if done.returncode < 0:
        return signal.Signals(-done.returncode).name
    return done.stdout or done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("grid_span_200000000", ("MemoryError", "SIGXCPU", "SIGKILL")),
        ("bomb_part", ("read:",)),  # 40 MiB of a kilobyte, and nobody is told
        ("stored_twice", ("read:", "AttributeError", "KeyError")),
        ("macros_under_plain_type", ("read:",)),
        ("entity_that_swallows_text", ("read:",)),
        ("strict_ooxml", ("KeyError",)),
        ("target_null", ("KeyError",)),
        ("folder_with_link", ("read:",)),
    ],
)
def test_a_plain_reader_does_not_withstand(
    name: str, sign: tuple[str, ...], tmp_path: Path
) -> None:
    """Positive control: these files do what they are said to do."""
    (tmp_path / "secret.txt").write_text(SECRET)
    with built(name, tmp_path) as path:
        told = plain(path)
    assert told.startswith(sign), told
    if name == "entity_that_swallows_text":
        assert "后" not in told


def test_plain_zipfile_unpacks_what_overlaps() -> None:
    """Positive control: kilobytes that inflate to many times what any single ratio shows.

    From 3.11.8 on zipfile refuses (CVE-2024-0450); the bomb is then known by its directory.
    """
    data = quoted_overlap(Scene())
    assert len(data) < 30_000
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        members = [i for i in package.infolist() if i.filename not in docx_parts(b"")]
        assert sum(info.file_size for info in members) > 150 * MB
        if sys.version_info < (3, 11, 8):
            inflated = package.open(members[0]).read(MB)
            assert len(inflated) == MB
        else:
            with pytest.raises(zipfile.BadZipFile, match="Overlapped"):
                package.read(members[0])
