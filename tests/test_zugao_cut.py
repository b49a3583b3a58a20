"""``zugao cut`` and ``zugao annotate`` as a person meets them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result

from nlp.splitting import split
from nlp.types import Reading
from tests.test_word_annotate import commented
from word.convert import find_office
from word.read import read_file
from zugao.cli import main

INBOX = Path(__file__).resolve().parent.parent / "samples" / "inbox"
LONG = "云泽市信访局党组/一封联名来信背后的园区干部作风问题.docx"
TWINS = ("临溪县委组织部", "望岚县委组织部")


def zugao(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a few units of the sample inbox taken in."""
    room = tmp_path_factory.mktemp("office")
    inbox = room / "收件箱"
    for unit in (*TWINS, "云泽市信访局党组"):
        shutil.copytree(INBOX / unit, inbox / unit)
    assert zugao("init", room / "库", "--units", INBOX.parent / "units.csv").exit_code == 0
    result = zugao("--home", room / "库", "run", inbox, "--direct", "--no-wait", "--json")
    assert json.loads(result.output)["drafts"] > 15
    return room / "库"


def drafts(home: Path) -> list[dict[str, object]]:
    lines = zugao("--home", home, "export", "-", "--format", "jsonl").output.split("\n")
    return [json.loads(line) for line in lines if line.startswith("{")]


def overlong(home: Path) -> int:
    return next(
        int(str(row["draft_id"])) for row in drafts(home) if "联名来信" in str(row["title"])
    )


def test_cut_proposes_within_the_limit_of_the_genre(home: Path) -> None:
    found = json.loads(zugao("--home", home, "cut", overlong(home), "--json").output)
    assert found["before"] > found["limit"] >= found["after"]
    assert found["reached"]
    assert all(gone["text"] not in found["text"] for gone in found["dropped"])
    shown = zugao("--home", home, "cut", overlong(home)).output
    assert f"余{found['after']}字" in shown
    assert "〔删1：" in shown


def test_a_stored_draft_and_its_file_are_cut_alike(home: Path) -> None:
    number = overlong(home)
    (file,) = (home.parent / "收件箱" / "云泽市信访局党组").glob("*联名来信*")
    stored = json.loads(zugao("--home", home, "cut", number, "--limit", 900, "--json").output)
    known = json.loads(zugao("--home", home, "cut", file, "--limit", 900, "--json").output)
    assert known == {**stored, "file": file.name}
    fresh = json.loads(zugao("--home", "/nowhere", "cut", file, "--limit", 900, "--json").output)
    assert fresh["draft_id"] is None
    assert fresh["text"] == stored["text"]


def test_cut_as_a_word_file_with_revisions(home: Path, tmp_path: Path) -> None:
    number, target = overlong(home), tmp_path / "删稿.docx"
    found = json.loads(
        zugao("--home", home, "cut", number, "--limit", 700, "--word", target, "--json").stdout
    )
    reading = read_file(target)  # the final view: all deletions accepted
    assert isinstance(reading, Reading)
    kept = [b.text for b in reading.blocks if b.layer == "body"]
    assert [line.replace("\t", "　") for line in found["text"].split("\n")] == kept
    remarks = [b.text for b in reading.blocks if b.layer == "comment"]
    assert len(remarks) == len(found["dropped"]) + 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("cut", 99999), "没有第 99999 号稿件"),
        (("cut", "没有.docx"), "没有文件"),
        (("annotate", 99999), "没有第 99999 号稿件"),
    ],
)
def test_what_is_not_there_is_one_sentence(home: Path, words: tuple[str], sentence: str) -> None:
    result = zugao("--home", home, *words)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_draft_that_is_not_long_needs_a_limit(home: Path) -> None:
    short = next(row["draft_id"] for row in drafts(home) if not row["flags"])
    result = zugao("--home", home, "cut", short)
    assert result.exit_code == 1
    assert "不用删" in result.output


