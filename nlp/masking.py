"""Personal numbers made unreadable where text is printed, logged or handed on.

The same numbers that ``nlp.form_personal`` speaks of, wherever they stand: identity numbers, bank
cards, mobile telephones. Of the digits the first three and the last two stay, so that an editor
can tell which number it is; separators stay. A landline is an office's and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nlp.form_personal import CARD, MOBILE, is_identity_number, numbers, passes_luhn

_RUN: Final = re.compile("[0-9]+")
_PLAIN: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_DIGIT: Final = re.compile("[0-9０-９]")
_HEAD, _TAIL = 3, 2


def masked(text: str) -> str:
    """``text`` with the middle of personal numbers as ``*``; as long as before."""
    plain = text.translate(_PLAIN)
    runs = [match.span() for match in _RUN.finditer(plain)]
    if not any(end - start >= 3 for start, end in runs):
        return text
    pieces, last = [], 0
    for start, end in _personal(plain, runs):
        pieces += [text[last:start], _hidden(text[start:end])]
        last = end
    return "".join((*pieces, text[last:]))


def _personal(plain: str, runs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end, digits in numbers(plain, runs):
        stop = end + (plain[end : end + 1] in ("X", "x") and len(digits) == 17)
        if is_identity_number(digits + ("X" if stop > end else "")):
            yield start, stop
        elif MOBILE.fullmatch(digits) or (CARD.fullmatch(digits) and passes_luhn(digits)):
            yield start, end


def _hidden(number: str) -> str:
    places = [match.start() for match in _DIGIT.finditer(number)][_HEAD:-_TAIL]
    signs = list(number)
    for place in places:
        signs[place] = "*"
    return "".join(signs)
