from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.keywords import RARE_WORD_IDF, general_idf, keywords
from nlp.segment import segmenter
from nlp.text import is_han


def test_frequent_and_rare_words_come_first():
    words = ["工作"] * 3 + ["网格员"] * 3 + ["社区"] * 2
    assert keywords(words) == ("网格员", "社区", "工作")


def test_one_character_words_and_numbers_are_no_keywords():
    assert keywords(["村", "村", "2026", "abc", "网格"]) == ("网格",)


def test_longer_words_say_more_and_ties_keep_their_order():
    idf = {"基层": 2.0, "治理": 2.0, "基层治理": 2.0}
    assert keywords(["治理", "基层", "基层治理"], idf) == ("基层治理", "治理", "基层")


def test_at_most_eight():
    assert len(keywords([f"{c}网格" for c in "甲乙丙丁戊己庚辛壬癸"])) == 8
    assert keywords([]) == ()


def test_keywords_of_a_text():
    text = "望溪镇推行流动党员驿站，流动党员在驿站报到，驿站为流动党员办事，支部定期回访。"
    assert keywords(segmenter().words(text), top=2) == ("流动党员", "驿站")


def test_the_table_holds_common_words_only():
    table = general_idf()
    assert len(table) == 6000
    assert 0 < min(table.values()) < max(table.values()) < RARE_WORD_IDF


@given(
    st.lists(
        st.sampled_from(
            ["流动党员", "驿站", "网格", "基层治理", "党", "2026", "工作", "ＡＢ", "ёж"]
        ),
        max_size=60,
    ),
    st.integers(1, 9),
)
def test_the_weightiest_are_those_of_a_plain_sort(words, top):
    def weight(word):
        length = min(len(word), 4) ** 0.5
        return words.count(word) * general_idf().get(word, RARE_WORD_IDF) * length

    han = [word for word in dict.fromkeys(words) if len(word) > 1 and is_han(word[0])]
    assert keywords(words, top=top) == tuple(sorted(han, key=weight, reverse=True)[:top])
