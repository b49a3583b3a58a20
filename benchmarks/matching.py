"""Automatic adoption: right drafts, right shares, and how it grows, beside what offices do today.

The printed items of ``samples/issues`` and the truth about them; the peers compare titles, as the
lists of adopted pieces are made by hand: equal titles, and the likest title (difflib).
``--titles N`` measures the index of titles at N drafts. Times are processor time.

python -m benchmarks.matching [--titles 1000000] [--write]
"""

from __future__ import annotations

import argparse
import difflib
import random
import re
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.machine import describe, put_section
from flows.adoption import match_once
from nlp.text import fold
from nlp.titles import title_grams
from storage.connection import Database, open_database, raw
from storage.issues import add_issue, add_item
from storage.match_candidates import Drafts, titles_like
from storage.matching import Item, match_item, match_waiting
from storage.outlets import outlet_named
from storage.unit_names import load_unit_names
from tests.support_printed import Truth, make_home, quiet, take_drafts, truth_of
from zugao.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
HEAD = (
    "| method | right | wrong | missed | precision | recall | shares within 5 points, worst | ms |"
)
RULE = "|---|---|---|---|---|---|---|---|"
PARTICLES = "其在以与而更须皆将并已均各由向到对为之所"
ALIKE = 0.6
"""Likeness (difflib's ratio) from which the peer takes a title for the same: its best here."""

Pairs = dict[tuple[int, int], float]
"""(item, draft) → share."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a method found."""

    name: str
    right: int
    wrong: int
    missed: int
    near: float  # of the right ones with a share within 5 points of the truth
    worst: float  # difference of a share
    seconds: float

    def row(self) -> str:
        """As a line of the table."""
        found = self.right + self.wrong
        precision = f"{self.right / found:.3f}" if found else "–"
        recall = self.right / (self.right + self.missed)
        return (
            f"| {self.name} | {self.right} | {self.wrong} | {self.missed} | {precision} |"
            f" {recall:.3f} | {self.near:.3f}, {100 * self.worst:.1f} | {1000 * self.seconds:.1f} |"
        )


def scored(name: str, found: Pairs, truth: Mapping[int, Truth], seconds: float) -> Score:
    """Compare pairs with the truth; ``seconds`` an item."""
    wanted = {(i, d): share for i, known in truth.items() for d, share in known.shares.items()}
    right = found.keys() & wanted.keys()
    off = [abs(found[pair] - wanted[pair]) for pair in right] or [0.0]
    near = sum(one <= 0.05 for one in off) / len(off)
    wrong, missed = len(found) - len(right), len(wanted) - len(right)
    return Score(name, len(right), wrong, missed, near, max(off), seconds)


def ours(db: Database, *, sure: bool) -> Pairs:
    """Stored proposals: the sure ones, or all."""
    rows = raw(db).execute(
        "SELECT item_id, draft_id, share FROM adoption_proposal WHERE sure OR NOT ?", (sure,)
    )
    return {(item, draft): share for item, draft, share in rows}


def by_title(db: Database, *, least: float) -> Pairs:
    """The peers: the draft with the likest title, if it is alike enough."""
    drafts = [(id_, fold(title).text) for id_, title in _titles(db, "draft")]
    found: Pairs = {}
    for item, title in _titles(db, "printed_item"):
        folded = fold(title).text
        best, likest = 0, 0.0
        for draft, other in drafts:
            like = difflib.SequenceMatcher(None, folded, other, autojunk=False).ratio()
            if like > likest:
                best, likest = draft, like
        if likest >= least:
            found[item, best] = 1.0
    return found


def _titles(db: Database, table: str) -> list[tuple[int, str]]:
    return raw(db).execute(f"SELECT id, title FROM {table} ORDER BY id").fetchall()


class _Without(Drafts):
    """Stored drafts but some."""

    def __init__(self, db: Database, gone: Iterable[int]) -> None:
        super().__init__(raw(db))
        self._known.update(dict.fromkeys(gone))


