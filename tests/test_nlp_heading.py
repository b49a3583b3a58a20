from __future__ import annotations

import pytest

from nlp.heading import is_bare_heading, is_heading_text, number_level, split_number, style_level


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("一、工作情况", ("一、", "工作情况", 1)),
        ("十二、其他", ("十二、", "其他", 1)),
        ("第一部分 基本情况", ("第一部分 ", "基本情况", 1)),
        ("（一）强化领导。各镇", ("（一）", "强化领导。各镇", 2)),
        ("(二) 抓责任", ("(二)", "抓责任", 2)),
        ("1.加强", ("1.", "加强", 3)),
        ("1、加强", ("1、", "加强", 3)),
        ("（1）登记", ("（1）", "登记", 4)),
        ("2）登记", ("2）", "登记", 4)),
        ("1.5万元", ("", "1.5万元", 0)),
        ("2026年工作", ("", "2026年工作", 0)),
        ("一是强", ("", "一是强", 0)),
        ("①登记", ("", "①登记", 0)),
        ("一、", ("", "一、", 0)),
        ("", ("", "", 0)),
    ],
)
def test_typed_numbers(line, parts):
    assert split_number(line) == parts


@pytest.mark.parametrize(
    ("label", "level"),
    [("一、", 1), ("（三）", 2), ("12.", 3), ("（4）", 4), ("①", 0), ("•", 0), ("", 0)],
)
def test_levels_of_automatic_numbers(label, level):
    assert number_level(label) == level


@pytest.mark.parametrize(
    ("style", "outline", "level"),
    [("heading 2", 0, 2), ("标题 3", 0, 3), ("Normal", 1, 1), ("正文", 0, 0), ("heading 7", 0, 4)],
)
def test_levels_of_styles(style, outline, level):
    assert style_level(style, outline) == level


def test_a_heading_stands_alone():
    assert is_heading_text("强化组织领导", 2)
    assert is_heading_text("强化组织领导。", 1)
    assert not is_heading_text("强化组织领导。", 2)
    assert not is_heading_text("强化领导。各镇成立专班", 1)
    assert not is_heading_text("长" * 51, 1)
    assert not is_heading_text("", 1)


def test_bare_headings_have_no_prose_marks():
    assert is_bare_heading("主要做法")
    assert not is_bare_heading("同志们：")
    assert not is_bare_heading("三是抓服务，促提升")
    assert not is_bare_heading("长" * 21)
