"""What a newcomer at the desk stumbled over, in a real browser: each of it stays mended."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support_browser import Desk, key, said, titled

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
