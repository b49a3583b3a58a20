"""Variants of a text as units make them, and texts that only look alike."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from opencc import OpenCC

from benchmarks.reuse_texts import Text

_SYNONYMS = """
推动=促进 加强=强化 提升=提高 坚持=始终做到 积极=主动 建立=设立 完善=健全 落实=抓好 解决=化解
组织=安排 开展=进行 帮助=协助 引导=带领 围绕=聚焦 通过=借助 目前=眼下 同时=与此同时 重点=着重
问题=难题 群众=老百姓 工作=任务 制定=出台 明确=厘清 确保=保证 及时=第一时间 针对=对照 深入=扎实
形成=构建 实现=达到 要求=规定 以及=和 由于=因为 充分=切实 采取=运用 增强=增进 发挥=释放 成立=组建
每月=按月 定期=按期 共有=总计 目标=方向 方式=办法 广泛=普遍 认真=用心 优化=改善 全面=全方位
"""
SYNONYMS = _SYNONYMS.split()
PLACES = (
    "临溪", "望岚", "沅北", "汀洲", "白芦", "清漪", "禾阳", "柳湾",
    "石鼓", "桂子", "云盖", "松塘", "茶坪", "枫桥", "河口", "青杠",
)  # fmt: skip
PEOPLE = (
    "陈小满", "周立冬", "郭守田", "谭桂生", "邱阿华", "罗青山", "许春生", "何冬至",
)  # fmt: skip
_PLACE = re.compile(
    r"(?<![全各本该我在为对把到的等个一两和从每是与])[\u4e00-\u9fff]{2}(?=[县镇村区市乡])"
)
_NUMBER = re.compile(r"\d+")
_NOISE = str.maketrans({"，": ", ", "。": "．", "（": "(", "）": ")", "、": "﹑", "：": ":"})
_S2T = OpenCC("s2t")


@dataclass(frozen=True)
class Query:
    """A text that arrives: the drafts (by index) that it comes from, and what was planted."""

    kind: str  # name of the construction
    lines: tuple[str, ...]
    sources: tuple[int, ...] = ()  # () = a hard negative
    named: str = ""  # kind that a pair should be given; "" = any or none
    unit: int = -1  # −1 = another unit than any source
    planted: tuple[str, ...] = ()  # runs of text taken over verbatim
    share: float = -1.0  # planted share of the query; −1 = not measured
    half: int = field(default=0)  # 0 = for tuning, 1 = for the figures


def exact(text: Text, dice: random.Random) -> list[str]:
    """As it stands."""
    return list(text.paragraphs)


def noise(text: Text, dice: random.Random) -> list[str]:
    """Marks, width, spaces, zero-width characters, one paragraph or many."""
    whole = "".join(text.paragraphs).translate(_NOISE)
    digits = str.maketrans("0123456789", "０１２３４５６７８９")
    parts = [whole[at : at + 7] for at in range(0, len(whole), 7)]
    joins = ["", "", "", " ", "\u200b", "\u3000"]
    return ["".join(part.translate(digits) + dice.choice(joins) for part in parts)]


def truncated(text: Text, dice: random.Random) -> list[str]:
    """The first 50–70 % of the sentences."""
    flat = [(n, s) for n, sentences in enumerate(text.sentences) for s in sentences]
    keep = max(1, round(len(flat) * dice.uniform(0.5, 0.7)))
    return _regroup(flat[:keep])


def shuffled(text: Text, dice: random.Random) -> list[str]:
    """Groups of two sentences in another order."""
    flat = [sentence for sentences in text.sentences for sentence in sentences]
    groups = ["".join(flat[at : at + 2]) for at in range(0, len(flat), 2)]
    first = groups[0]
    while len(groups) > 1 and groups[0] == first:
        dice.shuffle(groups)
    return groups


def swapped(text: Text, dice: random.Random) -> list[str]:
    """Other places, persons and figures in the same skeleton; [] if the text names too few."""
    places: dict[str, str] = {}
    whole = "\n".join(text.paragraphs)

    def place(found: re.Match[str]) -> str:
        return places.setdefault(found[0], dice.choice(PLACES))

    def number(found: re.Match[str]) -> str:
        if dice.random() < 0.2:
            return found[0]
        return str(dice.randint(10 ** (len(found[0]) - 1), 10 ** len(found[0]) - 1))

    changed, names = _PLACE.subn(place, whole)
    changed, numbers = _NUMBER.subn(number, changed)
    return changed.split("\n") if names >= 2 and names + numbers >= 6 else []


def traditional(text: Text, dice: random.Random) -> list[str]:
    """In Traditional script."""
    return [_S2T.convert(paragraph) for paragraph in text.paragraphs]


def reworded(text: Text, dice: random.Random) -> list[str]:
    """Synonyms wherever the list has one, and clauses of every sixth sentence turned round."""
    lines = []
    for sentences in text.sentences:
        line = ""
        for sentence in sentences:
            clauses = sentence.rstrip("。；").split("，")
            if len(clauses) > 2 and dice.random() < 1 / 6:
                clauses[0], clauses[1] = clauses[1], clauses[0]
            line += "，".join(clauses) + "。"
        for pair in SYNONYMS:
            old, new = pair.split("=")
            line = line.replace(old, new)
        lines.append(line)
    return lines


def retyped(text: Text, dice: random.Random) -> list[str]:
    """1.5 % of the characters wrong, missing or doubled, marks at will."""
    letters = "".join(text.paragraphs)
    lines = []
    for paragraph in text.paragraphs:
        line = []
        for character in paragraph:
            chance = dice.random()
            if chance < 0.008:
                line.append(dice.choice(letters))
            elif chance < 0.012:
                line.append(character * 2)
            elif chance > 0.015 and not (character in "，、" and chance > 0.8):
                line.append(character)
        lines.append("".join(line))
    return lines


def _regroup(flat: Sequence[tuple[int, str]]) -> list[str]:
    lines: dict[int, str] = {}
    for n, sentence in flat:
        lines[n] = lines.get(n, "") + sentence
    return list(lines.values())


WHOLE: dict[str, tuple[str, Callable[[Text, random.Random], list[str]]]] = {
    "exact": ("完全相同", exact),
    "noise": ("完全相同", noise),
    "truncated 50–70 %": ("节选", truncated),
    "shuffled": ("高度相似", shuffled),
    "names, numbers swapped": ("套写", swapped),
    "Traditional": ("完全相同", traditional),
    "synonyms, clauses": ("高度相似", reworded),
    "re-typed with errors": ("高度相似", retyped),
}


def borrowed(
    text: Text, host: Text, share: float, dice: random.Random
) -> tuple[list[str], list[str]]:
    """``share`` of the sentences of ``text``, in runs of one or two, inside ``host``.

    Returns the lines and the runs as they stand in them.
    """
    flat = [sentence for sentences in text.sentences for sentence in sentences]
    free = {n for n, sentence in enumerate(flat) if len(sentence) >= 24}
    wanted = min(len(free), max(2, round(len(flat) * share)))
    runs: list[str] = []
    while wanted > 0:
        at = dice.choice(sorted(free))
        size = 2 if wanted > 1 and at + 1 in free and dice.random() < 0.5 else 1
        runs.append("".join(flat[at : at + size]))
        free -= set(range(at - 1, at + size + 1))  # neighbours would make one run with it
        wanted = min(wanted - size, len(free))
    lines = list(host.paragraphs)
    for run in runs:
        lines.insert(dice.randrange(len(lines) + 1), run)
    return lines, runs


def within(parts: Sequence[Text], hosts: Sequence[Text], dice: random.Random) -> list[str]:
    """Whole texts one after another, hosts between them."""
    pieces = [*parts, *hosts]
    dice.shuffle(pieces)
    return [line for piece in pieces for line in piece.paragraphs]
