"""Lists as offices keep them: CSV (UTF-8 or GBK) or Excel, read with clear complaints."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.errors import RefusedError

Line = tuple[int, list[str]]
"""Row number as the file shows it, and the cells, without white space around them."""

_EXCEL = (".xlsx", ".xlsm")
_BETWEEN_NAMES = re.compile(r"[、；;，,|\n]")


class TableError(RefusedError):
    """A list cannot be read; ``str()`` is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Table:
    """A list by columns: of each row its number and the cells of the fields that it has."""

    fields: frozenset[str]  # those that its header names
    rows: tuple[tuple[int, dict[str, str]], ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import of a list did; ``refused`` has a Chinese sentence for each row left out."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: tuple[str, ...] = ()


def read_table(path: Path, what: str, columns: Mapping[str, Sequence[str]], needed: str) -> Table:
    """The list at ``path``; ``what`` is its name in complaints, as 单位表.

    ``columns``: field → the titles that mean it (in lower case); ``needed``: the field without
    which the first row is no header. Empty rows are left out. Raises TableError.
    """
    lines = read_lines(path, what)
    titles = columns[needed][0]
    if not lines:
        raise TableError("empty", f"{what}“{path}”是空的，请写上表头（“{titles}”等栏）和各行内容。")
    at = {
        field: position
        for position, title in enumerate(lines[0][1])
        for field, known in columns.items()
        if title.casefold() in known
    }
    if needed not in at:
        others = "、".join(known[0] for field, known in columns.items() if field != needed)
        raise TableError(
            "no_header",
            f"{what}“{path}”的第一行应是表头，其中要有“{titles}”一栏（另可有“{others}”）。",
        )
    rows = tuple(
        (number, {f: cells[place] if place < len(cells) else "" for f, place in at.items()})
        for number, cells in lines[1:]
    )
    return Table(frozenset(at), rows)


def read_lines(path: Path, what: str) -> list[Line]:
    """The rows of a CSV or Excel file (its first sheet) that are not empty. Raises TableError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise TableError("missing", f"找不到{what}“{path}”，请检查路径。") from error
    except OSError as error:
        raise TableError(
            "unreadable", f"打不开{what}“{path}”，请检查它是不是文件、有没有读取权限。"
        ) from error
    read = _excel if path.suffix.lower() in _EXCEL else _csv
    return [(number, cells) for number, cells in read(data, path, what) if any(cells)]


def split_names(cell: str) -> tuple[str, ...]:
    """The names of one cell, which stand apart by 、 ； ， or the like; each once."""
    return tuple(dict.fromkeys(n.strip() for n in _BETWEEN_NAMES.split(cell) if n.strip()))


def _csv(data: bytes, path: Path, what: str) -> list[Line]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise TableError(
                "encoding", f"认不出{what}“{path}”的文字编码，请另存为UTF-8编码的CSV。"
            ) from error
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        return [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise TableError(
            "not_csv", f"{what}“{path}”第{reader.line_num}行不是正确的CSV，请改正。"
        ) from error


def _excel(data: bytes, path: Path, what: str) -> list[Line]:
    from openpyxl import load_workbook  # slow to import, and only needed here

    try:
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        return [
            (number, ["" if cell is None else str(cell).strip() for cell in row])
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)
        ]
    except Exception as error:  # openpyxl lets zip, XML and key errors of a bad file through
        raise TableError(
            "not_excel", f"{what}“{path}”不是完好的Excel文件，请用Excel重新另存为.xlsx。"
        ) from error
