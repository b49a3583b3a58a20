"""Word files (.docx and what is built alike) to text, faithfully.

Order of the blocks: the body with its tables and text boxes where they stand, then footnotes,
endnotes, comments, headers, footers, each in its own layer. Headers and footers that no section
shows are left out, those that say the same are read once, bare page numbers are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from nlp.types import Block, Layer, Reading
from word.context import Context, NoteReference
from word.numerals import numeral
from word.ooxml import ID, R_ID, VAL, Element, W, is_on, whole
from word.package import Package, is_word, parse
from word.pieces import cut_body
from word.reasons import Refused
from word.story import Story

_PAGE_NUMBER = re.compile(r"[\s\d\-‐-―－─·•.．~～/／第共页頁,，ivxIVX]*")
_OUTSIDE = frozenset({"image", "oleObject", "frame", "subDocument", "package", "video", "audio"})
_NOTE_FORMAT = {"footnote": "decimal", "endnote": "lowerRoman"}  # 17.11.17


def read_docx(package: Package) -> Reading:
    """Read a Word document in its final view.

    Raises:
        Refused: ``not_word`` if the package holds no Word document, and whatever the guard finds
            in the main part; a damaged part beside it is only a notice.
    """
    context = Context(package)
    blocks = _body(context, package.data(context.main))
    blocks += _notes(context, "footnote")
    blocks += _notes(context, "endnote")
    blocks += _comments(context)
    blocks += _margins(context, "header")
    blocks += _margins(context, "footer")
    _outside(context)
    return Reading("docx", tuple(blocks), context.close())


def _body(context: Context, data: bytes) -> list[Block]:
    cut = cut_body(data, parse)
    if cut is not None:
        return Story(context, context.main, "body", context.counters()).read_cut(cut)
    root = parse(data)
    if not is_word(root):
        raise Refused("not_word", str(root.tag))
    return _story(context, context.main, "body", root.find(W + "body"))


def _story(context: Context, part: str, layer: Layer, root: Element | None) -> list[Block]:
    if root is None:
        return []
    return Story(context, part, layer, context.counters()).read(root)


def _notes(context: Context, kind: Layer) -> list[Block]:
    """Footnotes or endnotes in the order of their marks; the first block has the number."""
    references = [note for note in context.notes if note.kind == kind]
    part = context.package.related(context.main, kind + "s") if references else ""
    root = context.part(part) if part else None
    if root is None:
        return []
    notes = {note.get(ID): note for note in root}
    counters, blocks = context.counters(), []
    for reference, number in zip(references, _numbers(context, kind, references), strict=True):
        note = notes.pop(reference.id, None)  # a second mark to the same note adds nothing
        if note is None:
            continue
        context.tally[kind + "s"] += 1
        for block in Story(context, part, kind, counters).read(note):
            blocks.append(_labelled(block, number))
            number = ""
    return blocks


def _labelled(block: Block, number: str) -> Block:
    return replace(block, label=number + block.label, text=block.text.lstrip()) if number else block


def _numbers(context: Context, kind: str, references: Iterable[NoteReference]) -> Iterator[str]:
    """Numbers of the notes as the sections and the settings have them (17.11)."""
    general = _note_properties(context.settings, kind)
    sections = [_note_properties(section, kind) for section in context.sections]
    count, current = 0, -1
    for reference in references:
        own = sections[reference.section] if reference.section < len(sections) else {}
        said = {**general, **own}
        if said.get("numRestart") == "eachPage":
            context.tally["note_numbers"] = 1
        if current < 0 or (said.get("numRestart") == "eachSect" and reference.section != current):
            count = whole(said.get("numStart"), 1)
        current = reference.section
        if reference.custom:
            yield ""
            continue
        name = said.get("numFmt", _NOTE_FORMAT[kind])
        written = numeral(count, name)
        if written is None:
            context.tally.unknown_formats.add(name)
        yield str(count) if written is None else written
        count += 1


def _note_properties(parent: Element | None, kind: str) -> dict[str, str]:
    found = None if parent is None else parent.find(f"{W}{kind}Pr")
    if found is None:
        return {}
    return {str(e.tag).removeprefix(W): e.get(VAL) or "" for e in found if e.get(VAL)}


def _comments(context: Context) -> list[Block]:
    part = context.package.related(context.main, "comments")
    root = context.part(part) if part else None
    if root is None:
        return []
    counters, blocks = context.counters(), []
    for comment in root.iterchildren(W + "comment"):
        context.tally["comments"] += 1
        blocks += Story(context, part, "comment", counters).read(comment)
    return blocks


def _margins(context: Context, kind: Layer) -> list[Block]:
    """Headers or footers that a section shows."""
    relationships = context.package.relationships(context.main)
    shown: dict[str, None] = {}
    for section in context.sections:
        for reference in section.iterchildren(f"{W}{kind}Reference"):
            target = relationships.get(reference.get(R_ID) or "")
            if target and target.target and _is_shown(context, reference.get(W + "type")):
                shown[target.target] = None
    blocks: dict[Block, None] = {}
    for part in shown:
        for block in _story(context, part, kind, context.part(part)):
            if not _PAGE_NUMBER.fullmatch(block.text.replace("Page", "").replace("of", "")):
                blocks[block] = None
    return list(blocks)


def _is_shown(context: Context, kind: str | None) -> bool:
    """Headers of first pages show where some section asks for them, even ones by a setting."""
    if kind == "first":
        marks = [section.find(W + "titlePg") for section in context.sections]
    elif kind == "even":
        settings = context.settings
        marks = [None if settings is None else settings.find(W + "evenAndOddHeaders")]
    else:
        return True
    return any(mark is not None and is_on(mark) for mark in marks)


def _outside(context: Context) -> None:
    """Count what the document would fetch from elsewhere; nothing is ever fetched."""
    package = context.package
    for relationship in package.relationships(context.main).values():
        if relationship.external and relationship.kind in _OUTSIDE:
            context.tally["external_links"] += 1
    settings = package.related(context.main, "settings")
    for relationship in package.relationships(settings).values() if settings else ():
        if relationship.external and relationship.kind == "attachedTemplate":
            context.tally["external_template"] += 1
