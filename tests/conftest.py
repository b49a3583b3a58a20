"""Shared fixtures: where the measuring data lies, and what this machine can do.

On CI a missing tool is a failure, not a skip: ``CI=true`` turns the skips of ``office`` and
``browser`` into errors, so that a green run has really converted files and opened pages.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from storage.connection import open_database

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support_browser import Desk, Stage

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Long files first, or one process works on the last of them alone.
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)
    has_office = shutil.which("soffice") or shutil.which("libreoffice")
    has_browser = shutil.which("chromium")
    has_shared = SHARED.is_dir()
    for item in items:
        if item.get_closest_marker("office") and not has_office and not os.environ.get("CI"):
            item.add_marker(
                pytest.mark.skip(reason="LibreOffice is missing: scripts/install-debian.sh")
            )
        if item.get_closest_marker("browser") and not has_browser and not os.environ.get("CI"):
            item.add_marker(
                pytest.mark.skip(reason="Chromium is missing: scripts/install-debian.sh")
            )
        if item.get_closest_marker("shared_data") and not has_shared:
            item.add_marker(pytest.mark.skip(reason="no measuring data at ../shared/data"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The measuring data (tests that use it are marked ``shared_data``)."""
    return SHARED


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A fresh database."""
    with open_database(tmp_path / "zugao.db") as database:
        yield database


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A server for the desks of a module."""
    from tests.support_browser import Stage

    with Stage() as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser for the tests of a module."""
    from tests.support_browser import started

    with started() as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path, stage: Stage, browser: Browser) -> Iterator[Desk]:
    """A fresh office that read the samples, and real browsers before its desk."""
    from tests.support_browser import at_desk, built_office

    shutil.copytree(built_office(), tmp_path / "home")
    with at_desk(tmp_path / "home", stage, browser) as made:
        yield made
