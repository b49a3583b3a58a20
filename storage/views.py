"""What analysts read: views with stable names (plural; tables are singular).

They hold no data, so they cannot disagree with the rows. Days are days in Asia/Shanghai.
"""
# ruff: noqa: S608  every part of these statements is a constant of ours

from __future__ import annotations

from storage.schema_clusters import VIEWS as REUSE_VIEWS
from storage.schema_decisions import CURRENT_TAGS, DECISIONS, standing
from storage.schema_desk import VERDICT
from storage.schema_desk import VIEWS as DESK_VIEWS
from storage.schema_models import MODELS
from storage.schema_printed import VIEWS as PRINTED_VIEWS
from storage.schema_statistics import VIEWS as STATISTICS_VIEWS
from storage.views_adoption import VIEWS as ADOPTION_VIEWS

# length_flag: the first in the alphabet is also the gravest. The theme is what a person decided,
# else the model's word; an aspect that was retired in favour of another shows as that other.
_DRAFTS = f"""
CREATE VIEW drafts AS
SELECT
  draft.id AS draft_id,
  unit.name AS unit,
  unit.group_name AS unit_group,
  draft.title,
  draft.characters,
  coalesce(nullif(person.genre, ''), draft.genre) AS genre,
  coalesce(aspect.code, person.theme, draft.theme) AS theme_code,
  aspect.name AS theme,
  CASE WHEN person.id IS NULL THEN draft.theme_probability END AS theme_probability,
  CASE WHEN person.id IS NULL THEN 'model' ELSE 'editor' END AS theme_source,
  coalesce(aspect.category, draft.category) AS category_code,
  coalesce(aspect.category_name,
    (SELECT category_name FROM aspect WHERE aspect.category = draft.category LIMIT 1))
    AS category,
  (SELECT flag.kind FROM flag
    WHERE flag.draft_id = draft.id AND flag.kind IN ('over_hard', 'over_soft', 'under_floor')
    ORDER BY flag.kind LIMIT 1) AS length_flag,
  (SELECT count(*) FROM flag WHERE flag.draft_id = draft.id AND flag.severity <> 'info')
    AS flag_count,
  (SELECT count(*) FROM duplicate_pair
    WHERE duplicate_pair.draft_a = draft.id AND duplicate_pair.kind <> '引用')
  + (SELECT count(*) FROM duplicate_pair
    WHERE duplicate_pair.draft_b = draft.id AND duplicate_pair.kind <> '引用')
    AS duplicate_count,
  manuscript.received_on,
  CAST(substr(manuscript.received_on, 1, 4) AS INTEGER) AS received_year,
  substr(manuscript.received_on, 1, 7) AS received_month,
  draft.dated,
  draft.author,
  draft.signer,
  draft.unit_as_written,
  draft.subtitle,
  manuscript.name AS file_name,
  draft.position,
  draft.model_version,
  draft.manuscript_id,
  draft.unit_id
FROM draft
JOIN manuscript ON manuscript.id = draft.manuscript_id
LEFT JOIN unit ON unit.id = draft.unit_id
LEFT JOIN decision AS person ON person.id = {standing("draft.id")}
LEFT JOIN aspect AS tagged ON tagged.code = coalesce(person.theme, draft.theme)
LEFT JOIN aspect ON aspect.code = coalesce(tagged.successor, tagged.code)
"""

# 4×16, as cities keep it: A and B together, C, D, and the department's own work.
_FOUR_GROUPS = """
CREATE VIEW four_groups AS
SELECT
  draft_id,
  unit,
  unit_group,
  received_on,
  received_month,
  title,
  CASE
    WHEN category_code IN ('A', 'B') THEN '基层组织与党员'
    WHEN category_code = 'C' THEN '干部'
    WHEN category_code = 'D' THEN '人才'
    WHEN theme_code = 'E3' THEN '自身建设'
    WHEN category_code IS NULL THEN NULL
    ELSE '其他'
  END AS group_of_four,
  theme_code,
  theme
FROM drafts
"""

_DRAFT_TEXTS = """
CREATE VIEW draft_texts AS
SELECT draft.id AS draft_id, draft.title, _draft_text.text
FROM draft JOIN _draft_text ON _draft_text.draft_id = draft.id
"""

# Units that sent nothing appear with zero.
_DRAFTS_BY_UNIT = """
CREATE VIEW drafts_by_unit AS
SELECT
  unit.id AS unit_id,
  unit.name AS unit,
  unit.group_name AS unit_group,
  count(drafts.draft_id) AS drafts,
  coalesce(sum(drafts.characters), 0) AS characters,
  count(CASE WHEN drafts.length_flag = 'over_hard' THEN 1 END) AS overlong,
  count(CASE WHEN drafts.duplicate_count > 0 THEN 1 END) AS with_duplicates,
  count(CASE WHEN drafts.draft_id IS NOT NULL AND drafts.theme_code IS NULL THEN 1 END)
    AS undecided,
  min(drafts.received_on) AS first_received_on,
  max(drafts.received_on) AS last_received_on
FROM unit LEFT JOIN drafts ON drafts.unit_id = unit.id
GROUP BY unit.id
"""

