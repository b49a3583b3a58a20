"""What an office does besides review, in a real browser: adopt, count, export, send, compose."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import docx
import pytest
from playwright.sync_api import expect

from storage.composing import plan_draft, plan_of
from storage.connection import raw
from storage.issues import add_issue
from tests.support_browser import SAMPLES, Desk, key, titled

pytestmark = pytest.mark.browser

OURS = "临溪县把党课"
THEIRS = "沅北县“三张网”管好流动党员"


def test_adopted_on_its_page_counted_and_exported(desk: Desk) -> None:
    page = desk.person("editor")
    draft = titled(desk, OURS)
    page.goto(f"/drafts/{draft}")
    page.keyboard.press("u")
    fate = page.locator("#fate")
    fate.get_by_label("刊物").first.select_option("云泽组工信息")
    fate.get_by_label("期号").fill("29")
    fate.get_by_label("印发日期").fill("2026-08-20")
    fate.get_by_role("button", name="记采用").click()
    expect(page.locator("#fate li").first).to_contain_text("云泽组工信息")
    page.goto("/figures?period=2026Q3")
    ours = page.locator("tbody tr", has_text="临溪县委组织部").first
    ours.get_by_role("link", name="1", exact=True).first.click()
    expect(page.locator("main")).to_contain_text(OURS)
    page.go_back()
    for name, begin in (("这张表（Excel）", b"PK"), ("通报送审稿（Word）", b"PK"), ("CSV", b"")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).click()
        content = waiting.value.path().read_bytes()
        assert content.startswith(begin)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert any("临溪县委组织部" in row for row in rows)
    assert page.locator("img").count() > 0
    for n in range(page.locator("img").count()):
        assert page.locator("img").nth(n).evaluate("one => one.complete && one.naturalWidth > 0")


def test_printed_issues_are_uploaded_and_confirmed_by_keys(desk: Desk) -> None:
    file = desk.house.home / "zugao.toml"
    told = file.read_text(encoding="utf-8")
    file.write_text(told.replace("record_sure = true", "record_sure = false"), encoding="utf-8")
    page = desk.person("editor")
    page.goto("/adoption")
    issues = [str(one) for one in sorted((SAMPLES / "issues").glob("云泽*"))]
    page.locator("input[type=file]").set_input_files(issues)
    page.get_by_role("button", name="读入并比对").click()
    expect(page.locator("main")).to_contain_text("条", timeout=30_000)
    page.goto("/adoption")
    before = proposals(desk)
    assert before > 3
    key(page, "Enter")
    key(page, "x")
    assert adopted(desk) == 1
    key(page, "b")
    key(page, "Enter")
    expect(page.locator("h1")).to_contain_text("已记下")
    after = adopted(desk)
    assert after > 2
    assert proposals(desk) < before - 2
    key(page, "z")
    assert adopted(desk) == 1


def proposals(desk: Desk) -> int:
    """Drafts proposed that nobody answered."""
    sql = "SELECT count(*) FROM proposals"
    return int(raw(desk.house.db).execute(sql).fetchone()[0])


def adopted(desk: Desk) -> int:
    return int(raw(desk.house.db).execute("SELECT count(*) FROM adoptions").fetchone()[0])


def test_a_unit_sends_drafts_and_sees_only_its_own(desk: Desk, tmp_path: Path) -> None:
    sent = tmp_path / "送"
    sent.mkdir()
    new, copied, junk = sent / "河堤夜巡.docx", sent / "流动党员.docx", sent / "坏的.docx"
    document = docx.Document()
    document.add_paragraph("沿河三个村的河堤夜巡")
    document.add_paragraph(
        "汛期以来，沿河三个村的党员轮流上堤夜巡，排出险情七处，转移群众四十一人。" * 4
    )
    document.save(str(new))
    text = raw(desk.house.db).execute("SELECT text FROM _draft_text WHERE draft_id = ?",
                                      (titled(desk, THEIRS),)).fetchone()[0]  # fmt: skip
    document = docx.Document()
    for line in str(text).splitlines():
        document.add_paragraph(line)
    document.save(str(copied))
    junk.write_bytes(b"PK\x03\x04 cut off half-way")
    page = desk.person("submitter")
    page.goto("/")
    assert page.url.endswith("/mine")
    page.locator("input[type=file]").set_input_files([new, copied, junk])
    page.get_by_role("button", name="检查并报送").click()
    expect(page.locator("main")).to_contain_text("2 个文件已报送")
    told = page.locator("main").inner_text()
    assert "已有相似稿件" in told
    assert "沅北县委组织部" not in told
    assert "没有收下" in told
    assert desk.house.desk.works.idle(60)  # type: ignore[attr-defined]
    page.goto("/mine")
    expect(page.get_by_role("link", name="沿河三个村的河堤夜巡")).to_be_visible()
    theirs = titled(desk, "沅北县严把")
    for path, status in ((f"/mine/{theirs}", 404), (f"/drafts/{theirs}", 403), ("/queue", 403)):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status, path
        assert "沅北县严把" not in page.locator("body").inner_text()


def test_files_are_dropped_onto_the_form(desk: Desk) -> None:
    page = desk.person("submitter")
    page.goto("/mine")
    page.evaluate(
        """() => {
          const held = new DataTransfer();
          held.items.add(new File(["夜巡的文字"], "夜巡.txt", { type: "text/plain" }));
          const form = document.querySelector("form.drop");
          form.dispatchEvent(new DragEvent("drop", { dataTransfer: held, bubbles: true }));
        }"""
    )
    assert page.locator("input[type=file]").evaluate("one => one.files[0].name") == "夜巡.txt"
    page.get_by_role("button", name="先检查，不报送").click()
    expect(page.locator("main")).to_contain_text("只检查，没有报送")


def test_an_issue_is_put_in_order_by_dragging(desk: Desk) -> None:
    db = desk.house.db
    issue = add_issue(db, 1, "30", None, state="composing")
    drafts = [titled(desk, OURS), titled(desk, "沅北县严把"), titled(desk, "汀洲区")]
    for draft in drafts:
        plan_draft(db, issue, draft)
    page = desk.person("editor")
    page.goto(f"/issues/{issue}")
    items = page.locator("ol.items > li")
    assert items.count() == 3
    with page.expect_navigation():
        items.nth(2).drag_to(items.nth(0), target_position={"x": 40, "y": 2})
    order = [item.sources[0].draft_id for item in plan_of(db, issue).items]
    assert order == [drafts[2], drafts[0], drafts[1]]
