"""All that the text functions say of drafts, in one pass: words are cut once and shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from nlp.evidence import Cut, WeightedWords, cut, gather
from nlp.fingerprints import exact_digest, fingerprint
from nlp.focus import Matcher
from nlp.form import FormRules, check_form
from nlp.genre import guess_genre
from nlp.keywords import keywords
from nlp.length import LengthRules, check_length
from nlp.segment import Segmenter, segmenter
from nlp.text import Folded, fold
from nlp.themes import ThemeModel, Verdict
from nlp.types import Draft, Findings


@dataclass(frozen=True, slots=True)
class Analyst:
    """The parts that judge a draft. Pure: same draft, same parts, same findings."""

    model: ThemeModel = field(default_factory=ThemeModel.load)
    segmenter: Segmenter = field(default_factory=segmenter)
    length_rules: LengthRules = field(default_factory=LengthRules)
    form_rules: FormRules = field(default_factory=FormRules)
    focus: Matcher | None = None

    def analyse(self, drafts: Sequence[Draft], received: Sequence[str] = ()) -> list[Findings]:
        """Findings of each draft, in order; no draft is too odd to have some.

        ``received`` holds for each draft the ISO date on which it came in, "" if not known;
        () = known of none.
        """
        came = received or [""] * len(drafts)
        words = [cut(draft, self.segmenter) for draft in drafts]
        contents = [fold(draft.text, draft.ranges()) for draft in drafts]
        evidence = self._evidence(drafts, words, contents)
        verdicts = self.model.predict(evidence)
        return [
            replace(
                self._findings(draft, w.content, content, verdict, day),
                focus=self.focus.match(seen, day) if self.focus else (),
            )
            for draft, w, content, verdict, day, seen in zip(
                drafts, words, contents, verdicts, came, evidence, strict=True
            )
        ]

    def evidence(self, drafts: Sequence[Draft]) -> list[WeightedWords]:
        """What themes and topics are judged on: for drafts that were analysed before."""
        words = [cut(draft, self.segmenter) for draft in drafts]
        contents = [fold(draft.text, draft.ranges()) for draft in drafts]
        return self._evidence(drafts, words, contents)

    def _evidence(
        self, drafts: Sequence[Draft], words: Sequence[Cut], contents: Sequence[Folded]
    ) -> list[WeightedWords]:
        triples = zip(drafts, words, contents, strict=True)
        return [gather(*triple, self.model.lexicon) for triple in triples]

    def _findings(
        self,
        draft: Draft,
        words: Mapping[str, int],
        folded: Folded,
        verdict: Verdict,
        received: str,
    ) -> Findings:
        genre = guess_genre(draft)
        length = check_length(draft, genre.code, self.length_rules)
        form = check_form(draft, folded, self.form_rules, genre=genre.code, received=received)
        return Findings(
            themes=verdict.themes,
            nearest=verdict.nearest,
            category=verdict.category,
            category_probability=verdict.category_probability,
            genre=genre,
            keywords=keywords(words),
            flags=(*length, *form),
            exact=exact_digest(folded.text),
            fingerprints=fingerprint(folded.text),
            model=self.model.version,
        )
