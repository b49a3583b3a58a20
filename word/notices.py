"""What a reader of a Word file should know beyond its text: the codes, in one place.

A notice says what was left out, what is not plain text, and what could not be understood; its
sentence is one clause for people.
"""

from __future__ import annotations

from collections import Counter

from nlp.types import Notice

# Code → clause; {n} is the count. In the order in which they are shown.
_CLAUSES = {
    "hidden_text": "含隐藏文字{n}处（未计入正文）",
    "comments": "含批注{n}条",
    "text_boxes": "含{n}个文本框",
    "pictures": "含图片{n}张",
    "charts": "含图表{n}个（只读出标题）",
    "diagrams": "含智能图形{n}个",
    "nested_tables": "含嵌套表格{n}个",
    "footnotes": "含脚注{n}条",
    "endnotes": "含尾注{n}条",
    "equations": "含公式{n}处",
    "equation_objects": "含公式对象{n}个（内容未读出）",
    "embedded_objects": "含嵌入对象{n}个（内容未读出）",
    "alt_chunk": "含插入的外部文档片段{n}处（内容未读出）",
    "sub_documents": "引用子文档{n}个（内容未读出）",
    "placeholders": "有{n}处内容控件未填写",
    "external_template": "引用外部模板（未访问）",
    "external_links": "引用外部图片或对象{n}处（未访问）",
    "note_numbers": "脚注每页重新编号，此处连续编号",
    "unknown_symbols": "有{n}个特殊符号未能识别（显示为□）",
    "unknown_fields": "有{n}处域代码未能识别",
    "broken_fields": "域代码不完整，可能多读出少量文字",
    "damaged_parts": "有{n}个附属部件损坏，其内容未读出",
}


class Tally(Counter[str]):
    """Counts while a file is read, by notice code.

    Tracked changes are counted apart as ``inserted``, ``deleted``, ``moved_from``, ``moved_to``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.unknown_formats: set[str] = set()  # list formats that are shown in plain digits

    def notices(self) -> tuple[Notice, ...]:
        """All that was counted, in a fixed order."""
        found = [*self._tracked(), *self._unknown_numbering()]
        found += (
            Notice(code, clause.format(n=self[code]), self[code])
            for code, clause in _CLAUSES.items()
            if self[code]
        )
        return tuple(found)

    def _tracked(self) -> list[Notice]:
        changes = {
            "插入": self["inserted"],
            "删除": self["deleted"],
            "移动": max(self["moved_from"], self["moved_to"]),
        }
        listed = "、".join(f"{name}{n}处" for name, n in changes.items() if n)
        total = sum(changes.values())
        return [Notice("tracked_changes", f"含修订痕迹（{listed}）", total)] if total else []

    def _unknown_numbering(self) -> list[Notice]:
        names = sorted(self.unknown_formats)
        if not names:
            return []
        listed = "、".join(names)
        clause = f"有{len(names)}种编号格式未能识别（{listed}），按阿拉伯数字显示"
        return [Notice("unknown_numbering", clause, len(names))]
