"""Where drafts are read and analysed: in this process, or by a crew that works ahead.

Pure work, no database: stored files in, ``Outcome`` records out, in the order of the batches. Each
worker owns one reading child (``word.pool``), so a hostile file kills neither it nor the run. A
crew is several processes (``flows.processes``) or a Dask cluster (``flows.cluster``).
"""

from __future__ import annotations

import gc
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from nlp.types import Reading, Refusal

if TYPE_CHECKING:
    from nlp.analyse import Analyst
    from storage.commit import Outcome
    from word.pool import ReaderPool


@dataclass(frozen=True, slots=True)
class Task:
    """A stored file that waits to be read."""

    manuscript_id: int
    path: Path
    name: str  # as given by the sender
    size: int  # bytes
    received: str = ""  # ISO date of the office's calendar


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a worker must know to do its work; small and picklable."""

    make_analyst: Callable[[], Analyst]
    make_readers: Callable[[], ReaderPool]


class Bench:
    """One worker's tools: a reading child and an analyst."""

    def __init__(self, recipe: Recipe) -> None:
        self.analyst = recipe.make_analyst()
        self.readers = recipe.make_readers()
        gc.freeze()  # dictionaries and model stay for good: the collector need not walk them

    def work(self, tasks: Sequence[Task]) -> list[Outcome]:
        """Read, split and analyse a batch: one outcome a task, in order; no file raises.

        A draft that our own code stumbles over (a defect) costs only its file: the batch is judged
        again file by file, and the culprit gets a reason with the place of the defect.
        """
        from word.pool import Job

        answers = self.readers.read([Job(task.path, task.name) for task in tasks])
        try:
            return self._judge(tasks, answers)
        except Exception:  # whatever it is, it must not stop the office
            return [self._judge_one(*pair) for pair in zip(tasks, answers, strict=True)]

    def _judge_one(self, task: Task, answer: Reading | Refusal) -> Outcome:
        from storage.commit import Outcome

        try:
            return self._judge([task], [answer])[0]
        except Exception as error:
            return Outcome(task.manuscript_id, refusal=Refusal("reader_died", _place_of(error)))

    def _judge(self, tasks: Sequence[Task], answers: Sequence[Reading | Refusal]) -> list[Outcome]:
        from nlp.splitting import split
        from storage.commit import Outcome

        pieces = [() if isinstance(answer, Refusal) else split(answer) for answer in answers]
        received = [
            task.received for task, drafts in zip(tasks, pieces, strict=True) for _ in drafts
        ]
        flat = [draft for drafts in pieces for draft in drafts]
        found = iter(self.analyst.analyse(flat, received))
        outcomes = []
        for task, answer, drafts in zip(tasks, answers, pieces, strict=True):
            if isinstance(answer, Refusal):
                outcomes.append(Outcome(task.manuscript_id, refusal=answer))
            elif not drafts:
                outcomes.append(Outcome(task.manuscript_id, refusal=Refusal("no_text", "no draft")))
            else:
                judged = tuple((draft, next(found)) for draft in drafts)
                outcomes.append(Outcome(task.manuscript_id, answer.format, answer.notices, judged))
        return outcomes

    def close(self) -> None:
        """End the reading child."""
        self.readers.close()


def _place_of(error: Exception) -> str:
    """What a defect was and where: "KeyError: 'x' (splitting.py:61)"."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"


Promise = Callable[[], "list[Outcome] | None"]
"""Waits for a batch that was handed out; None if it was not done and nobody will."""


class Crew(Protocol):
    """Those who do batches ahead of the one that is asked for."""

    def width(self) -> int:
        """How many workers there are now."""

    def submit(self, batch: Sequence[Task]) -> Promise:
        """Hand a batch out."""

    def close(self, *, failed: bool) -> None:
        """Let the crew go; what is still in work is dropped if the run ``failed``."""


MOST_AHEAD = 32
"""Batches in work at once, however many workers: they wait in memory until their turn comes."""


class Workshop:
    """Does batches in order: alone, or with a crew that works ahead. A context manager."""

    def __init__(self, recipe: Recipe, crew: Crew | None = None) -> None:
        self._recipe = recipe
        self._crew = crew
        self._bench: Bench | None = None
        self.mended = 0  # batches that the crew did not do and that were done here

    def __enter__(self) -> Workshop:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._crew is not None:
            self._crew.close(failed=kind is not None)
        if self._bench is not None:
            self._bench.close()
            self._bench = None

    def outcomes(self, batches: Iterable[Sequence[Task]]) -> Iterator[list[Outcome]]:
        """The outcomes of each batch, in the order of ``batches``.

        With a crew a few batches are in work ahead of the one handed out, so memory stays bounded
        whatever the number of batches. A batch that the crew does not do, or answers with
        something else than its outcomes, costs no draft: it is done again here, in this process.
        """
        if self._crew is None:
            for batch in batches:
                yield self._here(batch)
            return
        source = iter(batches)
        running: deque[tuple[Sequence[Task], Promise]] = deque()
        while True:
            while len(running) < min(MOST_AHEAD, 2 * self._crew.width()):
                ahead = next(source, None)
                if ahead is None:
                    break
                running.append((ahead, self._crew.submit(ahead)))
            if not running:
                return
            batch, promise = running.popleft()
            done = promise()
            if done is None or not _answers(batch, done):
                self.mended += 1
                done = self._here(batch)
            yield done

    def _here(self, batch: Sequence[Task]) -> list[Outcome]:
        if self._bench is None:
            self._bench = Bench(self._recipe)
        return self._bench.work(batch)


def _answers(batch: Sequence[Task], done: object) -> bool:
    """Whether what came back is one outcome for each file of the batch, in order."""
    from storage.commit import Outcome

    return (
        isinstance(done, list)
        and all(isinstance(outcome, Outcome) for outcome in done)
        and [o.manuscript_id for o in done] == [task.manuscript_id for task in batch]
    )
