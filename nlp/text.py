"""Normal forms of Chinese text: for matching, for analysis, and for storing.

``fold`` is for matching only and never stored; ``to_simplified`` is what the word segmenter
reads; ``clean`` is what is stored as text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from opencc import OpenCC

from nlp.types import Notice

TRADITIONAL_SHARE = 0.05
"""Share of changed characters from which a text counts as Traditional (real ones: about 0.3)."""
MOJIBAKE_SHARE = 0.02

# What stands in the fold table beside code points: not yet met, dropped, gives several characters.
_UNKNOWN, _DROPPED, _EXPANDED = 0, 1, 2
_TABLE: npt.NDArray[np.uint32] = np.zeros(0x110000, dtype=np.uint32)
"""Code point → folded code point or one of the marks above; filled when a character is met."""

_ZERO_WIDTH = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2064"
    "\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
_BIDI = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
_INVISIBLE = re.compile(f"[{_ZERO_WIDTH}{_BIDI}{_CONTROL}]")
_KINDS = (
    ("zero_width", "含零宽或不可见字符{}个，已清除", re.compile(f"[{_ZERO_WIDTH}]")),
    ("bidi", "含文字方向控制符{}个，已清除，原文显示顺序可能被改动", re.compile(f"[{_BIDI}]")),
    ("control_characters", "含控制字符{}个，已清除", re.compile(f"[{_CONTROL}]")),
)
_LINE_BREAK = re.compile("[\r\x0b\x0c\x85\u2028\u2029]")
_UNCLEAN = re.compile(f"[\r\x85\u2028\u2029{_ZERO_WIDTH}{_BIDI}{_CONTROL}]")

# Characters of Simplified script that OpenCC changes in certain words (反覆, 沈默, 土坏). Three are
# common beside that: what stands in such words before them, and after them.
_CHANGED_IN_WORDS = "哩藉甦瞭衹"
_CHANGED_BESIDE = {
    "坏": ("一土打拉捏毛陶", "土子布"),
    "覆": ("函反回批拜明申示答重", "信呈命墓按文校"),
    "沈": ("戟昏沈浮消深耳釜", "下冤厚吟寂思浮浸湎溺甸痛痼睡砂筒船落迷醉重降陷香默"),
}

# What a Traditional copy leaves when it comes back to Simplified character by character (瞭 and 覆
# are characters of Simplified as well, so OpenCC keeps them); what looks the same and is not:
# radicals that PDF files give for characters, Cyrillic and Greek letters, circles for zero.
_LOOK_ALIKE = str.maketrans(
    "瞭藉覆彷像著衞敍枱簷锺揹逕鍊甦馀讬"
    "\u2ea0\u2ec4\u2ec5\u2ec6\u2ed3\u2ed4\u2eda\u2edb\u2edc\u2edd\u2ee2\u2ee5\u2ee6\u2ee9\u2eec\u2ef0\u2ef3"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u03bf\u03b1○◯",
    "了借复仿象着卫叙台檐钟背径链苏余托民西见角长门页风飞食马鱼鸟黄齐龙龟aeopcyxioa〇〇",
)

# Typical wreckage: U+FFFD; UTF-8 read as GBK (锛 銆 鐨 鈥 …) or as Latin-1 (ä¸­); doubled damage
# (锟斤拷) and uninitialised memory (烫烫, 屯屯). None of these Han occurs in official prose in the
# amounts that a broken text shows.
_WRECKAGE = re.compile(
    "[\ufffd锟鈥銆锛鐨涓浠缁鏄鍦鍜鎴鏈鐩瀹\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]"
)
# Hardly a line of real prose lacks all of these.
_ORDINARY = re.compile("[，。、的一了在是和]")
_REPEATED = ("烫烫", "屯屯", "锟斤拷")


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """Text reduced to what matters for matching.

    ``offsets[i]`` is the index in the original of the character that gave ``text[i]``;
    shape (len(text),), int32, never decreasing.
    """

    text: str
    offsets: npt.NDArray[np.int32]


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def _traditional() -> re.Pattern[str]:
    """What OpenCC may change: where this finds nothing, conversion gives the text itself.

    Each character of the basic plane is asked once (5 ms); rare ones beyond it always count.
    """
    characters = [chr(code) for code in (*range(0x2E80, 0xD800), *range(0xF900, 0x10000))]
    converted = _converter().convert("\n".join(characters)).split("\n")
    changed = "".join(a for a, b in zip(characters, converted, strict=True) if a != b)
    common = "".join(_CHANGED_BESIDE)
    words = (
        f"(?<=[{before}]{character})|(?<={character})(?=[{after}])"
        for character, (before, after) in _CHANGED_BESIDE.items()
    )
    return re.compile(
        f"[{changed}{_CHANGED_IN_WORDS}{common}\U00010000-\U0010ffff]"
        f"(?:(?<![{common}])|{'|'.join(words)})"
    )


def is_han(character: str) -> bool:
    """Whether one character is a Chinese ideograph (〇 included)."""
    return (
        "\u4e00" <= character <= "\u9fff"
        or "\u3400" <= character <= "\u4dbf"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U0003ffff"
        or character == "〇"
    )


def _fold_character(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return ""
    plain: str = _converter().convert(unicodedata.normalize("NFKC", character)).lower()
    plain = plain.translate(_LOOK_ALIKE)
    return "".join(c for c in plain if is_han(c) or "0" <= c <= "9" or "a" <= c <= "z")


def fold(text: str, ranges: Iterable[tuple[int, int]] | None = None) -> Folded:
    """NFKC, Traditional → Simplified, lower case, only Han and ``[0-9a-z]`` kept.

    ``ranges`` are half-open ranges of ``text``, ascending and disjoint; default all of it.
    Folding goes character by character (not by OpenCC's phrases), so a Traditional copy and its
    Simplified original meet whatever their context.
    """
    spans = [(0, len(text))] if ranges is None else list(ranges)
    first, end = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    text = text[first:end]
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    slots = _TABLE.take(codes)
    if not slots.all():
        _learn(codes[slots == _UNKNOWN])
        slots = _TABLE.take(codes)
    kept = slots != _DROPPED
    for (_, gap), (gap_end, _) in pairwise(spans):
        kept[gap - first : gap_end - first] = False
    offsets = kept.nonzero()[0].astype(np.int32)
    slots = slots[kept]
    if (slots == _EXPANDED).any():
        return _expand(text, first, slots, offsets)
    return Folded(slots.tobytes().decode("utf-32-le"), offsets + np.int32(first))


def _learn(codes: npt.NDArray[np.uint32]) -> None:
    for code in np.unique(codes).tolist():
        folded = _fold_character(chr(code))
        _TABLE[code] = _DROPPED if not folded else ord(folded) if len(folded) == 1 else _EXPANDED


def _expand(
    text: str, first: int, slots: npt.NDArray[np.uint32], offsets: npt.NDArray[np.int32]
) -> Folded:
    """Fold where some characters give several each (⑩ → 10, ㎡ → m2)."""
    parts = [
        _fold_character(text[origin]) if slot == _EXPANDED else chr(slot)
        for slot, origin in zip(slots.tolist(), offsets.tolist(), strict=True)
    ]
    lengths = np.fromiter(map(len, parts), dtype=np.intp, count=len(parts))
    return Folded("".join(parts), np.repeat(offsets + np.int32(first), lengths))


def to_simplified(text: str) -> str:
    """Traditional → Simplified (OpenCC t2s, by phrase), of the same length as ``text``.

    Offsets into the result are offsets into ``text``: where OpenCC would change the length,
    characters are converted one by one and those without a one-character form stay.
    """
    if not _traditional().search(text):
        return text
    try:
        converted: str = _converter().convert(text)
    except UnicodeError:  # lone surrogates, which clean() removes
        return text
    if len(converted) == len(text):
        return converted
    return "".join(_one_for_one(character) for character in text)


@lru_cache(maxsize=1024)
def simplify_line(line: str) -> str:
    """``to_simplified`` of a short line, remembered: several rules look at the same line."""
    return to_simplified(line)


def _one_for_one(character: str) -> str:
    converted: str = _converter().convert(character)
    return converted if len(converted) == 1 else character


def traditional_share(text: str) -> float:
    """Share, 0 to 1, of the characters of ``text`` that Simplified script writes otherwise."""
    simplified = to_simplified(text)
    if simplified == text:
        return 0.0
    return sum(a != b for a, b in zip(text, simplified, strict=True)) / len(text)


def is_traditional(text: str) -> bool:
    """Whether a text is written in Traditional script."""
    return traditional_share(text) >= TRADITIONAL_SHARE


def detect_mojibake(text: str) -> bool:
    """Whether a text was decoded with the wrong character set (乱码)."""
    if any(sign in text for sign in _REPEATED):
        return True
    if len(_WRECKAGE.findall(text)) > max(2, MOJIBAKE_SHARE * len(text)):
        return True
    return not _ORDINARY.search(text) and _is_utf8_read_as_gbk(text[:200])


def _is_utf8_read_as_gbk(sample: str) -> bool:
    """Whether the bytes of a text in GBK are Chinese in UTF-8; those of real Chinese are not."""
    raw = sample.encode("gbk", "ignore")
    return 3 * sum(map(is_han, raw.decode("utf-8", "ignore"))) > len(raw) / 2


def clean(text: str) -> tuple[str, tuple[Notice, ...]]:
    """Remove what cannot be seen, keep what can; say how many characters went.

    Every line break becomes ``\\n``; tabs stay. The notices carry the codes "zero_width", "bidi"
    and "control_characters".
    """
    if not _UNCLEAN.search(text):
        return text, ()
    text = _LINE_BREAK.sub("\n", text.replace("\r\n", "\n"))
    notices = []
    for code, message, pattern in _KINDS:
        if count := len(pattern.findall(text)):
            notices.append(Notice(code, message.format(count), count))
    return _INVISIBLE.sub("", text), tuple(notices)
