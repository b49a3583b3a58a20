"""Themes and genre on the labelled measuring texts beside the repository.

    python benchmarks/themes.py [FILE] [--errors]

Prints accuracy, macro-F1, category accuracy, top-3, coverage, abstention and calibration of the
shipped model, beside a lexicon without any learning. The texts are for measuring only.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nlp.evidence import WeightedWords, cut, gather
from nlp.genre import guess_genre
from nlp.measures import accuracy, auroc, calibration_error, coverage_at, macro_f1
from nlp.segment import segmenter
from nlp.taxonomy import NONE
from nlp.text import fold
from nlp.themes import ThemeModel
from nlp.types import Draft, Paragraph

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "themes_dev" / "themes_dev.jsonl"
GENRES = {"调研": "调研报告"}


def as_draft(row: dict[str, Any]) -> Draft:
    """Title and lines as they stand."""
    lines = [Paragraph("body", "", line) for line in row["text"].splitlines() if line.strip()]
    title = Paragraph("title", "", row["title"])
    return Draft(position=1, title=row["title"], paragraphs=(title, *lines))


def measure(chances: np.ndarray, truth: np.ndarray, model: ThemeModel, name: str) -> None:
    """Print the figures of one classifier: ``chances`` (drafts, classes), ``truth`` columns."""
    none = model.codes.index(NONE)
    real = truth != none
    aspects = [column for column in range(len(model.codes)) if column != none]
    kept = chances[:, aspects]
    chosen = np.array(aspects)[kept.argmax(axis=1)]
    best = np.argsort(-kept, axis=1)[:, :3]
    parents = np.array([model.parents.get(code, NONE) for code in model.codes])
    right = chosen == truth
    sure = kept.max(axis=1)
    top3 = [truth[i] in np.array(aspects)[best[i]] for i in np.flatnonzero(real)]
    overall = chances.argmax(axis=1)
    print(f"\n{name}")
    rows = {
        "accuracy, drafts of an aspect": accuracy(chosen[real], truth[real]),
        "macro-F1, drafts of an aspect": macro_f1(chosen[real], truth[real]),
        "accuracy, X0 as one more class": accuracy(overall, truth),
        "category accuracy": accuracy(parents[chosen[real]], parents[truth[real]]),
        "top-3": float(np.mean(top3)),
        "coverage at 97 % precision": coverage_at(0.97, sure, right),
        "coverage at 95 % precision": coverage_at(0.95, sure, right),
        "coverage at 90 % precision": coverage_at(0.90, sure, right),
        "abstention AUROC by X0": auroc(chances[:, none], ~real),
        "abstention AUROC by best aspect": auroc(-sure, ~real),
        "ECE": calibration_error(chances, truth),
    }
    for label, value in rows.items():
        print(f"  {label:34s} {value:.3f}")


def lexicon_only(documents: Sequence[WeightedWords], model: ThemeModel) -> np.ndarray:
    """Share of each aspect in the lexicon terms of a draft: no learning at all."""
    sums = np.stack([model.table.cosines(document.terms)[2] for document in documents])
    return sums / np.maximum(sums.sum(axis=1, keepdims=True), 1e-9)


def main() -> None:
    """Read, score, print."""
    names = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    path = Path(names[0]) if names else DATA
    if not path.exists():
        print(f"没有测量数据 {path.name}，跳过")
        return
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    model, cutter = ThemeModel.load(), segmenter()
    drafts = [as_draft(row) for row in rows]
    words = [cut(draft, cutter) for draft in drafts]
    folded = [fold(draft.text, draft.ranges()) for draft in drafts]
    start = time.process_time()
    documents = [
        gather(draft, w, f, model.lexicon)
        for draft, w, f in zip(drafts, words, folded, strict=True)
    ]
    gathered = time.process_time()
    verdicts = model.predict(documents)
    spent = time.process_time()
    length = sum(map(len, (d.text for d in drafts))) / len(drafts)
    print(f"{len(rows)} texts, {length:.0f} characters, model {model.version}")
    print(f"features {(gathered - start) / len(rows) * 1e3:.3f} ms, ", end="")
    print(f"scoring and terms {(spent - gathered) / len(rows) * 1e3:.3f} ms a draft")
    truth = np.array([model.codes.index(row["primary"]) for row in rows])
    chances = model.probabilities(documents)
    measure(lexicon_only(documents, model), truth, model, "lexicon only")
    measure(chances, truth, model, "model")
    print_verdicts(rows, verdicts)
    print_genres(rows, drafts)
    if "--errors" in sys.argv:
        print_errors(rows, verdicts)


def print_verdicts(rows: list[dict[str, Any]], verdicts: list[Any]) -> None:
    """How the thresholds work: what is tagged, what is left to people, secondary themes."""
    tagged = [(row, v) for row, v in zip(rows, verdicts, strict=True) if v.themes]
    right = sum(row["primary"] == v.themes[0].code for row, v in tagged)
    wanted = {(r["id"], code) for r in rows for code in r["secondary"]}
    given = {(r["id"], theme.code) for r, v in tagged for theme in v.themes[1:]}
    both = len(wanted & given)
    sure = [(r, v) for r, v in zip(rows, verdicts, strict=True) if v.category]
    good = sum(r["primary"][0] == v.category for r, v in sure)
    print(f"\ntagged {len(tagged)}/{len(rows)}, of these right {right / len(tagged):.3f}")
    print(f"category given {len(sure)}/{len(rows)}, of these right {good / len(sure):.3f}")
    print(f"secondary: precision {both / max(len(given), 1):.3f} recall {both / len(wanted):.3f}")


def print_genres(rows: list[dict[str, Any]], drafts: list[Draft]) -> None:
    """Accuracy, macro-F1 and confusions of the genre."""
    truth = [GENRES.get(row["genre"], row["genre"]) for row in rows]
    guesses = [guess_genre(draft) for draft in drafts]
    codes = sorted({*truth, *(g.code for g in guesses)})
    known = np.array([codes.index(code) for code in truth])
    chosen = np.array([codes.index(g.code) for g in guesses])
    print(f"\ngenre: accuracy {accuracy(chosen, known):.3f} macro-F1 {macro_f1(chosen, known):.3f}")
    pairs = Counter((t, g.code) for t, g in zip(truth, guesses, strict=True) if t != g.code)
    print("  " + "  ".join(f"{t}→{g} {n}" for (t, g), n in pairs.most_common(12)))


def print_errors(rows: list[dict[str, Any]], verdicts: list[Any]) -> None:
    """Every text whose best aspect is not the labelled one."""
    for row, verdict in zip(rows, verdicts, strict=True):
        if row["primary"] not in (NONE, verdict.nearest[0].code):
            near = " ".join(f"{t.code}:{t.probability:.2f}" for t in verdict.nearest)
            terms = "、".join(t.text for t in verdict.nearest[0].terms)
            labels = "/".join([row["primary"], *row["secondary"]])
            print(f"{labels} {row['confidence'][0]} → {near} X0:{verdict.none:.2f} ", end="")
            print(f"{row['title'][:36]} [{terms}]")


if __name__ == "__main__":
    main()
