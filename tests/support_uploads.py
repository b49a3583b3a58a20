"""Files that arrive bit by bit under a simulated clock, and who takes them too early.

A watcher looks every few seconds; between its looks, and while it waits, time passes and the
writers go on. Each writes one file in pieces with pauses of up to five times the settling delay.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flows.inbox import Found, finished, scan, settled
from tests.support_files import body_xml, docx_parts, paragraph

DELAY = 5.0
START = 1_790_000_000.0
LOOK_EVERY = 3.0
WAIT = 600.0
WAYS = ("append", "reserve", "backwards", "rename")

Take = Callable[[list[Found], "Clock"], list[Found]]


@dataclass(slots=True)
class Clock:
    """Simulated seconds; whoever writes is told of each step."""

    now: float = START
    steps: list[Callable[[float], None]] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Let time pass; writers act at their moments."""
        self.now += seconds
        for step in self.steps:
            step(self.now)


class Upload:
    """One file: its bytes in pieces, each with the moment at which it is written."""

    def __init__(self, path: Path, data: bytes, way: str, dice: random.Random) -> None:
        self.path, self.data, self.way = path, data, way
        self.place = path.with_name(path.name + ".tmp") if way == "rename" else path
        pieces = dice.randint(2, 6)
        cuts = sorted(dice.sample(range(1, len(data)), pieces - 1))
        spans = list(zip([0, *cuts], [*cuts, len(data)], strict=True))
        if way == "backwards":  # the end first, as programs that fill in holes may do
            spans.reverse()
        moment = START + dice.uniform(0, 60)
        self.left: list[tuple[float, int, int]] = []
        for start, end in spans:
            self.left.append((moment, start, end))
            moment += dice.choice((dice.uniform(0, DELAY), dice.uniform(DELAY, 5 * DELAY)))

    def step(self, now: float) -> None:
        """Write what is due."""
        while self.left and self.left[0][0] <= now:
            moment, start, end = self.left.pop(0)
            first = not self.place.exists()
            with self.place.open("r+b" if not first else "w+b") as file:
                if first and self.way in ("reserve", "backwards"):
                    file.truncate(len(self.data))
                file.seek(start)
                file.write(self.data[start:end])
            os.utime(self.place, (moment, moment))
            if not self.left and self.place != self.path:
                self.place.rename(self.path)


def document(dice: random.Random) -> bytes:
    """A Word file of one to some forty kilobytes, as several members."""
    texts = (
        f"第{n}段{dice.randrange(10**9)}，把议事桌摆到院坝里。" for n in range(dice.randint(5, 400))
    )
    parts = docx_parts(body_xml("".join(map(paragraph, texts))))
    parts["word/media/a.bin"] = dice.randbytes(dice.randint(10, 20_000))
    parts["word/settings.xml"] = b"<a/>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def by_the_rules(found: list[Found], clock: Clock) -> list[Found]:
    """What intake takes: settled, and whole as its format says."""
    ready, _ = settled(found, DELAY, sleep=clock.sleep, clock=lambda: clock.now)
    return [each for each in ready if finished(each, WAIT, now=clock.now)]


def by_stillness(found: list[Found], clock: Clock) -> list[Found]:
    """The control: size and time stand still for the delay, nothing else."""
    ready, _ = settled(found, DELAY, sleep=clock.sleep, clock=lambda: clock.now)
    return ready


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Of so many files: taken before they were whole, and never taken whole."""

    files: int
    early: int
    missed: int


def arrive(folder: Path, count: int, take: Take, *, seed: int = 7) -> Arrivals:
    """Let ``count`` files arrive in ``folder`` (emptied first) and be taken by ``take``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    dice, clock = random.Random(seed), Clock()
    uploads = {
        f"{number:04d}.docx": Upload(
            folder / f"{number:04d}.docx", document(dice), WAYS[number % len(WAYS)], dice
        )
        for number in range(count)
    }
    clock.steps = [upload.step for upload in uploads.values()]
    seen: set[tuple[str, int, int]] = set()
    early: set[str] = set()
    whole: set[str] = set()
    while clock.now < START + 400:
        clock.sleep(LOOK_EVERY)
        new = [f for f in scan(folder, now=clock.now) if _mark(f) not in seen]
        for found in take(new, clock):
            seen.add(_mark(found))
            data = found.path.read_bytes() if found.path.exists() else b""
            (whole if data == uploads[found.name].data else early).add(found.name)
    return Arrivals(count, len(early), count - len(whole))


def _mark(found: Found) -> tuple[str, int, int]:
    return (found.name, found.stat.size, found.stat.mtime_ns)
