"""The order in which drafts teach most, and the list that an editor works off."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from nlp.teaching import Candidate, teaching_order
from nlp.types import Findings, Theme
from storage.aspects import remember_aspects
from storage.commit import commit_batch
from storage.connection import open_database
from storage.decisions import decide, undo
from storage.ledger import receive
from storage.review import review_list, review_order
from storage.runs import start_run
from tests.support_storage import ASPECTS, draft, findings, outcome, submission
from zugao.cli import main


def test_aspects_take_turns_and_copies_come_last() -> None:
    waiting = [
        Candidate(1, "A1", 0.9),
        Candidate(2, "A1", 0.1),
        Candidate(3, "A1", 0.2),
        Candidate(4, "C2", 0.5),
        Candidate(5, "C2", 0.05, copy=True),
        Candidate(6, "", 0.0),
    ]
    assert [one.id for one in teaching_order(waiting)] == [6, 2, 4, 3, 1, 5]
    assert teaching_order([]) == []


@given(
    st.lists(
        st.tuples(st.sampled_from(["A1", "B2", "C2"]), st.floats(0, 1), st.booleans()), max_size=30
    )
)
def test_every_draft_once_and_more_doubt_first_within_an_aspect(
    rows: list[tuple[str, float, bool]],
) -> None:
    waiting = [Candidate(n, *row) for n, row in enumerate(rows)]
    order = teaching_order(waiting)
    assert sorted(one.id for one in order) == list(range(len(rows)))
    assert [one.copy for one in order] == sorted(one.copy for one in order)
    for aspect in ("A1", "B2", "C2"):
        own = [one.margin for one in order if one.aspect == aspect and not one.copy]
        assert own == sorted(own)
    first = {one.aspect for one in waiting if not one.copy}
    assert {one.aspect for one in order[: len(first)] if not one.copy} == first


def wavering(*chances: tuple[str, float]) -> Findings:
    near = tuple(Theme(code, chance) for code, chance in chances)
    return replace(findings(theme=""), nearest=near)


def test_the_list_of_a_database(tmp_path: Path) -> None:
    home = tmp_path / "库"
    assert CliRunner().invoke(main, ["init", str(home)]).exit_code == 0
    db = open_database(home / "zugao.db")
    remember_aspects(db, ASPECTS, "t1")
    run = start_run(db, "direct", "/inbox")
    found = [
        wavering(("A1", 0.9), ("C2", 0.05)),
        wavering(("A1", 0.4), ("C2", 0.35)),
        wavering(("C2", 0.6), ("A1", 0.3)),
        wavering(("C2", 0.5), ("A1", 0.45)),
        wavering(("A1", 0.7), ("C2", 0.2)),
    ]
    receive(db, [submission(f"{n}.docx") for n in range(5)], run)
    for n, one in enumerate(found, start=1):
        same = draft("同一篇", body="同样的话说了又说") if n in (1, 2) else draft(f"第{n}篇")
        one = replace(one, exact="e" * 32) if n in (1, 2) else one
        commit_batch(db, run, [outcome(n, same, found=[one])])
    # margins: 1 .85, 2 .05 (a copy of 1), 3 .3, 4 .05, 5 .5; aspects A1 A1 C2 C2 A1
    assert review_order(db) == [4, 5, 3, 1, 2]
    assert review_order(db, by_arrival=True) == [1, 2, 3, 4, 5]
    decide(db, 4, "C2")
    assert review_order(db) == [3, 5, 1, 2]
    undo(db, 4)
    [first] = review_list(db, 1)
    assert (first["draft_id"], first["title"], first["theme_code"]) == (4, "第4篇", None)
    assert first["nearest"] == [["C2", "年轻干部培养", 0.5], ["A1", "农村党建", 0.45]]
    db.close()

    def zugao(*words: str) -> str:
        return CliRunner().invoke(main, ["--home", str(home), *words]).output

    assert [row["draft_id"] for row in json.loads(zugao("next", "--count", "3", "--json"))] == [
        4, 5, 3
    ]  # fmt: skip
    shown = zugao("next", "--arrival", "--count", "1")
    assert shown.startswith("1 同一篇（单位不明，")
    assert "A1 农村党建 90%、C2 年轻干部培养 5%" in shown


def test_nothing_waits(tmp_path: Path) -> None:
    home = tmp_path / "库"
    CliRunner().invoke(main, ["init", str(home)])
    result = CliRunner().invoke(main, ["--home", str(home), "next"])
    assert (result.exit_code, result.output) == (0, "没有等着定主题的稿件。\n")
