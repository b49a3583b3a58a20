"""Who may do what: every request passes here before its page is asked for anything.

Nothing is decided by the address that was asked for: each route carries its entry of
``review.registry``, and without one it is never served.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.datastructures import FormData, Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from review.desk import Desk
from review.errors import explained
from review.visit import STAFF, Actor, Entry, Visit
from storage import audit, sessions
from storage.users import anyone

SAFE: Final = frozenset({"GET", "HEAD"})
LONGEST_BESIDE_FILES: Final = 64 * 1024
"""Bytes of a text field of a form with files, whose body may be large."""
LARGEST: Final = 2**63 - 1
"""Of numbers in an address: nothing stored has a larger one, nor can SQLite be asked for it."""
ALONE: Final = "本机"
"""Name of the only user of a desk without logins."""


def endpoint(desk: Desk, entries: Mapping[str, Entry]) -> Callable[[Request], Awaitable[Response]]:
    """What answers a route: the entry of the method, behind the checks."""

    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        entry = entries[method]
        if any(isinstance(part, int) and part > LARGEST for part in request.path_params.values()):
            raise HTTPException(404)
        form = FormData()
        if method not in SAFE:
            form = await request.form(
                max_files=entry.most_files,
                max_fields=entry.most_fields,
                max_part_size=LONGEST_BESIDE_FILES if entry.most_files else entry.most_bytes,
            )
        return await desk.run(lambda: _visit(desk, entry, request, form))

    return answer


def _visit(desk: Desk, entry: Entry, request: Request, form: FormData) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    visit = Visit(
        desk, None, entry, request.path_params, request.query_params, form,
        request.headers, request.cookies, request.client.host if request.client else "",
        request.url.path + query,
    )  # fmt: skip
    with explained(visit) as caught:
        visit.actor = actor_of(visit)
        caught.response = _checked(visit) or _done(visit)
    return caught.response


def actor_of(visit: Visit) -> Actor | None:
    """Who asks: the session's account, or the only user of a desk where nobody has a login."""
    user = sessions.whose(visit.db, visit.cookies.get(cookie_name(visit.desk), ""))
    if user is not None:
        return Actor(user.name, frozenset({user.role}), user.unit_id)
    if visit.desk.alone and not anyone(visit.db):
        return Actor(ALONE, STAFF, alone=True)
    return None


def cookie_name(desk: Desk) -> str:
    """``__Host-`` binds a cookie to this host and to HTTPS; without HTTPS no browser takes it."""
    return "__Host-zugao" if desk.settings.desk.https else "zugao"


def _checked(visit: Visit) -> Response | None:
    """The answer of a request that does not get through; None if it does."""
    entry, actor = visit.entry, visit.actor
    if entry.method not in SAFE and not same_origin(visit.headers):
        return _denied(visit, "这个请求不是从本系统的页面发出的，没有执行。")
    if not entry.roles:
        return None
    if actor is None:
        if entry.method in SAFE:
            return RedirectResponse("/login?then=" + quote(visit.target, safe=""), 303)
        return visit.render(
            "login.html", 401, sentence="登录已过期，请重新登录；您填写的内容还在。",
            then="", resume=visit.target, kept=visit.kept(), name="",
        )  # fmt: skip
    if not actor.may(entry.roles):
        return _denied(visit, "您的账号没有这项权限；如有需要，请联系管理员。")
    return None


def _done(visit: Visit) -> Response:
    response = visit.entry.page(visit)
    if visit.entry.audit and response.status_code < 400:
        log(visit, visit.entry.audit, visit.about)
    return response


def _denied(visit: Visit, sentence: str) -> Response:
    log(visit, "denied", f"{visit.entry.method} {visit.entry.path}")
    return visit.trouble(403, sentence)


def log(visit: Visit, kind: str, about: str = "", *, name: str = "") -> None:
    """Append to the log who did what; ``name`` is what who has no session called himself."""
    who = visit.actor.name if visit.actor else name
    audit.note(visit.db, who, kind, about, address=visit.address, detail=visit.detail)


def same_origin(headers: Headers) -> bool:
    """Whether a page of ours sent an unsafe request: Sec-Fetch-Site, else Origin.

    Without both it is refused: every browser that is still kept up sends one.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == headers.get("host", "")


def local_path(target: str) -> str:
    """``target`` if it is a path of this desk, else the start page."""
    inside = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if inside and target.isprintable() else "/"
