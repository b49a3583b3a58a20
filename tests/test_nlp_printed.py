"""Printed issues are split into their items, whatever tells the titles."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.masthead import Masthead, read_contents, read_masthead, read_name
from nlp.printed import split_issue, tidy_title
from nlp.text import fold
from nlp.types import Block, Reading
from samples import printed
from samples.printed_files import _lines
from samples.sources import load
from zugao.reading import read_one

PROSE = "今年以来，双河镇把三十里长的干渠分成二十六段，每段交给一名住在渠边的老党员看管，成效明显。"


def lines(*texts: str) -> Reading:
    return Reading("txt", tuple(Block("body", "", text) for text in texts))


def titles(reading: Reading) -> list[str]:
    return [fold(item.title).text for item in split_issue(reading).items]


def test_every_sample_issue_gives_its_items(root: Path) -> None:
    truth = json.loads((root / "samples/printed/truth.json").read_text("utf-8"))
    files = [f for f in (root / "samples/issues").iterdir() if f.suffix not in (".csv", ".xlsx")]
    for file in files:
        wanted = [fold(item["title"]).text for item in truth if item["file"] == file.name]
        reading = read_one(file).reading
        assert reading is not None
        assert titles(reading) == wanted, file.name
    assert len(files) == 9


def test_plain_text_without_any_look(root: Path) -> None:
    for issue in printed.load(root / "samples/printed", load(root / "samples/drafts")):
        if issue.format in ("csv", "xlsx") or issue.outlet == "云泽党建":  # a pen name is no unit
            continue
        wanted = [fold(item.title).text for item in issue.items]
        for bylines, contents in product(("head", "tail"), (True, False)):
            made = replace(issue, bylines=bylines, contents=contents)
            found = titles(lines(*(text for _, text in _lines(made))))
            assert found == wanted, (issue.file, bylines, contents)


def test_columns_bylines_and_imprint() -> None:
    issue = split_issue(
        lines(
            "云泽组工信息", "第23期（总第401期）", "2026年9月30日", "【经验交流】",
            "双河镇管好三十里渠", "双河镇党委", PROSE, "工作动态",
            "石桥镇修好十里堤", "石桥镇党委　张远志", PROSE, PROSE, "报：市委常委", "共印200份",
        )
    )  # fmt: skip
    assert issue.masthead == Masthead("云泽组工信息", "23", "2026-09-30", "2026")
    first, second = issue.items
    assert (first.column, first.title, first.byline, first.text) == (
        "经验交流", "双河镇管好三十里渠", "双河镇党委", PROSE,
    )  # fmt: skip
    assert (second.column, second.byline) == ("工作动态", "石桥镇党委　张远志")
    assert second.text == PROSE + "\n" + PROSE


def test_byline_in_the_bracket_that_ends_the_text() -> None:
    (item,) = split_issue(lines("第3期", "双河镇管好三十里渠", PROSE + "（双河镇党委）")).items
    assert (item.byline, item.text) == ("双河镇党委", PROSE)


def test_an_issue_without_text_has_no_items() -> None:
    assert split_issue(lines()).items == ()
    assert split_issue(lines("云泽组工信息", "第23期")).items == ()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("云泽组工信息2026年第9期", Masthead("云泽组工信息", "9", "", "2026")),
        ("《云泽党建》第十二期", Masthead("云泽党建", "12", "", "")),
        ("云泽晨报2026-09-18", Masthead("云泽晨报", "", "2026-09-18", "2026")),
        ("汇总", Masthead()),
    ],
)
def test_names_of_files(name: str, wanted: Masthead) -> None:
    assert read_name(name) == wanted


def test_masthead_in_one_line_and_none() -> None:
    found, size = read_masthead(["云泽组工信息 2026年第4期 2026年3月5日", "正文" * 40])
    assert (found, size) == (Masthead("云泽组工信息", "4", "2026-03-05", "2026"), 1)
    assert read_masthead([PROSE]) == (Masthead(), 0)


def test_contents_end_where_the_first_title_comes_again() -> None:
    given = ["一、双河镇管渠……2", "石桥镇修堤  3", "【动态】", "双河镇管渠", PROSE]
    assert read_contents(given) == (("双河镇管渠", "石桥镇修堤"), 2)


def test_titles_of_a_text_layer() -> None:
    assert tidy_title("“ ”望岚县首批 无人机飞手 乡土人才") == "望岚县首批 无人机飞手 乡土人才"


@given(
    st.lists(st.tuples(st.sampled_from("甲乙丙丁戊己"), st.integers(1, 3)), min_size=1, max_size=6)
)
def test_every_paragraph_stands_in_its_item(pieces: list[tuple[str, int]]) -> None:
    texts: list[str] = []
    wanted = []
    for number, (place, size) in enumerate(pieces):
        body = [f"{PROSE}这是第{number}篇的第{part}段。" for part in range(size)]
        title = f"{place}镇办成第{number}件实事"
        texts += [title, *body, f"（{place}山镇党委）"]
        wanted.append((title, f"{place}山镇党委", "\n".join(body)))
    items = split_issue(lines("云泽组工信息", "第3期", *texts)).items
    assert [(item.title, item.byline, item.text) for item in items] == wanted


@given(st.lists(st.text(alphabet="一第期镇，。（）【】\n 12目录", max_size=60), max_size=30))
def test_any_lines_are_split_without_an_error(texts: list[str]) -> None:
    given_text = "".join("".join(texts).split())
    assert all(len(item.title) <= len(given_text) for item in split_issue(lines(*texts)).items)
