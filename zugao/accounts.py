"""``zugao user`` and ``zugao audit``: accounts of the desk, and the check of its log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from storage import audit
from storage.connection import Database, open_database
from storage.schema_users import ROLES
from storage.users import User, add_user, set_active, set_password, set_role, users
from zugao.settings import load_settings

T = TypeVar("T")
BY = "命令行"
"""Who changes accounts from here, as the log has it."""


def listed(home: Path) -> list[dict[str, Any]]:
    """All accounts, without their passwords."""
    return [asdict(user) for user in _with(home, users)]


def add(home: Path, name: str, role: str, unit: str, password: str) -> str:
    """Make an account. Raises UserError; returns what to say."""
    from review.passwords import hashed

    stored = hashed(password, name)
    user = _with(home, lambda db: add_user(db, name, role, stored, unit=unit, by=BY))
    return f"已建账号 {user.name}（{_role(user)}）。"


def change_role(home: Path, name: str, role: str, unit: str) -> str:
    """Give an account another role. Raises UserError; returns what to say."""
    user = _with(home, lambda db: set_role(db, name, role, unit=unit, by=BY))
    return f"{user.name} 现在是{_role(user)}，要重新登录。"


def change_password(home: Path, name: str, password: str) -> str:
    """Replace a password. Raises UserError; returns what to say."""
    from review.passwords import hashed

    stored = hashed(password, name)
    _with(home, lambda db: set_password(db, name, stored, by=BY))
    return f"{name} 的密码已改，要重新登录。"


def disable(home: Path, name: str, *, again: bool) -> str:
    """Let an account in no more, or ``again``. Raises UserError; returns what to say."""
    user = _with(home, lambda db: set_active(db, name, active=again, by=BY))
    return f"{user.name} 已{'启用' if again else '停用，登录随即失效'}。"


def check_log(home: Path, known: str) -> audit.Checked:
    """Check the chain of the log, and that the head ``known`` is part of it."""
    return _with(home, lambda db: audit.verify(db, known))


def checked_sentence(found: audit.Checked) -> str:
    """What a check found, in one sentence."""
    if found.broken is not None:
        return f"操作日志从第 {found.broken} 条起对不上：有人改动过数据库，请保留现场并查明。"
    if not found.known:
        return "操作日志里没有您给出的那一条：末尾的日志可能被删去，请与备份核对。"
    if not found.entries:
        return "操作日志是空的。"
    return f"操作日志 {found.entries} 条，首尾相接，没有改动。最后一条：{found.head}"


def print_users(rows: list[dict[str, Any]]) -> None:
    """One account a line."""
    from rich.console import Console

    from zugao.console import safe

    console = Console(highlight=False, soft_wrap=True)
    for row in rows:
        unit = f"　{safe(row['unit'])}" if row["unit"] else ""
        off = "" if row["active"] else "　[dim]已停用[/]"
        console.print(f"{safe(row['name'])}　{ROLES[row['role']]}{unit}{off}")
    if not rows:
        console.print("还没有账号：编辑台在本机以单人模式运行，不用登录。")


def _role(user: User) -> str:
    return ROLES[user.role] + (f"，{user.unit}" if user.unit else "")


def _with(home: Path, work: Callable[[Database], T]) -> T:
    db = open_database(load_settings(home).database)
    try:
        return work(db)
    finally:
        db.close()
