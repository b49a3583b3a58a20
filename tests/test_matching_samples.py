"""The sample issues are matched with the sample drafts, exactly as they were made from them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.adoption import Matched, match_once
from storage.connection import Database, open_database, raw
from storage.events import adopt, undo_event
from storage.proposals import confirm, open_proposals, refuse
from tests.support_printed import make_home, quiet, take_drafts, truth_of
from zugao.settings import Settings

DOUBTFUL = "沅北电商协会党员助销洞北柑橘"
"""A title of a list that was much shortened: the only match that waits for an editor."""


@pytest.fixture(scope="module")
def done(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Matched]:
    """A folder whose drafts and issues were taken in, and what the matching said."""
    settings = make_home(tmp_path_factory.mktemp("office") / "home", root)
    take_drafts(settings, root)
    return settings, match_once(settings, root / "samples/issues", quiet, wait=False)


@pytest.fixture
def office(done: tuple[Settings, Matched]) -> Iterator[Database]:
    db = open_database(done[0].database)
    yield db
    db.close()


def test_every_source_is_found_and_nothing_else(office: Database, root: Path) -> None:
    truth = truth_of(office, root)
    wanted = {
        (item, draft): share
        for item, known in truth.items()
        for draft, share in known.shares.items()
    }
    found = {
        (item, draft): share
        for item, draft, share in raw(office).execute(
            "SELECT item_id, draft_id, share FROM adoption_proposal"
        )
    }
    assert found.keys() == wanted.keys()
    assert all(abs(found[pair] - share) <= 0.05 for pair, share in wanted.items())
    assert (len(truth), len(wanted)) == (56, 51)


def test_the_sure_are_recorded_and_the_doubtful_wait(
    done: tuple[Settings, Matched], office: Database
) -> None:
    matched = done[1]
    assert (matched.matched, matched.recorded, matched.waiting) == (56, 50, 1)
    assert [row["printed_title"] for row in open_proposals(office)] == [DOUBTFUL]
    (count,) = (
        raw(office)
        .execute("SELECT count(*) FROM adoptions WHERE source = 'match' AND confidence >= 0.95")
        .fetchone()
    )
    assert count == 50


def test_what_came_from_nowhere_is_listed(
    done: tuple[Settings, Matched], office: Database, root: Path
) -> None:
    nowhere = {known.title for known in truth_of(office, root).values() if not known.shares}
    assert {row["printed_title"] for row in done[1].unmatched} == nowhere
    assert len(nowhere) == 11


def proposal(db: Database, title: str, unit: str = "") -> dict[str, Any]:
    rows = raw(db).execute(
        "SELECT unit.name, form, share, evidence, warnings, draft.title FROM adoption_proposal"
        " JOIN printed_item ON printed_item.id = item_id JOIN draft ON draft.id = draft_id"
        " JOIN unit ON unit.id = draft.unit_id"
        " WHERE printed_item.title = ? AND unit.name LIKE ? ORDER BY adoption_proposal.id LIMIT 1",
        (title, f"{unit}%"),
    )
    name, form, share, evidence, warnings, draft = rows.fetchone()
    told = {"unit": name, "form": form, "share": share, "draft": draft}
    return {**told, **json.loads(evidence), "warnings": json.loads(warnings)}


def test_a_copy_by_another_unit_is_flagged_and_the_byline_decides(office: Database) -> None:
    found = proposal(office, "临溪县“红色网格”联户制激活治理末梢")
    assert (found["unit"], found["named"], found["why"]) == (
        "临溪县委组织部", True, "署名是这个单位",
    )  # fmt: skip
    assert (found["warnings"], len(found["rivals"])) == (["two_units"], 1)


def test_without_a_byline_the_closer_text_wins(office: Database) -> None:
    found = proposal(office, "推行干部培训“菜单制”")
    assert (found["unit"], found["why"]) == ("清漪区委组织部", "与刊发的文字更接近")
    assert found["warnings"] == ["two_units"]


def test_of_one_units_versions_the_earliest_counts(office: Database) -> None:
    copies = proposal(office, "汀洲区“四个一”让机关党建抓在日常")
    assert (copies["why"], len(copies["versions"])) == ("同一单位的几稿，取最早的一稿", 1)
    revised = proposal(office, "沅北县部门联审管住发展党员源头")
    assert revised["draft"] == "沅北县严把“五道关”提升发展党员质量"


def test_a_merged_item_credits_each_source(office: Database) -> None:
    title = "我市多地关心关爱新就业群体有实招"
    units = ("云泽市国资委", "清漪区委", "云泽高新区")
    found = [proposal(office, title, unit) for unit in units]
    assert [(one["form"], one["named"]) for one in found] == [("综合", True)] * 3
    shares = zip((one["share"] for one in found), (0.3795, 0.3057, 0.2575), strict=True)
    assert all(abs(share - wanted) <= 0.02 for share, wanted in shares)


def test_a_reprint_is_found_under_the_title_that_it_was_printed_with(office: Database) -> None:
    rows = (
        raw(office)
        .execute(
            "SELECT outlet.level, proposal.evidence FROM adoption_proposal AS proposal"
            " JOIN printed_item AS item ON item.id = item_id JOIN issue ON issue.id = issue_id"
            " JOIN outlet ON outlet.id = outlet_id WHERE item.title = ? AND item.origin = 'list'",
            ("沅北县部门联审管住发展党员源头",),
        )
        .fetchall()
    )
    assert [json.loads(evidence)["reprint_of"] > 0 for _, evidence in rows] == [True]


def test_levels_of_one_draft(office: Database) -> None:
    levels = raw(office).execute(
        "SELECT level FROM adoptions WHERE title = '临溪县“红色网格”联户制激活治理末梢'"
        " ORDER BY published_on"
    )
    assert [level for (level,) in levels] == ["市", "省", "省"]


def test_running_again_changes_nothing(
    done: tuple[Settings, Matched], office: Database, root: Path
) -> None:
    before = list(raw(office).execute("SELECT * FROM adoption_proposal ORDER BY id"))
    again = match_once(done[0], root / "samples/issues", quiet, wait=False)
    assert (again.files, again.known, again.matched, again.recorded) == ((), 11, 0, 0)
    assert list(raw(office).execute("SELECT * FROM adoption_proposal ORDER BY id")) == before


def test_an_undone_adoption_is_not_recorded_again(
    done: tuple[Settings, Matched], office: Database, root: Path
) -> None:
    event, draft, item = (
        raw(office)
        .execute(
            "SELECT adoption_id, draft_id, item_id FROM adoptions ORDER BY adoption_id LIMIT 1"
        )
        .fetchone()
    )
    undo_event(office, event)
    again = match_once(done[0], root / "samples/issues", quiet, wait=False)
    assert (again.recorded, again.waiting) == (0, 2)
    adopt(office, draft, item)


def test_an_editor_answers(done: tuple[Settings, Matched], office: Database, root: Path) -> None:
    (waiting,) = open_proposals(office)
    event = confirm(office, waiting["proposal_id"], who="张")
    assert open_proposals(office) == []
    undo_event(office, event)
    refuse(office, waiting["proposal_id"])
    assert open_proposals(office) == []
    again = match_once(done[0], root / "samples/issues", quiet, wait=False)
    assert (again.waiting, again.recorded) == (0, 0)
