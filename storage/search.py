"""Search in titles and texts: an index over two-character pieces, so that no word is too short.

A run of Chinese characters is indexed as its overlapping pairs and its last character; other
letters and digits as whole words. A query of two characters is then one look-up, a longer one
asks for all of its pairs; whether they stand there in its order is for the text to say
(:func:`holds`). Words of a query must all be found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from storage.driver import sqlite3

_HAN_RANGES: Final = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x3FFFF))
_HAN: Final = "".join(f"{chr(first)}-{chr(last)}" for first, last in _HAN_RANGES)
_RUNS: Final = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_WORDS: Final = re.compile(f"[^\\W_{_HAN}]+")
_COMPATIBLE: Final = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f\u2e80-\u2fdf]")
_STRETCHES: Final = re.compile(r"[^\W_]+")
_BLANKS: Final = str.maketrans("", "", " \t\u00a0\u3000")
_CHUNK: Final = 500
MOST_TERMS: Final = 64
"""Pieces of a query; what is typed beyond them is not asked for."""


def index_line(text: str) -> str:
    """The pieces under which a text is found, each once, parted by spaces.

    Worked out over the array of its code points: by strings it was a third of a commit.
    """
    if _COMPATIBLE.search(text):
        text = unicodedata.normalize("NFKC", text)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    han = _han(codes)
    follows = np.append(han[1:], np.False_) if len(han) else han
    pairs, last = np.flatnonzero(han & follows), np.flatnonzero(han & ~follows)
    both = _distinct(codes[pairs].astype(np.uint64) << np.uint64(32) | codes[pairs + 1])
    line = _spaced(both >> np.uint64(32), both & np.uint64(0xFFFFFFFF))
    line += _spaced(_distinct(codes[last]))
    words = {piece for word in set(_WORDS.findall(text)) for piece in _pieces_of(word)}
    return line + " ".join(words)


def _han(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Where ``_HAN`` matches."""
    found = np.zeros(len(codes), dtype=np.bool_)
    for first, last in _HAN_RANGES:
        found |= (codes >= first) & (codes <= last)
    return found


def _distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Each value once, ascending; ``np.unique`` goes by a hash table, ten times slower here."""
    values = np.sort(values)
    first = np.append(np.True_, values[1:] != values[:-1])[: len(values)]
    return np.compress(first, values)


def _spaced(*columns: npt.NDArray[Any]) -> str:
    """The characters of each row of code points, each row followed by a space."""
    rows = np.full((len(columns[0]), len(columns) + 1), ord(" "), dtype="<u4")
    for place, column in enumerate(columns):
        rows[:, place] = column
    return rows.tobytes().decode("utf-32-le")


def _pieces_of(word: str) -> Iterator[str]:
    """A word of other letters in its plain form, which may hold Chinese characters (㆒ is 一)."""
    for run in _RUNS.findall(unicodedata.normalize("NFKC", word).lower()):
        if _is_han(run):
            yield from map(str.__add__, run, run[1:])
            yield run[-1]
        else:
            yield run


def match_expression(words: str) -> str:
    """The FTS5 query for what a person typed; "" if there is nothing to look for."""
    terms: dict[str, None] = {}
    for run in _runs(words):
        if not _is_han(run) or len(run) == 1:
            terms[f'"{run}"*'] = None
        else:
            terms.update((f'"{a}{b}"', None) for a, b in pairwise(run))
    return " AND ".join(list(terms)[:MOST_TERMS])


def phrases(words: str) -> list[str]:
    """The stretches of a query whose order the index cannot tell, in their plain form.

    Three or more Chinese characters, or Chinese characters beside letters or digits (2026年).
    """
    found = _STRETCHES.findall(_plain(words, blanks=True))
    runs = ((stretch, _RUNS.findall(stretch)) for stretch in found)
    return [
        stretch
        for stretch, parts in runs
        if len(parts) > 1 or (parts and _is_han(stretch) and len(stretch) > 2)
    ]


def holds(text: str, asked: Iterable[str]) -> bool:
    """Whether all of these :func:`phrases` stand in a text; blanks within it do not part them."""
    missing = [stretch for stretch in asked if stretch not in text]
    if not missing:
        return True
    plain = _plain(text, blanks=False)
    return all(stretch in plain for stretch in missing)


def _plain(text: str, *, blanks: bool) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()
    return plain if blanks else plain.translate(_BLANKS)


def index_texts(conn: sqlite3.Connection, texts: Iterable[tuple[int, str, str]]) -> None:
    """Take (draft id, title, text) into the index, inside the caller's transaction."""
    conn.executemany(
        "INSERT INTO _search (rowid, grams) VALUES (?, ?)",
        ((id_, index_line(f"{title}\n{text}")) for id_, title, text in texts),
    )


def unindex_texts(conn: sqlite3.Connection, texts: Iterable[tuple[int, str, str]]) -> None:
    """Take (draft id, title, text) out again; they must be what was taken in."""
    conn.executemany(
        "INSERT INTO _search (_search, rowid, grams) VALUES ('delete', ?, ?)",
        ((id_, index_line(f"{title}\n{text}")) for id_, title, text in texts),
    )


def index_stored(conn: sqlite3.Connection) -> None:
    """Take all stored drafts into an index that is still empty."""
    last = 0
    sql = (
        "SELECT draft.id, draft.title, text FROM draft JOIN _draft_text ON draft_id = draft.id"
        " WHERE draft.id > ? ORDER BY draft.id LIMIT ?"
    )
    while rows := conn.execute(sql, (last, _CHUNK)).fetchall():
        index_texts(conn, rows)
        last = rows[-1][0]


def _runs(text: str) -> Iterator[str]:
    """Runs of Chinese characters, and words of other letters and digits in their plain form.

    Only the latter are normalised (NFKC) unless the text holds compatibility ideographs: over
    whole texts that alone would cost as much as all the rest.
    """
    if _COMPATIBLE.search(text):
        text = unicodedata.normalize("NFKC", text)
    for run in _RUNS.findall(text):
        if _is_han(run):
            yield run
        else:
            yield from _RUNS.findall(unicodedata.normalize("NFKC", run).lower())


def _is_han(run: str) -> bool:
    first = run[0]
    return "\u3400" <= first <= "\u9fff" or first == "〇" or "\U00020000" <= first <= "\U0003ffff"
