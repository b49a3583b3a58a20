"""Hostile words in drafts, printed items and lists stay text on the pages of the office."""

from __future__ import annotations

from pathlib import Path

from storage.connection import write
from storage.events import adopt
from storage.units import UnitRow, import_units
from tests.support_adoption import make_office
from tests.support_desk import office

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}\u202e倒着写"


def test_hostile_words_are_shown_as_words(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    db = make_office(home / "zugao.db")
    with write(db) as conn:
        conn.execute("UPDATE draft SET title = ?", (EVIL,))
        conn.execute("UPDATE printed_item SET title = ?, text = ?, origin = 'issue'", (EVIL, EVIL))
    import_units(db, [UnitRow("<b>某县</b>", "<i>组</i>")])
    adopt(db, 1, 1, note=EVIL)
    db.close()
    with office(home) as house:
        editor, admin = house.logged_in("editor"), house.logged_in("admin")
        unit = house.logged_in("submitter")
        address = editor.post("/issues", data={"outlet": "组工信息", "number": "25"}).headers[
            "location"
        ]
        editor.post(f"{address}/items", data={"drafts": "1", "column": EVIL})
        editor.post(f"{address}/items/1", data={"title": EVIL, "text": EVIL})
        for browser, path in (
            (editor, "/adoption"),
            (editor, "/adoption/items/2"),
            (editor, "/drafts/1"),
            (editor, address),
            (editor, f"{address}/items/1"),
            (editor, "/figures/rows?unit=1&figure=adopted&period=2026Q3"),
            (editor, "/figures/rows?unit=1&figure=adoptions&period=2026Q3"),
            (editor, "/figures/lists/best?period=2026Q3"),
            (unit, "/mine"),
            (unit, "/mine/1"),
        ):
            page = browser.get(path)
            assert page.status_code == 200, path
            assert "{{7*7}}" in page.text, path
            for bad in ("<script>alert", "<img src=x", "\u202e", "<b>某县", "<i>组"):
                assert bad not in page.text, (path, bad)
        listed = admin.get("/settings/units").text
        assert "&lt;b&gt;某县&lt;/b&gt;" in listed
        assert "&lt;b&gt;某县&lt;/b&gt;" in editor.get("/figures?period=2026Q3").text
