"""What an editor would mend first: masks, residues, 乱码, half-width or doubled punctuation.

One flag per kind with its number and first place. The rules follow GB/T 15834—2011 (punctuation)
where they judge style, and were chosen for few false alarms on published prose.
"""

from __future__ import annotations

import re

from nlp.boilerplate import is_furniture, placeholders, residues
from nlp.spans import Spans, found, one_flag, within
from nlp.text import detect_mojibake
from nlp.types import Draft, Flag, Severity

_HAN = "\u4e00-\u9fff"
_JUDGED = frozenset({"title", "subtitle", "heading", "body"})
# Half-width marks right after Han or a closing mark; brackets with Han on either inner side.
_HALF_WIDTH = re.compile(
    rf"[,;:!?()](?:(?<=[{_HAN}”》）][,;:!?])(?!\d)|(?<=\()(?=[{_HAN}])|(?<=[{_HAN}]\)))"
)
_DOUBLED = re.compile(r"[。，、；：,;](?:(?<=[。，、；：,;])[。，、；：,;！？])+")
_PAIRS = (("（", "）"), ("“", "”"), ("《", "》"), ("【", "】"), ("〔", "〕"), ("「", "」"))
_NESTED = re.compile("“[^“”\n]{0,80}“[^“”\n]{0,80}”[^“”\n]{0,80}”")
_NUMBER_BRACKET = re.compile(r"(?<![（(])\b(\d{1,2}|[a-zA-Z])[）)]")
# What looks like a common character and is another: radicals, compatibility ideographs, marks set
# over characters, private ones, letters of mathematics; Cyrillic and Greek beside Han or Latin.
_FOREIGN = "аеорсухіјѕһАВЕІЈКМНОРСТХЅοΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
_BESIDE = rf"A-Za-z0-9{_HAN}"
_ODD = re.compile(
    "[\u0300-\u036f\u20d0-\u20ff\u2e80-\u2fdf\ue000-\uf8ff\uf900-\ufaff\U0001d400-\U0001d7ff]"
    rf"|(?<=[{_BESIDE}])[{_FOREIGN}]|[{_FOREIGN}](?=[{_BESIDE}])"
)
_FROM_NOTICES: dict[str, tuple[str, Severity]] = {
    "zero_width": ("含零宽或不可见字符{}个", "info"),
    "bidi": ("含文字方向控制符{}个，显示顺序可能被改动", "warn"),
    "control_characters": ("含控制字符{}个", "info"),
}


def check_quality(draft: Draft) -> tuple[Flag, ...]:
    """Flags "no_title", "missing_signature", "placeholder", "website_residue", "mojibake",
    "halfwidth_punctuation", "unbalanced_marks", "doubled_punctuation", "nested_marks", and from
    the notices of the draft "zero_width", "bidi" and "control_characters"; "odd_characters".
    """
    text = draft.text
    judged = draft.ranges(_JUDGED)
    return (
        *_missing(draft),
        *_from_notices(draft),
        *one_flag(
            "placeholder",
            "warn",
            "有{}处待填占位符（如XX、某某），请填上实际内容",
            within(placeholders(text), judged),
        ),
        *_residue(draft, text, judged),
        *_mojibake(text),
        *one_flag(
            "halfwidth_punctuation",
            "info",
            "汉字旁有{}处半角标点（GB/T 15834），请改为全角",
            found(_HALF_WIDTH, text, judged),
        ),
        *one_flag(
            "unbalanced_marks",
            "info",
            "{}段括号或引号不成对（GB/T 15834），请补齐或删去",
            _unbalanced(text, judged),
        ),
        *one_flag(
            "doubled_punctuation",
            "info",
            "有{}处标点重复，请删去多余的",
            found(_DOUBLED, text, judged),
        ),
        *one_flag(
            "nested_marks",
            "info",
            "有{}处引号内又用双引号（GB/T 15834），里层应为单引号‘ ’",
            found(_NESTED, text, judged),
        ),
        *one_flag(
            "odd_characters",
            "warn",
            "有{}个异形字符（看着相同，实为部首、外文字母、私用区字符等），请改为规范字",
            found(_ODD, text, judged),
        ),
    )


def _missing(draft: Draft) -> tuple[Flag, ...]:
    flags = []
    if not draft.title:
        flags.append(Flag("no_title", "warn", "未找到标题，请补"))
    signed = any(p.role == "signature" for p in draft.paragraphs)
    if not (signed or draft.unit or draft.author):
        flags.append(Flag("missing_signature", "info", "未找到落款、报送单位或信息员，请补"))
    return tuple(flags)


def _from_notices(draft: Draft) -> tuple[Flag, ...]:
    known = ((notice, _FROM_NOTICES.get(notice.code)) for notice in draft.notices)
    return tuple(
        Flag(notice.code, rule[1], rule[0].format(notice.count), count=notice.count)
        for notice, rule in known
        if rule
    )


def _residue(draft: Draft, text: str, judged: Spans) -> tuple[Flag, ...]:
    """Whole lines of a website and residues within prose, counted together."""
    lines: list[tuple[int, int]] = []
    if any(p.role == "furniture" for p in draft.paragraphs):
        furniture = draft.ranges(frozenset({"furniture"}))
        lines = [(start, end) for start, end in furniture if is_furniture(text[start:end])]
    spans = sorted([*lines, *within(residues(text), judged)])
    return one_flag("website_residue", "warn", "有{}处网页残留文字，请删去", spans)


def _mojibake(text: str) -> tuple[Flag, ...]:
    return (
        (Flag("mojibake", "error", "疑似乱码，请核对原文件编码"),) if detect_mojibake(text) else ()
    )


def _unbalanced(text: str, judged: Spans) -> Spans:
    """Paragraphs with a bracket or quotation mark that has no partner in the paragraph.

    A quotation that runs over several paragraphs opens each anew and closes once: an opening
    mark too many is accepted for “ when a later paragraph begins with it.
    """
    if all(text.count(left) == text.count(right) for left, right in _PAIRS) and (
        text.count("(") == text.count(")")
    ):
        return ()
    spans = []
    for place, (start, end) in enumerate(judged):
        following = text[judged[place + 1][0]] if place + 1 < len(judged) else ""
        if not _is_balanced(text[start:end], goes_on=following == "“"):
            spans.append((start, end))
    return spans


def _is_balanced(line: str, *, goes_on: bool) -> bool:
    line = _NUMBER_BRACKET.sub("", line).replace("(", "（").replace(")", "）")
    for left, right in _PAIRS:
        surplus = line.count(left) - line.count(right)
        if surplus and not (left == "“" and surplus == 1 and goes_on):
            return False
    return True
