"""What the database answers: the summary of a run, the facts of a draft, the export, the views."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from nlp.types import Flag, Refusal
from storage.aspects import remember_aspects
from storage.commit import Outcome, commit_batch
from storage.connection import open_database, write
from storage.facts import draft_facts, export_rows
from storage.ledger import receive
from storage.periods import parse_period
from storage.questions import RunSummary, run_summary
from storage.runs import finish_run, start_run
from storage.units import UnitRow, import_units
from tests.support_storage import ASPECTS, draft, findings, outcome, submission

LONG = Flag("over_hard", "warn", "正文1834字，超过上限1500字334字", 0, 9, 1834, 1500)
HINT = Flag("missing_signature", "info", "没有落款")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Two runs: the first takes in one draft, the second five files of three units."""
    db = open_database(tmp_path / "zugao.db")
    import_units(
        db,
        [
            UnitRow("临溪县委组织部", "县区"),
            UnitRow("沅北县委组织部", "县区"),
            UnitRow("市委党校", "市直"),
        ],
    )
    remember_aspects(db, ASPECTS, "t1")
    first = start_run(db, "direct", "/inbox")
    receive(db, [submission("旧稿.docx", unit_id=1)], first)
    commit_batch(db, first, [outcome(1, draft("议事"), found=[findings(exact="a" * 32)])])
    finish_run(db, first, "completed", {"files": 1})
    second = start_run(db, "prefect", "/inbox", flow_run_id="f2")
    names = ("抄来.docx", "两篇.docx", "宏.docm", "慢.docx", "无名.docx")
    units = (2, 1, 1, 3, None)
    receive(db, [submission(n, unit_id=u) for n, u in zip(names, units, strict=True)], second)
    pair = [draft("甲", position=1), draft("乙", position=2)]
    commit_batch(
        db,
        second,
        [
            outcome(2, draft("议事"), found=[findings(exact="a" * 32, flags=(LONG, HINT))]),
            outcome(3, *pair, found=[findings(theme="C2"), findings(theme="", flags=(HINT,))]),
            Outcome(4, refusal=Refusal("macro", "vbaProject.bin")),
            Outcome(5, refusal=Refusal("timeout", "60 s")),
            outcome(6, draft("丙"), found=[findings(theme="")]),
        ],
    )
    finish_run(db, second, "refusals", {"files": 6, "known": 1})
    yield db
    db.close()


@pytest.fixture
def summary(db: Database) -> RunSummary:
    return run_summary(db, 2)


def test_summary_counts(summary: RunSummary) -> None:
    assert summary.run["outcome"] == "refusals"
    assert summary.run["counts"] == {"files": 6, "known": 1}
    assert (summary.new, summary.read, summary.drafts) == (5, 3, 4)
    assert summary.characters == sum(draft(t).characters for t in ("议事", "甲", "乙", "丙"))


def test_summary_refusals(summary: RunSummary) -> None:
    assert [tuple(row.values()) for row in summary.refused] == [
        (4, "宏.docm", "临溪县委组织部", "临溪县", "macro", "vbaProject.bin", 0),
        (5, "慢.docx", "市委党校", "临溪县", "timeout", "60 s", 1),
    ]
    assert summary.reasons == [{"reason": "macro", "files": 1}, {"reason": "timeout", "files": 1}]


def test_summary_by_unit_theme_genre_and_flag(summary: RunSummary) -> None:
    lengths = {t: draft(t).characters for t in ("议事", "甲", "乙", "丙")}
    assert [tuple(row.values()) for row in summary.units] == [
        (1, "临溪县委组织部", "县区", 2, lengths["甲"] + lengths["乙"], 0, 0),
        (2, "沅北县委组织部", "县区", 1, lengths["议事"], 1, 1),
        (None, None, None, 1, lengths["丙"], 0, 0),
    ]
    assert [tuple(row.values()) for row in summary.themes] == [
        ("A1", "农村党建", "基层党建", 1, 0.7),
        ("C2", "年轻干部培养", "干部队伍", 1, 0.2),
        (None, None, None, 2, None),
    ]
    assert summary.genres == [{"genre": "经验", "drafts": 4}]
    assert [tuple(row.values()) for row in summary.flags] == [
        ("over_hard", "warn", 1),
        ("unknown_unit", "warn", 1),
        ("missing_signature", "info", 2),
    ]


