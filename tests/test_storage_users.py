"""Accounts, sessions, and the log that shows when it was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from storage import audit, sessions
from storage.clock import later, stamp
from storage.connection import open_database, raw, write
from storage.driver import sqlite3
from storage.units import UnitRow, import_units
from storage.users import (
    UserError,
    add_user,
    anyone,
    colleagues,
    password_of,
    set_active,
    set_password,
    set_role,
    user_named,
    users,
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_database(tmp_path / "zugao.db")
    import_units(db, [UnitRow("临溪县委组织部", "县区", aliases=("临溪县",))])
    yield db
    db.close()


def test_an_account_is_made_listed_and_changed(db: Database) -> None:
    assert not anyone(db)
    add_user(db, " 王审读 ", "editor", "h1", by="命令行")
    add_user(db, "临溪信息员", "submitter", "h2", unit="临溪县")
    assert [(u.name, u.role, u.unit) for u in users(db)] == [
        ("临溪信息员", "submitter", "临溪县委组织部"),
        ("王审读", "editor", ""),
    ]
    assert anyone(db)
    assert colleagues(db) == ["王审读"]
    assert set_role(db, "王审读", "admin").role == "admin"
    set_password(db, "王审读", "h3")
    assert password_of(db, "王审读") == "h3"
    assert not set_active(db, "王审读", active=False).active
    assert password_of(db, "王审读") is None


@pytest.mark.parametrize(
    ("name", "role", "unit", "sentence"),
    [
        ("", "editor", "", "登录名应为"),
        ("a\nb", "editor", "", "登录名应为"),
        ("甲", "root", "", "不认识的角色“root”"),
        ("甲", "submitter", "", "要写明单位"),
        ("甲", "submitter", "无名县", "单位表里没有“无名县”"),
        ("甲", "editor", "临溪县", "才写单位"),
        ("旧人", "editor", "", "已经有账号“旧人”"),
    ],
)
def test_a_wrong_account_is_refused(
    db: Database, name: str, role: str, unit: str, sentence: str
) -> None:
    add_user(db, "旧人", "editor", "h")
    with pytest.raises(UserError, match=sentence):
        add_user(db, name, role, "h", unit=unit)
    assert len(users(db)) == 1


def test_a_session_ends_by_logout_idleness_age_and_change(db: Database) -> None:
    user = add_user(db, "王审读", "editor", "h")
    now = stamp()
    token = sessions.begin(db, user.id, now=now)
    assert sessions.whose(db, token, now=now) == user
    assert sessions.whose(db, token[:-1], now=now) is None
    assert sessions.whose(db, "", now=now) is None
    assert sessions.whose(db, token, now=later(now, timedelta(minutes=31))) is None
    sessions.end(db, token)
    assert sessions.whose(db, token, now=now) is None  # replayed after the logout
    for change in (
        lambda: set_role(db, "王审读", "analyst"),
        lambda: set_password(db, "王审读", "h2"),
        lambda: set_active(db, "王审读", active=False),
    ):
        token = sessions.begin(db, user.id)
        change()
        assert sessions.whose(db, token) is None


def test_use_keeps_a_session_alive_but_not_for_ever(db: Database) -> None:
    token = sessions.begin(db, add_user(db, "王审读", "editor", "h").id, now=(now := stamp()))
    for _ in range(19):  # every 25 minutes: never idle for 30, and after 8 hours over
        now = later(now, timedelta(minutes=25))
        assert sessions.whose(db, token, now=now) is not None
    assert sessions.whose(db, token, now=later(now, timedelta(minutes=25))) is None


def test_the_id_of_a_session_is_not_in_the_database(db: Database, tmp_path: Path) -> None:
    token = sessions.begin(db, add_user(db, "王审读", "editor", "h").id)
    rows = raw(db).execute("SELECT * FROM _session").fetchall()
    assert len(rows) == 1
    assert token not in repr(rows)
    assert re.fullmatch(r"[\w-]{43}", token)


def test_the_log_fits_and_shows_what_was_changed(db: Database) -> None:
    assert audit.verify(db) == audit.Checked(0, "", None, True)
    for n in range(5):
        audit.note(db, "王审读", "download", f"draft:{n}", detail={"name": "关于\n工作"})
    checked = audit.verify(db)
    assert (checked.entries, checked.broken, checked.known) == (5, None, True)
    assert audit.verify(db, checked.head).known
    assert not audit.verify(db, "5:" + "0" * 64).known
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), write(db) as conn:
        conn.execute("UPDATE audit SET who = '别人' WHERE id = 3")
    with write(db) as conn:  # who owns the file can drop the trigger, but not mend the chain
        conn.execute("DROP TRIGGER audit_no_update")
        conn.execute("UPDATE audit SET who = '别人' WHERE id = 3")
    assert audit.verify(db).broken == 3
    assert not audit.verify(db, "4:" + "1" * 64).known


def test_a_row_taken_out_shows(db: Database) -> None:
    for n in range(4):
        audit.note(db, "王审读", "login", str(n))
    head = audit.verify(db).head
    with write(db) as conn:
        conn.execute("DROP TRIGGER audit_no_delete")
        conn.execute("DELETE FROM audit WHERE id = 4")
    assert audit.verify(db).broken is None  # the chain alone cannot know its end,
    assert not audit.verify(db, head).known  # a head that was noted down can
    with write(db) as conn:
        conn.execute("DELETE FROM audit WHERE id = 2")
    assert audit.verify(db).broken == 2


@settings(max_examples=25, deadline=None)
@given(who=st.text(max_size=20), about=st.text(max_size=20))
def test_any_text_may_stand_in_the_log(who: str, about: str) -> None:
    db = Database(memory=True)
    from storage.schema_users import STATEMENTS

    for statement in STATEMENTS:
        if "audit" in statement:
            db.conn.execute(statement)
    with write(db) as conn:
        audit.append(conn, who, "login", about, detail={about: who})
    assert audit.verify(db).broken is None
    db.close()


def test_a_disabled_account_cannot_come_back_by_its_old_session(db: Database) -> None:
    user = add_user(db, "王审读", "editor", "h")
    token = sessions.begin(db, user.id)
    with write(db) as conn:  # even if the row of the session were left
        conn.execute("UPDATE user SET active = 0")
    assert sessions.whose(db, token) is None
    assert not user_named(db, "王审读").active
