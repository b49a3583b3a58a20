"""A working folder with the sample units, outlets and drafts, and the truth about the issues."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from flows.direct import intake_directly
from nlp.text import fold
from storage.connection import Database, open_database, raw, write
from storage.outlet_files import read_outlets
from storage.outlets import import_outlets
from zugao.setting_up import set_up
from zugao.settings import Settings, load_settings


def quiet(step: str, done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a printed item was made from: draft → share."""

    title: str
    how: str
    shares: dict[int, float]


def make_home(home: Path, root: Path) -> Settings:
    """A folder with the sample units and outlets, and no drafts."""
    list(set_up(home, units=root / "samples/units.csv"))
    settings = load_settings(home)
    db = open_database(settings.database)
    import_outlets(db, read_outlets(root / "samples/outlets.csv")[0])
    db.close()
    return settings


def take_drafts(settings: Settings, root: Path) -> None:
    """Take the sample inbox in, each draft as if received on the day that it bears."""
    intake_directly(settings, root / "samples/inbox", quiet, wait=False)
    db = open_database(settings.database)
    with write(db) as conn:
        conn.execute(
            "UPDATE manuscript SET received_at = coalesce((SELECT max(dated) FROM draft"
            " WHERE manuscript_id = manuscript.id AND length(dated) = 10), '2026-05-01')"
            " || 'T04:00:00.000Z'"
        )
    db.close()


def truth_of(db: Database, root: Path) -> dict[int, Truth]:
    """Stored item → the truth about it, in the order in which they stand in their files."""
    conn = raw(db)
    drafts = {
        (source, piece): id_
        for id_, source, piece in conn.execute(
            "SELECT draft.id, source, position FROM draft"
            " JOIN manuscript ON manuscript.id = manuscript_id"
        )
    }
    items: dict[tuple[str, str], list[int]] = {}
    for id_, title, file in conn.execute(
        "SELECT item.id, item.title, issue.source FROM printed_item AS item"
        " JOIN issue ON issue.id = issue_id ORDER BY item.id"
    ):
        items.setdefault((file, fold(title).text), []).append(id_)
    found: dict[int, Truth] = {}
    for known in json.loads((root / "samples/printed/truth.json").read_text("utf-8")):
        (item,) = items[known["file"], fold(known["title"]).text]
        shares = {drafts[s["place"], s["piece"]]: s["share"] for s in known["sources"]}
        found[item] = Truth(known["title"], known["how"], shares)
    return found
