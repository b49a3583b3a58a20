"""Who gets in, who may do what, and what every answer carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from review import app as review_app
from review import passwords
from review.access import local_path
from review.desk import Desk
from review.rates import Rate
from review.registry import ENTRIES, TEXT
from review.visit import Visit
from storage import audit
from storage.connection import raw
from storage.users import UserError, set_active, set_role
from tests.support_desk import ORIGIN, PASSWORD, ROLES, Office, office, words


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home") as made:
        yield made


def kinds(house: Office) -> list[str]:
    return [kind for (kind,) in raw(house.db).execute("SELECT kind FROM audit ORDER BY id")]


def test_a_route_without_an_entry_stops_the_start(house: Office) -> None:
    review_app.check(house.app.routes)  # positive control
    rogue = Route("/open", lambda request: PlainTextResponse("open"))
    with pytest.raises(RuntimeError, match="no entry in the registry for GET /open"):
        review_app.check([*house.app.routes, rogue])


def test_wrong_password_unknown_name_and_the_right_one(house: Office) -> None:
    browser = house.browser()
    for name, password in (("editor", "x" * 20), ("nobody", PASSWORD), ("editor", PASSWORD + "x")):
        answer = browser.post("/login", data={"name": name, "password": password})
        assert answer.status_code == 401
        assert "登录名或密码不对。" in answer.text
    answer = browser.post(
        "/login", data={"name": "editor", "password": PASSWORD, "then": "/account"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert browser.get("/account").status_code == 200
    assert kinds(house)[-4:] == ["login_failed"] * 3 + ["login"]


def test_a_cookie_replayed_after_logout_is_refused(house: Office) -> None:
    browser = house.logged_in("editor")
    cookie = browser.cookies["zugao"]
    assert browser.get("/account").status_code == 200
    assert browser.post("/logout").status_code == 303
    thief = house.browser()
    thief.cookies.set("zugao", cookie)
    answer = thief.get("/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?then=%2Faccount")


def test_each_login_has_a_new_id_and_ends_the_old_session(house: Office) -> None:
    browser = house.logged_in("editor")
    before = browser.cookies["zugao"]
    browser.post("/login", data={"name": "editor", "password": PASSWORD})
    assert browser.cookies["zugao"] != before
    thief = house.browser()
    thief.cookies.set("zugao", before)
    assert thief.get("/account").status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        lambda db: set_role(db, "editor", "analyst"),
        lambda db: set_active(db, "editor", active=False),
    ],
)
def test_a_changed_account_must_log_in_again(house: Office, change: object) -> None:
    browser = house.logged_in("editor")
    change(house.db)  # type: ignore[operator]
    assert browser.get("/account").status_code == 303


def test_tries_are_limited_by_account_and_by_address(house: Office) -> None:
    browser = house.browser()
    for _ in range(5):
        assert browser.post("/login", data={"name": "editor", "password": "no"}).status_code == 401
    answer = browser.post("/login", data={"name": "editor", "password": PASSWORD})
    assert answer.status_code == 429
    assert "15分钟后再试" in answer.text
    for n in range(15):
        assert browser.post("/login", data={"name": f"x{n}", "password": "no"}).status_code == 401
    assert browser.post("/login", data={"name": "admin", "password": PASSWORD}).status_code == 429
    assert kinds(house)[-1] == "login_limited"


def test_rates_forget_after_their_time() -> None:
    now = [0.0]
    rate = Rate(2, 10, clock=lambda: now[0])
    rate.note("a")
    now[0] = 5
    rate.note("a")
    assert rate.full("a")
    assert not rate.full("b")
    now[0] = 10
    assert not rate.full("a")
    rate.note("a")
    rate.forget("a")
    assert not rate.full("a")


ALLOWED = {"same-origin": True, "none": True, "same-site": False, "cross-site": False}


@pytest.mark.parametrize(("site", "passes"), ALLOWED.items())
def test_unsafe_requests_from_other_sites_are_refused(
    house: Office, site: str, passes: bool
) -> None:
    browser = house.logged_in("editor")
    answer = browser.post("/logout", headers={"Sec-Fetch-Site": site, "Origin": ORIGIN})
    assert (answer.status_code == 303) == passes
    assert (browser.get("/account").status_code == 303) == passes  # logged out, or still in


@pytest.mark.parametrize(
    ("origin", "passes"),
    [(ORIGIN, True), ("http://evil.example", False), ("null", False), ("", False)],
)
def test_without_fetch_metadata_the_origin_decides(
    house: Office, origin: str, passes: bool
) -> None:
    browser = house.logged_in("editor")
    del browser.headers["Origin"]
    answer = browser.post("/logout", headers={"Origin": origin} if origin else {})
    assert (answer.status_code == 303) == passes
    if not passes:
        assert "不是从本系统的页面发出的" in answer.text
        assert kinds(house)[-1] == "denied"


def test_every_answer_carries_the_headers(house: Office) -> None:
    browser = house.browser()
    for path in ("/login", "/static/desk.css", "/nothing", "/"):
        headers = browser.get(path).headers
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == ("max-age=3600" if "static" in path else "no-store")
        assert "server" not in headers


def test_pages_hold_no_inline_script_or_style() -> None:
    folder = Path(review_app.HERE) / "templates"
    for template in folder.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|https?://", text)
        assert "|safe" not in text.replace(" ", "")


def test_a_foreign_host_is_refused(house: Office) -> None:
    answer = house.browser().get("/login", headers={"Host": "evil.example"})
    assert answer.status_code == 400


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("path", "most"), [("/logout", 256 * 1024), ("/login", TEXT + 64 * 1024)])
def test_too_large_a_body_is_refused(house: Office, path: str, most: int, chunked: bool) -> None:
    data = b"name=" + b"x" * most
    content = iter([data]) if chunked else data
    answer = house.browser().post(
        path, content=content, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/queue?tab=all", "/queue?tab=all"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
    ],
)
def test_only_paths_of_the_desk_are_followed(target: str, path: str) -> None:
    assert local_path(target) == path


def test_alone_means_no_login_only_while_nobody_has_one(tmp_path: Path) -> None:
    from storage.users import add_user

    with office(tmp_path / "home", users=False) as house:
        page = house.browser().get("/runs")
        assert page.status_code == 200
        assert "单人模式：没有设登录，只供本机使用" in words(page.text)
        add_user(house.db, "王审读", "editor", "h")
        assert house.browser().get("/runs").status_code == 303


def test_without_loopback_nobody_is_let_in_without_login(tmp_path: Path) -> None:
    with office(tmp_path / "home", users=False, alone=False) as house:
        assert house.browser().get("/runs").status_code == 303


MATRIX_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_role_by_route_by_method(house: Office, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell, from the routes of the application itself; no page runs, only the checks."""

    def stands(visit: Visit) -> PlainTextResponse:
        return PlainTextResponse("through")

    monkeypatch.setattr("review.access._done", stands)
    entries = {(entry.path, entry.method): entry for entry in ENTRIES}
    browser = house.browser()
    if role:
        from storage import sessions
        from storage.users import user_named

        browser.cookies.set("zugao", sessions.begin(house.db, user_named(house.db, role).id))
    cells = 0
    for route in house.app.routes:
        if not isinstance(route, Route):
            continue
        for method in MATRIX_METHODS:
            path = re.sub(r"\{[^{}]*\}", "1", route.path)
            answer = browser.request(method, path)
            entry = entries.get((route.path, method))
            cells += 1
            if entry is None:
                assert answer.status_code == 405, (role, method, path)
            elif not entry.roles or role in entry.roles:
                assert answer.text == "through", (role, method, path)
            elif role:
                assert answer.status_code == 403, (role, method, path)
            else:
                assert answer.status_code == (303 if method == "GET" else 401), (method, path)
    assert cells == len(MATRIX_METHODS) * len({entry.path for entry in ENTRIES})


