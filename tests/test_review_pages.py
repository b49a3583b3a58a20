"""Queue, draft, decisions, comparison, letters: through the pages, as an editor goes."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import docx
import pytest
from starlette.testclient import TestClient

from nlp.types import Draft, Flag, Paragraph
from reports.return_letter import Letter, write_letter
from review.marking import Mark, parts
from review.query import query_of, wanted_of
from storage import audit
from storage.aspects import remember_aspects
from storage.blobs import BlobStore
from storage.commit import commit_batch
from storage.connection import open_database, raw
from storage.facts import draft_facts
from storage.ledger import Submission, receive
from storage.queue import Wanted, counts
from storage.runs import start_run
from tests.support_desk import PASSWORD, Office, office, words
from tests.support_storage import ASPECTS, draft, findings, outcome

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}\u202e倒着写"
BODY = (
    "今年以来，柳湾镇把议事桌摆到院坝里，村党组织书记带头听民声，三个月办成实事十二件，"
    "群众反映的断头路、路灯不亮、垃圾转运不及时等问题逐一销号，群众满意度明显提高。"
)


def table_draft() -> Draft:
    return Draft(
        position=1,
        title=EVIL,
        paragraphs=(
            Paragraph("title", "", EVIL),
            Paragraph("heading", "一、", "做法", 1),
            Paragraph("table", "", "村\t件数"),
            Paragraph("table", "", "东湾村\t12"),
            Paragraph("body", "", BODY),
        ),
        characters=len(BODY) + 9,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five drafts: 1 and 3 the same, 2 undecided and overlong, 4 hostile, 5 sure."""
    tmp_path = tmp_path_factory.mktemp("built")
    with office(tmp_path / "home") as made:
        db = made.db
        remember_aspects(db, ASPECTS, "t1")
        run = start_run(db, "direct", "/inbox")
        file = tmp_path / "稿件 一.docx"
        document = docx.Document()
        document.add_paragraph("村里的事村民议")
        document.add_paragraph(BODY)
        document.save(str(file))
        stored = BlobStore(made.home / "originals").add(file)
        receive(
            db,
            [
                Submission(
                    "稿件 一.docx",
                    "临溪县",
                    f"{n}/稿件.docx",
                    n % 2 + 1,
                    stored.sha256,
                    stored.size,
                )
                for n in range(5)
            ],
            run,
        )
        over = Flag("over_hard", "warn", "正文超过上限", 0, 0, len(BODY) + 4, 60)
        form = Flag("misspelling", "warn", "“渔业”似应为“鱼业”", 12, 14)
        drafts = [
            draft("村里的事村民议", body=BODY),
            draft(
                "年轻干部到信访一线", body=BODY.replace("柳湾", "沅北").replace("十二", "四十七")
            ),
            draft("村里的事村民议", body=BODY),
            table_draft(),
            draft("快递站点的暖心驿站", body="桂子街道在快递站点设暖心驿站，骑手党员亮身份。"),
        ]
        found = [
            findings(exact="a" * 32),
            findings(exact="b" * 32, theme="", flags=(over,)),
            findings(exact="a" * 32),
            findings(exact="c" * 32, flags=(form,)),
            findings(exact="d" * 32),
        ]
        for n in range(5):
            commit_batch(db, run, [outcome(n + 1, drafts[n], found=[found[n]])])
    return tmp_path / "home"


@pytest.fixture
def house(built: Path, tmp_path: Path) -> Iterator[Office]:
    """A copy of the office for each test."""
    shutil.copytree(built, tmp_path / "home")
    with office(tmp_path / "home") as made:
        yield made


@pytest.fixture
def editor(house: Office) -> TestClient:
    return house.logged_in("editor")


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_the_queue_tells_enough_to_decide(editor: TestClient) -> None:
    page = editor.get("/queue").text
    told = unescape(words(page))
    assert "待审 5 存疑 1 重复" in told
    assert "完全相同 100%" in told
    assert "A1 农村党建（70%）" in told
    assert "无法判断" in told
    assert "沅北县委组织部" in told
    assert "错别字" in told


def test_hostile_text_is_shown_as_text(editor: TestClient) -> None:
    for path in (
        "/queue",
        "/drafts/4",
        "/compare/4/1",
        "/bulk?sure=0.6",
        "/queue?words=" + quote(EVIL),
    ):
        page = editor.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert "\u202e" not in page.text
        assert "{{7*7}}" in page.text
    assert "&lt;script&gt;alert(1)" in editor.get("/drafts/4").text


