"""Text on its way into and out of the database.

A draft's text is stored once; its paragraphs are stored as places in it, so that both always
agree and every offset of a finding fits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import cast

from nlp.types import Draft, Paragraph, Role

_SURROGATES = re.compile("[\ud800-\udfff]")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: json.dumps makes an encoder a call, and a draft has a dozen small lists."""


def storable(text: str) -> str:
    """``text`` with lone surrogates, which UTF-8 cannot hold, replaced one for one by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def storable_name(name: str) -> str:
    """A file name or path as people should see it.

    A part of it that is not UTF-8 on disk (Python marks such bytes with surrogates) is read as
    GB 18030, as Chinese Windows writes it; what is not that either shows its bytes as ``\\xNN``.
    """
    return "/".join(_storable_part(part) for part in name.split("/"))


def _storable_part(part: str) -> str:
    try:
        part.encode()
        return part
    except UnicodeEncodeError:
        data = part.encode("utf-8", "surrogateescape")
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        return data.decode("utf-8", "backslashreplace")


def pack_paragraphs(draft: Draft) -> str:
    """JSON ``[[role, level, start, text_start, end], …]``: offsets into ``draft.text``."""
    places: list[tuple[str, int, int, int, int]] = []
    start = 0
    for paragraph in draft.paragraphs:
        text_start = start + len(paragraph.label)
        end = text_start + len(paragraph.text)
        places.append((paragraph.role, paragraph.level, start, text_start, end))
        start = end + 1  # the newline between two lines
    return _encode(places)


def unpack_paragraphs(text: str, packed: str) -> tuple[Paragraph, ...]:
    """The paragraphs that :func:`pack_paragraphs` packed, from the stored text."""
    return tuple(
        Paragraph(cast(Role, role), text[start:text_start], text[text_start:end], level)
        for role, level, start, text_start, end in json.loads(packed)
    )


def to_json(value: Sequence[object] | Mapping[str, object]) -> str:
    """Compact JSON that keeps Chinese readable."""
    return storable(_encode(value)) if value else "[]"