EXPECTED = {
    "PUBLIC": {"/login", "/healthz", "/metrics"},
    "submitter": {
        "/",
        "/logout",
        "/account",
        "/mine",
        "/mine/{number:int}",
        "/mine/{number:int}/original",
    },
}


def test_a_submitter_reaches_nothing_of_the_editors() -> None:
    """The matrix follows the registry; this holds the registry itself to what was meant."""
    assert {e.path for e in ENTRIES if not e.roles} == EXPECTED["PUBLIC"]
    assert {e.path for e in ENTRIES if "submitter" in e.roles} == EXPECTED["submitter"]
    for entry in ENTRIES:
        if entry.method == "POST" and entry.path.startswith(
            ("/drafts", "/pairs", "/bulk", "/undo")
        ):
            assert entry.roles == {"editor"}, entry.path


def test_what_was_typed_survives_a_lost_session(house: Office) -> None:
    browser = house.logged_in("editor")
    browser.post("/logout")
    typed = {"old": "旧的", "new": "<b>新的</b>", "again": "新的"}
    answer = browser.post("/account?x=1", data=typed)
    assert answer.status_code == 401
    assert "登录已过期" in answer.text
    fields = dict(re.findall(r'<textarea name="(kept:\w+)" hidden>([^<]*)</textarea>', answer.text))
    assert fields["kept:new"] == "&lt;b&gt;新的&lt;/b&gt;"
    resumed = browser.post(
        "/login",
        data={
            "name": "editor", "password": PASSWORD, "resume": "/account?x=1",
            **{f"kept:{key}": value for key, value in typed.items()},
        },
    )  # fmt: skip
    assert resumed.status_code == 200
    assert 'action="/account?x=1"' in resumed.text
    assert "&lt;b&gt;新的&lt;/b&gt;" in resumed.text