def test_summary_pairs_belong_to_the_run_of_the_later_draft(
    db: Database, summary: RunSummary
) -> None:
    assert run_summary(db, 1).pairs == []
    (pair,) = summary.pairs
    assert {k: pair[k] for k in ("draft_a", "draft_b", "title_a", "title_b", "unit_b")} == {
        "draft_a": 1, "draft_b": 2, "title_a": "议事", "title_b": "议事",
        "unit_b": "沅北县委组织部",
    }  # fmt: skip
    assert summary.pair_kinds == [{"kind": pair["kind"], "pairs": 1}]


def test_a_file_postponed_and_then_read_is_not_refused(db: Database) -> None:
    commit_batch(db, 2, [outcome(5)])
    assert [row["name"] for row in run_summary(db, 2).refused] == ["宏.docm"]


def test_no_such_run(db: Database) -> None:
    with pytest.raises(KeyError):
        run_summary(db, 99)


def test_facts_of_a_draft(db: Database) -> None:
    facts = draft_facts(db, 2)
    assert facts is not None
    piece = draft("议事")
    assert facts["text"] == piece.text
    assert facts["paragraphs"] == [
        {"role": p.role, "label": p.label, "text": p.text, "level": p.level}
        for p in piece.paragraphs
    ]
    wanted = {
        "draft_id": 2, "unit": "沅北县委组织部", "theme_name": "农村党建", "attachments": ["名单"],
        "file_name": "抄来.docx", "format": "docx",
    }  # fmt: skip
    assert {key: facts[key] for key in wanted} == wanted
    tags, flags, pairs, history = (facts[key] for key in ("tags", "flags", "pairs", "history"))
    assert isinstance(tags, list)
    assert [(t["kind"], t["code"], t["name"]) for t in tags] == [
        ("theme", "A1", "农村党建"),
        ("nearest", "A1", "农村党建"),
        ("nearest", "C2", "年轻干部培养"),
        ("genre", "经验", None),
        ("keyword", "议事", None),
        ("keyword", "院坝", None),
    ]
    assert tags[0]["terms"] == [["村", 0, 1, 1.5]]
    assert isinstance(flags, list)
    assert [f["kind"] for f in flags] == ["over_hard", "missing_signature"]
    assert isinstance(pairs, list)
    assert [(p["other_id"], p["other_title"], p["cover"]) for p in pairs] == [(1, "议事", 1.0)]
    assert isinstance(history, list)
    assert [h["kind"] for h in history] == ["received", "read"]


def test_no_such_draft(db: Database) -> None:
    assert draft_facts(db, 99) is None


def test_both_drafts_of_a_pair_see_it_from_their_side(db: Database) -> None:
    with write(db) as conn:
        conn.execute(
            "UPDATE duplicate_pair SET cover_a = 0.25, cover_b = 0.5, direction = 'a_to_b',"
            " spans = '[[1, 2, 3, 4, \"reuse\"]]'"
        )
    views = []
    for id_ in (1, 2):
        facts = draft_facts(db, id_)
        assert facts is not None
        assert isinstance(facts["pairs"], list)
        (pair,) = facts["pairs"]
        views.append([pair[k] for k in ("other_id", "cover", "other_cover", "direction", "spans")])
    assert views == [
        [2, 0.25, 0.5, "given", [[1, 2, 3, 4, "reuse"]]],
        [1, 0.5, 0.25, "taken", [[3, 4, 1, 2, "reuse"]]],
    ]


def test_export_has_every_draft_in_order(db: Database) -> None:
    rows = list(export_rows(db))
    assert [row["draft_id"] for row in rows] == [1, 2, 3, 4, 5]
    assert [len(list(row["tags"])) for row in rows] == [6, 6, 6, 5, 5]  # type: ignore[call-overload]
    assert [(row["unit"], row["theme"]) for row in rows[-2:]] == [
        ("临溪县委组织部", None),
        (None, None),
    ]


def receive_at(db: Database, manuscript_id: int, moment: str) -> None:
    with write(db) as conn:
        conn.execute("UPDATE manuscript SET received_at = ? WHERE id = ?", (moment, manuscript_id))


