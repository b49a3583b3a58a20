"""Train a theme model: scikit-learn over the features of ``nlp.themes``.

``python -m nlp.training`` rebuilds the shipped ``data/themes.npz`` from the starter corpus and
prints what cross-validation says of it. The same input gives the same weights.
"""

from __future__ import annotations

import datetime
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from math import log
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from nlp import starter
from nlp.evidence import WeightedWords, cut, gather
from nlp.lexicon import Lexicon
from nlp.measures import accuracy, calibration_error, fit_temperature, macro_f1
from nlp.model_file import write_model
from nlp.pairs import Pairs, sorted_keys
from nlp.segment import Segmenter, segmenter, stop_words
from nlp.starter import Sample
from nlp.taxonomy import NONE, Taxonomy
from nlp.text import fold
from nlp.themes import Features, Floats, PairVocabulary, TermTable, ThemeModel, Vocabulary, softmax

REGULARISATION = 10.0
"""C of the logistic regression: features have length 1 to 2, drafts are few."""
_INTERCEPT = 0.65
"""Share of the intercepts of aspects that is kept: they say how densely our own drafts speak of an
aspect (公务员工作 most of all), and strangers' drafts differ less in that."""
FOLDS = 5
_LEAST_DRAFTS = 2
"""A word or pair of fewer drafts is a name or an accident and gets no weight."""
_KEPT = 0.5

Labels = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Weights:
    words: Floats
    pairs: Floats
    dense: Floats
    bias: Floats


def evidence(samples: Sequence[Sample], lexicon: Lexicon, cutter: Segmenter) -> list[WeightedWords]:
    """Evidence of each sample, gathered exactly as it is of a draft that comes in."""
    found = []
    for sample in samples:
        draft = sample.draft()
        content = fold(draft.text, draft.ranges())
        found.append(gather(draft, cut(draft, cutter), content, lexicon))
    return found


def train(
    samples: Sequence[Sample], lexicon: Lexicon, taxonomy: Taxonomy, segmenter: Segmenter
) -> ThemeModel:
    """A calibrated model of the samples' primary themes; its metadata tell how good it is.

    Measured and calibrated on held-out drafts (five folds) of which half of all words, pairs and
    terms are hidden: drafts of strangers share only a part of our vocabulary, and a temperature
    fitted to our own wording would promise too much. Raises ValueError if an aspect in use has
    fewer samples than folds.
    """
    documents = evidence(samples, lexicon, segmenter)
    codes = (*taxonomy.codes, NONE)
    labels = np.array([codes.index(sample.theme) for sample in samples], dtype=np.intp)
    scarce = [code for row, code in enumerate(codes) if (labels == row).sum() < FOLDS]
    if scarce:
        raise ValueError(f"下列主题的训练稿不足{FOLDS}篇：{'、'.join(scarce)}")
    blank = _untrained(documents, codes, lexicon, taxonomy)
    held_out, strange = _cross_validate(blank, documents, labels)
    temperature = fit_temperature(strange, labels)
    model = _fitted(blank, documents, labels)
    metrics = _metrics(held_out, strange, labels, temperature)
    return replace(
        model,
        temperature=temperature,
        metadata=_metadata(samples, lexicon, taxonomy, metrics),
    )


def fit(
    samples: Sequence[Sample], lexicon: Lexicon, taxonomy: Taxonomy, segmenter: Segmenter
) -> ThemeModel:
    """A model that is neither measured nor calibrated, for experiments that train many.

    Its best aspects are those of ``train``; its probabilities are not to be shown to anybody.
    """
    documents = evidence(samples, lexicon, segmenter)
    codes = (*taxonomy.codes, NONE)
    labels = np.array([codes.index(sample.theme) for sample in samples], dtype=np.intp)
    return _fitted(_untrained(documents, codes, lexicon, taxonomy), documents, labels)


