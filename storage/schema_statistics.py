"""What statistics are made of, as views: one row a draft, an instruction, an author's draft; and
the monthly tables over them. The functions of ``storage.statistics`` read the same views, so a
figure is the same wherever it is asked for.

Two days may count, and every column says which: the day of receipt for what was sent, the day of
the issue for what was printed.
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

from typing import Final

from points.fields import CLASSES, OTHER_CLASS
from storage.schema_adoption import stands

_CLASS = "CASE genre " + " ".join(
    f"WHEN '{genre}' THEN '{name}'" for genre, name in CLASSES.items()
) + f" ELSE '{OTHER_CLASS}' END"  # fmt: skip

# A copy is the later of two drafts of one unit; the earlier one counts.
_RETURNED = """EXISTS (SELECT 1 FROM decision AS said
    WHERE said.draft_id = drafts.draft_id AND said.kind = 'return'
      AND NOT EXISTS (SELECT 1 FROM decision AS undone WHERE undone.undoes = said.id))"""
_COPY = """EXISTS (SELECT 1 FROM duplicate_pair AS pair JOIN draft AS earlier
      ON earlier.id = pair.draft_a
    WHERE pair.draft_b = drafts.draft_id AND pair.kind IN ('完全相同', '重复报送')
      AND earlier.unit_id = drafts.unit_id)"""
_SHORT = """EXISTS (SELECT 1 FROM flag
    WHERE flag.draft_id = drafts.draft_id AND flag.kind = 'under_floor')"""

_SUBMISSIONS = f"""
CREATE VIEW submissions AS
SELECT
  drafts.draft_id,
  drafts.unit_id,
  drafts.unit,
  drafts.unit_group,
  drafts.title,
  drafts.author,
  drafts.characters,
  drafts.genre,
  {_CLASS} AS report_class,
  drafts.theme_code,
  drafts.theme,
  drafts.category_code,
  drafts.category,
  drafts.received_on,
  drafts.received_month,
  CASE WHEN {_RETURNED} THEN '退稿' WHEN {_COPY} THEN '重复报送' WHEN {_SHORT} THEN '过短'
    ELSE '' END AS invalid_reason,
  NOT ({_RETURNED} OR {_COPY} OR {_SHORT}) AS valid
FROM drafts
"""

# An instruction on a printed item belongs to every unit that the item came from.
_INSTRUCTIONS = f"""
CREATE VIEW instructions AS
SELECT event.id AS instruction_id, coalesce(event.unit_id, draft.unit_id) AS unit_id,
  unit.name AS unit, unit.group_name AS unit_group, event.draft_id, draft.title, event.item_id,
  event.level, event.person, event.happened_on, event.note
FROM event JOIN draft ON draft.id = event.draft_id
LEFT JOIN unit ON unit.id = coalesce(event.unit_id, draft.unit_id)
WHERE event.kind = 'instruction' AND {stands("event.id")}
UNION ALL
SELECT event.id, coalesce(event.unit_id, adoptions.unit_id), unit.name, unit.group_name,
  adoptions.draft_id, adoptions.title, event.item_id, event.level, event.person,
  event.happened_on, event.note
FROM event JOIN adoptions ON adoptions.item_id = event.item_id
LEFT JOIN unit ON unit.id = coalesce(event.unit_id, adoptions.unit_id)
WHERE event.kind = 'instruction' AND event.draft_id IS NULL AND {stands("event.id")}
"""

# Names in one cell are parted by 、 when a draft is read; JSON parts them here.
_AUTHOR_DRAFTS = """
CREATE VIEW author_drafts AS
SELECT trim(name.value) AS author, submissions.unit_id, submissions.unit, submissions.unit_group,
  submissions.draft_id, submissions.title, submissions.genre, submissions.report_class,
  submissions.received_on, submissions.received_month, submissions.valid
