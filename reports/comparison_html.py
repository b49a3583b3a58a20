"""A comparison as one self-contained page: no script, nothing loaded, prints on A4 landscape."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from nlp.comparison import Line, Row, rows
from nlp.comparison import Piece as Marked
from reports.comparison import CHANGES, Page, numeral, verdict_lines

TINTS: Final = 6

_STYLE: Final = """
:root { color-scheme: light; --ink: #1f2328; --faint: #6b7280; --rule: #d9dce1; }
* { box-sizing: border-box; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
body { margin: 0 auto; max-width: 1280px; padding: 24px 28px; color: var(--ink);
  background: #fff; font: 16px/1.75 "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC",
  SimSun, serif; }
h1 { font-size: 22px; margin: 0 0 10px; }
section.verdict { border-left: 4px solid #b45309; padding: 2px 14px; margin: 10px 0; }
section.verdict p { margin: 2px 0; }
section.verdict p.kind { font-weight: 700; }
.legend { color: var(--faint); font-size: 14px; margin: 14px 0; }
.legend span { margin-right: 14px; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th { text-align: left; font-size: 15px; line-height: 1.5; background: #f3f4f6; }
th, td { border: 1px solid var(--rule); padding: 7px 12px; vertical-align: top; width: 50%;
  overflow-wrap: anywhere; }
td.none { background: #fafafa; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.t0 { background: #fdf0c4; } .t1 { background: #d9ecfb; } .t2 { background: #ddf3dc; }
.t3 { background: #f9dfe6; } .t4 { background: #e7e0f7; } .t5 { background: #d5f0ee; }
.no { color: #92400e; font-weight: 700; text-decoration: none; margin-right: 1px; }
.name, .number { color: #b3261e; font-weight: 700; border-bottom: 2px solid #b3261e; }
.words { border-bottom: 2px dotted #1d4ed8; color: #1d4ed8; }
.quote, .stock { color: var(--faint); background: #eceef1; }
.quote { font-style: italic; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; line-height: 1.6; }
  @page { size: A4 landscape; margin: 14mm; } }
@media (max-width: 640px) { body { padding: 12px; font-size: 15px; } th, td { padding: 5px 6px; } }
"""


def html_page(shown: Page) -> str:
    """The page as HTML; every word of a draft is escaped."""
    title = "稿件对照：" + (shown.draft.title or "无标题")
    return "\n".join(
        (
            '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            f"<h1>{escape(title)}</h1>",
            *_verdicts(shown),
            _legend(),
            "<table>",
            *_head(shown),
            "<tbody>",
            *_body(shown),
            "</tbody>\n</table>\n</body>\n</html>\n",
        )
    )


def _verdicts(shown: Page) -> Iterator[str]:
    for piece, match in zip(shown.sources, shown.comparison.matches, strict=True):
        first, *others = verdict_lines(match)
        beside = f"与{piece.heading}：" if shown.several else ""
        told = "".join(f"<p>{escape(line)}。</p>" for line in others)
        yield (
            f'<section class="verdict"><p class="kind">{escape(beside + first)}。</p>{told}'
            "</section>"
        )


def _legend() -> str:
    changed = "".join(f'<span class="{kind}">{name}改动</span>' for kind, name in CHANGES.items())
    return (
        f'<p class="legend"><span class="t0">底色：相同</span>{changed}'
        '<span class="quote">引文（不计）</span><span class="stock">套话（不计）</span>'
        "<span>圆圈数字：同号为同一段，点击可跳到对面</span></p>"
    )


def _head(shown: Page) -> Iterator[str]:
    if shown.several:
        right = f"{len(shown.sources)} 篇来源，按左稿使用的先后排列"
    else:
        right = shown.sources[0].heading
    yield (
        f"<thead><tr><th>{escape(shown.draft.heading)}</th><th>{escape(right)}</th></tr></thead>"
    )


def _body(shown: Page) -> Iterator[str]:
    met: set[tuple[str, int]] = set()
    for row in rows(shown.comparison):
        if shown.several and row.opens is not None:
            heading = escape(shown.sources[row.opens].heading)
            yield f'<tr><td class="none"></td><th>{heading}</th></tr>'
        yield f"<tr>{_cell(shown, row, 'a', met)}{_cell(shown, row, 'b', met)}</tr>"


def _cell(shown: Page, row: Row, column: str, met: set[tuple[str, int]]) -> str:
    line = row.draft if column == "a" else row.source
    if line is None:
        return '<td class="none"></td>'
    return f"<td>{''.join(_pieces(shown, line, column, met))}</td>"


def _pieces(shown: Page, line: Line, column: str, met: set[tuple[str, int]]) -> Iterator[str]:
    for piece in line:
        if piece.number and (column, piece.number) not in met:
            met.add((column, piece.number))
            other = "b" if column == "a" else "a"
            yield (
                f'<a class="no" id="{column}{piece.number}" href="#{other}{piece.number}">'
                f"{numeral(piece.number)}</a>"
            )
        kind = "" if piece.mark in ("", "reuse") else piece.mark
        names = " ".join(name for name in (_tint(shown, piece), kind) if name)
        text = escape(piece.text)
        yield f'<span class="{names}">{text}</span>' if names else text


def _tint(shown: Page, piece: Marked) -> str:
    """One tint a source; with a single source they alternate from passage to passage."""
    if not piece.number:
        return ""
    return f"t{(piece.source if shown.several else piece.number - 1) % (TINTS)}"
