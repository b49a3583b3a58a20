"""How good a classifier is: accuracy, macro-F1, calibration, abstention; numpy only."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def accuracy(chosen: Array, truth: Array) -> float:
    """Share of equal labels; 0 for none at all."""
    return float(np.mean(chosen == truth)) if len(truth) else 0.0


def macro_f1(chosen: Array, truth: Array) -> float:
    """Mean over the labels of ``truth`` of the harmonic mean of precision and recall."""
    scores = []
    for label in np.unique(truth):
        hits = float(np.sum((chosen == label) & (truth == label)))
        scores.append(2 * hits / float(np.sum(chosen == label) + np.sum(truth == label)))
    return float(np.mean(scores)) if scores else 0.0


def calibration_error(chances: Array, truth: Array, bins: int = 10) -> float:
    """Expected calibration error of the best class: mean |confidence − accuracy| over bins.

    ``chances`` (drafts, classes) with rows of sum 1, ``truth`` (drafts,) columns; 0 is perfect.
    """
    best = chances.argmax(axis=1)
    sure = chances[np.arange(len(chances)), best]
    right = best == truth
    places = np.minimum((sure * bins).astype(int), bins - 1)
    bins_used = [places == place for place in np.unique(places)]
    return float(sum(abs(sure[b].mean() - right[b].mean()) * b.mean() for b in bins_used))


def fit_temperature(scores: Array, truth: Array) -> float:
    """The divisor of the scores that makes their softmax most likely (negative log-likelihood).

    Searched on a grid of 1 % steps from 0.1 to 10: the loss is convex in 1/T, the grid exact
    enough for probabilities of two digits.
    """
    best, least = 1.0, np.inf
    rows = np.arange(len(truth))
    for temperature in np.geomspace(0.1, 10, 464):
        logits = scores / temperature
        logits = logits - logits.max(axis=1, keepdims=True)
        loss = float(np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[rows, truth]))
        if loss < least:
            best, least = float(temperature), loss
    return best


def auroc(scores: Array, positive: Array) -> float:
    """Chance that a positive scores above a negative, ties half; nan without both kinds."""
    high, low = scores[positive], scores[~positive]
    if not len(high) or not len(low):
        return float("nan")
    above = (high[:, None] > low[None, :]).mean()
    return float(above + 0.5 * (high[:, None] == low[None, :]).mean())


def coverage_at(precision: float, sure: Array, right: Array) -> float:
    """Largest share of drafts that can be taken, surest first, at this precision or better."""
    order = np.argsort(-sure, kind="stable")
    reached = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(reached >= precision)
    return float((good[-1] + 1) / len(order)) if len(good) else 0.0
