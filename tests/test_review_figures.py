"""统计 on the desk: each number leads to its rows; lists, downloads, bulletins, commissions."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import docx
import openpyxl
import pytest
from starlette.testclient import TestClient

from storage.connection import write
from storage.events import adopt, instruct
from tests.support_adoption import make_office
from tests.support_desk import Office, office, words


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Office]:
    """The office of support_adoption: draft 1 adopted by 市, with an instruction on it."""
    home = tmp_path / "home"
    home.mkdir()
    made = make_office(home / "zugao.db")
    adopt(made, 1, 1)
    instruct(made, person="市委领导", level="市", draft_id=1, happened_on=date(2026, 9, 20))
    made.close()
    with office(home) as found:
        yield found


@pytest.fixture
def analyst(house: Office) -> TestClient:
    return house.logged_in("analyst")


def test_each_number_of_the_ranking_leads_to_as_many_rows(analyst: TestClient) -> None:
    page = unescape(analyst.get("/figures?period=2026Q3").text)
    links = re.findall(r'<a href="(/figures/rows\?[^"]*)">([^<]*)</a>', page)
    figures = {parse_qs(urlsplit(link).query)["figure"][0] for link, _ in links}
    assert {"submitted", "adopted", "adoptions", "instructions", "points"} <= figures
    for link, shown in links:
        answer = analyst.get(link)
        assert answer.status_code == 200, link
        figure = parse_qs(urlsplit(link).query)["figure"][0]
        body = answer.text.partition("<tbody>")[2]
        points = [float(n) for n in re.findall(r'class="num">(-?[\d.]+)</td>', body)]
        if figure in ("points", "bonus"):
            assert sum(points) == float(shown)
        else:
            assert body.count("<tr>") == int(shown.partition("/")[2] or shown)


def test_tabs_of_groups_and_other_divisions(analyst: TestClient) -> None:
    page = analyst.get("/figures?period=2026Q3&group=市直").text
    assert "云泽市委党校" in page.partition("<tbody>")[2]
    assert "临溪县委组织部" not in page.partition("<tbody>")[2]
    for by in ("group", "theme", "category", "genre", "class", "author", "level", "outlet"):
        assert analyst.get(f"/figures?period=2026Q3&by={by}&base=received").status_code == 200
    for query, sentence in (
        ("period=去年", "看不懂期间"),
        ("period=2999", "还没有开始"),
        ("by=x", "没有做成"),
    ):
        answer = analyst.get(f"/figures?{query}")
        assert answer.status_code == 400
        assert sentence in answer.text
    for path in ("/figures/rows?unit=1", "/figures/rows?unit=x&figure=points"):
        assert analyst.get(path).status_code == 400
    assert analyst.get("/figures/lists/x").status_code == 404


def test_every_list_and_chart(house: Office, analyst: TestClient) -> None:
    for name in house.desk.works.lists():
        assert analyst.get(f"/figures/lists/{name}?period=2026Q3").status_code == 200, name
    page = analyst.get("/figures/lists/zero-adopted?period=2026Q3").text
    assert "云泽市委党校" in page
    assert "临溪县委组织部" not in page.partition("<tbody>")[2]
    svg = analyst.get("/figures/charts/months.svg?period=2026Q3")
    assert svg.headers["content-type"] == "image/svg+xml"
    assert analyst.get("/figures/charts/x.svg").status_code == 404


def test_downloads_open_and_hold_no_formula(house: Office, analyst: TestClient) -> None:
    with write(house.db) as conn:
        conn.execute("UPDATE draft SET title = '=1+1' WHERE id = 1")
    table = analyst.get("/figures/files/unit.csv?period=2026Q3").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(r["单位"], r["采用"]) for r in rows if r["采用"] != "0"] == [("临溪县委组织部", "1")]
    for name in ("register", "best", "theme"):
        content = analyst.get(f"/figures/files/{name}.xlsx?period=2026Q3").content
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    with write(house.db) as conn:
        conn.execute("UPDATE draft SET title = '联络人13900001234' WHERE id = 1")
    register = analyst.get("/figures/files/register.csv?period=2026Q3").content.decode("utf-8-sig")
    assert "联络人139******34" in register
    assert "13900001234" not in register
    for path in ("x.csv", "unit.exe"):
        assert analyst.get(f"/figures/files/{path}?period=2026Q3").status_code == 404


def test_a_bulletin_is_made_frozen_and_checked(house: Office, analyst: TestClient) -> None:
    draft = analyst.get("/figures/files/bulletin.docx?period=2026Q3")
    assert draft.status_code == 200
    assert docx.Document(io.BytesIO(draft.content)).paragraphs
    editor = house.logged_in("editor")
    data = {"period": "2026Q3", "number": "云组办通〔2026〕7号"}
    assert analyst.post("/bulletins", data=data).status_code == 403
    assert "冻结通报要写文号" in editor.post("/bulletins", data={"period": "2026Q3"}).text
    assert editor.post("/bulletins", data=data).headers["location"] == "/bulletins"
    assert "已用于" in editor.post("/bulletins", data=data).text
    assert "无误" in words(analyst.get("/bulletins").text)
    again = analyst.get("/bulletins/1.docx")
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(again.content)).paragraphs)
    assert "云组办通〔2026〕7号" in text
    assert analyst.get("/bulletins/9.docx").status_code == 400
    assert analyst.get("/bulletins/1.exe").status_code == 404


def test_commissions_are_asked_shown_and_taken_back(house: Office, analyst: TestClient) -> None:
    editor = house.logged_in("editor")
    data = {"title": "秋收一线", "units": "临溪县、市直", "due": "2999-01-01"}
    assert editor.post("/commissions", data=data).status_code == 303
    page = editor.get("/commissions").text
    assert page.count("秋收一线") == 2
    assert "约稿未交 2 件" in words(page)
    assert "没有写截止日期" in editor.post("/commissions", data={**data, "due": ""}).text
    assert "单位表里没有" in editor.post("/commissions", data={**data, "units": "没有的"}).text
    number = re.search(r'name="event" value="(\d+)"', page)
    assert number is not None
    editor.post("/events/undo", data={"event": number[1], "back": "/commissions"})
    assert "约稿未交 1 件" in words(analyst.get("/commissions").text)
