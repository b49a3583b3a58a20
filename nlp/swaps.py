"""套写: the neighbour's piece with places, units, persons and numbers exchanged.

What an alignment leaves unequal inside the shared passages is looked at piece by piece: if it is
nearly all names and numbers, the text was rewritten for another place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

from nlp.alignment import Span, bridged

NAMES_SHARE: Final = 0.7
"""Share of the exchanged characters that must be names or numbers: the rest is rewording."""

LEAST_WITH_NAMES: Final = 2
"""Exchanges: a single one may be a slip of the pen."""
LEAST_NUMBERS: Final = 4
"""Exchanges where only numbers differ: fewer are a corrected report."""

_NUMERALS: Final = frozenset("0123456789〇零一二两三四五六七八九十百千万亿余多")
_DATE_MARKS: Final = frozenset("年月日号时分")  # 2021年11 → 2026年3 is one exchange
_PLACE_ENDS: Final = frozenset("省市州盟县区旗镇乡村街道社屯组寨庄湾坝岭局委部办厅院校站所厂")
_TITLES: Final = (
    "同志", "书记", "主任", "部长", "局长", "县长", "区长", "市长", "镇长", "乡长", "支书",
    "主席", "委员", "组长", "队长", "站长", "校长", "院长", "教授", "老师", "老人", "大爷", "大娘",
    "党员", "村民", "干部", "师傅", "经理", "董事长",
)  # fmt: skip
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程"
    "魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾"
    "龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦"
)


ExchangeKind = Literal["name", "number", "words"]


class Exchange(NamedTuple):
    """Two unequal pieces between two equal runs, with what follows and goes before."""

    before: str
    a: str
    b: str
    after: str
    a_start: int  # where the pieces stand in the two folded texts
    b_start: int


def exchanges(a: str, b: str, spans: Sequence[Span]) -> Iterator[Exchange]:
    """What differs inside the shared passages of two folded texts; a side may be ""."""
    for span in spans:
        for last, run in zip(span.runs, span.runs[1:], strict=False):
            gap_a, gap_b = a[last.a + last.length : run.a], b[last.b + last.length : run.b]
            yield from _split(
                a[max(0, last.a + last.length - 3) : last.a + last.length],
                gap_a,
                gap_b,
                a[run.a : run.a + 3],
                (last.a + last.length, last.b + last.length),
            )


def _split(before: str, a: str, b: str, after: str, at: tuple[int, int]) -> Iterator[Exchange]:
    """One gap, cut at words too short for a run: 陈小满带领36 → 周立冬带领22 is two exchanges."""
    start_a = start_b = 0
    whole = before + a + after
    for place_a, place_b, size in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        if 0 < size < 2:
            continue
        left, right = len(before) + start_a, len(before) + place_a
        if start_a < place_a or start_b < place_b:
            yield Exchange(
                whole[max(0, left - 3) : left],
                a[start_a:place_a],
                b[start_b:place_b],
                whole[right : right + 3],
                at[0] + start_a,
                at[1] + start_b,
            )
        start_a, start_b = place_a + size, place_b + size


def classified(found: Sequence[Exchange]) -> list[tuple[Exchange, ExchangeKind]]:
    """Each exchange with what it exchanges.

    Once it was seen to be a name, the same exchange is one everywhere (临溪 → 望岚 before 县 and
    before 干部).
    """
    named = {(e.a, e.b) for e in found if _looks_like_name(e)}
    return [
        (e, "number" if _is_number(e) else "name" if (e.a, e.b) in named else "words")
        for e in found
    ]


def is_rewritten_for_another_place(a: str, b: str, spans: Sequence[Span]) -> bool:
    """Whether names and numbers are nearly all that was changed, and more than once."""
    joined = bridged(spans, [None] * len(spans), (len(a), len(b)))
    found = list(exchanges(a, b, [span for span, _ in joined]))
    kinds = classified(found)
    names = [e for e, kind in kinds if kind == "name"]
    numbers = [e for e, kind in kinds if kind == "number"]
    if len(names) + len(numbers) < (LEAST_WITH_NAMES if names else LEAST_NUMBERS):
        return False
    return _size(names) + _size(numbers) >= NAMES_SHARE * _size(found)


def _size(found: Sequence[Exchange]) -> int:
    return sum(max(len(exchange.a), len(exchange.b)) for exchange in found)


def _is_number(exchange: Exchange) -> bool:
    characters = set(exchange.a) | set(exchange.b)
    return bool(characters & _NUMERALS) and characters <= _NUMERALS | _DATE_MARKS


def _looks_like_name(exchange: Exchange) -> bool:
    """A place or unit by its last character, a person by title or surname."""
    a, b = exchange.a, exchange.b
    if not a or not b:
        return False
    if exchange.after[:1] in _PLACE_ENDS or (a[-1] in _PLACE_ENDS and b[-1] in _PLACE_ENDS):
        return True
    if max(len(a), len(b)) > 4:
        return False
    if a[0] in _SURNAMES and b[0] in _SURNAMES:
        return True
    near_title = exchange.after.startswith(_TITLES) or exchange.before.endswith(_TITLES)
    return near_title and min(len(a), len(b)) >= 2