def without_truth(db: Database, truth: Mapping[int, Truth]) -> tuple[int, int, int]:
    """(items, sure matches, of them not with another version) once its own drafts are taken away.

    What is then found should be a draft with the same text (a copy, a revision, a piece of it), or
    nothing.
    """
    names = load_unit_names(db)
    sure = strange = 0
    rows = (
        raw(db)
        .execute(
            "SELECT item.id, issue_id, item.title, column_name, byline, text, published_on"
            " FROM printed_item AS item JOIN issue ON issue.id = issue_id"
        )
        .fetchall()
    )
    for row in rows:
        known = truth[row[0]].shares
        for match in match_item(db, Item(*row), _Without(db, known), names):
            sure += match.sure
            strange += match.sure and not _kin(db, match.draft_id, known)
    return len(rows), sure, strange


def _kin(db: Database, draft: int, others: Iterable[int]) -> bool:
    """Whether the duplicate check has paired a draft with one of the others."""
    return any(
        raw(db).execute(
            "SELECT 1 FROM duplicate_pair WHERE draft_a = ? AND draft_b = ?",
            (min(draft, other), max(draft, other)),
        ).fetchone()
        for other in others
    )  # fmt: skip


def quality(settings: Settings) -> list[str]:
    """The table of methods, and what is found when the right drafts are not there."""
    begun = time.process_time()
    match_once(settings, ROOT / "samples/issues", quiet, wait=False)
    spent = time.process_time() - begun
    with closing(open_database(settings.database)) as db:
        truth = truth_of(db, ROOT)
        each = spent / len(truth)
        scores = [
            scored("ours, recorded without asking", ours(db, sure=True), truth, each),
            scored("ours, with what waits for an editor", ours(db, sure=False), truth, each),
        ]
        for name, least in (("equal titles", 1.0), ("the likest title", ALIKE)):
            begun = time.process_time()
            found = by_title(db, least=least)
            seconds = (time.process_time() - begun) / len(truth)
            scores.append(scored(name, found, truth, seconds))
        items, sure, strange = without_truth(db, truth)
    pairs = sum(len(known.shares) for known in truth.values())
    nowhere = sum(not known.shares for known in truth.values())
    return [
        f"{len(truth)} printed items ({nowhere} from nowhere), {pairs} sources; an item's files are"
        " read, split and matched in the time given for ours.",
        "",
        HEAD,
        RULE,
        *(score.row() for score in scores),
        "",
        f"With its own drafts taken away, {sure} of the {items} items still find a draft surely;"
        f" {strange} of these drafts were no copy, revision or piece of the missing ones.",
    ]


def edited(settings: Settings, count: int) -> list[str]:
    """The same for items made by a heavy hand from one to three drafts, under other titles."""
    dice = random.Random(5)
    with closing(open_database(settings.database)) as db:
        outlet = outlet_named(db, "云泽组工信息")
        texts = _texts(db)
        truth: dict[int, Truth] = {}
        for number in range(count):
            chosen = dice.sample(sorted(texts), dice.choice((1, 1, 2, 3)))
            parts = {draft: _rewritten(texts[draft], dice) for draft in chosen}
            text = "\n".join(parts.values())
            total = len(fold(text).text)
            issue = add_issue(db, outlet, f"{number + 500}", date(2026, 10, 30))
            item = add_item(db, issue, f"第{number}条", text=text)
            shares = {draft: len(fold(part).text) / total for draft, part in parts.items()}
            truth[item] = Truth(f"第{number}条", "edited", shares)
        begun = time.process_time()
        match_waiting(db)
        each = (time.process_time() - begun) / count
        copies = _copies(db)
        scores = [
            scored(name, _of(truth, ours(db, sure=sure), copies), truth, each)
            for name, sure in (("ours, sure", True), ("ours, all", False))
        ]
    return [
        "",
        f"{count} items made by a heavy hand: of one to three drafts a half to nine tenths of the"
        " sentences, a phrase in every second sentence put otherwise, a clause of every fifth left"
        " out, another title, no by-line (another version of the same piece counts as right):",
        "",
        HEAD, RULE, *(score.row() for score in scores),
    ]  # fmt: skip


