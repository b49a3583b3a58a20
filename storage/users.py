"""Accounts of the desk. A password arrives here hashed; changes of an account end its sessions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from storage import audit
from storage.clock import stamp
from storage.connection import raw, write
from storage.driver import sqlite3
from storage.schema_users import ROLES
from storage.texts import storable

LONGEST_NAME = 40


class UserError(ValueError):
    """An account that cannot be made or changed so; the message is one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    id: int
    name: str
    role: str
    unit_id: int | None
    unit: str  # "" if none
    active: bool
    made_at: str


_USERS = """
SELECT user.id, user.name, user.role, user.unit_id, coalesce(unit.name, ''), user.active,
  user.made_at
FROM user LEFT JOIN unit ON unit.id = user.unit_id
"""


def add_user(
    db: Database, name: str, role: str, password: str, *, unit: str = "", by: str = ""
) -> User:
    """Make an account; ``password`` is its hash, ``unit`` the name or alias for a submitter.

    Raises UserError, StorageError.
    """
    name = _checked_name(name)
    with write(db) as conn:
        unit_id = _unit_for(conn, role, unit)
        if conn.execute("SELECT 1 FROM user WHERE name = ?", (name,)).fetchone():
            raise UserError(f"已经有账号“{name}”。")
        conn.execute(
            "INSERT INTO user (name, role, unit_id, password, made_at) VALUES (?, ?, ?, ?, ?)",
            (name, role, unit_id, password, stamp()),
        )
        audit.append(conn, by, "user_add", f"user:{name}", detail={"role": role})
    return user_named(db, name)


def set_role(db: Database, name: str, role: str, *, unit: str = "", by: str = "") -> User:
    """Give an account another role; its sessions end. Raises UserError, StorageError."""
    with write(db) as conn:
        unit_id = _unit_for(conn, role, unit)
        before = _known(conn, name)[1]
        conn.execute("UPDATE user SET role = ?, unit_id = ? WHERE name = ?", (role, unit_id, name))
        _end_sessions(conn, name)
        detail = {"before": before, "after": role}
        audit.append(conn, by, "user_role", f"user:{name}", detail=detail)
    return user_named(db, name)


def set_active(db: Database, name: str, *, active: bool, by: str = "") -> User:
    """Disable an account (its sessions end) or let it in again. Raises UserError."""
    with write(db) as conn:
        _known(conn, name)
        conn.execute("UPDATE user SET active = ? WHERE name = ?", (active, name))
        _end_sessions(conn, name)
        audit.append(conn, by, "user_enable" if active else "user_disable", f"user:{name}")
    return user_named(db, name)


def set_password(db: Database, name: str, password: str, *, by: str = "") -> None:
    """Replace the hash of an account's password; its sessions end. Raises UserError."""
    with write(db) as conn:
        _known(conn, name)
        conn.execute("UPDATE user SET password = ? WHERE name = ?", (password, name))
        _end_sessions(conn, name)
        audit.append(conn, by, "user_password", f"user:{name}")


def users(db: Database) -> list[User]:
    """All accounts by name."""
    return [_user(row) for row in raw(db).execute(_USERS + " ORDER BY user.name")]


def user_named(db: Database, name: str) -> User:
    """The account of this name. Raises UserError if there is none."""
    row = raw(db).execute(_USERS + " WHERE user.name = ?", (name,)).fetchone()
    if row is None:
        raise UserError(f"没有账号“{storable(name)}”；现有账号见 zugao user list。")
    return _user(row)


def password_of(db: Database, name: str) -> str | None:
    """The hash of an active account's password, None if there is no such account."""
    row = raw(db).execute(
        "SELECT password FROM user WHERE name = ? AND active", (storable(name),)
    ).fetchone()  # fmt: skip
    return None if row is None else str(row[0])


def anyone(db: Database) -> bool:
    """Whether any account is active: then the desk asks for a login."""
    return bool(raw(db).execute("SELECT EXISTS (SELECT 1 FROM user WHERE active)").fetchone()[0])


def colleagues(db: Database) -> list[str]:
    """Names of the active editors, to whom a draft can be assigned."""
    rows = raw(db).execute(
        "SELECT name FROM user WHERE active AND role = 'editor' ORDER BY name"
    )  # fmt: skip
    return [str(name) for (name,) in rows]


def _checked_name(name: str) -> str:
    name = storable(name.strip())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UserError(f"登录名应为1到{LONGEST_NAME}个可见的字。")
    return name


def _unit_for(conn: sqlite3.Connection, role: str, unit: str) -> int | None:
    """The unit that an account of this role stands for."""
    if role not in ROLES:
        raise UserError(f"不认识的角色“{storable(role)}”（可用：{'、'.join(ROLES)}）。")
    if role != "submitter":
        if unit:
            raise UserError("只有报送单位的账号（submitter）才写单位。")
        return None
    row = conn.execute(
        "SELECT id FROM unit WHERE name = ?1 UNION ALL"
        " SELECT unit_id FROM unit_alias WHERE alias = ?1",
        (storable(unit),),
    ).fetchone()
    if row is None:
        told = f"单位表里没有“{storable(unit)}”" if unit else "报送单位的账号要写明单位"
        raise UserError(f"{told}；单位表用 zugao units 导入。")
    return int(row[0])


def _known(conn: sqlite3.Connection, name: str) -> tuple[int, str]:
    row = conn.execute("SELECT id, role FROM user WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise UserError(f"没有账号“{storable(name)}”；现有账号见 zugao user list。")
    return int(row[0]), str(row[1])


def _end_sessions(conn: sqlite3.Connection, name: str) -> None:
    conn.execute(
        "DELETE FROM _session WHERE user_id = (SELECT id FROM user WHERE name = ?)", (name,)
    )


def _user(row: tuple[object, ...]) -> User:
    id_, name, role, unit_id, unit, active, made_at = row
    number = None if unit_id is None else int(str(unit_id))
    return User(
        int(str(id_)), str(name), str(role), number, str(unit), bool(active), str(made_at)
    )  # fmt: skip
