"""How good themes and genres are on labelled drafts: one record of every figure that is reported.

Pure: probabilities and labels in, figures out. Drafts labelled X0 fit no aspect; they count for
calibration and for abstention, never as an aspect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.measures import accuracy, auroc, calibration_error, coverage_at, macro_f1
from nlp.taxonomy import NONE
from nlp.themes import PRIMARY

PRECISIONS = (0.90, 0.95, 0.97, 0.98)
BINS = 10
_TOP = 3

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class AspectFigures:
    """One label: how many drafts bear it, and how well it is found."""

    code: str
    drafts: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """Drafts labelled ``truth`` that were given ``guess``."""

    truth: str
    guess: str
    drafts: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Drafts whose best class had a probability in one tenth: what was promised, what held."""

    drafts: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Labels:
    """Figures of a set of labels: themes of drafts that have an aspect, or genres."""

    drafts: int
    accuracy: float
    macro_f1: float
    each: tuple[AspectFigures, ...]
    confusions: tuple[Confusion, ...]  # most frequent first


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one model on one set of drafts; shares and probabilities are 0 to 1."""

    model: str
    drafts: int
    none: int  # drafts labelled X0
    themes: Labels
    category_accuracy: float
    top3: float
    coverage: Mapping[str, float]  # precision as "0.95" → share of drafts, the surest first
    tagged: float  # share of all drafts that get a theme at the thresholds in use
    tagged_precision: float
    bins: tuple[Bin, ...]
    ece: float
    abstention_auroc: float  # nan without drafts of both kinds
    genres: Labels
    drafts_per_second: float  # whole analysis of a draft, processor time of one core
    skipped: int = 0  # labelled with a code that the model does not know


def evaluate(
    chances: Array,
    codes: Sequence[str],
    parents: Mapping[str, str],
    truth: Sequence[str],
    genres: Sequence[tuple[str, str]],
    *,
    model: str,
    drafts_per_second: float,
) -> Evaluation:
    """Figures from probabilities (drafts, classes), the drafts' themes, and (true, given) genres.

    Drafts whose theme is not among ``codes`` are left out of the figures of themes and counted.
    """
    known = np.array([theme in codes for theme in truth], dtype=bool)
    columns = np.array([codes.index(t) for t in truth if t in codes], dtype=np.intp)
    chances = chances[known]
    none = codes.index(NONE)
    real = columns != none
    aspects = np.array([column for column in range(len(codes)) if column != none])
    kept = chances[:, aspects]
    order = np.argsort(-kept, axis=1, kind="stable")
    chosen = aspects[order[:, 0]] if len(kept) else columns
    sure = kept.max(axis=1, initial=0)
    right = chosen == columns
    tagged = (sure >= PRIMARY) & (chances.argmax(axis=1) != none)
    category = np.array([parents.get(code, NONE) for code in codes])
    top = (aspects[order[:, :_TOP]] == columns[:, None]).any(axis=1)
    return Evaluation(
        model=model,
        drafts=len(columns),
        none=int((~real).sum()),
        themes=label_figures(
            [(codes[t], codes[g]) for t, g in zip(columns[real], chosen[real], strict=True)]
        ),
        category_accuracy=accuracy(category[chosen[real]], category[columns[real]]),
        top3=_mean(top[real]),
        coverage={f"{p:.2f}": coverage_at(p, sure, right) for p in PRECISIONS},
        tagged=_mean(tagged),
        tagged_precision=_mean(right[tagged]),
        bins=_bins(chances, columns),
        ece=calibration_error(chances, columns) if len(columns) else 0.0,
        abstention_auroc=auroc(chances[:, none], ~real),
        genres=label_figures([pair for pair in genres if pair[0]]),
        drafts_per_second=drafts_per_second,
        skipped=int((~known).sum()),
    )


def label_figures(pairs: Sequence[tuple[str, str]]) -> Labels:
    """Figures of (true, given) labels; only labels that are true somewhere have a row."""
    names = sorted({name for pair in pairs for name in pair})
    truth = np.array([names.index(t) for t, _ in pairs], dtype=np.intp)
    given = np.array([names.index(g) for _, g in pairs], dtype=np.intp)
    rows = [_row(names[n], truth == n, given == n) for n in np.unique(truth)]
    mistakes = Counter((t, g) for t, g in pairs if t != g)
    ordered = sorted(mistakes.items(), key=lambda item: (-item[1], item[0]))
    return Labels(
        drafts=len(pairs),
        accuracy=accuracy(given, truth),
        macro_f1=macro_f1(given, truth),
        each=tuple(rows),
        confusions=tuple(Confusion(t, g, count) for (t, g), count in ordered),
    )


def _row(code: str, truth: Array, given: Array) -> AspectFigures:
    hits = float((truth & given).sum())
    precision = hits / float(given.sum()) if given.any() else 0.0
    recall = hits / float(truth.sum())
    f1 = 2 * hits / float(given.sum() + truth.sum())
    return AspectFigures(code, int(truth.sum()), precision, recall, f1)


def _bins(chances: Array, truth: Array) -> tuple[Bin, ...]:
    """Tenths of the best class's probability that hold a draft, lowest first."""
    sure = chances.max(axis=1, initial=0)
    right = chances.argmax(axis=1) == truth
    places = np.minimum((sure * BINS).astype(int), BINS - 1)
    inside = [places == place for place in np.unique(places)]
    return tuple(Bin(int(b.sum()), float(sure[b].mean()), float(right[b].mean())) for b in inside)


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else 0.0
