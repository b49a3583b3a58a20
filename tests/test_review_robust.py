"""Every route and method with odd parameters: never a defect, never another unit's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from nlp.types import Refusal
from review.desk import HERE
from review.registry import ENTRIES, MOUNTS
from storage.aspects import remember_aspects
from storage.commit import commit_batch
from storage.connection import raw
from storage.issues import add_issue, add_item
from storage.ledger import receive
from storage.outlets import OutletRow, import_outlets
from storage.runs import start_run
from tests.support_desk import ROLES, Office, office
from tests.support_storage import ASPECTS, draft, findings, outcome, submission

SECRET = "别处机密"
OWN = "自家稿件"
FIELDS = sorted(
    {
        name
        for page in (HERE / "templates").rglob("*.html")
        for name in re.findall(r'name="([a-z_]+)"', page.read_text(encoding="utf-8"))
    }
    | {"after", "words", "order", "tab", "then", "back", "released"}
)
ODD = (
    "", " ", "0", "1", "2", "3", "-1", "9" * 18, "9" * 19, "9" * 400, "1.5", "nan", "inf", "1e400",
    "٣", "²", "A1", "X0", "ZZ", "1:A1:0", "2:C2:1", "::", "9:" * 20, "2026-10-01", "2026-13-45",
    "0000-00-00", "9999-12-31", "0.1.2", "confirm", "%", "_", "'", '"', "\\", "*", "AND",
    "NEAR(", "\x00", "\r\n", "\u202e", "\ufeff", "👩‍👩‍👧", "临溪县", "//evil.example", "/queue",
    "{{7*7}}", "字" * 700,
)  # fmt: skip
values = st.one_of(st.sampled_from(ODD), st.text(max_size=20).filter(lambda t: t.isprintable()))
fields = st.lists(st.tuples(st.sampled_from(FIELDS), values), max_size=8)
numbers = st.sampled_from(["0", "1", "2", "3", "4", "9" * 18, "9" * 19, "9" * 40])
methods = st.sampled_from(("GET", "POST", "POST", "PUT", "DELETE", "HEAD", "PATCH"))
routes = st.sampled_from(sorted({entry.path for entry in ENTRIES} - {"/logout"}))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Two drafts of the submitter's unit, two of another whose every word is secret."""
    with office(tmp_path_factory.mktemp("odd") / "home") as made:
        db = made.db
        remember_aspects(db, ASPECTS, "t1")
        run = start_run(db, "direct", "/inbox")
        receive(
            db,
            [submission(f"{OWN}{n}.docx", unit_id=1) for n in (1, 2)]
            + [submission(f"{SECRET}{n}.docx", unit="沅北县", unit_id=2) for n in (3, 4)]
            + [submission(f"{SECRET}5.docx", unit_id=2, refusal=Refusal("encrypted"))],
            run,
        )
        for n, name in enumerate((OWN, OWN, SECRET, SECRET), start=1):
            one = draft(f"{name}第{n}件", body=f"{name}的正文，柳湾镇把议事桌摆到院坝里。" * 9)
            commit_batch(db, run, [outcome(n, one, found=[findings(exact="a" * 32)])])
        import_outlets(db, [OutletRow("云泽组工信息", {"kind": "内刊", "level": "市"})])
        add_item(db, add_issue(db, 1, "9", None, state="composing"), f"{SECRET}的条目")
        yield made


@pytest.fixture(scope="module")
def people(house: Office) -> dict[str, TestClient]:
    return {"": house.browser(), **{role: house.logged_in(role) for role in ROLES}}


def asked(
    browser: TestClient, method: str, route: str, spots: list[str], sent: list[tuple[str, str]]
) -> tuple[int, str]:
    """Status and text of the answer to one odd request."""
    left = iter([*spots, *"1111"])
    address = re.sub(r"\{[^{}]*\}", lambda found: quote(next(left), safe=""), route)
    form: dict[str, list[str]] = {}
    for name, value in sent:
        form.setdefault(name, []).append(value)
    if method == "POST":
        answer = browser.request(method, address, data=form)
    else:
        answer = browser.request(method, address, params=form)
    return answer.status_code, answer.text


@pytest.mark.parametrize("role", ["", *ROLES])
@settings(max_examples=120, deadline=None)
@given(method=methods, route=routes, spots=st.lists(numbers, max_size=2), sent=fields)
def test_no_request_ends_in_a_defect(
    people: dict[str, TestClient],
    role: str,
    method: str,
    route: str,
    spots: list[str],
    sent: list[tuple[str, str]],
) -> None:
    if (role, route) == (role, "/account") and method == "POST":
        return  # may change the password, which ends the session that the other examples use
    status, text = asked(people[role], method, route, spots, sent)
    assert status < 500, (role, method, route, spots, sent)
    assert "Traceback" not in text
    if role in ("", "submitter"):
        assert SECRET not in text, (method, route, spots, sent)


def test_the_session_lived_through_it_and_editors_do_see_the_words(
    people: dict[str, TestClient],
) -> None:
    """Positive control: what the test above looks for is there to be seen."""
    assert SECRET in people["editor"].get("/drafts/3").text
    assert people["submitter"].get("/account").status_code == 200


@pytest.mark.parametrize("role", ["", "submitter", "editor"])
def test_what_is_mounted_is_behind_the_login_too(people: dict[str, TestClient], role: str) -> None:
    for prefix in MOUNTS:
        for rest in (
            "/",
            "/zugao",
            "/zugao/drafts.json",
            "/-/metadata.json",
            "/%2e%2e/queue",
            "//",
        ):
            answer = people[role].get(prefix + rest)
            assert answer.status_code in (303, 403, 404), (prefix, rest)
            assert SECRET not in answer.text


def test_odd_path_parts(people: dict[str, TestClient]) -> None:
    """Addresses that no route has, and those that nearly are one."""
    odd = (
        "/drafts/-1", "/drafts/1.0", "/drafts/%00", "/drafts/١", "/compare/1/" + "9" * 19,
        "/compare/1/1,2,x", "/compare/1/" + "2," * 900, "/static/../zugao.toml",
        "/static/%2e%2e/app.py", "//queue", "/queue/", "/\x7f", "/" + "长" * 500,
    )  # fmt: skip
    for role, browser in people.items():
        for path in odd:
            status = browser.get(quote(path, safe="/%,.")).status_code
            assert status < 500, (role, path, status)


def test_the_other_units_rows_are_still_what_they_were(house: Office) -> None:
    rows = raw(house.db).execute("SELECT count(*) FROM draft WHERE title LIKE ?", (f"{SECRET}%",))
    assert rows.fetchone()[0] == 2


def test_fields_were_found() -> None:
    assert {"theme", "seen", "reason", "verdict", "password", "proposal"} <= set(FIELDS)
    assert Path(HERE / "templates").is_dir()
