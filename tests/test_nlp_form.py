"""Form flags: each rule where it should speak, and where it should not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.form import KINDS, USUALLY_OFF, FormRules, check_form
from nlp.form_personal import is_identity_number, passes_luhn
from nlp.form_words import misspellings
from nlp.text import fold
from nlp.types import Draft
from tests.support_text import block, draft, prose
from zugao.settings import SettingsError, settings_from

TITLE, SIGNED = "望溪镇抓实网格党建", "望溪镇党委"
ID = "990102197203040010"


def check(found: Draft, rules: FormRules | None = None, **more: str):
    folded = fold(found.text, found.ranges())
    return check_form(found, folded, rules or FormRules(), genre=more.pop("genre", "动态"), **more)


def places(*body: str, **more: str) -> list[tuple[str, int, str]]:
    """(kind, count, text of the first place); sentences said twice are the prose's own doing."""
    found = draft(TITLE, *body, SIGNED)
    flags = [f for f in check(found, **more) if f.kind != "repeated_sentence"]
    return [(f.kind, f.count, found.text[f.start : f.end]) for f in flags]


def numbers(text: str) -> list[str]:
    return [place for kind, _, place in places(text + prose()) if kind == "number_form"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("走访5、6个村。", "5、6个"),
        ("自20一四年以来。", "20一四年"),
        ("截至二0二六年底。", "二0二六年"),
        ("办结率百分之98。", "百分之98"),
        ("投入近300多万元。", "近300多"),
        ("约40人左右参加。", "约40人左右"),
        ("增长3—5%。", "3—5%"),
    ],
)
def test_number_forms_that_are_wrong(text: str, place: str):
    assert numbers(text) == [place]


@pytest.mark.parametrize(
    "text",
    [
        "走访第5、6个村。",
        "2、3月开展活动。",
        "1、2、3个等次。",
        "自2014年以来，二〇一四年起。",
        "办结率98.5%，百分之九十八。",
        "投入近300万元，约40人。",
        "增长3%—5%，2020—2025年。",
        "满意度99.1-99.7%。",
        "第十一届10人，十四五期间3个镇。",
    ],
)
def test_number_forms_that_are_right(text: str):
    assert numbers(text) == []


def test_document_numbers():
    text = "依据临组发[2026]3号、（2025）第12号和〔2024〕5号文件，（2026）年度考核合格。"
    assert places(text + prose()) == [("document_number", 2, "[2026]3号")]


def test_marks_inside_marks():
    assert places("他说：“这叫“红色驿站”，好用。”" + prose()) == [
        ("nested_marks", 1, "“这叫“红色驿站”，好用。”")
    ]
    assert places("他说：“这叫‘红色驿站’，好用。”“好。”" + prose()) == []


def order(*labels: str) -> list[tuple[str, str]]:
    body = [line for label in labels for line in (f"{label}抓组织建设", prose())]
    found = draft(TITLE, *body, SIGNED)
    kinds = ("heading_order", "heading_number", "number_mark")
    return [(f.kind, found.text[f.start : f.end]) for f in check(found) if f.kind in kinds]


def test_headings_in_order():
    assert order("一、", "（一）", "（二）", "二、", "（一）", "1.", "（1）", "2.") == []
    assert order("1.", "2.") == []
    assert order("一、", "1.", "2.", "二、", "1.") == [("heading_order", "1.")]


def test_headings_upside_down():
    assert order("（一）", "一、", "（二）")[0] == ("heading_order", "（一）")


def test_numbers_that_skip_repeat_or_go_back():
    assert order("一、", "三、") == [("heading_number", "三、")]
    assert order("一、", "二、", "二、") == [("heading_number", "二、")]
    assert order("一、", "一、") == [("heading_number", "一、")]
    assert order("一、", "二、", "三、", "二、") == [("heading_number", "二、")]
    assert order("二、", "三、") == [("heading_number", "二、")]


