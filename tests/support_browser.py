"""A real browser before a served desk, over the office that reads the samples."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from starlette.types import ASGIApp, Receive, Scope, Send

from flows.direct import intake_directly
from storage import sessions
from storage.users import user_named
from tests.support_desk import Office, office
from zugao.setting_up import set_up
from zugao.settings import load_settings

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
SMALL = {"width": 1366, "height": 768}
LARGE = {"width": 3840, "height": 2160}
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def chromium() -> str | None:
    """Debian's Chromium, None where it is not installed (scripts/install-debian.sh)."""
    return shutil.which("chromium")


def sample_office(home: Path) -> None:
    """A working folder with units, outlets and every sample draft in it, nothing decided."""
    for _ in set_up(home, units=SAMPLES / "units.csv", outlets=SAMPLES / "outlets.csv"):
        pass
    settings = load_settings(home)
    intake_directly(settings, SAMPLES / "inbox", lambda *_: None, wait=False)


@contextmanager
def started() -> Iterator[Browser]:
    """A browser with an empty profile of its own."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        browser.close()


class Stage:
    """One server for many offices: ``show`` puts the application of one behind its address."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None
        config = uvicorn.Config(
            self._answer,
            host="127.0.0.1",
            port=0,
            log_level="error",
            lifespan="off",
            interface="asgi3",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self.url = ""

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app is not None
        await self._app(scope, receive, send)

    def show(self, app: ASGIApp | None) -> None:
        """From now on every request is for this application."""
        self._app = app

    def __enter__(self) -> Stage:
        self._thread.start()
        until = time.monotonic() + 20
        while not self._server.started:
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)


class Desk:
    """An office on the stage, and people at their browsers before it.

    ``complaints`` collects what no page may do: open a dialog, fail in a script, be refused
    something by its own policy.
    """

    def __init__(self, house: Office, browser: Browser, url: str) -> None:
        self.house, self.url = house, url
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def person(self, name: str = "", *, script: bool = True, size: dict[str, int] = SMALL) -> Page:
        """A new browser window, with a session of the account ``name`` if it is given."""
        context = self._browser.new_context(
            base_url=self.url, java_script_enabled=script, viewport=size,  # type: ignore[arg-type]
            reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        if name:
            user = user_named(self.house.db, name)
            token = sessions.begin(self.house.db, user.id)
            context.add_cookies([{"name": "zugao", "value": token, "url": self.url}])
        page = context.new_page()
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if _policy(said.text) else None,
        )
        return page

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()


def _policy(told: str) -> bool:
    return "Content Security Policy" in told or "Refused to" in told


@contextmanager
def at_desk(home: Path, stage: Stage, browser: Browser) -> Iterator[Desk]:
    """The desk of a working folder, with one account of each role; nothing to complain of."""
    with office(home) as house:
        stage.show(house.app)
        desk = Desk(house, browser, stage.url)
        try:
            yield desk
        finally:
            desk.close()
            stage.show(None)
        assert desk.complaints == []
