"""A bulletin as an Excel workbook: real numbers and dates, filters, fixed heads, charts, print.

Text is always stored as text (openpyxl's type ``s``), so a title that begins with = + - @ or their
full-width forms is never a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from reports.bulletin import Bulletin, figures_of, groups
from reports.bulletin_words import note_of, rate_words
from reports.table_files import save_book
from storage.texts import storable

FIGURES: Final = {
    "submitted": "报送", "valid": "有效报送", "adopted": "采用", "adoptions": "采用篇次",
    "commissions_due": "约稿应交", "commissions_on_time": "约稿按时",
    "commissions_late": "约稿逾期", "commissions_missed": "约稿未交", "instructions": "批示",
    "bonus": "加分", "deductions": "扣分", "points": "得分",
}  # fmt: skip
"""Name of a figure in the list of ids; classes and levels stand there as 信息|县."""

_THIN = Side(style="thin", color="BFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="F2E3DC")
_HEAD_FONT = Font(name="黑体", size=10.5)
_FONT = Font(name="宋体", size=10.5)
_DAY: Final = "yyyy-mm-dd"


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    width: float
    form: str = "General"  # number format


def write_workbook(bulletin: Bulletin, file: Path) -> None:
    """Write the workbook; OSError if it cannot be written."""
    book = Workbook()
    book.remove(book.active)
    _ranking(book, bulletin)
    _details(book, bulletin)
    _pieces(book, bulletin)
    _zeros(book, bulletin)
    _themes(book, bulletin)
    _rules(book, bulletin)
    _evidence(book, bulletin)
    book.properties.title = _text(bulletin.head.title.replace("\n", ""))
    book.properties.creator = _text(bulletin.head.office)
    save_book(book, file)


def _ranking(book: Any, bulletin: Bulletin) -> None:
    rows = figures_of(bulletin)
    notes = [note_of(bulletin, u) for _, units in groups(bulletin) for u in units]
    headings = [*rows[0], "备注"] if rows else ["组别", "单位"]
    columns = [_Column(name, *_shape(name)) for name in headings]
    values = [[*row.values(), note] for row, note in zip(rows, notes, strict=True)]
    sheet = _sheet(book, bulletin, "排名", columns, values, fixed=4)
    top, last = 4, 3 + len(values)
    place = headings.index("本期得分") + 1 if rows else 0
    if rows and any(unit.points for unit in bulletin.units):
        _chart(sheet, "本期得分", names=4, values=[place], top=top, last=last, at=f"B{last + 3}")


def _shape(heading: str) -> tuple[float, str]:
    """Width and number format of a column of the ranking."""
    if heading in ("单位", "备注"):
        return 30, "General"
    if heading == "组别":
        return 8, "General"
    if heading == "采用率":
        return 8, "0.0%"
    if "分" in heading or "累计" in heading:
        return 7.5, "General"
    return 5.5, "0"


def _details(book: Any, bulletin: Bulletin) -> None:
    columns = [
        _Column("积分编号", 10, "0"), _Column("单位", 30), _Column("日期", 12, _DAY),
        _Column("依据", 22), _Column("得分", 9, "General"), _Column("怎么算的", 44),
        _Column("稿件编号", 10, "0"), _Column("稿件", 50), _Column("事件编号", 10, "0"),
    ]  # fmt: skip
    rows = [
        [
            a.award_id, a.unit, _day(a.effective_on), a.rule, a.points / 1000, a.note,
            a.draft_id, a.title, a.event_id,
        ]
        for a in bulletin.awards
    ]  # fmt: skip
    _sheet(book, bulletin, "明细", columns, rows, fixed=2)


def _pieces(book: Any, bulletin: Bulletin) -> None:
    columns = [
        _Column("采用编号", 10, "0"), _Column("稿件编号", 10, "0"), _Column("组别", 10),
        _Column("单位", 30), _Column("刊发标题", 56), _Column("体裁", 10), _Column("刊物", 22),
        _Column("级别", 8), _Column("档次", 10), _Column("期号", 12), _Column("印发日期", 12, _DAY),
        _Column("形式", 8), _Column("占比", 8, "0%"), _Column("批示", 6),
        _Column("得分", 9, "General"),
    ]  # fmt: skip
    rows = [
        [
            p.adoption_id, p.draft_id, p.unit_group, p.unit, p.title, p.genre, p.outlet, p.level,
            p.tier, p.issue, _day(p.published_on), p.form, p.share,
            "是" if p.instructed else "", p.points / 1000,
        ]
        for p in bulletin.pieces
    ]  # fmt: skip
    _sheet(book, bulletin, "采用条目", columns, rows, fixed=4)


def _zeros(book: Any, bulletin: Bulletin) -> None:
    columns = [
        _Column("组别", 12), _Column("单位", 34), _Column("情况", 12), _Column("报送", 8, "0"),
        _Column("采用", 8, "0"), _Column("约稿未交", 10, "0"),
    ]  # fmt: skip
    rows = [
        [
            u.unit_group, u.unit, "零采用" if u.submitted else "零报送", u.submitted, u.adopted,
            u.commissions_missed,
        ]
        for u in bulletin.units
        if not u.submitted or not u.adopted
    ]  # fmt: skip
    _sheet(book, bulletin, "零报送", columns, sorted(rows, key=lambda row: (row[3], row[0])))


def _themes(book: Any, bulletin: Bulletin) -> None:
    columns = [
        _Column("代码", 8), _Column("主题", 34), _Column("报送", 10, "0"), _Column("采用", 10, "0"),
        _Column("采用比报送", 12, "0.0%"),
    ]  # fmt: skip
    rows = [
        [t.code, t.name, t.sent, t.adopted, t.adopted / t.sent if t.sent else None]
        for t in bulletin.themes
    ]
    sheet = _sheet(book, bulletin, "主题分析", columns, rows)
    if rows:
        _chart(
            sheet, "各主题报送与采用", names=2, values=[3, 4], top=4, last=3 + len(rows), at="G3"
        )


def _rules(book: Any, bulletin: Bulletin) -> None:
    head = bulletin.head
    rows: list[list[str]] = [
        ["计分办法", head.profile], ["版本", head.profile_version],
        ["全文校验码（SHA-256）", head.profile_sha256],
        ["期间", f"{head.start} 起，{head.end} 前"],
        ["报送按", "收稿日期"], ["采用按", "刊物印发日期"], ["采用率", rate_words(bulletin)],
        *[[name, text] for name, text in bulletin.rules],
    ]  # fmt: skip
    _sheet(book, bulletin, "计分规则", [_Column("项目", 30), _Column("内容", 80)], rows)


def _evidence(book: Any, bulletin: Bulletin) -> None:
    """Every figure with the ids of its rows."""
    names = {str(unit.unit_id): unit.unit for unit in bulletin.units}
    columns = [
        _Column("单位", 30), _Column("数字", 14), _Column("行数", 8, "0"), _Column("行的编号", 100),
    ]  # fmt: skip
    rows = [
        [names.get(unit, unit), FIGURES.get(figure, figure), len(ids), ids_words(ids)]
        for unit, figures in bulletin.ids.items()
        for figure, ids in figures.items()
    ]
    _sheet(book, bulletin, "依据", columns, rows, fixed=1)


def ids_words(ids: Sequence[int], most: int = 3000) -> str:
    """Ids for one cell, which holds 32,767 characters."""
    words = "，".join(map(str, ids[:most]))
    return words if len(ids) <= most else f"{words}……共{len(ids)}个，全部见JSON"


def _sheet(
    book: Any,
    bulletin: Bulletin,
    name: str,
    columns: Sequence[_Column],
    rows: Iterable[Sequence[object]],
    *,
    fixed: int = 0,
) -> Any:
    """A sheet: title, period, heads in row 3, then the rows; ``fixed`` columns stay in sight."""
    sheet = book.create_sheet(name)
    _put(sheet, 1, 1, f"{bulletin.head.title.replace(chr(10), '')}　{name}")
    sheet.cell(1, 1).font = Font(name="黑体", size=14)
    _put(sheet, 2, 1, f"{bulletin.head.period}，{bulletin.head.profile}")
    sheet.cell(2, 1).font = _FONT
    for place, column in enumerate(columns, 1):
        cell = _put(sheet, 3, place, column.heading)
        cell.font, cell.fill, cell.border = _HEAD_FONT, _HEAD_FILL, _BORDER
        cell.alignment = Alignment("center", "center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.row_dimensions[3].height = 32
    last = 3
    styles = [_styled(sheet, place, column) for place, column in enumerate(columns, 1)]
    for last, row in enumerate(rows, 4):
        for place, (value, style) in enumerate(zip(row, styles, strict=True), 1):
            _put(sheet, last, place, value)._style = style
    end = get_column_letter(len(columns))
    sheet.auto_filter.ref = f"A3:{end}{last}"
    sheet.freeze_panes = f"{get_column_letter(fixed + 1)}4"
    _print_setup(sheet, sum(column.width for column in columns))
    return sheet


def _styled(sheet: Any, place: int, column: _Column) -> Any:
    """The style of a column's cells, looked up once: a workbook has a hundred thousand cells."""
    cell = sheet.cell(4, place)
    cell.font, cell.border, cell.number_format = _FONT, _BORDER, column.form
    return cell._style


