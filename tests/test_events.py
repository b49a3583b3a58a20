"""Events: appended, taken back by a row; adoption counts as its issue says; named refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from storage.driver import sqlite3
from storage.event_log import warnings_of
from storage.events import (
    EventError,
    add_bonus,
    add_fault,
    add_outcome,
    adopt,
    commission,
    deliver,
    instruct,
    merge,
    move_topic,
    pre_adopt,
    reject,
    split,
    start_topic,
    undo_event,
)
from storage.issues import add_issue, add_item, items_of, mark_printed
from storage.periods import parse_period, today
from tests.support_adoption import PRINTED, RECEIVED, adopted, make_office

TOMORROW = today() + timedelta(days=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = make_office(tmp_path / "zugao.db")
    yield db
    db.close()


def test_an_adoption_is_of_its_issues_day_level_and_the_drafts_unit(db: Database) -> None:
    adopt(db, 1, 1, who="张")
    assert adopted(db) == [(1, 1, "临溪县委组织部", "市", "2026-09-15", "单篇", 1.0)]


def test_an_issue_that_is_not_printed_counts_nothing_until_it_is(db: Database) -> None:
    adopt(db, 1, 3)
    assert adopted(db) == []
    mark_printed(db, 2, PRINTED)
    assert [(row[0], row[4]) for row in adopted(db)] == [(1, "2026-09-15")]


@pytest.mark.parametrize(
    ("day", "period", "counts"),
    [
        (date(2025, 12, 31), "2025", True),
        (date(2025, 12, 31), "2025Q4", True),
        (date(2025, 12, 31), "2026", False),
        (date(2026, 1, 1), "2025", False),
        (date(2026, 1, 1), "2026-01", True),
        (date(2024, 2, 29), "2024-02", True),
    ],
)
def test_the_last_day_of_a_year_belongs_to_it(
    db: Database, day: date, period: str, *, counts: bool
) -> None:
    adopt(db, 1, add_item(db, add_issue(db, 1, "50", day), "年末一条"))
    within = parse_period(period)
    found = db.execute(
        "SELECT count(*) FROM adoptions WHERE published_on >= ? AND published_on < ?",
        (within.start.isoformat(), within.end.isoformat()),
    ).fetchone()[0]
    assert found == counts


def test_correcting_the_day_of_an_issue_moves_its_adoptions(db: Database) -> None:
    adopt(db, 1, 1)
    mark_printed(db, 1, date(2026, 9, 30))
    assert adopted(db)[0][4] == "2026-09-30"


def test_undone_in_a_printed_issue_it_is_gone_and_may_be_said_again(db: Database) -> None:
    event = adopt(db, 1, 1)
    undo_event(db, event, who="李", note="记错了")
    assert adopted(db) == []
    assert db.execute("SELECT who, note, undoes FROM event WHERE kind = 'undo'").fetchall() == [
        ("李", "记错了", event)
    ]
    again = adopt(db, 1, 1)
    assert again > event
    assert len(adopted(db)) == 1


def test_nothing_that_was_recorded_is_ever_altered(db: Database) -> None:
    adopt(db, 1, 1)
    for statement in ("UPDATE event SET share = 0.5", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(statement)


def test_a_reprint_higher_up_is_another_adoption_of_the_same_draft(db: Database) -> None:
    adopt(db, 1, 1)
    adopt(db, 1, add_item(db, add_issue(db, 2, "8", date(2026, 9, 20)), "转载"))
    assert [(row[0], row[3]) for row in adopted(db)] == [(1, "市"), (1, "省")]


def test_what_looks_odd_is_recorded_with_a_warning(db: Database) -> None:
    assert warnings_of(db, adopt(db, 1, 1, share=0.6, form="综合")) == []
    assert warnings_of(db, adopt(db, 2, 1, share=0.4, form="综合")) == ["same_unit_twice"]
    assert warnings_of(db, adopt(db, 3, 1, share=0.1, form="综合")) == ["shares_over"]
    assert warnings_of(db, adopt(db, 4, 4)) == ["printed_before_received"]
    assert warnings_of(db, adopt(db, 5, 2)) == ["unknown_unit"]


def test_a_draft_that_was_sent_back_is_adopted_with_a_warning(db: Database) -> None:
    def say(kind: str, undoes: int | None = None) -> None:
        columns = "draft_id, kind, undoes, theme, genre_before, decided_at"
        theme = "A1" if kind == "accept" else None
        row = (1, kind, undoes, theme, "经验", "2026-09-10T00:00:00.000Z")
        db.execute(f"INSERT INTO decision ({columns}) VALUES (?, ?, ?, ?, ?, ?)", row)

    say("return")
    assert warnings_of(db, adopt(db, 1, 1)) == ["returned"]
    say("accept")
    assert warnings_of(db, adopt(db, 1, 2)) == []


def test_merged_from_several_and_merged_anew(db: Database) -> None:
    adopt(db, 1, 2)
    merge(db, 2, {1: 0.5, 3: 0.5}, who="张")
    assert [(row[0], row[5], row[6]) for row in adopted(db)] == [(1, "综合", 0.5), (3, "综合", 0.5)]
    merge(db, 2, {3: 0.7, 4: 0.3})
    assert [(row[0], row[6]) for row in adopted(db)] == [(3, 0.7), (4, 0.3)]
    with pytest.raises(EventError) as error:
        merge(db, 2, {4: 0.3, 3: 0.7})
    assert error.value.reason == "already"
    merge(db, 2, {3: 1.0}, form="单篇")
    assert [(row[0], row[5], row[6]) for row in adopted(db)] == [(3, "单篇", 1.0)]


def test_a_merge_that_cannot_be_recorded_changes_nothing(db: Database) -> None:
    merge(db, 2, {1: 0.5, 3: 0.5})
    before = db.execute("SELECT count(*) FROM event").fetchone()
    for shares, reason in (
        ({1: 0.9, 3: 0.2}, "shares_over"),
        ({1: 0.9, 99: 0.1}, "no_draft"),
        ({1: 0.9, 3: 0.0}, "share"),
    ):
        with pytest.raises(EventError) as error:
            merge(db, 2, shares)
        assert error.value.reason == reason
    assert db.execute("SELECT count(*) FROM event").fetchone() == before


def test_thirds_that_people_rounded_are_no_more_than_the_whole(db: Database) -> None:
    merge(db, 2, {1: 0.334, 3: 0.333, 4: 0.333})
    merge(db, 1, {1: 0.33, 3: 0.34, 4: 0.33})
    assert len(adopted(db)) == 6


def test_split_gives_each_draft_an_item_of_its_own(db: Database) -> None:
    merge(db, 1, {1: 0.3, 3: 0.7})
    split(db, 1, who="张")
    assert [(row[0], row[1], row[5], row[6]) for row in adopted(db)] == [
        (3, 1, "单篇", 1.0),
        (1, 5, "单篇", 1.0),
    ]
    titles = [(row["position"], row["title"], row["adoptions"]) for row in items_of(db, 1)]
    assert titles == [(1, "村里的事村民议", 1), (2, "两县探索新路子", 0), (3, "题目1", 1)]
    with pytest.raises(EventError) as error:
        split(db, 1)
    assert error.value.reason == "not_merged"


def test_a_refused_proposal_is_not_matched_again_but_an_editor_may_change_their_mind(
    db: Database,
) -> None:
    reject(db, 1, 1)
    with pytest.raises(EventError) as error:
        adopt(db, 1, 1, source="match", confidence=0.99)
    assert error.value.reason == "rejected"
    adopt(db, 1, 1)
    assert len(adopted(db)) == 1


def test_an_item_that_an_adoption_by_hand_made_is_not_missed_once_that_is_undone(
    db: Database,
) -> None:
    def missed() -> list[tuple[object, ...]]:
        return db.execute("SELECT item_id FROM unmatched_items").fetchall()

    read = add_item(db, 1, "从印发的一期读出的", origin="issue")
    assert missed() == [(read,)]
    event = adopt(db, 1, read)
    undo_event(db, adopt(db, 1, 1))
    assert missed() == []
    undo_event(db, event)
    assert missed() == [(read,)]


def test_an_instruction_leaves_the_adoption_as_it_was(db: Database) -> None:
    """A peer overwrites the score by it, and takes all back with it."""
    adopt(db, 1, 1)
    before = adopted(db)
    event = instruct(db, draft_id=1, person="市委主要领导", level="市", happened_on=PRINTED)
    assert adopted(db) == before
    undo_event(db, event)
    assert adopted(db) == before


def test_the_printed_title_stands_beside_the_drafts_own(db: Database) -> None:
    adopt(db, 1, 1)
    titles = db.execute("SELECT title, printed_title FROM adoptions").fetchall()
    assert titles == [("题目1", "村里的事村民议")]


def test_commissions_are_delivered_on_the_day_the_draft_came(db: Database) -> None:
    asked = commission(db, [1, 2], "夏季防汛", RECEIVED, happened_on=date(2026, 8, 20), who="王")
    deliver(db, asked[0], 2)
    deliver(db, asked[1], 4)  # by a town below the county that was asked
    rows = db.execute(
        "SELECT unit, issued_on, due_on, delivered_on, draft_id FROM commissions"
    ).fetchall()
    assert rows == [
        ("临溪县委组织部", "2026-08-20", "2026-09-01", "2026-09-01", 2),
        ("望岚县委组织部", "2026-08-20", "2026-09-01", "2026-09-01", 4),
    ]


def test_a_delivery_older_than_its_commission_is_marked(db: Database) -> None:
    (asked,) = commission(db, [1], "防汛", TOMORROW)
    assert warnings_of(db, deliver(db, asked, 1)) == ["delivered_early"]


def test_a_topic_and_its_stages(db: Database) -> None:
    topic = start_topic(db, 2, "村级后备力量", person="周晓禾", due_on=TOMORROW)
    stage = move_topic(db, topic, "结题", award="优秀")
    rows = db.execute("SELECT kind, unit_id, form, title, person FROM events").fetchall()
    assert rows == [
        ("topic", 2, "立项", "村级后备力量", "周晓禾"),
        ("topic_stage", 2, "结题", "优秀", ""),
    ]
    with pytest.raises(EventError) as error:
        undo_event(db, topic)
    assert (error.value.reason, f"（{stage}）" in str(error.value)) == ("has_followers", True)
    undo_event(db, stage)
    undo_event(db, topic)


def test_instructions_outcomes_faults_and_points_by_hand(db: Database) -> None:
    instruct(db, draft_id=1, person="市委领导甲", level="市", happened_on=PRINTED, text="可推广")
    instruct(db, item_id=1, person="市委领导甲", level="市", happened_on=PRINTED)
    add_outcome(db, 1, "制度", level="市", title="议事桌办法", happened_on=PRINTED)
    add_fault(db, 4, "迟报", severity="一般", happened_on=PRINTED)
    add_bonus(db, 4, -1500, "培训缺席", happened_on=PRINTED)
    rows = db.execute(
        "SELECT kind, unit_id, level, form, severity, points, note FROM events"
    ).fetchall()
    assert rows == [
        ("instruction", 1, "市", "", "", None, "可推广"),
        ("instruction", None, "市", "", "", None, ""),
        ("outcome", 1, "市", "制度", "", None, ""),
        ("fault", 4, None, "迟报", "一般", None, ""),
        ("bonus", 4, None, "", "", -1.5, "培训缺席"),
    ]


REFUSALS: list[tuple[str, Callable[[Database], Any]]] = [
    ("no_draft", lambda db: adopt(db, 99, 1)),
    ("no_item", lambda db: adopt(db, 1, 99)),
    ("unknown_value", lambda db: adopt(db, 1, 1, form="双篇")),
    ("share", lambda db: adopt(db, 1, 1, share=0)),
    ("share", lambda db: adopt(db, 1, 1, share=1.2)),
    ("share", lambda db: adopt(db, 1, 1, share=float("nan"))),
    ("already", lambda db: (adopt(db, 1, 1), adopt(db, 1, 1, share=0.5))),
    ("no_event", lambda db: undo_event(db, 99)),
    ("already_undone", lambda db: (undo_event(db, e := adopt(db, 1, 1)), undo_event(db, e))),
    ("undo_of_undo", lambda db: undo_event(db, undo_event(db, adopt(db, 1, 1)))),
    ("no_draft", lambda db: pre_adopt(db, [99])),
    ("already", lambda db: (pre_adopt(db, [1]), pre_adopt(db, [2, 1], outlet_id=2))),
    ("adopted", lambda db: (adopt(db, 1, 1), reject(db, 1, 1))),
    ("already", lambda db: (reject(db, 1, 1), reject(db, 1, 1))),
    ("no_draft", lambda db: instruct(db, person="甲", level="市")),
    ("no_draft", lambda db: instruct(db, person="甲", level="市", draft_id=99)),
    ("no_item", lambda db: instruct(db, person="甲", level="市", item_id=99)),
    ("empty", lambda db: instruct(db, person=" ", level="市", draft_id=1)),
    ("unknown_value", lambda db: instruct(db, person="甲", level="厅", draft_id=1)),
    ("future", lambda db: instruct(db, person="甲", level="市", draft_id=1, happened_on=TOMORROW)),
    ("already", lambda db: [instruct(db, person="甲", level="市", draft_id=1) for _ in "两次"]),
    ("empty", lambda db: add_outcome(db, 1, "")),
    ("no_unit", lambda db: commission(db, [99], "防汛", TOMORROW)),
    ("no_unit", lambda db: commission(db, [], "防汛", TOMORROW)),
    ("empty", lambda db: commission(db, [1], " ", TOMORROW)),
    ("due_before_issue", lambda db: commission(db, [1], "防汛", PRINTED)),
    ("already", lambda db: [commission(db, [1], "防汛", TOMORROW) for _ in "两次"]),
    ("no_event", lambda db: deliver(db, 99, 1)),
    ("no_event", lambda db: deliver(db, adopt(db, 1, 1), 1)),
    ("foreign_unit", lambda db: deliver(db, commission(db, [2], "防汛", TOMORROW)[0], 1)),
    ("foreign_unit", lambda db: deliver(db, commission(db, [3], "防汛", TOMORROW)[0], 3)),
    ("foreign_unit", lambda db: deliver(db, commission(db, [2], "防汛", TOMORROW)[0], 5)),
    ("no_unit", lambda db: start_topic(db, 99, "课题")),
    ("no_event", lambda db: move_topic(db, 99, "结题")),
    ("no_unit", lambda db: add_fault(db, 99, "迟报")),
    ("empty", lambda db: add_fault(db, 1, "")),
    ("no_draft", lambda db: add_fault(db, 1, "失实", draft_id=99)),
    ("no_points", lambda db: add_bonus(db, 1, 0, "没有理由")),
    ("empty", lambda db: add_bonus(db, 1, 1000, "")),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "act"), REFUSALS)
def test_what_cannot_be_recorded_is_one_sentence_with_a_reason(
    db: Database, reason: str, act: Callable[[Database], Any]
) -> None:
    with pytest.raises(EventError) as error:
        act(db)
    assert error.value.reason == reason
    assert str(error.value).endswith("。")
    assert "\n" not in str(error.value)
