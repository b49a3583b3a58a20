"""Genres judged again: rules of now, flags on length with them, people's word untouched."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from flows.models import make_analyst
from flows.office import open_office, remember_taxonomy
from nlp.types import Draft, Paragraph
from storage.commit import Outcome, commit_batch
from storage.decisions import decide
from storage.ledger import receive
from storage.runs import start_run
from tests.support_storage import submission
from zugao.cli import main
from zugao.setting_up import set_up
from zugao.settings import load_settings

TITLE = "关于改进党员冬训的建议"
BODY = "建议分类办班，送学上门。" * 60


def zugao(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *words])


def home_of_another_version(folder: Path) -> Path:
    """Three drafts of 建议 that rules of before took for 动态; one of them was decided on."""
    list(set_up(folder))
    lines = (Paragraph("title", "", TITLE), Paragraph("body", "", BODY))
    with open_office(load_settings(folder)) as office:
        remember_taxonomy(office)
        run = start_run(office.db, "direct", "/inbox")
        [found] = make_analyst(office.settings).analyse([Draft(1, TITLE, lines, characters=720)])
        receive(office.db, [submission(f"{n}.docx") for n in (1, 2, 3)], run)
        for n, characters in ((1, 720), (2, 4000), (3, 720)):
            draft = Draft(1, TITLE, lines, characters=characters)
            commit_batch(office.db, run, [Outcome(n, "docx", (), ((draft, found),))])
        decide(office.db, 3, "B2", genre="问题")
        with office.db.conn:
            office.db.execute("UPDATE draft SET genre = '动态', genre_probability = 0.5")
            office.db.execute(
                "UPDATE tag SET code = '动态' WHERE kind = 'genre' AND source = 'rule'"
            )
            office.db.execute("DELETE FROM flag")
            office.db.execute(
                "INSERT INTO flag (draft_id, kind, severity, message, start_offset, end_offset,"
                " count_value, limit_value, made_at)"
                " SELECT id, 'over_soft', 'info', '旧', 0, 0, 1, 1, '2026' FROM draft"
                " UNION ALL SELECT id, 'long_title', 'info', '旧', 0, 0, 1, 1, '2026' FROM draft"
            )
    return folder


def test_genres_and_their_flags_follow_the_rules_of_now(tmp_path: Path) -> None:
    home = home_of_another_version(tmp_path / "库")
    told = zugao(home, "retag", "--genre", "--json")
    assert json.loads(told.output) == {"drafts": 2, "changed": 2}
    with open_office(load_settings(home)) as office:
        rows = office.db.execute(
            "SELECT draft.id, draft.genre, drafts.genre, tag.code FROM draft"
            " JOIN drafts ON drafts.draft_id = draft.id"
            " JOIN tag ON tag.draft_id = draft.id AND tag.kind = 'genre' AND tag.source = 'rule'"
            " ORDER BY 1"
        ).fetchall()
        assert rows == [
            (1, "建议", "建议", "建议"),
            (2, "建议", "建议", "建议"),
            (3, "动态", "问题", "动态"),  # what a person decided stands, and its draft as it was
        ]
        flags = office.db.execute(
            "SELECT draft_id, kind, message <> '旧' FROM flag ORDER BY draft_id, kind"
        ).fetchall()
        assert flags == [
            (1, "long_title", 0),
            (2, "long_title", 0),
            (2, "over_hard", 1),
            (3, "long_title", 0),
            (3, "over_soft", 0),
        ]
        [cues] = office.db.execute(
            "SELECT terms FROM tag WHERE draft_id = 1 AND kind = 'genre'"
        ).fetchone()
        assert "标题写明是建议" in json.loads(cues)
    again = zugao(home, "retag", "--genre")
    assert again.stdout == "重判 2 篇，体裁有变的 0 篇。\n"
    assert zugao(home, "retag", "--genre", "--focus").exit_code == 2