def _print_setup(sheet: Any, width: float) -> None:
    """One page wide: A4, on its side where it is wide, A3 where it is very wide."""
    setup = sheet.page_setup
    setup.paperSize = sheet.PAPERSIZE_A3 if width > 200 else sheet.PAPERSIZE_A4
    setup.orientation = "landscape" if width > 90 else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "3:3"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _put(sheet: Any, row: int, column: int, value: object) -> Any:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = _text(value)
        cell.data_type = "s"  # never "f": what begins with = is a title
    else:
        cell.value = value
    return cell


def _text(text: str) -> str:
    """What a cell can hold: no control characters, at most 32,767 characters."""
    return str(ILLEGAL_CHARACTERS_RE.sub("\ufffd", storable(text)))[:32_767]


def _day(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _chart(
    sheet: Any, title: str, *, names: int, values: Sequence[int], top: int, last: int, at: str
) -> None:
    """A native bar chart of columns ``values`` by the names in column ``names``."""
    chart = BarChart()
    chart.type, chart.title, chart.style = "bar", title, 10
    chart.width, chart.height = 22, max(7.5, 0.75 * (last - top + 1))
    for column in values:
        chart.add_data(
            Reference(sheet, min_col=column, min_row=top - 1, max_row=last), titles_from_data=True
        )
    chart.set_categories(Reference(sheet, min_col=names, min_row=top, max_row=last))
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.majorGridlines = None
    chart.gapWidth = 40
    if len(values) == 1:
        chart.legend = None
    sheet.add_chart(chart, at)