FROM submissions
JOIN json_each('[' || replace(json_quote(submissions.author), '、', '","') || ']') AS name
WHERE trim(name.value) <> ''
"""

_PRINT_TIMES = """
CREATE VIEW print_times AS
SELECT adoptions.adoption_id, adoptions.draft_id, adoptions.unit_id, adoptions.unit,
  adoptions.unit_group, adoptions.outlet, adoptions.level, manuscript.received_on,
  adoptions.published_on,
  CAST(julianday(adoptions.published_on) - julianday(manuscript.received_on) AS INTEGER) AS days
FROM adoptions
JOIN draft ON draft.id = adoptions.draft_id
JOIN manuscript ON manuscript.id = draft.manuscript_id
"""

_PLACE = """group_concat(outlet || CASE WHEN issue_number = published_on THEN published_on
      WHEN issue_number GLOB '*[^0-9]*' THEN issue_number ELSE '第' || issue_number || '期' END
      || '（' || level || '）', '；' ORDER BY published_on, adoption_id)"""

_REGISTER = f"""
CREATE VIEW register AS
SELECT
  submissions.draft_id,
  submissions.received_on,
  submissions.unit_id,
  submissions.unit,
  submissions.unit_group,
  submissions.title,
  submissions.author,
  submissions.characters,
  submissions.genre,
  submissions.report_class,
  submissions.theme_code,
  submissions.theme,
  CASE
    WHEN EXISTS (SELECT 1 FROM adoptions WHERE adoptions.draft_id = submissions.draft_id)
      THEN '已采用'
    WHEN EXISTS (SELECT 1 FROM event WHERE event.draft_id = submissions.draft_id
      AND event.kind = 'adopt' AND {stands("event.id")}) THEN '待刊发'
    WHEN EXISTS (SELECT 1 FROM event WHERE event.draft_id = submissions.draft_id
      AND event.kind = 'pre_adopt' AND {stands("event.id")}) THEN '预采用'
    WHEN submissions.invalid_reason = '退稿' THEN '退稿'
    WHEN EXISTS (SELECT 1 FROM proposals WHERE proposals.draft_id = submissions.draft_id)
      THEN '采用待确认'
    ELSE '收到'
  END AS state,
  submissions.invalid_reason,
  (SELECT {_PLACE} FROM adoptions WHERE adoptions.draft_id = submissions.draft_id) AS adopted_in,
  (SELECT min(published_on) FROM adoptions WHERE adoptions.draft_id = submissions.draft_id)
    AS first_printed_on,
  (SELECT count(*) FROM adoptions WHERE adoptions.draft_id = submissions.draft_id) AS adoptions
FROM submissions
"""

_MONTHS = """
CREATE VIEW months AS
WITH RECURSIVE
day (day) AS (
  SELECT min(received_on) FROM manuscript UNION ALL SELECT max(received_on) FROM manuscript
  UNION ALL SELECT min(published_on) FROM issue UNION ALL SELECT max(published_on) FROM issue
  UNION ALL SELECT min(effective_on) FROM award UNION ALL SELECT max(effective_on) FROM award),
month (month, latest) AS (
  SELECT substr(min(day), 1, 7), substr(max(day), 1, 7) FROM day WHERE day IS NOT NULL
  UNION ALL
  SELECT strftime('%Y-%m', month || '-01', '+1 month'), latest FROM month WHERE month < latest)
SELECT month FROM month WHERE month IS NOT NULL
"""

_UNIT_MONTHS = """
CREATE VIEW unit_months AS
WITH
sent AS (
  SELECT unit_id, received_month AS month, count(*) AS submitted, sum(valid) AS valid,
    sum(EXISTS (SELECT 1 FROM adoptions WHERE adoptions.draft_id = submissions.draft_id)) AS taken
  FROM submissions GROUP BY unit_id, received_month),
printed AS (
  SELECT unit_id, substr(published_on, 1, 7) AS month, count(DISTINCT draft_id) AS adopted,
    count(*) AS adoptions
  FROM adoptions GROUP BY unit_id, substr(published_on, 1, 7)),
