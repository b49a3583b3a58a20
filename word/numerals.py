"""Numbers as Word's list formats write them (ECMA-376 part 1, 17.18.59 ST_NumberFormat).

Where the standard leaves a choice, what Word shows decides: japaneseCounting has no leading 一
before 十, 百, 千 and no zeros (百一); chineseCounting and taiwaneseCounting write digit by digit
from 100 on (一○一); enclosed and ideograph sequences go on in plain digits past their end.
chineseCountingThousand writes 〇 (一百〇一) as Word shows it, not the 零 of everyday Chinese.
"""

from __future__ import annotations

from collections.abc import Callable

_HAN = "一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_LONGEST = 4999  # roman and letter labels grow with the number; a hostile start must not


def _positional(digits: str) -> Callable[[int], str]:
    """Decimal digits replaced one by one; ``digits`` has the ten signs from zero on."""
    table = {ord("0") + value: sign for value, sign in enumerate(digits)}
    return lambda n: str(n).translate(table)


def _sequence(signs: str) -> Callable[[int], str]:
    """One sign per number from 1 on; plain digits past the end."""
    return lambda n: signs[n - 1] if 1 <= n <= len(signs) else str(n)


def _run(first: int, count: int) -> str:
    return "".join(chr(first + i) for i in range(count))


def _counting(zero: str) -> Callable[[int], str]:
    """十, 十一, 二十一 … 九十九, then digit by digit."""
    digits = _positional(zero + _HAN)

    def write(n: int) -> str:
        if not 10 <= n <= 99:
            return digits(n)
        tens, ones = divmod(n, 10)
        return (_HAN[tens - 1] if tens > 1 else "") + "十" + (_HAN[ones - 1] if ones else "")

    return write


def _grouped(
    digits: str, units: str, myriad: str, *, zero: str = "", one: bool = True, bare: bool = False
) -> Callable[[int], str]:
    """Digits with unit words, in groups of four up to 99,999,999; plain digits beyond.

    ``zero`` is written once for each run of zeros inside the number. Without ``one`` a digit 1
    before a unit is left out (百一). ``bare`` leaves it out for 10–19 only (十一, but 一百一十一).
    """

    def group(n: int, *, inner: bool) -> str:
        parts: list[str] = []
        gap = inner and n < 1000
        for power, unit in zip((1000, 100, 10, 1), (*units[::-1], ""), strict=True):
            digit, n = divmod(n, power)
            if not digit:
                gap = gap or bool(parts)
                continue
            if gap:
                parts.append(zero)
                gap = False
            keep = one or digit > 1 or not unit or (inner and power == 1000)
            parts.append((digits[digit - 1] if keep else "") + unit)
        return "".join(parts)

    def write(n: int) -> str:
        if n == 0:
            return zero or "〇"
        if n >= 10**8:
            return str(n)
        if bare and 10 <= n <= 19:
            return group(n, inner=False)[1:]
        high, low = divmod(n, 10_000)
        if not high:
            return group(low, inner=False)
        head = digits[0] if high == 1 else group(high, inner=False)
        return head + myriad + (group(low, inner=True) if low else "")

    return write


def _letters(first: str) -> Callable[[int], str]:
    """a … z, aa, bb … zz, aaa: the letter is repeated (17.18.59), not counted in base 26."""

    def write(n: int) -> str:
        if not 1 <= n <= _LONGEST:
            return str(n)
        times, letter = divmod(n - 1, 26)
        return chr(ord(first) + letter) * (times + 1)

    return write


def _roman(n: int) -> str:
    if not 1 <= n <= _LONGEST:
        return str(n)
    parts = []
    for value, sign in _ROMAN:
        times, n = divmod(n, value)
        parts.append(sign * times)
    return "".join(parts)


def _ordinal(n: int) -> str:
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _stem_and_branch(n: int) -> str:
    """The sixty pairs 甲子, 乙丑 …; plain digits past 60."""
    return _STEMS[(n - 1) % 10] + _BRANCHES[(n - 1) % 12] if 1 <= n <= 60 else str(n)


_full_width = _positional("０１２３４５６７８９")
_ideograph = _positional("〇" + _HAN)

FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda n: "",
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _sequence(_run(0x2460, 20)),
    "decimalEnclosedCircleChinese": _sequence(_run(0x2460, 20)),
    "decimalEnclosedParen": _sequence(_run(0x2474, 20)),
    "decimalEnclosedFullstop": _sequence(_run(0x2488, 20)),
    "numberInDash": lambda n: f"- {n} -",
    "hex": lambda n: f"{n:X}",
    "ordinal": _ordinal,
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperLetter": _letters("A"),
    "lowerLetter": _letters("a"),
    "chineseCounting": _counting("○"),
    "taiwaneseCounting": _counting("○"),
    "chineseCountingThousand": _grouped(_HAN, "十百千", "万", zero="〇", bare=True),
    "taiwaneseCountingThousand": _grouped(_HAN, "十百千", "萬", zero="零", bare=True),
    "chineseLegalSimplified": _grouped("壹贰叁肆伍陆柒捌玖", "拾佰仟", "萬", zero="零"),
    "ideographLegalTraditional": _grouped("壹貳參肆伍陸柒捌玖", "拾佰仟", "萬", zero="零"),
    "japaneseCounting": _grouped(_HAN, "十百千", "万", one=False),
    "japaneseLegal": _grouped("壱弐参四伍六七八九", "拾百阡", "萬"),
    "japaneseDigitalTenThousand": _ideograph,
    "ideographDigital": _ideograph,
    "taiwaneseDigital": _positional("○" + _HAN),
    "ideographTraditional": _sequence(_STEMS),
    "ideographZodiac": _sequence(_BRANCHES),
    "ideographZodiacTraditional": _stem_and_branch,
    "ideographEnclosedCircle": _sequence(_run(0x3220, 10)),
    "koreanDigital": _positional("영일이삼사오육칠팔구"),
    "koreanDigital2": _positional("零" + _HAN),
    "koreanCounting": _grouped("일이삼사오육칠팔구", "십백천", "만", one=False),
}
"""Writers by format name. ``bullet`` and ``custom`` need more than a number: see numbering."""


def numeral(n: int, name: str) -> str | None:
    """Write ``n`` in the number format ``name``; None if the format is not known to us.

    Numbers that a format has no sign for (below 1, past its end) come out in plain digits.
    """
    writer = FORMATS.get(name)
    if writer is None:
        return None
    return writer(n) if n >= 0 else str(n)
