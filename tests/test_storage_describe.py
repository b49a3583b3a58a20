"""docs/database.md says what the schema is: everything, and nothing that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.aspects import remember_aspects
from storage.commit import commit_batch
from storage.connection import open_database, write
from storage.describe import QUERIES, TARGET, columns, generate, markdown
from storage.ledger import receive
from storage.meanings import MEANINGS
from storage.runs import start_run
from storage.units import UnitRow, import_units
from tests.support_storage import ASPECTS, draft, findings, outcome, submission


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_database(tmp_path / "zugao.db")
    yield db
    db.close()


def test_the_file_is_what_the_schema_says() -> None:
    """If this fails: python -m storage.describe."""
    assert TARGET.read_text(encoding="utf-8") == generate()


def test_every_column_has_a_meaning_and_every_meaning_a_column(db: Database) -> None:
    names = [n for n in (*db.table_names(), *db.view_names()) if n != "sqlite_sequence"]
    actual = {name: {column for column, _ in columns(db, name)} for name in names}
    meant = {name: set(meanings) - {""} for name, meanings in MEANINGS.items()}
    assert actual == meant
    assert all(text for meanings in MEANINGS.values() for text in meanings.values())
    assert all("" in meanings for meanings in MEANINGS.values())


def test_a_column_without_a_meaning_is_noticed(db: Database) -> None:
    with write(db) as conn:
        conn.execute("ALTER TABLE unit ADD COLUMN surprise TEXT")
    with pytest.raises(KeyError, match="surprise"):
        markdown(db)


def test_the_ready_queries_answer(db: Database) -> None:
    import_units(db, [UnitRow("临溪县委组织部", "县区"), UnitRow("沅北县委组织部", "县区")])
    remember_aspects(db, ASPECTS, "t1")
    run = start_run(db, "direct", "/inbox")
    receive(db, [submission(f"{n}.docx", unit_id=n) for n in (1, 2)], run)
    pieces = [outcome(n, draft(), found=[findings(exact="a" * 32)]) for n in (1, 2)]
    commit_batch(db, run, pieces)
    with write(db) as conn:
        conn.execute("UPDATE manuscript SET received_at = '2026-09-30T15:00:00.000Z'")
    by_unit, by_theme, pairs, *_ = (db.execute(sql).fetchall() for _, sql in QUERIES)
    assert by_unit == [("县区", "临溪县委组织部", 1, 0, 1), ("县区", "沅北县委组织部", 1, 0, 1)]
    assert by_theme == [("农村党建", 2, 0.7)]
    assert [row[2:] for row in pairs] == [
        ("临溪县委组织部", draft().title, "沅北县委组织部", draft().title)
    ]