praised AS (
  SELECT unit_id, substr(happened_on, 1, 7) AS month, count(DISTINCT instruction_id) AS instructions
  FROM instructions GROUP BY unit_id, substr(happened_on, 1, 7))
SELECT unit.id AS unit_id, unit.name AS unit, unit.group_name AS unit_group, months.month,
  coalesce(sent.submitted, 0) AS submitted, coalesce(sent.valid, 0) AS valid,
  coalesce(sent.taken, 0) AS submitted_adopted, coalesce(printed.adopted, 0) AS printed_adopted,
  coalesce(printed.adoptions, 0) AS printed_adoptions,
  coalesce(praised.instructions, 0) AS instructions
FROM unit CROSS JOIN months
LEFT JOIN sent ON sent.unit_id = unit.id AND sent.month = months.month
LEFT JOIN printed ON printed.unit_id = unit.id AND printed.month = months.month
LEFT JOIN praised ON praised.unit_id = unit.id AND praised.month = months.month
WHERE unit.active OR coalesce(sent.unit_id, printed.unit_id, praised.unit_id) IS NOT NULL
"""

_THEME_MONTHS = """
CREATE VIEW theme_months AS
WITH
sent AS (
  SELECT theme_code, received_month AS month, count(*) AS submitted, sum(valid) AS valid
  FROM submissions WHERE theme_code IS NOT NULL GROUP BY theme_code, received_month),
printed AS (
  SELECT submissions.theme_code, substr(published_on, 1, 7) AS month,
    count(DISTINCT adoptions.draft_id) AS adopted, count(*) AS adoptions
  FROM adoptions JOIN submissions USING (draft_id)
  WHERE submissions.theme_code IS NOT NULL
  GROUP BY submissions.theme_code, substr(published_on, 1, 7))
SELECT aspect.code AS theme_code, aspect.name AS theme, aspect.category_name AS category,
  months.month, coalesce(sent.submitted, 0) AS submitted, coalesce(sent.valid, 0) AS valid,
  coalesce(printed.adopted, 0) AS printed_adopted,
  coalesce(printed.adoptions, 0) AS printed_adoptions
FROM aspect CROSS JOIN months
LEFT JOIN sent ON sent.theme_code = aspect.code AND sent.month = months.month
LEFT JOIN printed ON printed.theme_code = aspect.code AND printed.month = months.month
WHERE NOT aspect.retired OR coalesce(sent.theme_code, printed.theme_code) IS NOT NULL
"""

# The whole cross table: who sent what kind on what theme, and where it was printed.
_SUBMISSION_MONTHS = """
CREATE VIEW submission_months AS
SELECT received_month AS month, unit_id, unit, unit_group, genre, report_class, theme_code, theme,
  count(*) AS submitted, sum(valid) AS valid
FROM submissions
GROUP BY received_month, unit_id, genre, theme_code
"""

_ADOPTION_MONTHS = """
CREATE VIEW adoption_months AS
SELECT substr(adoptions.published_on, 1, 7) AS month, adoptions.unit_id, adoptions.unit,
  adoptions.unit_group, adoptions.level, submissions.genre, submissions.report_class,
  submissions.theme_code, submissions.theme, count(DISTINCT adoptions.draft_id) AS adopted,
  count(*) AS adoptions
FROM adoptions JOIN submissions ON submissions.draft_id = adoptions.draft_id
GROUP BY substr(adoptions.published_on, 1, 7), adoptions.unit_id, adoptions.level,
  submissions.genre, submissions.theme_code
"""

_AUTHOR_MONTHS = """
CREATE VIEW author_months AS
SELECT author, unit_id, unit, unit_group, received_month AS month, count(*) AS submitted,
  sum(valid) AS valid,
  sum(EXISTS (SELECT 1 FROM adoptions WHERE adoptions.draft_id = author_drafts.draft_id))
    AS submitted_adopted
