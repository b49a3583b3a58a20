"""A model chosen by hand is recorded, used, and given back by the next choice."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.choosing import BUILT_IN, NoSuchModel, choose_by_hand
from flows.learning import LEASE
from flows.models import FOLDER, choose
from flows.office import Busy, open_office
from nlp.model_file import write_model
from nlp.themes import ThemeModel
from storage import lease
from storage.driver import sqlite3
from storage.migrations import MIGRATIONS, drop_views
from storage.models import Training, adopted_models, last_learned, model_in_use, record_training
from zugao.cli import main
from zugao.setting_up import set_up
from zugao.settings import load_settings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A working folder that adopted two learned models, one after the other."""
    folder = tmp_path / "库"
    list(set_up(folder))
    (folder / FOLDER).mkdir()
    model = ThemeModel.load()
    with open_office(load_settings(folder)) as office:
        for number, version in enumerate(("本局-甲", "本局-乙"), start=1):
            path = folder / FOLDER / f"themes-{version}.npz"
            write_model(model, path)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            record_training(
                office.db,
                Training(
                    version, path.name, digest, "h", "2026.1", 1101 + number, number, 7,
                    30 * number, {"accuracy": 0.9}, "adopted",
                ),
            )  # fmt: skip
    return folder


def zugao(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *words])


def test_back_to_the_built_in_model_and_forth_again(home: Path) -> None:
    shipped = ThemeModel.load().version
    settings = load_settings(home)
    with open_office(settings) as office:
        assert (choose(settings, office.db).path or Path()).name == "themes-本局-乙.npz"
        assert choose_by_hand(office, BUILT_IN, "张") == shipped
        assert choose(settings, office.db).path is None
        assert choose_by_hand(office, "本局-甲", "李") == "本局-甲"
        assert (choose(settings, office.db).path or Path()).name == "themes-本局-甲.npz"
        assert last_learned(office.db) == 60  # a choice neither learns nor forgets
        rows = office.db.execute(
            "SELECT version, outcome, in_use, decisions, who FROM models ORDER BY model_id"
        ).fetchall()
    assert rows == [
        ("本局-甲", "adopted", 0, 1, ""),
        ("本局-乙", "adopted", 0, 2, ""),
        (shipped, "chosen", 0, 0, "张"),
        ("本局-甲", "chosen", 1, 1, "李"),
    ]


def test_a_model_that_cannot_be_used_is_not_chosen(home: Path) -> None:
    path = home / FOLDER / "themes-本局-甲.npz"
    path.write_bytes(b"\x80\x04cos\nsystem\n")
    with open_office(load_settings(home)) as office:
        with pytest.raises(NoSuchModel, match=r"与登记的不符.*仍用原来的模型"):
            choose_by_hand(office, "本局-甲")
        path.unlink()
        with pytest.raises(NoSuchModel, match="读不了"):
            choose_by_hand(office, "本局-甲")
        with pytest.raises(NoSuchModel, match="可选：内置、本局-甲、本局-乙"):
            choose_by_hand(office, "本局-丙")
        in_use = model_in_use(office.db)
        assert in_use is not None
        assert in_use[0] == "themes-本局-乙.npz"
        held = lease.acquire(office.db, LEASE)
        assert held is not None
        with pytest.raises(Busy):
            choose_by_hand(office, BUILT_IN)


def test_the_command_chooses_and_says_so(home: Path) -> None:
    told = zugao(home, "learn", "--built-in", "--who", "张", "--json")
    assert json.loads(told.output) == {"version": ThemeModel.load().version}
    assert zugao(home, "learn", "--use", "本局-乙").output == (
        "已改用主题模型 本局-乙，运行 zugao retag 可用它重判以前的稿件。\n"
    )
    unknown = zugao(home, "learn", "--use", "本局-丙")
    assert (unknown.exit_code, unknown.output[:15]) == (1, "没有采用过主题模型“本局-丙”")
    for words in (["--now", "--built-in"], ["--use", "甲", "--built-in"], ["--who", "张"]):
        assert zugao(home, "learn", *words).exit_code == 2


def test_records_of_before_are_kept(tmp_path: Path) -> None:
    """The step of the schema on a record that was written before it."""
    from sqlite_utils import Database

    db = Database(tmp_path / "旧.db")
    steps = [step.name for step in MIGRATIONS.pending(db)]
    MIGRATIONS.apply(db, stop_before="m012_models_by_hand")
    with db.conn:
        db.execute(
            "INSERT INTO model (version, file, sha256, training_hash, taxonomy_version, samples,"
            " decisions, held_out, last_decision, metrics, outcome, made_at) VALUES"
            " ('甲', 'f', ?, 'h', 't', 3, 2, 1, 9, '{}', 'adopted', '2026-10-01T00:00:00Z')",
            ("0" * 64,),
        )
    MIGRATIONS.apply(db)
    assert MIGRATIONS.pending(db) == []
    assert "m012_models_by_hand" in steps
    [kept] = adopted_models(db).values()
    assert (kept.file, kept.decisions, kept.last_decision) == ("f", 2, 9)
    assert model_in_use(db) == ("f", "0" * 64)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), db.conn:
        db.execute("DELETE FROM model")
    drop_views(db)
    db.close()