def _texts(db: Database) -> dict[int, list[str]]:
    """Drafts of 300 characters and more → their sentences; of equal pieces only the earliest."""
    rows = raw(db).execute(
        "SELECT draft_id, text FROM _draft_text JOIN draft ON draft.id = draft_id"
        " WHERE characters >= 300 AND NOT EXISTS (SELECT 1 FROM _cluster"
        " WHERE _cluster.draft_id = draft.id AND cluster < draft.id)"
    )
    return {id_: re.findall(r"[^。\n]{15,}。", text) for id_, text in rows}


def _rewritten(sentences: list[str], dice: random.Random) -> str:
    kept = [s for s in sentences if dice.random() < dice.uniform(0.5, 0.9)] or sentences[:3]
    return "".join(_edited(sentence, dice) for sentence in kept)


def _edited(sentence: str, dice: random.Random) -> str:
    clauses = sentence.split("，")
    if len(clauses) > 2 and dice.random() < 0.2:
        clauses.pop(dice.randrange(1, len(clauses) - 1))
    sentence = "，".join(clauses)
    if dice.random() < 0.5 and len(sentence) > 20:
        start = dice.randrange(len(sentence) - 10)
        words = "".join(
            dice.choices("其在以与而更须皆将并已均各由向到对为之所", k=dice.randint(4, 7))
        )
        sentence = sentence[:start] + words + sentence[start + 5 :]
    return sentence


def _copies(db: Database) -> dict[int, int]:
    """Draft → the first draft of its piece."""
    return dict(raw(db).execute("SELECT draft_id, cluster FROM _cluster").fetchall())


def _of(truth: Mapping[int, Truth], found: Pairs, copies: Mapping[int, int]) -> Pairs:
    """The pairs of these items, each draft named as the truth names its piece."""
    return {
        (item, draft if draft in truth[item].shares else copies.get(draft, draft)): share
        for (item, draft), share in found.items()
        if item in truth
    }


def growth(count: int) -> list[str]:
    """Time of a look-up among ``count`` titles made of the words of the samples' titles."""
    with tempfile.TemporaryDirectory() as folder:
        settings = make_home(Path(folder) / "home", ROOT)
        take_drafts(settings, ROOT)
        with closing(open_database(settings.database)) as db:
            conn = raw(db)
            real = [title for _, title in _titles(db, "draft")]
            dice = random.Random(1)
            halves = [(t[: len(t) // 2], t[len(t) // 2 :]) for t in real]
            conn.execute("BEGIN")
            begun = time.process_time()
            for number in range(count):
                title = f"{dice.choice(halves)[0]}{number}号{dice.choice(halves)[1]}"
                conn.executemany(
                    "INSERT OR IGNORE INTO _title_gram (hash, printed, id) VALUES (?, 0, ?)",
                    [(value, 1_000_000 + number) for value in title_grams(title)],
                )
            conn.execute("COMMIT")
            filled = time.process_time() - begun
            for id_, title in _titles(db, "draft"):
                conn.executemany(
                    "INSERT OR IGNORE INTO _title_gram (hash, printed, id) VALUES (?, 0, ?)",
                    [(value, id_) for value in title_grams(title)],
                )
            begun = time.process_time()
            hits = sum(
                any(like == 1.0 for _, like in titles_like(conn, title, 0.6, printed=False))
                for title in real
            )
            each = (time.process_time() - begun) / len(real)
        size = settings.database.stat().st_size
    return [
        "",
        f"Index of titles: {count:,} titles put in at {1e6 * filled / count:.0f} µs each, a look-up"
        f" among them takes {1000 * each:.2f} ms and found {hits} of {len(real)} titles that are"
        f" there; database {size / 1e6:.0f} MB.",
    ]


def main() -> None:
    """Measure and print; with ``--write`` into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = make_home(Path(folder) / "home", ROOT)
        take_drafts(settings, ROOT)
        lines = [describe(), "", *quality(settings), *edited(settings, 200)]
    if options.titles:
        lines += growth(options.titles)
    print("\n".join(lines))
    if options.write:
        put_section("matching", lines)


if __name__ == "__main__":
    main()
