"""Charts of a bulletin by matplotlib: PNG for Word, SVG for the page, in a font with Chinese."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, Literal

from points.scoring import points_words
from reports.bulletin import Bulletin, groups

Form = Literal["png", "svg"]

FONTS: Final = (
    "FangSong", "仿宋", "SimSun", "宋体", "Noto Serif CJK SC", "Source Han Serif SC",
    "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "Noto Serif CJK JP", "Noto Sans CJK JP", "AR PL UMing CN",
)  # fmt: skip
"""Fonts with Chinese letters, the best first; the first that is installed is taken."""

DARK, PALE = "#9d2933", "#d9b3a3"
MOST_UNITS: Final = 15
"""Of a group, in the chart of points; the table has all."""


@cache
def chart_font() -> str:
    """The font that charts are lettered in, "" if none with Chinese letters is installed."""
    from matplotlib import font_manager

    have = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in have), "")


def ranking_chart(bulletin: Bulletin, form: Form = "png") -> bytes:
    """Points of the units, a panel for each group, the first on top; b"" if nobody has any."""
    shown = [
        (name, [u for u in units if u.points][:MOST_UNITS]) for name, units in groups(bulletin)
    ]
    shown = [(name, units) for name, units in shown if units]
    if not shown or not chart_font():
        return b""
    rows = [len(units) for _, units in shown]
    figure, axes = panels(0.8 + 0.22 * sum(rows) + 0.5 * len(rows), len(rows), rows)
    for (name, units), axis in zip(shown, axes, strict=True):
        values = [u.points / 1000 for u in units]
        bars = axis.barh([u.unit for u in units], values, color=DARK, height=0.62)
        axis.bar_label(
            bars, labels=[points_words(u.points) for u in units], padding=3, fontsize=8.5
        )
        axis.invert_yaxis()
        axis.set_title(f"{name}本期得分", fontsize=10, loc="left")
        plain(axis)
        axis.set_xticks([])
    return drawn(figure, form)


def themes_chart(bulletin: Bulletin, form: Form = "png") -> bytes:
    """Drafts sent and adopted by theme, most sent first: what units write, what outlets want."""
    themes = [t for t in bulletin.themes if t.sent or t.adopted][:20]
    if not themes or not chart_font():
        return b""
    figure, axes = panels(0.8 + 0.22 * len(themes), 1, [1])
    axis, names = axes[0], [theme.name for theme in themes]
    axis.barh(names, [t.sent for t in themes], color=PALE, height=0.7, label="报送")
    axis.barh(names, [t.adopted for t in themes], color=DARK, height=0.36, label="采用")
    for place, theme in enumerate(themes):
        end = max(theme.sent, theme.adopted)
        axis.text(end, place, f" {theme.sent}／{theme.adopted}", va="center", fontsize=8)
    axis.invert_yaxis()
    axis.legend(loc="lower right", frameon=False, fontsize=9)
    axis.set_title("各主题报送与采用（条）", fontsize=10, loc="left")
    plain(axis)
    axis.set_xticks([])
    return drawn(figure, form)


def panels(height: float, panels: int, ratios: Sequence[int]) -> tuple[Any, list[Any]]:
    """A figure as wide as the text; no global state, so that two threads may draw."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.14, min(height, 8.4)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(panels, 1, squeeze=False, gridspec_kw={"height_ratios": ratios})
    return figure, [row[0] for row in axes]


def plain(axis: Any) -> None:
    """No frame but the left edge, for bars that lie."""
    axis.tick_params(axis="y", length=0, labelsize=8.5)
    axis.margins(x=0.12, y=0.02)
    for side in ("top", "right", "bottom"):
        axis.spines[side].set_visible(False)


def drawn(figure: Any, form: Form) -> bytes:
    """The figure as a file, lettered in a font with Chinese; the same figures, the same bytes."""
    import matplotlib
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        text.set_fontfamily(chart_font())
        text.set_parse_math(False)  # a $ in a name is a $
    out = io.BytesIO()
    metadata = {"Date": None} if form == "svg" else {"Software": None}
    with matplotlib.rc_context({"svg.hashsalt": "zugao"}):
        figure.savefig(out, format=form, dpi=150, metadata=metadata)
    return out.getvalue()
