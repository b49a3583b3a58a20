"""A table of any length as a file for Excel: CSV or a workbook, free of formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from reports.cells import harmless
from storage.texts import storable

MOST_CELL: Final = 32_767
MOST_ROWS: Final = 1_048_575
"""What a sheet of Excel holds below its head."""


class TooManyRowsError(ValueError):
    """A table that no sheet can hold; the message is one Chinese sentence."""


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[object]], out: IO[str]) -> int:
    """Write with a byte-order mark, by which Excel knows UTF-8; returns the number of rows."""
    out.write("\ufeff")
    table = csv.writer(out)
    table.writerow([harmless(heading) for heading in headings])
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        table.writerow([harmless(value) for value in row])
    return count


def write_sheet(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[object]], file: Path
) -> int:
    """Write one sheet with filters and a fixed head; numbers stay numbers, text is only text.

    Rows are streamed. Raises TooManyRowsError, and OSError if the file cannot be written.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"

    def cell(value: object) -> Any:
        if not isinstance(value, str):
            return WriteOnlyCell(sheet, value)
        text = str(ILLEGAL_CHARACTERS_RE.sub("\ufffd", storable(value)))[:MOST_CELL]
        made = WriteOnlyCell(sheet, text)
        made.data_type = "s"  # never "f": what begins with = is a title
        return made

    heads = [cell(heading) for heading in headings]
    for place, head in enumerate(heads, 1):
        head.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = 14
    try:
        sheet.append(heads)
        count = 0
        for count, row in enumerate(rows, 1):
            if count > MOST_ROWS:
                raise TooManyRowsError(
                    f"超过{MOST_ROWS}行，一张Excel表放不下：请改用.csv，或用--period缩小范围。"
                )
            sheet.append([cell(value) for value in row])
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{count + 1}"
        save_book(book, file)
    finally:
        if not sheet.closed:  # else its half-written stream complains aloud when it is collected
            sheet.close()
    return count


def save_book(book: Any, file: Path) -> None:
    """Save a workbook; OSError if it cannot be written, and nothing on the screen beside it.

    openpyxl's own ``save`` leaves the archive open where the disk is full, and that complains when
    it is collected.
    """
    from openpyxl.writer.excel import ExcelWriter

    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).write_data()
