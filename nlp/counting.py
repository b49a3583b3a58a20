"""字数 as Word counts it.

Rule: every East Asian character and every full-width or Chinese punctuation mark is one; a run of
other characters (Latin letters, digits and the ASCII punctuation between them) up to a space or
an East Asian character is one; white space and invisible characters are none. So "2026年" is 2,
"3.5%" is 1 and "中,文" is 3. Word takes the marks “ ” ‘ ’ — … for East Asian in Chinese text.
Automatic list numbers are not part of the text for Word and are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from nlp.types import CONTENT_ROLES, Block, Role

_NOTHING, _LATIN, _EAST = range(3)
_WHITE_OR_INVISIBLE = (
    *((0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x1680, 0x1680), (0x2000, 0x200F)),
    *((0x2028, 0x202F), (0x205F, 0x206F), (0x3000, 0x3000), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)),
)


def _classes() -> npt.NDArray[np.uint8]:
    """Code point → its class; below U+2000 there is no East Asian character or mark."""
    table = np.full(0x110000, _EAST, dtype=np.uint8)
    table[:0x2000] = _LATIN
    for first, last in _WHITE_OR_INVISIBLE:
        table[first : last + 1] = _NOTHING
    return table


_CLASSES = _classes()


def _codes(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def counted(text: str) -> npt.NDArray[np.bool_]:
    """Which characters add one to the 字数: East Asian ones, and the first of each run.

    Shape (len(text),). So a range that does not begin inside a run has as many as are set in it.
    """
    classes = _CLASSES.take(_codes(text))
    adds: npt.NDArray[np.bool_] = classes != _NOTHING
    latin = classes == _LATIN
    adds[1:] ^= latin[1:] & latin[:-1]
    return adds


def digits(text: str) -> npt.NDArray[np.bool_]:
    """Which characters are digits, half or full width; shape (len(text),)."""
    codes = _codes(text)
    half, full = codes - np.uint32(ord("0")), codes - np.uint32(ord("０"))  # wrap below zero
    return np.asarray((half < 10) | (full < 10))


def count_characters(text: str) -> int:
    """字数 of one text, as the rule above has it."""
    return int(np.count_nonzero(counted(text)))


def count_content(blocks: Iterable[tuple[Role, Block]]) -> int:
    """字数 of the headings, body and table rows; a table head that is repeated counts once."""
    lines = []
    head: str | None = None
    for role, block in blocks:
        if role != "table":
            head = None
        elif head is None:
            head = block.text
        elif block.text == head:
            continue
        if role in CONTENT_ROLES:
            lines.append(block.text)
    return count_characters("\n".join(lines))
