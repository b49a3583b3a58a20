"""采用 on the desk: proposals answered, items matched by hand, uploads, the draft's own fate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from storage.connection import write
from storage.events import adopt
from tests.support_adoption import adopted, make_office
from tests.support_desk import Office, office, words


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Office]:
    """The office of support_adoption with a desk: drafts 1–5, outlets 1–3, issues 1–3."""
    home = tmp_path / "home"
    home.mkdir()
    make_office(home / "zugao.db").close()
    with office(home) as made:
        yield made


@pytest.fixture
def editor(house: Office) -> TestClient:
    return house.logged_in("editor")


def propose(house: Office, item: int, draft: int, *, sure: bool = False, share: float = 1) -> None:
    """A proposal as the matching stores it."""
    evidence = (
        '{"shared": 40, "longest": 20, "title": 0.9, "named": true, "why": "", "versions": [],'
        ' "rivals": []}'
    )
    with write(house.db) as conn:
        conn.execute(
            "INSERT INTO adoption_proposal (item_id, draft_id, form, share, used, confidence, sure,"
            " evidence, warnings, rules_version, made_at)"
            " VALUES (?, ?, '单篇', ?, 1, 0.8, ?, ?, '[]', 't', '2026-09-16T00:00:00.000Z')",
            (item, draft, share, sure, evidence),
        )
        conn.execute("UPDATE printed_item SET origin = 'issue'")


def test_enter_confirms_the_first_and_the_next_one_takes_its_place(
    house: Office, editor: TestClient
) -> None:
    propose(house, 1, 1, share=0.6)
    propose(house, 2, 3)
    page = editor.get("/adoption").text
    told = unescape(words(page))
    assert "待确认 2" in told
    assert "把握 80%；条目的 60% 来自这篇" in told
    first = re.search(
        r'name="proposal" value="(\d+)">[^<]*<input[^>]*value="confirm">'
        r'<button class="main" data-key="Enter"', page,
    )  # fmt: skip
    assert first is not None
    assert page.count('data-key="Enter"') == 1
    done = editor.post("/adoption/answer", data={"proposal": first[1], "answer": "confirm"})
    assert done.headers["location"] == "/adoption"
    assert [(row[0], row[1], row[6]) for row in adopted(house.db)] == [(1, 1, 0.6)]
    page = editor.get("/adoption").text
    assert "待确认 1" in words(page)
    second = re.search(r'name="proposal" value="(\d+)"', page)
    assert second is not None
    editor.post("/adoption/answer", data={"proposal": second[1], "answer": "refuse"})
    assert "没有等待确认的采用" in editor.get("/adoption").text
    again = editor.post("/adoption/answer", data={"proposal": first[1], "answer": "confirm"})
    assert again.status_code == 400
    assert "没有做成" in again.text


def test_the_sure_ones_in_bulk_with_preview_and_undo(house: Office, editor: TestClient) -> None:
    propose(house, 1, 1, sure=True)
    propose(house, 2, 3, sure=True)
    propose(house, 4, 4)
    page = editor.get("/adoption/sure").text
    numbers = re.findall(r'name="proposal" value="(\d+)" checked', page)
    assert len(numbers) == 2
    adopt(house.db, 3, 2, who="别人")
    done = editor.post("/adoption/sure", data={"proposal": numbers}).text
    assert "已记下 1 条采用" in words(done)
    assert "另有 1 条没有记" in words(done)
    events = re.findall(r'name="event" value="(\d+)"', done)
    editor.post("/events/undo", data={"event": events})
    assert [row[0] for row in adopted(house.db)] == [3]
    undone = editor.post("/events/undo", data={"event": events})
    assert "已经撤销过了" in undone.text


def test_an_item_without_a_draft_finds_one_by_title_or_search(
    house: Office, editor: TestClient
) -> None:
    with write(house.db) as conn:
        conn.execute("UPDATE printed_item SET origin = 'list', title = '院坝议事' WHERE id = 1")
    assert "刊发而无来稿 1" in words(editor.get("/adoption").text)
    page = editor.get("/adoption/items/1?words=院坝").text
    assert re.findall(r'name="draft" value="(\d+)"', page) == ["1"]
    assert "没有找到" in editor.get("/adoption/items/1?words=冰川").text
    editor.post("/adoption/items/1", data={"draft": ["1", "3"]})
    assert [(row[0], row[1], row[5], row[6]) for row in adopted(house.db)] == [
        (1, 1, "综合", 0.5),
        (3, 1, "综合", 0.5),
    ]
    assert editor.post("/adoption/items/1", data={}).status_code == 400
    for path in ("/adoption/items/99", "/adoption/items/99999999999999999999"):
        assert editor.get(path).status_code == 404


def test_a_list_of_titles_is_read_and_matched(house: Office, editor: TestClient) -> None:
    table = "标题,媒体,日期,期号\n题目2,组工信息,2026-09-20,24\n题目,没有的报,2026-09-20,1\n"
    done = editor.post(
        "/adoption/upload",
        files=[
            ("files", ("../清单.csv", table.encode(), "text/csv")),
            ("files", ("坏.docx", b"PK\x03\x04 cut off", "application/msword")),
        ],
    )
    told = unescape(words(done.text))
    assert done.status_code == 200
    assert "读入 1 个文件、1 条" in told
    assert "没有叫“没有的报”的刊物" in told
    assert "坏.docx" in told
    kept = sorted(p.name for p in (house.home / "刊发" / "网上交来").rglob("*") if p.is_file())
    assert kept == ["坏.docx", "清单.csv"]
    assert editor.post("/adoption/upload", files=[("files", ("", b""))]).status_code == 400


def test_the_fate_of_a_draft_is_recorded_and_taken_back(house: Office, editor: TestClient) -> None:
    done = editor.post(
        "/drafts/2/adopt",
        data={"outlet": "云泽组工信息", "issue": "24", "day": "2026-09-28", "back": "/drafts/2?x"},
    )
    assert done.headers["location"] == "/drafts/2?x"
    assert [(row[0], row[3], row[4]) for row in adopted(house.db)] == [(2, "市", "2026-09-28")]
    assert editor.post("/drafts/2/pre-adopt", data={"outlet": "江岚组工通讯"}).status_code == 303
    answer = editor.post(
        "/drafts/2/instruct", data={"person": "市委领导", "level": "市", "day": "2026-09-29"}
    )
    assert answer.status_code == 303
    own = unescape(words(editor.get("/drafts/2").text)).replace("\u3000", " ")
    assert "采用 云泽组工信息第 24 期（市，2026-09-28）" in own
    assert "预采用 拟用于江岚组工通讯" in own
    events = unescape(words(editor.get("/adoption").text))
    assert "批示 市委领导（市）" in events.replace("\u3000", " ")
    number = re.search(r'name="event" value="(\d+)"', editor.get("/adoption").text)
    assert number is not None
    editor.post("/events/undo", data={"event": number[1]})
    assert "已撤销" in editor.get("/adoption").text
    for path, data, sentence in (
        ("adopt", {"issue": "1"}, "没有写刊物"),
        ("adopt", {"outlet": "云泽组工信息"}, "请写明刊物和期号"),
        ("adopt", {"outlet": "云泽组工信息", "issue": "9", "day": "明天"}, "看不懂日期"),
        ("instruct", {"person": "", "level": "市"}, "批示领导"),
    ):
        refused = editor.post(f"/drafts/2/{path}", data=data)
        assert refused.status_code == 400
        assert sentence in refused.text
    assert editor.post("/drafts/99/pre-adopt", data={}).status_code == 400
