"""Thresholds of reuse: settings with their reasons, handed to intake, tried on the stored pairs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nlp.reuse import RULES
from storage.connection import open_database, raw
from tests.support_reuse import draft, paragraphs, send, sentence
from zugao.cli import COUNTS, SHARES, main
from zugao.console import Exit
from zugao.reuse_settings import ReuseSettings
from zugao.settings import SettingsError, load_settings

ONE, TWO, THREE, FOUR, FIVE, SIX = paragraphs(51, 6)


def zugao(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "家"
    assert zugao("init", folder).exit_code == 0
    with open_database(folder / "zugao.db") as db:
        send(db, draft([ONE, TWO, THREE, FOUR], title="甲"))
        send(db, draft([ONE, TWO, THREE, *paragraphs(52, 1)], title="乙"))
        send(db, draft([SIX, FIVE], title="丙"))
        send(db, draft([SIX, FIVE], title="丁"))
        send(db, draft([SIX, *paragraphs(53, 2)], title="戊"))
    return folder


def kinds(home: Path, *words: object) -> dict[str | None, tuple[int, int]]:
    told = json.loads(zugao("--home", home, "thresholds", *words, "--json").stdout)
    return {row["kind"]: (row["now"], row["tried"]) for row in told["kinds"]}


def test_defaults_are_those_of_the_rules_and_every_one_has_an_option() -> None:
    assert ReuseSettings().rules() == RULES
    assert sorted(SHARES + COUNTS) == sorted(ReuseSettings.model_fields)


def test_what_is_judged_today_is_what_is_stored(home: Path) -> None:
    with open_database(home / "zugao.db", readonly=True) as db:
        stored = dict(raw(db).execute("SELECT kind, count(*) FROM duplicate_pair GROUP BY kind"))
    assert kinds(home) == {kind: (count, count) for kind, count in stored.items()}
    assert stored == {"高度相似": 1, "完全相同": 1, "段落借用": 1}


def test_a_stricter_line_changes_kinds_and_writes_nothing(home: Path) -> None:
    before = (home / "zugao.db").read_bytes()
    told = json.loads(zugao("--home", home, "thresholds", "--near", 0.8, "--json").stdout)
    (changed,) = told["changed"]
    assert (changed["title_a"], changed["title_b"]) == ("甲", "乙")
    assert (changed["before"], changed["after"]) == ("高度相似", "节选")
    assert told["tried"]["near"] == 0.8
    assert (home / "zugao.db").read_bytes() == before
    shown = zugao("--home", home, "thresholds", "--near", 0.8).output
    assert "高度相似 → 节选" in shown
    assert "[reuse]" in shown


def test_pairs_may_fall_below_the_line(home: Path) -> None:
    found = kinds(home, "--borrowed-long", 5000, "--borrowed-characters", 5000)
    assert (found["段落借用"], found[None]) == ((1, 0), (0, 1))


def test_mergers_are_judged_again(tmp_path: Path) -> None:
    assert zugao("init", tmp_path / "家").exit_code == 0
    with open_database(tmp_path / "家" / "zugao.db") as db:
        send(db, draft([ONE, TWO, THREE]))
        send(db, draft([FOUR, FIVE, SIX]))
        send(db, draft([FOUR, ONE, TWO, THREE, FIVE]))
    assert kinds(tmp_path / "家") == {"合并": (2, 2)}
    assert "合并" not in {
        kind for kind, (_, n) in kinds(tmp_path / "家", "--merged-used", 0.9).items() if n
    }


def test_the_settings_file_reaches_intake(tmp_path: Path) -> None:
    from flows.inbox import InboxError  # noqa: F401  the flows load before the settings are read
    from flows.office import Tally, open_office
    from flows.steps import commit
    from storage.commit import Outcome
    from storage.ledger import receive
    from storage.runs import start_run
    from tests.support_reuse import findings
    from tests.support_storage import submission

    folder = tmp_path / "家"
    assert zugao("init", folder).exit_code == 0
    text = (folder / "zugao.toml").read_text("utf-8")
    (folder / "zugao.toml").write_text(text.replace("near = 0.7\n", "near = 0.9\n"), "utf-8")
    drafts = [draft([ONE, TWO, THREE, FOUR]), draft([ONE, TWO, THREE, FIVE])]
    with open_office(load_settings(folder)) as office:
        run = start_run(office.db, "direct", "")
        receipts = receive(office.db, [submission("甲.docx"), submission("乙.docx")], run)
        outcomes = [
            Outcome(receipt.manuscript_id, "docx", drafts=((one, findings(one)),))
            for receipt, one in zip(receipts, drafts, strict=True)
        ]
        commit(office, run, outcomes, Tally())
        assert raw(office.db).execute("SELECT kind FROM duplicate_pair").fetchall() == [("节选",)]


@pytest.mark.parametrize("words", [("--near", "1.5"), ("--quoted", "3")])
def test_a_value_out_of_range_is_one_sentence(home: Path, words: tuple[str, str]) -> None:
    result = zugao("--home", home, "thresholds", *words)
    assert result.exit_code == Exit.FAILED
    assert "的值不合适" in result.output


def test_thresholds_in_the_file_are_checked(tmp_path: Path) -> None:
    (tmp_path / "zugao.toml").write_text("[reuse]\nmerged_each = 0.9\n", "utf-8")
    with pytest.raises(SettingsError, match="merged_each ≤ merged_total"):
        load_settings(tmp_path)


def test_a_stock_text_of_every_unit_is_tried_in_bounded_time(tmp_path: Path) -> None:
    import random

    assert zugao("init", tmp_path / "家").exit_code == 0
    with open_database(tmp_path / "家" / "zugao.db") as db:
        send(db, *(draft([ONE, TWO, sentence(random.Random(n))]) for n in range(80)))
        ((pairs,),) = raw(db).execute("SELECT count(*) FROM duplicate_pair").fetchall()
        ((clusters,),) = raw(db).execute("SELECT count(DISTINCT cluster) FROM _cluster").fetchall()
    assert pairs <= 80 * 10
    assert clusters == 1
    assert sum(now for now, _ in kinds(tmp_path / "家", "--near", 0.75).values()) == pairs
