"""A cut version is told from a piece that a larger text takes in."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.alignment import align
from nlp.excerpt import ECHO, TORN, likeness
from nlp.reuse import judge, side
from nlp.text import fold
from storage.postings import NOTHING
from tests.support_reuse import draft, paragraphs

PIECE = paragraphs(301, 4)
OTHER = paragraphs(302, 6)


def kind(part: list[str], whole: list[str]) -> str:
    """What both orders call the two."""
    a, b = side(draft(part, title="甲")), side(draft(whole, title="乙"))
    verdicts = [
        judge(x, y, align(x.folded.text, y.folded.text), NOTHING) for x, y in ((a, b), (b, a))
    ]
    found = {verdict.kind for verdict in verdicts if verdict}
    assert len(found) == 1
    return found.pop()


def test_a_compilation_that_opens_with_half_of_it_takes_the_piece_in() -> None:
    assert kind(PIECE, [*PIECE, *OTHER[:3]]) == "包含"
    assert kind(PIECE, [*PIECE, *OTHER[:4]]) == "包含"


def test_a_compilation_that_opens_with_another_piece_takes_it_in() -> None:
    assert kind(PIECE, [*OTHER[:2], *PIECE]) == "包含"
    assert kind(PIECE, [OTHER[0], *PIECE, OTHER[1]]) == "包含"


def test_a_text_that_stops_inside_a_paragraph_was_cut() -> None:
    whole = [*PIECE, *OTHER]
    stops = [*PIECE[:3], PIECE[3][:60]]
    assert kind(stops, whole) == "节选"
    assert kind(PIECE, whole) == "包含"  # the same, but whole paragraphs


def test_a_text_with_paragraphs_left_out_in_between_was_cut() -> None:
    whole = [*PIECE, *OTHER[:4]]
    assert kind([PIECE[0], PIECE[2], OTHER[0], OTHER[2]], whole) == "节选"


def test_most_of_the_text_is_a_cut_version_wherever_it_stops() -> None:
    assert kind(PIECE[:3], PIECE) == "节选"
    assert kind(PIECE[1:], PIECE) == "节选"


def test_a_rest_that_comes_back_to_the_words_of_the_part_was_cut_off() -> None:
    rest = [line[:60] + PIECE[0][3:9] + line[60:] for line in OTHER[:4]]
    assert kind(PIECE, [*PIECE, *OTHER[:4]]) == "包含"
    assert kind(PIECE, [*PIECE, *rest]) == "节选"


def test_one_long_line_tells_nothing_of_paragraphs() -> None:
    whole = fold("".join(PIECE))
    part = fold(PIECE[0]).text
    assert likeness("".join(PIECE), whole, part, [(0, len(part))]) == 0


@given(
    lines=st.lists(st.text("甲乙丙丁戊", min_size=8, max_size=40), min_size=1, max_size=6),
    data=st.data(),
)
@settings(max_examples=80, deadline=None)
def test_likeness_is_bounded_and_has_no_order(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    folded = fold(text)
    size = len(folded.text)
    bounds = st.tuples(st.integers(0, size - 1), st.integers(1, size)).map(
        lambda pair: (min(pair), max(pair[0] + 1, pair[1]))
    )
    ranges = data.draw(st.lists(bounds, min_size=1, max_size=4))
    found = likeness(text, folded, lines[0], ranges)
    assert 0 <= found <= ECHO + TORN
    assert found == likeness(text, folded, lines[0], ranges[::-1])
