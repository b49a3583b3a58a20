"""Numbers in the formats of Word's lists, far beyond the first ten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from word.numerals import FORMATS, numeral


@pytest.mark.parametrize(
    ("name", "pairs"),
    [
        ("decimal", {0: "0", 1: "1", 1234: "1234", -3: "-3"}),
        ("decimalZero", {1: "01", 9: "09", 10: "10", 100: "100"}),
        ("decimalFullWidth", {1: "１", 20: "２０"}),
        ("decimalEnclosedCircle", {1: "①", 10: "⑩", 20: "⑳", 21: "21"}),
        ("decimalEnclosedCircleChinese", {1: "①", 11: "⑪", 21: "21"}),
        ("decimalEnclosedParen", {1: "⑴", 20: "⒇", 21: "21"}),
        ("decimalEnclosedFullstop", {1: "⒈", 20: "⒛"}),
        ("numberInDash", {7: "- 7 -"}),
        ("hex", {255: "FF"}),
        ("ordinal", {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 121: "121st"}),
        ("upperRoman", {1: "I", 4: "IV", 49: "XLIX", 1994: "MCMXCIV", 0: "0", 5000: "5000"}),
        ("lowerRoman", {3: "iii", 90: "xc"}),
        ("upperLetter", {1: "A", 26: "Z", 27: "AA", 53: "AAA", 0: "0"}),
        ("lowerLetter", {2: "b", 28: "bb"}),
        ("none", {5: ""}),
        ("chineseCounting", {1: "一", 10: "十", 20: "二十", 99: "九十九", 101: "一○一"}),
        ("taiwaneseCounting", {15: "十五", 100: "一○○"}),
        (
            "chineseCountingThousand",
            {
                0: "〇", 1: "一", 10: "十", 11: "十一", 20: "二十", 100: "一百", 101: "一百〇一",
                110: "一百一十", 111: "一百一十一", 1000: "一千", 1001: "一千〇一",
                1010: "一千〇一十", 1100: "一千一百", 9999: "九千九百九十九", 10000: "一万",
                10001: "一万〇一", 10010: "一万〇一十", 11000: "一万一千", 100000: "一十万",
                100010: "一十万〇一十", 909090: "九十万九千〇九十", 1000000: "一百万",
            },
        ),
        ("taiwaneseCountingThousand", {101: "一百零一", 20000: "二萬"}),
        ("chineseLegalSimplified", {1: "壹", 10: "壹拾", 21: "贰拾壹", 105: "壹佰零伍"}),
        ("ideographLegalTraditional", {2: "貳", 6: "陸", 1010: "壹仟零壹拾"}),
        (
            "japaneseCounting",
            {1: "一", 21: "二十一", 101: "百一", 1010: "千十", 11000: "一万一千"},
        ),
        ("japaneseLegal", {12: "壱拾弐"}),
        ("japaneseDigitalTenThousand", {10: "一〇", 101: "一〇一"}),
        ("ideographDigital", {10: "一〇", 2026: "二〇二六"}),
        ("taiwaneseDigital", {10: "一○"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("ideographZodiac", {1: "子", 12: "亥", 13: "13"}),
        ("ideographZodiacTraditional", {1: "甲子", 11: "甲戌", 60: "癸亥", 61: "61"}),
        ("ideographEnclosedCircle", {1: "㈠", 10: "㈩", 11: "11"}),
        ("koreanDigital", {10: "일영"}),
        ("koreanCounting", {1: "일", 11: "십일", 120: "백이십"}),
    ],
)  # fmt: skip
def test_numbers(name: str, pairs: dict[int, str]) -> None:
    assert {n: numeral(n, name) for n in pairs} == pairs


def test_an_unknown_format_is_not_guessed() -> None:
    assert numeral(1, "hindiVowels") is None


_HAN = {**{c: i for i, c in enumerate("〇一二三四五六七八九")}, "十": 10, "百": 100, "千": 1000}


def value(text: str) -> int:
    """Read a Chinese number written out with its units."""
    total = section = digit = 0
    for sign in text:
        number = _HAN.get(sign, 0)
        if sign == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
        elif number >= 10:
            section, digit = section + (digit or 1) * number, 0
        else:
            digit = number
    return total + section + digit


@given(st.integers(0, 10**8 - 1))
def test_chinese_numbers_can_be_read_back(n: int) -> None:
    written = numeral(n, "chineseCountingThousand") or ""
    assert value(written) == n
    assert "〇〇" not in written
    assert written == "〇" or not written.endswith("〇")


@given(st.sampled_from(sorted(FORMATS)), st.integers(-(2**31), 2**31))
def test_every_format_takes_every_number_and_stays_short(name: str, n: int) -> None:
    written = numeral(n, name)
    assert written is not None
    assert len(written) <= 200
