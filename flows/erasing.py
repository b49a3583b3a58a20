"""Keeping texts only as long as the settings say, as a Prefect flow."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.erasing_step import Erased, due, erase, reason
from flows.office import Busy, open_office
from storage.errors import StorageError
from zugao.settings import SettingsError, load_settings


@flow(name="zugao-retention", persist_result=False, validate_parameters=True)
def retention(home: str) -> State[tuple[int, ...]]:
    """到期删除：超过保存年限的稿件删去文字，编号、采用和得分不变；没有设年限则什么也不做。

    Ends "让开" where an intake is at work, or failed with one sentence.
    """
    try:
        done = erase_expired(home)
    except Busy as busy:
        return Completed(name="让开", message=str(busy))
    except (SettingsError, StorageError) as error:
        return Failed(message=str(error))
    return Completed(message=f"到期删除 {len(done.drafts)} 篇。", data=done.drafts)


@task(name="到期删除", cache_policy=NO_CACHE, persist_result=False)
def erase_expired(home: str) -> Erased:
    """Erase what is older than the settings keep texts."""
    with open_office(load_settings(Path(home))) as office:
        ids = due(office)
        if not ids:
            return Erased((), 0, scrubbed=True, lying=())
        return erase(office, ids, kind="retention", why=reason(office.settings), who="定时任务")