def test_numbers_beyond_ten_and_numbers_by_word():
    labels = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
    assert order(*(f"{label}、" for label in labels)) == []
    auto = [
        line for n in (1, 2, 4) for line in (block(f"第{n}项抓手", label=f"{n}."), block(prose()))
    ]
    found = draft(TITLE, *auto, SIGNED)
    (flag,) = [f for f in check(found) if f.kind == "heading_number"]
    assert flag.message == "序号不连续1处，首处“4.”之前缺号，请核对是否漏段或重号"


def test_marks_after_numbers():
    assert order("1、", "2、") == [("number_mark", "1、")]
    assert order("一、", "（一）、") == [("number_mark", "（一）、")]


def test_identity_bank_and_telephone():
    text = f"万某，身份证号{ID}，手机199-0000-1234。"
    assert places(text + prose()) == [
        ("identity_number", 1, ID),
        ("private_phone", 1, "199-0000-1234"),
    ]
    card = "6222021234567890129"
    assert not passes_luhn(card)
    assert places(f"汇入{card}账户。" + prose()) == []
    card = next(c for d in "0123456789" if passes_luhn(c := card[:-1] + d))
    grouped = " ".join(card[n : n + 4] for n in range(0, 19, 4))
    assert places(f"汇入{grouped}账户。" + prose()) == [("bank_card", 1, grouped)]


@pytest.mark.parametrize(
    "text",
    [
        "文件编号990102197203040011。",
        "咨询电话：19900001234。",
        "联系电话：0999-5560236。",
        "投入12000000000元。",
        "统一社会信用代码91330100MA27XXX000。",
    ],
)
def test_numbers_that_are_nobodys(text: str):
    kinds = {"identity_number", "bank_card", "private_phone"}
    assert not [p for p in places(text + prose()) if p[0] in kinds]


def test_a_telephone_of_the_by_line_is_in_its_place():
    found = draft(TITLE, prose(), "信息员：王溪　电话：19900001234", SIGNED)
    assert "private_phone" not in [f.kind for f in check(found)]
    assert [p[0] for p in places("来信人家住东街，联系电话：0999-5560236。" + prose())] == [
        "private_phone"
    ]


@given(st.text("0123456789", min_size=17, max_size=17))
def test_one_check_sign_fits_a_number(start: str):
    fitting = [sign for sign in "0123456789X" if is_identity_number(start + sign)]
    assert len(fitting) <= 1


@given(st.text("0123456789", min_size=15, max_size=18))
def test_one_check_digit_passes_luhn(start: str):
    assert sum(passes_luhn(start + digit) for digit in "0123456789") == 1


def dates(*lines: str, **more: str) -> list[tuple[str, int]]:
    found = draft(TITLE, *lines)
    kinds = ("impossible_date", "future_date", "late_report")
    return [(f.kind, f.count) for f in check(found, **more) if f.kind in kinds]


def test_days_that_no_calendar_has():
    text = "2月30日走访，13月1日评议，2026年2月29日总结，2024年2月29日和6月30日照常。"
    assert dates("近日，" + prose(), text, SIGNED) == [("impossible_date", 3)]


def test_late_against_date_line_or_receipt():
    body = "9月1日，" + prose()
    assert dates(body, SIGNED, "2026年9月16日") == []
    assert dates(body, SIGNED, "2026年9月17日") == [("late_report", 16)]
    assert dates(body, SIGNED, received="2026-09-17") == [("late_report", 16)]
    assert dates(body, SIGNED) == []
    assert dates(body, SIGNED, "2026年9月17日", genre="经验") == []
    assert dates("9月1日以来，" + prose(), SIGNED, "2026年9月30日") == []
    assert dates("12月30日，" + prose(), SIGNED, "2026年1月2日") == []


def test_dates_ahead():
    assert dates("9月20日，" + prose(), SIGNED, "2026年9月17日") == [("future_date", 1)]
    assert dates("近日，" + prose(), SIGNED, "2026年9月17日", received="2026-09-16") == [
        ("future_date", 1)
    ]