def test_tabs_search_and_filters_go_by_the_address(editor: TestClient) -> None:
    for query, titles in (
        ("tab=doubtful", ["年轻干部到信访一线"]),
        ("words=信访", ["年轻干部到信访一线"]),
        ("words=骑手", ["快递站点的暖心驿站"]),
        ("flag=over_hard", ["年轻干部到信访一线"]),
        ("tab=adopted", []),
        ("tab=nonsense&order=x&start=2026-99-99&after=%00", None),
    ):
        page = editor.get("/queue?" + query)
        assert page.status_code == 200
        found = re.findall(r'class="title"><a [^>]*>([^<]*)</a>', page.text)
        assert titles is None or found == titles, query


def test_a_query_string_comes_back_the_same() -> None:
    wanted = Wanted(tab="doubtful", unit="3", start="2026-01-01", end="2026-02-01", words="党 建")
    text = query_of(wanted)
    assert "end=2026-01-31" in text
    from urllib.parse import parse_qsl

    assert wanted_of(dict(parse_qsl(text))) == wanted
    assert query_of(Wanted()) == ""


def test_the_draft_is_shown_as_word_shows_it(editor: TestClient) -> None:
    page = editor.get("/drafts/4").text
    assert (
        "<table><tr><td>村</td><td>件数</td></tr><tr><td>东湾村</td><td>12</td></tr></table>"
        in page
    )
    assert "一、做法" in words(page)
    assert "错别字：“渔业”似应为“鱼业”" in unescape(words(page))
    assert "繁体字稿件" in words(editor.get("/drafts/1").text)
    assert 'class="term"' in editor.get("/drafts/1").text


def test_the_proposed_cut_stands_in_the_text(editor: TestClient) -> None:
    page = editor.get("/drafts/2").text
    assert 'id="show-cut"' not in editor.get("/drafts/1").text
    assert "超过" in page or "上限" in page


