"""A printed issue → its items: column, title, by-line, text of each.

The contents tell the titles where there are any; else the look of the lines tells them (the size
most titles are set in), and in plain text the by-lines: an item begins below the by-line that
closes the last one, or with a title that has a by-line under it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from nlp.byline import is_labelled, is_name, is_unit, read_sender
from nlp.frame import tidy
from nlp.head import body_size, has_title_shape
from nlp.heading import split_number
from nlp.masthead import (
    COLUMN,
    Masthead,
    entry_of,
    is_contents,
    read_contents,
    read_masthead,
)
from nlp.types import Block, Reading

_PROSE: Final = 40
"""Characters from which a line counts as prose; a shorter one does if it ends like a sentence."""
_LONGEST_TITLE: Final = 60
_LONGEST_BYLINE: Final = 60
_LONGEST_COLUMN: Final = 12
_LARGER: Final = 1.15
"""A title is set so much larger than the text."""
_FOUND: Final = 0.6
"""So many of the contents' titles must be found below, else the contents are not believed."""
_COLUMN_EDGE = "【】[]［］〔〕◆■●▲◇★☆▶►◀◄※ \u3000"
_IMPRINT = re.compile(
    r"(?:主?报送?|主?送|抄[报送]|[分发]送|发|责任?编辑?|责编|编辑|主编|校对|审稿|核稿|签发|地址"
    r"|邮编|电话|投稿邮箱|电子邮箱|印数)\s?[:：]|.{0,30}(?:共印|印)\s?\d{1,6}\s?份|.{2,40}印发$"
)
_BRACKETED = re.compile(r"[（(]([^（）()]{2,50})[）)]")
_SENTENCE_ENDS = "。！？；：，"
_LEFT_QUOTES = re.compile(r"“\s{0,3}”|‘\s{0,3}’")
_INNER_SPACE = re.compile(r"(?<=[^\x00-\x7f])[ \u3000]{1,4}(?=[^\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """One piece of a printed issue."""

    title: str
    column: str
    byline: str  # as printed, without brackets; "" if there is none
    text: str  # paragraphs joined by newlines, without title and by-line


@dataclass(frozen=True, slots=True)
class PrintedIssue:
    """An issue as read; ``masthead`` has "" for what it does not say."""

    masthead: Masthead
    items: tuple[PrintedItem, ...]


def split_issue(reading: Reading) -> PrintedIssue:
    """The items of an issue in order; () if it holds none.

    Headers, footers and notes are left out, the masthead, the contents and the imprint too.
    """
    blocks = [b for b in tidy(reading.blocks)[0] if b.layer in ("body", "table", "textbox")]
    masthead, start = read_masthead([b.text for b in blocks])
    blocks = _without_imprint(blocks[start:])
    entries, blocks = _without_contents(blocks)
    blocks = _titles_joined(blocks, set(entries))
    titles = _by_contents(blocks, entries) or _by_look(blocks) or _by_bylines(blocks)
    return PrintedIssue(masthead, tuple(_items(blocks, titles)))


def _without_imprint(blocks: Sequence[Block]) -> list[Block]:
    """Lines without 报：… 送：… 共印…份 at the end."""
    end = len(blocks)
    while end and len(blocks[end - 1].text) <= 90 and _IMPRINT.match(blocks[end - 1].text):
        end -= 1
    return list(blocks[:end])


def _without_contents(blocks: list[Block]) -> tuple[tuple[str, ...], list[Block]]:
    """(folded titles of the contents, the lines but for the contents)."""
    for at, block in enumerate(blocks[:6]):
        if is_contents(block.text):
            entries, size = read_contents([b.text for b in blocks[at + 1 :]])
            return entries, blocks[:at] + blocks[at + 1 + size :]
    return (), blocks


def _titles_joined(blocks: Sequence[Block], entries: Set[str]) -> list[Block]:
    """The lines, two that are one title of the contents together made one."""
    joined: list[Block] = []
    for block in blocks:
        if joined and len(block.text) < _PROSE and entry_of(joined[-1].text) not in entries:
            both = joined[-1].text + block.text
            if entry_of(both) in entries:
                joined[-1] = replace(joined[-1], text=both)
                continue
        joined.append(block)
    return joined


def _by_contents(blocks: Sequence[Block], entries: Sequence[str]) -> list[int]:
    """Lines that are titles of the contents, each once."""
    left = set(entries)
    found: list[int] = []
    for at, block in enumerate(blocks):
        if len(block.text) > _LONGEST_TITLE or COLUMN.fullmatch(block.text):
            continue
        if (own := entry_of(block.text)) in left:
            left.remove(own)
            found.append(at)
    columns = sum(1 for entry in left if len(entry) <= _LONGEST_COLUMN)
    return found if len(found) >= _FOUND * (len(entries) - columns) else []


def _by_look(blocks: Sequence[Block]) -> list[int]:
    """Lines set in the size (and style) that most of the larger lines over text are set in."""
    usual = body_size(blocks)
    if not usual:
        return []
    large = [
        at
        for at, block in enumerate(blocks)
        if block.size >= _LARGER * usual and _may_head(blocks, at)
    ]
    if not large:
        return []
    looks = Counter((blocks[at].size, blocks[at].align) for at in large)
    look = max(looks, key=lambda one: (looks[one], one[0]))
    return [at for at in large if (blocks[at].size, blocks[at].align) == look]


def _by_bylines(blocks: Sequence[Block]) -> list[int]:
    """Title-like lines in plain text: the first, and those next to a by-line or a column.

    Where there is neither, every title-like line over text counts.
    """
    shaped = [at for at in range(len(blocks)) if _may_head(blocks, at)]
    marked = [
        at
        for at in shaped
        if (at > 0 and (_closes(blocks[at - 1]) or COLUMN.fullmatch(blocks[at - 1].text)))
        or _is_byline(blocks[at + 1])
    ]
    return sorted({*shaped[:1], *marked}) if marked else shaped


def _may_head(blocks: Sequence[Block], at: int) -> bool:
    """Whether a line has the shape of a title and stands over text, a by-line perhaps between."""
    block = blocks[at]
    if block.layer == "table" or not has_title_shape(block.text) or len(block.text) < 4:
        return False
    if COLUMN.fullmatch(block.text) or _closes(block) or block.label:
        return False
    return any(_is_prose(b) for b in blocks[at + 1 : at + 5])


def _is_prose(block: Block) -> bool:
    text = block.text
    return len(text) >= _PROSE or (len(text) >= _PROSE // 2 and text[-1] in "。！？")


def _closes(block: Block) -> bool:
    """Whether a line is nothing but a bracket with a by-line: "（临溪县委组织部 张三）"."""
    found = _BRACKETED.fullmatch(block.text.strip())
    return found is not None and not any(mark in found[1] for mark in "。！？；")


def _is_byline(block: Block) -> bool:
    """Whether a line under a title says who wrote: units, names, a bracket, a labelled line."""
    text = block.text.strip()
    if not text or len(text) > _LONGEST_BYLINE or text[-1] in _SENTENCE_ENDS:
        return False
    if _closes(block) or is_labelled(text) or is_name(text):
        return True
    if "，" in text:
        return False
    parts = [part.removesuffix("综合") for part in re.split(r"[、\s]+", text) if part]
    return (
        any(map(is_unit, parts))
        or bool(read_sender(text))
        or (block.align == "center" and len(text) <= 20)
    )


def _items(blocks: Sequence[Block], titles: Sequence[int]) -> list[PrintedItem]:
    """The items between the titles; what stands before the first is its column or nothing."""
    if not titles:
        return []
    items: list[PrintedItem] = []
    column = _column(blocks[: titles[0]])[0]
    for start, end in zip(titles, [*titles[1:], len(blocks)], strict=True):
        last = end == len(blocks)  # a short line there heads nothing
        following, size = ("", 0) if last else _column(blocks[start + 1 : end])
        items.append(_item(list(blocks[start : end - size]), column))
        column = following or column
    return items


def _column(blocks: Sequence[Block]) -> tuple[str, int]:
    """The column that the last of these lines names, and how many lines that takes: 0 or 1."""
    if not blocks:
        return "", 0
    text = blocks[-1].text.strip()
    if COLUMN.fullmatch(text):
        return text.strip(_COLUMN_EDGE), 1
    plain = 2 <= len(text) <= _LONGEST_COLUMN and not any(c in text for c in "。，；：！？、（(")
    if plain and not is_unit(text) and not is_name(text) and not split_number(text)[2]:
        return "".join(text.split()), 1
    return "", 0


def _item(lines: list[Block], column: str) -> PrintedItem:
    title, rest = lines[0].text, lines[1:]
    while len(rest) > 1 and _goes_on(lines[0], rest[0]):
        title += rest.pop(0).text
    bylines: list[str] = []
    while rest and _is_byline(rest[0]) and len(bylines) < 3:
        bylines.append(_unbracketed(rest.pop(0).text))
    if not bylines:
        rest, bylines = _signed(rest)
    text = "\n".join((b.label + b.text).strip() for b in rest)
    return PrintedItem(tidy_title(title), column, "　".join(bylines), text)


def _goes_on(title: Block, following: Block) -> bool:
    """Whether a large title goes on in the next line: set alike and no by-line."""
    same = (title.size, title.align, title.style) == (
        following.size, following.align, following.style,
    )  # fmt: skip
    return same and title.size > 0 and not _is_prose(following) and title.align == "center"


def _signed(rest: list[Block]) -> tuple[list[Block], list[str]]:
    """Lines without the by-line at their end, and that by-line."""
    if not rest:
        return rest, []
    last = rest[-1]
    text = last.text.strip()
    if _closes(last) or (len(rest) > 1 and last.align == "right" and _is_byline(last)):
        return rest[:-1], [_unbracketed(text)]
    if len(rest) > 1 and len(text) <= 30 and (is_labelled(text) or is_unit(text)):
        return rest[:-1], [text]
    opened = text.rfind("（")
    if text.endswith("）") and 0 <= len(text) - opened <= _LONGEST_BYLINE and opened > 0:
        inside = text[opened + 1 : -1]
        if is_labelled(inside) or is_unit(inside) or read_sender(inside):
            cut = Block(last.layer, last.label, text[:opened], last.style)
            return [*rest[:-1], cut], [inside]
    return rest, []


def _unbracketed(text: str) -> str:
    found = _BRACKETED.fullmatch(text.strip())
    return found[1].strip() if found else text.strip()


def tidy_title(title: str) -> str:
    """A title without what a PDF's text layer moves about: empty quotation marks, wide gaps.

    A gap that sets two halves of a title apart (支部建在科室 党员冲在床旁) stays as one space.
    """
    cleaned = _LEFT_QUOTES.sub("", title).strip()
    return _INNER_SPACE.sub(" ", cleaned)
