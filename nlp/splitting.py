"""One manuscript → its drafts: a compilation is taken apart, an ordinary report never.

A file is a compilation if it says so (第一篇：… 第二篇：…, 【篇一】, 范文一, numbered from one),
or if after a finished piece (落款, date, "（某县委组织部 张三）") another title stands over new
prose, or if lines set exactly like the distinctive first title recur over prose. To miss one
costs an editor a glance; to cut a report in two spoils every figure made from it, so each rule
wants enough text on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from nlp.byline import ending_bracket
from nlp.frame import base_roles, tidy
from nlp.head import (
    LONGEST_TITLE,
    PIECE_MARKER,
    body_size,
    has_title_shape,
    is_displayed,
    same_display,
)
from nlp.structure import compose
from nlp.tail import is_signing, opens_attachments
from nlp.types import Block, Draft, Notice, Reading, Role

_SMALLEST_PIECE = 80
"""Characters of prose that a piece needs to stand on its own."""
_LONGEST_PREFACE = 300
_PROSE = 40
"""Characters from which a line counts as prose."""
_SHORTEST_TITLE = 6
_LONGEST_MARKER = 70

_HAN = "一二三四五六七八九十"
_SALUTATION = re.compile(r"(?:尊敬的|各位|同志们|大家好).{0,40}[:：！!]")
_THANKS = re.compile(r"谢谢(?:大家|各位)?[！!。]?$")
_NUMBERED_TITLE = re.compile(
    r"(?P<stem>.{0,40}(?:稿|范文|材料|讲话|发言|信息|报告|总结|汇报|心得|体会|方案|简报|提纲))"
    rf"[\s:：—-]?[（(【]?(?:篇|之|范文)?\s?(?P<number>[{_HAN}\d]{{1,3}})[）)】]?\s?[:：]?"
)
_NUMBER_LAST = re.compile(rf"[{_HAN}\d][）)】]?\s?[:：]?$")


def split(reading: Reading) -> tuple[Draft, ...]:
    """The drafts of a manuscript in order, positions from 1; () if it holds no draft's text.

    Every visible line of the file stands in exactly one paragraph of one draft, unless the file
    is nothing but furniture (a list of contents or links, site lines), which gives no draft.
    """
    blocks, removed = tidy(reading.blocks)
    roles = base_roles(blocks)
    notices = (*reading.notices, *removed)
    starts = _piece_starts(blocks, roles)
    drafts: list[Draft] = []
    for number, (start, end) in enumerate(pairwise([*starts, len(blocks)]), 1):
        piece = (blocks[start:end], roles[start:end])
        draft = compose(*piece, number, (*notices, *_origin(number, len(starts))))
        if draft is not None:
            drafts.append(draft)
    return tuple(drafts)


def _origin(number: int, total: int) -> tuple[Notice, ...]:
    if total == 1:
        return ()
    message = f"拆自合编稿件，共{total}篇，此为第{number}篇"
    return (Notice("split_from_compilation", message, total),)


def _piece_starts(blocks: Sequence[Block], roles: list[Role | None]) -> list[int]:
    """Index of the first block of each piece; the first is always 0.

    Markers without a title, and what stands before the first marker, become furniture.
    """
    flow = [i for i, role in enumerate(roles) if role is None]
    totals = _prose_totals(blocks, roles)
    if marked := _marked(blocks, flow, totals):
        for i in flow[: flow.index(marked[0])]:
            roles[i] = "furniture"
        for i in marked:
            if PIECE_MARKER.fullmatch(blocks[i].text):
                roles[i] = "furniture"
        return [0, *marked[1:]]
    if len(flow) < 4 or not _may_open(blocks[flow[0]].text):
        return [0]
    first = blocks[flow[0]]
    distinct = _is_distinct(first, body_size(blocks))
    return [
        0,
        *(
            _after_endings(blocks, flow, totals, first if distinct else None)
            or (_repeated_titles(blocks, flow, totals) if distinct else [])
        ),
    ]


def _prose_totals(blocks: Sequence[Block], roles: Sequence[Role | None]) -> list[int]:
    """Characters in open lines of prose before each block, and before the end."""
    lengths = (
        len(block.text) if role is None and len(block.text) >= _PROSE else 0
        for block, role in zip(blocks, roles, strict=True)
    )
    return list(accumulate(lengths, initial=0))


def _all_large(totals: Sequence[int], places: Sequence[int]) -> bool:
    """Whether enough prose stands between each place and the next, and after the last."""
    ends = [*places, len(totals) - 1]
    return all(totals[end] - totals[start] >= _SMALLEST_PIECE for start, end in pairwise(ends))


def _marked(blocks: Sequence[Block], flow: Sequence[int], totals: Sequence[int]) -> list[int]:
    """Lines "第一篇：…", "第二篇：…" numbered from one, each with enough text under it, or [].

    Where the numbers begin anew the earlier ones are a list of contents.
    """
    short = [i for i in flow if len(blocks[i].text) <= _LONGEST_MARKER]
    found = [(i, *_marker(blocks[i].text)) for i in short]
    markers = [(i, kind, number) for i, kind, number in found if number]
    ones = [place for place, (_, _, number) in enumerate(markers) if number == 1]
    markers = markers[ones[-1] :] if ones else []
    if len(markers) < 2 or len({kind for _, kind, _ in markers}) > 1:
        return []
    if [number for _, _, number in markers] != list(range(1, len(markers) + 1)):
        return []
    places = [i for i, _, _ in markers]
    preface = sum(len(blocks[i].text) for i in flow if i < places[0])
    return places if preface <= _LONGEST_PREFACE and _all_large(totals, places) else []


def _marker(text: str) -> tuple[str, int]:
    """(kind, number) of a short line that opens a numbered piece; ("", 0) for any other."""
    if text.endswith(("。", "；", "，")):
        return "", 0
    if match := PIECE_MARKER.match(text):
        kind = match.lastgroup or ""
        return kind, _number(match[kind])
    if _NUMBER_LAST.search(text, max(0, len(text) - 4)) and (
        match := _NUMBERED_TITLE.fullmatch(text)
    ):
        return match["stem"].strip(), _number(match["number"])
    return "", 0


def _number(text: str) -> int:
    """Number from 1 to 999 in Arabic or from 1 to 99 in Chinese figures; 0 if it is none."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if any(len(part) > 1 for part in (tens, ones)):
        return 0
    return ((_HAN.find(tens) + 1 if tens else 1) * 10 if ten else 0) + (
        _HAN.find(ones) + 1 if ones else 0
    )


