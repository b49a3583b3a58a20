"""A real browser before a served desk, over the office that reads the samples."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from starlette.types import ASGIApp, Receive, Scope, Send

from flows.direct import intake_directly
from nlp.types import Draft, Paragraph
from storage import sessions
from storage.backdating import backdate
from storage.commit import commit_batch
from storage.connection import open_database, raw
from storage.ledger import receive
from storage.runs import start_run
from storage.users import user_named
from tests.support_desk import Office, office
from tests.support_storage import findings, outcome, submission
from zugao.setting_up import set_up
from zugao.settings import load_settings

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
SMALL = {"width": 1366, "height": 768}
LARGE = {"width": 3840, "height": 2160}
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

EVIL = "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>{{7*7}}\u202eتجربة倒着写"
LONG = "柳湾镇把议事桌摆到院坝里，" * 7_700  # 100,100 characters
HOSTILE = (f"{EVIL}标题", f"{LONG}{EVIL}")
SAME = ("沅北县严把", "沅北县五道关口")
"""Two samples that are one text, told by their titles."""


def chromium() -> str | None:
    """Debian's Chromium, None where it is not installed (scripts/install-debian.sh)."""
    return shutil.which("chromium")


def sample_office(home: Path) -> None:
    """A working folder that read every sample as if in its day, and a hostile draft after them."""
    for _ in set_up(home, units=SAMPLES / "units.csv", outlets=SAMPLES / "outlets.csv"):
        pass
    file = home / "zugao.toml"
    told = file.read_text(encoding="utf-8")
    file.write_text(told.replace("settle_seconds = 5.0", "settle_seconds = 0"), encoding="utf-8")
    settings = load_settings(home)
    intake_directly(settings, SAMPLES / "inbox", lambda *_: None, wait=False)
    title, body = HOSTILE
    text = Draft(
        1, title, (Paragraph("title", "", title), Paragraph("body", "", body)),
        characters=len(body), author=EVIL, unit=EVIL,
    )  # fmt: skip
    with closing(open_database(settings.database)) as db:
        backdate(db)
        run = start_run(db, "direct", "/inbox")
        receive(db, [submission(f"{EVIL}.docx", unit=EVIL)], run)
        latest = raw(db).execute("SELECT max(id) FROM manuscript").fetchone()[0]
        commit_batch(db, run, [outcome(latest, text, found=[findings()])])


@cache
def built_office() -> Path:
    """That folder, made once a process; to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="zugao-desk-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    sample_office(folder / "home")
    return folder / "home"


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


def said(desk: Desk) -> list[tuple[int, str, str]]:
    """Every decision: draft, kind, theme."""
    rows = raw(desk.house.db).execute(
        "SELECT draft_id, kind, coalesce(theme_code, '') FROM decisions ORDER BY decision_id"
    )
    return [(int(draft), str(kind), str(theme)) for draft, kind, theme in rows]


def number(page: Page) -> int:
    """The draft that is open."""
    found = re.search(r"/drafts/(\d+)", page.url)
    assert found is not None, page.url
    return int(found[1])


def titled(desk: Desk, start: str) -> int:
    """The draft whose title begins so."""
    row = raw(desk.house.db).execute(
        "SELECT draft_id FROM drafts WHERE title LIKE ?", (f"{start}%",)
    )
    return int(row.fetchone()[0])


def key(page: Page, name: str) -> None:
    """Press a key that leads to another page, and wait for that page."""
    with page.expect_navigation():
        page.keyboard.press(name)


def sure_of(page: Page) -> str:
    """The theme that the page proposes."""
    return str(page.locator(".themes input[name=theme]:checked").get_attribute("value"))
