"""The starter corpus: enough of everything, nothing twice, nobody real."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

import pytest

from nlp import starter
from nlp.fingerprints import gram_hashes
from nlp.length import default_limits
from nlp.starter import Sample, StarterRefused
from nlp.taxonomy import NONE, Taxonomy
from nlp.text import fold


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return starter.load()


def test_every_aspect_has_enough_drafts(samples: list[Sample]) -> None:
    counts = Counter(sample.theme for sample in samples)
    codes = Taxonomy.load().codes
    assert set(counts) == {*codes, NONE}
    assert all(counts[code] >= 25 for code in codes), counts
    assert counts[NONE] >= 60


def test_confusable_pairs_share_a_subject_and_differ_in_theme(samples: list[Sample]) -> None:
    pairs: dict[str, list[Sample]] = {}
    for sample in samples:
        if found := re.fullmatch(r"(P\d{3})[ab]", sample.id):
            pairs.setdefault(found[1], []).append(sample)
    assert len(pairs) >= 100
    for number, two in pairs.items():
        assert len(two) == 2, number
        assert two[0].theme != two[1].theme, number


def test_fields_are_of_the_vocabulary(samples: list[Sample]) -> None:
    codes = set(Taxonomy.load().codes)
    for sample in samples:
        assert sample.genre in default_limits(), sample.id
        assert sample.level in {"county", "city", "province", "central"}, sample.id
        assert len(sample.secondary) <= 2, sample.id
        assert set(sample.secondary) <= codes - {sample.theme}, sample.id
        assert sample.title, sample.id
        assert 100 <= len(sample.text) <= 1200, (sample.id, len(sample.text))


def test_aspects_are_spread_over_genres_and_levels(samples: list[Sample]) -> None:
    for code in Taxonomy.load().codes:
        own = [sample for sample in samples if sample.theme == code]
        assert len({sample.genre for sample in own}) >= 6, code
        assert len({sample.level for sample in own}) >= 2, code


def test_no_identifier_title_or_text_twice(samples: list[Sample]) -> None:
    for values in (
        [sample.id for sample in samples],
        [fold(sample.title).text for sample in samples],
        [fold(sample.text).text for sample in samples],
    ):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def overlaps(samples: list[Sample]) -> list[tuple[str, str, int]]:
    """Pairs of samples that share more than a tenth of their ten-character runs."""
    runs = {s.id: set(gram_hashes(fold(s.text).text).tolist()) for s in samples}
    found = []
    for one, other in combinations(runs, 2):
        shared = len(runs[one] & runs[other])
        if shared > 0.1 * min(len(runs[one]), len(runs[other])):
            found.append((one, other, shared))
    return found


def test_no_draft_borrows_from_another(samples: list[Sample]) -> None:
    assert overlaps(samples) == []


def test_borrowing_would_be_seen(samples: list[Sample]) -> None:
    first, second = samples[:2]
    half = second.text[: len(second.text) // 2]
    mixed = Sample("mixed", "A1", (), "动态", "county", "题", first.text + half)
    assert {pair[1] for pair in overlaps([first, second, mixed])} == {"mixed"}


def test_front_matter_is_read() -> None:
    text = (
        "---\nid: A1-01\ntheme: A1\nsecondary: A2 C2\ngenre: 动态\nlevel: county\n"
        "title: 题：其一\n---\n第一段。\n第二段。\n\n"
        "---\nid: A1-02\ntheme: A1\nsecondary:\ngenre: 经验\nlevel: city\n"
        "title: 题二\n---\n正文。\n"
    )
    assert starter.parse(text) == [
        Sample("A1-01", "A1", ("A2", "C2"), "动态", "county", "题：其一", "第一段。\n第二段。"),
        Sample("A1-02", "A1", (), "经验", "city", "题二", "正文。"),
    ]


@pytest.mark.parametrize("front", ["id: a\n", "id: a\nmood: 好\n"])
def test_missing_or_unknown_field_is_refused(front: str) -> None:
    with pytest.raises(StarterRefused, match=r"训练稿x\.md"):
        starter.parse(f"---\n{front}---\n正文\n", "x.md")


def test_digest_changes_with_a_letter(samples: list[Sample]) -> None:
    from dataclasses import replace

    changed = [replace(samples[0], text=samples[0].text + "。"), *samples[1:]]
    assert starter.digest(changed) != starter.digest(samples)
    assert starter.digest(list(samples)) == starter.digest(samples)
