"""设置 on the desk: edited as text, previewed line by line, checked, saved over what was seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from review.pages.settings import changed_lines
from storage.list_texts import outlets_text, units_text
from storage.outlet_files import read_outlets
from storage.outlets import OutletRow, import_outlets
from storage.profiles import profiles
from storage.unit_files import read_units
from storage.units import UnitRow, import_units
from tests.support_desk import Office, office, words


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home") as made:
        outlet = OutletRow(
            "云泽组工信息", {"kind": "内刊", "level": "市", "points": 10500}, ("信息",)
        )
        import_outlets(made.db, [outlet])
        yield made


@pytest.fixture
def admin(house: Office) -> TestClient:
    return house.logged_in("admin")


def shown(page: str) -> str:
    found = re.search(r'<textarea[^>]*name="text"[^>]*>(.*?)</textarea>', page, re.S)
    assert found is not None
    return unescape(found[1])


def save(admin: TestClient, path: str, text: str) -> str:
    """Preview, then save what was previewed; the page after it."""
    page = admin.post(path, data={"text": text})
    assert page.status_code == 200, page.text
    seen = re.search(r'name="seen" value="(\w+)"', page.text)
    assert seen is not None
    return admin.post(path, data={"text": shown(page.text), "seen": seen[1], "save": "1"}).text


def test_units_are_changed_with_a_preview(house: Office, admin: TestClient) -> None:
    text = shown(admin.get("/settings/units").text)
    assert (
        text
        == "单位,组别,上级,别名,启用\n临溪县委组织部,县区,,临溪县,是\n沅北县委组织部,县区,,,是\n"
    )
    new = (
        text.replace("沅北县委组织部,县区,,,是", "沅北县委组织部,市直,,,否")
        + "柳湾镇党委,乡镇,临溪县委组织部,,是\n"
    )
    preview = admin.post("/settings/units", data={"text": new.replace("\n", "\r\n")}).text
    assert '<span class="minus">－ 沅北县委组织部,县区,,,是</span>' in preview
    assert '<span class="plus">＋ 柳湾镇党委,乡镇,临溪县委组织部,,是</span>' in preview
    assert units_text(house.db) == text
    assert "已保存：共3个单位，新增1个" in save(admin, "/settings/units", new)
    assert units_text(house.db) == new
    wrong = admin.post("/settings/units", data={"text": new + "某镇,,没有的,,是\n,,,,\n,x,,,\n"})
    assert wrong.status_code == 400
    assert "没有单位名称" in wrong.text
    assert "某镇" in shown(wrong.text)
    assert "没有改动" in admin.post("/settings/units", data={"text": new}).text


def test_what_was_changed_meanwhile_is_not_written_over(house: Office, admin: TestClient) -> None:
    text = shown(admin.get("/settings/units").text)
    new = text + "甲镇,,,,是\n"
    page = admin.post("/settings/units", data={"text": new}).text
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    import_units(house.db, [UnitRow("乙镇")])
    late = admin.post("/settings/units", data={"text": new, "seen": seen[1], "save": "1"})
    assert late.status_code == 400
    assert "别人改过这一项" in late.text
    assert "甲镇" in shown(late.text)
    assert "甲镇" not in units_text(house.db)


def test_outlets(house: Office, admin: TestClient) -> None:
    text = outlets_text(house.db)
    assert text.splitlines()[1] == "云泽组工信息,内刊,市,,10.5,,,,信息,否"
    new = text.replace(",10.5,,,,", ",10.5,200,800,1500,")
    assert "更改1个" in save(admin, "/settings/outlets", new)
    assert outlets_text(house.db) == new
    wrong = admin.post("/settings/outlets", data={"text": new.replace("200", "很多")})
    assert "整数" in wrong.text


def test_the_settings_file_keeps_its_comments_and_the_one_before(
    house: Office, admin: TestClient
) -> None:
    file = house.home / "zugao.toml"
    before = file.read_text(encoding="utf-8")
    assert "# 批量采信时，主题把握不低于多少\nsure = 0.9" in before
    for bad, sentence in (
        (before.replace("sure = 0.9", "sure = 9"), "不能大于 1"),
        (before.replace("sure = 0.9", "sure = 党"), "文字要加引号"),
        (before + "\n[没有]\n", "写不对"),
        (before.replace("sure = 0.9", "shure = 0.9"), "不是设置项"),
    ):
        refused = admin.post("/settings/file", data={"text": bad})
        assert refused.status_code == 400
        assert sentence in unescape(refused.text), sentence
        assert shown(refused.text).strip() == bad.strip()
    assert file.read_text(encoding="utf-8") == before
    new = before.replace("sure = 0.9", "sure = 0.75")
    page = save(admin, "/settings/file", new)
    assert "原来的留在 zugao.toml.2" in page
    assert file.read_text(encoding="utf-8") == new
    (kept,) = house.home.glob("zugao.toml.2*")
    assert kept.read_text(encoding="utf-8") == before
    assert house.desk.settings.desk.sure == 0.75
    log = house.db.execute("SELECT kind, object FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    assert log == ("settings", "settings:file")


def test_a_rule_profile_is_added_never_changed(house: Office, admin: TestClient) -> None:
    text = shown(admin.get("/settings/rules").text)
    (old,) = profiles(house.db)
    same = admin.post("/settings/rules", data={"text": text + "# 注\n", "save": "1"})
    assert same.status_code == 400
    new = re.sub(r'(?m)^version = ".*"$', 'version = "试行"', text)
    new = re.sub(r"(?m)^valid_from = .*$", "valid_from = 2027-01-01", new)
    assert "已加入" in save(admin, "/settings/rules", new)
    assert [one.version for one in profiles(house.db)] == [old.version, "试行"]
    assert profiles(house.db)[0].text == old.text
    assert admin.post("/settings/rules", data={"text": "name = 1"}).status_code == 400


def test_only_an_admin(house: Office) -> None:
    for role in ("editor", "analyst", "submitter"):
        assert house.logged_in(role).get("/settings/file").status_code == 403
    admin = house.logged_in("admin")
    assert admin.get("/settings/x").status_code == 404
    assert admin.get("/settings").headers["location"] == "/settings/units"
    assert "单位表" in words(admin.get("/settings/units").text)


def test_lists_are_read_as_they_are_written(house: Office, tmp_path: Path) -> None:
    for text, reader in (
        (units_text(house.db), read_units),
        (outlets_text(house.db), read_outlets),
    ):
        file = tmp_path / "表.csv"
        file.write_text(text, encoding="utf-8")
        assert reader(file)  # type: ignore[operator]


@given(st.lists(st.sampled_from("甲乙丙丁")), st.lists(st.sampled_from("甲乙丙丁")))
def test_a_preview_tells_every_line_that_changed(old: list[str], new: list[str]) -> None:
    lines = changed_lines("\n".join(old), "\n".join(new))
    gone = sum(mark == "-" for mark, _ in lines)
    came = sum(mark == "+" for mark, _ in lines)
    assert came - gone == len(new) - len(old)
    assert bool(gone or came) == (old != new)
