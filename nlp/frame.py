"""What of a file is not the draft's own running text: layers, furniture, contents, link lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.boilerplate import is_furniture, opens_link_list
from nlp.text import clean
from nlp.types import Block, Layer, Notice, Role

_LAYER_ROLES: dict[Layer, Role] = {
    "table": "table",
    "footnote": "note",
    "endnote": "note",
    "comment": "margin",
    "header": "margin",
    "footer": "margin",
}
_CONTENTS_STYLE = re.compile(r"(?:toc|目录|目錄)\s?\d", re.IGNORECASE)
_CONTENTS_HEAD = re.compile(r"目\s{0,6}[录錄次]")
_PAGE = r"[（(]?\d{1,3}[）)]?"
_LEADER_LINE = re.compile(rf"[^\t.…·]{{2,70}}\s?(?:[.·]{{3,}}|…+)\s?{_PAGE}")
_CONTENTS_LINE = re.compile(rf"\S.{{1,70}}?[\t \u3000]{_PAGE}")  # figures in a list look the same
_LINK = re.compile(r"https?://|www\.|\.s?html?\b")
_LONGEST_LINK = 80
_FEWEST = 3
"""So many lines in a row make a list of contents or links without a heading that says so."""


def tidy(blocks: Sequence[Block]) -> tuple[list[Block], tuple[Notice, ...]]:
    """Blocks with invisible characters removed, one per line, empty ones left out.

    A paragraph with line breaks (pasted web text) becomes several blocks, the first with the
    label; a table row keeps its breaks as spaces. The notices say what was removed.
    """
    lines: list[Block] = []
    counts: dict[str, Notice] = {}
    for block in blocks:
        text, notices = clean(block.text)
        if text == block.text == text.strip() and text and "\n" not in text:
            lines.append(block)
            continue
        for notice in notices:
            _add(counts, notice)
        if block.layer == "table":
            parts = [" ".join(text.split("\n")).rstrip(" \u3000")]
        else:
            parts = text.split("\n") if "\n" in text else [text]
        label = block.label
        for part in parts:
            part = part if block.layer == "table" else part.strip()
            if not part.strip():
                continue
            lines.append(replace(block, text=part, label=label))
            label = ""
    return lines, tuple(counts.values())


def _add(counts: dict[str, Notice], notice: Notice) -> None:
    """Add a notice to those of the same code; the count in its sentence follows."""
    known = counts.get(notice.code)
    if known:
        count = known.count + notice.count
        message = notice.message.replace(str(notice.count), str(count), 1)
        notice = replace(notice, count=count, message=message)
    counts[notice.code] = notice


def base_roles(blocks: Sequence[Block]) -> list[Role | None]:
    """Role of each block that its layer or its nature as furniture settles; None for the rest."""
    roles: list[Role | None] = [
        _LAYER_ROLES.get(b.layer) or ("furniture" if is_furniture(b.text) else None) for b in blocks
    ]
    flow = [i for i, role in enumerate(roles) if role is None or role == "furniture"]
    _mark_link_lists(blocks, roles, flow)
    _mark_runs(blocks, roles, flow)
    return roles


def _mark_link_lists(blocks: Sequence[Block], roles: list[Role | None], flow: list[int]) -> None:
    """Mark "相关文章：" and the short lines after it that hold no sentence."""
    inside = False
    for i in flow:
        text = blocks[i].text
        if opens_link_list(text):
            inside = True
        elif inside and (len(text) > _LONGEST_LINK or "。" in text):
            inside = False
        if inside:
            roles[i] = "furniture"


def _mark_runs(blocks: Sequence[Block], roles: list[Role | None], flow: list[int]) -> None:
    """Mark lists of contents and of links: by style, by heading, or three such lines in a row."""
    run: list[int] = []
    headed = False
    for i in [*flow, -1]:
        if i >= 0 and len(blocks[i].text) <= _LONGEST_LINK:
            block = blocks[i]
            if block.style and _CONTENTS_STYLE.match(block.style):
                roles[i] = "furniture"
                continue
            if _CONTENTS_HEAD.fullmatch(block.text):
                run, headed = [i], True
                continue
            if _LINK.search(block.text) or _names_page(block.text, headed=headed):
                run.append(i)
                continue
        if headed or len(run) >= _FEWEST:
            for j in run:
                roles[j] = "furniture"
        run, headed = [], False


def _names_page(text: str, *, headed: bool) -> bool:
    """Whether a line of a list of contents ends in its page; under its heading a gap will do."""
    if not (text[-1].isdecimal() or text[-1] in "）)"):
        return False
    return bool(_LEADER_LINE.fullmatch(text) or (headed and _CONTENTS_LINE.fullmatch(text)))
