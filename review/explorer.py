"""The analysts' window behind the desk's login: Datasette over the read-only copy."""

from __future__ import annotations

from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from review.access import SAFE, actor_of
from review.desk import Desk, Unable
from review.errors import Caught, explained
from review.visit import Entry, Visit
from storage.clock import stamp

MISSING = (
    "没有安装查数用的 Datasette；请管理员在程序目录运行"
    " .venv/bin/pip install 'datasette>=0.65.2,<0.66'。"
)


class Explorer:
    """Lets through whom the roles allow, and only to read."""

    def __init__(self, desk: Desk, prefix: str, roles: frozenset[str]) -> None:
        self._desk = desk
        self._prefix = prefix
        self._entry = Entry(prefix, "GET", roles, _nothing)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for anything below the prefix."""
        if scope["type"] != "http":
            return
        request = Request(scope)
        refused = await self._desk.run(lambda: self._refused(request))
        if refused is not None:
            await refused(scope, receive, send)
            return
        # Datasette 0.65 adds its base_url by itself: it must see the path without it.
        path = scope["path"].removeprefix(self._prefix) or "/"
        raw = scope.get("raw_path", b"").removeprefix(self._prefix.encode()) or b"/"
        inside = {**scope, "path": path, "raw_path": raw, "root_path": ""}
        app = self._desk.explorer
        if app is not None:
            await app(inside, receive, send)

    def _refused(self, request: Request) -> Response | None:
        """The answer of a request that does not get through, None if it does."""
        visit = _visit(self._desk, self._entry, request)
        caught: Caught
        with explained(visit) as caught:
            visit.actor = actor_of(visit)
            if visit.actor is None:
                return RedirectResponse("/login?then=" + quote(visit.target, safe=""), 303)
            if not visit.actor.may(self._entry.roles):
                return visit.trouble(403, "您的账号没有这项权限；如有需要，请联系管理员。")
            if request.method not in SAFE:
                return visit.trouble(405, "这里只能查看，不能改动。")
            open_window(self._desk, self._prefix)
            return None
        return caught.response


def open_window(desk: Desk, prefix: str, *, anew: bool = False) -> None:
    """Have the window open, over a new copy if it is ``anew``. Raises Unable, StorageError."""
    with desk.explorer_lock:
        if desk.explorer is None or anew:
            app = desk.works.explorer(prefix)
            if app is None:
                raise Unable(MISSING)
            desk.explorer, desk.explorer_made = app, stamp()


def _visit(desk: Desk, entry: Entry, request: Request) -> Visit:
    query = f"?{request.url.query}" if request.url.query else ""
    return Visit(
        desk, None, entry, request.path_params, request.query_params, FormData(),
        request.headers, request.cookies, request.client.host if request.client else "",
        request.url.path + query,
    )  # fmt: skip


def _nothing(visit: Visit) -> Response:
    raise AssertionError("what is mounted has no page")
