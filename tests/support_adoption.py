"""A small office for the tests of adoption: units, drafts, outlets, issues with items."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from storage.aspects import remember_aspects
from storage.commit import commit_batch
from storage.connection import open_database, write
from storage.issues import add_issue, add_item
from storage.ledger import receive
from storage.outlets import OutletRow, import_outlets
from storage.runs import start_run
from storage.units import UnitRow, import_units
from storage.views_adoption import VIEWS
from tests.support_storage import ASPECTS, draft, findings, outcome, submission

RECEIVED = date(2026, 9, 1)
PRINTED = date(2026, 9, 15)

UNITS = (
    UnitRow("临溪县委组织部", "县区", aliases=("临溪县",)),
    UnitRow("望岚县委组织部", "县区"),
    UnitRow("望岚县石鼓岭镇党委", "县区", "望岚县委组织部"),
    UnitRow("云泽市委党校", "市直"),
)
OUTLETS = (
    OutletRow("云泽组工信息", {"kind": "内刊", "level": "市"}, ("组工信息",)),
    OutletRow("江岚组工通讯", {"kind": "刊物", "level": "省"}),
    OutletRow("九州组工研究", {"kind": "刊物", "level": "中央"}),
)
BODIES = (
    "院坝议事办实事十二件，村里的事村民说了算",
    "选调生到村历练两年，帮办代办跑出了新路子",
    "网格员上门代办，老人小孩的事一次办成",
    "楼道党小组把晾衣架修好，邻里矛盾少了一半",
    "夜校开到厂区，技工师傅走上讲台讲安全",
)
DRAFTS = (1, 1, 2, 3, None)
"""Units of the drafts 1–5."""


def make_office(path: Path) -> Database:
    """A copy of the office that :func:`build_office` builds, in place of what was at ``path``."""
    path.write_bytes(_built())
    return open_database(path)


@cache
def _built() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "zugao.db"
        build_office(path).close()
        return path.read_bytes()


def build_office(path: Path) -> Database:
    """Units 1–4, drafts 1–5 received on RECEIVED, outlets 1–3.

    Issue 1: outlet 1, number 23, PRINTED, items 1 and 2; issue 2: outlet 2, not printed, item 3;
    issue 3: outlet 1, number 20, printed before anything was received, item 4.
    """
    db = open_database(path)
    remember_aspects(db, ASPECTS, "t1")
    import_units(db, UNITS)
    run = start_run(db, "direct", "/inbox")
    files = [
        submission(f"{n}.docx", unit_id=unit, unit="" if unit else "不知道")
        for n, unit in enumerate(DRAFTS, start=1)
    ]
    receive(db, files, run)
    for n, body in enumerate(BODIES, start=1):
        commit_batch(db, run, [outcome(n, draft(f"题目{n}", body=body), found=[findings()])])
    with write(db) as conn:
        conn.execute("UPDATE manuscript SET received_at = ?", (f"{RECEIVED}T01:00:00.000Z",))
    import_outlets(db, OUTLETS)
    issue = add_issue(db, 1, "23", PRINTED)
    add_item(db, issue, "村里的事村民议")
    add_item(db, issue, "两县探索新路子")
    add_item(db, add_issue(db, 2, "9", None, state="composing"), "基层动态")
    add_item(db, add_issue(db, 1, "20", date(2026, 8, 20)), "早先的一条")
    return db


def seen(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """What every view shows that is not the log itself."""
    names = [name for name in db.view_names() if name not in ("events",)]
    assert set(VIEWS) - {"events"} <= set(names)
    return {name: db.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def adopted(db: Database) -> list[tuple[object, ...]]:
    """Draft, item, unit, level, day, form and share of the adoptions that count."""
    return db.execute(
        "SELECT draft_id, item_id, unit, level, published_on, form, share FROM adoptions"
        " ORDER BY adoption_id"
    ).fetchall()
