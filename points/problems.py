"""What is wrong with a profile, as Chinese clauses that name the key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TYPES = {
    "missing": "没有写",
    "extra_forbidden": "不是计分办法的项，请删去或检查拼写",
    "string_type": "应当是文字（加引号）",
    "string_too_short": "不能是空的",
    "string_too_long": "太长",
    "bool_type": "应当是 true 或 false",
    "bool_parsing": "应当是 true 或 false",
    "int_type": "应当是整数",
    "int_parsing": "应当是整数",
    "int_from_float": "应当是整数",
    "tuple_type": "应当是列表",
    "dict_type": "应当是一组项",
    "model_type": "应当是一组项",
    "model_attributes_type": "应当是一组项",
}
_BOUNDS = {
    "greater_than": ("gt", "应当大于"),
    "greater_than_equal": ("ge", "不能小于"),
    "less_than_equal": ("le", "不能大于"),
}


def problem(error: Mapping[str, Any]) -> str:
    """One clause for one error of pydantic."""
    kind, context = error["type"], error.get("ctx", {})
    where = _place(error["loc"])
    if kind == "value_error":
        return f"{where}{context['error']}"
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"{where}{words}{context[key]}"
    if kind == "literal_error":
        return f"{where}应当是{_listed(context['expected'])}"
    return where + _TYPES.get(kind, "写得不对")


def _listed(expected: str) -> str:
    return expected.replace(" or ", "、").replace(", ", "、").replace("'", '"')


def _place(path: tuple[int | str, ...]) -> str:
    """``adoption.rules 第3条 when.level ``; type names that pydantic puts between are left out."""
    words = ""
    for part in path:
        if isinstance(part, int):
            words += f" 第{part + 1}条 "
        elif "[" not in part:
            words += part if not words or words.endswith(" ") else f".{part}"
    return words.rstrip() + " " if words else ""
