"""The part that each line of one piece plays: title, by-line, heading, body, 落款, attachment.

Three passes over the lines that ``nlp.frame`` left open: the head (down to the first line of
prose), attachments and the tail (up from the last line), and what lies between. Evidence is
layout first (style, centring, size) and shape second, so plain text works too. The layout of
official documents follows GB/T 9704—2012.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp.counting import count_content
from nlp.head import mark_form, mark_head, title_text
from nlp.heading import (
    LONGEST_HEADING,
    is_bare_heading,
    is_heading_text,
    number_level,
    split_number,
    style_level,
)
from nlp.sender import find_sender
from nlp.tail import mark_attachments, mark_tail
from nlp.text import is_traditional
from nlp.types import CONTENT_ROLES, Block, Draft, Notice, Paragraph, Role

_PROSE = 40
"""Characters from which a line counts as prose; a shorter one does if it ends like a sentence."""
_SENTENCE_ENDS = "。：！；"

TRADITIONAL = Notice("traditional", "繁体字稿件，分析时按简体")


def compose(
    blocks: Sequence[Block],
    roles: Sequence[Role | None],
    position: int = 1,
    notices: tuple[Notice, ...] = (),
) -> Draft | None:
    """One piece as a draft; None if nothing of it is a draft's own text.

    ``blocks`` are tidy lines (``nlp.frame.tidy``) and ``roles`` what ``nlp.frame.base_roles``
    settled of them. Every block becomes exactly one paragraph of the draft.
    """
    settled = list(roles)
    flow = [i for i, role in enumerate(settled) if role is None]
    form_title = mark_form(blocks, settled)
    mark_head(blocks, settled, flow)
    if not any(role is None or role == "table" for role in settled):
        _release(settled, flow)
    if not any(role is None or role == "table" for role in settled):
        return None
    attachments = mark_attachments(blocks, settled, _open(settled, flow))
    mark_tail(blocks, settled, _open(settled, flow)[1:])
    levels = _heading_levels(blocks, settled)
    paragraphs = tuple(map(_paragraph, blocks, settled, levels))
    return _draft(blocks, paragraphs, form_title, attachments, position, notices)


def _open(roles: Sequence[Role | None], flow: Iterable[int]) -> list[int]:
    return [i for i in flow if roles[i] is None]


def _release(roles: list[Role | None], flow: Iterable[int]) -> None:
    """Take a title back where no text follows it: a title needs something that it heads."""
    for i in flow:
        if roles[i] in ("title", "subtitle"):
            roles[i] = None


def _heading_levels(blocks: Sequence[Block], roles: Sequence[Role | None]) -> list[int]:
    """Depth of each open block that is a heading, 0 for every other block."""
    numbered = [
        _numbered_level(block) if role is None else 0
        for block, role in zip(blocks, roles, strict=True)
    ]
    bare_level = 2 if 1 in numbered else 1
    levels = [0] * len(blocks)
    for i, role in enumerate(roles):
        if role is not None:
            continue
        if numbered[i]:
            levels[i] = numbered[i] if _heads_something(numbered, roles, i) else 0
        elif level := _unnumbered_level(blocks, roles, i):
            levels[i] = level if level > 0 else bare_level
    return levels


def _numbered_level(block: Block) -> int:
    """Level of a line that consists of a list number and heading text."""
    if len(block.text) > LONGEST_HEADING + 8:
        return 0
    if block.label:
        level, text = number_level(block.label), block.text
    else:
        _, text, level = split_number(block.text)
    return level if level and is_heading_text(text, level) else 0


def _heads_something(numbered: Sequence[int], roles: Sequence[Role | None], i: int) -> bool:
    """Whether text stands under a numbered line: items of a list have only siblings around."""
    after = i + 1
    if after == len(roles) or not (roles[after] is None or roles[after] in CONTENT_ROLES):
        return False
    siblings = numbered[after] == numbered[i] or (i > 0 and numbered[i - 1] == numbered[i])
    return not siblings


def _unnumbered_level(blocks: Sequence[Block], roles: Sequence[Role | None], i: int) -> int:
    """Depth that a style states for a line without a number; -1 for a heading by its shape."""
    block = blocks[i]
    if block.label or len(block.text) > LONGEST_HEADING:
        return 0
    stated = style_level(block.style, block.level)
    if stated and is_heading_text(block.text, 1):
        return stated
    if block.layer != "body" or not is_bare_heading(block.text) or i + 1 == len(blocks):
        return 0
    crowded = i > 0 and roles[i - 1] is None and len(blocks[i - 1].text) < _PROSE // 2
    after = blocks[i + 1].text
    prose = roles[i + 1] is None and (
        len(after) >= _PROSE or (len(after) >= _PROSE // 2 and after[-1] in _SENTENCE_ENDS)
    )
    return -1 if prose and (block.bold or not crowded) else 0


def _paragraph(block: Block, role: Role | None, level: int) -> Paragraph:
    if role is not None:
        return Paragraph(role, block.label, block.text)
    label, text = block.label, block.text
    if not label:
        label, text, _ = split_number(text)
    return Paragraph("heading" if level else "body", label, text, level)


def _draft(
    blocks: Sequence[Block],
    paragraphs: tuple[Paragraph, ...],
    form_title: str,
    attachments: tuple[str, ...],
    position: int,
    notices: tuple[Notice, ...],
) -> Draft:
    titles = [
        p.text
        for p, b in zip(paragraphs, blocks, strict=True)
        if p.role == "title" and b.layer != "table"
    ]
    sender, dated = find_sender(paragraphs)
    draft = Draft(
        position=position,
        title=title_text("".join(dict.fromkeys(titles))) or form_title,
        paragraphs=paragraphs,
        subtitle="".join(p.text.lstrip("—–- ") for p in paragraphs if p.role == "subtitle"),
        unit=sender.unit,
        author=sender.author,
        signer=sender.signer,
        phone=sender.phone,
        dated=dated,
        attachments=attachments,
        characters=count_content((p.role, b) for p, b in zip(paragraphs, blocks, strict=True)),
        notices=notices,
    )
    if is_traditional(draft.text):
        return replace(draft, notices=(*notices, TRADITIONAL))
    return draft
