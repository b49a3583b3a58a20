"""All that the text functions say of drafts, in one pass: words are cut once and shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.evidence import cut, gather
from nlp.fingerprints import exact_digest, fingerprint
from nlp.genre import guess_genre
from nlp.keywords import keywords
from nlp.length import LengthRules, check_length
from nlp.quality import check_quality
from nlp.segment import Segmenter, segmenter
from nlp.text import fold
from nlp.themes import ThemeModel, Verdict
from nlp.types import Draft, Findings


@dataclass(frozen=True, slots=True)
class Analyst:
    """The parts that judge a draft. Pure: same draft, same parts, same findings."""

    model: ThemeModel = field(default_factory=ThemeModel.load)
    segmenter: Segmenter = field(default_factory=segmenter)
    length_rules: LengthRules = field(default_factory=LengthRules)

    def analyse(self, drafts: Sequence[Draft]) -> list[Findings]:
        """Findings of each draft, in order; no draft is too odd to have some."""
        words = [cut(draft, self.segmenter) for draft in drafts]
        contents = [fold(draft.text, draft.ranges()) for draft in drafts]
        triples = zip(drafts, words, contents, strict=True)
        evidence = [gather(*triple, self.model.lexicon) for triple in triples]
        verdicts = self.model.predict(evidence)
        return [
            self._findings(draft, w.content, content.text, verdict)
            for draft, w, content, verdict in zip(drafts, words, contents, verdicts, strict=True)
        ]

    def _findings(
        self, draft: Draft, words: tuple[str, ...], folded: str, verdict: Verdict
    ) -> Findings:
        genre = guess_genre(draft)
        length = check_length(draft, genre.code, self.length_rules)
        return Findings(
            themes=verdict.themes,
            nearest=verdict.nearest,
            category=verdict.category,
            category_probability=verdict.category_probability,
            genre=genre,
            keywords=keywords(words),
            flags=(*length, *check_quality(draft)),
            exact=exact_digest(folded),
            fingerprints=fingerprint(folded),
            model=self.model.version,
        )
