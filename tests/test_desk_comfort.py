"""What a newcomer at the desk stumbled over, in a real browser: each of it stays mended."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from review.wording import share
from storage.issues import add_issue
from tests.support_browser import SAMPLES, Desk, key, said, titled

pytestmark = pytest.mark.browser

SHORT = "清漪区党员积分"


def accept_buttons(page: Page) -> list[str]:
    """The names of the buttons that accept a row, in order."""
    found = page.locator(".queue [data-stay]")
    return [str(found.nth(n).get_attribute("aria-label")) for n in range(found.count())]


def top(page: Page, name: str) -> float:
    """Where a button stands in the window."""
    box = page.get_by_role("button", name=name, exact=True).bounding_box()
    assert box is not None
    return box["y"]


def test_the_next_row_comes_under_the_key_and_the_pointer(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto("/queue")
    names = accept_buttons(page)
    tenth = page.get_by_role("button", name=names[9], exact=True)
    tenth.focus()
    before = top(page, names[9])
    key(page, "Enter")
    expect(page.get_by_role("button", name=names[10], exact=True)).to_be_focused()
    assert top(page, names[10]) == pytest.approx(before, abs=1)
    key(page, "Enter")
    key(page, "Enter")
    assert [f"采信第{draft}号的主题" for draft, _, _ in said(desk)] == names[9:12]
    assert accept_buttons(page)[:9] == names[:9]


def test_the_queue_says_what_to_do_and_leaves_no_row_without_it(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto("/queue")
    expect(page.locator("main")).to_contain_text("主题和体裁都判得对，点“采信”")
    page.goto("/queue?tab=doubtful")
    row = page.locator("tbody tr", has_text="无法判断").first
    row.get_by_role("link", name="定主题").click()
    expect(page.locator(".themes")).to_be_visible()


def test_the_deeds_to_take_back_stand_in_one_line(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto("/queue")
    for _ in range(3):
        with page.expect_navigation():
            page.locator(".queue [data-stay]").first.click()
    strip = page.locator(".undo")
    expect(strip.get_by_role("button")).to_have_count(3)
    box = strip.bounding_box()
    assert box is not None
    assert box["height"] < 40
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_short_draft_is_not_marked_from_end_to_end(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto(f"/drafts/{titled(desk, SHORT)}")
    expect(page.locator(".length")).to_contain_text("不足下限")
    expect(page.locator("article .flag")).to_have_count(0)
    expect(page.locator("article aside")).to_have_count(0)
    expect(page.locator("article .term").first).to_be_visible()
    expect(page.locator(".near")).not_to_contain_text(re.compile(r"\D0%"))


@pytest.mark.parametrize("way", ["key", "pointer", "refused"])
def test_the_return_form_opens_into_view(desk: Desk, way: str) -> None:
    page = desk.person("editor")
    page.goto(f"/drafts/{titled(desk, SHORT)}")
    button = page.get_by_role("button", name="退稿，生成退稿函")
    if way == "key":
        page.keyboard.press("r")
    else:
        page.locator("summary", has_text="退稿").click()
    expect(button).to_be_in_viewport(ratio=1)
    if way == "refused":
        with page.expect_navigation():
            button.click()
        expect(page.get_by_role("alert")).to_contain_text("理由")
        expect(button).to_be_in_viewport(ratio=1)


def test_a_confirmed_adoption_is_said_and_taken_back_by_its_key(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto("/adoption")
    lists = [str(one) for one in sorted((SAMPLES / "issues").glob("媒体监测*"))]
    page.locator("input[type=file]").set_input_files(lists)
    page.get_by_role("button", name="读入并比对").click()
    page.wait_for_url("**/adoption/upload", timeout=60_000)
    page.goto("/adoption")
    expect(page.locator(".undo")).to_have_count(0)
    waiting = page.locator(".tabs b").first.inner_text()
    key(page, "Enter")
    expect(page.locator(".undo")).to_contain_text("刚才：采用")
    key(page, "z")
    expect(page.locator(".undo")).to_have_count(0)
    expect(page.locator(".tabs b").first).to_have_text(waiting)
    page.goto("/issues")
    names = page.locator("section", has_text="最近印发").locator("tbody a").all_inner_texts()
    assert any(re.fullmatch(r"云泽晨报 \d{4}-\d\d-\d\d", name) for name in names)
    assert not any(re.search(r"第 \d{4}-\d\d-\d\d 期", name) for name in names)


def test_ranks_of_groups_beside_each_other_name_their_group(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto("/figures?period=2026Q4")
    page.get_by_role("link", name="2026年第三季度").click()
    expect(page.locator("h1")).to_contain_text("2026年第三季度")
    assert page.locator("th").first.inner_text() == "组别"
    groups = set(page.locator("tbody td:first-child").all_inner_texts())
    assert {"县区", "市直"} <= groups
    page.get_by_role("navigation", name="组别").get_by_role("link", name="县区").click()
    expect(page.locator("th").first).to_have_text("名次")


def test_a_unit_is_not_told_to_ask_itself(desk: Desk) -> None:
    page = desk.person("submitter")
    page.goto("/mine")
    empty = {"name": "空.docx", "mimeType": "application/octet-stream", "buffer": b""}
    page.locator("input[type=file]").set_input_files(empty)  # type: ignore[arg-type]
    with page.expect_navigation():
        page.get_by_role("button", name="检查并报送").click()
    expect(page.locator("main")).to_contain_text("“空.docx”是空文件（0字节）。请重新保存后再发。")


def test_from_comparing_one_comes_back_to_the_same_place_of_the_queue(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto("/queue?tab=duplicate")
    page.locator(".title a", has_text="五道关口").click()
    expect(page.locator("article")).to_contain_text("五道关口")
    key(page, "p")
    expect(page.get_by_role("link", name="稿件", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    key(page, "1")
    expect(page.locator(".verdict")).to_contain_text("判定：重复报送")
    key(page, "q")
    expect(page.locator("article")).to_contain_text("五道关口")
    key(page, "q")
    expect(page.locator(".tabs [aria-current]")).to_contain_text("重复")


def test_what_is_put_into_an_issue_leaves_the_search_as_it_is(desk: Desk) -> None:
    issue = add_issue(desk.house.db, 1, "31", None, state="composing")
    page = desk.person("editor")
    page.goto(f"/issues/{issue}")
    page.get_by_label("找稿件").fill("夜校")
    with page.expect_navigation():
        page.get_by_role("button", name="查找").click()
    found = page.locator("[data-stay]").count()
    assert found > 2
    for n in (1, 2):
        with page.expect_navigation():
            page.locator("[data-stay]").first.click()
        expect(page.locator("ol.items > li")).to_have_count(n)
        expect(page.get_by_label("找稿件")).to_have_value("夜校")
        expect(page.locator("[data-stay]")).to_have_count(found - n)


def test_a_small_share_is_not_called_none() -> None:
    assert [share(value) for value in (None, 0, 0.001, 0.006, 0.01, 0.43, 1)] == [
        "—", "0%", "不到1%", "不到1%", "1%", "43%", "100%",
    ]  # fmt: skip


def test_the_button_of_many_is_in_view_however_long_the_list(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto("/bulk")
    assert page.evaluate("document.documentElement.scrollHeight > 1.5 * innerHeight")
    expect(page.get_by_role("button", name="采信勾选的稿件")).to_be_in_viewport(ratio=1)


def test_from_what_went_wrong_one_comes_back_to_what_was_typed(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto(f"/drafts/{titled(desk, SHORT)}")
    page.keyboard.press("u")
    fate = page.locator("#fate")
    fate.get_by_label("刊物").first.select_option("云泽组工信息")
    fate.get_by_label("刊发标题").fill("红集市开张了")
    with page.expect_navigation():
        fate.get_by_role("button", name="记采用").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明刊物和期号")
    page.keyboard.press("q")
    page.wait_for_url("**/drafts/*")
    expect(fate.get_by_label("刊发标题")).to_have_value("红集市开张了")
