"""The figures of an evaluation in words: rows of tables for terminal, Markdown and HTML alike."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from nlp.evaluation import Evaluation, Labels

ASPECT_COLUMNS = ("方面", "篇数", "查准率", "查全率", "F1")
GENRE_COLUMNS = ("体裁", *ASPECT_COLUMNS[1:])
CONFUSION_COLUMNS = ("人标", "模型判", "篇数")
BIN_COLUMNS = ("篇数", "平均把握", "实际正确")
LISTED = 12

Names = Mapping[str, str]
"""Aspect code → name."""


def figures(found: Evaluation) -> list[tuple[str, str]]:
    """The main figures: name → value, in the order in which an editor would ask."""
    themes = found.themes
    rows = [
        ("模型", found.model),
        ("稿件", f"{found.drafts} 篇，其中不属于任何方面 {found.none} 篇"),
        ("主要主题正确率（19方面）", share(themes.accuracy)),
        ("主要主题宏平均F1", share(themes.macro_f1)),
        ("大类正确率", share(found.category_accuracy)),
        ("前三个中有正确的", share(found.top3)),
        ("给出主题的", f"{share(found.tagged)}，其中正确 {share(found.tagged_precision)}"),
    ]
    rows += [
        (f"查准率{float(precision):.0%}时可自动采信", share(value))
        for precision, value in found.coverage.items()
    ]
    rows += [
        ("辨认不属于任何方面（AUROC）", share(found.abstention_auroc)),
        ("校准误差（ECE）", share(found.ece)),
        ("体裁正确率", share(found.genres.accuracy) if found.genres.drafts else "没有标注"),
        ("体裁宏平均F1", share(found.genres.macro_f1) if found.genres.drafts else "没有标注"),
        ("速度", f"每秒 {found.drafts_per_second:,.0f} 篇（单核，含分词）"),
    ]
    if found.skipped:
        rows.append(("未计入", f"{found.skipped} 篇，标注的代码不在主题体系里"))
    return rows


def share(value: float) -> str:
    """A share with three digits, "—" where it does not exist."""
    return "—" if math.isnan(value) else f"{value:.3f}"


def label_rows(labels: Labels, names: Names) -> list[tuple[str, ...]]:
    """Rows of ``ASPECT_COLUMNS`` or ``GENRE_COLUMNS``."""
    return [
        (named(x.code, names), str(x.drafts), share(x.precision), share(x.recall), share(x.f1))
        for x in labels.each
    ]


def confusion_rows(labels: Labels, names: Names) -> list[tuple[str, ...]]:
    """Rows of ``CONFUSION_COLUMNS``, the most frequent ones."""
    return [
        (named(c.truth, names), named(c.guess, names), str(c.drafts))
        for c in labels.confusions[:LISTED]
    ]


def bin_rows(found: Evaluation) -> list[tuple[str, ...]]:
    """Rows of ``BIN_COLUMNS``: the reliability table."""
    return [(str(b.drafts), share(b.confidence), share(b.accuracy)) for b in found.bins]


def named(code: str, names: Names) -> str:
    """Code and name of an aspect; a genre is its own name."""
    return f"{code} {names[code]}" if code in names else code


def tables(
    found: Evaluation, names: Names
) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    """Every table below the main figures: title, columns, rows; empty ones left out."""
    parts = [
        ("各方面", ASPECT_COLUMNS, label_rows(found.themes, names)),
        ("最常混淆的主题", CONFUSION_COLUMNS, confusion_rows(found.themes, names)),
        ("把握与实际（校准）", BIN_COLUMNS, bin_rows(found)),
        ("各体裁", GENRE_COLUMNS, label_rows(found.genres, names)),
        ("最常混淆的体裁", CONFUSION_COLUMNS, confusion_rows(found.genres, names)),
    ]
    return [part for part in parts if part[2]]


def markdown_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows)]
