"""The generated inbox: the same every time, and a faithful reader finds what was planted."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.constructs import CONSTRUCTS, Planted
from benchmarks.make_files import KINDS, Made, load, make_files
from nlp.types import Reading
from word.read import read_file


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Made]]:
    directory = tmp_path_factory.mktemp("made")
    return directory, make_files(directory, 150)


def text_of(path: Path) -> str:
    reading = read_file(path)
    assert isinstance(reading, Reading)
    return "\n".join(block.label + block.text for block in reading.blocks)


def test_the_same_seed_gives_the_same_bytes(made: tuple[Path, list[Made]], tmp_path: Path) -> None:
    directory, files = made
    assert make_files(tmp_path, 150) == files == load(directory)
    for path in (directory / "inbox").rglob("*.docx"):
        again = tmp_path / path.relative_to(directory)
        assert again.read_bytes() == path.read_bytes()


def test_every_construct_and_kind_occurs(made: tuple[Path, list[Made]]) -> None:
    planted = [planted.construct for file in made[1] for planted in file.planted]
    assert set(planted) == {construct.name for construct in CONSTRUCTS}
    assert {file.kind for file in made[1]} <= {"", *KINDS}
    assert sum(bool(file.of) for file in made[1]) >= 3


def test_what_was_planted_is_read(made: tuple[Path, list[Made]]) -> None:
    directory, files = made
    wrong = [
        (file.name, planted.construct)
        for file in files
        if file.planted
        for text in [text_of(directory / "inbox" / file.unit / file.name)]
        for planted in file.planted
        if not planted.holds(text)
    ]
    assert wrong == []


def test_a_planted_text_must_stand_exactly_once_or_not_at_all() -> None:
    shown, absent = Planted("文本框", "shown", "（一）暗记"), Planted("隐藏文字", "absent", "暗记")
    assert shown.holds("前\n（一）\t暗记 后")
    assert not shown.holds("暗记")
    assert not shown.holds("（一）暗记（一）暗记")
    assert absent.holds("前后")
    assert not absent.holds("暗记")
