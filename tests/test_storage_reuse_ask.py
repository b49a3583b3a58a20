"""What is told of a draft that is not stored is what an intake would store of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from sqlite_utils import Database

from nlp.types import Draft
from storage.connection import raw
from storage.facts import draft_facts
from storage.reuse_ask import pairs_of_unstored
from tests.support_reuse import draft, erase, findings, paragraphs, send, sentence

ONE, TWO, THREE, FOUR, FIVE, SIX = paragraphs(71, 6)
TOLD = (
    "other_id", "other_title", "other_unit", "kind", "cover", "other_cover", "shared_characters",
    "longest", "direction", "spans",
)  # fmt: skip


def ask(db: Database, *drafts: Draft) -> list[list[dict[str, Any]]]:
    return pairs_of_unstored(db, [(one, findings(one), None) for one in drafts])


def rounded(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    shown = ({key: row[key] for key in TOLD} for row in rows)
    return [
        row | {"cover": round(row["cover"], 4), "other_cover": round(row["other_cover"], 4)}
        | {"spans": [list(span) for span in row["spans"]]}
        for row in shown
    ]  # fmt: skip


def stored(db: Database, draft_id: int) -> list[dict[str, Any]]:
    facts: dict[str, Any] = draft_facts(db, draft_id) or {}
    return rounded(facts["pairs"])


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        (draft([ONE, TWO, THREE], title="另题"), {1: "完全相同"}),
        (draft([ONE, TWO[:120]], title="另题"), {1: "节选", 4: "节选"}),
        (
            draft([ONE, TWO, *paragraphs(74, 2)], title="合写"),
            {1: "合并", 3: "合并", 4: "段落借用"},
        ),
        (draft([*paragraphs(72, 3), SIX], dated="2020-01-01"), {2: "段落借用", 4: "段落借用"}),
        (draft(paragraphs(73, 3)), {}),
        (draft([]), {}),
    ],
)
def test_the_same_as_after_an_intake(db: Database, asked: Draft, kinds: dict[int, str]) -> None:
    send(db, draft([ONE, TWO, THREE], title="甲", dated="2026-01-01"))
    send(db, draft([FOUR, FIVE, SIX], title="乙"), draft(paragraphs(74, 2), title="丙"))
    send(db, draft([ONE, TWO, THREE, FOUR, FIVE, SIX], title="丁"))
    before = [tuple(row) for row in raw(db).execute("SELECT * FROM duplicate_pair")]
    (told,) = ask(db, asked)
    assert [tuple(row) for row in raw(db).execute("SELECT * FROM duplicate_pair")] == before
    send(db, asked)
    assert rounded(told) == stored(db, 5)
    assert {row["other_id"]: row["kind"] for row in told} == kinds


def test_several_drafts_are_told_in_their_order_and_not_of_each_other(db: Database) -> None:
    send(db, draft([ONE, TWO]))
    told = ask(db, draft([THREE, FOUR]), draft([]), draft([THREE, FOUR]), draft([ONE, TWO]))
    assert [[row["other_id"] for row in rows] for rows in told] == [[], [], [], [1]]


def test_what_everybody_sends_is_found_with_few_pairs(db: Database) -> None:
    dice = random.Random(75)
    versions = [draft([ONE, TWO, THREE, sentence(dice, 36)]) for _ in range(61)]
    send(db, *versions[:60])
    (told,) = ask(db, versions[60])
    assert [row["other_id"] for row in told] == [1, 2, 3]
    assert {row["kind"] for row in told} == {"高度相似"}


def test_a_deleted_draft_is_not_named(db: Database) -> None:
    send(db, draft([ONE, TWO]), draft([ONE, TWO, THREE]))
    erase(db, 1)
    (told,) = ask(db, draft([ONE, TWO]))
    assert [row["other_id"] for row in told] == [2]
