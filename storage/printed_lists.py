"""Lists of published titles as media monitors export them: CSV or Excel, one title a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from storage.errors import RefusedError
from storage.issues import issue_number
from storage.names import suggestion
from storage.outlets import Outlets
from storage.periods import parse_day, today
from storage.tables import read_table
from storage.texts import storable

_COLUMNS = {
    "title": ("标题", "题目", "文章标题", "稿件标题", "title"),
    "outlet": ("媒体", "刊物", "媒体名称", "刊发媒体", "来源", "刊物名称", "outlet"),
    "day": ("日期", "刊发日期", "发布日期", "发布时间", "印发日期", "时间", "date"),
    "number": ("期号", "期数", "number"),
    "column": ("栏目", "版面", "column"),
    "byline": ("署名", "作者", "单位", "来稿单位", "供稿单位", "byline"),
    "url": ("网址", "链接", "原文链接", "url"),
    "text": ("正文", "内容", "全文", "text"),
}


@dataclass(frozen=True, slots=True)
class Title:
    """A row of such a list."""

    outlet_id: int
    day: date
    number: str  # that of the issue; the day where the outlet has none
    title: str
    column: str
    byline: str
    url: str
    text: str


def read_titles(path: Path, outlets: Outlets) -> tuple[list[Title], list[str]]:
    """The titles of the list at ``path``, and a Chinese sentence for each row left out.

    Columns 标题 媒体 日期 must be there; 期号 栏目 署名 网址 正文 may. Raises TableError where the
    file is no such list.
    """
    table = read_table(path, "刊发清单", _COLUMNS, "title")
    titles: list[Title] = []
    complaints: list[str] = []
    for number, values in table.rows:
        try:
            titles.append(_title(values, outlets))
        except ValueError as error:  # RefusedError, or a day that is none
            complaints.append(f"第{number}行“{storable(values['title'])}”：{error}")
    return titles, complaints


def _title(values: dict[str, str], outlets: Outlets) -> Title:
    if not values["title"]:
        raise RefusedError("no_title", "没有标题。")
    if not values.get("outlet"):
        raise RefusedError("no_outlet", "没有写是哪个媒体。")
    found = outlets.find(values["outlet"])
    if found.outlet_id is None:
        name = storable(values["outlet"])
        raise RefusedError("unknown_outlet", f"没有叫“{name}”的刊物{suggestion(found.nearest)}。")
    if not values.get("day"):
        raise RefusedError("no_date", "没有写刊发日期。")
    day = parse_day(values["day"])
    if day > today():
        raise RefusedError("future", f"刊发日期{day}还没有到，请核对。")
    number = issue_number(values.get("number", "")) or day.isoformat()
    rest = (values.get(field, "") for field in ("column", "byline", "url", "text"))
    return Title(found.outlet_id, day, number, values["title"], *rest)