FROM author_drafts GROUP BY author, unit_id, received_month
"""

# Rank within the group, never across; equal points share a rank.
_RANKINGS = """
CREATE VIEW rankings AS
WITH
scored AS (
  SELECT rule_profile.name AS profile, award.unit_id, substr(award.effective_on, 1, 7) AS month,
    sum(award.points) AS points,
    sum(CASE WHEN award.points > 0 AND event.kind IS NOT 'adopt' THEN award.points ELSE 0 END)
      AS bonus,
    sum(CASE WHEN award.points < 0 AND event.kind IS NOT 'adopt' THEN award.points ELSE 0 END)
      AS deductions
  FROM profile_days
  JOIN rule_profile ON rule_profile.id = profile_days.profile_id
  JOIN award ON award.profile_id = profile_days.profile_id
    AND award.effective_on >= profile_days.first_day AND award.effective_on < profile_days.end_day
  LEFT JOIN event ON event.id = award.event_id
  WHERE award.reverses IS NULL
    AND NOT EXISTS (SELECT 1 FROM award AS back WHERE back.reverses = award.id)
  GROUP BY rule_profile.name, award.unit_id, substr(award.effective_on, 1, 7)),
used AS (SELECT DISTINCT profile FROM scored),
filled AS (
  SELECT used.profile, unit.id AS unit_id, unit.name AS unit, unit.group_name AS unit_group,
    months.month, coalesce(scored.points, 0) AS points, coalesce(scored.bonus, 0) AS bonus,
    coalesce(scored.deductions, 0) AS deductions
  FROM used CROSS JOIN unit CROSS JOIN months
  LEFT JOIN scored ON scored.profile = used.profile AND scored.unit_id = unit.id
    AND scored.month = months.month
  WHERE unit.active OR scored.unit_id IS NOT NULL)
SELECT profile, unit_id, unit, unit_group, month, points / 1000.0 AS points,
  bonus / 1000.0 AS bonus, deductions / 1000.0 AS deductions,
  rank() OVER (PARTITION BY profile, month, unit_group ORDER BY points DESC) AS rank,
  sum(points) OVER (PARTITION BY profile, unit_id, substr(month, 1, 4) ORDER BY month) / 1000.0
    AS cumulative
FROM filled
"""

# A version without an end holds until the next of its name begins.
_PROFILE_DAYS = """
CREATE VIEW profile_days AS
SELECT id AS profile_id, name AS profile, version, valid_from AS first_day,
  coalesce(valid_to, lead(valid_from) OVER (PARTITION BY name ORDER BY valid_from), '9999-12-31')
    AS end_day
FROM rule_profile
"""

_UNIT_DUPLICATES = """
CREATE VIEW unit_duplicates AS
SELECT later.draft_id, later.unit_id, later.unit, later.unit_group, later.title,
  later.received_on, pair.kind, max(pair.cover_a, pair.cover_b) AS cover,
  earlier.id AS earlier_draft_id, earlier.unit_id AS earlier_unit_id,
  earlier.unit_id IS later.unit_id AS same_unit
FROM submissions AS later
CROSS JOIN duplicate_pair AS pair ON pair.draft_b = later.draft_id AND pair.kind <> '引用'
JOIN draft AS earlier ON earlier.id = pair.draft_a
"""

VIEWS: Final[dict[str, str]] = {
    "submissions": _SUBMISSIONS,
    "instructions": _INSTRUCTIONS,
    "author_drafts": _AUTHOR_DRAFTS,
    "print_times": _PRINT_TIMES,
    "register": _REGISTER,
    "months": _MONTHS,
    "unit_months": _UNIT_MONTHS,
    "theme_months": _THEME_MONTHS,
    "submission_months": _SUBMISSION_MONTHS,
    "adoption_months": _ADOPTION_MONTHS,
    "author_months": _AUTHOR_MONTHS,
    "profile_days": _PROFILE_DAYS,
    "rankings": _RANKINGS,
    "unit_duplicates": _UNIT_DUPLICATES,
}
"""After ``drafts`` and the views of adoption, which they read."""
