"""Personal data that does not belong into a draft: identity card, bank card, private telephone.

The identity number is checked by GB 11643—1999 (ISO 7064 MOD 11-2 and a possible day of birth;
the region code is not looked at, regions come and go), the bank card by Luhn (ISO/IEC 7812-1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from nlp.spans import Span, Spans, one_flag, within
from nlp.types import Draft, Flag

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
CARD = re.compile(r"(?:62\d{14,17}|4\d{15}|5[1-5]\d{14}|3[47]\d{13})")
MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})\d{7,8}")
_SEPARATORS = " -－"
_PUBLIC = re.compile("咨询|諮詢|报名|热线|联系人|监督|举报电话|办公|值班|传真|服务电话|投诉")
_PRIVATE = re.compile("来信人|信访人|举报人|反映人|本人|当事人|家属|住址")
_OFFICE = re.compile("电话|電話|传真|傳真")
_NEAR = 20
_SHOWN = frozenset({"title", "subtitle", "heading", "body", "table", "attachment", "note"})


def personal_flags(draft: Draft, text: str, runs: Spans) -> tuple[Flag, ...]:
    """Flags "identity_number" and "bank_card" anywhere, "private_phone" outside by-lines.

    A telephone that the line offers to the public (咨询电话、报名、热线…) is in its place, and so
    is a landline called 电话 or 传真: that is an office's.
    """
    if not any(end - start >= 3 for start, end in runs):
        return ()
    identities: list[Span] = []
    cards: list[Span] = []
    phones: list[Span] = []
    for start, end, digits in numbers(text, runs):
        stop = end + (text[end : end + 1] in ("X", "x") and len(digits) == 17)
        if is_identity_number(digits + ("X" if stop > end else "")):
            identities.append((start, stop))
        elif CARD.fullmatch(digits) and passes_luhn(digits):
            cards.append((start, end))
        elif _is_phone(digits) and not _is_public(text, start, digits):
            phones.append((start, end))
    if phones:
        phones = within(phones, draft.ranges(_SHOWN))
    remedy = "个人信息不应出现在稿件里，请删去或打码（个人信息保护法）"
    return (
        *one_flag("identity_number", "warn", "有{}处身份证号：" + remedy, identities),
        *one_flag("bank_card", "warn", "有{}处银行卡号：" + remedy, cards),
        *one_flag("private_phone", "warn", "正文有{}处个人电话：" + remedy, phones),
    )


def is_identity_number(number: str) -> bool:
    """Whether 18 signs are an identity number: check sign right, day of birth possible."""
    if len(number) != 18 or not number[:17].isdecimal():
        return False
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, number, strict=False))
    if _CHECK[total % 11] != number[17].upper():
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return born.year >= 1900


def passes_luhn(number: str) -> bool:
    """Whether the last digit of a number is its Luhn check digit."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def numbers(text: str, runs: Spans) -> Iterator[tuple[int, int, str]]:
    """(start, end, digits) of numbers of 11 signs or more; groups of digits are put together."""
    first = 0
    while first < len(runs):
        start, end = runs[first]
        digits = text[start:end]
        follower = first + 1
        while (
            follower < len(runs)
            and end - start < 24
            and runs[follower][0] - end == 1
            and text[end] in _SEPARATORS
        ):
            end = runs[follower][1]
            digits += text[runs[follower][0] : end]
            follower += 1
        if 10 <= len(digits) <= 19:
            yield start, end, digits
        first = follower


def _is_phone(digits: str) -> bool:
    return bool(MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits))


def _is_public(text: str, start: int, digits: str) -> bool:
    line = text.rfind("\n", 0, start) + 1
    before = text[max(line, start - _NEAR) : start]
    offered = _PUBLIC.search(before) or (digits[0] == "0" and _OFFICE.search(before))
    return bool(offered) and not _PRIVATE.search(before)
