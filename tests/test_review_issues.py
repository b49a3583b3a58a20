"""编刊 on the desk: put together, moved, edited beside the raw text, built, printed, taken back."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from review.differences import differences
from storage.composing import plan_of
from storage.outlets import OutletRow, import_outlets
from tests.support_adoption import BODIES, adopted, make_office
from tests.support_desk import Office, office, words


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Office]:
    home = tmp_path / "home"
    home.mkdir()
    make_office(home / "zugao.db").close()
    with office(home) as made:
        yield made


@pytest.fixture
def editor(house: Office) -> TestClient:
    return house.logged_in("editor")


def begun(editor: TestClient) -> str:
    """A new issue of 云泽组工信息; its address."""
    answer = editor.post("/issues", data={"outlet": "组工信息", "number": "25", "year": "2026"})
    return str(answer.headers["location"])


def order_of(house: Office, address: str) -> list[list[int]]:
    plan = plan_of(house.db, int(address.rpartition("/")[2]))
    return [[source.draft_id for source in item.sources] for item in plan.items]


def test_an_issue_is_composed_moved_printed_and_taken_back(
    house: Office, editor: TestClient
) -> None:
    address = begun(editor)
    assert "2026 年第 25 期" in words(editor.get("/issues").text)
    editor.post(f"{address}/items", data={"drafts": "1 3", "column": "基层党建"})
    editor.post(f"{address}/items", data={"drafts": "4、2", "beside": ""})
    assert order_of(house, address) == [[1], [3], [4], [2]]
    page = editor.get(address).text
    up = re.search(
        r'value="([\d ]+)"><input type="hidden" name="moved" value="4"><button data-move="up"', page
    )
    assert up is not None
    moved = editor.post(f"{address}/order", data={"drafts": up[1], "moved": "4"})
    assert moved.headers["location"] == f"{address}#d4"
    assert order_of(house, address) == [[1], [4], [3], [2]]
    editor.post(f"{address}/remove", data={"drafts": "4"})
    editor.post(f"{address}/items", data={"drafts": "5", "beside": "1"})
    assert order_of(house, address) == [[1, 5], [3], [2]]
    word = editor.get(f"{address}/issue.docx")
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(word.content)).paragraphs)
    assert "【基层党建】" in text
    assert BODIES[2] in text
    assert adopted(house.db) == []
    editor.post(f"{address}/print", data={"day": "2026-10-15"})
    assert sorted((row[0], row[4], row[5], row[6]) for row in adopted(house.db)) == [
        (1, "2026-10-15", "综合", 0.5),
        (2, "2026-10-15", "单篇", 1.0),
        (3, "2026-10-15", "单篇", 1.0),
        (5, "2026-10-15", "综合", 0.5),
    ]
    late = editor.post(f"{address}/items", data={"drafts": "4"})
    assert late.status_code == 400
    assert "已经印发" in late.text
    editor.post(f"{address}/unprint")
    assert adopted(house.db) == []
    assert "印发，记采用" in editor.get(address).text


def test_edited_text_stands_beside_the_raw_one(house: Office, editor: TestClient) -> None:
    address = begun(editor)
    editor.post(f"{address}/items", data={"drafts": "1"})
    path = f"{address}/items/1"
    assert "还没有改" in editor.get(path).text
    raw = "一、做法\n" + BODIES[0]
    new = raw.replace("十二件", "十三件<b>") + "\n" + "又一段。"
    assert editor.post(path, data={"title": "新题", "text": new}).status_code == 303
    page = editor.get(path).text
    changed = "<del>院坝议事办实事十二件</del><ins>院坝议事办实事十三件&lt;b&gt;</ins>，"
    assert changed in page
    assert unescape(words(page)).count("新题") == 1
    same = editor.post(path, data={"title": "", "text": new})
    assert same.status_code == 400
    assert "标题和正文都没有改动" in same.text
    assert "已改" in editor.get(address).text
    editor.post(path, data={"restore": "1"})
    item = plan_of(house.db, int(address.rpartition("/")[2])).items[0]
    assert (item.title, item.text) == ("题目1", raw)
    rows = house.db.execute("SELECT title, who FROM edited_text ORDER BY id").fetchall()
    assert rows == [("新题", "editor"), ("题目1", "editor")]


def test_the_outlets_limit_is_shown(house: Office, editor: TestClient) -> None:
    import_outlets(house.db, [OutletRow("云泽组工信息", {"hard_chars": 10})])
    address = begun(editor)
    editor.post(f"{address}/items", data={"drafts": "1"})
    page = words(editor.get(address).text)
    assert "不超过 10 字" in page
    assert "超过上限10字" in page


def test_a_long_text_is_kept_and_a_longer_one_refused(house: Office, editor: TestClient) -> None:
    address = begun(editor)
    editor.post(f"{address}/items", data={"drafts": "1"})
    long = "长稿也要存得下。\n" * 11_111
    assert editor.post(f"{address}/items/1", data={"text": long}).status_code == 303
    assert editor.get(f"{address}/items/1").status_code == 200
    assert editor.post(f"{address}/items/1", data={"text": "字" * 200_001}).status_code == 400


def test_what_is_wrong_is_said(house: Office, editor: TestClient) -> None:
    address = begun(editor)
    for path, data, status, sentence in (
        ("/issues", {"outlet": "没有的", "number": "1"}, 400, "没有叫“没有的”的刊物"),
        ("/issues", {"outlet": "组工信息", "number": "25", "year": "2026"}, 400, "期号不能重复"),
        ("/issues", {"outlet": "组工信息", "number": "1", "year": "今年"}, 400, "看不懂年份"),
        (f"{address}/items", {"drafts": ""}, 400, "没有写稿件编号"),
        (f"{address}/items", {"drafts": "x"}, 400, "看不懂编号"),
        (f"{address}/items", {"drafts": "99"}, 400, "没有第99号稿件"),
        (f"{address}/print", {"day": "2999-01-01"}, 400, "还没有稿件"),
        (f"{address}/items/1", {"text": "x"}, 404, "不在这一期里"),
        ("/issues/99/items/1", {"text": "x"}, 404, "没有编号为99的期"),
    ):
        answer = editor.post(path, data=data)
        assert answer.status_code == status, path
        assert sentence in answer.text, path
    for path in ("/issues/99", "/issues/99999999999999999999", f"{address}/items/1"):
        assert editor.get(path).status_code in (400, 404)


@given(st.text(alphabet="党建，。\nab", max_size=60), st.text(alphabet="党建，。\nab", max_size=60))
def test_differences_hold_both_texts(old: str, new: str) -> None:
    parts = differences(old, new)
    assert "".join(part.text for part in parts if part.kind != "del") == new
    assert "".join(part.text for part in parts if part.kind != "ins") == old


@pytest.mark.parametrize(
    ("old", "new"),
    [("，" * 8000, "，。" * 4000), ("长\n" * 50_000, "长\n，\n" * 25_000), ("字" * 10**5, "")],
)
def test_differences_take_no_time_whatever_is_compared(old: str, new: str) -> None:
    start = time.process_time()
    parts = differences(old, new)
    assert time.process_time() - start < 2
    assert "".join(part.text for part in parts if part.kind != "del") == new
