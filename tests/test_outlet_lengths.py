"""The lengths that outlets state: in show, annotate and cut."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlite_utils import Database

from storage.connection import open_database
from storage.outlet_files import read_outlets
from storage.outlet_lengths import OutletLength, length_of, outlet_lengths
from storage.outlets import OutletRow, import_outlets
from tests.test_word_annotate import commented
from zugao.cli import main

INBOX = Path(__file__).resolve().parent.parent / "samples" / "inbox"
LONG = "一封联名来信背后的园区干部作风问题"


def zugao(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def shown(result: Result) -> str:
    return "".join(result.output.split())  # the terminal folds long lines


@pytest.mark.parametrize(
    ("characters", "fit", "limit"),
    [(99, "short", 800), (100, "fits", 800), (500, "fits", 800), (501, "long", 500),
     (800, "long", 500), (801, "over", 800)],
)  # fmt: skip
def test_a_count_against_an_outlet(characters: int, fit: str, limit: int) -> None:
    one = OutletLength(1, "甲", "市", 100, 500, 800)
    assert (one.fit(characters), one.limit(characters)) == (fit, limit)


def test_an_outlet_may_state_only_a_part() -> None:
    assert OutletLength(1, "甲", "市", None, None, None).limit(9) is None
    assert OutletLength(1, "甲", "市", None, None, None).fit(9**9) == "fits"
    assert OutletLength(1, "甲", "市", None, 600, None).limit(9) == 600
    assert OutletLength(1, "甲", "市", None, None, 700).fit(701) == "over"


def test_outlets_come_from_county_to_centre_without_those_that_state_nothing(
    db: Database, root: Path
) -> None:
    rows, _ = read_outlets(root / "samples" / "outlets.csv")
    nothing = OutletRow("无要求报", {"kind": "媒体", "level": "县"})
    retired = OutletRow("旧刊", {"kind": "内刊", "level": "市", "hard_chars": 9, "retired": 1})
    import_outlets(db, [*rows, nothing, retired])
    found = outlet_lengths(db)
    assert [one.level for one in found] == ["县"] * 2 + ["市"] * 4 + ["省"] * 2 + ["中央"] * 2
    assert found[1] == OutletLength(2, "望岚党员之家", "县", None, 600, 1200)
    assert length_of(db, 12).name == "旧刊"
    with pytest.raises(KeyError):
        length_of(db, 99)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with one unit's drafts and the sample outlets."""
    room = tmp_path_factory.mktemp("office")
    shutil.copytree(INBOX / "云泽市信访局党组", room / "收件箱" / "云泽市信访局党组")
    assert zugao("init", room / "库", "--units", INBOX.parent / "units.csv").exit_code == 0
    zugao("--home", room / "库", "run", room / "收件箱", "--direct", "--no-wait")
    with open_database(room / "库" / "zugao.db") as db:
        rows, _ = read_outlets(INBOX.parent / "outlets.csv")
        nothing = OutletRow("无要求报", {"kind": "媒体", "level": "县"})
        import_outlets(db, [*rows, nothing])
    return room / "库"


@pytest.fixture(scope="module")
def number(home: Path) -> int:
    lines = zugao("--home", home, "export", "-", "--format", "jsonl").output.split("\n")
    rows = [json.loads(line) for line in lines if line.startswith("{")]
    return next(int(row["draft_id"]) for row in rows if LONG in row["title"])


def test_show_tells_the_outlets_that_a_draft_is_too_long_for(home: Path, number: int) -> None:
    found = json.loads(zugao("--home", home, "show", number, "--json").output)
    count = found["characters"]
    fits = {row["outlet"]: row["fit"] for row in found["outlets"]}
    assert fits["云泽组工信息"] == "over"
    assert fits["九州组工研究"] in ("fits", "short")
    told = shown(zugao("--home", home, "show", number))
    assert f"云泽组工信息（1500字，超{count - 1500}字）" in told
    assert "无要求报" not in told


def test_annotate_says_it_on_the_title(home: Path, number: int, tmp_path: Path) -> None:
    target = tmp_path / "批注.docx"
    assert zugao("--home", home, "annotate", number, "-o", target).exit_code == 0
    (told,) = (m for m in commented(target) if m.startswith("【刊物字数】"))
    assert "超过上限：" in told
    assert "云泽组工信息（1500字" in told
    assert "无要求报" not in told


def test_cut_to_an_outlet_by_name_or_alias(home: Path, number: int, tmp_path: Path) -> None:
    found = json.loads(
        zugao("--home", home, "cut", number, "--outlet", "组工信息", "--json").output
    )
    assert (found["outlet"], found["limit"], found["reached"]) == ("云泽组工信息", 1500, True)
    assert found["after"] <= 1500 < found["before"]
    plain = json.loads(zugao("--home", home, "cut", number, "--limit", 1500, "--json").output)
    assert plain == {**found, "outlet": None}
    said = shown(zugao("--home", home, "cut", number, "--outlet", "组工信息"))
    assert "（云泽组工信息上限1500字）" in said
    roomy = zugao("--home", home, "cut", number, "--outlet", "九州组工研究").output
    assert "不超过九州组工研究6000字，不用删" in roomy
    (file,) = (home.parent / "收件箱" / "云泽市信访局党组").glob(f"*{LONG[:8]}*")
    copied = tmp_path / "新稿.docx"
    shutil.copyfile(file, copied)
    again = json.loads(
        zugao("--home", home, "cut", copied, "--outlet", "组工信息", "--json").output
    )
    assert again["text"] == found["text"]


@pytest.mark.parametrize(
    ("words", "sentence", "code"),
    [
        (["--outlet", "组工消息"], "没有叫“组工消息”的刊物", 1),
        (["--outlet", "无要求报"], "没有写明字数上限", 1),
        (["--outlet", "组工信息", "--limit", 9], "只能写一个", 2),
    ],
)
def test_what_cannot_be_is_one_sentence(
    home: Path, number: int, words: list[object], sentence: str, code: int
) -> None:
    result = zugao("--home", home, "cut", number, *words)
    assert (result.exit_code, "Traceback" in result.output) == (code, False)
    assert sentence in shown(result)


def test_without_a_working_folder_there_are_no_outlets(tmp_path: Path) -> None:
    result = zugao("--home", tmp_path, "cut", "9", "--outlet", "组工信息")
    assert result.exit_code == 1
    assert "请用 --home 指明" in result.output
