"""``zugao compare``: numbers and files, terminal, JSON, a web page, a Word file."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document

from reports.comparison import numeral
from storage.connection import open_database
from tests.support_reuse import draft, paragraphs, send
from zugao.cli import main
from zugao.console import Exit

ONE, TWO, THREE, FOUR = paragraphs(31, 4)


def zugao(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def write(folder: Path, name: str, *lines: str) -> Path:
    file = folder / name
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare") / "家"
    assert zugao("init", folder).exit_code == 0
    with open_database(folder / "zugao.db") as db:
        send(db, draft([ONE, TWO]), draft([THREE, FOUR]), draft([THREE, FOUR, ONE, TWO]))
    return folder


def test_stored_drafts_in_json(home: Path) -> None:
    told = json.loads(zugao("--home", home, "compare", 3, 1, 2, "--json").stdout)
    assert told["draft"]["draft_id"] == 3
    assert [(s["draft_id"], s["kind"], s["source_cover"]) for s in told["sources"]] == [
        (2, "合并", 1.0),
        (1, "合并", 1.0),
    ]
    (passage,) = told["sources"][0]["passages"]
    assert passage["number"] == 1
    assert told["draft"]["text"][passage["start"] : passage["end"]] == f"{THREE}\n{FOUR}".rstrip(
        "。"
    )


def test_a_file_beside_a_stored_draft(home: Path, tmp_path: Path) -> None:
    new = write(tmp_path, "新稿.txt", "院坝议事再升级", ONE, TWO.replace(TWO[8:12], "望岚县里"))
    told = json.loads(zugao("--home", home, "compare", new, 1, "--json").stdout)
    (source,) = told["sources"]
    assert (told["draft"]["draft_id"], source["kind"], source["direction"]) == (
        None,
        "高度相似",
        "",
    )
    (change,) = source["passages"][0]["changes"]
    assert change["text"] == "望岚县里"


def test_files_need_no_working_folder(tmp_path: Path) -> None:
    one = write(tmp_path, "甲.txt", "院坝议事见实效", ONE, TWO)
    two = write(tmp_path, "乙.txt", "楼栋党小组", THREE, TWO)
    shown = zugao("--home", tmp_path / "无", "compare", one, two)
    assert shown.exit_code == Exit.OK, shown.output
    assert "段落借用：左稿的 50%、右稿的 50% 相同" in shown.output
    assert "①" in shown.output
    assert max(len(line) for line in shown.output.splitlines()) <= 100
    assert (
        "未见值得一提的重合"
        in zugao(
            "--home", tmp_path, "compare", one, write(tmp_path, "丙.txt", "一件小事", FOUR)
        ).output
    )


class _Marked(HTMLParser):
    """Words by class, and every address on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: dict[str, str] = {}
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.links += [value for key in ("href", "src") if (value := known.get(key))]
        if tag in ("span", "td", "a"):
            self.open.append(known.get("class") or tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("span", "td", "a"):
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open:
            self.words[self.open[-1]] = self.words.get(self.open[-1], "") + data


def test_the_page_stands_alone_and_takes_nothing_for_markup(tmp_path: Path) -> None:
    one = write(tmp_path, "甲.txt", "院坝议事<b>见实效", ONE + "<script>alert(1)</script>", TWO)
    two = write(tmp_path, "乙.txt", "楼栋党小组", ONE, TWO)
    page = tmp_path / "对照.html"
    result = zugao("--home", tmp_path, "compare", one, two, "--html", page)
    assert (result.exit_code, result.stdout) == (0, "")
    html = page.read_text("utf-8")
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in re.sub(r"</?span[^>]*>", "", html)
    found = _Marked()
    found.feed(html)
    assert set(found.links) == {"#a1", "#b1"}
    assert found.words["no"] == "①①"
    assert ONE[:40] in found.words["t0"]


def test_the_word_file_opens_and_holds_both_texts(tmp_path: Path) -> None:
    one = write(tmp_path, "甲.txt", "院坝议事见实效", ONE, TWO)
    two = write(tmp_path, "乙.txt", "楼栋党小组", ONE.replace(ONE[8:12], "临溪县里"), THREE)
    file = tmp_path / "对照.docx"
    assert zugao("--home", tmp_path, "compare", one, two, "--word", file).exit_code == 0
    (table,) = Document(str(file)).tables
    columns = ["".join(cell.text for cell in column.cells) for column in table.columns]
    assert TWO in columns[0]
    assert THREE in columns[1]
    red = [
        run.text
        for cell in table.columns[1].cells
        for paragraph in cell.paragraphs
        for run in paragraph.runs
        if run.underline or str(run.font.color.rgb) == "B3261E"
    ]
    assert red == ["临溪县里"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("999", "1"), "没有第 999 号稿件"),
        (("没有.docx", "1"), "没有文件 没有.docx"),
        (("1",), "至少要给出两篇稿件"),
    ],
)
def test_what_is_not_there_is_one_sentence(
    home: Path, words: tuple[str, ...], sentence: str
) -> None:
    result = zugao("--home", home, "compare", *words)
    assert result.exit_code != Exit.OK
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    one = write(tmp_path, "甲.txt", "院坝议事见实效", ONE)
    result = zugao("--home", tmp_path, "compare", one, one, "--html", tmp_path / "无" / "页.html")
    assert result.exit_code == Exit.FAILED
    assert "写不了文件" in result.output


def test_the_number_of_a_draft_in_a_file(tmp_path: Path) -> None:
    one = write(tmp_path, "甲.txt", "院坝议事见实效", ONE)
    assert "只有 1 篇" in zugao("--home", tmp_path, "compare", f"{one}#2", one).output
    assert "完全相同" in zugao("--home", tmp_path, "compare", f"{one}#1", one).output


def test_numerals_go_on_beyond_fifty() -> None:
    assert [numeral(n) for n in (1, 20, 21, 35, 36, 50, 51)] == [*"①⑳㉑㉟㊱㊿", "(51)"]