def test_nothing_but_words():
    empty = "全镇坚持党建引领，压实工作责任，凝聚各方合力，推动各项工作落地见效，" * 6
    (kind, _, _), *_ = places(empty, genre="经验")
    assert kind == "no_facts"
    for fact in ("走访12户。", "三十二名党员报到。", "在柳湾村试点。", "六七趟。"):
        assert "no_facts" not in [p[0] for p in places(empty + fact, genre="经验")]
    assert "no_facts" not in [p[0] for p in places(empty, genre="评论")]


def test_set_phrases():
    stock = "坚持以习近平新时代中国特色社会主义思想为指导，深入学习贯彻党的二十大精神。"
    found = draft(TITLE, stock, prose(160), SIGNED)
    (flag,) = [f for f in check(found, FormRules(stock_percent=10)) if f.kind == "stock_phrases"]
    assert 10 < flag.count < 20 == FormRules().stock_percent
    assert found.text[flag.start : flag.end] == stock[:-1]
    rules = FormRules(stock_percent=flag.count + 1)
    assert "stock_phrases" not in [f.kind for f in check(found, rules)]


def test_a_sentence_said_twice():
    twice = "各支部每月十五日开展主题党日活动并公开结果。"
    found = draft(TITLE, f"近日，镇里部署。{twice}", f"会议强调。{twice}会议结束。", SIGNED)
    (flag,) = [f for f in check(found) if f.kind == "repeated_sentence"]
    assert (flag.count, found.text[flag.start : flag.end]) == (1, twice)
    assert flag.start > found.text.index(twice)


def test_a_title_names_its_sender():
    found = draft("三级联户制激活治理末梢", prose(), "临溪县委组织部")
    assert "title_without_unit" in [f.kind for f in check(found)]
    assert "title_without_unit" not in [f.kind for f in check(found, genre="讲话")]
    named = draft("临溪三级联户制激活治理末梢", prose(), "临溪县委组织部")
    assert "title_without_unit" not in [f.kind for f in check(named)]


def test_misspellings():
    assert places("全面布署，互挖墙角。" + prose()) == [("misspelling", 2, "布署")]
    assert places("发布署名文章，恢复盖章。" + prose()) == []
    assert not set(misspellings()) & {right for right, _ in misspellings().values()}


def test_every_kind_has_a_name_and_can_be_switched_off():
    assert len(set(KINDS.values())) == len(KINDS)
    found = draft("XX镇抓党建,见实效", f"电话19900001234，5、6个，XX户。{ID}" + prose())
    kinds = {f.kind for f in check(found, FormRules(off=frozenset()))}
    assert USUALLY_OFF < kinds <= KINDS.keys()
    for kind in kinds:
        assert {f.kind for f in check(found, FormRules(off=frozenset({kind})))} == kinds - {kind}
    assert check(found, FormRules(off=frozenset(KINDS))) == ()
    with pytest.raises(ValueError, match="unknown"):
        FormRules(off=frozenset({"typo"}))


def test_hostile_text_takes_linear_time():
    hostile = ["1、" * 8000, "近1" * 8000, "“" * 9000, "1月1日" * 4000, "1 1-" * 6000, "。" * 9000]
    started = time.process_time()
    for text in hostile:
        check(draft(TITLE, text, prose()))
    assert time.process_time() - started < 1.5


def test_the_settings_switch_flags_off_by_their_names(tmp_path: Path):
    off = settings_from({"form": {"off": ["占位符", "迟报"], "late_days": 3}}, tmp_path)
    rules = off.form.rules()
    assert (rules.off, rules.late_days) == ({"placeholder", "late_report"}, 3)
    assert settings_from({}, tmp_path).form.rules() == FormRules()
    with pytest.raises(SettingsError, match="不认识的提醒：占位苻"):
        settings_from({"form": {"off": ["占位苻"]}}, tmp_path)
