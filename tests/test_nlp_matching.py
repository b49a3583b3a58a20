"""Sources of a printed item: shares, versions, claims of two units, dates, titles alone."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.alignment import align
from nlp.match_types import Candidate, Match, Printed
from nlp.matching import match_text
from nlp.reuse import Side
from nlp.text import fold
from nlp.title_match import match_title
from nlp.titles import title_grams, title_likeness

NOTHING = np.zeros(0, dtype=np.uint64)
LETTERS = [chr(code) for code in range(0x5E00, 0x6200)]


def paragraph(seed: int, sentences: int = 4) -> str:
    """Sentences of 30 letters that no other seed gives."""
    dice = Random(seed)
    return "".join("".join(dice.choices(LETTERS, k=30)) + "。" for _ in range(sentences))


def candidate(
    number: int,
    text: str,
    *,
    unit: int = 1,
    day: str = "2026-07-01",
    piece: int = 0,
    title: str = "",
) -> Candidate:
    side = Side(title or f"第{number}篇来稿的题目", text, fold(text), unit, day)
    return Candidate(number, side, day, piece)


def matched(text: str, *candidates: Candidate, units: tuple[int, ...] = ()) -> tuple[Match, ...]:
    side = Side("刊发的题目另拟", text, fold(text))
    item = Printed(side, "2026-07-20", frozenset(units))
    compared = [(one, align(side.folded.text, one.side.folded.text)) for one in candidates]
    return match_text(item, compared, NOTHING)


def test_a_verbatim_item() -> None:
    (found,) = matched(paragraph(1, 8), candidate(7, paragraph(1, 8)), units=(1,))
    assert (found.draft_id, found.share, found.used, found.sure) == (7, 1.0, 1.0, True)
    assert found.warnings == ()


def test_half_of_a_draft_is_its_item_whole() -> None:
    (found,) = matched(paragraph(1), candidate(7, paragraph(1) + paragraph(2)))
    assert found.share == 1.0
    assert abs(found.used - 0.5) < 0.03


def test_nothing_in_common_is_no_match() -> None:
    assert matched(paragraph(1, 8), candidate(7, paragraph(50, 8))) == ()


def test_a_borrowed_sentence_is_no_sure_adoption() -> None:
    text = paragraph(1, 12) + paragraph(2, 1) * 2
    found = matched(text, candidate(7, paragraph(2, 1) + paragraph(40, 12)))
    assert not any(one.sure for one in found)


@given(st.permutations((3, 4, 5, 6)))
def test_shares_of_a_merged_item(sizes: list[int]) -> None:
    parts = [paragraph(n + 1, size) for n, size in enumerate(sizes)]
    drafts = [candidate(n + 1, part + paragraph(n + 60), unit=n) for n, part in enumerate(parts)]
    found = {one.draft_id: one.share for one in matched("".join(parts), *drafts)}
    total = sum(len(fold(part).text) for part in parts)
    wanted = {n + 1: len(fold(part).text) / total for n, part in enumerate(parts)}
    assert found.keys() == wanted.keys()
    assert all(abs(found[n] - wanted[n]) <= 0.02 for n in wanted)
    assert sum(found.values()) <= 1.0001


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.lists(st.integers(0, 9), max_size=6))
def test_shares_never_pass_the_whole(item: list[int], other: list[int]) -> None:
    text = "".join(paragraph(n, 2) for n in item)
    drafts = [
        candidate(1, "".join(paragraph(n, 2) for n in other), unit=1),
        candidate(2, text, unit=2),
        candidate(3, text[: len(text) // 2], unit=2, day="2026-06-01"),
    ]
    found = matched(text, *drafts, units=(2,))
    assert sum(one.share for one in found) <= 1.0001
    assert all(0 < one.share <= 1 and 0 <= one.used <= 1 for one in found)


def test_the_earliest_of_one_units_versions() -> None:
    text = paragraph(1, 8)
    late = candidate(3, text, day="2026-07-10", piece=9)
    early = candidate(5, text[:-40], day="2026-07-02", piece=9)
    (found,) = matched(text, late, early)
    assert (found.draft_id, found.share) == (5, 1.0)
    assert (found.evidence["why"], found.evidence["versions"]) == (
        "同一单位的几稿，取最早的一稿", [3],
    )  # fmt: skip


def test_two_units_claim_one_piece() -> None:
    text = paragraph(1, 8)
    ours, theirs = candidate(3, text, unit=1), candidate(4, text, unit=2, day="2026-07-02")
    first, second = matched(text, ours, theirs)
    assert [first.draft_id, second.draft_id] == [3, 4]
    assert not first.sure
    assert not second.sure
    assert first.warnings == second.warnings == ("two_units",)
    (named,) = matched(text, ours, theirs, units=(2,))
    assert (named.draft_id, named.sure, named.evidence["why"]) == (4, True, "署名是这个单位")


def test_a_foreign_byline_or_a_later_date_waits_for_an_editor() -> None:
    text = paragraph(1, 8)
    (foreign,) = matched(text, candidate(3, text), units=(2,))
    assert (foreign.sure, foreign.warnings) == (False, ("other_byline",))
    (late,) = matched(text, candidate(3, text, day="2026-08-01"))
    assert (late.sure, late.warnings) == (False, ("printed_before_received",))


def test_one_unit_twice_in_a_merged_item() -> None:
    parts = [paragraph(1, 5), paragraph(2, 5)]
    found = matched("".join(parts), *(candidate(n, part) for n, part in enumerate(parts, 1)))
    assert [one.warnings for one in found] == [("same_unit_twice",)] * 2


@pytest.mark.parametrize(
    ("a", "b", "least", "most"),
    [
        ("临溪县“红色网格”联户制", "临溪县红色网格联户制", 1.0, 1.0),
        ("望岚县：电商党建让土货出山", "电商党建让土货出山", 0.85, 0.99),
        ("秋粮收购今起开秤", "秋季学期中青年干部培训班开班", 0.0, 0.3),
        ("", "任何题目", 0.0, 0.0),
    ],
)
def test_likeness_of_titles(a: str, b: str, least: float, most: float) -> None:
    assert least <= title_likeness(a, b) <= most
    assert title_likeness(a, b) == title_likeness(b, a)


@given(st.text(max_size=30), st.text(max_size=30))
def test_alike_titles_share_a_gram(a: str, b: str) -> None:
    assert 0 <= title_likeness(a, b) <= 1
    if title_likeness(a, b) == 1:
        assert title_grams(a) == title_grams(b)


def listed(
    title: str, *candidates: tuple[Candidate, float, int], units: tuple[int, ...] = ()
) -> tuple[Match, ...]:
    side = Side(title, "", fold(""))
    return match_title(Printed(side, "2026-07-20", frozenset(units)), candidates)


def test_a_title_alone() -> None:
    one = candidate(3, "", title="柳湾镇渔民上岸记")
    (found,) = listed("柳湾镇渔民上岸记", (one, 1.0, 0))
    assert (found.draft_id, found.share, found.used, found.sure) == (3, 1.0, 0.0, True)
    (shortened,) = listed("渔民上岸", (one, 0.7, 0))
    assert not shortened.sure
    assert listed("别的题目", (one, 0.5, 0)) == ()


def test_one_title_of_two_units_waits() -> None:
    ours = candidate(3, "", title="主题党日办实事", unit=1)
    theirs = candidate(4, "", title="主题党日办实事", unit=2)
    (found,) = listed("主题党日办实事", (ours, 1.0, 0), (theirs, 1.0, 0))
    assert (found.sure, found.evidence["rivals"]) == (False, [4])
    (named,) = listed("主题党日办实事", (ours, 1.0, 0), (theirs, 1.0, 0), units=(2,))
    assert (named.draft_id, named.sure) == (4, True)
