"""Questions in SQL read this database and nothing else, and end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storage.analysts_sql import MEMORY, QuestionError, answer
from storage.driver import sqlite3
from tests.support_statistics import Office

FOR_EVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    office = Office(tmp_path)
    office.draft(office.unit("临溪"), "2026-07-01")
    office.db.close()
    return tmp_path / "zugao.db"


def test_views_answer(path: Path) -> None:
    found = answer(path, "SELECT unit, valid FROM submissions WHERE unit = ?", ["临溪"])
    assert (found.columns, found.rows, found.cut) == (("unit", "valid"), [("临溪", 1)], False)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("ATTACH 'other.db' AS other", "attach"),
        ("PRAGMA query_only=OFF", "pragma"),
        ("PRAGMA writable_schema=ON", "pragma"),
        ("DELETE FROM draft", "write"),
        ("CREATE TEMP TABLE x (a)", "write"),
        ("VACUUM INTO 'copy.db'", "attach"),
        ("SELECT load_extension('x')", "function"),
        ("SELECT * FROM _session", "internal"),
        ("SELECT * FROM user", "internal"),
        ("WITH draft AS (SELECT * FROM _session) SELECT * FROM draft", "internal"),
        ("SELECT * FROM pragma_database_list", "internal"),
        ("BEGIN", "write"),
        ("SELECT 1; DELETE FROM draft", "several"),
        (" ; ", "empty"),
        ("SELECT " + "1," * 60_000 + "1", "long"),
        ("SELEC 1", "syntax"),
        ("SELECT 没有 FROM drafts", "syntax"),
        ("SELECT 1 WHERE ?", "syntax"),
        (FOR_EVER, "time"),
    ],
)
def test_what_is_not_a_question_is_refused_with_a_sentence(
    path: Path, sql: str, reason: str
) -> None:
    before = path.read_bytes()
    with pytest.raises(QuestionError) as caught:
        answer(path, sql, seconds=0.3)
    assert caught.value.reason == reason
    assert str(caught.value).endswith("。")
    assert path.read_bytes() == before


def test_without_the_walls_an_attached_database_would_be_read(path: Path, tmp_path: Path) -> None:
    """The positive control: opening a file read-only does not keep another one out."""
    other = tmp_path / "other.db"
    made = sqlite3.connect(other)
    made.execute("CREATE TABLE secret AS SELECT '密' AS word")
    made.commit()
    made.close()
    plain = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    plain.execute("ATTACH ? AS other", (str(other),))
    assert plain.execute("SELECT word FROM other.secret").fetchone() == ("密",)
    plain.close()


def test_rows_are_bounded_and_said_to_be(path: Path) -> None:
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    found = answer(path, numbers, most=10)
    assert ([row[0] for row in found.rows], found.cut) == (list(range(1, 11)), True)
    assert not answer(path, numbers + " LIMIT 10", most=10).cut


def test_memory_is_bounded_in_a_process_of_its_own(path: Path) -> None:
    """Out of this process: the bound of SQLite holds for the whole of one."""
    code = (
        "import sys; from storage.analysts_sql import answer, QuestionError\n"
        "try: answer(sys.argv[1], 'SELECT length(zeroblob(900000000) || 1)',"
        " memory=int(sys.argv[2]))\n"
        "except QuestionError as error: print(error.reason)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(MEMORY)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert done.stdout == "big\n"
