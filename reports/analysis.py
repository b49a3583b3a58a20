"""An analysis of a period on one page: charts, tables and sentences that say what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from reports.bulletin_page import inline, pages
from reports.charts import DARK, PALE, Form, chart_font, drawn, panels, plain
from storage.connection import Database
from storage.periods import Period
from storage.questions import Row
from storage.statistics_kinds import Funnel, figures_by, funnel, themes_sent_and_adopted
from storage.statistics_lists import duplicates_by_unit
from storage.statistics_months import days_to_print, months_until

MONTHS = 12
MOST = 20


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the page shows; the keys of the rows are those of the functions in ``storage``."""

    period: Period
    months: list[Row]  # month submitted valid adopted adoptions, the last twelve
    themes: list[Row]
    genres: list[Row]
    groups: list[Row]
    levels: list[Row]
    duplicates: list[Row]
    days: list[int]  # from receipt to each print of the period
    funnel: Funnel


def analyse(db: Database, period: Period) -> Analysis:
    """Ask everything; drafts by day of receipt, adoptions by day of print."""
    return Analysis(
        period,
        months_until(db, period, MONTHS),
        themes_sent_and_adopted(db, period),
        figures_by(db, period, "genre"),
        figures_by(db, period, "group"),
        figures_by(db, period, "level"),
        duplicates_by_unit(db, period)[:MOST],
        days_to_print(db, period),
        funnel(db, period),
    )


def analysis_page(found: Analysis, office: str) -> str:
    """One HTML file: no script, nothing fetched."""
    charts = {
        "months": _months(found.months), "themes": _themes(found.themes),
        "days": _days(found.days), "funnel": _funnel(found.funnel),
    }  # fmt: skip
    return pages().get_template("analysis.html").render(
        office=office,
        found=found,
        charts={name: inline(svg) for name, svg in charts.items()},
        sentences=sentences(found),
    )  # fmt: skip


CHARTS: Final = {
    "months": "近十二个月报送与采用",
    "themes": "各主题采用占比减报送占比",
    "days": "从收到到刊发的天数",
    "funnel": "本期收到的稿件，到现在",
}
"""Name of a chart → what it shows."""


def chart(db: Database, period: Period, name: str) -> bytes:
    """One of the :data:`CHARTS` alone, as SVG; b"" where there is nothing to draw, or no font."""
    if name == "months":
        return _months(months_until(db, period, MONTHS))
    if name == "themes":
        return _themes(themes_sent_and_adopted(db, period))
    if name == "days":
        return _days(days_to_print(db, period))
    return _funnel(funnel(db, period))


def sentences(found: Analysis) -> list[str]:
    """What stands out, each figure as the tables have it."""
    told = []
    steps = found.funnel
    if steps.drafts:
        told.append(
            f"收到稿件{steps.drafts}篇，有效{steps.valid}篇，"
            f"到现在刊发{steps.adopted}篇（{steps.adopted / steps.drafts:.1%}），"
            f"其中省级以上{steps.higher}篇。"
        )
    if steps.median_days is not None:
        told.append(f"从收到到首次刊发，一半的稿件不超过{steps.median_days:g}天。")
    wanted = [row for row in found.themes if _share(row, "wanted") > 0][:3]
    unwanted = [row for row in reversed(found.themes) if _share(row, "wanted") < 0][:3]
    if wanted and any(row["adopted"] for row in found.themes):
        told.append(f"用得比报得多的主题：{_named(wanted)}。")
        told.append(f"报得比用得多的主题：{_named(unwanted)}。")
    copies = [row for row in found.duplicates if row["own"]]
    if copies:
        listed = "、".join(f"{row['unit']}{row['own']}篇" for row in copies[:5])
        told.append(f"重复报送自己的稿件：{listed}。")
    return told


def _named(rows: Sequence[Row]) -> str:
    return "、".join(f"{row['name']}（{_share(row, 'wanted'):+.1%}）" for row in rows)


def _share(row: Row, key: str) -> float:
    value = row[key]
    return float(value) if isinstance(value, int | float) else 0.0


def _months(rows: Sequence[Row], form: Form = "svg") -> bytes:
    if not any(row["submitted"] or row["adoptions"] for row in rows) or not chart_font():
        return b""
    figure, (axis,) = panels(2.6, 1, [1])
    places = range(len(rows))
    axis.bar(places, [row["submitted"] for row in rows], color=PALE, label="报送（按收到日期）")
    axis.bar(
        places, [row["adopted"] for row in rows], color=DARK, width=0.4,
        label="采用（按印发日期）",
    )  # fmt: skip
    axis.set_xticks(places, [str(row["month"]) for row in rows], rotation=45, fontsize=8)
    axis.set_title("近十二个月报送与采用（篇）", fontsize=10, loc="left")
    axis.legend(
        frameon=False, fontsize=8, ncols=2, loc="lower right", bbox_to_anchor=(1, 1), borderpad=0
    )
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    return drawn(figure, form)


def _themes(rows: Sequence[Row], form: Form = "svg") -> bytes:
    shown = [row for row in rows if row["submitted"] or row["adopted"]]
    if not shown or not chart_font():
        return b""
    values = [100 * _share(row, "wanted") for row in shown]
    figure, (axis,) = panels(0.8 + 0.22 * len(shown), 1, [1])
    bars = axis.barh(
        [str(row["name"]) for row in shown], values,
        color=[DARK if value > 0 else PALE for value in values],
    )  # fmt: skip
    axis.bar_label(bars, labels=[f"{value:+.1f}" for value in values], padding=3, fontsize=8)
    axis.invert_yaxis()
    axis.set_title("采用占比减报送占比（百分点）：右边用得多，左边报得多", fontsize=10, loc="left")
    plain(axis)
    axis.set_xticks([])
    return drawn(figure, form)


def _days(days: Sequence[int], form: Form = "svg") -> bytes:
    if not days or not chart_font():
        return b""
    figure, (axis,) = panels(2.2, 1, [1])
    edges = [-10_000, 0, 8, 15, 31, 61, 91, 10_000]
    names = ["早于收稿", "0–7", "8–14", "15–30", "31–60", "61–90", "90以上"]
    counts = [sum(low <= day < high for day in days) for low, high in pairwise(edges)]
    bars = axis.bar(names, counts, color=DARK, width=0.6)
    axis.bar_label(bars, fontsize=8)
    axis.set_title("从收到到刊发的天数（篇次）", fontsize=10, loc="left")
    axis.tick_params(axis="x", labelsize=8)
    _bare(axis)
    return drawn(figure, form)


def _funnel(steps: Funnel, form: Form = "svg") -> bytes:
    if not steps.drafts or not chart_font():
        return b""
    figure, (axis,) = panels(1.9, 1, [1])
    names = ["收到", "有效", "预采用以上", "刊发", "省级以上"]
    counts = [steps.drafts, steps.valid, steps.chosen, steps.adopted, steps.higher]
    bars = axis.barh(names, counts, color=DARK, height=0.6)
    labels = [f"{count}（{count / steps.drafts:.0%}）" for count in counts]
    axis.bar_label(bars, labels=labels, padding=3, fontsize=8.5)
    axis.invert_yaxis()
    axis.set_title("本期收到的稿件，到现在（篇）", fontsize=10, loc="left")
    plain(axis)
    axis.set_xticks([])
    return drawn(figure, form)


def _bare(axis: Any) -> None:
    axis.set_yticks([])
    for side in ("top", "right", "left"):
        axis.spines[side].set_visible(False)
