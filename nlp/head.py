"""The head of a piece: masthead, title over one or more lines, subtitle, by-line, date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.byline import is_labelled, is_name, is_unit, read_bracket, read_cells, read_sender
from nlp.dateline import find_date, read_date_line
from nlp.heading import number_level, split_number
from nlp.types import Block, Role

LONGEST_TITLE = 80
_HEAD_LINES = 14
_PROSE = 40
"""Characters from which a line counts as prose."""
_FORM_ROWS = 12
_TITLE_STYLE = re.compile(r"(?:title|标题|標題|主标题|文章标题|正文标题|公文标题)", re.IGNORECASE)
_NO_TITLE = re.compile(r"[。；;\t\n]|[，,、：:．]$|^附件|^附[:：]|^[(（]")
_HAN = "一二三四五六七八九十"
PIECE_MARKER = re.compile(
    rf"[【\[（(〔]?\s?(?:第(?P<a>[{_HAN}\d]{{1,3}})篇|篇(?P<b>[{_HAN}\d]{{1,3}})"
    rf"|(?:范文|例文|样文|稿件|来稿|材料|信息|文章|简讯)(?P<c>[{_HAN}\d]{{1,3}}))"
    r"\s?(?:[】\]）)〕]\s?[:：]?|[:：、.．]|\s|$)\s?"
)
"""The first words of a line that opens a piece of a compilation: "第一篇：", "【篇二】"."""

_TITLE_LABEL = re.compile(rf"(?:标题|题目|稿件标题)\s?[:：]\s?|(?:{PIECE_MARKER.pattern})")
_TITLE_CELLS = frozenset(("标题", "题目", "稿件标题", "信息标题"))
_SUBTITLE = re.compile(r"[—–-]{1,3}[^—–\-\d]|（副标题）")
_REMARK = re.compile(r"[（(][^（）()]{2,40}[）)]")
_ISSUE = re.compile(
    r"[（(]?(?:20\d\d年)?(?:总)?第\s?[\d一二三四五六七八九十]{1,4}\s?期.{0,40}"
    r"|.{0,20}[〔\[［]20\d\d[〕\]］]\s?第?\d{1,4}\s?号"
)
_MASTHEAD = re.compile(
    r"内部(?:资料|刊物|参阅|情况).{0,12}|(?:绝密|机密|秘密|普通|急件|特急|加急|特提|平急)(?:★.{0,8})?"
    r"|附件\s?[\d一二三四五六七八九十]{0,3}\s?[:：]?|签发(?:人)?\s?[:：].{0,12}"
)
_PUBLICATION = re.compile(r".{2,20}(?:简报|信息|动态|快报|专报|内参|要情|参阅|交流|文件|通报)")


def has_title_shape(text: str) -> bool:
    """Whether a line could be a title by its words alone: short, no sentence, no list number."""
    return (
        2 <= len(text) <= LONGEST_TITLE
        and not _NO_TITLE.search(text)
        and not split_number(text)[2]
        and not is_labelled(text)
        and read_date_line(text) is None
    )


def body_size(blocks: Sequence[Block]) -> float:
    """Font size in points in which most of the text is set; 0 if no block states a size."""
    lengths: dict[float, int] = {}
    for block in blocks:
        lengths[block.size] = lengths.get(block.size, 0) + len(block.text)
    return max(lengths, key=lengths.__getitem__, default=0.0)


def is_displayed(block: Block, usual: float) -> bool:
    """Whether layout sets a block apart as a title: its style, or centred, or clearly larger."""
    if block.style and _TITLE_STYLE.fullmatch(block.style):
        return True
    return block.align == "center" or (usual > 0 and block.size >= usual * 1.15)


def same_display(a: Block, b: Block) -> bool:
    """Whether two blocks are set alike."""
    return (a.style, a.align, a.size) == (b.style, b.align, b.size)


def title_text(line: str) -> str:
    """A title line without a label such as "标题：" or "第一篇："."""
    return _TITLE_LABEL.sub("", line, count=1)


def mark_form(blocks: Sequence[Block], roles: list[Role | None]) -> str:
    """Mark the rows of a submission form (报送单位 | … | 信息员 | …); its title, "" if none."""
    title = ""
    rows = 0
    for i, block in enumerate(blocks):
        if block.layer != "table":
            continue
        rows += 1
        if rows > _FORM_ROWS:
            break
        cells = block.text.split("\t")
        if len("".join(cells[0].split())) > 8:
            continue
        if len(cells) == 2 and "".join(cells[0].split()) in _TITLE_CELLS:
            roles[i], title = "title", title or cells[1].strip()
        elif len(cells) <= 8 and read_cells(cells):
            roles[i] = "byline"
    return title


def mark_head(blocks: Sequence[Block], roles: list[Role | None], flow: Sequence[int]) -> None:
    """Give roles to the lines of ``flow`` (indices of open lines) that precede the prose."""
    usual = body_size([blocks[i] for i in flow])
    last: Block | None = None  # the title line found last
    for place, i in enumerate(flow[:_HEAD_LINES]):
        block = blocks[i]
        following = [blocks[j] for j in flow[place + 1 : place + 5]]
        if number_level(block.label):
            return
        if last is None:
            role = _before_title(block, following, usual)
            last = block if role == "title" else None
        else:
            role = _after_title(last, block, following, usual)
            last = block if role == "title" else last
        if role is None:
            return
        roles[i] = role


def _before_title(block: Block, following: Sequence[Block], usual: float) -> Role | None:
    text = block.text
    if len(text) > 100 or not following:
        return None
    if _TITLE_LABEL.match(text) and len(text) <= LONGEST_TITLE + 5:
        return "title"
    if _ISSUE.fullmatch(text) or _MASTHEAD.fullmatch(text):
        return "furniture"
    if _PUBLICATION.fullmatch(text) and _ISSUE.fullmatch(following[0].text):
        return "furniture"
    if is_labelled(text):
        return "byline"
    if read_date_line(text) is not None:
        return "date"
    if _is_dated_unit(text):
        return "byline"
    if not has_title_shape(text):
        return None
    after = following[0].text
    if is_unit(text) and has_title_shape(after) and not is_unit(after) and not is_name(after):
        return "byline" if not same_display(block, following[0]) or len(following) > 1 else "title"
    return "title" if is_displayed(block, usual) or _opens_prose(following) else None


def _opens_prose(following: Sequence[Block]) -> bool:
    """Whether prose, a list number or a salutation comes within the next few lines."""
    return any(
        len(block.text) >= _PROSE
        or block.label
        or block.text[-1] in "。！？：:"
        or split_number(block.text)[2]
        for block in following
    )


def _after_title(
    last: Block, block: Block, following: Sequence[Block], usual: float
) -> Role | None:
    text = block.text
    if len(text) > 100:
        return None
    if _SUBTITLE.match(text) and len(text) <= LONGEST_TITLE:
        return "subtitle"
    if is_labelled(text):
        return "byline"
    if read_date_line(text) is not None:
        return "date"
    if _REMARK.fullmatch(text):
        return "byline" if read_bracket(text.strip("（）() ")) else "subtitle"
    if _is_dated_unit(text) or read_sender(text).author:
        return "byline"
    displayed = is_displayed(block, usual)
    if is_unit(text) and not _continues(last.text, text):
        return "byline" if following else None
    if is_name(text) and (displayed or " " in text or "\u3000" in text):
        return "byline"
    if not has_title_shape(text):
        return None
    if not following:
        return None
    goes_on = (displayed and same_display(last, block)) or _continues(last.text, text)
    return "title" if goes_on or text == last.text else None


def _continues(title: str, text: str) -> bool:
    """Whether a line goes on with a title by its words: "…关于" / "关于…的报告"."""
    return title.endswith(("关于", "的", "和", "与", "、")) or text.startswith("关于")


def _is_dated_unit(text: str) -> bool:
    """Whether a line holds a unit and a date: "临溪县委组织部  2026年9月30日"."""
    found = find_date(text) if len(text) <= 60 else None
    if not found or found[2] != len(text):
        return False
    return is_unit(text[: found[1]].rstrip(" \u3000编印"))
