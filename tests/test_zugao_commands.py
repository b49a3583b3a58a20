"""The command line as a person meets it: one sentence for a problem, exit codes, JSON shapes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scripts.command_pages import PAGE, page
from zugao import console
from zugao.cli import main
from zugao.cli_menu import REST, SECTIONS
from zugao.console import Exit, Problem, speak_plainly


def zugao(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "稿件库"
    assert zugao("init", folder, "--name", "云泽市委组织部").exit_code == 0
    return folder


def test_init_makes_what_is_missing_and_changes_nothing_later(home: Path) -> None:
    assert sorted(p.name for p in home.iterdir() if not p.name.startswith("zugao.db")) == [
        "zugao.toml",
        "刊发",
        "收件箱",
    ]
    (home / "zugao.toml").write_text("[intake]\nbatch = 7\n", encoding="utf-8")
    again = zugao("init", home)
    assert again.exit_code == 0
    assert "已存在，未改动" in again.output
    assert (home / "zugao.toml").read_text(encoding="utf-8") == "[intake]\nbatch = 7\n"


def test_units_are_imported_from_csv_in_gbk(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "单位表.csv"
    table.write_bytes("单位,组别,上级,别名\n临溪县委组织部,县区,,临溪县\n".encode("gbk"))
    result = zugao("--home", home, "units", table, "--json")
    assert (result.exit_code, json.loads(result.output)) == (
        0,
        {"units": 1, "added": 1, "assigned": 0},
    )


def test_a_bad_table_of_units_is_one_sentence(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "单位表.csv"
    table.write_text("名字,组别\n临溪县委组织部,县区\n", encoding="utf-8")
    result = zugao("--home", home, "units", table)
    assert result.exit_code == Exit.FAILED
    assert "单位" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "words",
    [("run", "收件箱"), ("show", "1"), ("export", "-"), ("serve",), ("units", "单位表.csv")],
)
def test_without_a_working_folder_the_next_step_is_said(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    result = zugao("--home", tmp_path / "没有", *words)
    assert result.exit_code == Exit.FAILED
    assert "zugao init" in result.output


def test_run_of_a_missing_inbox(home: Path, tmp_path: Path) -> None:
    result = zugao("--home", home, "run", tmp_path / "没有", "--direct")
    assert result.exit_code == Exit.FAILED
    assert "没有找到收件箱文件夹" in result.output


def test_show_of_an_unknown_draft(home: Path) -> None:
    result = zugao("--home", home, "show", "99")
    assert result.exit_code == Exit.FAILED
    assert "没有第 99 号稿件" in result.output


def test_export_of_an_empty_database(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "全部稿件.csv"
    assert zugao("--home", home, "export", table).exit_code == 0
    assert (
        table.read_text(encoding="utf-8-sig").splitlines()[0].startswith("编号,组别,报送单位,标题")
    )


def test_read_prints_blocks_labels_and_drafts(root: Path) -> None:
    [file] = (root / "samples" / "inbox").rglob("临溪县“四个一批”储备村级后备力量.docx")
    result = zugao("read", file)
    assert result.exit_code == 0
    assert "拆分为 1 篇稿件" in result.output
    told = json.loads(zugao("read", file, "--json").output)
    assert told["refused"] is None
    assert told["drafts"][0]["title"] == "临溪县“四个一批”储备村级后备力量"


def test_read_of_a_broken_file_says_why_and_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "空.docx"
    file.touch()
    result = zugao("read", file)
    assert result.exit_code == Exit.REFUSED
    assert result.output.startswith("“空.docx”是空文件")
    assert json.loads(zugao("read", file, "--json").output)["refused"]["reason"] == "empty_file"


def test_words_of_strangers_cannot_reach_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from rich.console import Console

    hostile = "[bold]粗[/bold]\x1b[31m红\x07\u202e倒"
    Console().print(console.safe(hostile))
    shown = capsys.readouterr().out
    assert "[bold]粗[/bold]" in shown
    assert not any(mark in shown for mark in ("\x1b[31m", "\x07", "\u202e"))


def test_a_defect_leaves_its_traceback_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    @speak_plainly
    def broken() -> None:
        raise ZeroDivisionError("oh")

    with pytest.raises(SystemExit) as caught:
        broken()
    assert caught.value.code == Exit.FAILED
    said = capsys.readouterr().err
    assert "程序出现未预料的错误" in said
    assert "Traceback" not in said
    [note] = tmp_path.glob("zugao-error-*.log")
    assert "ZeroDivisionError: oh" in note.read_text(encoding="utf-8")


def test_a_problem_carries_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    @speak_plainly
    def busy() -> None:
        raise Problem("正忙", Exit.BUSY)

    with pytest.raises(SystemExit) as caught:
        busy()
    assert (caught.value.code, capsys.readouterr().err) == (Exit.BUSY, "正忙\n")


def test_mistakes_on_the_command_line_are_told_in_chinese() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zugao.cli", "runn"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "没有 'runn' 这个命令" in done.stderr
    assert "Error" not in done.stderr


def test_every_command_has_help_with_an_example() -> None:
    for name in main.commands:
        assert "例：zugao" in zugao(name, "--help").output, name


def test_the_command_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make docs"


def test_the_front_door_opens_without_heavy_imports() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from zugao.cli import main;"
        "CliRunner().invoke(main, ['--help']);"
        "print([m for m in ('prefect', 'sklearn', 'numpy', 'jieba', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_file_that_is_not_there_is_not_called_unreadable(tmp_path: Path) -> None:
    for command in ("read", "classify"):
        assert "没有找到文件" in zugao(command, tmp_path / "没有.docx").output


def test_help_lists_each_command_under_one_heading() -> None:
    listed = [name for names in SECTIONS.values() for name in names]
    assert sorted(listed) == sorted(main.commands)
    shown = CliRunner().invoke(main, ["--help"]).output
    assert REST not in [line.rstrip(":： ") for line in shown.splitlines()]
    assert all(heading in shown for heading in SECTIONS)
