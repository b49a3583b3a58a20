"""Bad input of issue 4: bounded time, a sensible answer, no explosion of pairs.

Empty and very short drafts, 100,000 字 of prose, and a circular that many vary are in
``test_storage_reuse``; cuts and form flags of long texts in ``test_nlp_trim``, ``test_nlp_form``.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result
from sqlite_utils import Database

from nlp.types import Draft, Paragraph
from storage.postings import MAX_CANDIDATES, MAX_COPIES
from tests.support_reuse import draft, paragraphs, rows, send, sentence
from tests.test_word_annotate import commented
from zugao.cli import main


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails if the block takes more processor time."""
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


def table(*lines: str) -> Draft:
    """A draft that is nothing but a table."""
    return Draft(1, "", tuple(Paragraph("table", "", line) for line in lines))


def kinds(db: Database) -> list[tuple[object, ...]]:
    return rows(db, "SELECT draft_a, draft_b, kind FROM duplicate_pair ORDER BY 1, 2")


def test_ten_thousand_copies_are_one_entry_and_one_cluster(db: Database) -> None:
    copy = draft(paragraphs(501, 1))
    with within(40):
        for _ in range(10):
            send(db, *[copy] * 1000)
    ((pairs, kind),) = rows(db, "SELECT count(*), min(kind) FROM duplicate_pair")
    assert kind == "完全相同"
    assert isinstance(pairs, int)
    assert 10_000 <= pairs <= MAX_COPIES * 10_000
    assert rows(db, "SELECT count(*), count(DISTINCT cluster) FROM _cluster") == [(10_000, 1)]
    assert rows(db, "SELECT DISTINCT draft_id FROM _fingerprint") == [(1,)]


def test_a_stock_text_that_every_unit_sends(db: Database) -> None:
    """300 units send one circular under a sentence of their own: pairs grow with the drafts."""
    dice = random.Random(502)
    circular = paragraphs(503, 5)
    with within(30):
        for _ in range(10):
            send(db, *[draft([sentence(dice, 36), *circular]) for _ in range(30)])
        send(db, draft(paragraphs(504, 5)))
    found = kinds(db)
    assert {n for a, b, _ in found for n in (a, b)} == set(range(1, 301))
    assert {kind for _, _, kind in found} == {"高度相似"}
    assert len(found) <= MAX_CANDIDATES * 300
    late = [pair for pair in found if pair[1] == 300]
    assert late == [(n, 300, "高度相似") for n in range(1, MAX_COPIES + 1)]
    assert rows(db, "SELECT count(*), count(DISTINCT cluster) FROM _cluster") == [(300, 1)]


def test_table_only_drafts(db: Database) -> None:
    head = "序号\t单位\t党组织数\t党员数"
    dice = random.Random(505)
    lines = [f"{n}\t{sentence(dice, 8)[:-1]}\t{dice.randint(3, 90)}\t{dice.randint(99, 9999)}"
             for n in range(1, 31)]  # fmt: skip
    others = [f"{n}\t{sentence(dice, 8)[:-1]}\t{dice.randint(3, 90)}\t{dice.randint(99, 9999)}"
              for n in range(1, 31)]  # fmt: skip
    with within(3):
        send(db, table(head, *lines), table(head, *lines), table(head, *others))
        send(db, table(head, *lines[:20]), table(head))
    assert kinds(db) == [(1, 2, "完全相同"), (1, 4, "节选")]


@pytest.mark.parametrize(
    "unit", ["会", "一是抓学习，", "坚持以人民为中心的发展思想，扎实推动各项工作落到实处。"]
)
def test_one_phrase_100000_characters_long(db: Database, unit: str) -> None:
    whole = unit * (100_000 // len(unit))
    with within(10):
        send(db, draft([whole]), draft([whole[: len(whole) * 4 // 5]]))
        send(db, draft([*paragraphs(506, 3), whole[:500]]))
    assert kinds(db) == [(1, 2, "节选")]


def zugao(*words: object) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert "Traceback" not in result.output
    return result


def written(path: Path, lines: list[str], cells: list[list[str]]) -> Path:
    word = docx.Document()
    for line in lines:
        word.add_paragraph(line)
    if cells:
        grid = word.add_table(len(cells), len(cells[0]))
        for row, values in zip(grid.rows, cells, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
    word.save(str(path))
    return path


def test_the_commands_on_bad_files(tmp_path: Path) -> None:
    """Empty, short, table-only and 100,000 字 through cut, compare and annotate."""
    long = ["关于抓党建促发展的情况报告", *paragraphs(507, 680)]
    cells = [["单位", "党组织数"], *([f"第{n}街道", str(n)] for n in range(2, 30))]
    files = {
        "空.docx": ([], []),
        "短.docx": (["柳湾镇召开党员大会。"], []),
        "表.docx": ([], cells),
        "长.docx": (long, []),
        "长二.docx": (long[:500], []),
    }
    made = {name: written(tmp_path / name, *held) for name, held in files.items()}
    target = tmp_path / "批注.docx"
    with within(25):
        assert "没有可读的文字" in zugao("cut", made["空.docx"], "--limit", 100).output
        for name in ("短.docx", "表.docx"):
            found = json.loads(zugao("cut", made[name], "--limit", 2000, "--json").output)
            assert (found["dropped"], found["reached"]) == ([], True)
            assert zugao("annotate", made[name], "-o", target).exit_code == 0
            assert any(m.startswith("【主题】") for m in commented(target))
        found = json.loads(zugao("cut", made["长.docx"], "--limit", 2000, "--json").output)
        assert found["before"] > 100_000
        assert found["after"] < found["before"]
        told = zugao("compare", made["长.docx"], made["长二.docx"], "--json").output
        assert json.loads(told)["sources"][0]["kind"] == "节选"
        assert json.loads(zugao("compare", made["短.docx"], made["表.docx"], "--json").output)[
            "sources"
        ][0]["kind"] is None  # fmt: skip
