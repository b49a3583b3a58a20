"""The chain that a good engineer would write in a day, to measure ours against.

python-docx ``.paragraphs``, ``jieba.lcut``, TF-IDF with a linear SVM fitted beforehand, MinHash
with LSH, one SQLite row and commit a document. Nothing here is slowed down on purpose: the
tokens are cut once, and MinHash is updated in one batch.

    python -m benchmarks.naive INBOX
"""

from __future__ import annotations

import argparse
import logging
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
import jieba
from datasketch import MinHash, MinHashLSH
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

PERMUTATIONS = 128
THRESHOLD = 0.5
"""Jaccard of word trigrams from which MinHash calls two texts duplicates."""


@dataclass(slots=True)
class NaiveResult:
    """What one run gave: texts and themes by file, pairs of files, CPU seconds by stage."""

    texts: dict[str, str] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the CPU time of the block to a stage."""
        started = time.process_time()
        yield
        self.seconds[stage] += time.process_time() - started


def fit(texts: Sequence[str], labels: Sequence[str]) -> Pipeline:
    """A theme model from labelled texts; the vectoriser takes lists of words."""
    jieba.setLogLevel(logging.WARNING)
    vectoriser = TfidfVectorizer(analyzer=_as_it_is, sublinear_tf=True, min_df=2)
    model = make_pipeline(vectoriser, LinearSVC())
    return model.fit([jieba.lcut(text) for text in texts], labels)


def run(inbox: Path, database: Path, model: Pipeline) -> NaiveResult:
    """Take every .docx below ``inbox`` through the chain, one after the other."""
    result = NaiveResult()
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE draft (name TEXT, text TEXT, theme TEXT, same_as TEXT)")
    for path in sorted(inbox.rglob("*.docx")):
        with result.timed("read"):
            try:
                text = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
            except Exception:  # whatever python-docx raises, as such a chain does
                result.refused.append(path.name)
                continue
        with result.timed("words"):
            words = jieba.lcut(text)
        with result.timed("theme"):
            theme = str(model.predict([words])[0])
        with result.timed("duplicates"):
            signature = _signature(words)
            same = index.query(signature)
            index.insert(path.name, signature)
        with result.timed("store"), connection:
            connection.execute(
                "INSERT INTO draft VALUES (?, ?, ?, ?)", (path.name, text, theme, ",".join(same))
            )
        result.texts[path.name] = text
        result.themes[path.name] = theme
        result.pairs += [(earlier, path.name) for earlier in same]
    connection.close()
    return result


def _signature(words: Sequence[str]) -> MinHash:
    trigrams = {"".join(words[i : i + 3]).encode() for i in range(len(words) - 2)}
    signature = MinHash(num_perm=PERMUTATIONS)
    signature.update_batch(sorted(trigrams))
    return signature


def _as_it_is(words: Any) -> Any:
    return words


def main() -> None:
    """Command line: run the chain over an inbox with a model of the starter texts."""
    from nlp.starter import load

    parser = argparse.ArgumentParser(description="Run the naive chain over an inbox.")
    parser.add_argument("inbox", type=Path)
    inbox = parser.parse_args().inbox
    samples = load()
    model = fit([sample.text for sample in samples], [sample.theme for sample in samples])
    database = inbox.parent / "naive.db"
    database.unlink(missing_ok=True)
    result = run(inbox, database, model)
    count = len(result.texts)
    print(f"{count} files, {len(result.pairs)} pairs, {len(result.refused)} refused")
    for stage, seconds in result.seconds.items():
        print(f"{stage:>12} {seconds / max(1, count) * 1000:8.2f} ms a file")


if __name__ == "__main__":
    main()
