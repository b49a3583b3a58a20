"""One request as the pages see it: who asks, what for, and how to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import FormData, Headers, QueryParams, UploadFile
from starlette.responses import HTMLResponse, Response

from review.desk import Desk
from review.layout import common
from storage.connection import Database

EDITOR: Final = frozenset({"editor"})
ANALYST: Final = frozenset({"analyst"})
ADMIN: Final = frozenset({"admin"})
SUBMITTER: Final = frozenset({"submitter"})
STAFF: Final = EDITOR | ANALYST | ADMIN
ALL: Final = STAFF | SUBMITTER
PUBLIC: Final[frozenset[str]] = frozenset()
"""Who is not logged in may too: the login page."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks."""

    name: str
    roles: frozenset[str]
    unit_id: int | None = None
    alone: bool = False  # nobody logs in: single-user mode

    def may(self, roles: frozenset[str]) -> bool:
        """Whether one of the roles is held."""
        return bool(self.roles & roles)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the registry: one method of one route."""

    path: str
    method: str
    roles: frozenset[str]
    page: Callable[[Visit], Response]
    audit: str = ""  # kind of the log's entry for a success; "" = not logged
    most_bytes: int = 256 * 1024
    most_fields: int = 2000
    most_files: int = 0


@dataclass(slots=True)
class Visit:
    """One request as a page sees it. ``about`` and ``detail`` go into the log."""

    desk: Desk
    actor: Actor | None
    entry: Entry
    path: Mapping[str, Any]
    query: QueryParams
    form: FormData
    headers: Headers
    cookies: Mapping[str, str]
    address: str
    target: str  # path and query that were asked for, as a link within the desk
    about: str = ""
    detail: dict[str, object] = field(default_factory=dict)

    @property
    def db(self) -> Database:
        """The database. Raises StorageError where it cannot be opened."""
        return self.desk.database()

    @property
    def who(self) -> Actor:
        """The actor of a page that is not public."""
        if self.actor is None:
            raise RuntimeError("a page for nobody asked who is there")
        return self.actor

    def said(self, name: str) -> str:
        """A text field of the form without blanks around it; "" if it was not sent."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def all_said(self, name: str) -> list[str]:
        """All values of a text field."""
        return [v for v in self.form.getlist(name) if isinstance(v, str)]

    def kept(self) -> Sequence[tuple[str, str]]:
        """The text fields as they came, for a form that takes them up again."""
        return [(k, v) for k, v in self.form.multi_items() if not isinstance(v, UploadFile)]

    def render(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page of the desk."""
        html = self.desk.render(template, **{**common(self), **context})
        return HTMLResponse(html, status)

    def trouble(self, status: int, sentence: str, **context: Any) -> Response:
        """A page with one sentence in place of what was asked for."""
        return self.render("trouble.html", status, sentence=sentence, **context)
