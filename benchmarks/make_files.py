"""Write an inbox of realistic .docx files whose right reading is known.

    python -m benchmarks.make_files DIR --count 500

``DIR/inbox/<unit>/<name>.docx`` are the files; ``DIR/planted.json`` says what is in them:
``[{"name", "unit", "characters", "planted": [{"construct", "expect", "text"}], "of", "kind"}]``,
where ``of`` is the file that a duplicate was made from and ``kind`` how ("" for the others). The
same count and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import random
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.constructs import CONSTRUCTS, Construct, Planted, run
from benchmarks.prose import Piece, Writer
from benchmarks.word_parts import (
    CONTENT_TYPES,
    DOCUMENT_RELATIONSHIPS,
    HEADER,
    NAMESPACES,
    NUMBERING,
    PACKAGE_RELATIONSHIPS,
    footnotes,
    styles,
)

UNITS = ("临溪县", "望岚县", "沅北县", "白芦县", "清漪区", "汀洲区", "云浦县", "松陵县")
PLANTED_SHARE = 0.4
"""Share of the files that hold constructs, three each."""
DUPLICATE_SHARE = 0.05
KINDS = ("完全相同", "重复报送", "套写", "节选", "段落借用")


@dataclass(frozen=True, slots=True)
class Made:
    """One file and what a faithful pipeline should find in it."""

    name: str
    unit: str
    characters: int
    planted: tuple[Planted, ...] = ()
    of: str = ""
    kind: str = ""


def make_files(directory: Path, count: int, seed: int = 2026) -> list[Made]:
    """Write ``count`` files and their description into ``directory``; returns the description."""
    dice = random.Random(seed)
    shared_parts = _shared_parts()
    made: list[Made] = []
    originals: list[Made] = []
    for number in range(count):
        file, source = _next(dice, number, originals)
        marked = _marked(dice, file, number)
        planted = (Planted(c.name, c.expect, c.shown_as.format(m)) for c, m in marked)
        file = replace(file, planted=tuple(planted))
        path = directory / "inbox" / file.unit / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, source, marked, shared_parts)
        made.append(file)
        if not file.of and not marked:
            originals.append(file)
    description = json.dumps([asdict(file) for file in made], ensure_ascii=False, indent=1)
    (directory / "planted.json").write_text(description, "utf-8")
    return made


def load(directory: Path) -> list[Made]:
    """The description that :func:`make_files` wrote."""
    files = json.loads((directory / "planted.json").read_text("utf-8"))
    return [Made(**{**f, "planted": tuple(Planted(**p) for p in f["planted"])}) for f in files]


def _next(dice: random.Random, number: int, originals: list[Made]) -> tuple[Made, Piece]:
    """The next file and its text: new, or made from an earlier one."""
    unit, name = dice.choice(UNITS), f"{number:05d}号稿件.docx"
    if originals and dice.random() < DUPLICATE_SHARE:
        of, kind = dice.choice(originals), dice.choice(KINDS)
        others = [other for other in UNITS if other != of.unit]
        unit = of.unit if kind == "重复报送" else dice.choice(others)
        text = _copy(dice, of, unit, kind, number)
        return Made(name, unit, text.characters, of=of.name, kind=kind), text
    text = Writer.of(number, number).piece(unit)
    return Made(name, unit, text.characters), text


def _copy(dice: random.Random, of: Made, unit: str, kind: str, number: int) -> Piece:
    """The duplicate of a file of one kind, as ``unit`` sends it."""
    seed = int(of.name[:5])
    if kind == "套写":
        return Writer.of(seed, number).piece(unit)
    source = Writer.of(seed, seed).piece(unit)
    own = Writer.of(number, number).piece(unit)
    lines = source.lines
    if kind == "重复报送":
        return replace(source, lines=(*lines[:-1], own.lines[0]))
    if kind == "节选":
        return replace(source, lines=lines[: len(lines) * 3 // 5])
    if kind == "段落借用":
        borrowed = dice.sample([line for line in lines if len(line) > 100], 2)
        return replace(own, lines=(*own.lines[:2], *borrowed, *own.lines[2:]))
    return source


def _marked(dice: random.Random, file: Made, number: int) -> list[tuple[Construct, str]]:
    """Three constructs with their markers, for a share of the files that are no duplicates."""
    if file.of or dice.random() >= PLANTED_SHARE:
        return []
    chosen = dice.sample(CONSTRUCTS, 3)
    return [(c, f"暗记{number:05d}第{place}处") for place, c in enumerate(chosen, start=1)]


def _shared_parts() -> dict[str, bytes]:
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": PACKAGE_RELATIONSHIPS,
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONSHIPS,
        "word/styles.xml": styles(),
        "word/numbering.xml": NUMBERING,
    }
    return {name: text.encode() for name, text in parts.items()}


def _write(
    path: Path, source: Piece, marked: list[tuple[Construct, str]], shared: dict[str, bytes]
) -> None:
    note = "".join(marker for construct, marker in marked if construct.footnote)
    body = "".join(_paragraphs(source, marked))
    document = f"{HEADER}<w:document {NAMESPACES}><w:body>{body}{_SECTION}</w:body></w:document>"
    parts = {
        **shared,
        "word/document.xml": document.encode(),
        "word/footnotes.xml": footnotes(note).encode(),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            member = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            package.writestr(member, data, zipfile.ZIP_DEFLATED)


_SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588"/></w:sectPr>'
)
_BODY = (
    '<w:pPr><w:spacing w:line="560" w:lineRule="exact"/>'
    '<w:ind w:firstLineChars="200" w:firstLine="640"/></w:pPr>'
)
_FONT = '<w:rFonts w:ascii="{0}" w:eastAsia="{0}" w:hAnsi="{0}"/><w:sz w:val="{1}"/>'


def _paragraphs(source: Piece, marked: list[tuple[Construct, str]]) -> Iterator[str]:
    """Title, headings, body with the constructs after the first body paragraphs, signature."""
    yield _aligned("center", source.title, _FONT.format("方正小标宋简体", 44))
    planted = [_planted(construct, marker) for construct, marker in marked]
    for line in source.lines:
        if len(line) < 40:
            yield f'<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr>{run(escape(line))}</w:p>'
            continue
        yield f"<w:p>{_BODY}{_runs(line)}</w:p>"
        if planted:
            yield planted.pop(0)
    yield from planted
    for line in source.signature:
        yield _aligned("right", line, _FONT.format("仿宋_GB2312", 32))


def _planted(construct: Construct, marker: str) -> str:
    inside = construct.paragraph(marker)
    return inside if construct.block else f"<w:p>{inside}</w:p>"


def _aligned(side: str, text: str, font: str) -> str:
    return f'<w:p><w:pPr><w:jc w:val="{side}"/></w:pPr>{run(escape(text), font)}</w:p>'


def _runs(line: str) -> str:
    """A paragraph in several runs, as Word leaves it after editing."""
    font = _FONT.format("仿宋_GB2312", 32)
    return "".join(run(escape(line[i : i + 37]), font) for i in range(0, len(line), 37))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Write an inbox of generated .docx files.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    made = make_files(options.directory, options.count, options.seed)
    planted = sum(len(file.planted) for file in made)
    duplicates = sum(bool(file.of) for file in made)
    print(f"{len(made)} files, {planted} planted constructs, {duplicates} duplicates")


if __name__ == "__main__":
    main()
