"""How much a sentence of a draft matters, for the proposed cut.

Importance adds up position (the lead, the first sentence of a paragraph), nearness to the title
and to the whole (centroid of pairs of characters, as good as TextRank and linear), theme terms,
figures and names in marks, less set phrases and words that only judge or promise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp.fingerprints import gram_codes, stock_cover
from nlp.spans import Span
from nlp.text import fold

Array = npt.NDArray[np.float64]

STOCK_SHARE = 0.6
"""A sentence with so much set phrase goes first."""
_BUCKETS = 1024  # of pairs of characters; a draft has some hundred different ones
_SHORTEST_REPEATED = 12  # folded characters
_PLAN = re.compile("下一步|今后|下步|接下来|将继续|将进一步|将持续")
_HOLLOW = re.compile(
    "切实|扎实|不断|进一步|充分|着力|持续|全面|深入|狠抓|夯实|凝聚|营造|浓厚|有力|显著|大力|始终"
    "|高度重视|提供坚强|坚强保证|新篇章|新征程|高质量发展|落地见效|落到实处|强大合力|责任担当"
)
_OPINION = re.compile(
    "会议(?:强调|指出|要求|认为)|实践证明|纷纷(?:表示|称赞|点赞)|(?:感慨|激动|高兴)地说|充分体现"
    "|展现了|赢得了|一致好评|有益借鉴|有益探索|重大意义|意义重大|责任重大|重要作用|生动实践"
)
_FIGURE = re.compile(
    r"\d[\d.,%万亿]*|[二三四五六七八九十百千][十百千万余多]{0,3}[名人位户家次场件份天年元亩]"
)
_NAMED = re.compile("“[^“”]{2,20}”|《[^《》]{2,30}》|作出批示|批示精神|批示要求")


@dataclass(frozen=True, slots=True)
class Worth:
    """What a sentence is worth: ``score`` to be kept, ``reason`` to drop it before others.

    ``remark`` says why it may go if it comes to that.
    """

    score: float
    reason: str  # "" unless it goes early
    remark: str


def worth(
    text: str,
    title: str,
    sentences: Sequence[Span],
    *,
    firsts: Sequence[bool],
    terms: Collection[str],
) -> list[Worth]:
    """The worth of each of ``sentences``, ascending ranges of ``text``.

    ``firsts`` tells which begin a paragraph; the sentences before the second are the lead.
    """
    if not sentences:
        return []
    folded = fold(text)
    edges = np.searchsorted(folded.offsets, np.asarray(sentences))
    stock = np.concatenate(([0], np.cumsum(stock_cover(folded.text))))
    near_all, near_title = _nearness(fold(title).text, folded.text, edges)
    paragraphs = np.cumsum(firsts)
    seen: set[str] = set()
    found = []
    for n, (start, end) in enumerate(sentences):
        a, b = int(edges[n][0]), int(edges[n][1])
        line, words = text[start:end], folded.text[a:b]
        share = float(stock[b] - stock[a]) / max(1, b - a)
        facts, hollow = _facts(line), _hollowness(line)
        reason = _early(share, facts, hollow, again=words in seen and b - a >= _SHORTEST_REPEATED)
        seen.add(words)
        place = 0.5 * firsts[n] + 0.4 * (paragraphs[n] == paragraphs[0])
        score = (
            place
            + 0.4 * near_all[n]
            + 0.5 * near_title[n]
            + 0.8 * facts
            + 0.4 * min(1.0, sum(term in line for term in terms) / 3)
            - 0.8 * share
            - 0.5 * hollow
            - 0.3 * bool(_PLAN.search(line))
        )
        found.append(Worth(float(score), reason, reason or _remark(line, facts)))
    return found


def _early(stock: float, facts: float, hollow: float, *, again: bool) -> str:
    if again:
        return "与前文重复"
    if stock >= STOCK_SHARE:
        return "套话"
    return "评价和表态，没有具体事实" if not facts and hollow >= 0.5 else ""


def _remark(line: str, facts: float) -> str:
    if _PLAN.search(line):
        return "下一步打算"
    return "细节，离主题较远" if facts else "没有数字和具体事实"


def _facts(line: str) -> float:
    """0 to 1: figures, names in marks, instructions of leaders; three say as much as ten."""
    figures = sum(1 for _ in _FIGURE.finditer(line))
    names = sum(1 for _ in _NAMED.finditer(line))
    return min(1.0, (figures + 0.7 * names) / 3)


def _hollowness(line: str) -> float:
    """0 to 1: words that only judge or promise, by the length of the sentence."""
    hollow = sum(1 for _ in _HOLLOW.finditer(line)) + 3 * sum(1 for _ in _OPINION.finditer(line))
    return min(1.0, 12 * hollow / max(12, len(line)))


def _nearness(title: str, folded: str, edges: npt.NDArray[np.intp]) -> tuple[Array, Array]:
    """Cosine of each sentence to all of them together and to the title, both scaled to 0–1."""
    counts = np.zeros((len(edges), _BUCKETS))
    codes = (gram_codes(folded, 2) % np.uint64(_BUCKETS)).astype(np.intp)
    for row, (a, b) in enumerate(edges.tolist()):
        counts[row] = np.bincount(codes[a : max(a, b - 1)], minlength=_BUCKETS)
    counts = np.sqrt(counts)
    codes = (gram_codes(title, 2) % np.uint64(_BUCKETS)).astype(np.intp)
    return _scaled(counts, counts.sum(axis=0)), _scaled(
        counts, np.bincount(codes, minlength=_BUCKETS).astype(np.float64)
    )


def _scaled(rows: Array, target: Array) -> Array:
    norms = np.linalg.norm(rows, axis=1) * np.linalg.norm(target)
    cosines = np.divide(rows @ target, norms, out=np.zeros(len(rows)), where=norms > 0)
    return np.asarray(cosines / max(float(cosines.max(initial=0.0)), 1e-9))