def test_31_december_belongs_to_its_year_in_shanghai(db: Database) -> None:
    receive_at(db, 1, "2026-12-31T15:59:59.999Z")  # 23:59:59 in Shanghai
    receive_at(db, 2, "2026-12-31T16:00:00.000Z")  # midnight
    receive_at(db, 3, "2026-09-30T15:59:59.999Z")
    receive_at(db, 6, "2027-01-31T16:00:00.000Z")
    days = {r["draft_id"]: (r["received_on"], r["received_year"], r["received_month"])
            for r in db["drafts"].rows}  # fmt: skip
    assert days[1] == ("2026-12-31", 2026, "2026-12")
    assert days[2] == ("2027-01-01", 2027, "2027-01")
    periods = {text: [row["draft_id"] for row in export_rows(db, parse_period(text))]
               for text in ("2026", "2026Q4", "2026Q3", "2027-01", "2027-02")}  # fmt: skip
    assert periods == {
        "2026": [1, 3, 4], "2026Q4": [1], "2026Q3": [3, 4], "2027-01": [2], "2027-02": [5],
    }  # fmt: skip


def test_period_of_the_view_uses_the_index(db: Database) -> None:
    plan = db.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM drafts"
        " WHERE received_on >= '2026' AND received_on < '2027'"
    ).fetchall()
    assert any("manuscript_by_day" in row[3] for row in plan)


def view(db: Database, sql: str) -> list[tuple[object, ...]]:
    return db.execute(sql).fetchall()


def test_views(db: Database) -> None:
    assert view(
        db, "SELECT draft_id, theme, category, length_flag, flag_count, duplicate_count FROM drafts"
        " ORDER BY draft_id"
    ) == [
        (1, "农村党建", "基层党建", None, 0, 1),
        (2, "农村党建", "基层党建", "over_hard", 1, 1),
        (3, "年轻干部培养", "干部队伍", None, 0, 0),
        (4, None, None, None, 0, 0),
        (5, None, None, None, 1, 0),
    ]  # fmt: skip
    assert view(
        db, "SELECT unit, drafts, overlong, with_duplicates, undecided FROM drafts_by_unit"
        " ORDER BY unit_id"
    ) == [
        ("临溪县委组织部", 3, 0, 1, 1),
        ("沅北县委组织部", 1, 1, 1, 0),
        ("市委党校", 0, 0, 0, 0),
    ]  # fmt: skip
    assert view(
        db, "SELECT unit, theme_code, drafts, mean_probability FROM themes_by_unit"
        " ORDER BY unit, theme_code"
    ) == [
        (None, None, 1, None),
        ("临溪县委组织部", None, 1, None),
        ("临溪县委组织部", "A1", 1, 0.7),
        ("临溪县委组织部", "C2", 1, 0.2),
        ("沅北县委组织部", "A1", 1, 0.7),
    ]  # fmt: skip
    assert view(db, "SELECT file_name, state, drafts FROM files ORDER BY manuscript_id") == [
        ("旧稿.docx", "read", 1),
        ("抄来.docx", "read", 1),
        ("两篇.docx", "read", 2),
        ("宏.docm", "refused", 0),
        ("慢.docx", "received", 0),
        ("无名.docx", "read", 1),
    ]
    assert view(db, "SELECT file_name, reason, attempts, state FROM refused_files") == [
        ("宏.docm", "macro", 1, "refused"),
        ("慢.docx", "timeout", 1, "received"),
    ]
    assert view(db, "SELECT draft_a, draft_b, cover, unit_a, unit_b FROM duplicates") == [
        (1, 2, 1.0, "临溪县委组织部", "沅北县委组织部")
    ]
    assert view(db, "SELECT kind, severity, drafts, flags FROM flags_by_kind ORDER BY kind") == [
        ("missing_signature", "info", 2, 2),
        ("over_hard", "warn", 1, 1),
        ("unknown_unit", "warn", 1, 1),
    ]
    assert view(
        db, "SELECT run_id, how, outcome, new_files, read_files, refused_files, drafts FROM runs"
    ) == [
        (1, "direct", "completed", 1, 1, 0, 1),
        (2, "prefect", "refusals", 5, 3, 1, 4),
    ]  # fmt: skip
    assert view(db, "SELECT draft_id FROM draft_texts WHERE text LIKE '%院坝%' LIMIT 1") == [(1,)]


def test_a_quotation_is_no_duplicate(db: Database) -> None:
    with write(db) as conn:
        conn.execute("UPDATE duplicate_pair SET kind = '引用'")
    assert view(db, "SELECT sum(duplicate_count) FROM drafts") == [(0,)]
