"""Cues of the genre that are counted rather than seen: how often a text does, urges or blames.

An experience tells what a unit did, a proposal what ought to be done, a report of faults what
"some" do wrong, an essay none of a unit's own. These shares hold for a brief of 200 characters as
for an essay of 1,500.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nlp.counting import digits

Counted = tuple[str, float, str]
"""Genre, weight, and the sentence for the editor ("" = not shown)."""

BRIEF, LONG = 480, 900
_SHORTEST = 110
"""Characters from which the want of something says anything."""
_SECTIONS = 3
"""Paragraphs from which a text has sections."""
_LEADS = 2

_ITEM = re.compile("[是、）](?<=[一二三四五六].)(?:(?<=是)|(?<=\n.、)|(?<=\n（.）))")
_LEAD = re.compile("[。\n][^，。；：！？、\n]{3,16}(?=。)")
"""A measure named in a few words before it is told: 选好联户长。"""
_URGING = re.compile(
    "必须|就要|应当|要把|要以|要在|要有|只有|才能|不能|不是|要坚持|更要|既要|也要|需要"
)
_THEORY = re.compile(
    "本质|内涵|逻辑|历史|理论|规律|必然|伟大|世界|民族|人类|时代|意义|根本|体现|中华|马克思主义|真理|革命|百年|信仰"
)
_DOING = re.compile(
    "建立|开展|组织|印发|出台|举办|实施|选派|推行|制定|设立|打造|组建|成立|探索|健全|开发|邀请|遴选|聘请|走访|收集"
)
_OWN = re.compile(
    "(?<=[省市县区州旗镇乡村道团司院校局厅])(?<!各.)(?:党委|工委|委)?(?:党组|组织部)?"
    "[^，。；：“”！？、\n级们]{0,4}?(?:坚持|把|将|深入|聚焦|围绕|制定|出台|建立|开展|实施|推行|组织"
    "|高度|切实|创新|探索|着力|扎实|认真|通过|积极|全面|立足|以“|采取|针对|大力|先后|已|共|现有|累计|持续|推动"
    "|推出|打造|依托|按照)"
    "|大学(?:党委)?(?:坚持|把|深入|聚焦|围绕|制定|建立|开展|实施|创新|探索|着力|认真|积极|全面|立足"
    "|依托|持续|推动|打造)|我[省市县区校院局部厅司镇]|全[省市县区校院局镇](?![^，。；]{0,6}要)"
)
"""A unit and what it does. "各级", "我们" and "干部" are nobody in particular."""
_LOCAL = re.compile("全[县市省区镇]|我[省市县]|县里|县委|市委|镇党委|街道|近年来|去年")
"""Words by which a unit tells of itself; an essay has none."""
_NORM = re.compile(
    "[要应须需可不建只必](?<=[，。；：！？、\n）一二三四五就还也都更既们部织].)"
    "(?:(?<=[要应须需可])|能|可|要|议|有|须)"
)
"""A clause that opens with what ought to be done: 要…、应…、可…、不能…、建议…。"""
_FAULT = re.compile("有的|有些|一些|个别|少数|部分")
_NEWS = re.compile(
    "会议(?:强调|指出|要求|认为|审议)|出席|主持|表示，|座谈会|参加(?:会|活)|记者|讲授|现场"
)
_WHOLE = re.compile("我们|全党|党中央|各级|总书记|人民|中国|党的")
"""Of whom essays speak: everybody."""


@dataclass(frozen=True, slots=True)
class _Shares:
    """How often in a thousand characters; a norm or a fault told only once is no manner."""

    figures: float
    urging: float
    theory: float
    doing: float
    own: float
    whole: float
    news: float
    norms: float
    faults: float

    @classmethod
    def of(cls, body: str) -> _Shares:
        patterns = (_URGING, _THEORY, _DOING, _OWN, _WHOLE, _NEWS)
        counts = [len(pattern.findall(body)) for pattern in patterns]
        repeated = [n if n > 1 else 0 for n in (len(p.findall(body)) for p in (_NORM, _FAULT))]
        figures = int(np.count_nonzero(digits(body)))
        return cls(*(count * 1000 / len(body) for count in (figures, *counts, *repeated)))


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a share within [low, high) says of a text longer than ``length``."""

    share: str
    low: float
    high: float
    length: int
    says: tuple[Counted, ...]


