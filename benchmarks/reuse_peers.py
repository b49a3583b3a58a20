"""What others would use: a score of every query with every stored text, and one threshold.

All of them are given our folded text and the exact best recall that they could have (every pair
is scored; an LSH table would only lose some).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Peer = Callable[[Sequence[str], Sequence[str]], Scores]
PERMUTATIONS = 128


def _grams(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(max(1, len(text) - size + 1))]


def _equal_share(queries: npt.NDArray[np.uint64], stored: npt.NDArray[np.uint64]) -> Scores:
    return np.stack([(stored == row).mean(axis=1) for row in queries])


def datasketch(queries: Sequence[str], stored: Sequence[str]) -> Scores:
    """MinHash of character 5-grams, datasketch."""
    from datasketch import MinHash

    def sign(text: str) -> npt.NDArray[np.uint64]:
        signature = MinHash(num_perm=PERMUTATIONS)
        signature.update_batch([gram.encode() for gram in set(_grams(text, 5))])
        return np.asarray(signature.hashvalues, dtype=np.uint64)

    return _equal_share(np.stack([*map(sign, queries)]), np.stack([*map(sign, stored)]))


def rensa(queries: Sequence[str], stored: Sequence[str]) -> Scores:
    """R-MinHash of character 5-grams, rensa."""
    from rensa import RMinHash

    def sign(text: str) -> npt.NDArray[np.uint64]:
        signature = RMinHash(num_perm=PERMUTATIONS, seed=1)
        signature.update(_grams(text, 5))
        return np.asarray(signature.digest(), dtype=np.uint64)

    return _equal_share(np.stack([*map(sign, queries)]), np.stack([*map(sign, stored)]))


def simhash(queries: Sequence[str], stored: Sequence[str]) -> Scores:
    """SimHash of 64 bits over counted character 4-grams (Charikar, STOC 2002)."""

    def sign(text: str) -> npt.NDArray[np.bool_]:
        digests = b"".join(blake2b(g.encode(), digest_size=8).digest() for g in _grams(text, 4))
        bits = np.unpackbits(np.frombuffer(digests, dtype=np.uint8).reshape(-1, 8), axis=1)
        return np.asarray(bits.mean(axis=0) > 0.5)

    of_stored = np.stack([*map(sign, stored)])
    return np.stack([1 - (of_stored != sign(text)).sum(axis=1) / 64 for text in queries])


def tfidf(queries: Sequence[str], stored: Sequence[str]) -> Scores:
    """TF-IDF cosine of character 3-grams, scikit-learn."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    counts = TfidfVectorizer(analyzer="char", ngram_range=(3, 3), sublinear_tf=True)
    index = counts.fit_transform(stored)
    return np.asarray((counts.transform(queries) @ index.T).todense())


def rapidfuzz(queries: Sequence[str], stored: Sequence[str]) -> Scores:
    """Indel ratio of every pair, rapidfuzz."""
    from rapidfuzz import fuzz, process

    return (
        np.asarray(
            process.cdist(queries, stored, scorer=fuzz.ratio, score_cutoff=25, dtype=np.float32)
        )
        / 100
    )


def peers() -> dict[str, Peer]:
    """Those that are installed (``pip install zugao[bench]``)."""
    known: dict[str, tuple[str, Peer]] = {
        "MinHash datasketch": ("datasketch", datasketch),
        "MinHash rensa": ("rensa", rensa),
        "SimHash 64": ("numpy", simhash),
        "TF-IDF cosine": ("sklearn", tfidf),
        "rapidfuzz ratio": ("rapidfuzz", rapidfuzz),
    }
    return {name: peer for name, (needs, peer) in known.items() if importlib.util.find_spec(needs)}
