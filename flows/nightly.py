"""Learning as a Prefect flow: the same step as ``zugao learn``, by the schedule of the settings."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.learning import Learned, learn
from flows.office import Busy, open_office
from storage.errors import StorageError
from zugao.settings import SettingsError, load_settings

ARTIFACT = "zugao-learning"
"""Key of the Markdown artifact that each run leaves."""


@flow(name="zugao-learning", persist_result=False, validate_parameters=True)
def learning(home: str) -> State[Learned]:
    """学习：新的审核意见够多时重新训练主题模型，更好才换用。

    Ends "让开" where somebody else is learning, or failed with one sentence.
    """
    try:
        learned = learn_once(home)
    except Busy as busy:
        return Completed(name="让开", message=str(busy))
    except (SettingsError, StorageError) as error:
        return Failed(message=str(error))
    create_markdown_artifact(learned.sentence, key=ARTIFACT, description=learned.state)
    return Completed(message=learned.sentence, data=learned)


@task(name="学习", cache_policy=NO_CACHE, persist_result=False)
def learn_once(home: str) -> Learned:
    """Train and compare if it is time."""
    with open_office(load_settings(Path(home))) as office:
        return learn(office)
