"""What the desk keeps while it runs: settings, connections, templates, rates, who is where."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.types import ASGIApp

from review.presence import Presence
from review.rates import Rate
from review.wording import FILTERS
from review.works import Works
from storage.connection import Database, open_database
from zugao.settings import Settings

T = TypeVar("T")
HERE: Final = Path(__file__).parent
Annotate = Callable[[int, Path], None]
"""Writes the annotated Word copy of a stored draft into a file. Raises Unable."""
THREADS: Final = 6
"""Threads that answer requests, each with its connection (32 MB of cache at most)."""


class Unable(Exception):
    """Something that cannot be had; the message is one Chinese sentence."""


class Desk:
    """One running desk. Requests are answered in threads, so a busy database blocks no other."""

    def __init__(
        self, settings: Settings, *, alone: bool, annotate: Annotate, works: Works | None = None
    ) -> None:
        self.settings = settings
        self.annotate = annotate
        self._works = works
        self.alone = alone  # listens on loopback only: may go without login if nobody has one
        self.presence = Presence()
        self.by_account = Rate(5, 15 * 60)
        self.by_address = Rate(20, 15 * 60)
        self.explorer: ASGIApp | None = None  # the analysts' window, once somebody asks for it
        self.explorer_made = ""
        self.explorer_lock = threading.Lock()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="desk")
        self._local = threading.local()
        self._open: list[Database] = []
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters.update(FILTERS)

    @property
    def works(self) -> Works:
        """What the rooms above lend the desk. Raises Unable where they lent nothing."""
        if self._works is None:
            raise Unable("这个编辑台没有接上收稿和统计，请用 zugao desk 打开。")
        return self._works

    def database(self) -> Database:
        """The connection of this thread. Raises StorageError."""
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = open_database(self.settings.database)
            self._open.append(db)
        return db

    async def run(self, work: Callable[[], T]) -> T:
        """Do blocking work in one of the desk's threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def render(self, template: str, **context: Any) -> str:
        """A template filled in; everything that it is given is escaped."""
        return self.templates.get_template(template).render(**context)

    def close(self) -> None:
        """Let the threads finish; their connections close with them."""
        self._threads.shutdown()
        self._open.clear()
        self._local = threading.local()
