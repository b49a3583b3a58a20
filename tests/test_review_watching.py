"""The desk watched by machines, and the sentence that says that the intake stands still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from nlp.types import Refusal
from review import app as review_app
from review.desk import Desk
from review.overdue import overdue
from storage.aspects import remember_aspects
from storage.commit import commit_batch
from storage.connection import write
from storage.decisions import decide
from storage.ledger import receive
from storage.runs import finish_run, start_run
from storage.watching import LastRun, last_run, pulse
from tests.support_desk import Office, office, words
from tests.support_storage import ASPECTS, draft, outcome, submission
from zugao.settings import ScheduleSettings

FRIDAY = datetime(2026, 10, 16, 3, 5, tzinfo=UTC)  # 11:05 in Beijing
WORKDAYS = ScheduleSettings(cron="*/30 8-18 * * 1-5")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Office]:
    """Three files in (two drafts, one of them decided on), one refused, the run over."""
    with office(tmp_path / "home") as made:
        db = made.db
        remember_aspects(db, ASPECTS, "t1")
        run = start_run(db, "prefect", "/inbox")
        bad = Refusal("encrypted")
        receive(
            db, [submission("1.docx"), submission("2.docx"), submission("3.docx", refusal=bad)], run
        )
        commit_batch(db, run, [outcome(1, draft("甲")), outcome(2, draft("乙"))])
        finish_run(db, run, "refusals", {})
        decide(db, 2, "A1", who="editor")
        yield made


def figures(house: Office) -> dict[tuple[str, str], float]:
    """(name, label) → value, as a monitoring system understands the answer."""
    answer = house.browser().get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name.removeprefix("zugao_"), next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_figures_equal_what_is_stored(house: Office) -> None:
    told = figures(house)
    assert {key: told[key] for key in told if key[0] in ("files", "files_refused", "drafts")} == {
        ("files", "read"): 2,
        ("files", "refused"): 1,
        ("files_refused", "encrypted"): 1,
        ("drafts", "waiting"): 1,
        ("drafts", "accepted"): 1,
    }
    assert 0 <= told["queue_age_seconds", ""] < 60
    with write(house.db) as conn:
        pages = conn.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        )
        assert told["database_bytes", ""] == pages.fetchone()[0] > 100_000
    assert told["last_run_ok", ""] == 1
    assert told["last_run_ended_seconds", ""] >= told["last_run_started_seconds", ""]
    assert ("last_backup_seconds", "") not in told
    (house.home / "备份" / "20261016T030000Z").mkdir(parents=True)
    finish_run(house.db, start_run(house.db, "direct", "/inbox"), "failed", {})
    told = figures(house)
    assert told["last_run_ok", ""] == 0
    assert told["last_backup_seconds", ""] == datetime(2026, 10, 16, 3, tzinfo=UTC).timestamp()


def test_an_empty_office_has_figures_too(tmp_path: Path) -> None:
    with office(tmp_path / "home") as made:
        told = figures(made)
        assert told["run_overdue", ""] == 0
        assert ("queue_age_seconds", "") not in told
        assert pulse(made.db).last_run is None


def test_figures_are_for_this_machine_and_administrators(house: Office) -> None:
    passed_on = {"X-Forwarded-For": "10.0.0.9"}
    assert house.browser().get("/metrics", headers=passed_on).status_code == 403
    assert house.logged_in("editor").get("/metrics", headers=passed_on).status_code == 403
    assert house.logged_in("admin").get("/metrics", headers=passed_on).status_code == 200


def test_alive_while_the_database_can_be_asked(house: Office, tmp_path: Path) -> None:
    answer = house.browser().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "zugao.db").write_bytes(b"no database " * 1000)
    settings = house.desk.settings.model_copy(update={"home": tmp_path / "broken"})
    desk = Desk(settings, alone=True, annotate=house.desk.annotate)
    house.app = review_app.build(desk)
    assert house.browser().get("/healthz").status_code == 503
    desk.close()


def ran(started: datetime, how: str = "prefect", outcome: str = "completed") -> LastRun:
    ended = None if outcome == "running" else started + timedelta(minutes=1)
    return LastRun(started, ended, outcome, how == "prefect")


@pytest.mark.parametrize(
    ("last", "now", "stands_still"),
    [
        (None, FRIDAY, False),
        (ran(FRIDAY - timedelta(minutes=5)), FRIDAY, False),
        (ran(FRIDAY - timedelta(minutes=34)), FRIDAY, False),  # 11:00 is not 15 minutes ago
        (ran(FRIDAY - timedelta(minutes=36)), FRIDAY, True),  # 10:30 was missed
        (ran(FRIDAY - timedelta(days=9), "direct"), FRIDAY, False),  # by hand: no schedule expected
        (ran(FRIDAY + timedelta(hours=7, minutes=26)), FRIDAY + timedelta(days=2), False),  # Sunday
        (ran(FRIDAY + timedelta(hours=6)), FRIDAY + timedelta(days=2), True),
        (ran(FRIDAY - timedelta(hours=5), outcome="running"), FRIDAY, False),
        (ran(FRIDAY - timedelta(hours=7), outcome="running"), FRIDAY, True),
    ],
)
def test_a_run_that_was_due_and_did_not_come(
    last: LastRun | None, now: datetime, stands_still: bool
) -> None:
    assert bool(overdue(WORKDAYS, last, now)) == stands_still


def test_a_polling_interval_counts_like_a_schedule() -> None:
    often = ScheduleSettings(cron="", poll_seconds=600)
    assert overdue(often, ran(FRIDAY - timedelta(minutes=34)), FRIDAY) == ""
    assert "10-16 10:29" in overdue(often, ran(FRIDAY - timedelta(minutes=36)), FRIDAY)
    never = ScheduleSettings(cron="")
    assert overdue(never, ran(FRIDAY - timedelta(days=300)), FRIDAY) == ""


def test_the_alarm_stands_on_every_page_of_the_staff(house: Office) -> None:
    editor = house.logged_in("editor")
    assert "定时收稿停了" not in editor.get("/queue").text
    with write(house.db) as conn:
        conn.execute("UPDATE run SET started_at = '2026-01-05T01:00:00.000Z'")
    for path in ("/queue", "/runs", "/drafts/1"):
        told = words(editor.get(path).text)
        assert "定时收稿停了：最近一次收稿在01-05 09:00，此后该收的没有收。" in told
    assert "定时收稿停了" not in house.logged_in("submitter").get("/account").text
    assert figures(house)["run_overdue", ""] == 1
    last = last_run(house.db)
    assert last is not None
    assert last.scheduled
