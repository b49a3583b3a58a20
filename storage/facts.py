"""Everything known of a draft, as nested plain values: for show and export."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlite_utils import Database

from storage.periods import Period
from storage.questions import Row
from storage.texts import unpack_paragraphs

_CHUNK = 500

_DRAFTS = """
SELECT draft.id AS draft_id, draft.title, draft.subtitle, unit.name AS unit,
  unit.group_name AS unit_group, draft.unit_as_written, draft.author, draft.signer, draft.phone,
  draft.dated, draft.attachments, draft.characters, drafts.genre, draft.genre_probability,
  drafts.theme_code AS theme, drafts.theme AS theme_name, drafts.theme_probability,
  drafts.theme_source, drafts.category_code AS category, drafts.category AS category_name,
  draft.category_probability,
  draft.model_version, draft.position, draft.manuscript_id,
  manuscript.name AS file_name, manuscript.format, manuscript.sha256, manuscript.unit_given,
  manuscript.source, manuscript.received_at, manuscript.received_on, draft.run_id
FROM draft
JOIN drafts ON drafts.draft_id = draft.id
JOIN manuscript ON manuscript.id = draft.manuscript_id
LEFT JOIN unit ON unit.id = draft.unit_id
WHERE draft.id {ids}
ORDER BY draft.id
"""

_TAGS = """
SELECT tag.draft_id, tag.kind, tag.code, aspect.name, tag.rank, tag.probability, tag.terms,
  tag.source, tag.model_version, tag.taxonomy_version, tag.made_at
FROM current_tags AS tag
LEFT JOIN aspect ON aspect.code = tag.code AND tag.kind IN ('theme', 'nearest')
WHERE tag.draft_id {ids}
ORDER BY tag.draft_id, tag.kind = 'keyword', tag.kind = 'genre', tag.kind = 'nearest', tag.rank
"""

_FLAGS = """
SELECT draft_id, kind, severity, message, start_offset, end_offset, count_value, limit_value,
  source, made_at
FROM flag WHERE draft_id {ids}
ORDER BY draft_id, start_offset, id
"""

_DECISIONS = """
SELECT draft_id, decision_id, kind, theme_before, theme_code, theme, secondary, genre_before, genre,
  who, note, decided, holds, undoes
FROM decisions WHERE draft_id {ids}
ORDER BY decision_id
"""

_NOTICES = """
SELECT draft_id, code, message, count_value FROM draft_notice WHERE draft_id {ids} ORDER BY id
"""

# Each pair is told to both drafts, from the side of the one that asks.
_PAIRS = """
SELECT pair.draft_a AS draft_id, pair.draft_b AS other_id, other.title AS other_title,
  unit.name AS other_unit, pair.kind, pair.cover_a AS cover, pair.cover_b AS other_cover,
  pair.shared_characters, pair.longest,
  CASE pair.direction WHEN 'a_to_b' THEN 'given' WHEN 'b_to_a' THEN 'taken' ELSE '' END
    AS direction,
  pair.spans, 0 AS swapped, pair.rules_version, pair.made_at
FROM duplicate_pair AS pair
JOIN draft AS other ON other.id = pair.draft_b
LEFT JOIN unit ON unit.id = other.unit_id
WHERE pair.draft_a {ids}
UNION ALL
SELECT pair.draft_b, pair.draft_a, other.title, unit.name, pair.kind, pair.cover_b,
  pair.cover_a, pair.shared_characters, pair.longest,
  CASE pair.direction WHEN 'b_to_a' THEN 'given' WHEN 'a_to_b' THEN 'taken' ELSE '' END,
  pair.spans, 1, pair.rules_version, pair.made_at
