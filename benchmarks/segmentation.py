"""Cutting into words: ours beside every jieba-compatible engine that is installed.

    python -m benchmarks.segmentation [--write]

The starter drafts and samples of this repository, five rounds by turns, the engines one after the
other in each. All cut without the hidden Markov model. Identical are tokens with equal start and
end; plain engines are compared with jieba, ours with jieba under the same dictionary of the field.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from itertools import accumulate

from benchmarks.machine import describe, put_section
from benchmarks.pipeline import table
from nlp.segment import Segmenter
from nlp.starter import load

ROUNDS = 5
PEERS = ("jieba_next", "jieba_fast_dat", "jieba_fast", "jieba")
Cut = Callable[[str], Iterable[str]]


def engines() -> dict[str, Cut]:
    """Ours, rjieba as it is, and the peers, by name."""
    from rjieba import rjieba

    logging.getLogger("jieba").setLevel(logging.ERROR)

    plain = rjieba.Jieba()
    found: dict[str, Cut] = {
        "zugao": Segmenter().tokens,
        "rjieba": lambda text: plain.cut(text, hmm=False),
    }
    for name in PEERS:
        if importlib.util.find_spec(name):
            peer = importlib.import_module(name)
            found[name] = lambda text, cut=peer.lcut: cut(text, HMM=False)  # type: ignore[misc]
    return found


def places(tokens: Iterable[str]) -> set[tuple[int, int]]:
    """Start and end of each token."""
    words = list(tokens)
    ends = list(accumulate(map(len, words)))
    return {(end - len(word), end) for word, end in zip(words, ends, strict=True)}


def alike(one: Cut, other: Cut, texts: list[str]) -> float:
    """Share of the tokens of ``other`` that ``one`` cuts too."""
    pairs = [(places(one(text)), places(other(text))) for text in texts]
    return sum(len(a & b) for a, b in pairs) / sum(len(b) for _, b in pairs)


def timed(cuts: dict[str, Cut], texts: list[str]) -> dict[str, list[float]]:
    """CPU ms for 1,500 characters, by engine and round."""
    characters = sum(map(len, texts))
    took: dict[str, list[float]] = {name: [] for name in cuts}
    for cut in cuts.values():
        list(cut(texts[0]))  # dictionaries are loaded
    for _ in range(ROUNDS):
        for name, cut in cuts.items():
            began = time.process_time()
            for text in texts:
                cut(text)
            took[name].append((time.process_time() - began) / characters * 1500 * 1000)
    return took


def main() -> None:
    """Measure, print, and with ``--write`` put into docs/benchmarks.md."""
    texts = [sample.text for sample in load()]
    cuts = engines()
    took = timed(cuts, texts)
    ours = took["zugao"]
    with_dictionary = Segmenter(engine="jieba").tokens
    rows = []
    for name, cut in cuts.items():
        peer = with_dictionary if name == "zugao" else cuts["jieba"]
        ratios = [mine / theirs for mine, theirs in zip(ours, took[name], strict=True)]
        rows.append(
            [
                name,
                f"{statistics.median(took[name]):.3f}",
                f"{min(took[name]):.3f}–{max(took[name]):.3f}",
                f"**{statistics.median(ratios):.2f}**",
                f"{min(ratios):.2f}–{max(ratios):.2f}",
                f"{alike(cut, peer, texts):.4%}",
            ]
        )
    head = ["engine", "ms CPU a 1,500 字", "spread", "zugao / it", "spread", "tokens as jieba's"]
    characters = sum(map(len, texts))
    lines = [describe(), "", f"{len(texts):,} texts, {characters:,} characters, {ROUNDS} rounds."]
    lines += ["", *table(head, rows)]
    print("\n".join(lines))
    if "--write" in sys.argv:
        put_section("segmentation", lines)


if __name__ == "__main__":
    main()
