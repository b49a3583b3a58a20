"""Every page of the desk in a real browser: accessible, and no wider than the screen."""

from __future__ import annotations

import re
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe

from review.registry import ENTRIES
from storage.composing import plan_draft
from storage.handling import return_draft
from storage.issues import add_issue, add_item
from tests.support_browser import LARGE, SAME, SMALL, Desk, titled
from tests.support_desk import ROLES

pytestmark = pytest.mark.browser

PLACES = {
    "/drafts/{number:int}": "/drafts/{overlong}",
    "/returns/{number:int}": "/returns/{returned}",
    "/compare/{number:int}/{others}": "/compare/{one}/{other}",
    "/adoption/items/{number:int}": "/adoption/items/1",
    "/drafts/{number:int}/edit": "/drafts/{overlong}/edit",
    "/mine/{number:int}": "/mine/{own}",
    "/figures/lists/{name}": "/figures/lists/{list}?period=2026Q3",
    "/figures/rows": "/figures/rows?period=2026Q3&figure=submitted&unit=1",
    "/figures": "/figures?period=2026Q3",
    "/settings/{name}": "/settings/{document}",
    "/issues/{number:int}": "/issues/{issue}",
    "/issues/{number:int}/items/{draft:int}": "/issues/{issue}/items/{one}",
}
"""Where a page with a number in its address has something to show."""
NO_PAGE = re.compile(r"/(healthz|metrics|state|original|annotated|[^/]+\.(docx|svg|\{form\}))$")
MORE = ("/drafts/999999", "/nothing-here", "/queue?words=冰川纪&unit=3")


def addresses(desk: Desk) -> list[tuple[str, str]]:
    """(role, address) of every page of the registry, and of what is said where there is none."""
    db = desk.house.db
    one, other = (titled(desk, start) for start in SAME)
    returned = return_draft(
        db, titled(desk, "市直机关召开"), ["时效已过"], note="", who="editor", expect=0
    )
    add_item(db, add_issue(db, 1, "12", date(2026, 9, 1)), "村里的事村民议")
    issue = add_issue(db, 1, "13", None, state="composing")
    plan_draft(db, issue, one)
    overlong = titled(desk, "从“输血”到“造血”")
    numbers = {
        "overlong": overlong, "returned": returned, "one": one, "other": other, "issue": issue,
        "own": titled(desk, "临溪县把党课"), "list": next(iter(desk.house.desk.works.lists())),
        "document": "units",
    }  # fmt: skip
    found = [("editor", path) for path in MORE]
    for entry in ENTRIES:
        if entry.method == "GET" and entry.path != "/" and not NO_PAGE.search(entry.path):
            address = PLACES.get(entry.path, entry.path).format_map(numbers)
            role = "editor" if "editor" in entry.roles else min(entry.roles, default="")
            found.append((role, address))
    return found


def test_every_page_is_accessible_and_fits_the_screen(desk: Desk) -> None:
    """axe-core finds nothing serious; nothing is wider than a small or a very large screen."""
    people = {role: desk.person(role) for role in (*ROLES, "")}
    axe, troubles, pages = Axe(), [], 0
    for role, address in addresses(desk):
        page = people[role]
        answer = page.goto(address)
        assert answer is not None
        if answer.status != (404 if address in MORE[:2] else 200):
            troubles.append(f"{role} {address}: {answer.status}")
        for size in (LARGE, SMALL):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > size["width"]:
                troubles.append(f"{role} {address}: {wide} wide at {size['width']}")
        for found in axe.run(page).response["violations"]:
            if found["impact"] in ("serious", "critical"):
                where = found["nodes"][0]["html"][:120]
                troubles.append(f"{role} {address}: {found['id']}: {where}")
        pages += 1
    assert troubles == []
    assert pages > len(MORE) + 8


def test_axe_finds_what_is_bad(desk: Desk) -> None:
    """Positive control of the test above."""
    page = desk.person("editor")
    page.goto("/queue")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        " '<input name=q><p class=\"faint\">浅色的一行字</p>');"
        "document.querySelector('main').lastChild.style.color = '#ddd'"
    )
    found = {one["id"] for one in Axe().run(page).response["violations"]}
    assert {"label", "color-contrast"} <= found