FROM duplicate_pair AS pair
JOIN draft AS other ON other.id = pair.draft_a
LEFT JOIN unit ON unit.id = other.unit_id
WHERE pair.draft_b {ids}
ORDER BY 1, 6 DESC, 2
"""

_LATEST_OF_FILE = """
SELECT manuscript_id FROM draft JOIN manuscript ON manuscript.id = manuscript_id
WHERE sha256 = ? ORDER BY manuscript_id DESC LIMIT 1
"""


def draft_facts(db: Database, draft_id: int) -> Row | None:
    """All of one draft: an export row plus ``text``, ``paragraphs`` and the file's ``history``.

    None if there is no such draft.
    """
    found = _facts(db, [draft_id])
    if not found:
        return None
    facts = found[0]
    stored = next(
        db.query("SELECT text, paragraphs FROM _draft_text WHERE draft_id = ?", [draft_id])
    )
    text = str(stored["text"])
    facts["text"] = text
    facts["paragraphs"] = [
        {"role": p.role, "label": p.label, "text": p.text, "level": p.level}
        for p in unpack_paragraphs(text, str(stored["paragraphs"]))
    ]
    facts["history"] = list(
        db.query(
            "SELECT at, kind, reason, detail, run_id FROM _manuscript_event"
            " WHERE manuscript_id = ? ORDER BY id",
            [facts["manuscript_id"]],
        )
    )
    return facts


def drafts_of_file(db: Database, sha256: str, *, manuscript: int | None = None) -> list[int]:
    """Numbers of the drafts of a stored file in order, by its content; [] if it holds none.

    Of several manuscripts with that content the latest, unless ``manuscript`` names one.
    """
    if manuscript is None:
        rows = db.query(_LATEST_OF_FILE, [sha256])
        manuscript = next((int(str(row["manuscript_id"])) for row in rows), None)
    sql = "SELECT id FROM draft WHERE manuscript_id = ? ORDER BY position"
    return [int(str(row["id"])) for row in db.query(sql, [manuscript])]


def export_rows(db: Database, period: Period | None = None) -> Iterator[Row]:
    """Every draft (received in ``period``), in order of id, with ``tags``, ``flags``, ``pairs``.

    Drafts come in chunks, so the whole is never in memory.
    """
    sql = "SELECT draft_id FROM drafts"
    bounds: list[str] = []
    if period is not None:
        sql += " WHERE received_on >= ? AND received_on < ?"
        bounds = [period.start.isoformat(), period.end.isoformat()]
    ids = [int(str(row["draft_id"])) for row in db.query(sql + " ORDER BY draft_id", bounds)]
    for start in range(0, len(ids), _CHUNK):
        yield from _facts(db, ids[start : start + _CHUNK])


def _facts(db: Database, ids: Sequence[int]) -> list[Row]:
    tags = _by_draft(db, _TAGS, ids, parse="terms")
    flags = _by_draft(db, _FLAGS, ids)
    notices = _by_draft(db, _NOTICES, ids)
    pairs = _by_draft(db, _PAIRS, ids, parse="spans")
    for pair in (pair for of_draft in pairs.values() for pair in of_draft):
        if pair.pop("swapped"):
            pair["spans"] = [[*s[2:4], *s[0:2], *s[4:]] for s in _spans(pair)]
    decisions = _by_draft(db, _DECISIONS, ids, parse="secondary")
    drafts = list(_ask(db, _DRAFTS, ids))
    for draft in drafts:
        id_ = draft["draft_id"]
        draft["attachments"] = json.loads(str(draft["attachments"]))
        draft["tags"], draft["flags"] = tags[id_], flags[id_]
        draft["notices"], draft["pairs"] = notices[id_], pairs[id_]
        draft["decisions"] = decisions[id_]
    return drafts


def _spans(pair: Row) -> list[list[object]]:
    spans = pair["spans"]
    return spans if isinstance(spans, list) else []


def _by_draft(
    db: Database, sql: str, ids: Sequence[int], *, parse: str = ""
) -> defaultdict[object, list[Row]]:
    grouped: defaultdict[object, list[Row]] = defaultdict(list)
    for row in _ask(db, sql, ids):
        if parse:
            row[parse] = json.loads(str(row[parse]))
        grouped[row.pop("draft_id")].append(row)
    return grouped


def _ask(db: Database, sql: str, ids: Sequence[int]) -> Iterator[Row]:
    chosen = "IN (SELECT value FROM json_each(:ids))"
    yield from db.query(sql.format(ids=chosen), {"ids": json.dumps(list(ids))})