def test_annotate_says_theme_duplicate_length_and_form(home: Path, tmp_path: Path) -> None:
    rows = drafts(home)
    copied = next(row for row in rows if any(p["kind"] == "套写" for p in row["pairs"]))
    target = tmp_path / "批注.docx"
    result = zugao("--home", home, "annotate", copied["draft_id"], "-o", target)
    assert result.exit_code == 0, result.output
    remarks = commented(target)
    title = next(shown for message, (shown, _) in remarks.items() if message.startswith("【主题】"))
    assert title == copied["title"]
    assert any(m.startswith("【重稿】套写：与第") for m in remarks)
    passages = {shown for m, (shown, _) in remarks.items() if "相同的段落" in m}
    spans = next(p["spans"] for p in copied["pairs"] if p["kind"] == "套写")
    text = zugao("--home", home, "show", copied["draft_id"], "--json").output
    whole = json.loads(text)["text"]
    squeezed = {"".join(whole[a:b].split()) for a, b, *_ in spans}
    assert {"".join(p.split()) for p in passages} == squeezed

    result = zugao("--home", home, "annotate", overlong(home), "-o", target)
    assert result.exit_code == 0, result.output
    found = json.loads(zugao("--home", home, "cut", overlong(home), "--json").output)
    remarks = commented(target)
    assert sum(m.startswith("【建议删】") for m in remarks) <= len(found["dropped"])
    assert any(m.startswith("【字数】") for m in remarks)


def test_a_file_that_is_not_stored_is_told_its_duplicates(home: Path, tmp_path: Path) -> None:
    source = next((home.parent / "收件箱" / TWINS[0]).glob("*红色网格*"))
    word = docx.Document(str(source))
    word.add_paragraph("临溪县还在城区物业小区同步推开这一做法。")
    fresh, target = tmp_path / "新稿.docx", tmp_path / "批注.docx"
    word.save(str(fresh))
    before = drafts(home)
    assert zugao("--home", home, "annotate", fresh, "-o", target).exit_code == 0
    original = next(row for row in before if str(row["title"]) in source.name)
    told = [m for m in commented(target) if m.startswith("【重稿】") and "相同的段落" not in m]
    assert any(f"与第{original['draft_id']}号《{original['title']}》" in m for m in told)
    assert drafts(home) == before
    assert zugao("annotate", fresh, "-o", target).exit_code == 0  # no working folder, no pairs
    assert not [m for m in commented(target) if m.startswith("【重稿】")]


def test_annotate_names_its_copy_and_spares_the_original(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "来访.docx"
    shutil.copyfile(next((INBOX / "云泽市信访局党组").glob("来访登记*")), source)
    before = source.read_bytes()
    result = zugao("annotate", source, "--json")
    assert json.loads(result.output)["file"] == "来访.批注.docx"
    remarks = commented(tmp_path / "来访.批注.docx")
    assert [shown for m, (shown, _) in remarks.items() if "身份证号" in m] == ["990102197203040010"]
    refused = zugao("annotate", source, "-o", source)
    assert "不能写在原件上" in refused.output
    assert source.read_bytes() == before


def test_text_files_take_no_comments(tmp_path: Path) -> None:
    file = tmp_path / "来稿.txt"
    file.write_text("望溪镇抓网格党建\n" + "支部建在网格上，群众有了主心骨。" * 8, encoding="utf-8")
    result = zugao("annotate", file)
    assert result.exit_code == 1
    assert "不是 Word 文件" in result.output


@pytest.mark.office
@pytest.mark.skipif(find_office() is None, reason="needs LibreOffice")
def test_old_word_files_are_annotated_through_their_conversion(tmp_path: Path) -> None:
    (source,) = (INBOX / "汀洲区委组织部").glob("*.doc")
    target = tmp_path / "批注.docx"
    result = zugao("annotate", source, "-o", target)
    assert result.exit_code == 0, result.output
    reading = read_file(target)
    assert isinstance(reading, Reading)
    title = split(reading)[0].title
    shown = [s for m, (s, _) in commented(target).items() if m.startswith("【主题】")]
    assert shown == [title]
