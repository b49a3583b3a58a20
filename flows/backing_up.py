"""Backups as a plain step and as a Prefect flow, by the schedule of the settings."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.backup_step import make_backup, sentence
from storage.errors import RefusedError, StorageError
from zugao.settings import SettingsError, load_settings


@flow(name="zugao-backup", persist_result=False, validate_parameters=True)
def backing_up(home: str) -> State[str]:
    """备份：数据库、原件、设置，检查过才算数；按设置保留。

    Ends "让开" where another backup is at work; failed with one sentence, also where originals
    are missing from the store.
    """
    try:
        told, whole = back_up_once(home)
    except RefusedError as refused:
        if refused.reason == "busy":
            return Completed(name="让开", message=str(refused))
        return Failed(message=str(refused))
    except (SettingsError, StorageError) as error:
        return Failed(message=str(error))
    return Completed(message=told, data=told) if whole else Failed(message=told)


@task(name="备份", cache_policy=NO_CACHE, persist_result=False)
def back_up_once(home: str) -> tuple[str, bool]:
    """Make one backup; what to say of it, and whether nothing is missing."""
    made = make_backup(load_settings(Path(home)))
    return sentence(made), not made.missing
