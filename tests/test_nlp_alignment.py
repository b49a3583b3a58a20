"""Alignment: every shared passage, where exactly, in bounded time."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from nlp.alignment import LEAST, Run, Span, align
from tests.support_reuse import sentence

PIECE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E20), max_size=60)


def plain(seed: int, characters: int) -> str:
    """Ideographs alone."""
    return "".join(c for c in sentence(random.Random(seed), characters) if c not in "，。")


def ranges(spans: tuple[Span, ...]) -> list[tuple[int, int, int, int]]:
    return [(s.a_start, s.a_end, s.b_start, s.b_end) for s in spans]


def test_moved_paragraphs_are_found_where_they_are() -> None:
    one, two, new = plain(1, 120), plain(2, 96), plain(3, 60)
    assert ranges(align(one + two, two + new + one)) == [(0, 120, 156, 276), (120, 216, 0, 96)]


def test_small_edits_stay_inside_a_passage() -> None:
    a = plain(4, 240)
    b = a[:50] + "甲乙丙" + a[52:100] + a[104:170] + "丁戊己庚辛" + a[170:]
    (span,) = align(a, b)
    assert ranges((span,)) == [(0, 240, 0, 242)]
    assert span.runs == (Run(0, 0, 50), Run(52, 53, 48), Run(104, 101, 66), Run(170, 172, 70))
    assert span.matched == 234


def test_a_wide_edit_separates_passages() -> None:
    a = plain(5, 120)
    b = a[:60] + plain(6, 24) + a[60:]
    assert ranges(align(a, b)) == [(0, 60, 0, 60), (60, 120, 84, 144)]


def test_a_turn_of_phrase_is_no_passage() -> None:
    phrase = plain(7, LEAST)
    a, b = plain(8, 60) + phrase + plain(9, 60), plain(10, 60) + phrase + plain(11, 60)
    assert ranges(align(a, b)) == [(60, 60 + LEAST, 60, 60 + LEAST)]
    assert align(a.replace(phrase, phrase[:-1]), b) == ()


@given(PIECE, PIECE, PIECE, PIECE, st.integers(0, 10**6), st.integers(25, 60))
def test_any_verbatim_run_is_covered(
    a: str, b: str, c: str, d: str, seed: int, length: int
) -> None:
    run = plain(seed, 60)[:length]
    covered: set[int] = set()
    for span in align(a + run + b, c + run + d):
        covered.update(range(span.a_start, span.a_end))
    assert covered.issuperset(range(len(a), len(a) + length))


@given(st.lists(st.integers(0, 5), max_size=8), st.lists(st.integers(0, 5), max_size=8))
def test_spans_are_true_and_never_overlap(left: list[int], right: list[int]) -> None:
    pieces = [plain(seed, 24) for seed in range(3)] + ["党建党建党建党建", "甲", "乙丙丁"]
    a, b = "".join(pieces[i] for i in left), "".join(pieces[i] for i in right)
    spans = align(a, b)
    for span in spans:
        assert all(a[r.a : r.a + r.length] == b[r.b : r.b + r.length] for r in span.runs)
    for places in ([(s.a_start, s.a_end) for s in spans], [(s.b_start, s.b_end) for s in spans]):
        places.sort()
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(places))


@given(PIECE, PIECE)
def test_sides_may_be_exchanged(a: str, b: str) -> None:
    run = plain(12, 36)
    there, back = align(a + run, run + b), align(run + b, a + run)
    assert sum(s.matched for s in there) == sum(s.matched for s in back)


def test_nothing_in_common_or_nothing_at_all() -> None:
    assert align(plain(13, 600), plain(14, 600)) == ()
    assert align("", plain(15, 60)) == align(plain(15, 60), "") == align("", "") == ()


def test_repetition_costs_no_square() -> None:
    repeated = "组织建设" * 5000
    assert ranges(align(repeated, repeated + "甲")) == [(0, 20000, 0, 20000)]
    dice = random.Random(16)
    for size in (2, 3):
        a, b = ("".join(dice.choices("甲乙丙"[:size], k=20000)) for _ in range(2))
        align(a, b)
    long = plain(17, 60000)
    assert ranges(align(long, long[30000:] + long[:30000])) == [
        (0, 30000, 30000, 60000),
        (30000, 60000, 0, 30000),
    ]