def _may_open(text: str) -> bool:
    """Whether a line could be the first of a piece: a title or a salutation."""
    return has_title_shape(text) or bool(_SALUTATION.fullmatch(text))


def _after_endings(
    blocks: Sequence[Block], flow: Sequence[int], totals: Sequence[int], first: Block | None
) -> list[int]:
    """Titles that follow a finished piece, where the last piece is finished as well.

    A single 落款 in the middle of a file (a letter that a report quotes) does not split it,
    unless each new title is set exactly like ``first``, a title unmistakably set apart.
    """
    if not any(
        _could_be_title(blocks, flow, place) and _closes(blocks[flow[place - 1]])
        for place in range(1, len(flow))
    ):
        return []
    starts: list[int] = []
    begin, closed = flow[0], False
    for place, i in enumerate(flow):
        block = blocks[i]
        if opens_attachments(block.text):
            break
        if _closes(block):
            closed = closed or totals[i + 1] - totals[begin] >= _SMALLEST_PIECE
        elif closed and _is_title(blocks, flow, place):
            starts.append(i)
            begin, closed = i, False
        else:
            closed = False
    if starts and not _all_large(totals, starts[-1:]):
        starts.pop()
    alike = first is not None and all(same_display(first, blocks[i]) for i in starts)
    return starts if closed or alike else []


def _closes(block: Block) -> bool:
    """Whether a line ends a piece: 落款, date, the sender's bracket, or the thanks of a speech."""
    text = block.text
    if is_signing(block) or ("谢谢" in text and _THANKS.search(text, max(0, len(text) - 12))):
        return True
    return len(text) >= _PROSE and ending_bracket(text) is not None


def _is_title(blocks: Sequence[Block], flow: Sequence[int], place: int) -> bool:
    """Whether the line at ``place`` of the flow has the words of a title over prose."""
    return _could_be_title(blocks, flow, place) and _may_open(blocks[flow[place]].text)


def _could_be_title(blocks: Sequence[Block], flow: Sequence[int], place: int) -> bool:
    """Whether a line is short and unnumbered, with prose close under it."""
    block = blocks[flow[place]]
    if block.label or not _SHORTEST_TITLE <= len(block.text) <= LONGEST_TITLE:
        return False
    return any(len(blocks[i].text) >= _PROSE for i in flow[place + 1 : place + 5])


def _is_distinct(block: Block, usual: float) -> bool:
    """Whether a block is unmistakably a title: a title style, or centred and clearly larger."""
    larger = usual > 0 and block.size >= usual * 1.15
    return is_displayed(block, usual) and (block.align != "center" or larger)


def _repeated_titles(
    blocks: Sequence[Block], flow: Sequence[int], totals: Sequence[int]
) -> list[int]:
    """Lines set exactly like the first, a distinct title, each over enough prose, or []."""
    first = blocks[flow[0]]
    alike = [same_display(first, blocks[i]) for i in flow]
    titles = [
        i
        for place, i in enumerate(flow)
        if alike[place] and not (place and alike[place - 1]) and _is_title(blocks, flow, place)
    ]
    if len(titles) < 2 or titles[0] != flow[0] or not _all_large(totals, titles):
        return []
    return titles[1:]
