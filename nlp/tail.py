"""The tail of a piece: 附件, 落款 (unit and date), by-lines, copies (抄送)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from nlp.byline import is_labelled, is_name, is_unit, read_bracket, read_sender
from nlp.dateline import find_date, read_date_line
from nlp.types import Block, Role

_LONGEST_NAME = 80
_TAIL_LINES = 12
_LONGEST_TAIL_LINE = 100
_LONGEST_SIGNATURE = 40
_ATTACHMENT = re.compile(r"附件?\s{0,4}[\d一二三四五六七八九十]{0,3}\s{0,4}[:：]\s{0,4}(.*)")
_ATTACHMENT_ALONE = re.compile(r"附件\s{0,4}[\d一二三四五六七八九十]{0,3}\s{0,4}[:：.、]?")
_ITEM = re.compile(r"\s{0,8}\d{1,2}[.．、]\s{0,4}")
_COPIES = re.compile(r"(?:抄送|主送|报送?|送|发|分送|抄报)\s?[:：]|[（(]?共印\s?\d+\s?份|[（(]此件")
_PUNCTUATION = re.compile("[，。；：！？,;:!?]")


def mark_attachments(
    blocks: Sequence[Block], roles: list[Role | None], rest: Sequence[int]
) -> tuple[str, ...]:
    """Mark "附件：…" among the open lines and all that follows it; the attachments' names.

    A signature and date between the list and the attachments themselves stay open.
    """
    names: list[str] = []
    listing = False
    for place, i in enumerate(rest):
        text = blocks[i].text
        if place == 0 or len(text) > _LONGEST_NAME or text.endswith("。"):
            if not listing:
                continue
        elif found := _ATTACHMENT.fullmatch(text):
            listing = True
            names += _split_names(found[1])
            roles[i] = "attachment"
            continue
        elif opens_attachments(text):
            return _mark_rest(blocks, roles, rest[place:], names)
        if not listing or is_signing(blocks[i]) or roles[i]:
            continue
        if blocks[i].label or _ITEM.match(text):
            names += _split_names(text)
            roles[i] = "attachment"
        else:
            return _mark_rest(blocks, roles, rest[place:], names)
    return tuple(names)


def _mark_rest(
    blocks: Sequence[Block], roles: list[Role | None], rest: Sequence[int], names: list[str]
) -> tuple[str, ...]:
    for i in rest:
        roles[i] = "attachment"
    if not names and len(rest) > 1 and len(title := blocks[rest[1]].text) <= _LONGEST_NAME:
        names.append(title)
    return tuple(names)


def _split_names(text: str) -> list[str]:
    """Names in "1.甲表 2.乙表", "《甲表》；《乙表》" or a single one."""
    parts = re.split(r"(?:^|[\s；;、])\d{1,2}[.．、]", text)
    return [name for part in parts if (name := part.strip(" \u3000；;。"))]


def opens_attachments(text: str) -> bool:
    """Whether a line is "附件", "附件1" alone: what follows it is an attachment's own text."""
    return len(text) <= 12 and bool(_ATTACHMENT_ALONE.fullmatch(text))


def is_signing(block: Block) -> bool:
    """Whether a line belongs to the 落款 or a by-line at the end of a piece."""
    return tail_role(block) is not None


def tail_role(block: Block) -> Role | None:
    """The role that a line has if it stands in the tail; None for a line of prose."""
    if len(block.text) > _LONGEST_TAIL_LINE:
        return None
    return _tail_role(block.text, block.align)


@lru_cache(maxsize=512)
def _tail_role(text: str, align: str) -> Role | None:
    if read_date_line(text) is not None:
        return "date"
    if is_labelled(text):
        return "byline"
    if _COPIES.match(text):
        return "furniture"
    if text[0] in "（([［":
        content = text.strip("（）()[]［］ \u3000")
        return "byline" if text[-1] in "）)]］" and is_bracket_sender(content) else None
    if len(text) > _LONGEST_SIGNATURE or _PUNCTUATION.search(text):
        return None
    if is_unit(text) or dated_unit(text)[0]:
        return "signature"
    if read_sender(text).author:
        return "byline"
    if align == "right" and len(text) <= 30:
        return "byline" if is_name(text) else "signature"
    return "byline" if is_name(text) and len(text) <= 8 else None


def is_bracket_sender(content: str) -> bool:
    """Whether the content of a bracket that fills a line names who wrote the piece."""
    named = content.startswith(("作者", "执笔", "供稿", "来源"))
    return named or bool(read_bracket(content)) or bool(dated_unit(content)[0])


def dated_unit(text: str) -> tuple[str, str]:
    """(unit, ISO date) of "临溪县委组织部  2026年9月30日"; ("", "") if it is not that."""
    found = find_date(text) if len(text) <= 60 else None
    if not found or found[2] != len(text):
        return "", ""
    unit = text[: found[1]].strip(" \u3000编印")
    return (unit, found[0]) if is_unit(unit) else ("", "")


def mark_tail(blocks: Sequence[Block], roles: list[Role | None], rest: Sequence[int]) -> None:
    """Give roles to the last open lines, from the end up to the first line of prose."""
    for i in reversed(rest[-_TAIL_LINES:]):
        role = tail_role(blocks[i])
        if role is None:
            return
        roles[i] = role
