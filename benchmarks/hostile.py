"""Hostile files at full size: threats, mutants of good and bad files, guided fuzzing.

    python -m benchmarks.hostile threats             # every threat at full size
    python -m benchmarks.hostile mutants --count 100000
    python -m benchmarks.hostile fuzz --runs 500000  # needs: pip install atheris==3.0.0

``--write`` puts the outcome into docs/reliability.md. Mutants are made of samples/inbox, of the
quick threats, and of ../shared/data/awkward_word where it is present; the same seed gives the same
bytes. Everything is read by the reader pool, as intake does; fuzzing calls guard and readers in
its own process, under a limit of memory, since libFuzzer follows their branches.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.reliability import Line, report
from nlp.types import Reading, Refusal
from tests.support_files import docx_parts, zipped
from tests.threats import Scene, all_threats, canary
from word.guard import open_parts
from word.package import Package
from word.pool import Job, ReaderPool
from word.read import read_native
from word.reasons import REASONS

ROOT = Path(__file__).resolve().parent.parent
DIED = ("reader_died", "timeout", "out_of_memory")
Answer = Reading | Refusal


def peak() -> int:
    """MiB of the largest child so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def reason(answer: Answer) -> str:
    """ "read" or the reason."""
    return answer.reason if isinstance(answer, Refusal) else "read"


def without_office() -> None:
    """What needs LibreOffice is only named: a conversion takes a second."""
    from word import convert

    convert.find_office = lambda: None


# ── threats ──


def threats(_: argparse.Namespace) -> list[Line]:
    """All threats at full size, each alone, with its time."""
    without_office()
    tally: Counter[str] = Counter()
    slowest, longest, wrong = "", 0.0, []
    with tempfile.TemporaryDirectory() as room, canary() as (address, calls):
        folder = Path(room) / "in"
        folder.mkdir()
        scene = Scene(address, large=True)
        with ReaderPool() as pool:
            for threat in all_threats():
                path = threat.into(folder, scene)
                began = time.monotonic()
                [answer] = pool.read([Job(path, path.name)])
                seconds = time.monotonic() - began
                tally[reason(answer)] += 1
                if seconds > longest:
                    slowest, longest = threat.name, seconds
                if reason(answer) in DIED or reason(answer) not in {*REASONS, "read"}:
                    wrong.append(f"{threat.name}: {reason(answer)}")
                _remove(path)
        strange = [p.name for p in Path(room).iterdir() if p != folder]
        heard = len(calls)
    count = sum(tally.values())
    figure = (
        f"{count} threats: {tally['read']} read or opened, {count - tally['read']} refused with "
        f"a reason; longest {longest:.1f} s ({slowest}); peak {peak()} MiB; {heard} connections; "
        f"{len(strange)} files elsewhere; ended by a limit: {', '.join(wrong) or 'none'}"
    )
    return [Line("hostile files, full size", figure)]


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


# ── mutants ──

_VALUES = (
    b"",
    b"-1",
    b"9" * 20,
    b"NULL",
    b"0x1",
    "甲".encode(),
    b"1e9",
    b"%",
    b"../../x",
    b"#_top",
)


def spoilt(data: bytes, dice: random.Random) -> bytes:
    """Bytes changed, cut out, put in, doubled, or the end cut off; one to twenty times."""
    made = bytearray(data or b"x")
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        kind, at = dice.random(), dice.randrange(len(made))
        if kind < 0.45:
            made[at] = dice.randrange(256)
        elif kind < 0.65:
            del made[at : at + dice.randrange(1, 50)]
        elif kind < 0.8:
            made[at:at] = dice.randbytes(dice.randrange(1, 9))
        elif kind < 0.95:
            piece = made[at : at + dice.randrange(1, 400)]
            made[at:at] = piece * dice.choice((1, 2, 30))
        else:
            del made[at + 1 :]
        made = made or bytearray(b"x")
    return bytes(made)


def mutant(data: bytes, dice: random.Random) -> bytes:
    """A mutant of a file; of a Word file mostly with one part changed and the zip sound."""
    if not data.startswith(b"PK\3\4") or dice.random() < 0.3:
        return spoilt(data, dice)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {i.filename: package.read(i) for i in package.infolist()}
    except Exception:  # a broken one is spoilt as it is
        return spoilt(data, dice)
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    if not names:
        return spoilt(data, dice)
    names += ["word/document.xml"] * 3 if "word/document.xml" in parts else []
    name = dice.choice(names)
    part = parts[name]
    values = list(re.finditer(rb'="([^"]{0,200})"', part))
    if values and dice.random() < 0.5:
        for found in sorted(dice.sample(values, min(len(values), 5)), key=lambda f: -f.start()):
            part = part[: found.start(1)] + dice.choice(_VALUES) + part[found.end(1) :]
    else:
        part = spoilt(part, dice)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", dice.choice((0, 8))) as package:
        for each, content in {**parts, name: part}.items():
            package.writestr(each, content)
    return buffer.getvalue()


def seeds(most: int = 150_000) -> list[tuple[str, bytes]]:
    """Name and bytes of what mutants are made of."""
    found = [p for p in sorted((ROOT / "samples" / "inbox").rglob("*")) if p.is_file()]
    shared = ROOT.parent / "shared" / "data" / "awkward_word" / "files"
    found += sorted(shared.iterdir()) if shared.is_dir() else []
    made = [(p.name, p.read_bytes()) for p in found if p.stat().st_size <= most]
    with tempfile.TemporaryDirectory() as room:
        for threat in all_threats():
            path = threat.into(Path(room), Scene())
            if path.is_file() and not path.is_symlink() and 0 < path.stat().st_size <= most:
                made.append((path.name, path.read_bytes()))
    return made


