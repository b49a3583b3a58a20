"""Who may use the desk, who is at it now, and the log of what they did there.

A session is known by the hash of its id only. The log is appended to and chained by hashes
(:mod:`storage.audit`): a row that is changed behind the triggers no longer fits its neighbours.
"""

from __future__ import annotations

from typing import Final

from storage.schema_adoption import append_only

ROLES: Final = {
    "submitter": "报送单位",
    "editor": "编辑",
    "analyst": "统计分析",
    "admin": "管理员",
}

_LISTED: Final = ", ".join(f"'{role}'" for role in ROLES)

STATEMENTS: Final[tuple[str, ...]] = (
    f"""
    CREATE TABLE user (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE CHECK (name <> ''),
      role TEXT NOT NULL CHECK (role IN ({_LISTED})),
      unit_id INTEGER REFERENCES unit(id),
      password TEXT NOT NULL,
      active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
      made_at TEXT NOT NULL,
      CHECK ((role = 'submitter') = (unit_id IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX user_by_unit ON user (unit_id) WHERE unit_id IS NOT NULL",
    """
    CREATE TABLE _session (
      id_hash TEXT PRIMARY KEY CHECK (length(id_hash) = 64),
      user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
      began_at TEXT NOT NULL,
      seen_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX _session_by_user ON _session (user_id)",
    """
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY,
      at TEXT NOT NULL,
      who TEXT NOT NULL,
      kind TEXT NOT NULL,
      object TEXT NOT NULL,
      detail TEXT NOT NULL CHECK (json_valid(detail)),
      address TEXT NOT NULL,
      digest TEXT NOT NULL CHECK (length(digest) = 64)
    ) STRICT
    """,
    *append_only("audit", "entries of the log"),
)

MEANINGS: Final[dict[str, dict[str, str]]] = {
    "user": {
        "": "可以登录工作台的账号",
        "id": "账号编号",
        "name": "登录名",
        "role": "角色：submitter 报送单位，editor 编辑，analyst 统计分析，admin 管理员",
        "unit_id": "报送单位编号，只有报送单位的账号有",
        "password": "密码的argon2散列，不能还原",
        "active": "是否启用：1 是，0 否",
        "made_at": "建立时间（UTC）",
    },
    "_session": {
        "": "正在登录的会话；退出、停用、改角色、改密码时删去",
        "id_hash": "会话号的SHA-256",
        "user_id": "账号编号",
        "began_at": "登录时间（UTC）",
        "seen_at": "最近一次使用（UTC，约一分钟一记）",
    },
    "audit": {
        "": "操作日志：只增加，每条的摘要包含上一条的摘要，zugao audit verify 可查有无改动",
        "id": "序号，从1起连续",
        "at": "时间（UTC）",
        "who": "登录名；命令行上的操作记为“命令行”",
        "kind": "种类，如 login、denied、decide、download",
        "object": "对象，如 draft:12，没有则为空文本",
        "detail": "补充，JSON；不含稿件文字",
        "address": "来自哪个地址，没有则为空文本",
        "digest": "上一条摘要与本条内容的SHA-256",
    },
}
