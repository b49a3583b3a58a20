"""What a rule may ask: the fields of each section of a profile, in one table."""

from __future__ import annotations

from typing import Final

LEVELS: Final = ("县", "市", "省", "中央")
"""From the lowest to the highest."""

STATES: Final = ("按时", "迟交", "未交")
"""What became of a commission."""

SECTIONS: Final[dict[str, str]] = {
    "adoption": "采用",
    "instruction": "批示",
    "outcome": "转化",
    "commission": "约稿",
    "topic": "课题",
    "fault": "差错",
    "bonus": "手工加减分",
    "period": "期间",
}
"""Sections of a profile, as the ledger names them; ``bonus`` has no rules."""

_WHO = {"group", "unit"}
_DRAFT = {"genre", "class", "theme"}

FIELDS: Final[dict[str, frozenset[str]]] = {
    "adoption": frozenset(
        {"level", "outlet", "outlet_kind", "tier", "column", "form", "characters"}
        | {"draft_characters", "sources", "share", "nth"} | _WHO | _DRAFT
    ),
    "instruction": frozenset(
        {"level", "person", "form", "nth", "nth_in_level"} | _WHO | _DRAFT
    ),
    "outcome": frozenset({"level", "form", "nth"} | _WHO | _DRAFT),
    "commission": frozenset({"state", "days_late", "nth"} | _WHO),
    "topic": frozenset({"form", "award", "level", "person"} | _WHO),
    "fault": frozenset({"form", "severity", "nth"} | _WHO),
    "period": frozenset(
        {"submitted", "valid", "adopted", "rate", "commissions", "on_time", "late", "missed"}
        | {"instructions", "outcomes", "topics", "faults", "points", "count"} | _WHO
    ),
    "submission": frozenset({"characters"} | _WHO | _DRAFT),
}  # fmt: skip

COUNTS: Final[dict[str, str]] = {
    "submitted": "submission",
    "valid": "submission",
    "adopted": "adoption",
    "commissions": "commission",
    "on_time": "commission",
    "late": "commission",
    "missed": "commission",
    "instructions": "instruction",
    "outcomes": "outcome",
    "topics": "topic",
    "faults": "fault",
}
"""What a rule of a period can count, and whose fields its ``where`` may ask."""

NUMBERS: Final = frozenset(
    {"characters", "draft_characters", "sources", "share", "nth", "nth_in_level", "days_late"}
    | (FIELDS["period"] - _WHO)
)
"""Fields that are numbers; all others are text."""

CHOICES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("adoption", "level"): LEVELS,
    ("adoption", "form"): ("单篇", "综合", "摘要", "简讯", "约稿"),
    ("adoption", "outlet_kind"): ("刊物", "媒体", "内刊", "网站"),
    ("instruction", "level"): LEVELS,
    ("outcome", "level"): LEVELS,
    ("topic", "level"): LEVELS,
    ("commission", "state"): STATES,
}
"""Text fields whose values are a closed list: anything else is a slip of the pen."""

CLASSES: Final[dict[str, str]] = {
    "动态": "信息",
    "经验": "信息",
    "问题": "信息",
    "建议": "信息",
    "通知": "信息",
    "调研报告": "调研",
    "讲话": "宣传",
    "评论": "宣传",
    "信访": "信访",
}
"""Class of report of each genre, where a profile says nothing else."""

OTHER_CLASS: Final = "其他"
"""Class of a genre that neither the profile nor :data:`CLASSES` names."""
