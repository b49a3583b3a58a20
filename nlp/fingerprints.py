"""Fingerprints of folded text: the same passage gives the same numbers wherever it stands.

Winnowing after Schleimer, Wilkerson and Aiken (SIGMOD 2003): hash every K-gram, keep the minimum
of every window of W hashes. Any verbatim run of W + K − 1 = 25 characters shares at least one
fingerprint; about 2 / (W + 1) = 0.118 fingerprints are kept a character.
"""

from __future__ import annotations

from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from nlp.text import fold

K: Final = 10
"""Characters a hashed gram: shorter grams are phrases of the language rather than of a text."""
W: Final = 16
"""Grams a window: 8 finds shorter runs but doubles the index, 32 loses borrowed sentences."""
BITS: Final = 48
"""Width of a hash: SQLite stores it in 6 bytes; 10⁹ rows give 4e-6 chance hits a look-up."""

Hashes = npt.NDArray[np.uint64]

_BASE: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)
_HALF: Final = np.uint64(32)
_SHIFT: Final = np.uint64(64 - BITS)


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """Code points of ``text``; a lone surrogate is one like any other."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def gram_codes(text: str, size: int) -> Hashes:
    """64-bit polynomial code of every ``size``-gram; code i belongs to text[i:i + size].

    Shape (max(0, len(text) − size + 1),). Arithmetic is modulo 2⁶⁴, all grams at once by Horner.
    """
    points = code_points(text).astype(np.uint64)
    count = points.size - size + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    codes = points[:count].copy()
    for step in range(1, size):
        codes *= _BASE
        codes += points[step : step + count]
    return codes


@lru_cache(maxsize=1)  # a draft's set phrases and its fingerprints ask for the same ones
def gram_hashes(folded: str) -> Hashes:
    """48-bit hash of every K-gram; a text shorter than K is one gram, padded with zeros.

    Not to be written to: the next caller may get the same array.
    """
    if not folded:
        return np.zeros(0, dtype=np.uint64)
    codes = gram_codes(folded.ljust(K, "\0"), K)
    codes ^= codes >> _HALF
    codes *= _MIX
    codes ^= codes >> _HALF
    codes *= _MIX
    hashes: Hashes = codes >> _SHIFT
    hashes.flags.writeable = False
    return hashes


def _window_minima(hashes: Hashes) -> Hashes:
    """Minimum of every window of W hashes (of all of them if fewer), by doubling: W = 2⁴.

    Which of two equal minima a window takes does not matter: as numbers they are the same.
    """
    if hashes.size < W:
        return np.asarray([hashes.min()], dtype=np.uint64)
    minima, width = hashes, 1
    while width < W:
        minima = np.minimum(minima[:-width], minima[width:])
        width *= 2
    return minima


def fingerprint(folded: str) -> tuple[int, ...]:
    """Winnowed 48-bit hashes of folded text, sorted and unique; () only for empty text."""
    hashes = gram_hashes(folded)
    if hashes.size == 0:
        return ()
    minima = _window_minima(hashes)
    fresh = minima[1:][minima[1:] != minima[:-1]]  # neighbouring windows mostly share theirs
    return tuple(sorted({int(minima[0]), *fresh.tolist()}))


def exact_digest(folded: str) -> str:
    """128-bit BLAKE2b of folded text as 32 hex digits; "" for empty text.

    Two empty extractions say nothing about their files: never compare "".
    """
    if not folded:
        return ""
    return blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def cover(folded: str, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Which characters of ``folded`` lie in a K-gram whose hash is in ``hashes`` (sorted).

    Shape (len(folded),). Short text is one gram and is covered wholly or not at all.
    """
    if not folded or not hashes.size:
        return np.zeros(len(folded), dtype=np.bool_)
    return covered(len(folded), np.flatnonzero(_members(gram_hashes(folded), hashes)))


def stock_cover(folded: str) -> npt.NDArray[np.bool_]:
    """Which characters of ``folded`` stand in our set phrases; shape (len(folded),).

    The same as ``cover`` with ``stock_hashes``, in a quarter of the time.
    """
    return covered(len(folded), stock_starts(folded))


def stock_starts(folded: str) -> npt.NDArray[np.intp]:
    """Where in ``folded`` a K-gram of our set phrases begins, ascending.

    A table over the first 16 bits of a hash leaves few to look up.
    """
    hashes = gram_hashes(folded)
    maybe = _stock_table().take((hashes >> _HALF).view(np.intp)).nonzero()[0]
    known = stock_hashes()
    pairs = zip(maybe.tolist(), hashes[maybe].tolist(), strict=True)
    return np.asarray([p for p, h in pairs if h in known], dtype=np.intp)


def covered(length: int, starts: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Which of ``length`` characters the K-grams that begin at ``starts`` (unique) cover."""
    marks: npt.NDArray[Any] = np.zeros(length + 1, dtype=np.int32)
    marks[starts] += 1  # each place stands once in either list
    marks[np.minimum(starts + K, length)] -= 1
    return np.cumsum(marks[:-1]) > 0


def _members(values: Hashes, hashes: Hashes) -> npt.NDArray[np.bool_]:
    places = np.minimum(np.searchsorted(hashes, values), hashes.size - 1)
    return np.asarray(hashes[places] == values)


@cache
def stock_hashes() -> frozenset[int]:
    """Hashes of every K-gram inside our list of set phrases: language, not evidence of copying.

    They stand in for the frequencies that a young index does not have yet.
    """
    lines = (files("nlp") / "data" / "stock_phrases.txt").read_text("utf-8").splitlines()
    phrases = (fold(line).text for line in lines if line and not line.startswith("#"))
    return frozenset(h for p in phrases if len(p) >= K for h in gram_hashes(p).tolist())


@cache
def _stock_table() -> npt.NDArray[np.bool_]:
    table = np.zeros(1 << (BITS - 32), dtype=np.bool_)
    table[[h >> 32 for h in stock_hashes()]] = True
    return table
