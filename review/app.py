"""The desk as a web application: the registry's routes behind headers, hosts and limits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review.access import endpoint
from review.desk import HERE, Desk
from review.errors import outside
from review.explorer import Explorer
from review.registry import ENTRIES, MOUNTS
from review.visit import Entry

STATIC: Final = "/static"
LOCAL_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
CSP: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def build(desk: Desk, *, hosts: Iterable[str] = ()) -> Starlette:
    """The application. RuntimeError if a route has no entry in the registry."""
    names = [*LOCAL_HOSTS, *desk.settings.desk.hosts, *hosts]
    app = Starlette(
        routes=[
            *_routes(desk),
            *(Mount(path, Explorer(desk, path, roles)) for path, roles in MOUNTS.items()),
            Mount(STATIC, StaticFiles(directory=HERE / "static")),
        ],
        middleware=[
            Middleware(SecurityHeaders, https=desk.settings.desk.https),
            Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False),
        ],
        exception_handlers={HTTPException: outside},
        lifespan=_closing(desk),
    )
    app.state.desk = desk
    check(app.routes)
    return app


def check(routes: Iterable[BaseRoute]) -> None:
    """Raise RuntimeError unless the registry has an entry for each method of each route."""
    known = {(entry.path, entry.method) for entry in ENTRIES}
    for route in routes:
        if isinstance(route, Mount) and route.path in (STATIC, *MOUNTS):
            continue
        path = getattr(route, "path", "")
        for method in getattr(route, "methods", None) or {"*"}:
            if method != "HEAD" and (path, method) not in known:
                raise RuntimeError(f"no entry in the registry for {method} {path}")


def _routes(desk: Desk) -> list[Route]:
    by_path: dict[str, dict[str, Entry]] = {}
    for entry in ENTRIES:
        by_path.setdefault(entry.path, {})[entry.method] = entry
    return [
        Route(
            path,
            endpoint(desk, entries),
            methods=list(entries),
            max_body_size=max(entry.most_bytes for entry in entries.values()),
        )
        for path, entries in by_path.items()
    ]


def _closing(desk: Desk) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        desk.close()

    return lifespan


class SecurityHeaders:
    """Headers of every answer; pages are never kept by a browser, assets for an hour."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self._headers = {
            "content-security-policy": CSP,
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "referrer-policy": "no-referrer",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
            **({"strict-transport-security": "max-age=31536000"} if https else {}),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers when its answer starts."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        static = scope["path"].startswith(STATIC + "/")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers["cache-control"] = "max-age=3600" if static else "no-store"
            await send(message)

        await self.app(scope, receive, with_headers)
