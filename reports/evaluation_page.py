"""The evaluation as one HTML page: figures, tables and plots; no script, nothing from the net."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from nlp.evaluation import Evaluation
from reports.evaluation import Names, figures, named, tables

_STYLE = """
body { font: 16px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; color: #222; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; } td, th { padding: .2rem .8rem; text-align: right;
  border-bottom: 1px solid #ddd; } td:first-child, th:first-child { text-align: left; }
svg { max-width: 100%; height: auto; } text { font-size: 12px; fill: #444; }
"""
_SIDE, _LEFT, _TOP = 300, 50, 20
_BAR, _LABEL = 18, 260


def page(found: Evaluation, names: Names, source: str) -> str:
    """The whole page; ``source`` says in Chinese which drafts were measured."""
    body = [
        f"<h1>主题与体裁评估</h1><p>{escape(source)}</p>",
        _table(("指标", "数值"), figures(found)),
        "<h2>把握与实际</h2><p>点在斜线上：说有几成把握，就有几成正确；点越大，稿件越多。</p>",
        reliability_plot(found),
        "<h2>各方面的F1</h2>",
        bar_plot([(named(x.code, names), x.f1) for x in found.themes.each]),
    ]
    for title, columns, rows in tables(found, names):
        body.append(f"<h2>{escape(title)}</h2>{_table(columns, rows)}")
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>主题与体裁评估</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    lines = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    return f"<table><tr>{head}</tr>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def reliability_plot(found: Evaluation) -> str:
    """Promised against actual accuracy, one dot a tenth, its area by the number of drafts."""
    most = max((b.drafts for b in found.bins), default=1)
    dots = "".join(
        f'<circle cx="{_LEFT + b.confidence * _SIDE:.1f}" '
        f'cy="{_TOP + (1 - b.accuracy) * _SIDE:.1f}" r="{3 + 9 * (b.drafts / most) ** 0.5:.1f}" '
        f'fill="#b3261e" fill-opacity="0.7"><title>{b.drafts}篇：把握{b.confidence:.2f}，'
        f"正确{b.accuracy:.2f}</title></circle>"
        for b in found.bins
    )
    bottom, right = _TOP + _SIDE, _LEFT + _SIDE
    ticks = "".join(
        f'<text x="{_LEFT + x * _SIDE / 5 - 8:.0f}" y="{bottom + 16}">{x / 5:.1f}</text>'
        f'<text x="{_LEFT - 26}" y="{bottom - x * _SIDE / 5 + 4:.0f}">{x / 5:.1f}</text>'
        for x in range(6)
    )
    return (
        f'<svg viewBox="0 0 {right + 30} {bottom + 44}" width="{right + 30}" role="img" '
        'aria-label="把握与实际">'
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" fill="none" '
        'stroke="#999"/>'
        f'<line x1="{_LEFT}" y1="{bottom}" x2="{right}" y2="{_TOP}" stroke="#999" '
        'stroke-dasharray="4"/>'
        f'{ticks}{dots}<text x="{_LEFT + _SIDE // 2 - 30}" y="{bottom + 36}">模型的把握</text>'
        f'<text x="4" y="{_TOP - 6}">实际正确</text></svg>'
    )


def bar_plot(bars: Sequence[tuple[str, float]]) -> str:
    """Horizontal bars of values from 0 to 1 with their names."""
    height = _BAR * len(bars) + 8
    lines = "".join(
        f'<text x="0" y="{_BAR * row + 14}">{escape(name)}</text>'
        f'<rect x="{_LABEL}" y="{_BAR * row + 3}" width="{value * _SIDE:.1f}" '
        f'height="{_BAR - 5}" fill="#33658a"/>'
        f'<text x="{_LABEL + value * _SIDE + 6:.0f}" y="{_BAR * row + 14}">{value:.2f}</text>'
        for row, (name, value) in enumerate(bars)
    )
    width = _LABEL + _SIDE + 50
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img">{lines}</svg>'
