"""What the theme model looks at: weighted words, pairs of characters and lexicon terms.

Only the title and the content of a draft are evidence. Signature, by-line, attachments and the
names of places and sending units in a title are not: who sent a draft must not decide its theme.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from nlp.lexicon import Lexicon
from nlp.pairs import Pairs, count_pairs
from nlp.segment import Segmenter
from nlp.text import Folded, fold, to_simplified
from nlp.types import CONTENT_ROLES, Draft

TITLE_WEIGHT = 3
HEADING_WEIGHT = 2

_TITLE: frozenset[str] = frozenset({"title", "subtitle"})
_LONGEST_HEADING = 40
# A place with its rank at the head of a title; 社区, 小区, 园区 … are themes, not ranks.
_PLACE = re.compile(
    r"^[\u4e00-\u9fff]{2,9}?"
    r"(?:省|市|自治区|自治州|自治县|(?<![社小园城片校景厂商灾山牧林老新])区|县|旗|盟|镇|乡|街道)"
)
_LONE = re.compile("[\ud800-\udfff]")
_OFFICE = re.compile(r"^(?:党委|工委|委)?(?:组织部|老干部局|办公室)")


@dataclass(frozen=True, slots=True)
class Cut:
    """How often each word stands in a part of a draft: cut and counted once, shared by all.

    Words are in order of appearance. Not to be written to.
    """

    title: Counter[str]
    headings: Counter[str]
    body: Counter[str]

    @property
    def content(self) -> Counter[str]:
        """Words of headings and body: what keywords are taken from."""
        total = Counter({**self.headings, **self.body})
        for word, times in self.headings.items():
            total[word] = times + self.body[word]
        return total


@dataclass(frozen=True, slots=True)
class WeightedWords:
    """Evidence of one draft: counts, those of the title and of headings weighing more."""

    words: Mapping[str, int]
    pairs: Pairs
    terms: Mapping[str, int]  # of the lexicon, in title and content
    title_words: Mapping[str, int]  # of the title alone, as are the next two
    title_pairs: Pairs
    title_terms: Mapping[str, int]
    size: int  # characters of folded content and title
    content: Folded = field(repr=False)
    title: Folded = field(repr=False)  # offsets into Draft.text; none if the title is not in it


def mask_sender(title: str, unit: str = "") -> str:
    """A title without the places, the sending unit or the office that it opens with."""
    if unit:
        title = title.replace(unit, "")
    for _ in range(3):  # 省、市、县
        title = _PLACE.sub("", title)
    return _OFFICE.sub("", title)


def cut(draft: Draft, segmenter: Segmenter) -> Cut:
    """Cut a draft into words, Traditional script read as Simplified, each part once."""
    headings: list[str] = []
    body: list[str] = []
    for paragraph in draft.paragraphs:
        if paragraph.role in CONTENT_ROLES:
            short = paragraph.role == "heading" and len(paragraph.text) <= _LONGEST_HEADING
            (headings if short else body).append(paragraph.text)
    title = _join([mask_sender(draft.title, draft.unit), draft.subtitle])
    return Cut(
        *(Counter(_words(text, segmenter)) for text in (title, _join(headings), _join(body)))
    )


def _join(lines: list[str]) -> str:
    return "\n".join(lines)


def _words(text: str, segmenter: Segmenter) -> list[str]:
    # A lone surrogate is no character, and the engine behind the segmenter takes none.
    try:
        return segmenter.words(to_simplified(text))
    except UnicodeError:
        return segmenter.words(to_simplified(_LONE.sub("\ufffd", text)))


def gather(draft: Draft, words: Cut, content: Folded, lexicon: Lexicon) -> WeightedWords:
    """Evidence from a draft, its words and its folded content.

    ``content`` is ``fold(draft.text, draft.ranges())``.
    """
    title = fold(draft.text, draft.ranges(_TITLE))
    heading = mask_sender(title.text or fold(draft.title).text, draft.unit)
    pairs = count_pairs(content.text, heading, TITLE_WEIGHT)
    terms = lexicon.count(content.text, pairs, heading, TITLE_WEIGHT)
    title_terms = {term: times for term in terms if (times := heading.count(term))}
    counts = _added(words.body, words.headings, HEADING_WEIGHT)
    counts = _added(counts, words.title, TITLE_WEIGHT)
    size = len(content.text) + len(heading)
    return WeightedWords(
        words=counts,
        pairs=pairs,
        terms=terms,
        title_words=words.title,
        title_pairs=count_pairs(heading),
        title_terms=title_terms,
        size=size,
        content=content,
        title=title,
    )


def _added(counts: Counter[str], more: Counter[str], weight: int) -> Counter[str]:
    total = counts.copy()
    for word, times in more.items():
        total[word] += weight * times
    return total
