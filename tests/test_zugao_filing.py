"""The ledger of files on the command line, and reading a refused file again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from zugao.cli import main
from zugao.console import Exit

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


def zugao(home: Path, *words: object) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *map(str, words)])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "稿件库"
    zugao(folder, "init", folder, "--units", SAMPLES / "units.csv")
    inbox = tmp_path / "来稿" / "沅北县委组织部"
    inbox.mkdir(parents=True)
    [good] = (SAMPLES / "inbox").rglob("沅北县严把“五道关”提升发展党员质量.docx")
    shutil.copy(good, inbox)
    (inbox / "坏.docx").write_bytes(good.read_bytes()[:3000])
    assert zugao(folder, "run", inbox.parent, "--direct", "--no-wait").exit_code == Exit.REFUSED
    return folder


def test_refused_files_can_be_found_again(home: Path) -> None:
    [row] = json.loads(zugao(home, "files", "--refused", "--json").output)
    assert (row["unit"], row["source"], row["state"], row["reason"]) == (
        "沅北县委组织部",
        "沅北县委组织部/坏.docx",
        "refused",
        "damaged_zip",
    )
    shown = zugao(home, "files", "--refused").output
    assert "“坏.docx”已损坏" in shown
    assert len(json.loads(zugao(home, "files", "--json").output)) == 2


def test_a_refused_file_is_read_again_when_a_person_says_so(home: Path, tmp_path: Path) -> None:
    [row] = json.loads(zugao(home, "files", "--refused", "--json").output)
    assert zugao(home, "retry", row["manuscript_id"]).exit_code == 0
    told = json.loads(zugao(home, "run", tmp_path / "来稿", "--direct", "--json").output)
    assert [r["reason"] for r in told["refused"]] == ["damaged_zip"]
    assert (told["new"], told["read"]) == (0, 0)


def test_only_a_refused_file_can_be_read_again(home: Path) -> None:
    rows = json.loads(zugao(home, "files", "--json").output)
    [read] = [row["manuscript_id"] for row in rows if row["state"] == "read"]
    for number in (read, 99):
        result = zugao(home, "retry", number)
        assert result.exit_code == Exit.FAILED
        assert "不能重读" in result.output


def test_a_later_version_takes_the_place_of_a_refused_one(home: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "来稿" / "沅北县委组织部"
    whole = inbox / "沅北县严把“五道关”提升发展党员质量.docx"
    (inbox / "坏.docx").write_bytes(whole.read_bytes())
    assert zugao(home, "run", inbox.parent, "--direct", "--no-wait").exit_code == Exit.OK
    assert zugao(home, "files", "--refused").output.strip() == "没有这样的文件。"
