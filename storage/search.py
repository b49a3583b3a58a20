"""Search in titles and texts: an index over two-character pieces, so that no word is too short.

A run of Chinese characters is indexed as its overlapping pairs and its last character; other
letters and digits as whole words. A query of two characters is then one look-up, a longer one
asks for all of its pairs. They must stand in the draft, not necessarily side by side; in a running
text pairs that overlap hardly ever meet otherwise. Words of a query must all be found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from storage.driver import sqlite3

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff〇"
_RUNS: Final = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_COMPATIBLE: Final = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f\u2e80-\u2fdf]")
_CHUNK: Final = 500
MOST_TERMS: Final = 64
"""Pieces of a query; what is typed beyond them is not asked for."""


def grams(text: str) -> set[str]:
    """The pieces under which a text is found."""
    found: set[str] = set()
    for run in _runs(text):
        if _is_han(run):
            found.update(map(str.__add__, run, run[1:]))
            found.add(run[-1])
        else:
            found.add(run)
    return found


def match_expression(words: str) -> str:
    """The FTS5 query for what a person typed; "" if there is nothing to look for."""
    terms: dict[str, None] = {}
    for run in _runs(words):
        if not _is_han(run) or len(run) == 1:
            terms[f'"{run}"*'] = None
        else:
            terms.update((f'"{a}{b}"', None) for a, b in pairwise(run))
    return " AND ".join(list(terms)[:MOST_TERMS])


def index_texts(conn: sqlite3.Connection, texts: Iterable[tuple[int, str, str]]) -> None:
    """Take (draft id, title, text) into the index, inside the caller's transaction."""
    conn.executemany(
        "INSERT INTO _search (rowid, grams) VALUES (?, ?)",
        ((id_, " ".join(grams(f"{title}\n{text}"))) for id_, title, text in texts),
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
