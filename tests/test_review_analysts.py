"""查数: Datasette behind the desk's login, over the copy, to read only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.support_adoption import make_office
from tests.support_desk import ROLES, Office, office, words


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Office]:
    home = tmp_path / "home"
    home.mkdir()
    make_office(home / "zugao.db").close()
    with office(home) as made:
        yield made


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_only_analysts_and_admins_see_the_window(house: Office, role: str) -> None:
    browser = house.logged_in(role) if role else house.browser()
    for path in ("/explore/", "/explore/zugao", "/explore/-/static/app.css"):
        answer = browser.get(path)
        if role in ("analyst", "admin"):
            assert answer.status_code == 200, path
            assert "unsafe-inline" not in answer.headers["content-security-policy"]
        elif role:
            assert answer.status_code == 403, path
        else:
            assert answer.headers["location"].startswith("/login?then=%2Fexplore"), path


def test_every_link_of_the_window_leads_somewhere(house: Office) -> None:
    analyst = house.logged_in("analyst")
    assert analyst.get("/").headers["location"] == "/analysts"
    page = analyst.get("/analysts").text
    assert "报送：每篇稿件一行" in page
    links = {unescape(link) for link in re.findall(r'href="(/explore[^"]*)"', page)}
    assert "/explore/zugao/submissions" in links
    seen = set()
    for path in ["/explore/zugao", "/explore/zugao/submissions", *sorted(links)[:4]]:
        answer = analyst.get(path)
        assert answer.status_code == 200, path
        found = re.findall(r'(?:href|src)="([^"#]+)', answer.text)
        seen |= {urljoin(path, unescape(link)) for link in found}
    inside = sorted(link for link in seen if link.startswith("/"))
    assert len(inside) > 20
    assert not [link for link in inside if "/explore/explore" in link]
    for link in inside[:60]:
        if not link.endswith("?sql="):
            assert analyst.get(link).status_code in (200, 302), link


def test_nothing_can_be_changed_and_texts_stay_away(house: Office) -> None:
    analyst = house.logged_in("analyst")
    analyst.get("/analysts")
    assert analyst.post("/explore/zugao", data={"sql": "delete"}).status_code == 405
    refused = analyst.get("/explore/zugao?sql=delete+from+drafts")
    assert refused.status_code == 400
    for secret in ("user", "audit", "_draft_text", "_session"):
        assert analyst.get(f"/explore/zugao/{secret}").status_code == 404
    assert "zugao.db" not in analyst.get("/explore/zugao").text


def test_a_new_copy_shows_what_came_since(house: Office) -> None:
    from storage.events import instruct

    analyst = house.logged_in("analyst")
    rows = "/explore/zugao.json?sql=select+count(*)+as+n+from+instructions&_shape=arrayfirst"
    assert analyst.get(rows).json() == [0]
    instruct(house.db, person="市委领导", level="市", draft_id=1)
    assert analyst.get(rows).json() == [0]
    assert analyst.post("/analysts").headers["location"] == "/analysts"
    assert analyst.get(rows).json() == [1]


def test_without_the_extra_it_is_said(house: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zugao.window.importlib.util.find_spec", lambda name: None)
    answer = house.logged_in("admin").get("/analysts")
    assert answer.status_code == 400
    assert "没有安装查数用的 Datasette" in words(answer.text)
