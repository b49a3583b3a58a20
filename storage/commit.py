"""The only writer of drafts: one short transaction per batch, whole or not at all.

A manuscript that is read already is skipped, so a batch may be committed again after a crash or
a retry without doubling anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from nlp.reuse import RULES, ReuseRules
from nlp.types import Draft, Findings, Notice, Refusal, Theme
from storage.clock import stamp
from storage.connection import write
from storage.driver import sqlite3
from storage.ledger import note_event, note_refusal
from storage.reuse import index_and_compare
from storage.search import index_texts
from storage.texts import pack_paragraphs, storable, to_json
from storage.units import UNKNOWN_UNIT, Units, load_units


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading and analysing one manuscript gave: drafts (none for an archive) or a refusal."""

    manuscript_id: int
    format: str = ""
    notices: tuple[Notice, ...] = ()
    drafts: tuple[tuple[Draft, Findings], ...] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Committed:
    """What a batch changed; a batch committed a second time changes nothing."""

    read: int = 0
    refused: int = 0  # refused or postponed
    drafts: int = 0
    pairs: int = 0


def commit_batch(
    db: Database, run_id: int, outcomes: Sequence[Outcome], rules: ReuseRules = RULES
) -> Committed:
    """Write a batch: drafts, tags, flags, fingerprints, pairs, file states and events together.

    The unit of a draft is that of its file; where the file has none, the one that the draft
    itself names in full. Raises ``StorageError`` when the database cannot be written.
    """
    now = stamp()
    units = load_units(db)
    with write(db) as conn:
        batch = _Batch(conn, run_id, now, units, taxonomy_versions(conn))
        read = refused = 0
        for outcome in outcomes:
            if outcome.refusal is not None:
                refused += note_refusal(conn, outcome.manuscript_id, outcome.refusal, run_id, now)
            else:
                read += batch.add(outcome)
        batch.flush()
        pairs = index_and_compare(db, batch.entries, now, rules) if batch.entries else 0
    return Committed(read, refused, len(batch.entries), pairs)


class _Batch:
    """Rows of one transaction, gathered and written by executemany.

    Drafts go in after their tags and flags: the row of the desk, which triggers keep, is then made
    once a draft and not again with each of them. Foreign keys are checked at the commit.
    """

    def __init__(
        self,
        conn: sqlite3.Connection,
        run_id: int,
        now: str,
        units: Units,
        versions: Mapping[str, str],
    ) -> None:
        self.entries: list[tuple[int, int | None, Draft, Findings]] = []
        self._conn = conn
        self._run_id = run_id
        self._now = now
        self._units = units
        self._versions = versions
        self._last_id = _last_draft_id(conn)
        self._drafts: list[tuple[object, ...]] = []
        self._texts: list[tuple[object, ...]] = []
        self._searched: list[tuple[int, str, str]] = []
        self._notices: list[tuple[object, ...]] = []
        self._tags: list[tuple[object, ...]] = []
        self._flags: list[tuple[object, ...]] = []

    def add(self, outcome: Outcome) -> bool:
        """Mark the manuscript read and take its drafts in; False if it is decided already."""
        row = self._conn.execute(
            "UPDATE manuscript SET state = 'read', format = ?, reason = '', detail = '',"
            " retry_at = NULL WHERE id = ? AND state = 'received' RETURNING unit_id, unit_given",
            (outcome.format, outcome.manuscript_id),
        ).fetchone()
        if row is None:
            return False
        note_event(self._conn, outcome.manuscript_id, self._run_id, "read", self._now)
        self._conn.executemany(
            "INSERT INTO manuscript_notice (manuscript_id, code, message, count_value)"
            " VALUES (?, ?, ?, ?)",
            [(outcome.manuscript_id, *_notice(notice)) for notice in outcome.notices],
        )
        for draft, findings in outcome.drafts:
            self._add_draft(outcome.manuscript_id, row[0], row[1], draft, findings)
        return True

    def flush(self) -> None:
        """Write what was gathered."""
        many = self._conn.executemany
        self._conn.execute("PRAGMA defer_foreign_keys=ON")  # until this transaction ends
        many("INSERT INTO _draft_text (draft_id, text, paragraphs) VALUES (?, ?, ?)", self._texts)
        index_texts(self._conn, self._searched)
        many(
            "INSERT INTO draft_notice (draft_id, code, message, count_value) VALUES (?, ?, ?, ?)",
            self._notices,
        )
        many(
            "INSERT INTO tag (draft_id, kind, code, rank, probability, terms, source,"
            " model_version, taxonomy_version, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._tags,
        )
        many(
            "INSERT INTO flag (draft_id, kind, severity, message, start_offset, end_offset,"
            " count_value, limit_value, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._flags,
        )
        many(
            "INSERT INTO draft (id, manuscript_id, position, run_id, unit_id, unit_as_written,"
            " title, subtitle, author, signer, phone, dated, attachments, characters, genre,"
            " genre_probability, category, category_probability, theme, theme_probability,"
            " created_at, model_version)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._drafts,
        )

    def _add_draft(
        self,
        manuscript_id: int,
        unit_id: int | None,
        unit_given: str,
        draft: Draft,
        findings: Findings,
    ) -> None:
        if unit_id is None:
            unit_id = self._units.named(draft.unit)
        draft_id = self._take(manuscript_id, unit_id, draft, findings)
        text = storable(draft.text)
        self._texts.append((draft_id, text, pack_paragraphs(draft)))
        self._searched.append((draft_id, storable(draft.title), text))
        self._notices += ((draft_id, *_notice(notice)) for notice in draft.notices)
        self._tags += ((draft_id, *tag, self._now) for tag in _tags(findings, self._versions))
        self._flags += ((draft_id, *flag, self._now) for flag in _flags(findings))
        if unit_id is None:
            message = _unknown_unit(unit_given or draft.unit)
            self._flags.append((draft_id, UNKNOWN_UNIT, "warn", message, 0, 0, 0, 0, self._now))
        self.entries.append((draft_id, unit_id, draft, findings))

    def _take(
        self, manuscript_id: int, unit_id: int | None, draft: Draft, findings: Findings
    ) -> int:
        primary = findings.themes[0] if findings.themes else None
        self._last_id += 1
        self._drafts.append(
            (
                self._last_id,
                manuscript_id,
                draft.position,
                self._run_id,
                unit_id,
                storable(draft.unit),
                storable(draft.title),
                storable(draft.subtitle),
                storable(draft.author),
                storable(draft.signer),
                storable(draft.phone),
                storable(draft.dated),
                to_json(draft.attachments),
                draft.characters,
                findings.genre.code,
                findings.genre.probability,
                findings.category or None,
                findings.category_probability,
                primary.code if primary else None,
                primary.probability if primary else None,
                self._now,
                findings.model,
            )
        )
        return self._last_id


