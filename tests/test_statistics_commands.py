"""zugao stats, register, sql, assess, analysis, window as people type them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from tests.support_statistics import Office
from zugao import cli_statistics, statistics
from zugao.cli import main


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "稿件库"
    home.mkdir()
    (home / "zugao.toml").write_text("", encoding="utf-8")
    office = Office(home)
    lin, _ = office.unit("临溪县委"), office.unit("白芦县委")
    office.unit("市教育局", "市直")
    draft = office.draft(lin, "2026-07-01", title="=1+1", author="陈小满")
    office.adopt(draft, office.item("市", "2026-08-01"))  # worth 10.5 by the office's rules
    office.draft(None, "2026-07-01")
    office.db.close()
    return home


def run(home: Path, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["--home", str(home), *words])
    assert result.exit_code == code, result.output
    return result


def test_units_by_group_with_zero_rows_within_120_columns(home: Path) -> None:
    shown = run(home, "stats", "--period", "2026Q3").output
    for words in ("报送按收到日期，采用按印发日期", "县区", "市直", "白芦县委", "10.5", "100.0%"):
        assert words in shown
    assert "另有1篇认不出单位" in shown
    wide = [sum(2 if ord(c) > 0x2E80 else 1 for c in line) for line in shown.splitlines()]
    assert max(wide) <= 120


def test_json_and_csv(home: Path) -> None:
    told = json.loads(run(home, "stats", "--period", "2026Q3", "--json").output)
    assert (told["start"], told["end"]) == ("2026-07-01", "2026-10-01")
    first = told["rows"][0]
    assert (first["unit"], first["points"], first["by_class_level"]) == (
        "临溪县委", 10.5, {"信息|市": 1},
    )  # fmt: skip
    text = run(home, "stats", "--period", "2026Q3", "--csv").output
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["组别"], row["单位"], row["采用"]) for row in rows] == [
        ("县区", "临溪县委", "1"), ("县区", "白芦县委", "0"), ("市直", "市教育局", "0"),
    ]  # fmt: skip


@pytest.mark.parametrize("by", cli_statistics.KINDS)
def test_every_kind_answers(home: Path, by: str) -> None:
    assert json.loads(run(home, "stats", "--period", "2026", "--by", by, "--json").output)["rows"]
    run(home, "stats", "--period", "2026", "--by", by, "--received")


@pytest.mark.parametrize("name", cli_statistics.LISTS)
def test_every_list_answers(home: Path, name: str) -> None:
    told = json.loads(run(home, "stats", "--period", "2026Q3", "--list", name, "--json").output)
    assert all(set(statistics.LISTS[name][1]) <= set(row) for row in told["rows"])
    run(home, "stats", "--period", "2026Q3", "--list", name)


def test_the_names_on_the_command_line_are_those_of_the_module() -> None:
    assert tuple(statistics.LISTS) == cli_statistics.LISTS
    assert statistics.KINDS == cli_statistics.KINDS


@pytest.mark.parametrize(("period", "words"), [("2026Q5", "看不懂期间"), ("2999", "还没有开始")])
def test_a_bad_period_is_one_sentence(home: Path, period: str, words: str) -> None:
    assert words in run(home, "stats", "--period", period, code=1).output


def test_an_unknown_profile_is_one_sentence(home: Path) -> None:
    told = run(home, "stats", "--period", "2026", "--profile", "没有的", code=1).output
    assert "没有叫“没有的”的计分办法" in told


def test_the_register_as_a_workbook_without_formulas(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "台账.xlsx"
    run(home, "register", "--period", "2026Q3", "--out", str(file))
    sheet = load_workbook(file).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "编号"
    titles = {cell.value: cell.data_type for cell in sheet["E"][1:]}
    assert titles == {"=1+1": "s", "一件事": "s"}
    assert rows[1][-1] == 10.5
    text = run(home, "register").output
    assert "'=1+1" in text
    refused = run(home, "register", "--out", str(tmp_path / "台账.doc"), code=1).output
    assert "请用 .csv 或 .xlsx" in refused


def test_sql_in_three_forms_and_refused(home: Path) -> None:
    question = "SELECT title, valid FROM submissions ORDER BY draft_id"
    assert json.loads(run(home, "sql", question, "--json").output)[0] == {
        "title": "=1+1", "valid": 1,
    }  # fmt: skip
    assert "'=1+1,1" in run(home, "sql", question, "--csv").output
    assert "=1+1" in run(home, "sql", question).output
    assert "只列出前 1 行" in run(home, "sql", question, "--rows", "1").output
    assert "不能改动数据库" in run(home, "sql", "DELETE FROM draft", code=1).output


def test_an_assessment_from_sheets_and_the_ledger(home: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "群众评价.csv"
    sheet.write_text("单位,得分\n临溪县委,80\n白芦县委,90\n", encoding="utf-8")
    out = tmp_path / "考核.xlsx"
    words = (
        "assess", str(sheet), "--name", "年度", "--period", "2026", "--weight", "群众评价=40",
        "--weight", "积分=60%", "--out", str(out),
    )  # fmt: skip
    shown = run(home, *words).output
    for told in ("群众评价40%", "积分60%", "92", "缺项按零分计"):
        assert told in shown
    again = json.loads(run(home, "assess", "--json").output)
    assert [(unit["unit"], unit["total"]) for unit in again["units"]] == [
        ("临溪县委", 92.0), ("白芦县委", 36.0), ("市教育局", 0.0),
    ]  # fmt: skip
    assert [cell.value for cell in load_workbook(out).active[2]][:3] == ["县区", 1, "临溪县委"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--weight", "群众评价=40"), "现在是40%"),
        (("--weight", "群众评价=40", "--weight", "互评=60"), "“互评”没有表格"),
        (("--weight", "积分=100"), "“群众评价”没有写权重"),
        (("--weight", "群众评价=很多"), "看不懂 --weight"),
        (("--weight", "群众评价=50", "--weight", "群众评价=50"), "写了两次"),
    ],
)
def test_bad_weights_are_one_sentence(
    home: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    sheet = tmp_path / "群众评价.csv"
    sheet.write_text("单位,得分\n临溪县委,80\n", encoding="utf-8")
    asked = ("assess", str(sheet), "--name", "年度", "--period", "2026", *words)
    assert told in run(home, *asked, code=1).output
    assert "还没有考核" in run(home, "assess", code=1).output


def test_the_page_and_the_copy(home: Path, tmp_path: Path) -> None:
    page = tmp_path / "分析.html"
    run(home, "analysis", "--period", "2026Q3", "--html", str(page))
    assert "报送与采用分析" in page.read_text(encoding="utf-8")
    run(home, "window", "--copy-only", "--folder", str(tmp_path / "分析"))
    assert {path.name for path in (tmp_path / "分析").iterdir()} == {"zugao.db", "metadata.json"}
