"""A child that hangs, eats memory, dies or talks nonsense costs its own file and no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.types import Block, Notice, Reading, Refusal
from tests.support_files import docx
from word import wire
from word.directory import MiB
from word.pool import Job, ReaderPool, ReadLimits
from word.process import Child

UNRULY = (sys.executable, str(Path(__file__).with_name("support_unruly_child.py")))
QUICK = ReadLimits(memory=400 * MiB, wall_seconds=2)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft"
    path.write_bytes(docx("第一段", "第二段"))
    return path


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReaderPool]:
    monkeypatch.chdir(tmp_path)  # where a misbehaving child leaves what it writes
    with ReaderPool(1, QUICK, UNRULY) as pool:
        yield pool


def children() -> set[int]:
    """Reading processes that are ours, zombies included; other tests may have workers of theirs."""
    listed = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = {int(pid) for path in listed for pid in path.read_text().split()}
    return {pid for pid in pids if _reads(pid)}


def _reads(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return not words or b"support_unruly_child" in words or b"word.child" in words


def read_around(pool: ReaderPool, draft: Path, name: str) -> Refusal:
    """Read a misbehaving file between good ones, which must all be read."""
    good = [Job(draft, f"{i}.docx") for i in range(3)]
    first, second, culprit, third = pool.read([*good[:2], Job(draft, name), good[2]])
    for answer in (first, second, third):
        assert isinstance(answer, Reading)
        assert [block.text for block in answer.blocks] == ["第一段", "第二段"]
    assert isinstance(culprit, Refusal)
    return culprit


class TestMisdeeds:
    @pytest.mark.parametrize(
        ("name", "reason", "detail"),
        [
            ("hang", "timeout", "no answer in time"),
            ("eat", "out_of_memory", ""),
            ("die", "reader_died", "SIGABRT"),
            ("leave", "reader_died", "exit 3"),
            ("raise", "reader_died", "KeyError: 'a defect' (support_unruly_child.py:"),
            ("write", "reader_died", "OSError: [Errno 27] File too large"),
        ],
    )
    def test_costs_its_file_only(
        self, pool: ReaderPool, draft: Path, name: str, reason: str, detail: str
    ) -> None:
        refusal = read_around(pool, draft, name)
        assert refusal.reason == reason
        assert refusal.detail.startswith(detail)

    def test_processor_time_runs_out_first(self, draft: Path) -> None:
        with ReaderPool(1, ReadLimits(cpu_seconds=1, wall_seconds=30), UNRULY) as pool:
            refusal = read_around(pool, draft, "spin")
        assert (refusal.reason, refusal.detail) == ("timeout", "SIGXCPU")

    @pytest.mark.parametrize(
        "bytes_said",
        [
            b"\0\0\0\7garbage",
            b"\0\0\0\4null",
            b"\xff\xff\xff\xff",
            wire.frame(["refusal", "bad_luck", ""]),
            wire.frame(["convert", "exe"]),
            wire.frame(["reading", "docx", [["body", "", 7, "", 0, "", 0.0, False]], []]),
            wire.frame(["reading", "docx", [["cellar", "", "", "", 0, "", 0.0, False]], []]),
            wire.frame(["reading", "docx", [], [["a", "b", "c"]]]),
            b"\0\0\x27\x10" + b"[" * 10_000,
        ],
    )
    def test_garbage(self, pool: ReaderPool, draft: Path, bytes_said: bytes) -> None:
        refusal = read_around(pool, draft, "say " + bytes_said.decode("latin-1"))
        assert refusal.reason == "reader_died"
        assert refusal.detail.startswith("garbage: ")

    def test_half_an_answer(self, pool: ReaderPool, draft: Path) -> None:
        assert read_around(pool, draft, "say \0\0\1\0half").reason in ("reader_died", "timeout")

    def test_what_a_library_prints_is_not_taken_for_an_answer(
        self, pool: ReaderPool, draft: Path
    ) -> None:
        assert isinstance(pool.read([Job(draft, "print")])[0], Reading)

    def test_all_at_once(self, draft: Path) -> None:
        names = ["die", "a", "leave", "leave", "b", "eat", "raise", "c", "die"]
        with ReaderPool(2, QUICK, UNRULY) as pool:
            answers = pool.read([Job(draft, name) for name in names])
        assert [isinstance(a, Reading) for a in answers] == [n in "abc" for n in names]
        assert not children()


class TestPool:
    def test_order_of_answers(self, tmp_path: Path) -> None:
        jobs = []
        for i in range(100):
            path = tmp_path / str(i)
            path.write_bytes(docx(f"第{i}篇"))
            jobs.append(Job(path, "稿件.docx"))
        with ReaderPool(2, ReadLimits(batch=7)) as pool:
            answers = pool.read(jobs)
        assert [a.blocks[0].text for a in answers if isinstance(a, Reading)] == [
            f"第{i}篇" for i in range(100)
        ]

    def test_nothing_to_read(self) -> None:
        with ReaderPool() as pool:
            assert pool.read([]) == []
            assert not children()  # and no child was started for it

    def test_same_as_reading_here(self, draft: Path) -> None:
        from word.read import read_file

        with ReaderPool() as pool:
            assert pool.read([Job(draft)]) == [read_file(draft)]

    def test_a_child_serves_many_files_and_is_then_replaced(self, draft: Path) -> None:
        with ReaderPool(1, ReadLimits(recycle=4, batch=2), UNRULY) as pool:
            answers = pool.read([Job(draft, "pid")] * 9)
        pids = [a.detail for a in answers if isinstance(a, Refusal)]
        assert [pids.index(pid) for pid in pids] == [0, 0, 0, 0, 4, 4, 4, 4, 8]

    def test_closing_leaves_no_process(self, draft: Path) -> None:
        with ReaderPool(2) as pool:
            pool.read([Job(draft)] * 80)
            assert len(children()) == 2
        assert not children()

    def test_works_beside_threads(self, draft: Path) -> None:
        stop = threading.Event()
        busy = threading.Thread(target=stop.wait)
        busy.start()
        try:
            with ReaderPool(2) as pool:
                assert all(isinstance(a, Reading) for a in pool.read([Job(draft)] * 40))
        finally:
            stop.set()
            busy.join()

    def test_a_child_that_cannot_start_is_our_fault(
        self, draft: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with (
            ReaderPool(1, QUICK, (sys.executable, "-c", "import no_such_module")) as pool,
            pytest.raises(RuntimeError, match="does not start"),
        ):
            pool.read([Job(draft)])
        assert "no_such_module" in capfd.readouterr().err
        assert not children()

    def test_no_secret_is_handed_down(self, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OFFICE_PASSWORD", "x")
        with ReaderPool(1, QUICK, UNRULY) as pool:
            (answer,) = pool.read([Job(draft, "environment")])
        assert isinstance(answer, Refusal)
        assert "PYTHONPATH" in answer.detail
        assert "OFFICE_PASSWORD" not in answer.detail

    def test_child_ends_when_its_parent_is_killed(self, draft: Path) -> None:
        script = (
            "import sys, time; from pathlib import Path; from word.pool import Job, ReaderPool\n"
            f"pool = ReaderPool(); pool.read([Job(Path({str(draft)!r}))])\n"
            "print(pool._idle[0]._process.pid, flush=True); time.sleep(60)"
        )
        parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
        deadline = time.monotonic() + 5
        while _alive(pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not _alive(pid)

    def test_a_child_imports_nothing_heavy(self) -> None:
        script = "import sys, word.child; print(*sys.modules)"
        loaded = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout.split()
        assert "lxml.etree" in loaded  # positive control
        assert not {"numpy", "sklearn", "prefect", "jieba", "pypdf", "sqlite3"} & set(loaded)

    def test_ready_in_good_time(self) -> None:
        began = time.perf_counter()
        child = Child((sys.executable, "-m", "word.child"), ReadLimits())
        try:
            child.start()
        finally:
            child.kill()
        assert time.perf_counter() - began < 5


def _alive(pid: int) -> bool:
    """Whether a process exists and is no zombie (that nobody in a container may collect)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


texts = st.text(max_size=20)
readings = st.builds(
    Reading,
    st.sampled_from(["docx", "pdf", "txt"]),
    st.lists(
        st.builds(
            Block,
            st.sampled_from(["body", "table", "footer"]),
            texts,
            texts,
            texts,
            st.integers(0, 9),
            texts,
            st.sampled_from([0.0, 10.5, 16.0]),
            st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    st.lists(st.builds(Notice, texts, texts, st.integers(1, 9)), max_size=2).map(tuple),
)


@given(readings)
def test_a_reading_survives_the_wire(reading: Reading) -> None:
    assert wire.unpack(wire.parse(wire.frame(wire.pack(reading))[wire.HEADER :])) == reading


def test_an_int_for_a_size_is_packed_as_a_float() -> None:
    block = Block("body", "", "甲", size=16)
    sent = wire.pack(Reading("docx", (block,)))
    assert wire.unpack(wire.parse(wire.frame(sent)[wire.HEADER :])) == Reading("docx", (block,))
