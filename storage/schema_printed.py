"""What the matching of printed items needs: files of the issues folder, indexes, 已刊发.

``_item_fingerprint`` and ``_title_gram`` are inverted indexes like ``_fingerprint``: they hold no
foreign key to what they point at, and who reads them drops what is gone. A draft or item is
indexed once; what of it was looked at stands in ``_titled_draft`` and ``_matched_item``.
"""

from __future__ import annotations

from typing import Final

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE issue_file (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('read', 'partly', 'refused')),
        reason TEXT NOT NULL DEFAULT '',
        detail TEXT NOT NULL DEFAULT '',
        items INTEGER NOT NULL DEFAULT 0 CHECK (items >= 0),
        taken_at TEXT NOT NULL,
        CHECK ((state = 'read') = (reason = ''))
    ) STRICT
    """,
    """
    CREATE TABLE printed_reuse (
        draft_id INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
        item_id INTEGER NOT NULL REFERENCES printed_item(id) ON DELETE CASCADE,
        cover REAL NOT NULL CHECK (cover BETWEEN 0 AND 1),
        item_cover REAL NOT NULL CHECK (item_cover BETWEEN 0 AND 1),
        shared_characters INTEGER NOT NULL CHECK (shared_characters >= 0),
        longest INTEGER NOT NULL CHECK (longest >= 0),
        made_at TEXT NOT NULL,
        PRIMARY KEY (draft_id, item_id)
    ) STRICT
    """,
    "CREATE INDEX printed_reuse_by_item ON printed_reuse (item_id, draft_id)",
    """
    CREATE TABLE _item_fingerprint (
        hash INTEGER NOT NULL,
        item_id INTEGER NOT NULL,
        PRIMARY KEY (hash, item_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE _title_gram (
        hash INTEGER NOT NULL,
        printed INTEGER NOT NULL CHECK (printed IN (0, 1)),
        id INTEGER NOT NULL,
        PRIMARY KEY (hash, printed, id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE _titled_draft (
        draft_id INTEGER PRIMARY KEY REFERENCES draft(id) ON DELETE CASCADE
    ) STRICT
    """,
    """
    CREATE TABLE _matched_item (
        item_id INTEGER PRIMARY KEY REFERENCES printed_item(id) ON DELETE CASCADE,
        last_draft INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX issue_by_file ON issue (sha256) WHERE sha256 IS NOT NULL",
)

_ALREADY_PRINTED: Final = """
CREATE VIEW already_printed AS
SELECT
  reuse.draft_id,
  drafts.title,
  drafts.unit,
  drafts.received_on,
  reuse.cover,
  reuse.item_cover,
  reuse.shared_characters,
  reuse.longest,
  reuse.item_id,
  printed_item.title AS printed_title,
  outlet.name AS outlet,
  outlet.level,
  issue.number AS issue_number,
  issue.published_on
FROM printed_reuse AS reuse
JOIN printed_item ON printed_item.id = reuse.item_id
JOIN issue ON issue.id = printed_item.issue_id
JOIN outlet ON outlet.id = issue.outlet_id
JOIN drafts ON drafts.draft_id = reuse.draft_id
"""

VIEWS: Final[dict[str, str]] = {"already_printed": _ALREADY_PRINTED}

MEANINGS: Final[dict[str, dict[str, str]]] = {
    "issue_file": {
        "": "刊发文件夹里读过的文件，一个内容一行",
        "id": "编号",
        "sha256": "文件内容的SHA-256",
        "name": "文件名",
        "state": "状态：read 已读入，partly 有几行没有读入，refused 未能读入（下次再试）",
        "reason": "没有读入的原因代码，全部读入的为空文本",
        "detail": "没有读入的原因",
        "items": "读入的条目数",
        "taken_at": "读入时间（UTC）",
    },
    "printed_reuse": {
        "": "已刊发：来稿与在它入库之前就已登记的刊发条目文字重合",
        "draft_id": "稿件编号",
        "item_id": "刊发条目编号",
        "cover": "稿件正文中与刊发文字重合的比例（0–1）",
        "item_cover": "刊发文字中与稿件重合的比例（0–1）",
        "shared_characters": "重合字数（汉字、字母、数字）",
        "longest": "最长一段重合的字数",
        "made_at": "比对时间（UTC）",
    },
    "already_printed": {
        "": "已刊发的来稿：收到时，同样的文字已经印发",
        "draft_id": "稿件编号",
        "title": "来稿标题",
        "unit": "报送单位",
        "received_on": "收到日期（北京时间）",
        "cover": "稿件正文中与刊发文字重合的比例（0–1）",
        "item_cover": "刊发文字中与稿件重合的比例（0–1）",
        "shared_characters": "重合字数（汉字、字母、数字）",
        "longest": "最长一段重合的字数",
        "item_id": "刊发条目编号",
        "printed_title": "刊发标题",
        "outlet": "刊物",
        "level": "级别",
        "issue_number": "期号",
        "published_on": "印发日期",
    },
    "_item_fingerprint": {
        "": "刊发条目的文字指纹索引",
        "hash": "48位指纹",
        "item_id": "含此指纹的条目",
    },
    "_title_gram": {
        "": "标题索引：标题中每四个字的指纹",
        "hash": "48位指纹",
        "printed": "1 刊发条目的标题，0 来稿的标题",
        "id": "条目或稿件的编号",
    },
    "_titled_draft": {"": "标题已进索引的稿件", "draft_id": "稿件"},
    "_matched_item": {
        "": "比对过的刊发条目",
        "item_id": "条目",
        "last_draft": "比对时最后一篇稿件的编号",
    },
}
"""What each column means, in Chinese; "" = the table or view."""
