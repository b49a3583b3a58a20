"""zugao report, bulletins, template, backdate: files, freezing, sentences for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document
from docx.shared import Pt

from flows.bulletins import FORMATS
from flows.reporting import write_due
from storage.backdating import Backdated, backdate
from storage.connection import open_database
from storage.event_log import undo_event
from storage.profiles import add_profile
from tests.support_adoption import make_office
from tests.test_reports_bulletin import RULES
from zugao.cli import main

PERIOD = ("report", "--period", "2026Q3")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An office with an adopted draft; 临溪县委组织部 leads with 10 points of the city's outlet."""
    from storage.adoptions import adopt

    home = tmp_path / "稿件库"
    assert CliRunner().invoke(main, ["init", str(home), "--name", "云泽办"]).exit_code == 0
    (home / "zugao.db").unlink()
    db = make_office(home / "zugao.db")
    add_profile(db, RULES)
    adopt(db, 1, 1)
    db.close()
    return home


def say(home: Path, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["--home", str(home), *words])
    assert result.exit_code == code, result.output
    return result


def test_every_form_is_written(home: Path) -> None:
    told = json.loads(say(home, *PERIOD, "--format", "all", "--json").output)
    assert told["frozen"] is None
    assert (told["units"], told["adoptions"], told["profile"]) == (4, 1, "组工信息计分办法")
    files = [Path(file) for file in told["files"]]
    assert [file.suffix.removeprefix(".") for file in files] == list(FORMATS)
    assert all(file.parent == home / "通报" and file.stat().st_size for file in files)
    assert files[0].name == "2026年第三季度组工信息采用情况的通报（送审稿）.docx"
    assert not list((home / "通报").glob("*.part"))


def test_freeze_list_verify_write_again(home: Path, tmp_path: Path) -> None:
    freeze = ("--freeze", "--number", "云组办通〔2026〕7号")
    assert "已冻结为第 1 号通报（云组办通〔2026〕7号）" in say(home, *PERIOD, *freeze).output
    assert "已用于" in say(home, *PERIOD, *freeze, code=1).output
    db = open_database(home / "zugao.db")
    undo_event(db, 1)
    db.close()
    say(home, "bulletins", "1", "--format", "csv", "--out", str(tmp_path / "重印"))
    again = next((tmp_path / "重印").iterdir()).read_text(encoding="utf-8-sig")
    assert "临溪县委组织部,2,2,1," in again  # as it went out, before the correction
    db = open_database(home / "zugao.db")
    db.execute("DROP TRIGGER bulletin_no_update")
    db.execute("UPDATE bulletin SET snapshot = replace(snapshot, '临溪', '白芦')")
    db.close()
    assert "校验不符" in say(home, "bulletins", code=1).output
    assert "与冻结时的校验码不符" in say(home, "bulletins", "1", code=1).output


def test_template_of_the_office(home: Path, tmp_path: Path) -> None:
    own = tmp_path / "模板.docx"
    say(home, "template", str(own))
    document = Document(str(own))
    document.styles["公文正文"].font.size = Pt(15)
    document.save(str(own))
    out = tmp_path / "出"
    say(home, *PERIOD, "--format", "docx", "--template", str(own), "--out", str(out))
    made = Document(str(next(out.iterdir())))
    assert made.styles["公文正文"].font.size == Pt(15)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("report", "--period", "2026Q9"), "看不懂期间“2026Q9”"),
        (("report", "--period", "2999"), "还没有开始"),
        ((*PERIOD, "--format", "pdf"), "不会写 pdf 格式"),
        ((*PERIOD, "--profile", "别的"), "没有叫“别的”的计分办法"),
        (("report", "--period", "2025Q3"), "计分办法"),
        ((*PERIOD, "--template", "没有.docx"), "没有.docx"),
        (("bulletins", "9"), "没有第9号通报"),
        (("backdate", "--run", "99"), "没有这一次收稿"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(
    home: Path, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in say(home, *words, code=1).output


def test_a_bad_template_freezes_nothing(home: Path, tmp_path: Path) -> None:
    bad = tmp_path / "坏.docx"
    Document().save(str(bad))
    say(home, *PERIOD, "--freeze", "--number", "通1号", "--template", str(bad), code=1)
    assert "还没有冻结的通报" in say(home, "bulletins").output


def test_number_and_freeze_go_together(home: Path) -> None:
    assert "要一起用" in say(home, *PERIOD, "--freeze", code=2).output


def test_drafts_of_what_is_due(home: Path) -> None:
    files = [Path(file).name for file in write_due.fn(str(home), "2026-10-01")]
    assert len(files) == 2 * len(FORMATS)
    assert files[0] == "2026年9月组工信息采用情况的通报（送审稿）.docx"
    assert files[len(FORMATS)] == "2026年第三季度组工信息采用情况的通报（送审稿）.docx"
    assert "还没有冻结的通报" in say(home, "bulletins").output


def test_backlog_counts_in_the_month_it_was_written(home: Path) -> None:
    db = open_database(home / "zugao.db")
    db.execute("UPDATE draft SET dated = '2026-05-20' WHERE id = 1")
    db.execute("UPDATE draft SET dated = '2026-05' WHERE id = 2")
    assert backdate(db) == Backdated(1, 1, 4)
    days = db.execute("SELECT draft_id, received_on FROM drafts ORDER BY draft_id").fetchall()
    assert days == [(1, "2026-05-20"), *((n, "2026-09-01") for n in (2, 3, 4, 5))]
    assert db.execute("SELECT received_on FROM _desk WHERE draft_id = 1").fetchone() == (
        "2026-05-20",
    )
    assert backdate(db) == Backdated(1, 0, 5)
    db.close()
