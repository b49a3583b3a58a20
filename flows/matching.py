"""Adoption as a Prefect flow: the same step as ``zugao match``, by the schedule of the settings."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.adoption import Matched, match_once
from flows.inbox import InboxError
from flows.office import Busy
from storage.errors import StorageError
from zugao.settings import SettingsError, load_settings

ARTIFACT = "zugao-matching"
"""Key of the Markdown artifact that each run leaves."""


@flow(name="zugao-matching", persist_result=False, validate_parameters=True)
def matching(home: str) -> State[Matched]:
    """比对刊发：刊发文件夹里的新文件 → 拆成条目 → 与来稿比对 → 有把握的记为采用。

    Ends "退回" (completed, some files refused), "让开" (another run is at work) or failed with one
    sentence.
    """
    try:
        matched = match_task(home)
    except Busy as busy:
        return Completed(name="让开", message=str(busy))
    except (SettingsError, InboxError, StorageError) as error:
        return Failed(message=str(error))
    lines = [matched.sentence, *(f"- {c}" for file in matched.files for c in file.complaints)]
    create_markdown_artifact("\n".join(lines), key=ARTIFACT, description=matched.sentence)
    name = "退回" if matched.refused else None
    return Completed(name=name, message=matched.sentence, data=matched)


@task(name="比对刊发", cache_policy=NO_CACHE, persist_result=False)
def match_task(home: str) -> Matched:
    """Take and match what is new in the office's issues folder."""
    return match_once(load_settings(Path(home)), None, lambda step, done, total: None)
