"""What parent and child processes say to each other: length-prefixed JSON, checked on arrival.

A child that read a hostile file may have been taken over, so nothing that it says is believed:
no pickles, every field is checked, reasons must be of the closed list.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

from nlp.types import Block, Layer, Notice, Reading, Refusal
from word.convert import FORMATS
from word.reasons import REASONS

HEADER = 4  # bytes that hold the length of a message, big-endian
MAX_MESSAGE = 256 << 20

_READING_FORMATS = frozenset({"docx", "pdf", "ofd", "txt", "md"})
_LAYERS = frozenset(
    {"body", "table", "textbox", "footnote", "endnote", "comment", "header", "footer"}
)
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_BLOCK = [str, str, str, str, int, str, float, bool]


class Garbage(ValueError):
    """A message that no child of ours would send."""


def frame(message: Any) -> bytes:
    """A message as it travels."""
    payload = _ENCODE(message).encode("utf-8", "surrogatepass")
    return len(payload).to_bytes(HEADER, "big") + payload


def parse(payload: bytes | bytearray) -> Any:
    """The JSON value of a message.

    Raises:
        Garbage: if it is not JSON.
    """
    try:
        return json.loads(payload.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise Garbage(str(error)) from None


def pack(answer: Reading | Refusal | str) -> list[Any]:
    """An answer as plain lists; a string names the format that must be converted first."""
    if isinstance(answer, Refusal):
        return ["refusal", answer.reason, answer.detail]
    if isinstance(answer, str):
        return ["convert", answer]
    blocks = [
        [b.layer, b.label, b.text, b.style, b.level, b.align, float(b.size), b.bold]
        for b in answer.blocks
    ]
    notices = [[notice.code, notice.message, notice.count] for notice in answer.notices]
    return ["reading", answer.format, blocks, notices]


def unpack(message: Any) -> Reading | Refusal | str:
    """The answer in a child's message.

    Raises:
        Garbage: if anything in it is not as ``pack`` makes it.
    """
    match message:
        case ["refusal", str(reason), str(detail)] if reason in REASONS:
            return Refusal(reason, detail)
        case ["convert", str(kind)] if kind in FORMATS:
            return kind
        case ["reading", str(kind), list(blocks), list(notices)] if kind in _READING_FORMATS:
            return Reading(kind, tuple(map(_block, blocks)), tuple(map(_notice, notices)))
    raise Garbage("not an answer")


def _block(value: Any) -> Block:
    if not isinstance(value, list) or list(map(type, value)) != _BLOCK or value[0] not in _LAYERS:
        raise Garbage("not a block")
    return Block(cast(Layer, value[0]), *value[1:])


def _notice(value: Any) -> Notice:
    match value:
        case [str(code), str(message), int(count)]:
            return Notice(code, message, count)
    raise Garbage("not a notice")


def jobs(message: Any) -> Sequence[tuple[str, str]]:
    """The (path, name) pairs of a parent's message."""
    return [(str(path), str(name)) for path, name in message]
