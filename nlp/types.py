"""The types that travel: Word file → Reading → Draft → Findings → rows.

All are frozen slotted dataclasses of plain values, so they can be pickled, compared and turned
into JSON, and the same input gives the same records in any process on any machine.

Offsets are character offsets (code points) into ``Draft.text``; every range is half-open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Layer = Literal["body", "table", "textbox", "footnote", "endnote", "comment", "header", "footer"]
Role = Literal[
    "title",  # 标题
    "subtitle",  # 副标题（——…）
    "byline",  # 报送单位、作者、信息员、签发人、电话 lines at head or tail
    "heading",  # 一、 （一） 1. and run-in headings that stand alone
    "body",
    "table",
    "signature",  # 落款：单位
    "date",  # 成文日期
    "attachment",  # 附件：… and everything that follows it
    "note",  # footnotes, endnotes
    "margin",  # headers, footers, comments
    "furniture",  # website boilerplate, editors' lines, tables of contents, link lists
]
CONTENT_ROLES: frozenset[str] = frozenset({"heading", "body", "table"})
"""Roles whose text is judged (themes, reuse) and counted (字数)."""

Severity = Literal["info", "warn", "error"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a reader of the file should know: nothing is dropped silently."""

    code: str  # stable, snake_case: "tracked_changes", "pictures", …
    message: str  # one clause in Chinese for people: "含图片3张"
    count: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, table row, heading or note of a file, in reading order."""

    layer: Layer
    label: str  # the list number that Word shows: "一、" "（一）" "1." "①"; "" if none
    text: str  # final view; the cells of a table row joined by "\t"
    style: str = ""  # style name as the file has it, "" if none
    level: int = 0  # outline level 1–9 from the paragraph or its style; 0 = body text
    align: str = ""  # "left" "center" "right" "both"; "" if not stated
    size: float = 0.0  # font size of most of the text in points; 0 = unknown
    bold: bool = False  # most of the text is bold


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one file, whatever its format."""

    format: str  # "docx" "doc" "wps" "rtf" "odt" "pdf" "ofd" "txt" "md"
    blocks: tuple[Block, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file could not be read; ``reason`` is a code of the closed list ``word.reasons``."""

    reason: str
    detail: str = ""  # for the log and the database, not for the user's sentence


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of a draft with the part it plays in it; ``line`` is what a person sees."""

    role: Role
    label: str
    text: str
    level: int = 0  # heading depth: 1 一、 2 （一） 3 1. 4 （1）; 0 = not a heading

    @property
    def line(self) -> str:
        """Label and text as Word shows them."""
        return self.label + self.text


class _Lines:
    """Where a draft keeps what its lines give, once asked for; no part of its value or pickle."""

    __slots__ = ("_ranges", "_spans", "_text")
    _ranges: dict[frozenset[str], tuple[tuple[int, int], ...]]
    _spans: list[tuple[int, int]]
    _text: str


@dataclass(frozen=True, slots=True)
class Draft(_Lines):
    """稿件: one piece to be judged. A manuscript holds one or several."""

    position: int  # 1-based within its manuscript
    title: str
    paragraphs: tuple[Paragraph, ...]
    subtitle: str = ""
    unit: str = ""  # unit as the text itself says it (signature, by-line), "" if none
    author: str = ""  # 作者/信息员/供稿
    signer: str = ""  # 签发/审核
    phone: str = ""
    dated: str = ""  # date line as ISO date "2026-09-30", "2026-09" if no day; "" if none
    attachments: tuple[str, ...] = ()  # names of attachments
    characters: int = 0  # 字数 of title-less body as Word counts
    notices: tuple[Notice, ...] = ()  # of the file and of the text

    @property
    def text(self) -> str:
        """All lines joined by newlines: the text that every offset refers to."""
        try:
            return self._text
        except AttributeError:
            text = "\n".join([p.label + p.text for p in self.paragraphs])
            object.__setattr__(self, "_text", text)
            return text

    def ranges(self, roles: frozenset[str] = CONTENT_ROLES) -> tuple[tuple[int, int], ...]:
        """Half-open ranges in ``text`` of the paragraphs with one of these roles."""
        try:
            known = self._ranges
        except AttributeError:
            known = {}
            object.__setattr__(self, "_ranges", known)
        if roles not in known:
            pairs = zip(self.paragraphs, self._all_spans(), strict=True)
            known[roles] = tuple([s for p, s in pairs if p.role in roles and s[0] < s[1]])
        return known[roles]

    def _all_spans(self) -> list[tuple[int, int]]:
        """Half-open range in ``text`` of each paragraph."""
        try:
            return self._spans
        except AttributeError:
            spans: list[tuple[int, int]] = []
            start = 0
            for paragraph in self.paragraphs:
                end = start + len(paragraph.label) + len(paragraph.text)
                spans.append((start, end))
                start = end + 1
            object.__setattr__(self, "_spans", spans)
            return spans


@dataclass(frozen=True, slots=True)
class Term:
    """A word that carried a decision, and where it first stands in ``Draft.text``."""

    text: str
    start: int
    end: int
    weight: float  # contribution to the score, larger = more


@dataclass(frozen=True, slots=True)
class Theme:
    """主题: an aspect code of the taxonomy with its probability and the terms behind it."""

    code: str  # "A1" … "E4"
    probability: float
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Genre:
    """体裁 with its probability and the cues that led to it."""

    code: str  # "动态" "经验" "问题" "建议" "调研报告" "讲话" "通知" "评论" "信访"
    probability: float
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """标记: something an editor should look at, with its place and, for a limit, its figures."""

    kind: str  # snake_case: "over_hard", "placeholder", …
    severity: Severity
    message: str  # one Chinese clause with count and limit where they apply
    start: int = 0
    end: int = 0
    count: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Findings:
    """All that the text functions say of one draft. Pure: same draft, same model, same findings."""

    themes: tuple[Theme, ...]  # primary first, then up to two secondary; () = 无法判断
    nearest: tuple[Theme, ...]  # the best three whatever their probability, for the doubtful
    category: str  # "A" … "E" where the category is sure, else ""
    category_probability: float
    genre: Genre
    keywords: tuple[str, ...]
    flags: tuple[Flag, ...]
    exact: str  # hex digest of the folded content; equal = the same text. "" if no content
    fingerprints: tuple[int, ...] = field(repr=False)  # winnowed, sorted, unique, 48 bits each
    model: str = ""  # version of the theme model that spoke
    focus: tuple[Theme, ...] = ()  # topics that the office wants; ``code`` is the topic's name
