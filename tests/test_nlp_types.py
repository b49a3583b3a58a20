from __future__ import annotations

import pickle
from dataclasses import replace

from nlp.types import Draft, Paragraph

DRAFT = Draft(
    position=1,
    title="题",
    paragraphs=(
        Paragraph("title", "", "题"),
        Paragraph("heading", "一、", "做法", 1),
        Paragraph("body", "", ""),
        Paragraph("body", "", "正文。"),
    ),
)


def test_text_and_ranges_belong_together():
    assert DRAFT.text == "题\n一、做法\n\n正文。"
    assert [DRAFT.text[start:end] for start, end in DRAFT.ranges()] == ["一、做法", "正文。"]
    assert DRAFT.ranges(frozenset({"title"})) == ((0, 1),)


def test_what_a_draft_keeps_of_its_lines_is_no_part_of_its_value():
    asked, fresh = replace(DRAFT), replace(DRAFT)
    pickled = pickle.dumps(fresh)
    assert asked.text
    assert asked.ranges()
    assert asked == fresh
    assert hash(asked) == hash(fresh)
    assert repr(asked) == repr(fresh)
    assert len(pickle.dumps(asked)) == len(pickled)


def test_a_changed_draft_has_lines_of_its_own():
    assert DRAFT.text
    changed = replace(DRAFT, paragraphs=DRAFT.paragraphs[:2])
    assert changed.text == "题\n一、做法"
    assert changed.ranges() == ((2, 6),)
    assert pickle.loads(pickle.dumps(DRAFT)).text == DRAFT.text