_ANY = float("inf")
_RULES = (
    _Rule("figures", 0, 4, _SHORTEST, (("评论", 1.5, "几乎没有数字"),)),
    _Rule("figures", 12, _ANY, 0, (("评论", -1.5, ""),)),
    _Rule("urging", 8, _ANY, 0, (("评论", 1.5, "议论的语气"),)),
    _Rule("theory", 6, _ANY, BRIEF, (("评论", 1.5, "讲道理多"),)),
    _Rule("whole", 9, _ANY, BRIEF, (("评论", 1.5, "说的是全党、各级"), ("经验", -0.5, ""))),
    _Rule("whole", 0, 4, _SHORTEST, (("评论", -1.0, ""),)),
    _Rule("news", 3, _ANY, BRIEF, (("动态", 2.0, "写会议和活动的经过"),)),
    _Rule("faults", 2.5, _ANY, 0, (("问题", 1.0, "多次说“有的”“个别”"), ("经验", -0.5, ""))),
    _Rule("faults", 2.5, _ANY, BRIEF, (("问题", 1.0, ""),)),
    _Rule("faults", 8, _ANY, 0, (("问题", 1.0, ""),)),
    _Rule("doing", 10, _ANY, BRIEF, (("经验", 1.0, "写举措多"),)),
    _Rule("doing", 0, 5, BRIEF, (("评论", 1.0, "写举措少"),)),
    _Rule(
        "own",
        2,
        _ANY,
        _SHORTEST,
        (("经验", 1.0, "写本单位的做法"), ("评论", -2.0, ""), ("建议", -1.0, "")),
    ),
    _Rule("own", 0, 0.7, _SHORTEST, (("评论", 0.5, "不写哪个单位的做法"),)),
    _Rule(
        "norms",
        3.5,
        _ANY,
        0,
        (
            ("建议", 1.5, "多写“要”“应”怎么做"),
            ("问题", 1.0, "写了应当怎么改"),
            ("评论", 1.0, "多写应当怎样"),
            ("经验", -1.5, ""),
        ),
    ),
    _Rule("norms", 0, 1.2, _SHORTEST, (("评论", -1.0, ""), ("建议", -1.0, ""))),
)


def counted_cues(body: str, length: int) -> Iterator[Counted]:
    """What the shares and the layout of a body say; ``length`` is that of the whole text.

    ``body`` may be only its beginning. Empty text says nothing.
    """
    if not body:
        return
    shares = _Shares.of(body)
    for rule in _RULES:
        if length > rule.length and rule.low <= getattr(shares, rule.share) < rule.high:
            yield from rule.says
    if not _LOCAL.search(body):
        yield "评论", 0.5, "不说本地做法"
    concrete = shares.norms >= 3.5 and shares.own < 2 and shares.whole < 9
    if concrete and length > _SHORTEST:
        yield "建议", 2.0 if shares.doing > 5 else 1.0, "提的是办法，不是道理"
    yield from _of_layout(body, length)


def _of_layout(body: str, length: int) -> Iterator[Counted]:
    begun = "\n" + body
    listed = len(_ITEM.findall(begun)) >= _SECTIONS or len(_LEAD.findall(begun)) >= _LEADS
    if listed:
        yield "经验", 1.0, "逐条写做法"
    if body.count("\n") + 1 >= _SECTIONS and (length > BRIEF or listed):
        yield "经验", 1.0, "分段写做法"
    if length < BRIEF and not listed:
        yield "动态", 0.5, "篇幅短"
    if length > LONG:
        yield "动态", -1.5, ""
