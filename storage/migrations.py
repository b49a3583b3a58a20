"""The schema's history: each step once, in order, recorded in the database by sqlite-utils.

A step that has been released is never edited; a change is a new step at the end. Views hold no
data, so a step that changes one drops and creates them all (:func:`replace_views`).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database, Migrations

from storage.clusters import join_all
from storage.schema import TABLES
from storage.schema_adoption import STATEMENTS as ADOPTION
from storage.schema_assessment import STATEMENTS as ASSESSMENT
from storage.schema_clusters import STATEMENTS as CLUSTERS
from storage.schema_composing import OF_DRAFTS as EDITED_DRAFTS
from storage.schema_composing import STATEMENTS as COMPOSING
from storage.schema_decisions import STATEMENTS as DECISIONS
from storage.schema_desk import ORDERS as DESK_ORDERS
from storage.schema_desk import REASONS_IN_ORDER
from storage.schema_desk import STATEMENTS as DESK
from storage.schema_erasure import STATEMENTS as ERASURE
from storage.schema_erasure import words_may_go
from storage.schema_models import CHOICES
from storage.schema_models import STATEMENTS as MODELS
from storage.schema_printed import STATEMENTS as PRINTED
from storage.schema_reuse import STATEMENTS
from storage.schema_uploads import STATEMENTS as UPLOADS
from storage.schema_users import STATEMENTS as USERS
from storage.search import index_stored
from storage.views import VIEWS

MIGRATIONS = Migrations("zugao")


@MIGRATIONS()
def m001_tables(db: Database) -> None:
    """Units, manuscripts, drafts, tags, flags, runs."""
    _run(db, TABLES)


@MIGRATIONS()
def m002_reuse(db: Database) -> None:
    """Fingerprints and duplicate pairs."""
    _run(db, STATEMENTS)


@MIGRATIONS()
def m003_views(db: Database) -> None:
    """What analysts read."""
    replace_views(db)


@MIGRATIONS()
def m004_decisions(db: Database) -> None:
    """Decisions of editors; tags of focus; retired aspects."""
    drop_views(db)  # a table that views read cannot be made anew under them
    _run(db, DECISIONS)
    replace_views(db)


@MIGRATIONS()
def m005_models(db: Database) -> None:
    """The record of trained models."""
    _run(db, MODELS)
    replace_views(db)


@MIGRATIONS()
def m006_clusters(db: Database) -> None:
    """Clusters of one piece; which of a pair was merged from the other; 已刊发 as a kind."""
    drop_views(db)
    _run(db, CLUSTERS)
    join_all(db.conn)
    replace_views(db)


@MIGRATIONS()
def m007_adoption(db: Database) -> None:
    """Outlets, printed issues, events after review, rule profiles, awards, bulletins."""
    _run(db, ADOPTION)
    replace_views(db)


@MIGRATIONS()
def m008_users(db: Database) -> None:
    """Accounts of the desk, their sessions, the log of what was done."""
    _run(db, USERS)


@MIGRATIONS()
def m009_statistics(db: Database) -> None:
    """Composite assessments; the views of statistics."""
    _run(db, ASSESSMENT)
    replace_views(db)


@MIGRATIONS()
def m010_desk(db: Database) -> None:
    """The desk's queue and search; reasons, assignments, notes, verdicts on pairs."""
    _run(db, DESK)
    index_stored(db.conn)
    replace_views(db)


@MIGRATIONS()
def m011_printed(db: Database) -> None:
    """Files of the issues folder, indexes of printed items and titles, 已刊发."""
    _run(db, PRINTED)
    replace_views(db)


@MIGRATIONS()
def m013_composing(db: Database) -> None:
    """What is planned for an issue, and edited texts."""
    _run(db, COMPOSING)


@MIGRATIONS()
def m012_models_by_hand(db: Database) -> None:
    """Models that a person chose, the built-in one among them."""
    drop_views(db)
    _run(db, CHOICES)
    replace_views(db)


@MIGRATIONS()
def m014_desk_orders(db: Database) -> None:
    """Indexes for the queue in the order of arrival."""
    _run(db, DESK_ORDERS)


@MIGRATIONS()
def m015_uploads(db: Database) -> None:
    """Files that units sent through the desk."""
    _run(db, UPLOADS)


@MIGRATIONS()
def m016_places_by_day(db: Database) -> None:
    """The register names what outlets without numbers printed by its day."""
    replace_views(db)


@MIGRATIONS()
def m017_erasure(db: Database) -> None:
    """The trace of what was erased, and words of appended rows that may go."""
    _run(db, ERASURE)


@MIGRATIONS()
def m018_edited_drafts(db: Database) -> None:
    """Texts edited on a draft's own page; the order of reasons."""
    drop_views(db)
    _run(db, (*EDITED_DRAFTS, *words_may_go("edited_text"), REASONS_IN_ORDER))
    replace_views(db)


def replace_views(db: Database) -> None:
    """Drop every view of ours and create the present ones, inside the caller's transaction."""
    drop_views(db)
    _run(db, VIEWS.values())


def drop_views(db: Database) -> None:
    """Drop every view of ours."""
    for name in db.view_names():
        db.conn.execute(f'DROP VIEW "{name}"')


def is_newer(db: Database) -> bool:
    """Whether the database holds steps that this version does not know."""
    nothing = Database(memory=True)
    known = {step.name for step in MIGRATIONS.pending(nothing)}
    nothing.close()
    return any(step.name not in known for step in MIGRATIONS.applied(db))


def _run(db: Database, statements: Iterable[str]) -> None:
    for statement in statements:
        db.conn.execute(statement)
