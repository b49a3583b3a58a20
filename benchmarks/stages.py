"""CPU seconds of each stage of our chain, one process: prints them as JSON.

python -m benchmarks.stages FOLDER      a folder that benchmarks.make_files wrote
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from flows import steps
from flows.office import Tally, begin, open_office
from nlp.splitting import split
from nlp.types import Refusal
from storage import ledger
from storage.commit import Outcome, commit_batch
from word.pool import Job, ReaderPool
from zugao.settings import Settings

T = TypeVar("T")


def cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def main() -> None:
    """Run the stages one after the other over the whole inbox."""
    inbox = Path(sys.argv[1]) / "inbox"
    spent: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], T]) -> T:
        began = cpu()
        result = work()
        spent[stage] = spent.get(stage, 0.0) + cpu() - began
        return result

    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        analyst = timed("start", lambda: steps.make_analyst(settings))
        with open_office(settings) as office:
            run_id = begin(office, inbox, "direct")
            tally = Tally()
            nobody = lambda step, done, total: None  # noqa: E731
            timed(
                "store",
                lambda: steps.collect(office, inbox, run_id, tally, nobody, wait=False),
            )
            waiting = ledger.waiting(office.db)
            jobs = [Job(office.blobs.path(row.sha256), row.name) for row in waiting]

            def read() -> list[object]:
                with ReaderPool() as pool:
                    return list(pool.read(jobs))

            readings = timed("guard+read", read)
            for start in range(0, len(waiting), settings.intake.batch):
                chunk = range(start, min(start + settings.intake.batch, len(waiting)))
                pieces = timed("split", lambda c=chunk: [_drafts(readings[i]) for i in c])
                found = timed(
                    "analyse", lambda p=pieces: analyst.analyse([d for ds in p for d in ds])
                )
                answers = iter(found)
                outcomes = [
                    Outcome(
                        waiting[i].manuscript_id,
                        drafts=tuple((d, next(answers)) for d in drafts),
                        refusal=None if drafts else Refusal("no_text"),
                    )
                    for i, drafts in zip(chunk, pieces, strict=True)
                ]
                timed("look up+commit", lambda o=outcomes: commit_batch(office.db, run_id, o))
    print(json.dumps(spent))


def _drafts(reading: object) -> tuple:  # type: ignore[type-arg]
    return () if isinstance(reading, Refusal) else split(reading)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
