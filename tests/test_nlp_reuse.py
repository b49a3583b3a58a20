"""What two drafts share has a name: every kind, and what is not reuse."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nlp.alignment import align
from nlp.fingerprints import gram_hashes, stock_hashes
from nlp.reuse import RULES, Side, Source, Verdict, judge, merged_from, side
from nlp.text import fold
from tests.support_reuse import draft, paragraphs, sentence

NOTHING = np.zeros(0, dtype=np.uint64)
STOCK = np.sort(np.fromiter(stock_hashes(), dtype=np.uint64))
QUOTATION = sentence(random.Random(99), 120).rstrip("。")

REPORT = [
    "柳湾镇地处临溪县北部，辖14个村、3个社区，有党员1286名。今年以来，镇党委从群众最烦心的小事入手，"
    "把议事桌搬进院坝，由党员先听、先记、先办，半年时间解决堵点难点217件。",
    "一是院坝听音。镇党委书记陈小满带领36名镇村干部分片包干，每周二晚到院坝与群众拉家常，"
    "当场能答的当场答，答不了的写进《民情簿》，第二天一早交到镇党建办分流。",
    "二是清单办事。党建办按轻重缓急排出红黄蓝三色清单，明确责任人和办结日期。老街排水沟堵了八年，"
    "列入红色清单后，县住建局、镇村建站和12名党员义务工连干9天，沟通了，邻里的怨气也散了。",
    "三是回头问效。办完的事由提事人打分，低于80分的退回重办。截至9月底，退回重办11件，"
    "群众满意率由年初的71.5%升到96.2%，越级上访同比下降六成。",
]
SWAPS = {
    "柳湾镇": "云岭乡", "临溪县": "望岚县", "陈小满": "周立冬", "14个村": "9个村",
    "1286名": "743名", "217件": "156件", "36名": "22名", "9天": "5天", "11件": "7件",
    "96.2%": "94.8%",
}  # fmt: skip
OTHER_REPORT = [
    "为破解小区停车难、飞线充电等老大难，清漪区望江社区党委把12个小区的物业、业委会、商户拉进"
    "“红色议事厅”，每月25日开门议事，党员楼栋长先在微信群里收题，社区党委再定题。",
    "议定的事情要有人干。社区从双报到党员里选出41名能工巧匠，组成水电维修、矛盾劝和、"
    "助老跑腿三支小队，居民点单、支部派单、党员接单，月底晒单。",
    "眼下，飞线充电的老楼装上了236个充电口，断头路边画出了58个夜间车位，"
    "邻里见面又有了笑脸。居民李桂芳说，支部就在楼下，有话好商量。",
]


def compare(a: Side, b: Side, common: Any = STOCK) -> Verdict | None:
    return judge(a, b, align(a.folded.text, b.folded.text), common)


def of(lines: list[str], **known: Any) -> Side:
    base = side(draft(lines, title=known.pop("title", "工作情况")))
    return replace(base, **known)


def swapped(lines: list[str]) -> list[str]:
    text = "\n".join(lines)
    for old, new in SWAPS.items():
        text = text.replace(old, new)
    return text.split("\n")


def found(verdict: Verdict | None) -> Verdict:
    assert verdict is not None
    return verdict


def test_equal_text_is_exact_however_it_is_set() -> None:
    verdict = found(compare(of(REPORT, unit=1), of(["".join(REPORT).replace("，", ",")], unit=1)))
    assert (verdict.kind, verdict.cover_a, verdict.cover_b) == ("完全相同", 1, 1)


def test_revised_by_the_same_unit_is_sent_again() -> None:
    again = [*REPORT[:3], *OTHER_REPORT[1:2]]
    pair = of(REPORT, unit=1), of(again, unit=1)
    assert found(compare(*pair)).kind == "重复报送"
    assert found(compare(pair[0], replace(pair[1], unit=2))).kind == "高度相似"


def test_light_rewording_is_near() -> None:
    text = "\n".join(REPORT)
    for old, new in {"入手": "做起", "搬进": "摆到", "带领": "率", "明确": "标明", "散了": "消了",
                     "低于": "不足", "办完": "做完", "截至": "到了"}.items():  # fmt: skip
        text = text.replace(old, new)
    assert found(compare(of(REPORT, unit=1), of(text.split("\n"), unit=2))).kind == "高度相似"


def test_exchanged_names_and_numbers_are_a_rewrite() -> None:
    pair = of(REPORT, unit=1), of(swapped(REPORT), unit=2)
    verdict = found(compare(*pair))
    assert verdict.kind == "套写"
    assert min(verdict.cover_a, verdict.cover_b) > 0.9
    assert found(compare(pair[0], replace(pair[1], unit=1))).kind == "重复报送"


@pytest.mark.parametrize(("changed", "kind"), [(3, "高度相似"), (5, "套写")])
def test_a_corrected_figure_is_no_rewrite_but_all_of_them_are(changed: int, kind: str) -> None:
    text = "\n".join(REPORT)
    for number in ("1286", "217", "96.2", "36", "12")[:changed]:
        text = text.replace(number, "405")
    assert found(compare(of(REPORT, unit=1), of(text.split("\n"), unit=2))).kind == kind


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_a_cut_version_is_an_excerpt(kept: int) -> None:
    long, short = of(REPORT), of(REPORT[:kept])
    verdict = found(compare(long, short))
    assert (verdict.kind, verdict.cover_b) == ("节选", 1.0)
    share = len(short.folded.text) / len(long.folded.text)
    assert verdict.cover_a == pytest.approx(share, abs=0.01)


def test_a_piece_inside_a_larger_one_is_contained() -> None:
    whole = of([*paragraphs(1, 3), *OTHER_REPORT, *paragraphs(2, 3)], title="三季度工作综述")
    verdict = found(compare(of(OTHER_REPORT, title="红色议事厅"), whole))
    assert verdict.kind == "包含"
    assert verdict.cover_a == 1.0
    assert verdict.cover_b < 0.3


def test_a_compilation_may_open_with_the_piece() -> None:
    whole = of([*OTHER_REPORT, *paragraphs(1, 3), *paragraphs(2, 3)], title="三季度工作综述")
    assert found(compare(of(OTHER_REPORT, title="红色议事厅"), whole)).kind == "包含"


@pytest.mark.parametrize(("characters", "kind"), [(36, "段落借用"), (26, None)])
def test_short_borrowed_sentences_count_from_a_full_sentence_on(
    characters: int, kind: str | None
) -> None:
    dice = random.Random(61)
    taken = [sentence(dice, characters) for _ in range(3)]
    ours, theirs = paragraphs(62, 3), paragraphs(63, 3)
    pair = of([x for pair in zip(ours, taken, strict=True) for x in pair]), of([*theirs, *taken])
    # apart in one text, so that each is a passage of its own
    verdict = compare(*pair)
    assert (verdict.kind if verdict else None) == kind


def test_borrowed_paragraphs_are_found_with_their_share() -> None:
    own = paragraphs(3, 4)
    verdict = found(compare(of(REPORT), of([own[0], REPORT[1], *own[1:]])))
    assert verdict.kind == "段落借用"
    expected = len(fold(REPORT[1]).text)
    assert verdict.shared == verdict.longest == expected
    assert verdict.cover_b == pytest.approx(
        expected / len(fold("".join([*own, REPORT[1]])).text), abs=0.001
    )


def test_passages_point_into_the_original_text() -> None:
    own = paragraphs(4, 2)
    a, b = of(["一、" + REPORT[0], REPORT[1]]), of([own[0], "（二）" + REPORT[1], own[1]])
    (passage,) = found(compare(a, b)).passages
    assert a.text[passage.a_start : passage.a_end] == REPORT[1].rstrip("。")
    assert b.text[passage.b_start : passage.b_end] == REPORT[1].rstrip("。")
    assert passage.nature == "reuse"


def test_a_traditional_copy_is_the_same_text() -> None:
    plain = "柳湾镇把议事桌搬进院坝，由党员先听、先记、先办，半年时间解决堵点难点两百多件。"
    other = "柳灣鎮把議事桌搬進院壩，由黨員先聽、先記、先辦，半年時間解決堵點難點兩百多件。"
    assert found(compare(of([plain]), of([other]))).kind == "完全相同"


def test_same_theme_and_event_are_nothing() -> None:
    assert compare(of(REPORT), of(OTHER_REPORT)) is None


@pytest.mark.parametrize("template", ["习近平总书记强调，“{}。”", "《条例》第九条明确规定：{}。"])
def test_a_common_quotation_is_shown_but_not_reuse(template: str) -> None:
    quotation = template.format(QUOTATION)
    a, b = paragraphs(6, 2), paragraphs(7, 2)
    verdict = found(compare(of([a[0], quotation, a[1]]), of([quotation, *b])))
    assert verdict.kind == "引用"
    assert (verdict.cover_a, verdict.shared) == (0, 0)
    assert verdict.discounted >= 120
    assert [p.nature for p in verdict.passages] == ["quote"]
    borrowed = compare(of([a[0], QUOTATION, a[1]]), of([QUOTATION, *b]))
    assert found(borrowed).kind == "段落借用"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("习近平总书记在座谈会上的讲话中强调，要抓基层、打基础。后来怎样", 21),
        ("条例出台后，《党员教育管理条例》规定：每月开展一次主题党日。", 20),
        ("为推进习近平总书记对本地提出的战略，市委组织部开展一线考核。", 0),
        ("全会提出了新任务，县里当月就分解到人。", 0),
        ("按照《支部工作条例》要求，镇党委逐村核对支部换届名册。", 0),
        ("市里牢记总书记嘱托，干部每月按省委要求走访两次。", 0),
        ("会议强调，要把村里的事办好。", 0),
    ],
)
def test_only_what_a_source_says_is_quotation(text: str, quoted: int) -> None:
    assert of([text]).quoted.sum() == quoted


def test_a_method_named_in_marks_is_no_quotation() -> None:
    told = "企业出题、园区征集、部门销号"
    lines = [sentence(random.Random(n), 20)[:-1] + f"建立“{told}”机制。" for n in (61, 62, 63)]
    verdict = found(compare(of(lines, title="甲"), of([*paragraphs(64, 3), *lines])))
    assert (verdict.kind, verdict.discounted) == ("包含", 0)
    long = [line.replace(told, told * 2) for line in lines]
    assert of(lines).quoted.sum() == 0 < of(long).quoted.sum()


def test_a_copied_draft_is_copied_with_its_quotations() -> None:
    text = [REPORT[0], f"习近平总书记指出：“{QUOTATION}。”", *REPORT[1:]]
    verdict = found(compare(of(text), of([*text[:4], *OTHER_REPORT[:1]])))
    assert verdict.discounted == 0
    assert verdict.cover_b > 0.75


def test_set_phrases_are_no_reuse() -> None:
    phrases = (
        "坚持以习近平新时代中国特色社会主义思想为指导，深入学习贯彻党的二十大精神，"
        "增强“四个意识”、坚定“四个自信”、做到“两个维护”，"
        "充分发挥基层党组织战斗堡垒作用和党员先锋模范作用，"
        "不断提高政治判断力、政治领悟力、政治执行力，"
        "把思想和行动统一到党中央决策部署上来。"
    )
    pair = of([phrases, *paragraphs(8, 1)]), of([phrases, *paragraphs(9, 1)])
    assert compare(*pair) is None
    for one in pair:  # had the phrases not been known
        vars(one)["_stock"] = [(NOTHING, np.zeros(len(one.folded.text), dtype=np.bool_))]
    assert found(compare(*pair, NOTHING)).kind == "段落借用"


def test_what_many_drafts_have_is_no_reuse() -> None:
    form = paragraphs(10, 1)[0]
    pair = of([form, *paragraphs(11, 2)]), of([form, *paragraphs(12, 2)])
    common = np.sort(gram_hashes(fold(form).text)[::7])
    assert compare(*pair, common) is None
    assert found(compare(*pair)).kind == "段落借用"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"dated": "2026-08-01"}, {"dated": "2026-09-01"}, "a_to_b"),
        ({"dated": "2026-09-02"}, {"dated": "2026-09-01", "arrival": 9}, "b_to_a"),
        ({"dated": "2026-09"}, {"dated": "2026-09-01", "arrival": 2}, "a_to_b"),
        ({"dated": ""}, {"dated": "2026-09-01"}, ""),
        ({"arrival": 3}, {"arrival": 1}, "b_to_a"),
    ],
)
def test_direction(first: dict[str, Any], second: dict[str, Any], expected: str) -> None:
    assert found(compare(of(REPORT, **first), of(REPORT[:3], **second))).direction == expected


def test_kind_and_shares_do_not_depend_on_the_order() -> None:
    mirror = {"a_to_b": "b_to_a", "b_to_a": "a_to_b", "": ""}
    texts = [REPORT, REPORT[:2], swapped(REPORT), [*paragraphs(13, 3), REPORT[2]], OTHER_REPORT]
    sides = [of(lines, unit=unit, arrival=unit) for unit, lines in enumerate(texts)]
    kinds = set()
    for a in sides:
        for b in sides:
            there, back = compare(a, b), compare(b, a)
            kinds.add(there.kind if there else "")
            if there is None or back is None:
                assert there is back
                continue
            assert (there.kind, there.shared) == (back.kind, back.shared)
            assert (there.cover_a, there.cover_b) == (back.cover_b, back.cover_a)
            assert there.direction == mirror[back.direction]
    assert kinds == {"", "完全相同", "节选", "套写", "段落借用"}


def test_empty_text_is_compared_with_nothing() -> None:
    assert compare(of([]), of([])) is None
    assert compare(of(["。。。"]), of(REPORT)) is None


def test_merged_from_needs_two_different_sources() -> None:
    first = Source(1, 1.0, 0.5, ((0, 500),))
    second = Source(2, 0.9, 0.4, ((500, 900),))
    assert merged_from([first, second]) == {1, 2}
    assert merged_from([first]) == frozenset()
    assert merged_from([first, replace(first, key=3)]) == frozenset()
    assert merged_from([first, replace(first, key=3), second]) == {1, 2}
    assert merged_from([first, replace(second, used=0.2)]) == frozenset()
    assert merged_from([first, replace(second, share=0.09)]) == frozenset()
    assert merged_from([first, replace(second, ranges=((300, 700),))]) == frozenset()
    assert merged_from([replace(first, key=3, used=0.6), first, second]) == {1, 2}


def test_version_names_the_thresholds() -> None:
    assert RULES.version == replace(RULES).version != replace(RULES, near=0.71).version
