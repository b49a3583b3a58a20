"""Learning curve: accuracy after so many simulated corrections, active order against arrival.

    python -m benchmarks.learning [--write]

The labelled texts beside the repository are the corrections; they train nothing that ships. With
all starter drafts as the start the pool of a fold is two thirds of them, some 230. With a part of
the starter drafts as the start, the others are corrections too, mixed with the texts, so that 400
can be measured; what is measured is always the third of the texts that nobody corrected.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.machine import describe, put_section
from benchmarks.themes import DATA
from nlp import starter
from nlp.lexicon import Lexicon
from nlp.lines import BadLine, read_samples
from nlp.measures import accuracy, macro_f1
from nlp.segment import segmenter
from nlp.starter import Sample
from nlp.taxonomy import NONE, Taxonomy
from nlp.teaching import Candidate, teaching_order
from nlp.themes import ThemeModel
from nlp.training import evidence, fit

POINTS = (0, 50, 100, 200, 400)
FOLDS = 3
FEW = 5

Order = Callable[[ThemeModel, list[int], list[Sample]], list[int]]


def arrival(model: ThemeModel, left: list[int], pool: list[Sample]) -> list[int]:
    """As they come; the pool was shuffled."""
    return left


def by_margin(model: ThemeModel, left: list[int], pool: list[Sample]) -> list[int]:
    """Smallest margin first, nothing else."""
    return [c.id for c in sorted(_candidates(model, left, pool), key=lambda c: (c.margin, c.id))]


def in_turns(model: ThemeModel, left: list[int], pool: list[Sample]) -> list[int]:
    """Smallest margin first, aspects taking turns."""
    return [c.id for c in teaching_order(_candidates(model, left, pool))]


def _candidates(model: ThemeModel, left: list[int], pool: list[Sample]) -> list[Candidate]:
    chances = model.probabilities(evidence([pool[i] for i in left], model.lexicon, segmenter()))
    top = np.sort(chances, axis=1)[:, -2:]
    best = chances.argmax(axis=1)
    return [
        Candidate(i, model.codes[best[row]], float(top[row, 1] - top[row, 0]))
        for row, i in enumerate(left)
    ]


ORDERS: dict[str, Order] = {
    "as they come": arrival,
    "smallest margin": by_margin,
    "smallest margin, in turns": in_turns,
}


def curve(
    order: Order, first: ThemeModel, ours: list[Sample], pool: list[Sample], test: list[Sample]
) -> list[tuple[list[str], list[str]]]:
    """(given, true) labels of the test drafts at each point: after so many corrections."""
    lexicon, taxonomy = Lexicon.load(), Taxonomy.load()
    taught: list[int] = []
    found = []
    model = first
    for point in POINTS:
        if point > len(pool):
            break
        if point:
            left = [i for i in range(len(pool)) if i not in set(taught)]
            taught += order(model, left, pool)[: point - len(taught)]
            model = fit([*ours, *(pool[i] for i in taught)], lexicon, taxonomy, segmenter())
        chances = model.probabilities(evidence(test, lexicon, segmenter()))
        aspects = [c for c, code in enumerate(model.codes) if code != NONE]
        chosen = np.array(aspects)[chances[:, aspects].argmax(axis=1)]
        found.append(([model.codes[c] for c in chosen], [s.theme for s in test]))
    return found


def few(samples: Sequence[Sample]) -> list[Sample]:
    """Five drafts of each theme: what a department has when it starts a taxonomy of its own."""
    seen: Counter[str] = Counter()
    kept = []
    for sample in samples:
        seen[sample.theme] += 1
        kept += [sample] if seen[sample.theme] <= FEW else []
    return kept


def every_second(samples: Sequence[Sample]) -> list[Sample]:
    """Half of the drafts of each theme."""
    seen: Counter[str] = Counter()
    kept = []
    for sample in samples:
        seen[sample.theme] += 1
        kept += [sample] if seen[sample.theme] % 2 else []
    return kept


def measure(
    samples: Sequence[Sample], ours: list[Sample], more: list[Sample]
) -> dict[str, list[tuple[float, float]]]:
    """Accuracy and macro-F1 of each order at each point, over all folds together.

    ``more`` drafts wait for correction beside the samples that are not measured.
    """
    rows = list(samples)
    random.Random(7).shuffle(rows)
    told: dict[str, list[tuple[float, float]]] = {}
    first = fit(ours, Lexicon.load(), Taxonomy.load(), segmenter())
    for name, order in ORDERS.items():
        given: list[list[str]] = [[] for _ in POINTS]
        true: list[list[str]] = [[] for _ in POINTS]
        for fold in range(FOLDS):
            test = [s for i, s in enumerate(rows) if i % FOLDS == fold and s.theme != NONE]
            pool = [*more, *(s for i, s in enumerate(rows) if i % FOLDS != fold)]
            random.Random(fold).shuffle(pool)
            for place, (guess, truth) in enumerate(curve(order, first, ours, pool, test)):
                given[place] += guess
                true[place] += truth
        told[name] = [
            (accuracy(np.array(g), np.array(t)), macro_f1(np.array(g), np.array(t)))
            for g, t in zip(given, true, strict=True)
            if g
        ]
    return told


def main() -> None:
    """Measure, print, and with --write put it into docs/benchmarks.md."""
    if not DATA.exists():
        print(f"没有测量数据 {DATA.name}，跳过")
        return
    with DATA.open(encoding="utf-8") as lines:
        samples = [s for s in read_samples(lines) if not isinstance(s, BadLine)]
    began = time.process_time()
    whole = starter.load()
    starts = {
        f"all {len(whole)} starter drafts": whole,
        f"half of them ({len(every_second(whole))})": every_second(whole),
        f"{FEW} of them a theme": few(whole),
    }
    head = "| start | order | " + " | ".join(f"{point} corrections" for point in POINTS) + " |"
    table = [head, "|---" * (len(POINTS) + 2) + "|"]
    for start, ours in starts.items():
        known = {sample.id for sample in ours}
        more = [sample for sample in whole if sample.id not in known]
        for name, points in measure(samples, ours, more).items():
            cells = [f"{right:.3f} / {f1:.3f}" for right, f1 in points]
            cells += ["–"] * (len(POINTS) - len(cells))
            table.append(f"| {start} | {name} | {' | '.join(cells)} |")
    lines_out = [
        *table,
        "",
        f"Accuracy / macro-F1 of the best aspect on {sum(s.theme != NONE for s in samples)} texts "
        f"in {FOLDS} folds. Corrected are the other texts of the fold "
        f"({len(samples) * (FOLDS - 1) // FOLDS}) and, below the first start, mixed with them the "
        "starter drafts that were left out of the start.",
        f"{time.process_time() - began:.0f} s of processor time. {describe()}",
    ]
    print("\n".join(lines_out))
    if "--write" in sys.argv:
        put_section("learning", lines_out)


if __name__ == "__main__":
    main()
