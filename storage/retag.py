"""Tagging drafts again with a newer model: tags are added, old ones stay, people's word stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from nlp.themes import Verdict
from nlp.types import Draft, Theme
from storage.clock import stamp
from storage.commit import focus_tags, taxonomy_versions, theme_tags
from storage.connection import raw, write
from storage.schema_decisions import standing
from storage.texts import unpack_paragraphs


@dataclass(frozen=True, slots=True)
class Retagged:
    """What came of a batch: drafts tagged anew, of them with another primary theme."""

    drafts: int = 0
    changed: int = 0


_WAITING = f"""
SELECT draft.id, draft.title, draft.subtitle, draft.unit_as_written, _draft_text.text,
  _draft_text.paragraphs
FROM draft JOIN _draft_text ON _draft_text.draft_id = draft.id
WHERE draft.id > ? AND draft.model_version <> ? AND {standing("draft.id")} IS NULL
  AND _draft_text.text <> ''
ORDER BY draft.id LIMIT ?
"""  # noqa: S608


def to_retag(db: Database, version: str, size: int = 500) -> Iterator[list[tuple[int, Draft]]]:
    """Batches of drafts that another model than ``version`` judged and nobody decided on."""
    last = 0
    while rows := raw(db).execute(_WAITING, (last, version, size)).fetchall():
        last = rows[-1][0]
        yield [
            (id_, Draft(1, title, unpack_paragraphs(text, packed), subtitle, unit))
            for id_, title, subtitle, unit, text, packed in rows
        ]


def retag(db: Database, version: str, verdicts: Sequence[tuple[int, Verdict]]) -> Retagged:
    """Add the tags of model ``version`` to drafts, in one transaction.

    A draft that somebody decided on meanwhile is left alone. A tag that this model made before
    stays as it is.
    """
    now = stamp()
    drafts = changed = 0
    with write(db) as conn:
        versions = taxonomy_versions(conn)
        for draft_id, verdict in verdicts:
            primary = verdict.themes[0] if verdict.themes else None
            before = conn.execute(
                f"SELECT theme FROM draft WHERE id = ? AND {standing('draft.id')} IS NULL",  # noqa: S608
                (draft_id,),
            ).fetchone()
            if before is None:
                continue
            conn.execute(
                "UPDATE draft SET theme = ?, theme_probability = ?, category = ?,"
                " category_probability = ?, model_version = ? WHERE id = ?",
                (
                    primary.code if primary else None,
                    primary.probability if primary else None,
                    verdict.category or None,
                    verdict.category_probability,
                    version,
                    draft_id,
                ),
            )
            conn.executemany(
                "INSERT OR IGNORE INTO tag (draft_id, kind, code, rank, probability, terms, source,"
                " model_version, taxonomy_version, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (draft_id, *tag, now)
                    for tag in theme_tags(verdict.themes, verdict.nearest, version, versions)
                ],
            )
            drafts += 1
            changed += before[0] != (primary.code if primary else None)
    return Retagged(drafts, changed)


_RECEIVED = """
SELECT draft.id, draft.title, draft.subtitle, draft.unit_as_written, _draft_text.text,
  _draft_text.paragraphs, manuscript.received_on
FROM draft
JOIN _draft_text ON _draft_text.draft_id = draft.id
JOIN manuscript ON manuscript.id = draft.manuscript_id
WHERE draft.id > ? AND _draft_text.text <> '' ORDER BY draft.id LIMIT ?
"""


def all_drafts(db: Database, size: int = 500) -> Iterator[list[tuple[int, Draft, str]]]:
    """Batches of every draft with the day on which it was received."""
    last = 0
    while rows := raw(db).execute(_RECEIVED, (last, size)).fetchall():
        last = rows[-1][0]
        yield [
            (id_, Draft(1, title, unpack_paragraphs(text, packed), subtitle, unit), day)
            for id_, title, subtitle, unit, text, packed, day in rows
        ]


def refocus(db: Database, found: Sequence[tuple[int, tuple[Theme, ...]]]) -> int:
    """Replace the topics of drafts by those found now; returns how many drafts have one."""
    now = stamp()
    with write(db) as conn:
        conn.executemany(
            "DELETE FROM tag WHERE draft_id = ? AND kind = 'focus'", [(id_,) for id_, _ in found]
        )
        conn.executemany(
            "INSERT INTO tag (draft_id, kind, code, rank, probability, terms, source,"
            " model_version, taxonomy_version, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(id_, *tag, now) for id_, topics in found for tag in focus_tags(topics)],
        )
    return sum(bool(topics) for _, topics in found)
