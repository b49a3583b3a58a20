"""The desk in a real browser: Debian's Chromium over an office that read the samples."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from storage.connection import raw
from tests.support_browser import EVIL, SAME, Desk, key, number, said, sure_of, titled
from tests.support_desk import PASSWORD

pytestmark = pytest.mark.browser


def test_login_wrong_right_and_out(desk: Desk) -> None:
    page = desk.person()
    page.goto("/queue?tab=all")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    expect(page.get_by_label("登录名")).to_be_focused()
    page.keyboard.type("editor")
    page.keyboard.press("Tab")
    page.keyboard.type("不是这个密码的密码不是这个")
    key(page, "Enter")
    expect(page.get_by_role("alert")).to_have_text("登录名或密码不对。")
    page.get_by_label("密码").fill(PASSWORD)
    key(page, "Enter")
    assert page.url == f"{desk.url}/queue?tab=all"
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login*")
    page.go_back()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()  # nothing was kept


def test_review_correct_and_undo_by_keys_alone(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto("/queue")
    key(page, "j")
    key(page, "j")  # the newest is the hostile draft: on to a real one
    first, proposed = number(page), sure_of(page)
    key(page, "Enter")
    second = number(page)
    assert said(desk) == [(first, "accept", proposed)]
    page.keyboard.press("c")
    page.keyboard.press("2")
    page.keyboard.press("Shift+A")
    page.keyboard.press("1")
    key(page, "Enter")
    assert said(desk)[1] == (second, "correct", "C2")
    key(page, "z")
    assert [kind for _, kind, _ in said(desk)] == ["accept", "correct", "undo"]
    key(page, "k")
    assert number(page) == second
    assert page.locator(".themes input[name=theme]:checked").get_attribute("value") != "C2"
    key(page, "q")
    assert "/queue" in page.url


def test_a_secondary_theme_may_become_the_main_one(desk: Desk) -> None:
    page = desk.person("editor")
    draft = titled(desk, SAME[0])
    page.goto(f"/drafts/{draft}")
    for name in ("Shift+D", "1", "d", "1"):
        page.keyboard.press(name)
    expect(page.locator('[data-second="D1"]')).to_be_checked()
    key(page, "Enter")
    assert said(desk) == [(draft, "correct", "D1")]
    page.goto(f"/drafts/{draft}")
    expect(page.locator('[data-second="D1"]')).not_to_be_checked()


def test_keys_wait_while_an_input_method_composes(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto("/queue")
    key(page, "j")
    key(page, "j")
    here = page.url
    for name in ("Enter", "j", "z"):
        page.evaluate(
            "key => document.body.dispatchEvent(new KeyboardEvent('keydown',"
            " {key, code: 'Key', isComposing: true, bubbles: true, cancelable: true}))",
            name,
        )
    note = page.get_by_label("说明（可不写）")
    note.focus()
    composer = page.context.new_cdp_session(page)
    composer.send("Input.imeSetComposition", {"text": "zj", "selectionStart": 2, "selectionEnd": 2})
    composer.send("Input.insertText", {"text": "转九"})
    page.keyboard.type("jkqzr1")
    expect(note).to_have_value("转九jkqzr1")
    page.wait_for_timeout(150)
    assert page.url == here
    assert said(desk) == []
    page.keyboard.press("Escape")
    key(page, "Enter")  # positive control: now it saves
    assert len(said(desk)) == 1


def test_return_with_a_reason_by_keys(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto("/queue")
    key(page, "j")
    key(page, "j")
    draft = number(page)
    page.keyboard.press("r")
    page.keyboard.press("Space")
    page.get_by_label("给单位的话").focus()
    page.keyboard.insert_text("请补充本季度的数据。")
    key(page, "Control+Enter")
    expect(page.get_by_role("heading", name="已退稿")).to_be_visible()
    letter = page.locator("pre.letter").inner_text()
    assert "内容与已报稿件重复" in letter
    assert "请补充本季度的数据。" in letter
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载 Word").click()
    assert waiting.value.path().read_bytes()[:2] == b"PK"
    assert said(desk) == [(draft, "return", "")]
    page.get_by_role("heading", name="已退稿").click()  # else Enter follows the link once more
    key(page, "Enter")
    assert number(page) != draft


def test_compare_jumps_to_the_other_side_and_is_judged(desk: Desk) -> None:
    page = desk.person("editor")
    one, other = (titled(desk, start) for start in SAME)
    page.goto(f"/drafts/{one}")
    key(page, "p")
    assert page.url.endswith(f"/compare/{one}/{other}")
    mark = page.locator("a.no").first
    target = str(mark.get_attribute("href"))
    mark.click()
    assert page.url.endswith(target)
    expect(page.locator(target)).to_be_in_viewport()
    key(page, "2")
    verdict = page.locator(".verdict button[aria-pressed=true]")
    expect(verdict).to_have_count(1)
    page.get_by_role("button", name="撤销判定").click()
    expect(verdict).to_have_count(0)


def test_bulk_accept_previews_leaves_out_and_is_undone_whole(desk: Desk) -> None:
    page = desk.person("editor")
    page.goto("/queue")
    page.get_by_role("link", name="批量采信…").click()
    boxes = page.locator("input[name=draft]")
    listed = boxes.count()
    assert listed > 40
    boxes.first.uncheck()
    page.get_by_role("button", name="采信勾选的稿件").click()
    expect(page.locator("main")).to_contain_text(f"{listed - 1}")
    assert len(said(desk)) == listed - 1
    page.get_by_role("button", name="撤销").first.click()
    page.wait_for_load_state()
    kinds = [kind for _, kind, _ in said(desk)]
    assert kinds.count("undo") == listed - 1


def test_two_editors_on_one_draft_lose_nothing(desk: Desk) -> None:
    one, two = desk.person("editor"), desk.person("editor2")
    draft = titled(desk, SAME[0])
    one.goto(f"/drafts/{draft}")
    two.goto(f"/drafts/{draft}")
    expect(two.locator("#told")).to_contain_text("editor也开着这一篇")
    key(one, "Enter")
    two.get_by_label("说明（可不写）").fill("我看是另一类")
    two.keyboard.press("Escape")
    two.keyboard.press("d")
    two.keyboard.press("1")
    key(two, "Enter")
    expect(two.get_by_role("heading", name="这篇刚刚有人办过")).to_be_visible()
    assert len(said(desk)) == 1
    two.get_by_role("button", name="按我的意见再保存一次").click()
    two.wait_for_url("**/drafts/*")
    assert [(kind, theme) for _, kind, theme in said(desk)][1] == ("correct", "D1")
    two.goto(f"/drafts/{draft}")
    expect(two.locator(".history")).to_contain_text("我看是另一类")


def test_a_session_that_ended_keeps_what_was_typed(desk: Desk) -> None:
    page = desk.person("editor")
    draft = titled(desk, SAME[0])
    page.goto(f"/drafts/{draft}")
    page.get_by_label("说明（可不写）").fill("写了很久的说明")
    page.context.clear_cookies()
    page.keyboard.press("Escape")
    key(page, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("您填写的内容还在")
    page.get_by_label("登录名").fill("editor")
    page.get_by_label("密码").fill(PASSWORD)
    key(page, "Enter")
    page.get_by_role("button", name="接着提交").click()
    page.wait_for_url(re.compile(rf"/drafts/(?!{draft}\b)|/queue"))
    assert len(said(desk)) == 1
    page.goto(f"/drafts/{draft}")
    expect(page.locator(".history")).to_contain_text("写了很久的说明")


def test_hostile_words_are_shown_as_text(desk: Desk) -> None:
    page = desk.person("editor")
    draft = max(n for (n,) in raw(desk.house.db).execute("SELECT id FROM draft"))
    shown = EVIL.replace("\u202e", "")
    for path in ("/queue", f"/drafts/{draft}", f"/queue?words={'{{7*7}}'}", "/runs"):
        page.goto(path)
        assert page.evaluate("window.pwned") is None
        assert page.locator("main img, main script").count() == 0
        if path != "/runs":
            assert shown[:40] in page.locator("main").inner_text()
            assert "{{7*7}}" in page.locator("main").inner_text()
    page.goto(f"/drafts/{draft}")
    assert page.locator(".text").inner_text().count("议事桌") == 7_700
    # A hidden turn of direction is shown, and turns nothing outside its own line.
    assert "\u202e" not in page.title()
    expect(page.locator("#accept")).to_be_visible()


def test_without_script_it_reads_and_decides(desk: Desk) -> None:
    page = desk.person("editor", script=False)
    page.goto("/queue?words=发展党员质量")
    page.locator("td.title a").first.click()
    first, theme = number(page), sure_of(page)
    page.get_by_role("button", name="保存，看下一篇").click()
    assert said(desk) == [(first, "accept", theme)]
    page.get_by_role("button", name="撤销").first.click()
    assert [kind for _, kind, _ in said(desk)] == ["accept", "undo"]
