"""The seven ways out of a read-only database, tried on ``zugao sql`` and on Datasette's copy."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from storage.analysts_copy import make_copy
from storage.analysts_sql import QuestionError, answer
from storage.driver import sqlite3
from tests.support_statistics import Office
from zugao.window import Copied, command

datasette_app = pytest.importorskip("datasette.app")

FOR_EVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office's database with an account, its copy, and another database beside them."""
    folder = tmp_path_factory.mktemp("probes")
    office = Office(folder)
    office.draft(office.unit("临溪"), "2026-07-01")
    office.db.conn.execute(
        "INSERT INTO user (name, role, password, made_at) VALUES ('王审读', 'editor', '密文', '')"
    )
    office.db.close()
    make_copy(folder / "zugao.db", folder / "copy" / "zugao.db")
    other = sqlite3.connect(folder / "other.db")
    other.execute("CREATE TABLE secret AS SELECT '密' AS word")
    other.commit()
    other.close()
    return folder


def probes(folder: Path) -> dict[str, str]:
    return {
        "attach": f"ATTACH '{folder / 'other.db'}' AS other",
        "pragma": "PRAGMA writable_schema=ON",
        "extension": "SELECT load_extension('libm.so.6')",
        "recursion": FOR_EVER,
        "accounts": "SELECT password FROM user",
        "sessions": "SELECT id_hash FROM _session",
        "files": f"SELECT writefile('{folder / 'out'}', 'x')",
        "vacuum": f"VACUUM INTO '{folder / 'out'}'",
        "write": "DELETE FROM drafts",
    }


NAMES = tuple(probes(Path()))


@pytest.mark.parametrize("name", NAMES)
def test_zugao_sql_refuses(folder: Path, name: str) -> None:
    with pytest.raises(QuestionError):
        answer(folder / "zugao.db", probes(folder)[name], seconds=0.3)
    assert not (folder / "out").exists()


def test_zugao_sql_answers_what_is_a_question(folder: Path) -> None:
    assert answer(folder / "zugao.db", "SELECT unit FROM submissions").rows == [("临溪",)]


@pytest.fixture(scope="module")
def window(folder: Path) -> Any:
    """Datasette over the copy, with the settings that ``zugao window`` gives it."""
    words = command(Copied(folder / "copy/zugao.db", folder / "copy/metadata.json", {}), 0)
    given = {words[n + 1]: words[n + 2] for n, word in enumerate(words) if word == "--setting"}
    settings = {key: value == "on" if value in ("on", "off") else int(value)
                for key, value in given.items()}  # fmt: skip
    settings["sql_time_limit_ms"] = 300  # the test need not wait as long as people may
    copy = str(folder / "copy/zugao.db")
    return datasette_app.Datasette([], immutables=[copy], settings=settings)


def ask(window: Any, sql: str) -> Any:
    async def asked() -> Any:
        return await window.client.get("/zugao.json", params={"sql": sql, "_shape": "array"})

    return asyncio.run(asked())


@pytest.mark.parametrize("name", NAMES)
def test_datasette_refuses(folder: Path, window: Any, name: str) -> None:
    found = ask(window, probes(folder)[name])
    assert found.status_code == 400, found.text
    assert not (folder / "out").exists()


def test_datasette_answers_what_is_a_question_and_gives_no_file(window: Any) -> None:
    found = ask(window, "SELECT unit FROM submissions")
    assert found.json() == [{"unit": "临溪"}]

    async def download() -> Any:
        return await window.client.get("/zugao.db")

    assert asyncio.run(download()).status_code == 403


def test_the_copy_holds_no_account_even_for_who_opens_the_file(folder: Path) -> None:
    assert "王审读".encode() not in (folder / "copy/zugao.db").read_bytes()
    assert "王审读".encode() in (folder / "zugao.db").read_bytes()  # the control


def test_without_the_walls_the_probes_come_through(folder: Path) -> None:
    """The control: on a plain read-only connection five of them work."""
    through = []
    for name in ("attach", "pragma", "accounts", "sessions", "vacuum"):
        plain = sqlite3.connect(f"{(folder / 'zugao.db').as_uri()}?mode=ro", uri=True)
        plain.execute(probes(folder)[name]).fetchall()
        through.append(name)
        plain.close()
    (folder / "out").unlink()
    assert len(through) == 5