def test_another_password_ends_every_session(house: Office) -> None:
    browser, elsewhere = house.logged_in("editor"), house.logged_in("editor")
    new = "秋天的河堤上有人在放风筝好看"
    wrong = browser.post("/account", data={"old": "x", "new": new * 2, "again": new * 2})
    assert "原密码不对" in wrong.text
    short = browser.post("/account", data={"old": PASSWORD, "new": "短", "again": "短"})
    assert "15到256个字符" in short.text
    different = browser.post("/account", data={"old": PASSWORD, "new": new * 2, "again": new})
    assert "两次输入的新密码不一样" in different.text
    done = browser.post("/account", data={"old": PASSWORD, "new": new * 2, "again": new * 2})
    assert done.headers["location"] == "/login"
    assert browser.get("/account").status_code == elsewhere.get("/account").status_code == 303
    assert browser.post("/login", data={"name": "editor", "password": new * 2}).status_code == 303


def test_passwords() -> None:
    stored = passwords.hashed(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.fits(stored, PASSWORD)
    assert not passwords.fits(stored, PASSWORD + "。")
    assert not passwords.fits(None, "nobody has this password")
    assert not passwords.fits("rubbish", PASSWORD)
    for bad in ("短", "x" * 257, "aaaaaaaaaaaaaaaa"):
        with pytest.raises(UserError):
            passwords.hashed(bad)
    with pytest.raises(UserError):
        passwords.hashed("Wang Shendu Bianji", "wang shendu bianji")


def test_the_log_stays_whole_while_many_write(house: Office) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def knock(n: int) -> int:
        answer = house.browser().post("/login", data={"name": f"n{n}", "password": "no"})
        return answer.status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(knock, range(16))) == {401}
    assert audit.verify(house.db).broken is None
    assert audit.verify(house.db).entries >= 16


def test_a_desk_that_is_behind_https_marks_its_cookie(tmp_path: Path) -> None:
    with office(tmp_path / "home") as house:
        settings = house.desk.settings
        secure = settings.model_copy(
            update={"desk": settings.desk.model_copy(update={"https": True})}
        )
        desk = Desk(secure, alone=False, annotate=house.desk.annotate)
        house.app = review_app.build(desk)
        answer = house.browser().post("/login", data={"name": "editor", "password": PASSWORD})
        assert answer.headers["set-cookie"].startswith("__Host-zugao=")
        assert "Secure" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        desk.close()
