"""What must hold of every route of the desk holds of each, those added tomorrow included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from review.registry import ENTRIES
from review.visit import Entry, Visit
from storage import sessions
from storage.users import user_named
from tests.support_desk import ORIGIN, Office, office

UNSAFE = tuple(entry for entry in ENTRIES if entry.method != "GET")
ASKED = tuple(entry for entry in ENTRIES if entry.method == "GET")
CLOSED = tuple(entry for entry in ENTRIES if entry.roles)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PIECE = 64 * 1024


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A desk whose pages only say that one came through to them."""

    def through(visit: Visit) -> PlainTextResponse:
        return PlainTextResponse("through")

    monkeypatch.setattr("review.access._done", through)
    with office(tmp_path / "home") as made:
        yield made


def path_of(entry: Entry) -> str:
    return re.sub(r"\{[^{}]*\}", "1", entry.path)


def let_in(house: Office, entry: Entry) -> TestClient:
    """A browser with a session of an account that may do this."""
    browser = house.browser()
    if entry.roles:
        account = user_named(house.db, min(entry.roles))
        browser.cookies.set("zugao", sessions.begin(house.db, account.id))
    return browser


def too_much(entry: Entry) -> int:
    return 1 + max(other.most_bytes for other in ENTRIES if other.path == entry.path)


def test_no_route_takes_more_than_its_limit(house: Office) -> None:
    """Said beforehand and sent in pieces without a length; a small body comes through."""
    assert len(UNSAFE) > 20
    for entry in UNSAFE:
        browser, path, size = let_in(house, entry), path_of(entry), too_much(entry)
        small = browser.post(path, content=b"a=1", headers=FORM)
        assert small.text == "through", (path, small.status_code)
        said = browser.post(path, content=b"a=", headers={**FORM, "Content-Length": str(size)})
        assert said.status_code == 413, path
        pieces = (b"x" * PIECE for _ in range(size // PIECE + 1))
        if size < 8 * 1024 * 1024:  # the rest goes through the same door, only longer
            assert browser.post(path, content=pieces, headers=FORM).status_code == 413, path


def test_no_route_takes_more_fields_than_its_limit(house: Office) -> None:
    for entry in UNSAFE:
        fields = "&".join(f"f{n}=" for n in range(entry.most_fields + 1))
        answer = let_in(house, entry).post(path_of(entry), content=fields, headers=FORM)
        assert answer.status_code in (400, 413), entry.path


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN},
        {"Sec-Fetch-Site": "same-site", "Origin": ORIGIN},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {},
    ],
    ids=["cross-site", "same-site", "foreign", "null", "nothing said"],
)
def test_no_route_changes_anything_for_another_site(house: Office, headers: dict[str, str]) -> None:
    for entry in UNSAFE:
        browser = let_in(house, entry)
        del browser.headers["Origin"]
        answer = browser.post(path_of(entry), headers=headers)
        assert answer.status_code == 403, entry.path


def test_no_route_answers_a_foreign_host(house: Office) -> None:
    for entry in ENTRIES:
        browser, path = let_in(house, entry), path_of(entry)
        assert browser.request(entry.method, path).text == "through", path  # the control
        for host in ("evil.example", "127.0.0.1.evil.example", ""):
            answer = browser.request(entry.method, path, headers={"Host": host})
            assert answer.status_code == 400, (path, host)


def test_no_route_knows_a_cookie_after_the_logout(house: Office) -> None:
    for entry in CLOSED:
        browser, path = let_in(house, entry), path_of(entry)
        assert browser.request(entry.method, path).text == "through", path  # the control
        sessions.end(house.db, browser.cookies["zugao"])
        answer = browser.request(entry.method, path)
        assert answer.status_code == (303 if entry.method == "GET" else 401), path


def test_every_route_carries_the_headers_whoever_asks(house: Office) -> None:
    for entry in ENTRIES:
        for browser in (let_in(house, entry), house.browser()):
            headers = browser.request(entry.method, path_of(entry)).headers
            policy = headers["content-security-policy"]
            for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
                assert part in policy, entry.path
            assert "unsafe-inline" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["cache-control"] == "no-store"
            assert "set-cookie" not in headers
