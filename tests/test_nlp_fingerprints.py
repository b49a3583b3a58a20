"""Fingerprints: what is shared is found, what is language is not evidence."""

from __future__ import annotations

import random
from importlib.resources import files

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlp.fingerprints import (
    BITS,
    K,
    W,
    cover,
    exact_digest,
    fingerprint,
    gram_hashes,
    stock_hashes,
)
from nlp.text import fold
from tests.support_reuse import sentence

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E40), max_size=80)


def naive(folded: str) -> tuple[int, ...]:
    """Winnowing as its definition reads."""
    hashes = gram_hashes(folded).tolist()
    windows = [hashes[i : i + W] for i in range(max(1, len(hashes) - W + 1))]
    return tuple(sorted({min(window) for window in windows if window}))


@given(HAN)
def test_equals_the_definition(text: str) -> None:
    assert fingerprint(text) == naive(text)


@given(HAN, HAN, HAN, HAN, st.integers(0, 10**6))
def test_any_verbatim_run_of_25_is_found(a: str, b: str, c: str, d: str, seed: int) -> None:
    run = fold(sentence(random.Random(seed), 24)).text[: K + W - 2] + "县"
    assert len(run) == 25
    assert set(fingerprint(a + run + b)) & set(fingerprint(c + run + d))


def test_different_texts_share_nothing() -> None:
    texts = [fold(sentence(random.Random(seed), 480)).text for seed in range(20)]
    prints = [set(fingerprint(text)) for text in texts]
    assert all(not prints[i] & prints[j] for i in range(20) for j in range(i))


def test_density_is_two_in_seventeen() -> None:
    text = fold(sentence(random.Random(1), 12000)).text
    assert abs(len(fingerprint(text)) / len(text) - 2 / (W + 1)) < 0.006


def test_short_texts_have_fingerprints_and_empty_ones_none() -> None:
    assert len(fingerprint("会")) == 1
    assert len(fingerprint("我县召开座谈会")) == 1
    assert fingerprint("我县召开座谈会") != fingerprint("我县召开现场会")
    assert len(fingerprint("一二三四五六七八九十一二")) == 1
    assert fingerprint("") == ()


def test_hashes_are_the_same_in_plain_integers() -> None:
    """The index outlives the process, so the hash is fixed: polynomial, mixed, top 48 bits."""
    for text in (sentence(random.Random(3), 60), "村"):
        folded = fold(text).text
        expected = []
        for start in range(max(1, len(folded) - K + 1)):
            code = 0
            for character in folded[start : start + K].ljust(K, "\0"):
                code = (code * 0x9E3779B97F4A7C15 + ord(character)) % 2**64
            for _ in range(2):
                code = (code ^ code >> 32) * 0xD6E8FEB86659FD93 % 2**64
            expected.append(code >> 64 - BITS)
        assert gram_hashes(folded).tolist() == expected


def test_digest_tells_texts_apart_and_has_none_for_nothing() -> None:
    assert exact_digest("") == ""
    assert len(exact_digest("村")) == 32
    assert exact_digest("村") != exact_digest("镇")


def test_writing_of_the_same_text_does_not_matter() -> None:
    plain = "临溪县组织部召开2026年第3次干部队伍建设会议，研究A类项目。"
    others = (
        "臨溪縣組織部召開２０２６年第３次幹部隊伍建設會議，研究Ａ類項目。",
        "临溪县\u200b组织部 召开2026年第3次\u3000干部队伍建设会议 研究a类项目",
        "临溪县组织部召开2026年第３次干部队伍建设会议;研究 A 类项目!",
    )
    assert {exact_digest(fold(text).text) for text in others} == {exact_digest(fold(plain).text)}


def test_cover_marks_the_grams_of_the_given_hashes() -> None:
    text = fold(sentence(random.Random(2), 60)).text
    some = np.sort(gram_hashes(text)[[5, 6]])
    assert np.flatnonzero(cover(text, some)).tolist() == list(range(5, 16))
    assert not cover(text, np.zeros(0, dtype=np.uint64)).any()
    assert cover("", some).size == 0


def test_set_phrases_are_known_however_they_are_written() -> None:
    for text in (
        "增强“四个意识”、坚定“四个自信”、做到“两个维护”",
        "增強「四個意識」，堅定「四個自信」，做到「兩個維護」",
    ):
        assert set(gram_hashes(fold(text).text).tolist()) <= stock_hashes()
    ours = fold("柳湾镇把议事桌摆到院坝里三个月办成实事十二件").text
    assert not set(gram_hashes(ours).tolist()) & stock_hashes()


def test_every_set_phrase_is_long_enough_and_stands_once() -> None:
    lines = (files("nlp") / "data" / "stock_phrases.txt").read_text("utf-8").splitlines()
    phrases = [fold(line).text for line in lines if line and not line.startswith("#")]
    assert len(phrases) >= 300
    assert len(set(phrases)) == len(phrases)
    assert min(map(len, phrases)) >= K
