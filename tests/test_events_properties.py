"""Events under any history: taking back is identity, a merged item is never more than the whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

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
    pre_adopt,
    reject,
    start_topic,
    undo_event,
)
from storage.periods import today
from tests.support_adoption import PRINTED, adopted, make_office, seen

TOMORROW = today() + timedelta(days=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = make_office(tmp_path / "zugao.db")
    yield db
    db.close()


MERGED = st.dictionaries(
    st.integers(1, 5), st.integers(1, 1000).map(lambda n: n / 1000), min_size=1
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(MERGED, min_size=1, max_size=3))
def test_merged_anew_an_item_is_never_more_than_the_whole(
    db: Database, merges: list[dict[int, float]]
) -> None:
    for (left,) in db.execute("SELECT adoption_id FROM adoptions").fetchall():
        undo_event(db, left)  # by the example before
    for shares in merges:
        before = {row[0]: row[6] for row in adopted(db)}
        reason = merged_or_why_not(db, shares)
        if sum(shares.values()) > 1.005:
            assert reason == "shares_over"
        else:
            assert reason == ("already" if before == shares else "")
        now = {row[0]: row[6] for row in adopted(db)}
        assert now == (before if reason else shares)


def merged_or_why_not(db: Database, shares: dict[int, float]) -> str:
    try:
        merge(db, 2, shares)
    except EventError as error:
        return error.reason
    return ""


ONE = st.one_of(
    st.tuples(st.just("adopt"), st.integers(1, 5), st.integers(1, 4)),
    st.tuples(st.just("reject"), st.integers(1, 5), st.integers(1, 4)),
    st.tuples(st.just("pre_adopt"), st.integers(1, 5), st.just(0)),
    st.tuples(st.just("commission"), st.integers(1, 4), st.just(0)),
    st.tuples(
        st.sampled_from(["instruct", "outcome", "fault", "bonus", "topic"]),
        st.integers(1, 4),
        st.just(0),
    ),
    st.tuples(st.just("deliver"), st.integers(1, 20), st.integers(1, 5)),
    st.tuples(st.just("undo"), st.integers(1, 20), st.just(0)),
)


def act(db: Database, what: tuple[str, int, int]) -> int | None:
    kind, one, other = what
    try:
        match kind:
            case "adopt":
                return adopt(db, one, other, share=0.5, form="综合")
            case "reject":
                return reject(db, one, other)
            case "pre_adopt":
                return pre_adopt(db, [one])[0]
            case "instruct":
                return instruct(db, draft_id=one, person="甲", level="市", happened_on=PRINTED)
            case "outcome":
                return add_outcome(db, one, "讲话", happened_on=PRINTED)
            case "fault":
                return add_fault(db, one, "迟报", happened_on=PRINTED)
            case "bonus":
                return add_bonus(db, one, 500, "理由", happened_on=PRINTED)
            case "topic":
                return start_topic(db, one, "课题", happened_on=PRINTED)
            case "deliver":
                return deliver(db, one, other)
            case "commission":
                return commission(db, [one], "防汛", TOMORROW)[0]
            case _:
                undo_event(db, one)
    except EventError:
        pass
    return None


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ONE, max_size=6), ONE)
def test_said_and_taken_back_is_as_if_never_said(
    db: Database, before: list[tuple[str, int, int]], last: tuple[str, int, int]
) -> None:
    for (left,) in db.execute("SELECT event_id FROM events WHERE holds").fetchall():
        undo_event(db, left)  # by the example before
    for what in before:
        act(db, what)
    was = seen(db)
    event = act(db, last)
    if event is not None:
        assert last[0] != "adopt" or last[2] == 3 or seen(db) != was  # item 3 is not printed
        undo_event(db, event)
        assert seen(db) == was
