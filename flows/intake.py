"""Intake as a Prefect flow: a table of contents of ``flows.steps``.

One task carries one batch. Committing is retried (a locked database, a disk that was full) because
a batch committed twice changes nothing; reading is not, its reasons are already known.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar, cast

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from prefect.utilities.annotations import quote

from flows import steps
from flows.cluster import ClusterError
from flows.inbox import InboxError
from flows.office import (
    Busy,
    Office,
    Tally,
    begin,
    open_office,
    recorded,
    sole_run,
    summarise,
)
from reports.summary import Summary, headline, markdown
from storage.commit import Outcome
from storage.errors import StorageError
from zugao.settings import SettingsError, load_settings

T = TypeVar("T")

REFUSED = "有误"
"""Name of the state of a run that ended with a sentence for people; other failures are defects."""

ARTIFACT = "zugao-intake"
"""Key of the Markdown artifact that each run leaves."""


@flow(name="zugao-intake", persist_result=False, validate_parameters=True)
def intake(home: str, inbox: str = "", wait: bool = True) -> State[Summary]:  # noqa: FBT001, FBT002
    """收稿：收件箱里的新文件 → 原件入库 → 读稿、分析 → 写入数据库 → 汇总。

    ``home`` is the working folder; ``inbox`` empty means the one that the settings name.
    Ends "退回" (completed, some files refused), "让开" (another run is at work) or failed with one
    sentence.
    """
    began = time.monotonic()
    try:
        settings = load_settings(Path(home))
        folder = Path(inbox) if inbox else settings.inbox
        with open_office(settings) as office, sole_run(office) as renew:
            run_id = begin(office, folder, "prefect", str(flow_run.id or ""))
            tally = Tally()
            with recorded(office, run_id, tally, began):
                collect(_handed(office), folder, run_id, _handed(tally), wait)
                batches = steps.work(office, steps.reporting.get())
                while (outcomes := read_batch(_handed(batches))) is not None:
                    commit_batch(_handed(office), run_id, _handed(outcomes), _handed(tally))
                    renew()
            summary = summarise(office, run_id, tally, began)
    except Busy as busy:
        return Completed(name="让开", message=str(busy))
    except (SettingsError, InboxError, StorageError, ClusterError) as error:
        return Failed(name=REFUSED, message=str(error))
    create_markdown_artifact(markdown(summary), key=ARTIFACT, description=headline(summary))
    name = "退回" if summary.refused else None
    return Completed(name=name, message=headline(summary), data=summary)


def _handed(value: T) -> T:
    """Hand a live object to a task: Prefect neither looks into it nor stores it."""
    return cast(T, quote(value))


@task(name="收取", cache_policy=NO_CACHE, persist_result=False)
def collect(office: Office, inbox: Path, run_id: int, tally: Tally, wait: bool) -> None:  # noqa: FBT001
    """Copy what is new into the store and enter it into the ledger."""
    steps.collect(office, inbox, run_id, tally, steps.reporting.get(), wait=wait)


@task(name="读稿", cache_policy=NO_CACHE, persist_result=False)
def read_batch(batches: Iterator[list[Outcome]]) -> list[Outcome] | None:
    """The next batch, read and analysed; None after the last."""
    return next(batches, None)


@task(
    name="入库",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=3,
    retry_delay_seconds=[1, 5, 25],
)
def commit_batch(office: Office, run_id: int, outcomes: list[Outcome], tally: Tally) -> None:
    """Write one batch, in one short transaction."""
    steps.commit(office, run_id, outcomes, tally)
