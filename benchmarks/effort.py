"""How many keys, clicks and page loads an editor needs to clear the first fifty sample drafts.

python -m benchmarks.effort [--write]     a minute; needs Chromium

The desk is worked in a real browser, each key and click counted as it is sent; the editor knows
the truth that the samples were written with and corrects whatever differs from it (theme, genre).
Beside it the same work in a spreadsheet and Word, counted from its steps: nobody can be timed here.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
import tomllib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.machine import describe, put_section
from flows.direct import intake_directly
from storage.connection import open_database, raw
from tests.support_browser import SAMPLES, Desk, Stage, at_desk, started
from zugao.setting_up import set_up
from zugao.settings import load_settings

DRAFTS = 50
SURE = 0.9
ROUTINE: tuple[tuple[str, int, int], ...] = (
    ("点表中该行的文件链接，在 Word 里打开", 1, 1),
    ("读完，看状态栏的字数，对照记得的上限", 0, 0),
    ("关闭 Word 窗口，回到表格", 1, 0),
    ("查重：Ctrl+F，输入标题里的一个词，回车，Esc", 4, 0),
    ("主题格：输入两位代码，按 Tab", 3, 0),
    ("体裁格：Alt+↓ 打开下拉，选一项，按 Tab", 3, 0),
    ("办理格：输入 1（采信），回车到下一行", 2, 0),
    ("保存：Ctrl+S", 1, 0),
)
"""Step, actions, documents opened; for a sheet that already has a row with a link for each file."""


@dataclass(slots=True)
class Hand:
    """Counts what an editor does; a chord such as Shift+A is one action."""

    page: Page
    actions: int = 0
    loads: int = 0
    corrected: int = 0
    by_sureness: dict[bool, list[int]] = field(default_factory=lambda: {True: [], False: []})

    def key(self, name: str, *, leads_on: bool = False) -> None:
        """Press a key; ``leads_on`` where another page comes of it."""
        self.actions += 1
        if leads_on:
            with self.page.expect_navigation():
                self.page.keyboard.press(name)
        else:
            self.page.keyboard.press(name)

    def click(self, selector: str, *, leads_on: bool = False) -> None:
        """Click something."""
        self.actions += 1
        if leads_on:
            with self.page.expect_navigation():
                self.page.click(selector)
        else:
            self.page.click(selector)


def truth() -> dict[str, tuple[str, str]]:
    """Title → (theme, genre) that a sample was written to show."""
    found = {}
    for path in (SAMPLES / "drafts").rglob("*.md"):
        _, head, text = path.read_text(encoding="utf-8").split("+++\n", 2)
        shows = tomllib.loads(head).get("shows", [])
        title = re.search(r"(?m)^# (.+)$", text)
        if title and len(shows) >= 2 and re.fullmatch(r"[A-EX]\d", shows[0]):
            found[title[1].strip()] = (shows[0], shows[1])
    return found


def fill(home: Path) -> None:
    """A working folder with whole units of the samples until there are fifty drafts."""
    for _ in set_up(home, units=SAMPLES / "units.csv"):
        pass
    settings = load_settings(home)
    for entry in sorted((SAMPLES / "inbox").iterdir()):
        if entry.is_dir():
            shutil.copytree(entry, settings.inbox / entry.name)
            intake_directly(settings, settings.inbox, lambda *_: None, wait=False)
        if drafts(settings.database) >= DRAFTS:
            return


def drafts(database: Path) -> int:
    """Drafts in the database."""
    with closing(open_database(database, readonly=True)) as db:
        return int(raw(db).execute("SELECT count(*) FROM draft").fetchone()[0])


def right(page: Page, known: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """Theme and genre of the open draft, as the samples have them or, if unknown, as proposed."""
    title = page.locator("article .para.title p").first
    proposed = page.locator(".themes input[name=theme]:checked")
    theme = str(proposed.get_attribute("value")) if proposed.count() else "X0"
    genre = page.locator("select[name=genre]").input_value()
    return known.get(title.inner_text().strip() if title.count() else "", (theme, genre))


def decide(hand: Hand, known: dict[str, tuple[str, str]]) -> None:
    """Correct what differs and save: the keys that the page itself prints on its buttons."""
    page, before = hand.page, hand.actions
    theme, genre = right(page, known)
    chosen = page.locator(".themes input[name=theme]:checked")
    proposed = chosen.get_attribute("value") if chosen.count() else ""
    share = re.search(r"把握 (\d+)%", page.locator("#accept h2").inner_text())
    wrong = proposed != theme
    if wrong:
        near = page.locator(f'[data-theme="{theme}"]')
        keys = [near.get_attribute("data-key")] if near.count() else [theme[0].lower(), theme[1]]
        for key in keys:
            hand.key(str(key))
    if page.locator("select[name=genre]").input_value() != genre:
        wrong = True
        hand.actions += 2  # open the list, choose
        page.select_option("select[name=genre]", genre)
        page.evaluate("document.activeElement.blur()")
    hand.corrected += wrong
    hand.key("Enter", leads_on=True)
    sure = share is not None and int(share[1]) >= SURE * 100
    hand.by_sureness[sure].append(hand.actions - before)


def one_by_one(hand: Hand, known: dict[str, tuple[str, str]], number: int) -> None:
    """From the queue through so many drafts."""
    hand.key("j", leads_on=True)
    for _ in range(number):
        decide(hand, known)


def bulk_first(hand: Hand, known: dict[str, tuple[str, str]]) -> int:
    """Accept the sure ones at once, wrong ones unticked; how many were accepted."""
    hand.click("text=批量采信…", leads_on=True)
    rows = hand.page.locator("tbody tr")
    left = 0
    for row in [rows.nth(n) for n in range(rows.count())]:
        title = row.locator("a").first.inner_text().strip()
        theme = row.locator("td").nth(3).inner_text().strip()[:2]
        genre = row.locator("td").nth(4).inner_text().strip()
        if known.get(title, (theme, genre)) != (theme, genre):
            row.locator("input").uncheck()
            hand.actions, left = hand.actions + 1, left + 1
    accepted = rows.count() - left
    hand.click("text=采信勾选的稿件", leads_on=True)
    hand.click("nav >> text=稿件", leads_on=True)
    return accepted


def begin(desk: Desk) -> Hand:
    """An editor at the queue: opening it is the first action and the first page."""
    hand = Hand(desk.person("editor"))
    hand.page.on("load", lambda _: setattr(hand, "loads", hand.loads + 1))
    hand.page.goto("/queue")
    hand.actions += 1
    return hand


def measure(built: Path, room: Path) -> list[str]:
    """Both ways through the desk and the routine beside them, as Markdown."""
    known = truth()
    with Stage() as stage, started() as browser:
        hands = []
        for way in ("one", "bulk"):
            shutil.copytree(built, room / way)
            with at_desk(room / way, stage, browser) as desk:
                hand = begin(desk)
                number = waiting(desk)
                left = number - bulk_first(hand, known) if way == "bulk" else number
                one_by_one(hand, known, left)
                assert waiting(desk) == 0
                hands.append((hand, number, left))
    (one, number, _), (bulk, _, left) = hands
    steps = sum(actions for _, actions, _ in ROUTINE)
    opened = sum(opened for *_, opened in ROUTINE)
    sure, doubtful = one.by_sureness[True], one.by_sureness[False]
    return [
        describe(), "",
        f"{number} sample drafts (whole units until there were {DRAFTS}), {len(sure)} of them"
        f" with a theme of at least {SURE:.0%}; {one.corrected} corrected in theme or genre.", "",
        "| way | drafts | actions | a draft | pages or documents opened |",
        "|---|---|---|---|---|",
        f"| desk, one by one: sure of the theme | {row(sure)} | |",
        f"| desk, one by one: the others | {row(doubtful)} | |",
        f"| desk, one by one: all, with the way there | {number} | {one.actions} |"
        f" {one.actions / number:.2f} | {one.loads} |",
        f"| desk, the sure ones in bulk, {left} one by one | {number} | {bulk.actions} |"
        f" {bulk.actions / number:.2f} | {bulk.loads} |",
        f"| spreadsheet and Word | {number} | {steps * number} | {steps} | {opened * number} |",
        "", "The routine with spreadsheet and Word, for one draft (actions):", "",
        *(f"{n}. {words}（{actions}）" for n, (words, actions, _) in enumerate(ROUTINE, 1)),
    ]  # fmt: skip


def row(counts: Sequence[int]) -> str:
    """Drafts, actions, actions a draft."""
    return f"{len(counts)} | {sum(counts)} | {sum(counts) / max(1, len(counts)):.2f}"


def waiting(desk: Desk) -> int:
    """Drafts that nobody decided on."""
    rows = raw(desk.house.db).execute("SELECT count(*) FROM _desk WHERE state = 'waiting'")
    return int(rows.fetchone()[0])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "built"
        fill(built)
        lines = measure(built, Path(folder))
    print("\n".join(lines))
    if given.write:
        put_section("effort", lines)


if __name__ == "__main__":
    main()
