"""Files that units sent through the desk: told from the moment they lie in the inbox."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE upload (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      unit_id INTEGER NOT NULL REFERENCES unit(id),
      who TEXT NOT NULL,
      name TEXT NOT NULL,
      source TEXT NOT NULL UNIQUE,
      size INTEGER NOT NULL CHECK (size >= 0),
      sha256 TEXT NOT NULL,
      made_at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX upload_unit ON upload (unit_id, made_at)",
    "CREATE INDEX upload_content ON upload (unit_id, sha256)",
)

MEANINGS: Final = {
    "upload": {
        "": "单位在网上报送的文件：放进收件箱时记一行，读入后在 manuscript 里",
        "id": "编号",
        "unit_id": "报送单位编号",
        "who": "哪个账号",
        "name": "文件名，单位起的",
        "source": "在收件箱里的位置，与 manuscript.source 相同",
        "size": "字节数",
        "sha256": "内容的校验码",
        "made_at": "报送时间（UTC）",
    },
}
