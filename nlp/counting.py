"""字数 as Word counts it.

Rule: every East Asian character and every full-width or Chinese punctuation mark is one; a run of
other characters (Latin letters, digits and the ASCII punctuation between them) up to a space or
an East Asian character is one; white space and invisible characters are none. So "2026年" is 2,
"3.5%" is 1 and "中,文" is 3. Word takes the marks “ ” ‘ ’ — … for East Asian in Chinese text.
Automatic list numbers are not part of the text for Word and are not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.types import CONTENT_ROLES, Block, Role

# Below U+2000 there is no East Asian character or mark; white space there ends a run.
_LATIN = "[!-~\xa1-\xac\xae-\u167f\u1681-\u1fff]"
_RUN = re.compile(f"{_LATIN}{_LATIN}*")  # faster than a bare +: re then looks for its first set
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)


def count_characters(text: str) -> int:
    """字数 of one text, as the rule above has it."""
    solid = len("".join(_INVISIBLE.sub("", text).split()))
    runs = _RUN.findall(text)
    return solid - sum(map(len, runs)) + len(runs)


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
