"""Themes and genre on the labelled measuring texts beside the repository, beside two peers.

    python -m benchmarks.themes [FILE] [--write] [--errors]

The peers: the lexicon without any learning, and what an engineer writes in an hour, TF-IDF of
words with a linear SVM (scikit-learn), trained on the same starter drafts. The texts are for
measuring only; errors were looked at in the first half alone (by a hash of the identifier), so
the second half shows what looking was worth.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import describe, put_section
from nlp import starter
from nlp.analyse import Analyst
from nlp.evidence import WeightedWords, cut, gather
from nlp.genre import guess_genre
from nlp.measures import accuracy, auroc, calibration_error, coverage_at, macro_f1
from nlp.segment import segmenter
from nlp.taxonomy import NONE
from nlp.text import fold
from nlp.themes import ThemeModel, Verdict, softmax
from nlp.types import Draft, Paragraph

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "themes_dev" / "themes_dev.jsonl"
GENRES = {"调研": "调研报告"}


def as_draft(row: dict[str, Any]) -> Draft:
    """Title and lines as they stand."""
    lines = [Paragraph("body", "", line) for line in row["text"].splitlines() if line.strip()]
    title = Paragraph("title", "", row["title"])
    return Draft(position=1, title=row["title"], paragraphs=(title, *lines))


def figures(chances: np.ndarray, truth: np.ndarray, model: ThemeModel) -> dict[str, float]:
    """The figures of one classifier: ``chances`` (drafts, classes), ``truth`` columns."""
    none = model.codes.index(NONE)
    real = truth != none
    kept = np.delete(chances, none, axis=1)
    aspects = np.delete(np.arange(len(model.codes)), none)
    chosen = aspects[kept.argmax(axis=1)]
    best = aspects[np.argsort(-kept, axis=1)[:, :3]]
    parents = np.array([model.parents.get(code, NONE) for code in model.codes])
    right, sure = chosen == truth, kept.max(axis=1)
    return {
        "accuracy (19 aspects)": accuracy(chosen[real], truth[real]),
        "macro-F1": macro_f1(chosen[real], truth[real]),
        "category": accuracy(parents[chosen[real]], parents[truth[real]]),
        "top-3": float((best == truth[:, None]).any(axis=1)[real].mean()),
        "coverage at 97 % precision": coverage_at(0.97, sure, right),
        "coverage at 90 % precision": coverage_at(0.90, sure, right),
        "none of these, AUROC": auroc(chances[:, none], ~real),
        "ECE": calibration_error(chances, truth),
    }


def plain_pipeline(rows: list[dict[str, Any]], model: ThemeModel) -> np.ndarray:
    """Margins (as probabilities) of TF-IDF words and a linear SVM on the starter drafts."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    pipeline = make_pipeline(
        TfidfVectorizer(analyzer=segmenter().words, sublinear_tf=True), LinearSVC()
    )
    samples = starter.load()
    texts = [f"{sample.title}\n{sample.text}" for sample in samples]
    pipeline.fit(texts, [model.codes.index(sample.theme) for sample in samples])
    margins = pipeline.decision_function([f"{r['title']}\n{r['text']}" for r in rows])
    return softmax(np.asarray(margins, dtype=np.float32) * 4)


def second_half(rows: list[dict[str, Any]]) -> np.ndarray:
    """Which texts nobody has looked at for errors."""
    return np.array([hashlib.sha256(row["id"].encode()).digest()[-1] % 2 == 1 for row in rows])