def test_an_accepted_draft_leaves_the_queue_and_the_next_one_opens(
    house: Office, editor: TestClient
) -> None:
    page = editor.get("/drafts/5?order=urgency").text
    then = re.search(r'name="then" value="([^"]*)"', page)
    assert then is not None
    assert unescape(then[1]) == "/drafts/4?order=urgency"
    answer = editor.post(
        "/drafts/5/accept?order=urgency",
        data={"theme": "A1", "genre": "经验", "seen": seen(page), "then": unescape(then[1])},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/drafts/4?order=urgency")
    assert counts(house.db, Wanted())["waiting"] == 4
    facts = draft_facts(house.db, 5)
    assert facts is not None
    (decision,) = facts["decisions"]  # type: ignore[misc]
    assert (decision["kind"], decision["who"]) == ("accept", "editor")
    assert "采信《快递站点的暖心驿站》：农村党建" in words(editor.get("/queue").text)


def test_theme_secondary_and_genre_are_corrected(house: Office, editor: TestClient) -> None:
    page = editor.get("/drafts/1").text
    answer = editor.post(
        "/drafts/1/accept",
        data={
            "theme": "C2", "secondary": ["A1"], "with_secondary": "1", "genre": "动态",
            "seen": seen(page), "note": "主要写干部",
        },
    )  # fmt: skip
    assert answer.status_code == 303
    facts = draft_facts(house.db, 1)
    assert facts is not None
    assert (facts["theme"], facts["genre"]) == ("C2", "动态")
    (decision,) = facts["decisions"]  # type: ignore[misc]
    assert (decision["secondary"], decision["note"]) == (["A1"], "主要写干部")


def test_undo_brings_the_draft_back(house: Office, editor: TestClient) -> None:
    editor.post("/drafts/5/accept", data={"theme": "C2", "seen": "0"})
    strip = re.search(r'action="/undo/(\d+)"', editor.get("/queue").text)
    assert strip is not None
    answer = editor.post(f"/undo/{strip[1]}", data={"back": "/queue?tab=all"})
    assert answer.headers["location"] == "/queue?tab=all"
    assert counts(house.db, Wanted())["waiting"] == 5
    assert "撤销" in words(editor.get("/drafts/5").text)
    again = editor.post(f"/undo/{strip[1]}", data={})
    assert again.status_code == 400
    assert "已经撤销" in again.text


def test_two_editors_are_told_of_each_other_and_nothing_is_lost(house: Office) -> None:
    one, other = house.logged_in("editor"), house.logged_in("editor2")
    first = one.get("/drafts/1").text
    second = other.get("/drafts/1").text
    assert "editor也开着这一篇" in words(second)
    assert one.get("/drafts/1/state").json() == {"seen": 0, "others": ["editor2"]}
    assert one.post(
        "/drafts/1/accept", data={"theme": "C2", "seen": seen(first)}
    ).status_code == 303  # fmt: skip
    assert other.get("/drafts/1/state").json()["seen"] == 1
    late = other.post(
        "/drafts/1/accept?tab=all", data={"theme": "A1", "note": "<我的>理由", "seen": seen(second)}
    )
    assert late.status_code == 409
    assert "editor在" in late.text
    assert "C2 年轻干部培养" in late.text
    assert "&lt;我的&gt;理由" in late.text
    facts = draft_facts(house.db, 1)
    assert facts is not None
    assert facts["theme"] == "C2"
    again = other.post(
        "/drafts/1/accept?tab=all",
        data={"theme": "A1", "note": "<我的>理由", "seen": seen(late.text)},
    )
    assert again.status_code == 303
    facts = draft_facts(house.db, 1)
    assert facts is not None
    assert facts["theme"] == "A1"
    assert len(facts["decisions"]) == 2  # type: ignore[arg-type]


def test_a_return_makes_a_letter(house: Office, editor: TestClient) -> None:
    empty = editor.post("/drafts/1/return", data={"seen": "0", "returning": "1"})
    assert empty.status_code == 400
    assert "退稿要勾选或写明理由" in empty.text
    assert "<details open>" in empty.text
    answer = editor.post(
        "/drafts/1/return",
        data={
            "seen": "0", "reason": ["时效已过", "事例和数据不足"], "note": "请补三个月的数据。",
            "then": "/drafts/5",
        },
    )  # fmt: skip
    page = editor.get(answer.headers["location"]).text
    letter = unescape(words(page))
    assert "临溪县委组织部：" in letter
    assert "主要原因：一是时效已过；二是事例和数据不足。" in letter
    assert 'href="/drafts/5"' in page
    number = answer.headers["location"].split("?")[0].rpartition("/")[2]
    word = editor.get(f"/returns/{number}/letter.docx")
    assert word.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    text = [p.text for p in docx.Document(io.BytesIO(word.content)).paragraphs]
    assert text[0] == "关于退回《村里的事村民议》一稿的函"
    assert "请补三个月的数据。" in text
    assert counts(house.db, Wanted())["returned"] == 1
    editor.post(f"/undo/{number}")
    assert editor.get(f"/returns/{number}").status_code == 404


def test_notes_and_assignments(house: Office, editor: TestClient) -> None:
    assert editor.post("/drafts/1/note", data={"text": " "}).status_code == 400
    editor.post("/drafts/1/note", data={"text": "先核实\n<b>数字</b>"})
    editor.post("/drafts/1/assign", data={"assignee": "editor2"})
    assert editor.post("/drafts/1/assign", data={"assignee": "admin"}).status_code == 400
    page = unescape(words(editor.get("/drafts/1").text))
    assert "editor 留言：先核实 <b>数字</b>" in page
    assert "editor 交给 editor2" in page
    mine = editor.get("/queue?assignee=editor2").text
    assert re.findall(r'class="num">(\d+)</td>\s*<td class="title"', mine) == ["1"]


def test_many_at_once_with_preview_and_undo(house: Office, editor: TestClient) -> None:
    page = editor.get("/bulk?sure=0.6").text
    values = re.findall(r'name="draft" value="([^"]*)"', page)
    assert values == ["5:A1:0", "4:A1:0", "1:A1:0"]
    assert "没有这样的待审稿件" in editor.get("/bulk?sure=0.99").text
    editor.post("/drafts/4/accept", data={"theme": "C2", "seen": "0"})
    done = editor.post("/bulk", data={"draft": [*values, "x", "7:A1:0"]}).text
    assert "已采信 2 篇" in words(done)
    assert "另有 2 篇没有采信" in words(done)
    assert "批量采信 2 篇" in words(done)
    undo = re.search(r'action="/undo/(\d+)"', done)
    assert undo is not None
    editor.post(f"/undo/{undo[1]}")
    assert counts(house.db, Wanted())["accepted"] == 1


def test_files_come_as_attachments(editor: TestClient) -> None:
    original = editor.get("/drafts/1/original")
    disposition = original.headers["content-disposition"]
    assert disposition == "attachment; filename*=UTF-8''" + quote("稿件 一.docx")
    assert original.headers["content-type"] == "application/octet-stream"
    assert docx.Document(io.BytesIO(original.content)).paragraphs[0].text == "村里的事村民议"
    annotated = editor.get("/drafts/1/annotated")
    assert annotated.status_code == 200
    assert quote("稿件 一.批注.docx") in annotated.headers["content-disposition"]
    comments = docx.Document(io.BytesIO(annotated.content)).comments
    assert any("农村党建" in comment.text for comment in comments)


def test_the_comparison_and_its_verdict(house: Office, editor: TestClient) -> None:
    page = editor.get("/compare/1/2").text
    assert re.search(r'id="a1" href="#b1"', page)
    assert re.search(r'id="b1" href="#a1"', page)
    assert 'class="t0 number">' in page or 'class="t0 name">' in page
    answer = editor.post("/pairs/1/3", data={"verdict": "重复报送", "back": "/compare/1/3"})
    assert answer.headers["location"] == "/compare/1/3"
    assert "editor判定： 重复报送" in words(editor.get("/compare/3/1").text)
    assert "editor判定：重复报送" in words(editor.get("/drafts/1").text)
    assert editor.post("/pairs/1/3", data={"verdict": "抄袭"}).status_code == 400
    several = editor.get("/compare/1/2+3").text
    assert "2 篇来源" in several


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/drafts/99", 404),
        ("/drafts/99/original", 404),
        ("/drafts/99999999999999999999", 404),
        ("/compare/1/99", 404),
        ("/compare/1/1", 400),
        ("/compare/1/x", 404),
        ("/returns/99", 404),
        ("/drafts/abc", 404),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(
    editor: TestClient, path: str, status: int
) -> None:
    answer = editor.get(path)
    assert answer.status_code == status
    assert "没有做成" in answer.text
    assert "Traceback" not in answer.text


def test_a_busy_database_keeps_what_was_typed(
    house: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program holds the database for longer than anybody waits."""
    monkeypatch.setattr("storage.connection.BUSY_TIMEOUT", 0.2)
    editor = house.logged_in("editor")
    for path in ("/queue", "/drafts/1"):
        assert editor.get(path).status_code == 200
    other = open_database(house.home / "zugao.db")
    raw(other).execute("BEGIN IMMEDIATE")
    try:
        assert editor.get("/queue").status_code == 200  # readers do not wait
        answer = editor.post("/drafts/1/note", data={"text": "先核实<数字>"})
        assert answer.status_code == 503
        assert "一直被其他程序占用" in answer.text
        assert "先核实&lt;数字&gt;" in answer.text
        assert 'action="/drafts/1/note"' in answer.text
    finally:
        raw(other).execute("ROLLBACK")
        other.close()
    assert editor.post("/drafts/1/note", data={"text": "先核实<数字>"}).status_code == 303


def test_a_database_held_for_a_moment_is_waited_for(house: Office, editor: TestClient) -> None:
    import threading

    started, done = threading.Event(), threading.Event()

    def hold() -> None:
        held = open_database(house.home / "zugao.db")
        raw(held).execute("BEGIN IMMEDIATE")
        started.set()
        done.wait(0.6)
        raw(held).execute("COMMIT")
        held.close()

    thread = threading.Thread(target=hold)
    thread.start()
    started.wait(5)
    assert editor.post("/drafts/1/note", data={"text": "等一等"}).status_code == 303
    done.set()
    thread.join()


def test_a_defect_is_one_sentence_and_a_line_in_the_log(
    house: Office,
    editor: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("review.pages.queue.counts", broken)
    answer = editor.get("/queue")
    assert answer.status_code == 500
    assert "程序出现未预料的错误" in answer.text
    assert "secret detail" not in answer.text
    assert "secret detail" in caplog.text


def test_what_was_done_is_in_the_log_without_the_text(house: Office, editor: TestClient) -> None:
    editor.post("/drafts/5/accept", data={"theme": "A1", "seen": "0"})
    editor.get("/drafts/1/original")
    rows = (
        raw(house.db).execute("SELECT kind, who, object, detail FROM audit ORDER BY id").fetchall()
    )
    assert [row[:3] for row in rows[-2:]] == [
        ("decide", "editor", "draft:5"),
        ("download", "editor", "draft:1"),
    ]
    assert "暖心驿站" not in str(rows)
    assert audit.verify(house.db).broken is None


def test_refused_files_are_told_and_an_administrator_releases_them(house: Office) -> None:
    from nlp.types import Refusal
    from storage.ledger import refuse

    run = start_run(house.db, "direct", "/inbox")
    stored = BlobStore(house.home / "originals").add(house.home / "zugao.toml")
    (receipt,) = receive(
        house.db, [Submission("坏 稿.docx", "临溪县", "坏 稿.docx", 1, stored.sha256, 9)], run
    )
    refuse(house.db, [(receipt.manuscript_id, Refusal("damaged_zip"))], run)
    admin, editor = house.logged_in("admin"), house.logged_in("editor")
    assert "“坏 稿.docx”已损坏" in admin.get("/runs").text
    path = f"/runs/files/{receipt.manuscript_id}/release"
    assert path in admin.get("/runs").text
    assert path not in editor.get("/runs").text
    assert editor.post(path).status_code == 403
    assert admin.post(path).status_code == 303
    assert admin.post(path).status_code == 404
    assert admin.get("/queue").status_code == 403


def test_a_long_draft_is_shown_whole(house: Office, editor: TestClient) -> None:
    run = start_run(house.db, "direct", "/inbox")
    stored = BlobStore(house.home / "originals").add(house.home / "zugao.toml")
    (receipt,) = receive(house.db, [Submission("长.txt", "", "长.txt", 1, stored.sha256, 9)], run)
    body = "十万字的稿件。" * 15000
    commit_batch(house.db, run, [outcome(receipt.manuscript_id, draft("长稿", body=body))])
    (number,) = raw(house.db).execute("SELECT max(id) FROM draft").fetchone()
    page = editor.get(f"/drafts/{number}")
    assert page.status_code == 200
    assert body in page.text


def test_marks_cut_lines_where_they_begin_and_end() -> None:
    lines = [Paragraph("body", "一、", "甲乙丙丁"), Paragraph("table", "", "子\t丑")]
    marks = [Mark(2, 4, "term"), Mark(3, 8, "flag", "说明")]
    first, second = parts(lines, marks, [(3, "此处"), (99, "没有此处")])
    assert [(p.text, p.kinds) for p in first.lines[0].cells[0]] == [
        ("一、", ""), ("甲", "term"), ("乙", "term flag"), ("丙丁", "flag"),
    ]  # fmt: skip
    assert first.lines[0].flags == ("此处",)
    assert second.table
    assert [[(p.text, p.kinds) for p in cell] for cell in second.lines[0].cells] == [
        [("子", "flag")], [("丑", "")],
    ]  # fmt: skip


def test_a_letter_without_unit_or_reason(tmp_path: Path) -> None:
    letter = Letter(
        "", "", "2026-09-03", (), "第一行\n\n第二行\x00", "云泽市委组织部", "2026-10-01"
    )
    assert letter.text.split("\n") == [
        "关于退回《无标题》一稿的函",
        "",
        "报送单位：",
        "你单位2026年9月3日报送的《无标题》收悉。经审阅，暂不采用，现予退回。",
        "第一行",
        "第二行\x00",
        "感谢对信息工作的支持，欢迎修改完善后再报，或者另报新稿。",
        "特此函告。",
        "",
        "云泽市委组织部",
        "2026年10月1日",
    ]
    write_letter(letter, tmp_path / "letter.docx")
    document: Any = docx.Document(str(tmp_path / "letter.docx"))
    shown = [(p.text, p.style.name) for p in document.paragraphs]
    assert ("云泽市委组织部", "公文署名") in shown
    assert ("2026年10月1日", "公文日期") in shown
    assert ("第二行\ufffd", "公文正文") in shown


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(1, "主要原因：甲0。"), (3, "一是甲0；二是甲1；三是甲2。"), (11, "主要原因：甲0；甲1；")],
)
def test_reasons_in_running_text(count: int, sentence: str) -> None:
    reasons = tuple(f"甲{n}" for n in range(count))
    letter = Letter("临溪县委组织部", "题目", "2026-09-03", reasons, "", "办公室", "2026-10-01")
    assert sentence in letter.body[0]


def test_an_editor_starts_at_the_queue(house: Office) -> None:
    assert house.logged_in("editor").get("/").headers["location"] == "/queue"
    assert house.logged_in("admin").get("/").headers["location"] == "/runs"
    assert house.logged_in("analyst").get("/").headers["location"] == "/analysts"
    assert PASSWORD not in house.logged_in("submitter").get("/account").text