_THEMES_BY_UNIT = """
CREATE VIEW themes_by_unit AS
SELECT
  unit,
  unit_group,
  received_month,
  theme_code,
  theme,
  category,
  count(*) AS drafts,
  avg(theme_probability) AS mean_probability
FROM drafts
GROUP BY unit_id, received_month, theme_code
"""

_FILES = """
CREATE VIEW files AS
SELECT
  manuscript.id AS manuscript_id,
  unit.name AS unit,
  manuscript.unit_given,
  manuscript.name AS file_name,
  manuscript.format,
  manuscript.state,
  manuscript.reason,
  manuscript.received_on,
  (SELECT count(*) FROM draft WHERE draft.manuscript_id = manuscript.id) AS drafts,
  _blob.size,
  manuscript.sha256,
  manuscript.source,
  (SELECT archive.name FROM manuscript AS archive WHERE archive.id = manuscript.archive_id)
    AS archive_name,
  manuscript.run_id
FROM manuscript
LEFT JOIN unit ON unit.id = manuscript.unit_id
LEFT JOIN _blob ON _blob.sha256 = manuscript.sha256
"""

# A refused file whose place holds a later version is not waiting for anybody any more.
_REFUSED_FILES = """
CREATE VIEW refused_files AS
SELECT
  manuscript.id AS manuscript_id,
  unit.name AS unit,
  manuscript.unit_given,
  manuscript.name AS file_name,
  manuscript.reason,
  manuscript.detail,
  manuscript.attempts,
  manuscript.state,
  manuscript.received_on,
  manuscript.source
FROM manuscript LEFT JOIN unit ON unit.id = manuscript.unit_id
WHERE manuscript.reason <> '' AND manuscript.state <> 'read'
  AND NOT EXISTS (
    SELECT 1 FROM manuscript AS later
    WHERE later.source = manuscript.source AND later.id > manuscript.id)
"""

_DUPLICATES = f"""
CREATE VIEW duplicates AS
SELECT
  pair.kind,
  max(pair.cover_a, pair.cover_b) AS cover,
  pair.cover_a,
  pair.cover_b,
  pair.shared_characters,
  pair.longest,
  pair.direction,
  a.title AS title_a,
  b.title AS title_b,
  a.unit AS unit_a,
  b.unit AS unit_b,
  a.received_on AS received_on_a,
  b.received_on AS received_on_b,
  nullif({VERDICT}, '') AS verdict,
  pair.draft_a,
  pair.draft_b
FROM duplicate_pair AS pair
JOIN drafts AS a ON a.draft_id = pair.draft_a
JOIN drafts AS b ON b.draft_id = pair.draft_b
UNION ALL
SELECT
  '已刊发', max(cover, item_cover), item_cover, cover, shared_characters, longest, 'a_to_b',
  printed_title, title, outlet, unit, published_on, received_on, NULL, NULL, draft_id
FROM already_printed
"""

_FLAGS_BY_KIND = """
CREATE VIEW flags_by_kind AS
SELECT kind, severity, count(DISTINCT draft_id) AS drafts, count(*) AS flags
FROM flag
GROUP BY kind, severity
"""

_RUNS = """
CREATE VIEW runs AS
SELECT
  run.id AS run_id,
  datetime(run.started_at, '+8 hours') AS started,
  datetime(run.ended_at, '+8 hours') AS ended,
  run.how,
  run.outcome,
  run.inbox,
  (SELECT count(*) FROM manuscript WHERE manuscript.run_id = run.id) AS new_files,
  (SELECT count(*) FROM _manuscript_event AS event
    WHERE event.run_id = run.id AND event.kind = 'read') AS read_files,
  (SELECT count(*) FROM _manuscript_event AS event
    WHERE event.run_id = run.id AND event.kind = 'refused') AS refused_files,
  (SELECT count(*) FROM draft WHERE draft.run_id = run.id) AS drafts,
  run.flow_run_id
FROM run
"""

VIEWS: dict[str, str] = {
    "drafts": _DRAFTS,
    "current_tags": CURRENT_TAGS,
    "decisions": DECISIONS,
    "models": MODELS,
    "four_groups": _FOUR_GROUPS,
    "draft_texts": _DRAFT_TEXTS,
    "drafts_by_unit": _DRAFTS_BY_UNIT,
    "themes_by_unit": _THEMES_BY_UNIT,
    "files": _FILES,
    "refused_files": _REFUSED_FILES,
    **PRINTED_VIEWS,
    "duplicates": _DUPLICATES,
    **REUSE_VIEWS,
    **ADOPTION_VIEWS,
    **DESK_VIEWS,
    **STATISTICS_VIEWS,
    "flags_by_kind": _FLAGS_BY_KIND,
    "runs": _RUNS,
}
"""View → its CREATE statement, each after those that it reads."""
