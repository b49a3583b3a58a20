"""The editors' desk at 200,000 drafts: its pages, beside the same asked of views, LIKE and OFFSET.

python -m benchmarks.desk [--write] [--home FOLDER]     about ten minutes, 1.5 GB

Pages are timed through the whole application in one process (page, template, log), then
twenty editors work at once against a served desk on loopback. The peer asks for the same rows
without the desk's own table and index: the analysts' view, LIKE and OFFSET.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from sqlite_utils import Database
from starlette.testclient import TestClient

from benchmarks.machine import describe, put_section
from benchmarks.prose import Writer
from benchmarks.statistics_rows import Size, build
from nlp.types import Draft, Paragraph
from review.app import build as build_app
from review.desk import Desk
from storage.connection import open_database, raw
from storage.decisions import last_decision
from storage.search import index_line
from storage.texts import pack_paragraphs
from zugao.desk import annotator
from zugao.setting_up import set_up
from zugao.settings import load_settings

DRAFTS = 200_000
EDITORS, ROUNDS = 20, 15
LIMITS = {"queue": 80, "draft": 80, "compare": 150, "search": 200, "decision": 50, "metrics": 200}
LOCAL = {"Origin": "http://127.0.0.1"}


def fill(path: Path, drafts: int = DRAFTS) -> None:
    """A database of so many drafts with texts (5,000 different ones) and their index."""
    db = build(path, Size(drafts=drafts, adoptions=drafts // 5))
    texts = [text_of(seed) for seed in range(5000)]
    pieces = [index_line(text) for text, _ in texts]
    conn = raw(db)
    for start in range(1, drafts + 1, 5000):
        conn.execute("BEGIN IMMEDIATE")
        chunk = range(start, min(drafts, start + 4999) + 1)
        conn.executemany(
            "INSERT INTO _draft_text (draft_id, text, paragraphs) VALUES (?, ?, ?)",
            [(n, *texts[n % len(texts)]) for n in chunk],
        )
        conn.executemany(  # as storage.search does, each text cut once
            "INSERT INTO _search (rowid, grams) VALUES (?, ?)",
            [(n, f"{pieces[n % len(texts)]} {index_line(f'第{n}件事')}") for n in chunk],
        )
        conn.execute("COMMIT")
    conn.execute("ANALYZE")
    db.close()


def text_of(seed: int) -> tuple[str, str]:
    """A text of about 1,500 characters, and its paragraphs as the database has them."""
    piece = Writer.of(seed, seed).piece("临溪县")
    draft = Draft(1, "", tuple(Paragraph("body", "", line) for line in piece.lines))
    return draft.text, pack_paragraphs(draft)


def timed(work: Callable[[int], object], times: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds of processor time (browser's side included)."""
    work(0)
    spent = []
    for n in range(1, times + 1):
        start = time.process_time()
        work(n)
        spent.append((time.process_time() - start) * 1000)
    spent.sort()
    return spent[len(spent) // 2], spent[int(len(spent) * 0.95)]


def pages(browser: TestClient, db: Database) -> dict[str, tuple[str, Callable[[int], object]]]:
    """What is timed: name → (kind of limit, request)."""

    def get(path: str) -> None:
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    def decide(n: int) -> None:
        number = DRAFTS - 7 * n - 1
        answer = browser.post(
            f"/drafts/{number}/accept",
            data={"theme": "A1", "seen": str(last_decision(db, number)), "then": "/queue"},
        )
        assert answer.status_code == 303, answer.status_code

    deep = f"0.{DRAFTS // 2}"
    return {
        "queue, first page": ("queue", lambda n: get("/queue")),
        "queue, in the middle": ("queue", lambda n: get(f"/queue?tab=all&after={deep}")),
        "queue, doubtful, by urgency": (
            "queue",
            lambda n: get("/queue?tab=doubtful&order=urgency"),
        ),
        "queue, teaches most": ("queue", lambda n: get("/queue?order=teaching")),
        "queue, one unit and theme": ("queue", lambda n: get(f"/queue?unit={n + 1}&theme=A1")),
        "search, common word": ("search", lambda n: get("/queue?words=服务")),
        "search, rare word": ("search", lambda n: get(f"/queue?words=第{1000 + n}件事")),
        "draft": ("draft", lambda n: get(f"/drafts/{DRAFTS - 1000 - 12 * n}")),
        "compare": ("compare", lambda n: get(f"/compare/{1000 + 12 * n}/{6000 + 12 * n}")),
        "decision": ("decision", decide),
        "figures for a monitor": ("metrics", lambda n: get("/metrics")),
    }


def peers(db: Database) -> dict[str, Callable[[int], object]]:
    """The same rows from the analysts' view, with LIKE and OFFSET."""

    def ask(sql: str) -> object:
        return raw(db).execute(sql).fetchall()

    waiting = "NOT EXISTS (SELECT 1 FROM decision WHERE decision.draft_id = drafts.draft_id)"
    rows = "SELECT draft_id, title, unit, theme, duplicate_count, length_flag FROM drafts"
    return {
        "queue, first page": lambda n: (
            ask(f"SELECT count(*) FROM drafts WHERE {waiting}"),
            ask(f"{rows} WHERE {waiting} ORDER BY draft_id DESC LIMIT 50"),
        ),
        "queue, in the middle": lambda n: ask(
            f"{rows} ORDER BY draft_id DESC LIMIT 50 OFFSET {DRAFTS // 2}"
        ),
        "search, rare word": lambda n: ask(
            f"SELECT draft_id FROM draft_texts WHERE title LIKE '%第{1000 + n}件事%'"
            f" OR text LIKE '%第{1000 + n}件事%' LIMIT 50"
        ),
    }


def together(home: Path) -> tuple[int, int, float, float]:
    """Twenty editors at a served desk: requests, errors, p50 and p95 in milliseconds."""
    command = [sys.executable, "-m", "zugao.cli", "--home", str(home), "desk", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = re.search(r"http://\S+?:\d+", process.stdout.readline())
    assert url is not None
    spent: list[float] = []
    errors = 0

    def edit(number: int) -> None:
        nonlocal errors
        dice = random.Random(number)
        with httpx.Client(base_url=url[0], headers={"Origin": url[0]}, timeout=60) as browser:
            for _ in range(ROUNDS):
                draft = dice.randrange(1000, DRAFTS)
                seen = "0"
                for path in ("/queue?tab=doubtful", f"/drafts/{draft}", ""):
                    start = time.perf_counter()
                    if path:
                        answer = browser.get(path)
                        found = re.search(r'name="seen" value="(\d+)"', answer.text)
                        seen = found[1] if found else seen
                    else:
                        answer = browser.post(
                            f"/drafts/{draft}/accept", data={"theme": "B1", "seen": seen}
                        )
                    spent.append((time.perf_counter() - start) * 1000)
                    errors += answer.status_code not in (200, 303, 409)
                time.sleep(dice.random())

    try:
        with ThreadPoolExecutor(EDITORS) as pool:
            list(pool.map(edit, range(EDITORS)))
    finally:
        process.terminate()
        process.wait()
    spent.sort()
    return len(spent), errors, spent[len(spent) // 2], spent[int(len(spent) * 0.95)]


def measure(home: Path) -> list[str]:
    """Everything, as Markdown."""
    desk = Desk(load_settings(home), alone=True, annotate=annotator(home))
    db = open_database(home / "zugao.db")
    lines = [
        describe(), "",
        f"{DRAFTS:,} drafts with texts, most of them waiting.", "",
        "| CPU ms | p50 | p95 | limit (p95) | view, LIKE, OFFSET: p50 |",
        "|---|---|---|---|---|",
    ]  # fmt: skip
    others = peers(db)
    with TestClient(
        build_app(desk), base_url=LOCAL["Origin"], headers=LOCAL, follow_redirects=False
    ) as browser:
        for name, (kind, work) in pages(browser, db).items():
            half, most = timed(work, 40)
            peer = f"{timed(others[name], 3)[0]:,.0f}" if name in others else ""
            lines.append(f"| {name} | {half:.0f} | {most:.0f} | {LIMITS[kind]} | {peer} |")
            print(lines[-1], flush=True)
    db.close()
    count, errors, half, most = together(home)
    lines += ["", (
        f"{EDITORS} editors at once (queue, draft, decision; 0–1 s between): {count} requests,"
        f" {errors} errors, p50 {half:.0f} ms, p95 {most:.0f} ms as the browser sees it."
    )]  # fmt: skip
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Build (or take) the database, measure, print, perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--home", type=Path, help="a working folder to build in, or built before")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder)
        if not (home / "zugao.db").exists():
            fill(home / "zugao.db")
        for _ in set_up(home):
            pass
        lines = measure(home)
    print("\n".join(lines))
    if given.write:
        put_section("desk", lines)


if __name__ == "__main__":
    main()