def held_out_chances(
    samples: Sequence[Sample], lexicon: Lexicon, taxonomy: Taxonomy, segmenter: Segmenter
) -> Floats:
    """What a model that has not seen it says of each sample: probabilities (samples, classes).

    Classes are ``(*taxonomy.codes, NONE)``. Trained and measured in five folds like ``train``,
    with the temperature that ``train`` would choose.
    """
    documents = evidence(samples, lexicon, segmenter)
    codes = (*taxonomy.codes, NONE)
    labels = np.array([codes.index(sample.theme) for sample in samples], dtype=np.intp)
    blank = _untrained(documents, codes, lexicon, taxonomy)
    held_out, strange = _cross_validate(blank, documents, labels)
    return softmax(held_out / np.float32(fit_temperature(strange, labels)))


def corpus_hash(samples: Iterable[Sample], lexicon: Lexicon, taxonomy: Taxonomy) -> str:
    """SHA-256 (hex) of everything that the shipped model is made from."""
    parts = (starter.digest(samples), lexicon.digest, repr(taxonomy))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _metadata(
    samples: Sequence[Sample], lexicon: Lexicon, taxonomy: Taxonomy, metrics: dict[str, float]
) -> dict[str, Any]:
    digest = corpus_hash(samples, lexicon, taxonomy)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")  # for builds that must not differ by date
    now = datetime.datetime.now(datetime.UTC)
    made = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else now
    return {
        "version": f"{taxonomy.version}-{digest[:8]}",
        "corpus": digest,
        "lexicon": lexicon.version,
        "taxonomy": taxonomy.version,
        "samples": len(samples),
        "metrics": metrics,
        "made": made.date().isoformat(),
    }


def _frequent(frequency: Mapping[str, int]) -> list[str]:
    """Words of at least two drafts; no stop words, numbers, single characters."""
    silent = stop_words()
    return sorted(
        key
        for key, count in frequency.items()
        if count >= _LEAST_DRAFTS and len(key) > 1 and key not in silent and not _has_digit(key)
    )


def _idf(frequency: Sequence[int], total: int) -> Floats:
    """Smoothed inverse document frequency."""
    return np.log((1 + total) / (1 + np.array(frequency, dtype=np.float32))) + np.float32(1)


def _word_vocabulary(documents: Sequence[WeightedWords]) -> Vocabulary:
    frequency = Counter(word for document in documents for word in document.words)
    keys = _frequent(frequency)
    idf = _idf([frequency[key] for key in keys], len(documents))
    return Vocabulary({key: row for row, key in enumerate(keys)}, idf)


def _pair_vocabulary(documents: Sequence[WeightedWords]) -> PairVocabulary:
    texts = [(d.content.text, d.title.text) for d in documents]
    frequency = Counter(
        pair for parts in texts for pair in {t[i : i + 2] for t in parts for i in range(len(t) - 1)}
    )
    order, keys = sorted_keys(_frequent(frequency))
    return PairVocabulary(tuple(order), keys, _idf([frequency[p] for p in order], len(documents)))


def _has_digit(key: str) -> bool:
    return any(character.isdigit() for character in key)


def _untrained(
    documents: Sequence[WeightedWords],
    codes: tuple[str, ...],
    lexicon: Lexicon,
    taxonomy: Taxonomy,
) -> ThemeModel:
    total = len(documents)
    words, pairs = _word_vocabulary(documents), _pair_vocabulary(documents)
    frequency = Counter(term for d in documents for term in d.terms)
    idf = {term: log((1 + total) / (1 + frequency[term])) + 1 for term in lexicon.terms}
    size = len(codes)
    return ThemeModel(
        codes,
        words,
        pairs,
        TermTable.of(lexicon, codes, idf),
        np.zeros((len(words.rows), size), dtype=np.float32),
        np.zeros((len(pairs.pairs), size), dtype=np.float32),
        np.zeros((2 * size + 1, size), dtype=np.float32),
        np.zeros(size, dtype=np.float32),
        1.0,
        taxonomy.parents(),
        lexicon,
        {},
    )


def _fitted(blank: ThemeModel, documents: Sequence[WeightedWords], labels: Labels) -> ThemeModel:
    weights = _fit(blank, [blank.features(document) for document in documents], labels)
    return replace(
        blank,
        word_weights=weights.words,
        pair_weights=weights.pairs,
        dense_weights=weights.dense,
        bias=weights.bias,
    )


