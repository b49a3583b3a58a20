"""Words written wrongly, from a short list: only forms that are never right in official prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from nlp.spans import Span, Spans, within
from nlp.types import Flag


@cache
def misspellings() -> dict[str, tuple[str, str]]:
    """Wrong form → (right form, a phrase in which the same signs are right or "")."""
    lines = (files("nlp") / "data" / "misspellings.txt").read_text("utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {wrong: (right, "".join(phrase)) for wrong, right, *phrase in rows}


def word_flags(text: str, judged: Spans) -> tuple[Flag, ...]:
    """Flag "misspelling" with the first wrong word and its right form."""
    places = within(_places(text), judged)
    if not places:
        return ()
    start, end = places[0]
    word = text[start:end]
    message = f"疑似错别字{len(places)}处：“{word}”应为“{misspellings()[word][0]}”"
    return (Flag("misspelling", "warn", message, start, end, len(places)),)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, misspellings())))


def _places(text: str) -> Iterator[Span]:
    """Where wrong forms stand outside the phrase in which the same signs are right."""
    for match in _pattern().finditer(text):
        phrase = misspellings()[match[0]][1]
        lead = phrase.find(match[0])
        if not phrase or not text.startswith(phrase, max(0, match.start() - lead)):
            yield match.span()
