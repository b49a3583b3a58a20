from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.dateline import find_date, read_date_line


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("2026年9月30日", "2026-09-30"),
        ("２０２６年９月３０日", "2026-09-30"),
        ("2026 年 9 月 3 日", "2026-09-03"),
        ("二〇二六年九月三十日", "2026-09-30"),
        ("二○二六年十二月二十一日", "2026-12-21"),
        ("二零二六年一月十日", "2026-01-10"),
        ("2026.9.30", "2026-09-30"),
        ("2026-09-30", "2026-09-30"),
        ("2026/9/30", "2026-09-30"),
        ("2026年9月", "2026-09"),
        ("（2026年9月30日）", "2026-09-30"),
        ("报送日期：2026年9月30日", "2026-09-30"),
        ("2026年9月30日印发", "2026-09-30"),
        ("X年X月X日", ""),
        ("20XX年9月1日", ""),
        ("2026年×月×日", ""),
        ("2026年2月30日", ""),
    ],
)
def test_date_lines(line, iso):
    assert read_date_line(line) == iso


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2026年9月30日召开会议",
        "2026年",
        "9月30日",
        "望溪镇党委",
        "12380",
        "2026.9",
        "一、2026年",
    ],
)
def test_other_lines_are_no_date_lines(line):
    assert read_date_line(line) is None


@given(st.dates(date(1949, 10, 1), date(2099, 12, 31)))
def test_every_day_is_read_back(day):
    assert read_date_line(f"{day.year}年{day.month}月{day.day}日") == day.isoformat()
    assert read_date_line(f"{day.year}.{day.month}.{day.day}") == day.isoformat()


def test_every_day_of_a_year_in_chinese_figures():
    names = ["", *"一二三四五六七八九十", "十一", "十二"]
    tens = ["", "十", "二十", "三十"]
    day = date(2026, 1, 1)
    while day.year == 2026:
        number = tens[day.day // 10] + "〇一二三四五六七八九"[day.day % 10].replace("〇", "")
        line = f"二〇二六年{names[day.month]}月{number}日"
        assert read_date_line(line) == day.isoformat(), line
        day += timedelta(days=1)


def test_find_date_tells_where_it_stands():
    assert find_date("望溪镇党委 2026年9月30日") == ("2026-09-30", 6, 16)
    assert find_date("望溪镇党委") is None
