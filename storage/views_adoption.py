"""Views of what became of drafts: adoptions, commissions, events, proposals, points that stand."""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

from typing import Final

from storage.schema_adoption import stands

_ADOPTIONS = f"""
CREATE VIEW adoptions AS
SELECT
  event.id AS adoption_id,
  event.draft_id,
  draft.unit_id,
  unit.name AS unit,
  unit.group_name AS unit_group,
  draft.title,
  printed_item.title AS printed_title,
  outlet.name AS outlet,
  outlet.kind AS outlet_kind,
  outlet.level,
  outlet.tier,
  issue.number AS issue_number,
  issue.published_on,
  event.form,
  event.share,
  event.source,
  event.confidence,
  event.who,
  event.item_id,
  printed_item.issue_id,
  issue.outlet_id
FROM event
JOIN printed_item ON printed_item.id = event.item_id
JOIN issue ON issue.id = printed_item.issue_id AND issue.state = 'printed'
JOIN outlet ON outlet.id = issue.outlet_id
JOIN draft ON draft.id = event.draft_id
LEFT JOIN unit ON unit.id = draft.unit_id
WHERE event.kind = 'adopt' AND {stands("event.id")}
"""

_COMMISSIONS = f"""
CREATE VIEW commissions AS
SELECT
  event.id AS commission_id,
  event.unit_id,
  unit.name AS unit,
  unit.group_name AS unit_group,
  event.title,
  event.happened_on AS issued_on,
  event.due_on,
  (SELECT min(came.happened_on) FROM event AS came
    WHERE came.refers_to = event.id AND came.kind = 'delivery' AND {stands("came.id")})
    AS delivered_on,
  (SELECT came.draft_id FROM event AS came
    WHERE came.refers_to = event.id AND came.kind = 'delivery' AND {stands("came.id")}
    ORDER BY came.happened_on, came.id LIMIT 1) AS draft_id,
  event.who
FROM event JOIN unit ON unit.id = event.unit_id
WHERE event.kind = 'commission' AND {stands("event.id")}
"""

_EVENTS = f"""
CREATE VIEW events AS
SELECT
  event.id AS event_id,
  event.kind,
  event.happened_on,
  coalesce(event.unit_id, draft.unit_id) AS unit_id,
  unit.name AS unit,
  event.draft_id,
  draft.title AS draft_title,
  event.item_id,
  event.refers_to,
  event.undoes,
  event.level,
  event.form,
  event.person,
  event.severity,
  event.title,
  event.due_on,
  event.points / 1000.0 AS points,
  event.note,
  event.source,
  event.who,
  datetime(event.recorded_at, '+8 hours') AS recorded,
  event.kind <> 'undo' AND {stands("event.id")} AS holds
FROM event
LEFT JOIN draft ON draft.id = event.draft_id
LEFT JOIN unit ON unit.id = coalesce(event.unit_id, draft.unit_id)
"""

_PROPOSALS = f"""
CREATE VIEW proposals AS
SELECT
  proposal.id AS proposal_id,
  proposal.item_id,
  printed_item.title AS printed_title,
  outlet.name AS outlet,
  outlet.level,
  issue.number AS issue_number,
  issue.published_on,
  proposal.draft_id,
  draft.title,
  unit.name AS unit,
  proposal.form,
  proposal.share,
  proposal.used,
  proposal.confidence,
  proposal.evidence,
  proposal.warnings
FROM adoption_proposal AS proposal
JOIN printed_item ON printed_item.id = proposal.item_id
JOIN issue ON issue.id = printed_item.issue_id
JOIN outlet ON outlet.id = issue.outlet_id
JOIN draft ON draft.id = proposal.draft_id
LEFT JOIN unit ON unit.id = draft.unit_id
WHERE NOT EXISTS (SELECT 1 FROM event AS answer
  WHERE answer.item_id = proposal.item_id AND answer.draft_id = proposal.draft_id
    AND answer.kind IN ('adopt', 'reject') AND {stands("answer.id")})
"""

# An item entered by hand came with an adoption: where that was undone, nothing says it was printed.
_UNMATCHED = f"""
CREATE VIEW unmatched_items AS
SELECT
  printed_item.id AS item_id,
  printed_item.title AS printed_title,
  printed_item.byline,
  outlet.name AS outlet,
  outlet.level,
  issue.number AS issue_number,
  issue.published_on
FROM printed_item
JOIN issue ON issue.id = printed_item.issue_id AND issue.state = 'printed'
JOIN outlet ON outlet.id = issue.outlet_id
WHERE printed_item.origin <> 'hand'
  AND NOT EXISTS (SELECT 1 FROM event
    WHERE event.item_id = printed_item.id AND event.kind = 'adopt' AND {stands("event.id")})
  AND NOT EXISTS (SELECT 1 FROM proposals WHERE proposals.item_id = printed_item.id)
"""

_AWARDS = """
CREATE VIEW awards AS
SELECT
  award.id AS award_id,
  rule_profile.name AS profile,
  rule_profile.version AS profile_version,
  award.unit_id,
  unit.name AS unit,
  unit.group_name AS unit_group,
  award.author,
  award.rule,
  award.points / 1000.0 AS points,
  award.effective_on,
  award.period,
  award.note,
  award.mark,
  award.draft_id,
  draft.title,
  award.item_id,
  award.event_id,
  award.profile_id
FROM award
JOIN rule_profile ON rule_profile.id = award.profile_id
JOIN unit ON unit.id = award.unit_id
LEFT JOIN draft ON draft.id = award.draft_id
WHERE award.reverses IS NULL
  AND NOT EXISTS (SELECT 1 FROM award AS back WHERE back.reverses = award.id)
"""

VIEWS: Final[dict[str, str]] = {
    "adoptions": _ADOPTIONS,
    "commissions": _COMMISSIONS,
    "events": _EVENTS,
    "proposals": _PROPOSALS,
    "unmatched_items": _UNMATCHED,
    "awards": _AWARDS,
}
