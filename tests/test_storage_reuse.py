"""The reuse index: the same pairs in any order, bounded growth, and clean leaving."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.connection import open_database, raw
from storage.postings import DF_CAP, MAX_COPIES
from tests.support_reuse import draft, erase, paragraphs, rows, send, sentence

LONG = paragraphs(1, 6)


def kinds(db: Database) -> list[tuple[object, ...]]:
    return rows(db, "SELECT draft_a, draft_b, kind FROM duplicate_pair ORDER BY 1, 2")


def indexed(db: Database) -> set[object]:
    return {row[0] for row in rows(db, "SELECT DISTINCT draft_id FROM _fingerprint")}


def test_each_kind_is_found_over_batches(db: Database) -> None:
    one, two, three = paragraphs(2, 3), paragraphs(3, 3), paragraphs(4, 4)
    assert send(db, draft(LONG), draft(one), draft(two)).pairs == 0
    written = send(
        db,
        draft(LONG, title="另一标题"),  # 4: equal
        draft([*LONG[:5], *paragraphs(5, 1)]),  # 5: a paragraph replaced
        draft(LONG[:3]),  # 6: cut
        draft([*three[:2], LONG[3], *three[2:]]),  # 7: a paragraph borrowed
        draft([*one, *two]),  # 8: two in one
        draft(paragraphs(6, 3)),  # 9: new
    )
    assert (written.drafts, written.pairs) == (6, 8)
    assert kinds(db) == [
        (1, 4, "完全相同"),
        (1, 5, "高度相似"),
        (1, 6, "节选"),
        (1, 7, "段落借用"),
        (2, 8, "合并"),
        (3, 8, "合并"),
        (5, 6, "节选"),
        (5, 7, "段落借用"),
    ]


def test_a_pair_says_what_and_where(db: Database) -> None:
    send(db, draft(LONG[:2], dated="2026-08-01"))
    send(db, draft([*paragraphs(7, 2), LONG[1]], dated="2026-08-09"))
    (pair,) = raw(db).execute(
        "SELECT kind, cover_a, cover_b, shared_characters, discounted_characters, longest,"
        " direction, spans FROM duplicate_pair"
    )
    assert pair[:7] == ("段落借用", 0.5, pytest.approx(1 / 3, abs=1e-3), 144, 0, 144, "a_to_b")
    texts = [text for (text,) in rows(db, "SELECT text FROM _draft_text ORDER BY draft_id")]
    ((a_start, a_end, b_start, b_end, nature),) = json.loads(pair[7])
    assert texts[0][a_start:a_end] == texts[1][b_start:b_end] == LONG[1].rstrip("。")
    assert nature == "reuse"


def test_the_order_inside_a_batch_does_not_matter(tmp_path: Path) -> None:
    part = paragraphs(8, 3)
    drafts = [
        draft(LONG, title="甲"),
        draft(LONG[:3], title="乙"),
        draft([*LONG[:3], *part], title="丙"),
        draft(part, title="丁"),
        draft(LONG, title="戊"),
        draft([part[0], *paragraphs(9, 4)], title="己"),
    ]
    found = set()
    dice = random.Random(0)
    for attempt in range(6):
        dice.shuffle(drafts)
        with open_database(tmp_path / f"{attempt}.db") as db:
            send(db, *drafts)
            found.add(frozenset(_by_title(db)))
    assert len(found) == 1
    assert ("丁", "丙", "合并") in next(iter(found))


def _by_title(db: Database) -> Iterator[tuple[str, ...]]:
    """Pairs by title; of the equal drafts 甲 and 戊, the later is known by the earlier."""
    for a, b, kind in rows(
        db,
        "SELECT a.title, b.title, kind FROM duplicate_pair"
        " JOIN draft a ON a.id = draft_a JOIN draft b ON b.id = draft_b",
    ):
        first, second = sorted((str(a), str(b)))
        if kind == "完全相同":
            yield first, second, kind
        else:
            yield (*sorted(title.replace("戊", "甲") for title in (first, second)), str(kind))


def test_sent_at_once_or_one_by_one_is_the_same(tmp_path: Path) -> None:
    drafts = [draft(LONG), draft(LONG[:4]), draft(paragraphs(10, 3)), draft([LONG[0], LONG[5]])]
    with open_database(tmp_path / "at_once.db") as at_once:
        send(at_once, *drafts)
        together = kinds(at_once)
    with open_database(tmp_path / "singly.db") as singly:
        for one in drafts:
            send(singly, one)
        assert kinds(singly) == together != []


def test_copies_are_one_entry_with_few_pairs(db: Database) -> None:
    count = 300
    for _ in range(3):
        send(db, *[draft(LONG) for _ in range(count // 3)])
    pairs = kinds(db)
    assert {kind for _, _, kind in pairs} == {"完全相同"}
    assert {a for a, _, _ in pairs} == set(range(1, MAX_COPIES + 1))
    assert {b for _, b, _ in pairs} == set(range(2, count + 1))
    assert len(pairs) <= MAX_COPIES * count
    assert indexed(db) == {1}
    send(db, draft([*LONG[:5], *paragraphs(11, 1)]))
    assert (1, count + 1, "高度相似") in kinds(db)


def test_a_text_that_everybody_varies_stays_bounded_and_is_still_found(db: Database) -> None:
    """A circular that 90 units send with their own number: no n² pairs, and none is missed."""
    dice = random.Random(12)
    versions = [draft([*LONG, sentence(dice, 36)]) for _ in range(90)]
    for start in range(0, 90, 15):
        send(db, *versions[start : start + 15])
    pairs = rows(db, "SELECT draft_a, draft_b, kind, cover_b FROM duplicate_pair")
    assert {b for _, b, _, _ in pairs} == set(range(2, 91))
    assert {kind for _, _, kind, _ in pairs} == {"高度相似"}
    assert len(pairs) < 90 * 15
    ((most,),) = rows(db, "SELECT max(n) FROM (SELECT count(*) n FROM _fingerprint GROUP BY hash)")
    assert most == DF_CAP


def test_common_language_leads_to_nobody(db: Database) -> None:
    """One paragraph in 60 otherwise different drafts is a form, not reuse."""
    form = LONG[0]
    send(db, *[draft([form, *paragraphs(100 + n, 3)]) for n in range(60)])
    assert kinds(db) == []
    send(db, draft([form, *paragraphs(200, 3)]))
    assert kinds(db) == []


def test_the_same_paragraph_in_few_drafts_is_reuse(db: Database) -> None:
    send(db, *[draft([LONG[0], *paragraphs(100 + n, 3)]) for n in range(5)])
    assert len(kinds(db)) == 10


def test_a_deleted_draft_leaves_cleanly(db: Database) -> None:
    send(db, draft(LONG), draft(LONG[:3]), draft(paragraphs(13, 3)))
    erase(db, 1)
    assert kinds(db) == []
    send(db, draft([*LONG[3:], *paragraphs(14, 1)]), draft(paragraphs(15, 2)))
    assert kinds(db) == []
    assert indexed(db) == {2, 3, 4, 5}
    assert rows(db, "SELECT * FROM _removed") == []
    assert rows(db, "SELECT draft_id FROM _digest ORDER BY 1") == [(2,), (3,), (4,), (5,)]


def test_a_copy_stands_in_for_the_deleted_original(db: Database) -> None:
    send(db, draft(LONG), draft(LONG), draft(LONG))
    erase(db, 1, 2)
    send(db, draft(LONG[:3]))
    assert kinds(db) == [(3, 4, "节选")]
    assert indexed(db) == {3, 4}


def test_nothing_to_compare_is_nothing_written(db: Database) -> None:
    assert send(db, draft([]), draft(["。。。"]), draft([])).pairs == 0
    assert rows(db, "SELECT * FROM _digest") == []
    assert send(db, draft(["会"]), draft(["会"])).pairs == 1


def test_short_drafts_are_compared(db: Database) -> None:
    text = paragraphs(16, 1, sentences=1)[0][:33]
    send(db, draft([text]), draft([text + "好"]), draft([text[:16]]))
    assert (1, 2, "高度相似") in kinds(db)


def test_a_draft_of_100000_characters_is_bounded(db: Database) -> None:
    long = paragraphs(17, 700)
    started = time.process_time()
    send(db, draft(long))
    send(db, draft([*long[350:], *long[:349]]))
    assert time.process_time() - started < 8
    assert [kind for _, _, kind in kinds(db)] == ["高度相似"]
