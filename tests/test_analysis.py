"""The analysis page, and the copy that Datasette shows."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.analysis import analyse, analysis_page, sentences
from storage.analysts_copy import LEFT_OUT, TABLES, make_copy, metadata
from storage.connection import open_database
from storage.describe import QUERIES
from storage.driver import sqlite3
from storage.errors import StorageError
from storage.meanings import MEANINGS
from storage.periods import parse_period
from tests.support_statistics import Office
from zugao.window import Copied, command

Q3 = parse_period("2026Q3")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    unit = office.unit("临溪<b>县委")
    village, young = (office.draft(unit, "2026-07-01", theme=code) for code in ("A1", "C2"))
    office.draft(unit, "2026-07-02", theme="A1", title='=HYPERLINK("x")')
    office.adopt(young, office.item("省", "2026-07-11"))
    office.pair(village, young, "重复报送")
    yield office
    office.db.close()


def test_the_page_says_what_the_figures_say(office: Office) -> None:
    found = analyse(office.db, Q3)
    assert sentences(found) == [
        "收到稿件3篇，有效2篇，到现在刊发1篇（33.3%），其中省级以上1篇。",
        "从收到到首次刊发，一半的稿件不超过10天。",
        "用得比报得多的主题：年轻干部培养（+66.7%）。",
        "报得比用得多的主题：农村党建（-66.7%）。",
        "重复报送自己的稿件：临溪<b>县委1篇。",
    ]
    page = analysis_page(found, "某办")
    assert "临溪&lt;b&gt;县委" in page
    assert "<b>" not in page
    assert page.count("<svg") == 4
    assert not re.search(r"<script|https?://(?!www\.w3\.org|purl\.org|matplotlib\.org"
                         r"|creativecommons\.org)", page)  # fmt: skip


def test_an_empty_period_has_a_page(office: Office) -> None:
    page = analysis_page(analyse(office.db, parse_period("2020")), "某办")
    assert "这一期没有收到稿件" in page
    assert "<svg" not in page


def test_the_copy_holds_the_views_and_nothing_else(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "copy" / "zugao.db"
    counts = make_copy(tmp_path / "zugao.db", target)
    assert (counts["submissions"], counts["adoptions"], counts["unit_duplicates"]) == (3, 1, 1)
    conn = sqlite3.connect(target)
    names = {n for (n,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert names == set(TABLES)
    for view, left in LEFT_OUT.items():
        columns = {row[1] for row in conn.execute(f"PRAGMA table_info({view})")}
        assert columns == set(MEANINGS[view]) - {""} - left
    titles = {title for (title,) in conn.execute("SELECT title FROM register")}
    assert titles == {"一件事", '\'=HYPERLINK("x")'}
    types = conn.execute("SELECT typeof(cover), cover FROM unit_duplicates").fetchone()
    assert types == ("real", 1.0)
    for _, sql in QUERIES:
        conn.execute(sql).fetchall()
    conn.close()
    assert make_copy(tmp_path / "zugao.db", target) == counts
    assert [path.name for path in target.parent.iterdir()] == ["zugao.db"]


def test_no_copy_without_a_database(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        make_copy(tmp_path / "none.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_datasette_shows_it_in_chinese(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "copy" / "zugao.db"
    counts = make_copy(tmp_path / "zugao.db", target)
    description = target.with_name("metadata.json")
    description.write_text(json.dumps(metadata("某办", "zugao")), encoding="utf-8")
    asked = command(Copied(target, description, counts), 8001)
    assert asked[asked.index("--host") + 1] == "127.0.0.1"
    told = subprocess.run(
        [*asked, "--get", "/zugao/adoptions"], capture_output=True, text=True, check=True
    ).stdout
    for words in ("有效的采用", "印发日期（北京时间的日期）", "刊发标题"):
        assert words in told
    answered = subprocess.run(
        [*asked, "--get", "/zugao/q4.json?_shape=array"], capture_output=True, text=True
    ).stdout
    assert json.loads(answered)[0]["采用篇次"] == 1


def test_every_copied_view_is_there(tmp_path: Path) -> None:
    db = open_database(tmp_path / "zugao.db")
    assert set(TABLES) <= set(db.view_names())
    for view, facets in TABLES.items():
        assert set(facets) <= set(MEANINGS[view])
    db.close()
