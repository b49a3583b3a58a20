"""Words: rjieba with the field's dictionary; jieba itself as the reference and the fallback.

Both run without the hidden Markov model: on this field it only invents words (F1 on the People's
Daily corpus 0.826 without, 0.803 with). Frequencies are always passed explicitly, so the two
engines cut Han text alike. jieba's cache in the shared temporary directory is never written or
read: its dictionary is built in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from itertools import accumulate, filterfalse
from pathlib import Path
from typing import Literal, Protocol

Engine = Literal["rjieba", "jieba"]

_TAG = re.compile("[a-zA-Z]+")

DEFAULT_FREQUENCY = 1000
"""Of a dictionary line without one: enough to win over the product of its common parts."""


class DictionaryError(ValueError):
    """A dictionary file has a line that cannot be read; the message names file and line."""


class _Cutter(Protocol):
    name: Engine

    def add_word(self, word: str, freq: int, /) -> object:
        """Make a word known."""

    def cut(self, text: str, /) -> list[str]:
        """Cut a text; joined, the pieces give the text back."""


class _Rust:
    name: Engine = "rjieba"

    def __init__(self) -> None:
        from rjieba.rjieba import Jieba

        self._engine = Jieba()

    def add_word(self, word: str, freq: int, /) -> None:
        self._engine.add_word(word, freq, None)

    def cut(self, text: str, /) -> list[str]:
        words: list[str] = self._engine.cut(text, hmm=False)
        return words


class _Reference:
    name: Engine = "jieba"

    def __init__(self) -> None:
        import logging

        import jieba

        jieba.setLogLevel(logging.ERROR)
        self._engine = jieba.Tokenizer()
        # What initialize() does, without its log lines and its cache file.
        engine = self._engine
        engine.FREQ, engine.total = engine.gen_pfdict(engine.get_dict_file())
        engine.initialized = True

    def add_word(self, word: str, freq: int, /) -> None:
        # jieba adds the new frequency to its total and leaves the old one in it, rjieba does not;
        # near-ties elsewhere in a text would fall differently.
        self._engine.total -= self._engine.FREQ.get(word, 0)
        self._engine.add_word(word, freq)

    def cut(self, text: str, /) -> list[str]:
        words: list[str] = self._engine.lcut(text, HMM=False)
        return words


class Segmenter:
    """Cuts text into words; safe to share within a process, cheap to call.

    The text should be in Simplified script (``nlp.text.to_simplified`` keeps offsets).
    """

    def __init__(self, dictionary: Path | None = None, engine: Engine | None = None) -> None:
        """Load the shipped dictionary and, over it, the office's own file.

        ``engine`` None takes rjieba, or jieba where rjieba is not installed.
        Raises DictionaryError for a bad line, OSError for a file that cannot be read.
        """
        self._cutter = _cutter(engine)
        self.engine = self._cutter.name
        self._silent = _marks() | stop_words()
        entries = _entries(_shipped("dictionary.txt"), "dictionary.txt")
        for word, frequency in entries:
            self._cutter.add_word(word, frequency)
        if dictionary is not None:
            own = _entries(dictionary.read_text(encoding="utf-8-sig"), dictionary.name)
            for word, frequency in own:
                self._cutter.add_word(word, frequency)

    def tokens(self, text: str) -> list[str]:
        """Every token, punctuation and spaces included: joined they give ``text`` back."""
        return self._cutter.cut(text)

    def words(self, text: str) -> list[str]:
        """The words of a text without punctuation, spaces and stop words, in order."""
        return list(filterfalse(self._silent.__contains__, self._cutter.cut(text)))

    def spans(self, text: str) -> list[tuple[str, int, int]]:
        """``words`` with the half-open range of each in ``text``."""
        silent = self._silent
        tokens = self._cutter.cut(text)
        ends = accumulate(map(len, tokens))
        return [
            (word, end - len(word), end)
            for word, end in zip(tokens, ends, strict=True)
            if word not in silent
        ]


@cache
def _marks() -> frozenset[str]:
    """Punctuation, symbols, spaces and control characters: both engines cut them one by one."""
    blocks = (range(0x3100), range(0xFE00, 0x10000))
    return frozenset(mark for block in blocks for mark in map(chr, block) if not mark.isalnum()) | {
        "\r\n"
    }


@cache
def segmenter(dictionary: Path | None = None) -> Segmenter:
    """The segmenter of this process for a dictionary: loaded once, 0.2 s."""
    return Segmenter(dictionary)


@cache
def stop_words() -> frozenset[str]:
    """Words that carry no meaning of their own, as shipped."""
    lines = _lines(_shipped("stopwords.txt"))
    return frozenset(word for _, line in lines for word in line.split())


@cache
def field_terms() -> tuple[str, ...]:
    """The terms of the shipped dictionary, in its order."""
    return tuple(word for word, _ in _entries(_shipped("dictionary.txt"), "dictionary.txt"))


def _cutter(engine: Engine | None) -> _Cutter:
    if engine == "jieba":
        return _Reference()
    try:
        return _Rust()
    except ImportError:
        if engine == "rjieba":
            raise
        return _Reference()


def _shipped(name: str) -> str:
    return resources.files("nlp").joinpath("data", name).read_text(encoding="utf-8")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines that are neither empty nor comments."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line and not line.startswith("#"):
            yield number, line


def _entries(text: str, name: str) -> Iterable[tuple[str, int]]:
    """(word, frequency) of a dictionary in jieba's format: "词 [词频 [词性]]"."""
    for number, line in _lines(text):
        word, *rest = line.split()
        frequency = rest[0] if rest and not _TAG.fullmatch(rest[0]) else str(DEFAULT_FREQUENCY)
        if len(rest) > 2 or not frequency.isdecimal():
            raise DictionaryError(f"词典{name}第{number}行读不懂，应为“词 词频”：{line[:40]}")
        yield word, int(frequency)