def table(
    rows: list[dict[str, Any]], documents: list[WeightedWords], model: ThemeModel
) -> list[str]:
    """All classifiers side by side, ours also by halves."""
    truth = np.array([model.codes.index(row["primary"]) for row in rows])
    chances, later = model.probabilities(documents), second_half(rows)
    columns = {
        "zugao": figures(chances, truth, model),
        "first half": figures(chances[~later], truth[~later], model),
        "second half": figures(chances[later], truth[later], model),
        "lexicon only": figures(lexicon_only(documents, model), truth, model),
        "TF-IDF + linear SVM": figures(plain_pipeline(rows, model), truth, model),
    }
    lines = ["| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name in columns["zugao"]:
        values = " | ".join(f"{column[name]:.3f}" for column in columns.values())
        lines.append(f"| {name} | {values} |")
    return lines


def lexicon_only(documents: Sequence[WeightedWords], model: ThemeModel) -> np.ndarray:
    """Share of each aspect in the lexicon terms of a draft: no learning at all."""
    sums = np.stack([model.table.cosines(document.terms)[2] for document in documents])
    return np.asarray(sums / np.maximum(sums.sum(axis=1, keepdims=True), 1e-9))


def main() -> None:
    """Read, score, print."""
    names = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    path = Path(names[0]) if names else DATA
    if not path.exists():
        print(f"没有测量数据 {path.name}，跳过")
        return
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    analyst = Analyst()
    model, drafts = analyst.model, [as_draft(row) for row in rows]
    documents = [
        gather(d, cut(d, analyst.segmenter), fold(d.text, d.ranges()), model.lexicon)
        for d in drafts
    ]
    verdicts = model.predict(documents)
    lines = [describe(), "", f"{len(rows)} texts, model {model.version}.", ""]
    lines += [*table(rows, documents, model), "", *verdict_lines(rows, verdicts)]
    lines += [*genre_lines(rows, drafts), *speed_lines(drafts, analyst)]
    print("\n".join(lines))
    if "--write" in sys.argv:
        put_section("themes", lines)
    if "--errors" in sys.argv:
        print_errors(rows, verdicts)


def verdict_lines(rows: list[dict[str, Any]], verdicts: list[Verdict]) -> list[str]:
    """How the thresholds work: what is tagged, what is left to people, secondary themes."""
    tagged = [(row, v) for row, v in zip(rows, verdicts, strict=True) if v.themes]
    right = sum(row["primary"] == v.themes[0].code for row, v in tagged)
    wanted = {(r["id"], code) for r in rows for code in r["secondary"]}
    given = {(r["id"], theme.code) for r, v in tagged for theme in v.themes[1:]}
    both = len(wanted & given)
    sure = [(r, v) for r, v in zip(rows, verdicts, strict=True) if v.category]
    good = sum(r["primary"][0] == v.category for r, v in sure)
    return [
        f"- Given a theme: {len(tagged)}, right {right / len(tagged):.3f}; "
        f"given a category: {len(sure)}, right {good / len(sure):.3f}.",
        f"- Secondary themes: {len(wanted)} labelled, {len(given)} given, precision "
        f"{both / max(len(given), 1):.3f}, recall {both / max(len(wanted), 1):.3f}.",
    ]


def genre_lines(rows: list[dict[str, Any]], drafts: list[Draft]) -> list[str]:
    """Accuracy, macro-F1 (also by halves) and confusions of the genre."""
    truth = np.array([GENRES.get(row["genre"], row["genre"]) for row in rows])
    chosen = np.array([guess_genre(draft).code for draft in drafts])
    later = second_half(rows)
    parts = {"all": later | True, "first half": ~later, "second half": later}
    found = "; ".join(
        f"{name} {accuracy(chosen[part], truth[part]):.3f} / "
        f"{macro_f1(chosen[part], truth[part]):.3f}"
        for name, part in parts.items()
    )
    wrong = Counter((t, c) for t, c in zip(truth, chosen, strict=True) if t != c)
    confused = "、".join(f"{t}→{c} {n}" for (t, c), n in wrong.most_common(8))
    return [f"- Genre, accuracy / macro-F1: {found}. Most confused: {confused}."]


def speed_lines(drafts: list[Draft], analyst: Analyst) -> list[str]:
    """CPU time of a draft of about 1,500 字: segmentation, themes, genre, all findings."""
    long = [draft for draft in drafts if 1350 <= len(draft.text) <= 1650]
    if not long:
        return []
    parts: dict[str, Callable[[], object]] = {
        "segmentation": lambda: [cut(d, analyst.segmenter) for d in long],
        "genre": lambda: [guess_genre(d) for d in long],
        "all findings": lambda: analyst.analyse(long),
        "themes with segmentation": lambda: analyst.model.predict(
            [
                gather(
                    d, cut(d, analyst.segmenter), fold(d.text, d.ranges()), analyst.model.lexicon
                )
                for d in long
            ]
        ),
    }
    spent = {}
    for name, work in parts.items():
        times = []
        for _ in range(5):
            start = time.process_time()
            work()
            times.append((time.process_time() - start) / len(long) * 1e3)
        spent[name] = min(times)
    told = ", ".join(f"{name} {value:.2f}" for name, value in spent.items())
    return [
        f"- CPU ms a draft of {len(long[0].text)} characters and the like, best of five: {told}."
    ]


def print_errors(rows: list[dict[str, Any]], verdicts: list[Verdict]) -> None:
    """Every text of the first half whose best aspect is not the labelled one."""
    for row, verdict, later in zip(rows, verdicts, second_half(rows), strict=True):
        if not later and row["primary"] not in (NONE, verdict.nearest[0].code):
            near = " ".join(f"{t.code}:{t.probability:.2f}" for t in verdict.nearest)
            terms = "、".join(t.text for t in verdict.nearest[0].terms)
            labels = "/".join([row["primary"], *row["secondary"]])
            print(f"{labels} {row['confidence'][0]} → {near} X0:{verdict.none:.2f} ", end="")
            print(f"{row['title'][:36]} [{terms}]")


if __name__ == "__main__":
    main()