def _last_draft_id(conn: sqlite3.Connection) -> int:
    """The highest id that a draft ever had, deleted ones among them; 0 before the first."""
    row = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'draft'").fetchone()
    return int(row[0]) if row else 0


def taxonomy_versions(conn: sqlite3.Connection) -> dict[str, str]:
    """Aspect code → version of the taxonomy that the database knows."""
    return dict(conn.execute("SELECT code, version FROM aspect").fetchall())


def _notice(notice: Notice) -> tuple[str, str, int]:
    return notice.code, storable(notice.message), notice.count


def _tags(findings: Findings, versions: Mapping[str, str]) -> Iterable[tuple[object, ...]]:
    """Rows (kind, code, rank, probability, terms, source, model and taxonomy version)."""
    yield from theme_tags(findings.themes, findings.nearest, findings.model, versions)
    yield from focus_tags(findings.focus)
    genre = findings.genre
    yield "genre", genre.code, 1, genre.probability, to_json(genre.cues), "rule", "", ""
    for rank, word in enumerate(findings.keywords, start=1):
        yield "keyword", storable(word), rank, None, "[]", "rule", "", ""


def theme_tags(
    themes: Sequence[Theme], nearest: Sequence[Theme], model: str, versions: Mapping[str, str]
) -> Iterable[tuple[object, ...]]:
    """Rows of a model's tags, as :func:`_tags` has them."""
    for kind, found in (("theme", themes), ("nearest", nearest)):
        for rank, theme in enumerate(found, start=1):
            version = versions.get(theme.code, "")
            terms = to_json(_terms(theme))
            yield kind, theme.code, rank, theme.probability, terms, "model", model, version


def focus_tags(topics: Sequence[Theme]) -> Iterable[tuple[object, ...]]:
    """Rows of the topics that a draft answers to, as :func:`_tags` has them."""
    for rank, topic in enumerate(topics, start=1):
        terms = to_json(_terms(topic))
        yield "focus", storable(topic.code), rank, topic.probability, terms, "rule", "", ""


def _terms(theme: Theme) -> list[tuple[str, int, int, float]]:
    return [(term.text, term.start, term.end, round(term.weight, 6)) for term in theme.terms]


def _flags(findings: Findings) -> Iterable[tuple[object, ...]]:
    for flag in findings.flags:
        yield (
            flag.kind, flag.severity, storable(flag.message), flag.start, flag.end, flag.count,
            flag.limit,
        )  # fmt: skip


def _unknown_unit(given: str) -> str:
    if given:
        return f"报送单位“{storable(given)}”不在单位表中"
    return "没有写明报送单位"
