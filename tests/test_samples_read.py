"""Reading the sample inbox gives back the sources, line by line, and refuses the broken files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nlp.types import Reading, Refusal
from samples import office
from samples.broken import ALL, Broken
from samples.build import DRAFTS, INBOX
from samples.docx_writer import MARKS
from samples.layout import Line, lay_out
from samples.sources import Source, load
from word.read import read_file

SOURCES = [source for source in load(DRAFTS) if not source.archive]
REASONS = {
    "truncated": "damaged_zip",
    "damaged": "damaged_zip",
    "encrypted": "encrypted",
    "bomb": "hostile_zip",
    "empty": "empty_file",
    "web_page": "unknown_format",
}


def seen(line: Line) -> str:
    """The line as Word shows it: revisions accepted, no footnote marks, cells apart."""
    text = MARKS.sub(lambda mark: mark[1] or "", line.text)
    if line.kind != "row":
        return text
    return "\t".join(cell.strip() for cell in text.strip("|").split("|"))


def read_lines(source: Source) -> Iterator[str]:
    reading = read_file(INBOX / source.place)
    assert isinstance(reading, Reading), source.key
    return (b.label + b.text for b in reading.blocks if b.layer not in ("footer", "footnote"))


@pytest.mark.parametrize("kind", ["docx", pytest.param("office", marks=pytest.mark.office)])
def test_every_line_of_every_source_is_read(kind: str) -> None:
    if kind == "office" and not office.available():
        pytest.skip("没有安装LibreOffice")
    chosen = [s for s in SOURCES if (s.word.format == "docx") == (kind == "docx")]
    wrong = [
        source.key
        for source in chosen
        if list(read_lines(source)) != [seen(x) for x in lay_out(source.lines) if x.kind != "note"]
    ]
    assert chosen
    assert wrong == []


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.shows)
def test_every_broken_file_is_refused_for_its_reason(item: Broken) -> None:
    refusal = read_file(INBOX / item.place)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == REASONS[item.shows]


def test_what_is_special_in_a_file_is_said() -> None:
    said = {}
    for source in SOURCES:
        if {"textbox", "footnote", "tracked"} & set(source.shows):
            reading = read_file(INBOX / source.place)
            assert isinstance(reading, Reading)
            said[source.key] = {notice.code: notice.count for notice in reading.notices}
    assert said == {
        "汀洲区委组织部/02-training-textbox": {"text_boxes": 1, "footnotes": 2},
        "白芦县委组织部/07-incentive-tracked": {"tracked_changes": 15},
    }
