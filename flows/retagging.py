"""Judge drafts again by the model, rules and topics of now; what a person decided is left alone."""

from __future__ import annotations

from flows.models import choose, make_analyst
from flows.office import Office, remember_taxonomy
from flows.steps import Report
from nlp.genre import guess_genre
from nlp.length import check_length
from storage.regenre import Regenred, regenre, undecided
from storage.retag import Retagged, all_drafts, refocus, retag, to_retag


def retag_all(office: Office, report: Report) -> tuple[Retagged, str, str]:
    """Every draft that another model judged and nobody decided on, batch by batch.

    Returns the tally, the version that spoke, and a sentence if the built-in model had to step in.
    Killed half-way, another run does the rest.
    """
    remember_taxonomy(office)
    chosen = choose(office.settings, office.db)
    analyst = make_analyst(office.settings, chosen.path)
    version = analyst.model.version
    drafts = changed = 0
    for batch in to_retag(office.db, version):
        verdicts = analyst.model.predict(analyst.evidence([draft for _, draft in batch]))
        done = retag(office.db, version, list(zip([i for i, _ in batch], verdicts, strict=True)))
        drafts, changed = drafts + done.drafts, changed + done.changed
        report("重判主题", drafts, drafts)
    return Retagged(drafts, changed), version, chosen.notice


def refocus_all(office: Office, report: Report) -> tuple[int, int]:
    """Match every draft with the topics of the settings anew; returns drafts, and those that match.

    A topic counts for the drafts that came in within its days.
    """
    analyst = make_analyst(office.settings)
    drafts = matched = 0
    for batch in all_drafts(office.db):
        seen = analyst.evidence([draft for _, draft, _ in batch])
        topics = [
            analyst.focus.match(document, day) if analyst.focus else ()
            for document, (_, _, day) in zip(seen, batch, strict=True)
        ]
        ids = [draft_id for draft_id, _, _ in batch]
        matched += refocus(office.db, list(zip(ids, topics, strict=True)))
        drafts += len(batch)
        report("匹配报送重点", drafts, drafts)
    return drafts, matched


def regenre_all(office: Office, report: Report) -> tuple[int, int]:
    """Judge the genre of every draft that nobody decided on anew, and its length by that genre.

    Returns drafts, and those whose genre changed.
    """
    limits = office.settings.length_rules()
    drafts = changed = 0
    for batch in undecided(office.db):
        found = []
        for draft_id, draft in batch:
            genre = guess_genre(draft)
            found.append(Regenred(draft_id, genre, check_length(draft, genre.code, limits)))
        changed += regenre(office.db, found)
        drafts += len(batch)
        report("重判体裁", drafts, drafts)
    return drafts, changed
