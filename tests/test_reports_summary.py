"""The summary of a run: readable in 100 columns, figures that add up, strangers' text harmless."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from reports.summary import Summary, headline, markdown
from storage.questions import RunSummary
from zugao.summary import print_summary

HOSTILE = "[red]标题[/red] | <b>粗</b> \x1b[31m" + "很长" * 30


def facts(**changes: Any) -> RunSummary:
    values: dict[str, Any] = {
        "run": {"id": 3, "counts": {}},
        "new": 5,
        "unpacked": 2,
        "read": 6,
        "refused": [
            {
                "manuscript_id": 9, "name": "空.docx", "unit": None, "unit_given": "",
                "reason": "empty_file", "detail": "", "postponed": 0,
            }
        ],
        "reasons": [{"reason": "empty_file", "files": 1}],
        "drafts": 6,
        "first_draft": 11,
        "characters": 12345,
        "units": [
            {
                "unit_id": 1, "unit": "临溪县委组织部", "unit_group": "县区", "drafts": 6,
                "characters": 12345, "overlong": 1, "duplicates": 0,
            }
        ],
        "themes": [
            {
                "code": "A1", "name": "农村党建", "category": "基层党建", "drafts": 5,
                "mean_probability": 0.876,
            },
            {"code": None, "name": None, "category": None, "drafts": 1, "mean_probability": None},
        ],
        "genres": [{"genre": "动态", "drafts": 6}],
        "focus": [],
        "flags": [{"kind": "over_hard", "severity": "error", "drafts": 1}],
        "pairs": [
            {
                "kind": "套写", "cover": 0.97, "shared_characters": 800, "direction": "",
                "draft_a": 4, "draft_b": 11, "title_a": HOSTILE, "title_b": HOSTILE,
                "unit_a": "临溪县委组织部", "unit_b": None,
            }
        ],
        "pair_kinds": [{"kind": "套写", "pairs": 1}],
    }  # fmt: skip
    return RunSummary(**{**values, **changes})


def printed(summary: Summary, home: Path = Path("稿 库")) -> str:
    out = io.StringIO()
    print_summary(summary, home=home, console=Console(file=out, width=200, highlight=False))
    return out.getvalue()


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")


def test_the_headline_adds_up() -> None:
    assert headline(Summary(facts(), 5, ("写.docx",), 1.26)) == (
        "收件箱里有文件 5 个，新收 5 个，从压缩包取出 2 个；读出 6 个，得稿件 6 篇、12,345 字；"
        "退回 1 个；仍在写入、下次再收 1 个。用时 1.3 秒。"
    )


def test_no_line_is_wider_than_100_columns() -> None:
    lines = printed(Summary(facts(), 5, (), 1.0)).splitlines()
    assert max(map(cell_len, lines)) <= 100


def test_it_says_what_an_editor_asks() -> None:
    shown = printed(Summary(facts(), 5, (), 1.0))
    for words in (
        "能判断 5 篇，83%", "A1 农村党建", "88%", "无法判断", "超长（超过上限） 1 篇",
        "“空.docx”是空文件", "zugao", "--home '稿 库' show 11", "files --refused",
    ):  # fmt: skip
        assert words in shown, words


def test_texts_of_strangers_stay_text() -> None:
    shown = printed(Summary(facts(), 5, (), 1.0))
    assert "[red]标题[/red]" in shown
    assert "\x1b[31m" not in shown
    told = markdown(Summary(facts(), 5, (), 1.0))
    assert "\\<b\\>粗\\</b\\>" in told
    assert "\\[red\\]" in told


def test_a_run_without_anything_new_says_so() -> None:
    quiet = facts(
        new=0, unpacked=0, read=0, refused=[], reasons=[], drafts=0, first_draft=None, characters=0,
        units=[], themes=[], genres=[], flags=[], pairs=[], pair_kinds=[],
    )  # fmt: skip
    shown = printed(Summary(quiet, 5, (), 0.1))
    assert "没有新文件" in shown
    assert "show" not in shown
