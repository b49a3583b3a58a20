"""The proposed cut: what goes, what stays, and that the proposal adds up."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.cut import lead, measured, ours, textrank
from nlp.counting import count_characters
from nlp.trim import propose_cut, split_sentences
from tests.support_text import draft

TITLE = "望溪镇抓实网格党建"
LEAD = "3月5日，望溪镇启动网格党建，在18个网格建立党小组，选派党员46名。"
STOCK = "坚持以习近平新时代中国特色社会主义思想为指导，深入学习贯彻党的二十大精神。"
FACT = "上半年网格员登记诉求1206件，办结1180件，平均用时2.3天。"
OPINION = "会议强调，要提高站位，切实把各项工作落到实处。"


def left(found, limit: int) -> str:
    return propose_cut(found, limit).text


def test_nothing_is_proposed_within_the_limit():
    found = draft(TITLE, LEAD + FACT)
    cut = propose_cut(found, 500)
    assert (cut.dropped, cut.after, cut.reached) == ((), found.characters, True)
    assert cut.text == found.text


def test_set_phrases_repetitions_and_opinions_go_first_and_say_so():
    body = LEAD + STOCK + FACT, FACT + OPINION + "镇里还给每个网格配了平板电脑2台。"
    found = draft(TITLE, *body)
    cut = propose_cut(found, found.characters - 60)
    gone = {found.text[d.start : d.end]: d.reason for d in cut.dropped}
    assert gone[STOCK] == "套话"
    cut = propose_cut(found, count_characters(LEAD + FACT) + 20)
    gone = {found.text[d.start : d.end]: d.reason for d in cut.dropped}
    assert (gone[STOCK], gone[OPINION], gone[FACT]) == (
        "套话",
        "评价和表态，没有具体事实",
        "与前文重复",
    )
    assert LEAD in cut.text
    assert cut.text.count(FACT) == 1


def test_headings_and_the_first_sentence_of_a_section_stay():
    first = "块先在有条件的网格里把党支部建起来，再配齐支部班子。"
    rest = "其他工作有序推进。各方反映良好。"
    sections = [(f"{n}、抓组织", f"第{n}{first}{rest}") for n in "一二三"]
    found = draft(TITLE, LEAD, *(line for pair in sections for line in pair))
    cut = propose_cut(found, 1)
    assert not cut.reached
    assert cut.text.split("\n")[1:] == [
        LEAD,
        *(line for n in "一二三" for line in (f"{n}、抓组织", f"第{n}{first}")),
    ]


def test_a_series_loses_its_last_members_only():
    series = [
        f"{n}是{what}，安排相关同志负责落实。"
        for n, what in zip("一二三四", "建管用评", strict=True)
    ]
    found = draft(TITLE, LEAD + "具体来说。" + "".join(series) + FACT)
    for limit in range(20, found.characters, 10):
        text = left(found, limit)
        kept = [member in text for member in series]
        assert kept == sorted(kept, reverse=True)
        assert sum(kept) >= 2


def test_an_announced_series_stays_whole():
    series = "".join(f"{n}是相关同志负责落实。" for n in "一二三")
    found = draft(TITLE, LEAD + "推出三项举措。" + series + FACT)
    assert series in left(found, 40)


def test_what_leans_on_a_sentence_does_not_stay_alone():
    pair = "镇里组织相关同志外出参观。", "其中18名党员、3个支部书记、12名网格员写了《观摩笔记》。"
    found = draft(TITLE, LEAD + FACT + "".join(pair) + FACT.replace("上半年", "去年"))
    for limit in range(20, found.characters, 5):
        text = left(found, limit)
        assert pair[0] in text or pair[1] not in text


def test_what_announces_the_lines_below_stays():
    found = draft(TITLE, LEAD + "现将有关情况报告如下：", FACT, OPINION)
    assert "现将有关情况报告如下：" in left(found, 1)


def test_numbers_inside_a_paragraph_are_a_series():
    inline = "1、建立会商制度，每月一次。2、建立督办制度，每周一次。3、建立通报制度，每季一次。"
    found = draft(TITLE, LEAD + "具体来说。" + inline + FACT)
    for limit in range(20, found.characters, 10):
        kept = [number in left(found, limit) for number in ("1、", "2、", "3、")]
        assert kept == sorted(kept, reverse=True)


def test_a_run_in_heading_does_not_stay_alone():
    run_in = "（二）态度生硬。反映接待时边接电话边应付。反映来办事的人被请走。"
    bare = "请来能人。镇里引回乡友，聘为经理人。大家都说好。"
    found = draft(TITLE, LEAD, "一、问题", run_in, bare, FACT)
    for limit in range(20, found.characters, 5):
        text = left(found, limit)
        assert "（二）态度生硬。反映接待时边接电话边应付。" in text
        assert ("请来能人。" in text) == ("镇里引回乡友" in text or "大家都说好" in text)


def test_quotations_are_not_cut_in_two():
    text = "他说：“先建支部。再选管家。”大家同意！好吗？好。"
    parts = [text[a:b] for a, b in split_sentences(text, 0, len(text))]
    assert parts == ["他说：“先建支部。再选管家。”", "大家同意！", "好吗？", "好。"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([LEAD, STOCK, FACT, OPINION, "一是建。", "其中有3个。"]), min_size=3),
    st.integers(1, 600),
)
def test_a_proposal_adds_up(parts: list[str], limit: int):
    found = draft(TITLE, LEAD, "".join(parts[:4]), *parts[4:], "望溪镇党委")
    cut = propose_cut(found, limit)
    assert cut.before - cut.after == sum(d.saved for d in cut.dropped)
    assert cut.after <= limit or not cut.reached
    pieces, place = [], 0
    for gone in cut.dropped:
        assert place <= gone.start < gone.end
        pieces.append(found.text[place : gone.start])
        place = gone.end
    pieces.append(found.text[place:])
    lines = [line for line in "".join(pieces).split("\n") if line]
    assert cut.text.split("\n") == lines


def test_a_long_draft_takes_linear_time():
    found = draft(TITLE, LEAD, *([FACT + OPINION] * 1500))
    started = time.process_time()
    cut = propose_cut(found, 3000)
    assert time.process_time() - started < 3
    assert cut.reached


def test_the_cut_keeps_what_the_printed_version_kept_more_often_than_its_peers():
    mine, first, ranked = (measured(method) for method in (ours, lead, textrank))
    assert mine[0] > max(first[0], ranked[0]) + 0.08
    assert mine[1] > max(first[1], ranked[1]) + 0.1
