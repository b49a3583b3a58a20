"""Readings made from plain lines, and prose of a wanted length, for the tests of the text room."""

from __future__ import annotations

from nlp.splitting import split
from nlp.types import Block, Draft, Reading

SENTENCE = "望溪镇把支部建在网格上，党员带头入户走访，收集群众意见，逐条登记办理并按月公开结果。"


def prose(characters: int = 120) -> str:
    """Sentences of together at least so many characters."""
    return SENTENCE * -(-characters // len(SENTENCE))


def block(text: str, **more: object) -> Block:
    """A block of the body layer unless ``more`` says otherwise."""
    values: dict[str, object] = {"layer": "body", "label": "", "text": text, **more}
    return Block(**values)  # type: ignore[arg-type]


def reading(*lines: str | Block) -> Reading:
    """A reading of plain lines and ready blocks."""
    blocks = tuple(block(line) if isinstance(line, str) else line for line in lines)
    return Reading("txt", blocks)


def drafts(*lines: str | Block) -> tuple[Draft, ...]:
    """The drafts of such a reading."""
    return split(reading(*lines))


def draft(*lines: str | Block) -> Draft:
    """The one draft of such a reading."""
    (only,) = drafts(*lines)
    return only


def roles(found: Draft) -> list[str]:
    """The roles of a draft's paragraphs in order."""
    return [paragraph.role for paragraph in found.paragraphs]