def mutants(asked: argparse.Namespace) -> list[Line]:
    """Mutants through the pool, in batches; what ends a child is kept and named."""
    without_office()
    dice, sources = random.Random(asked.seed), seeds()
    tally: Counter[str] = Counter()
    longest, kept = 0.0, []
    with tempfile.TemporaryDirectory(dir="/dev/shm") as room, ReaderPool() as pool:
        for start in range(0, asked.count, 200):
            jobs = []
            for number in range(min(200, asked.count - start)):
                name, data = dice.choice(sources)
                path = Path(room) / f"{number}"
                path.write_bytes(mutant(data, dice))
                jobs.append(Job(path, name))
            for job, answer, seconds in _timed(pool, jobs):
                tally[reason(answer)] += 1
                longest = max(longest, seconds)
                if reason(answer) in DIED or reason(answer) not in {*REASONS, "read"}:
                    kept.append(_keep(asked.keep, job, answer))
            if start % 5000 == 0:
                print(start, dict(tally), kept, file=sys.stderr, flush=True)
    parts = ", ".join(f"{name} {count}" for name, count in tally.most_common())
    figure = (
        f"{sum(tally.values())} mutants of {len(sources)} files, seed {asked.seed}: {parts}; "
        f"longest batch of 25 {longest:.1f} s; peak {peak()} MiB; children ended by a limit or a "
        f"defect: {len(kept)}"
    )
    return [Line("mutants", figure)]


def _timed(pool: ReaderPool, jobs: Sequence[Job]) -> Iterator[tuple[Job, Answer, float]]:
    for start in range(0, len(jobs), 25):
        some = jobs[start : start + 25]
        began = time.monotonic()
        answers = pool.read(some)
        seconds = time.monotonic() - began
        for job, answer in zip(some, answers, strict=True):
            yield job, answer, seconds


def _keep(folder: str, job: Job, answer: Answer) -> str:
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    number = len(list(place.iterdir()))
    shutil.copy(job.path, place / f"{number:03d}-{job.name}")
    return f"{number:03d}-{job.name}: {answer.reason if isinstance(answer, Refusal) else ''}"


# ── fuzzing ──

_FUZZ = """
import sys, resource, pathlib, atheris
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
with atheris.instrument_imports(include=["word"]):
    from word import directory, read
from nlp.types import Refusal
from word.reasons import REASONS, Refused
from benchmarks.hostile import fuzzed_file, without_office
without_office()
path = pathlib.Path(sys.argv.pop(1))

def one(data):
    file = fuzzed_file(data)
    path.write_bytes(file)
    answer = read.read_native(path, "a.docx")
    if isinstance(answer, Refusal):
        assert answer.reason in REASONS
        if answer.reason == "archive_nested":
            try:
                directory.read_directory(file, "archive_too_large")
            except Refused:
                pass

atheris.Setup(sys.argv, one)
atheris.Fuzz()
"""
_SLOW = 0.03  # seconds; a slow seed makes every mutant of it slow


def fuzzed_file(data: bytes) -> bytes:
    """The file that a fuzzing input stands for: "0" and its bytes, or "1" and its main part.

    Without the second kind nearly every mutant would end at a checksum of the zip.
    """
    if data[:1] != b"1":
        return data[1:]
    return zipped(docx_parts(data[1:]), zipfile.ZIP_STORED)


def _fuzz_seeds() -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / "seed"
        for name, data in seeds(12_000):
            path.write_bytes(data)
            began = time.process_time()
            answer = read_native(path, name)
            if time.process_time() - began > _SLOW:
                continue
            yield b"0" + data
            if isinstance(answer, Reading) and answer.format == "docx":
                main = Package(open_parts(path)).main()
                yield b"1" + open_parts(path).read(main)


def fuzz(asked: argparse.Namespace) -> list[Line]:
    """Guided fuzzing of guard and readers with atheris, from small seeds."""
    without_office()
    Path(asked.keep).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as room:
        corpus = Path(room) / "corpus"
        corpus.mkdir()
        for number, data in enumerate(_fuzz_seeds()):
            (corpus / str(number)).write_bytes(data)
        began = time.monotonic()
        with (Path(room) / "log").open("w") as log:
            done = subprocess.run(
                [sys.executable, "-c", _FUZZ, f"{room}/file", f"-runs={asked.runs}",
                 "-max_len=12000", f"-seed={asked.seed}", "-timeout=60", "-rss_limit_mb=2500",
                 f"-artifact_prefix={asked.keep}/",
                 str(corpus)],
                stderr=log, cwd=ROOT, check=False,
            )  # fmt: skip
        seconds = time.monotonic() - began
        found = len(list(corpus.iterdir()))
        told = (Path(room) / "log").read_text("utf-8", "replace")
    print(told[-3000:], file=sys.stderr)
    last = [line for line in told.splitlines() if line.startswith("Done")]
    figure = (
        f"{last[-1] if last else 'not done'} ({seconds:.0f} s of wall time), seed {asked.seed}: "
        f"{'0 findings' if done.returncode == 0 else f'ended with {done.returncode}'}; "
        f"{found} inputs in the corpus"
    )
    return [Line("guided fuzzing (atheris)", figure)]


WAYS: dict[str, Callable[[argparse.Namespace], list[Line]]] = {
    "threats": threats,
    "mutants": mutants,
    "fuzz": fuzz,
}


def main() -> None:
    """Run one part and print its line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=500_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", default="/tmp/zugao-mutants")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    report(f"hostile {asked.way}", WAYS[asked.way](asked), write=asked.write)


if __name__ == "__main__":
    main()
