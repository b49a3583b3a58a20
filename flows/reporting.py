"""Bulletins as a Prefect flow: drafts of what is due, by the schedule of the settings.

Freezing is for people: this writes files and nothing else but the ledger of points.
"""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.bulletins import FORMATS, Asked, due_periods, make
from flows.office import open_office
from points.profile import ProfileError
from reports.bulletin import SnapshotError
from reports.official_style import TemplateError
from storage.awards import SettleError
from storage.errors import StorageError, why
from storage.periods import parse_day, today
from zugao.settings import SettingsError, load_settings

ARTIFACT = "zugao-bulletins"
"""Key of the Markdown artifact that each run leaves."""

KNOWN = (SettingsError, StorageError, ProfileError, SettleError, SnapshotError, TemplateError)


@flow(name="zugao-reporting", persist_result=False, validate_parameters=True)
def reporting(home: str, on: str = "") -> State[list[str]]:
    """通报：到期的月、季度、半年、年通报，出送审稿。

    ``on``: the day for which it is asked, today if empty. Failed with one sentence.
    """
    try:
        files = write_due(home, on)
    except KNOWN as error:
        return Failed(message=str(error))
    except OSError as error:
        return Failed(message=f"通报写不出来（{why(error)}）。")
    told = "".join(f"- {Path(file).name}\n" for file in files) or "这一天没有到期的通报。"
    create_markdown_artifact(told, key=ARTIFACT, description="通报送审稿")
    return Completed(message=f"写出 {len(files)} 个文件。", data=files)


@task(name="通报送审稿", cache_policy=NO_CACHE, persist_result=False)
def write_due(home: str, on: str) -> list[str]:
    """Write the drafts that are due; returns the files."""
    settings = load_settings(Path(home))
    plan, day = settings.reports, parse_day(on) if on else today()
    files: list[str] = []
    with open_office(settings) as office:
        for period in due_periods(day, plan.spans):
            asked = Asked(period, formats=FORMATS)
            made = make(settings, office.db, asked, settings.home / plan.folder)
            files += [str(file) for file in made.files]
    return files
