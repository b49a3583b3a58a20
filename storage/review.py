"""What waits for an editor's judgement, and in which order."""

from __future__ import annotations

import json

from sqlite_utils import Database

from nlp.teaching import Candidate, teaching_order
from storage.connection import raw
from storage.questions import Row
from storage.schema_decisions import standing

_WAITING = f"""
SELECT draft.id, coalesce(best.code, ''),
  coalesce(best.probability, 0) - coalesce(second.probability, 0),
  EXISTS (SELECT 1 FROM duplicate_pair
    WHERE duplicate_pair.draft_b = draft.id AND duplicate_pair.kind <> '引用')
FROM draft
LEFT JOIN tag AS best ON best.draft_id = draft.id AND best.kind = 'nearest'
  AND best.source = 'model' AND best.model_version = draft.model_version AND best.rank = 1
LEFT JOIN tag AS second ON second.draft_id = draft.id AND second.kind = 'nearest'
  AND second.source = 'model' AND second.model_version = draft.model_version AND second.rank = 2
WHERE {standing("draft.id")} IS NULL
ORDER BY draft.id
"""  # noqa: S608

_SHOWN = """
SELECT draft_id, title, unit, received_on, theme_code, theme, theme_probability,
  (SELECT json_group_array(json_array(tag.code, aspect.name, tag.probability) ORDER BY tag.rank)
   FROM current_tags AS tag LEFT JOIN aspect ON aspect.code = tag.code
   WHERE tag.draft_id = drafts.draft_id AND tag.kind = 'nearest') AS nearest
FROM drafts WHERE draft_id IN (SELECT value FROM json_each(?))
"""


def review_order(db: Database, *, by_arrival: bool = False) -> list[int]:
    """Ids of the drafts on whose themes nobody decided: by what teaches most, or as they came."""
    waiting = [
        Candidate(id_, code, margin, bool(copy))
        for id_, code, margin, copy in raw(db).execute(_WAITING)
    ]
    return [one.id for one in (waiting if by_arrival else teaching_order(waiting))]


def review_list(db: Database, count: int, *, by_arrival: bool = False) -> list[Row]:
    """The first ``count`` of them with title, unit, theme, and ``nearest`` [code, name, chance]."""
    order = review_order(db, by_arrival=by_arrival)[:count]
    rows = {int(str(row["draft_id"])): row for row in db.query(_SHOWN, [json.dumps(order)])}
    return [{**rows[id_], "nearest": json.loads(str(rows[id_]["nearest"]))} for id_ in order]
