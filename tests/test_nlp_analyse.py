"""Findings of whole drafts: all parts together, and drafts that nobody would expect."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import starter
from nlp.analyse import Analyst
from nlp.length import LengthRules, Limits, default_limits
from nlp.types import Draft, Findings, Paragraph


@pytest.fixture(scope="module")
def analyst() -> Analyst:
    return Analyst()


def draft(title: str, *lines: str) -> Draft:
    paragraphs = (Paragraph("title", "", title), *(Paragraph("body", "", line) for line in lines))
    return Draft(1, title, paragraphs, characters=sum(map(len, lines)))


PLAIN = draft(
    "柳湾镇开展发展党员培训",
    "近日，柳湾镇对27名发展对象进行培训，讲解入党程序、党章要求，入党积极分子列席旁听。",
    "镇党委要求各支部把好政治关，预备党员转正一律公示。",
)


def test_findings_of_a_plain_draft(analyst: Analyst) -> None:
    found = analyst.analyse([PLAIN])[0]
    assert found.themes[0].code == "B1"
    assert found.category == "B"
    assert found.genre.code == "动态"
    assert found.genre.cues
    assert len(found.exact) == 32
    assert list(found.fingerprints) == sorted(set(found.fingerprints))
    assert "under_floor" in {flag.kind for flag in found.flags}
    assert 0 < len(found.keywords) <= 8
    assert found.model == analyst.model.version


def test_same_draft_same_findings_in_any_company(analyst: Analyst) -> None:
    drafts = [sample.draft() for sample in starter.load()[::40]]
    together = analyst.analyse([PLAIN, *drafts])
    assert together == [analyst.analyse([d])[0] for d in (PLAIN, *drafts)]
    assert pickle.loads(pickle.dumps(together)) == together
    assert Analyst().analyse([PLAIN]) == together[:1]
    assert analyst.analyse([]) == []


def test_resent_copy_has_the_same_digest_and_fingerprints(analyst: Analyst) -> None:
    spaced = draft("另一个标题", *(p.text.replace("，", " ， ") for p in PLAIN.paragraphs[1:]))
    one, other = analyst.analyse([PLAIN, spaced])
    assert (one.exact, one.fingerprints) == (other.exact, other.fingerprints)
    changed = draft(PLAIN.title, PLAIN.paragraphs[1].text)
    assert analyst.analyse([changed])[0].exact != one.exact


def test_length_rules_are_those_given() -> None:
    rules = LengthRules(genres={**default_limits(), "动态": Limits(1, 20, 40)})
    found = Analyst(length_rules=rules).analyse([PLAIN])[0]
    assert "over_hard" in {flag.kind for flag in found.flags}


@pytest.mark.parametrize(
    "odd",
    [
        Draft(1, "", ()),
        draft("", ""),
        draft("党", "员"),
        draft("Report", "The quick brown fox jumps over the lazy dog. " * 20),
        Draft(1, "数据", (Paragraph("table", "", "1\t2\t3.5%\t4"),) * 30),
        draft("乱", "\ud800\udfff\x00\ufffe党员\U0001f600"),
        draft("符号", "！？……——" * 100),
        draft("XX" * 3000, "某某"),
    ],
    ids=["empty", "blank", "tiny", "english", "numbers", "surrogates", "marks", "masks"],
)
def test_odd_drafts_have_findings_and_no_theme(analyst: Analyst, odd: Draft) -> None:
    found = analyst.analyse([odd])[0]
    assert isinstance(found, Findings)
    assert found.themes == ()
    assert len(found.nearest) == 3


def test_fifty_thousand_characters(analyst: Analyst) -> None:
    lines = [sample.text for sample in starter.load() if sample.theme == "C3"]
    body = "\n".join(lines * (50_000 // sum(map(len, lines)) + 1))
    found = analyst.analyse([draft("干部教育培训材料汇编", *body.splitlines())])[0]
    assert found.themes[0].code == "C3"
    assert "over_hard" in {flag.kind for flag in found.flags}


def test_traditional_script_is_read_like_simplified(analyst: Analyst) -> None:
    simple = draft(
        "做好离退休干部工作", "老年大学开学，离退休干部、老同志参加，老干部局组织走访慰问。"
    )
    traditional = draft(
        "做好離退休幹部工作", "老年大學開學，離退休幹部、老同志參加，老幹部局組織走訪慰問。"
    )
    one, other = analyst.analyse([simple, traditional])
    assert one.themes == other.themes
    assert one.themes[0].code == "E2"
    assert one.exact == other.exact


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=6), st.text(max_size=40))
def test_no_text_makes_it_fail(lines: list[str], title: str) -> None:
    given_draft = draft(title, *lines)
    found = ANALYST.analyse([given_draft])[0]
    size = len(given_draft.text)
    terms = [term for theme in (*found.themes, *found.nearest) for term in theme.terms]
    assert all(0 <= term.start < term.end <= size for term in terms)


ANALYST = Analyst()
