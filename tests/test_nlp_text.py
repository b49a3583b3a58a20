from __future__ import annotations

import subprocess
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.text import (
    clean,
    detect_mojibake,
    fold,
    is_traditional,
    to_simplified,
    traditional_share,
)
from nlp.types import Notice
from tests.support_text import prose

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "folded", "offsets"),
    [
        ("党建，引领。", "党建引领", [0, 1, 3, 4]),
        ("黨建ＡＢ１２", "党建ab12", [0, 1, 2, 3, 4, 5]),
        ("⑩㎡好", "10m2好", [0, 0, 1, 1, 2]),
        ("二〇二六年", "二〇二六年", [0, 1, 2, 3, 4]),
        ("党\u200b建\u202e引\ufe0f领", "党建引领", [0, 2, 4, 6]),
        ("a\u0301b", "ab", [0, 2]),
        ("\ud800党", "党", [1]),
        ("", "", []),
        ("，。！", "", []),
    ],
)
def test_fold_keeps_han_letters_digits_and_where_they_stood(text, folded, offsets):
    result = fold(text)
    assert (result.text, result.offsets.tolist()) == (folded, offsets)


def test_fold_of_a_traditional_copy_equals_that_of_its_original():
    assert fold("組織工作與幹部隊伍建設").text == fold("组织工作与干部队伍建设").text


@pytest.mark.parametrize(
    ("evasion"),
    [
        "党\u200b建引领",
        "党建\u2060引领",
        "党\u3164建引领",
        "党 建 引 领",
        "党·建·引·领",
        "党\u00ad建引领",
    ],
)
def test_fold_undoes_invisible_evasions(evasion):
    assert fold(evasion).text == "党建引领"


def test_fold_within_ranges_only():
    result = fold("标题党建\n正文引领", [(2, 4), (7, 9)])
    assert (result.text, result.offsets.tolist()) == ("党建引领", [2, 3, 7, 8])


@given(ANY_TEXT)
def test_folding_is_idempotent_and_its_offsets_ascend(text):
    once = fold(text)
    assert fold(once.text).text == once.text
    offsets = once.offsets.tolist()
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)
    assert len(offsets) == len(once.text)


@given(ANY_TEXT, st.integers(0, 60), st.integers(0, 60))
def test_folding_a_range_equals_folding_the_slice(text, a, b):
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    part, alone = fold(text, [(start, end)]), fold(text[start:end])
    assert part.text == alone.text
    assert [offset - start for offset in part.offsets.tolist()] == alone.offsets.tolist()


@given(ANY_TEXT)
def test_simplifying_keeps_every_offset(text):
    assert len(to_simplified(text)) == len(text)


def test_simplifying_reads_phrases():
    assert to_simplified("臺灣幹部乾淨的乾隆年間") == "台湾干部干净的乾隆年间"


def test_traditional_share():
    assert traditional_share("干部队伍建设") == 0.0
    assert traditional_share("幹部") == 0.5
    assert is_traditional("關於加強幹部隊伍建設的意見")
    assert not is_traditional(prose() + "乾著")


@pytest.mark.parametrize(
    "text",
    [
        "党建引领基层治理".encode().decode("gbk", "replace"),
        "党建引领基层治理，取得成效。".encode().decode("latin-1"),
        "锟斤拷锟斤拷",
        "烫烫烫烫",
        "党建\ufffd\ufffd\ufffd引领",
    ],
)
def test_mojibake_is_seen(text):
    assert detect_mojibake(text)


@pytest.mark.parametrize("text", [prose(400), "涓涓细流汇成海", "中标价为€5，Café一家", ""])
def test_ordinary_text_is_not_mojibake(text):
    assert not detect_mojibake(text)


def test_clean_removes_what_cannot_be_seen_and_says_so():
    text, notices = clean("党\u200b建\ufeff\u202e引领\x07\r\n第二行\u2028第三行\t列")
    assert text == "党建引领\n第二行\n第三行\t列"
    assert notices == (
        Notice("zero_width", "含零宽或不可见字符2个，已清除", 2),
        Notice("bidi", "含文字方向控制符1个，已清除，原文显示顺序可能被改动", 1),
        Notice("control_characters", "含控制字符1个，已清除", 1),
    )


@given(st.text(max_size=60))
def test_clean_is_idempotent_and_keeps_the_visible(text):
    cleaned, _ = clean(text)
    assert clean(cleaned) == (cleaned, ())
    assert fold(cleaned).text == fold(text).text


def test_clean_leaves_ordinary_text_alone():
    text = "“党建＋”①　Ⅱ级\t㎡ 𠮷"
    assert clean(text) == (text, ())


def converted_by_opencc(text):
    return opencc.OpenCC("t2s").convert(text)


def test_every_word_of_the_dictionary_is_converted(tmp_path):
    """What is passed over without asking OpenCC must hold nothing that OpenCC changes."""
    shipped = Path(opencc.__file__).parent / "clib"
    words = tmp_path / "words.txt"
    command = [shipped / "bin" / "opencc_dict", "-f", "ocd2", "-t", "text"]
    command += ["-i", shipped / "share" / "opencc" / "TSPhrases.ocd2", "-o", words]
    subprocess.run(command, check=True, capture_output=True)
    lines = [line.partition("\t")[0] for line in words.read_text(encoding="utf-8").splitlines()]
    text = "，".join(lines)
    assert len(lines) > 400
    assert to_simplified(text) == converted_by_opencc(text)
    assert [line for line in lines if to_simplified(line) != converted_by_opencc(line)] == []


def test_every_character_is_converted():
    every = [chr(code) for code in range(11, 0x110000) if not 0xD800 <= code < 0xE000]
    converted = converted_by_opencc("\n".join(every)).split("\n")
    changed = [(a, b) for a, b in zip(every, converted, strict=True) if a != b]
    assert len(changed) > 4000
    assert [(a, b) for a, b in changed if to_simplified(a) != b and len(b) == 1] == []


@given(st.text(alphabet="一土坏子布覆盖反复沈默深下哩藉瞭衹甦党黨，\n𠀾", max_size=30))
def test_conversion_is_that_of_opencc(text):
    assert to_simplified(text) == converted_by_opencc(text)


@pytest.mark.parametrize(
    ("text", "simplified"),
    [
        ("反覆损坏", "反复损坏"),
        ("覆盖面坏了，沈某不变", "覆盖面坏了，沈某不变"),
        ("沈默", "沉默"),
        ("好坏，土坏", "好坏，土坯"),
    ],
)
def test_words_that_change_a_common_character(text, simplified):
    assert to_simplified(text) == simplified


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("瞭解全面覆蓋，憑藉", "了解全面复盖凭借"),  # OpenCC converts these one way only
        ("⻓期坚持，⼈⺠⻅证", "长期坚持人民见证"),  # radicals out of a PDF
        ("СРО аеорсх ο", "cpoaeopcxo"),  # Cyrillic and Greek
        ("二○二六年", "二〇二六年"),
    ],
)  # fmt: skip
def test_look_alikes_fold_to_one(written: str, folded: str) -> None:
    assert fold(written).text == folded
