from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.segment import DictionaryError, Segmenter, field_terms, segmenter, stop_words
from tests.support_text import prose

HAN = re.compile("[\u4e00-\u9fff]")
FIELD = "三会一课 两新组织 党建引领 驻村第一书记 民主评议 主题党日 编办 不忘初心 选调生"


@pytest.fixture(scope="module")
def reference():
    return Segmenter(engine="jieba")


@pytest.fixture(scope="module")
def fast():
    return Segmenter(engine="rjieba")


def test_the_dictionary_is_large_and_every_term_stays_whole(fast):
    terms = field_terms()
    assert len(terms) >= 500
    assert len(set(terms)) == len(terms)
    assert [term for term in terms if fast.tokens(term) != [term]] == []


def test_terms_of_the_field_are_words_in_a_sentence(fast):
    for term in FIELD.split():
        assert term in fast.words(f"各镇抓好{term}，取得成效。"), term


def test_both_engines_cut_han_text_alike(fast, reference):
    terms = "，".join(field_terms())
    for text in (prose(500), terms, "技术成果转化，脚底磨出了血泡，从严管理干部队伍。"):
        assert han(fast.tokens(text)) == han(reference.tokens(text))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(field_terms()),
            st.sampled_from(["的", "在", "抓好", "，", "。", " ", "2026年", "网格", "一", "A"]),
            st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=4),
        ),
        max_size=20,
    )
)
def test_both_engines_cut_any_mixture_of_terms_alike(fast, reference, parts):
    text = "".join(parts)
    assert han(fast.tokens(text)) == han(reference.tokens(text))


@given(st.text(max_size=60))
def test_tokens_give_the_text_back(fast, text):
    assert "".join(fast.tokens(text)) == text


@given(st.text(alphabet="党建引领的，。 ①a1\n在网格", max_size=40))
def test_spans_are_the_words_with_their_places(fast, text):
    spans = fast.spans(text)
    assert [word for word, _, _ in spans] == fast.words(text)
    assert all(text[start:end] == word for word, start, end in spans)


def test_words_leave_out_punctuation_spaces_and_stop_words(fast):
    text = "党员们，在网格里（2026年）开展“三会一课”……\n　■★"
    assert fast.words(text) == ["党员", "网格", "2026", "三会一课"]


def test_stop_words_hold_no_term_of_the_field():
    assert not stop_words() & set(field_terms())
    assert {"的", "以及", "进一步"} <= stop_words()


def test_an_office_adds_its_own_words(tmp_path):
    own = tmp_path / "本单位.txt"
    own.write_text("# 我们的词\n云溪先锋行\n溪上客厅 2000\n岭上红 500 nz\n", encoding="utf-8")
    words = Segmenter(own).words("云溪先锋行走进溪上客厅，岭上红品牌")
    assert {"云溪先锋行", "溪上客厅", "岭上红"} <= set(words)
    assert "云溪先锋行" not in Segmenter().words("云溪先锋行")


@pytest.mark.parametrize("line", ["词 很多 nz", "词 1 nz 多余", "词 -5"])
def test_a_bad_line_is_named(tmp_path, line):
    own = tmp_path / "本单位.txt"
    own.write_text(f"好词 100\n{line}\n", encoding="utf-8")
    with pytest.raises(DictionaryError, match=r"词典本单位\.txt第2行读不懂"):
        Segmenter(own)


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        Segmenter(tmp_path / "none.txt")


def test_without_the_fast_engine_the_reference_takes_over(monkeypatch):
    monkeypatch.setitem(sys.modules, "rjieba.rjieba", None)
    made = Segmenter()
    assert made.engine == "jieba"
    assert made.words("三会一课") == ["三会一课"]
    with pytest.raises(ImportError):
        Segmenter(engine="rjieba")


def test_the_segmenter_of_a_process_is_loaded_once():
    assert segmenter() is segmenter()
    assert segmenter().engine == "rjieba"


def test_nothing_is_printed_and_no_cache_is_left_in_the_shared_directory(tmp_path):
    code = (
        "from nlp.segment import Segmenter\n"
        "for engine in ('rjieba', 'jieba'):\n"
        "    assert Segmenter(engine=engine).words('三会一课') == ['三会一课']\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_jieba_itself_does_write_a_cache_there(tmp_path, monkeypatch):
    """Positive control of the test above."""
    import jieba

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    jieba.setLogLevel(60)
    jieba.Tokenizer().initialize()
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]


def han(tokens: list[str]) -> list[str]:
    return [token for token in tokens if HAN.search(token)]
