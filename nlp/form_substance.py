"""What a draft says: facts and figures, set phrases, sentences said twice, its sender's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from nlp.counting import count_characters
from nlp.fingerprints import K, covered, stock_starts
from nlp.spans import Span, Spans, one_flag
from nlp.text import Folded
from nlp.types import Draft, Flag

_EVENTFUL = frozenset({"动态", "经验", "问题", "建议", "调研报告"})
_TITLED = frozenset({"动态", "经验"})
_FEWEST = 150
"""字 from which a draft must have a fact, and its share of set phrases means something."""
_SHORTEST_REPEATED = 15
_SENTENCE_END = re.compile("[。！？；\n]")
_HAN_FIGURE = re.compile(
    "[二三四五六七八九十百千][十百千万余多]{0,4}(?:名|人|位|户|家|次|趟|场|处|所|件|份|天|年|月|日|元|亩|成|倍|公里|小时|岁)"
)
_PLACE = re.compile("[\u4e00-\u9fff]{2}(?:村|镇|街道|社区|小区|园区|公司|学校|医院)")
_NO_PLACE = re.compile("农村|乡村|驻村|城镇|乡镇|各村|全镇|本镇|各镇|街道社区|和社区|各社区")
_EDGES = "。！？；\n \u3000"
_NAMES_NOTHING = frozenset({"组织", "织部", "党委", "委组", "党组", "委员", "员会", "街道", "工委"})


def substance_flags(
    draft: Draft, text: str, folded: Folded, *, genre: str, figures: bool, stock_percent: int
) -> tuple[Flag, ...]:
    """Flags "no_facts", "stock_phrases", "repeated_sentence" and "title_without_unit".

    ``folded`` is the folded content of ``text``; ``figures``: it holds some digit.
    """
    content = draft.ranges()
    long_enough = draft.characters >= _FEWEST
    flags: tuple[Flag, ...] = ()
    if long_enough and genre in _EVENTFUL and not figures and not _has_fact(text, content):
        message = "正文没有一个数字、时间或具体地点，请补充事实和数据"
        flags += (Flag("no_facts", "warn", message, content[0][0], content[0][1]),)
    if long_enough:
        flags += _stock_flag(folded, stock_percent)
    if genre in _TITLED:
        flags += _title(draft)
    return (*flags, *_repeated(text, content))


def _has_fact(text: str, content: Spans) -> bool:
    prose = "\n".join(text[start:end] for start, end in content)
    return bool(_HAN_FIGURE.search(prose) or _PLACE.search(_NO_PLACE.sub("，", prose)))


def _stock_flag(folded: Folded, limit: int) -> tuple[Flag, ...]:
    """The share of set phrases, at the longest of them."""
    if not folded.text:
        return ()
    starts = stock_starts(folded.text)
    size = len(folded.text)
    if round(100 * K * starts.size / size) < limit:  # even if they do not overlap
        return ()
    mask = covered(size, starts)
    share = round(100 * float(mask.mean()))
    if share < limit:
        return ()
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    longest = int(np.argmax(edges[1::2] - edges[::2]))
    first = int(folded.offsets[edges[2 * longest]])
    last = int(folded.offsets[edges[2 * longest + 1] - 1]) + 1
    message = f"套话占正文{share}%，达到{limit}%；请换成本地的做法、事例和数据"
    return (Flag("stock_phrases", "info", message, first, last, share, limit),)


def sentences(text: str, ranges: Spans) -> Iterator[Span]:
    """Half-open ranges of sentences and clauses (up to 。！？； and with it) in ``ranges``."""
    for start, end in ranges:
        place = start
        for match in _SENTENCE_END.finditer(text, start, end):
            yield place, match.end()
            place = match.end()
        if place < end:
            yield place, end


def _repeated(text: str, content: Spans) -> tuple[Flag, ...]:
    if not _may_repeat("\n".join([text[start:end] for start, end in content])):
        return ()
    seen: set[str] = set()
    again: list[Span] = []
    for start, end in sentences(text, content):
        if end - start > _SHORTEST_REPEATED:
            sentence = text[start:end].strip(_EDGES)
            if len(sentence) >= _SHORTEST_REPEATED and sentence in seen:
                again.append((start, end))
            seen.add(sentence)
    return one_flag("repeated_sentence", "info", "有{}句话在稿内重复出现，请删去重复的", again)


def _may_repeat(prose: str) -> bool:
    """Whether some sentence stands twice, told without places: most drafts need none."""
    for mark in "！？；\n":
        prose = prose.replace(mark, "。")
    pieces = [piece.strip(_EDGES) for piece in prose.split("。")]
    long = [piece for piece in pieces if len(piece) >= _SHORTEST_REPEATED]
    return len(set(long)) < len(long)


def _title(draft: Draft) -> tuple[Flag, ...]:
    """A title that names neither the sender nor its place."""
    if not draft.unit or not draft.title or count_characters(draft.title) < 4:
        return ()
    unit = "".join(draft.unit.split())
    pairs = {unit[i : i + 2] for i in range(len(unit) - 1)} - _NAMES_NOTHING
    if not pairs or any(pair in draft.title for pair in pairs):
        return ()
    spans = draft.ranges(frozenset({"title"}))
    start, end = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    message = "标题没有写明报送单位或地方，信息标题一般以单位名开头"
    return (Flag("title_without_unit", "info", message, start, end),)
