"""Taxonomy and lexicon: data files, their checks, and how terms are counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lexicon import Lexicon, LexiconRefused
from nlp.pairs import count_pairs
from nlp.taxonomy import NONE, Taxonomy, TaxonomyRefused
from nlp.text import fold

ENTRY = '[[category]]\ncode = "A"\nname = "甲"\ndefinition = "甲类"\n'
ASPECT = '[[aspect]]\ncode = "{}"\nname = "乙"\ncategory = "{}"\ndefinition = "乙面"\n'


def written(path: Path, text: str) -> Path:
    file = path / "file.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_shipped_taxonomy_has_five_categories_and_nineteen_aspects() -> None:
    taxonomy = Taxonomy.load()
    assert [c.code for c in taxonomy.categories] == ["A", "B", "C", "D", "E"]
    assert " ".join(taxonomy.codes) == "A1 A2 A3 A4 B1 B2 B3 C1 C2 C3 C4 C5 D1 D2 D3 E1 E2 E3 E4"
    assert all(code[0] == parent for code, parent in taxonomy.parents().items())
    assert taxonomy.name("B1") == "发展党员"
    assert taxonomy.name("E") == "综合与自身建设"
    assert taxonomy.version


def test_retired_aspect_keeps_its_name_but_is_not_in_use(tmp_path: Path) -> None:
    text = (
        'version = "2"\n'
        + ENTRY
        + ASPECT.format("A1", "A")
        + "retired = true\n"
        + ASPECT.format("A2", "A")
    )
    taxonomy = Taxonomy.load(written(tmp_path, text))
    assert taxonomy.codes == ("A2",)
    assert taxonomy.name("A1") == "乙"
    assert taxonomy.parents() == {"A1": "A", "A2": "A"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version = ", "格式不对"),
        (ENTRY, "格式不对"),
        ('version = "1"\n' + ENTRY + '[[aspect]]\ncode = "A1"\n', "格式不对"),
        ('version = "1"\n' + ENTRY + ASPECT.format("A1", "A") * 2, "代码重复：A1"),
        ('version = "1"\n' + ENTRY + ASPECT.format("A1", "B"), "大类不存在：A1"),
        ('version = "1"\n' + ENTRY + ASPECT.format(NONE, "A"), "不能使用代码X0"),
    ],
)
def test_bad_taxonomy_is_refused_with_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TaxonomyRefused, match=said):
        Taxonomy.load(written(tmp_path, text))


def test_shipped_lexicon_serves_every_aspect() -> None:
    lexicon = Lexicon.load()
    assert set(lexicon.weights) == {*Taxonomy.load().codes, NONE}
    for code, terms in lexicon.weights.items():
        assert len(terms) >= 80, code
        assert set(terms.values()) == {1.0, 2.0, 3.0}, code


def test_shipped_lexicon_names_no_term_twice_for_an_aspect(root: Path) -> None:
    import tomllib

    table = tomllib.loads((root / "nlp/data/lexicon.toml").read_text("utf-8"))
    for code, tiers in table.items():
        if isinstance(tiers, dict):
            terms = " ".join(tiers.values()).split()
            assert sorted(terms) == sorted(set(terms)), code


def test_office_adds_overrides_and_strikes_terms(tmp_path: Path) -> None:
    office = written(tmp_path, '[B1]\nw3 = "“双推双考”"\nw1 = "发展党员"\nw0 = "预备党员"\n')
    before, lexicon = Lexicon.load(), Lexicon.load(office=office)
    assert lexicon.weights["B1"]["双推双考"] == 3.0
    assert (before.weights["B1"]["发展党员"], lexicon.weights["B1"]["发展党员"]) == (3.0, 1.0)
    assert "预备党员" in before.weights["B1"]
    assert "预备党员" not in lexicon.weights["B1"]
    assert lexicon.digest != before.digest
    assert lexicon.version == f"{before.version}+office"


@pytest.mark.parametrize(
    ("text", "said"),
    [("[B1", "格式不对"), ('[B1]\nw9 = "入党"', "w9"), ('[B1]\nw3 = "党"', "太短")],
)
def test_bad_lexicon_is_refused_with_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(LexiconRefused, match=said):
        Lexicon.load(office=written(tmp_path, text))


def test_terms_are_found_through_quotes_and_traditional_script() -> None:
    lexicon = Lexicon.of("t", {"A1": {"村两委": 3.0}, "B1": {"发展党员": 3.0, "党员": 1.0}})
    folded = fold("村“兩委”抓發展黨員；發展“黨員”").text
    counts = lexicon.count(folded, count_pairs(folded))
    assert counts == {"村两委": 1, "发展党员": 2, "党员": 2}


def test_terms_of_the_title_weigh_more() -> None:
    lexicon = Lexicon.of("t", {"B1": {"发展党员": 3.0, "党员": 1.0, "村党支部书记": 2.0}})
    text, title = "党员发展党员", "发展党员"
    counts = lexicon.count(text, count_pairs(text, title, 3), title, 3)
    assert counts == {"发展党员": 4, "党员": 5}


@given(
    st.lists(st.text("党员发展村委会", min_size=2, max_size=9), min_size=1, max_size=12),
    st.text("党员发展村委会干", max_size=60),
)
def test_count_says_what_str_count_says(terms: list[str], text: str) -> None:
    lexicon = Lexicon.of("t", {"A1": dict.fromkeys(terms, 1.0)})
    expected = {term: text.count(term) for term in terms if term in text}
    counts = lexicon.count(text, count_pairs(text))
    assert set(counts) == set(expected)
    # A pair of one character twice overlaps itself: 党党党 holds it twice for us, once for Python.
    assert all(counts[t] == n for t, n in expected.items() if len(t) > 2 or t[0] != t[1])
