"""Two texts side by side: passages numbered, changes inside them told apart, rows in order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.comparison import Comparison, Line, compare, draft_lines, rows, source_lines
from nlp.fingerprints import stock_hashes
from nlp.reuse import Side, side
from nlp.types import Draft
from tests.support_reuse import draft, paragraphs

STOCK = np.sort(np.fromiter(stock_hashes(), dtype=np.uint64))
ONE, TWO, THREE, FOUR = paragraphs(7, 4)
OURS = (
    "今年以来，望岚县针对老旧小区多、租住人口多的实际，把党小组建在网格上，收集居民诉求3562件，"
    "办结3401件。退休教师谭桂生担任楼栋长一年，走遍全楼64户，调解邻里纠纷17起，群众拍手称快。"
)
THEIRS = (
    "今年以来，临溪县针对老旧小区多、租住人口多的实际，把党小组建在网格上，收集居民诉求4127件，"
    "办结3986件。退休教师郭守田担任楼栋长一年，走遍全楼64户，调解邻里纠纷17起，居民拍手称快。"
)


def of(*lines: str, title: str = "甲") -> Side:
    return side(draft(lines, title=title))


def plain(lines: list[Line]) -> str:
    return "\n".join("".join(piece.text for piece in line) for line in lines)


def marked(lines: list[Line], *marks: str) -> list[str]:
    return [piece.text for line in lines for piece in line if piece.mark in marks]


def numbers(comparison: Comparison) -> list[list[int]]:
    return [[s.number for s in match.shared] for match in comparison.matches]


def test_changes_inside_a_passage_are_told_apart_and_numbers_are_whole() -> None:
    comparison = compare(of(OURS, ONE), [of(THEIRS, ONE)], STOCK)
    assert comparison.matches[0].verdict.kind == "套写"
    assert numbers(comparison) == [[1]]
    left, right = draft_lines(comparison), source_lines(comparison, 0)
    assert marked(left, "number") == ["3562", "3401"]
    assert marked(right, "number") == ["4127", "3986"]
    assert marked(left, "name") == ["望岚", "谭桂生"]
    assert marked(right, "name") == ["临溪", "郭守田"]
    assert marked(left, "words") == ["群众"]
    assert marked(right, "words") == ["居民"]


def test_what_was_left_out_is_marked_where_it_stands_only() -> None:
    comparison = compare(of(OURS.replace("退休教师", "教师"), ONE), [of(OURS, ONE)], STOCK)
    (change,) = comparison.matches[0].shared[0].changes
    assert (change.kind, change.end - change.start) == ("words", 0)
    assert marked(source_lines(comparison, 0), "words") == ["退休"]
    assert marked(draft_lines(comparison), "words") == []


def test_paragraphs_stand_side_by_side_and_moved_ones_keep_their_number() -> None:
    comparison = compare(of(ONE, TWO, THREE), [of(THREE, ONE, TWO, title="乙")], STOCK)
    sides = [
        (plain([r.draft]) if r.draft else "", plain([r.source]) if r.source else "")
        for r in rows(comparison)
    ]
    assert sides == [
        ("甲", ""), ("", "乙"), ("", THREE), (ONE, ONE), (TWO, TWO), (THREE, ""),
        ("临溪县委组织部", ""), ("", "临溪县委组织部"),
    ]  # fmt: skip
    right = [row.source for row in rows(comparison)[2:5] if row.source]
    assert [[piece.number for piece in line if piece.number] for line in right] == [[2], [1], [1]]


def test_a_merged_draft_has_its_sources_in_the_order_of_use() -> None:
    first, second = of(ONE, TWO, title="乙"), of(THREE, FOUR, title="丙")
    comparison = compare(of(THREE, FOUR, ONE, TWO), [first, second], STOCK)
    assert [match.verdict.kind for match in comparison.matches] == ["合并", "合并"]
    assert comparison.order == (1, 0)
    assert numbers(comparison) == [[1], [2]]
    opened = [row for row in rows(comparison) if row.opens is not None]
    assert [row.opens for row in opened] == [0, 1]
    assert [plain([row.source]) for row in opened if row.source] == ["丙", "乙"]


def test_one_source_of_several_is_no_merger() -> None:
    comparison = compare(of(ONE, TWO), [of(ONE, TWO, THREE), of(FOUR)], STOCK)
    assert [match.verdict.kind for match in comparison.matches] == ["节选", ""]


@pytest.mark.parametrize("lines", [(), ("",), ("……", "——")])
def test_texts_without_content_share_nothing(lines: tuple[str, ...]) -> None:
    comparison = compare(of(*lines), [of(ONE), of(*lines)], STOCK)
    assert numbers(comparison) == [[], []]
    assert {match.verdict.kind for match in comparison.matches} == {""}


def test_equal_texts_are_one_passage() -> None:
    comparison = compare(of(ONE, TWO), [of(ONE, TWO)], STOCK)
    assert comparison.matches[0].verdict.kind == "完全相同"
    assert numbers(comparison) == [[1]]
    assert comparison.matches[0].shared[0].changes == ()


def test_a_quotation_is_shown_without_a_number() -> None:
    speech = "他说：“" + ONE.rstrip("。") + "。”"
    comparison = compare(of(speech, TWO), [of(speech, THREE)], STOCK)
    assert comparison.matches[0].verdict.kind == "引用"
    assert numbers(comparison) == [[0]]
    assert marked(draft_lines(comparison), "reuse") == []
    assert ONE[:20] in marked(draft_lines(comparison), "quote")[0]


_TEXT = st.lists(
    st.sampled_from([*OURS.split("，"), *THEIRS.split("，"), *ONE.split("，"), "", "x\n", "，。"]),
    max_size=12,
).map("，".join)


@settings(max_examples=80, deadline=None)
@given(ours=_TEXT, theirs=st.lists(_TEXT, min_size=1, max_size=3))
def test_no_character_is_lost_whatever_is_shared(ours: str, theirs: list[str]) -> None:
    ours = ours.replace("\n", "")
    sources = [of(text.replace("\n", "")) for text in theirs]
    comparison = compare(of(ours), sources, STOCK)
    assert plain(draft_lines(comparison)) == comparison.draft.text
    assert sorted(comparison.order) == list(range(len(sources)))
    for place, match in enumerate(comparison.matches):
        assert plain(source_lines(comparison, place)) == match.source.text
        for shared in match.shared:
            for change in shared.changes:
                assert shared.passage.a_start <= change.start <= change.end <= shared.passage.a_end
    shown = rows(comparison)
    left = [plain([row.draft]) for row in shown if row.draft]
    assert left == [line for line in comparison.draft.text.split("\n") if line]
    right = [plain([row.source]) for row in shown if row.source]
    texts = [match.source.text for match in comparison.matches]
    assert right == [line for text in texts for line in text.split("\n") if line]


def test_a_draft_of_a_hundred_thousand_characters_is_compared_whole() -> None:
    long = paragraphs(3, 650)
    other = [*long[:300], *paragraphs(4, 20), *reversed(long[300:])]
    comparison = compare(side(_draft(long)), [side(_draft(other))], STOCK)
    assert comparison.matches[0].verdict.cover_a > 0.99
    assert sum(1 for row in rows(comparison) if row.draft and row.source) >= 300


def _draft(lines: list[str]) -> Draft:
    return draft(lines)