def _fit(blank: ThemeModel, features: Sequence[Features], labels: Labels) -> _Weights:
    from sklearn.linear_model import LogisticRegression

    classifier = LogisticRegression(
        C=REGULARISATION,
        class_weight="balanced",
        solver="newton-cg",  # an eighth of the time of lbfgs, and closer to the optimum
    )
    classifier.fit(_matrix(blank, features), labels)
    kept = np.where(np.array(blank.codes) == NONE, 1.0, _INTERCEPT)
    coefficients = classifier.coef_.T.astype(np.float32)
    first, second = len(blank.words.rows), len(blank.words.rows) + len(blank.pairs.pairs)
    return _Weights(
        coefficients[:first],
        coefficients[first:second],
        coefficients[second:],
        (classifier.intercept_ * kept).astype(np.float32),
    )


def _matrix(blank: ThemeModel, features: Sequence[Features]) -> Any:
    from scipy import sparse  # type: ignore[import-untyped]

    offsets = (0, len(blank.words.rows), len(blank.words.rows) + len(blank.pairs.pairs))
    width = offsets[2] + len(blank.dense_weights)
    dense = np.arange(offsets[2], width)
    columns = [np.concatenate([f.words, f.pairs + offsets[1], dense]) for f in features]
    values = [np.concatenate([f.word_values, f.pair_values, f.dense]) for f in features]
    ends = np.cumsum([0, *map(len, columns)])
    matrix = sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(columns), ends), shape=(len(features), width)
    )
    matrix.sum_duplicates()
    return matrix


def _cross_validate(
    blank: ThemeModel, documents: Sequence[WeightedWords], labels: Labels
) -> tuple[Floats, Floats]:
    """Scores of every draft by a model that has not seen it, whole and with half hidden.

    Two arrays of shape (drafts, classes).
    """
    from sklearn.model_selection import StratifiedKFold

    whole = np.zeros((len(documents), len(blank.codes)), dtype=np.float32)
    half = np.zeros_like(whole)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for known, unknown in folds.split(whole, labels):
        model = _fitted(blank, [documents[i] for i in known], labels[known])
        for i in unknown:
            whole[i] = model.scores(model.features(documents[i]))
            half[i] = model.scores(model.features(_hidden(documents[i])))
    return whole, half


def _hidden(document: WeightedWords) -> WeightedWords:
    """A draft with half of its vocabulary gone; which half depends on the words alone."""
    return replace(
        document,
        words=_half(document.words),
        pairs=_half_pairs(document.pairs),
        terms=_half(document.terms),
        title_words=_half(document.title_words),
        title_pairs=_half_pairs(document.title_pairs),
        title_terms=_half(document.title_terms),
    )


def _half(counts: Mapping[str, int]) -> dict[str, int]:
    limit = int(_KEPT * 256)
    return {key: n for key, n in counts.items() if crc32(key.encode()) % 256 < limit}


def _half_pairs(pairs: Pairs) -> Pairs:
    kept = (pairs.codes * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(63) == 0
    return Pairs(pairs.codes[kept], pairs.counts[kept])


def _metrics(
    held_out: Floats, strange: Floats, labels: Labels, temperature: float
) -> dict[str, float]:
    chosen = held_out.argmax(axis=1)
    chances = softmax(strange / np.float32(temperature))
    return {
        "accuracy": round(accuracy(chosen, labels), 4),
        "macro_f1": round(macro_f1(chosen, labels), 4),
        "accuracy_half_hidden": round(accuracy(strange.argmax(axis=1), labels), 4),
        "ece_half_hidden": round(calibration_error(chances, labels), 4),
        "temperature": round(temperature, 4),
    }


def main() -> None:
    """Rebuild the shipped model and print its figures."""
    samples, lexicon, taxonomy = starter.load(), Lexicon.load(), Taxonomy.load()
    model = train(samples, lexicon, taxonomy, segmenter())
    path = Path(str(files("nlp") / "data" / "themes.npz"))
    write_model(model, path)
    print(f"主题模型{model.version}：{len(samples)}篇训练稿，{path.stat().st_size / 1024:.0f} KiB")  # noqa: T201
    for name, value in model.metadata["metrics"].items():
        print(f"  {name}: {value}")  # noqa: T201


if __name__ == "__main__":
    main()
