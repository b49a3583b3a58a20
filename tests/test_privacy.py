"""Personal numbers are masked wherever text is printed, logged or handed on; made-up numbers."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from time import process_time

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from flows.direct import intake_directly
from nlp.form_personal import is_identity_number
from nlp.masking import masked
from reports.bulletin_gather import _pieces
from storage.analysts_copy import make_copy
from storage.connection import open_database, raw, write
from storage.driver import sqlite3
from storage.events import adopt
from storage.issues import add_issue, add_item
from storage.outlets import OutletRow, import_outlets
from storage.periods import Period
from tests.support_files import docx
from zugao.cli import main
from zugao.console import speak_plainly
from zugao.setting_up import set_up
from zugao.settings import load_settings

MOBILE = "13900001234"
CARD = "6222000000000000008"


def identity(body: str = "11010119900307001") -> str:
    """A well-formed number of nobody."""
    return next(body + sign for sign in "0123456789X" if is_identity_number(body + sign))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"电话{MOBILE}，请回", "电话139******34，请回"),
        ("139 0000 1234", "139 **** **34"),
        ("１３９００００１２３４", "１３９******３４"),
        (f"身份证{identity()}。", f"身份证110*************{identity()[-2:]}。"),
        ("0591-87654321", "0591-87654321"),  # an office's
        ("共投入12345678901元", "共投入12345678901元"),
        ("2026-09-30至2026-10-01", "2026-09-30至2026-10-01"),
        ("", ""),
    ],
)
def test_what_is_masked_and_what_is_not(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_a_bank_card_is_masked_if_its_check_digit_fits() -> None:
    fits = next(CARD[:-1] + d for d in "0123456789" if masked(CARD[:-1] + d) != CARD[:-1] + d)
    assert masked(fits) == fits[:3] + "*" * 14 + fits[-2:]
    others = [CARD[:-1] + d for d in "0123456789" if CARD[:-1] + d != fits]
    assert [masked(one) for one in others] == others


@given(st.text(alphabet="0139８- Xx年，", max_size=60))
def test_masking_keeps_the_length_and_is_done_once(text: str) -> None:
    once = masked(text)
    assert len(once) == len(text)
    assert masked(once) == once


def test_the_time_grows_with_the_text_and_no_faster() -> None:
    """50,000 numbers took 14 s of processor time when the text was built anew for each."""
    began = process_time()
    assert masked(f"{MOBILE}，" * 50_000) == "139******34，" * 50_000
    assert process_time() - began < 5


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("privacy") / "home"
    list(set_up(home))
    body = "今年以来镇里把服务送到院坝里，群众反映的事情当场记下，隔天回音，月底公开。" * 2
    (home / "收件箱" / f"联络人{MOBILE}情况.docx").write_bytes(docx(f"联络人{MOBILE}服务队", body))
    (home / "收件箱" / f"坏{MOBILE}.docx").write_bytes(b"PK\x03\x04")
    intake_directly(load_settings(home), home / "收件箱", lambda *_: None, wait=False)
    return home


def zugao(home: Path, *args: str) -> str:
    return CliRunner().invoke(main, ["--home", str(home), *args]).output


@pytest.mark.parametrize(
    "command",
    [("files",), ("files", "--refused"), ("show", "1"), ("register",)],
)
def test_what_is_printed_is_masked(home: Path, command: tuple[str, ...]) -> None:
    out = zugao(home, *command)
    assert "139******34" in out.replace("\n", "")
    assert MOBILE not in out


def test_the_control_it_is_in_the_database(home: Path) -> None:
    with closing(open_database(home / "zugao.db", readonly=True)) as db:
        assert raw(db).execute("SELECT title FROM drafts").fetchone() == (f"联络人{MOBILE}服务队",)


def test_the_analysts_copy_is_masked_everywhere(home: Path, tmp_path: Path) -> None:
    make_copy(home / "zugao.db", tmp_path / "copy.db")
    assert MOBILE.encode() not in (tmp_path / "copy.db").read_bytes()
    assert MOBILE.encode() in (home / "zugao.db").read_bytes()  # the control
    with closing(sqlite3.connect(tmp_path / "copy.db")) as conn:
        title, count = conn.execute("SELECT title, typeof(characters) FROM submissions").fetchone()
    assert (title, count) == ("联络人139******34服务队", "integer")


def test_a_bulletin_masks_the_titles_it_prints(home: Path) -> None:
    with closing(open_database(home / "zugao.db")) as db:
        import_outlets(db, [OutletRow("云泽组工信息", {"kind": "内刊", "level": "市"}, ())])
        with write(db) as conn:
            conn.execute("UPDATE manuscript SET received_at = '2026-09-01T01:00:00.000Z'")
        item = add_item(db, add_issue(db, 1, "9", date(2026, 9, 15)), f"问{MOBILE}")
        adopt(db, 1, item)
        found = _pieces(db, Period(date(2026, 1, 1), date(2027, 1, 1)), ())
    assert [piece.title for piece in found] == ["问139******34"]


def test_the_file_about_a_defect_is_masked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    @click.command()
    @speak_plainly
    def broken() -> None:
        raise RuntimeError(f"at {MOBILE}")

    assert MOBILE not in CliRunner().invoke(broken).output
    (note,) = tmp_path.glob("zugao-error-*.log")
    assert "at 139******34" in note.read_text("utf-8")
    assert "RuntimeError" in note.read_text("utf-8")
