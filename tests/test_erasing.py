"""Erasing: words are gone from every byte of the working folder; rows, adoptions, points stay."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlite_utils import Database

import flows.erasing_step as step
from flows.direct import intake_directly
from flows.erasing import erase_expired
from flows.office import open_office, sole_run
from storage import audit
from storage.awards import settle
from storage.backup import back_up
from storage.blobs import BlobStore
from storage.connection import open_database, raw, write
from storage.decisions import labelled
from storage.driver import sqlite3
from storage.erasing import erase_drafts, erasing, trace
from storage.erasing_person import named
from storage.errors import RefusedError
from storage.events import adopt
from storage.handling import add_note
from storage.issues import add_issue, add_item
from storage.outlets import OutletRow, import_outlets
from storage.periods import Period
from storage.profiles import profiles
from storage.retag import all_drafts
from storage.schema_erasure import WORDS
from storage.scrubbing import scrub
from storage.search import match_expression
from tests.support_files import docx, zipped
from zugao.cli import main
from zugao.setting_up import set_up
from zugao.settings import Settings, default_toml, load_settings

TITLE = "桂子街道“绣球议事”试点"
SECRET = "住在绣球里七栋的独居老人由楼长每日敲门探望"
WORD = "zqxjkv"
PHONE = "13987654321"
PERSON = "牟小瓯"
OTHERS = "沅北县把党课搬到果园里，果农围坐树下听讲，一个下午讲清了三件事，散会后还有人追着问。"
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with three drafts: one that holds secrets, one of another unit, one from a zip."""
    home = tmp_path_factory.mktemp("office") / "home"
    list(set_up(home, units=None))
    inbox = home / "收件箱"
    (inbox / f"{TITLE}.docx").write_bytes(
        docx(
            TITLE, f"（作者：{PERSON}、陈小满）",
            f"今年以来，桂子街道党工委探索议事协商，{SECRET}，代号{WORD}。联系人本人电话{PHONE}。",
            f"{PERSON}说，邻里之间多说一句话，许多难事就有了着落，大家都愿意来坐一坐。",
        )
    )  # fmt: skip
    (inbox / "果园党课.docx").write_bytes(docx("果园党课受欢迎", OTHERS, f"讲课的是{PERSON}。"))
    (inbox / "包.zip").write_bytes(zipped({"议事桌.docx": docx("议事桌摆到院坝里", OTHERS[::-1])}))
    settings = load_settings(home)
    intake_directly(settings, inbox, lambda *_: None, wait=False)
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    target = tmp_path / "home"
    shutil.copytree(built, target)
    with closing(open_database(target / "zugao.db")) as db, write(db) as conn:
        conn.execute("UPDATE run SET inbox = ?", (str(target / "收件箱"),))
        conn.execute("UPDATE _seen SET path = replace(path, ?, ?)", (str(built), str(target)))
    return target


@pytest.fixture
def db(home: Path) -> Iterator[Database]:
    with closing(open_database(home / "zugao.db")) as db:
        yield db


def zugao(home: Path, *args: str, text: str = "") -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *args], input=text)


def secret_draft(db: Database) -> int:
    return int(raw(db).execute("SELECT id FROM draft WHERE title = ?", (TITLE,)).fetchone()[0])


def holding(folder: Path, word: str) -> list[str]:
    """Files under ``folder``, the database's log among them, that hold the word in their bytes."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.name for path in found if word.encode() in path.read_bytes())


def original(home: Path, db: Database, id_: int) -> Path:
    sql = "SELECT sha256 FROM manuscript JOIN draft ON manuscript_id = manuscript.id"
    (digest,) = raw(db).execute(f"{sql} WHERE draft.id = ?", (id_,)).fetchone()
    return home / "originals" / digest[:2] / digest


def adopted(db: Database, id_: int) -> int:
    """Adopt the draft and reckon its points; the profile's number."""
    import_outlets(db, [OutletRow("云泽组工信息", {"kind": "内刊", "level": "市"}, ())])
    with write(db) as conn:
        conn.execute("INSERT INTO unit (id, name) VALUES (1, '清漪区委组织部')")
        conn.execute("UPDATE draft SET unit_id = 1")
    issue = add_issue(db, 1, "9", date(2026, 9, 15))
    adopt(db, id_, add_item(db, issue, "绣球议事见成效"))
    profile = profiles(db)[0].id
    assert settle(db, profile, YEAR, on=date(2026, 12, 31)).added > 0
    return profile


def test_every_word_goes_and_every_figure_stays(home: Path, db: Database) -> None:
    id_ = secret_draft(db)
    profile = adopted(db, id_)
    add_note(db, id_, f"请核对{SECRET}", who="王审读")
    figures = "SELECT * FROM unit_months", "SELECT award_id, author, points FROM awards"
    before = [raw(db).execute(sql).fetchall() for sql in figures]
    words = (SECRET, TITLE, PHONE)
    assert all(holding(home, word) for word in words)  # the control: they are found where they are
    assert original(home, db, id_).exists()
    (home / "收件箱" / f"{TITLE}.docx").unlink()
    db.close()
    done = zugao(home, "erase", str(id_), "--why", "报送单位撤回", "--who", "办公室", "--yes")
    assert done.exit_code == 0, done.output
    assert "已删去 1 篇稿件的文字，删除原件 1 个。" in done.output
    assert "备份里的文字这里删不到" in done.output
    assert {word: holding(home, word) for word in words} == {word: [] for word in words}
    with closing(open_database(home / "zugao.db")) as db:
        assert not original(home, db, id_).exists()
        assert [raw(db).execute(sql).fetchall() for sql in figures] == before
        settled = settle(db, profile, YEAR, on=date(2026, 12, 31))
        assert (settled.added, settled.reversed) == (0, 0)
        row = raw(db).execute("SELECT draft_id, kind, digest, why, who FROM erasure").fetchall()
        assert [r[:2] + r[3:] for r in row] == [(id_, "draft", "报送单位撤回", "办公室")]
        assert len(row[0][2]) == 64
        assert audit.verify(db).broken is None
        assert raw(db).execute("SELECT kind FROM audit").fetchall() == [("erase",)]
        assert raw(db).execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw(db).execute("PRAGMA foreign_key_check").fetchall() == []


def test_without_writing_the_file_anew_the_words_would_still_be_in_it(
    home: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above: rows that say nothing are no proof of a clean file."""
    id_ = secret_draft(db)  # ``db`` stays open, as the desk's connection would
    monkeypatch.setattr(step, "scrub", lambda db: True)
    assert zugao(home, "erase", str(id_), "--why", "x", "--yes").exit_code == 0
    assert raw(db).execute(
        "SELECT text FROM draft_texts WHERE draft_id = ?", (id_,)
    ).fetchone() == ("",)
    assert holding(home, SECRET) != []
    monkeypatch.undo()
    assert zugao(home, "erase", str(id_), "--why", "x", "--yes").exit_code == 0
    assert holding(home, SECRET) == []


def test_a_reader_that_does_not_end_is_told_of(home: Path, db: Database) -> None:
    with closing(open_database(home / "zugao.db", readonly=True)) as reader:
        cursor = raw(reader).execute("SELECT * FROM _fingerprint")
        assert cursor.fetchone()
        erase_drafts(db, [secret_draft(db)], kind="draft", why="x", who="")
        raw(db).execute("PRAGMA busy_timeout=50")
        assert not scrub(db)
        cursor.close()
        assert scrub(db)
    assert holding(home, SECRET[3:]) == []


def test_no_index_knows_the_draft_any_more(db: Database) -> None:
    id_ = secret_draft(db)

    def found() -> list[int]:
        sql = "SELECT rowid FROM _search WHERE _search MATCH ?"
        return [row[0] for row in raw(db).execute(sql, (match_expression(WORD),))]

    def prints() -> int:
        sql = "SELECT count(*) FROM _fingerprint WHERE draft_id = ?"
        return int(raw(db).execute(sql, (id_,)).fetchone()[0])

    assert found() == [id_]
    assert prints() > 0
    assert id_ in {one for batch in all_drafts(db) for one, *_ in batch}
    erase_drafts(db, [id_], kind="draft", why="x", who="")
    assert found() == []
    assert prints() == 0
    assert id_ not in {one for batch in all_drafts(db) for one, *_ in batch}
    scrub(db)
    raw(db).execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, _search, row)")
    terms = {row[0] for row in raw(db).execute("SELECT term FROM terms")}
    assert WORD not in terms
    assert "果农" in terms  # the control: the others' are there


def test_the_heir_of_an_equal_text_keeps_its_fingerprints(home: Path) -> None:
    copy = docx("果园党课受欢迎", OTHERS, f"讲课的是{PERSON}。", "另发。")
    (home / "收件箱" / "又一份.docx").write_bytes(copy)
    settings = load_settings(home)
    intake_directly(settings, home / "收件箱", lambda *_: None, wait=False)
    with closing(open_database(home / "zugao.db")) as db:
        first, second = (
            raw(db)
            .execute(
                "SELECT min(draft_id), max(draft_id) FROM draft_texts WHERE title LIKE '果园党课%'"
            )
            .fetchone()
        )
        erase_drafts(db, [first], kind="draft", why="x", who="")
        held = {row[0] for row in raw(db).execute("SELECT DISTINCT draft_id FROM _fingerprint")}
        assert second in held
        assert first not in held


def test_a_person_becomes_a_number_and_points_add_up(home: Path, db: Database) -> None:
    id_ = secret_draft(db)
    profile = adopted(db, id_)
    before = raw(db).execute("SELECT author, sum(points) FROM awards GROUP BY author").fetchall()
    assert [name for name, _ in before] == sorted([PERSON, "陈小满"])
    assert len(named(db, PERSON).drafts) == 2
    for file in (f"{TITLE}.docx", "果园党课.docx"):
        (home / "收件箱" / file).unlink()
    (text,) = raw(db).execute("SELECT text FROM _draft_text WHERE draft_id=?", (id_,)).fetchone()
    db.close()
    done = zugao(home, "erase", "--person", PERSON, "--why", "本人申请", "--yes")
    assert done.exit_code == 0, done.output
    assert "2 篇稿件里的这个姓名已删去，删除原件 2 个。" in done.output
    assert holding(home, PERSON) == []
    with closing(open_database(home / "zugao.db")) as db:
        row = (
            raw(db)
            .execute(
                "SELECT author, text, title FROM draft JOIN _draft_text ON draft_id=id WHERE id=?",
                (id_,),
            )
            .fetchone()
        )
        assert row == ("已删除人员1、陈小满", text.replace(PERSON, "某某某"), TITLE)
        after = dict(raw(db).execute("SELECT author, sum(points) FROM awards GROUP BY author"))
        assert after == {"已删除人员1": dict(before)[PERSON], "陈小满": dict(before)["陈小满"]}
        settled = settle(db, profile, YEAR, on=date(2026, 12, 31))
        assert (settled.added, settled.reversed) == (0, 0)
        assert SECRET[:6] in row[1]  # the draft itself stays
        sql = "SELECT rowid FROM _search WHERE _search MATCH ?"
        assert raw(db).execute(sql, (match_expression(WORD),)).fetchall() == [(id_,)]
        assert raw(db).execute(sql, (match_expression("小瓯"),)).fetchall() == []
    again = zugao(home, "erase", "--person", PERSON, "--why", "x", "--yes")
    assert again.exit_code == 1
    assert "没有稿件写到" in again.output


@pytest.mark.parametrize("name", ["", "牟", "牟 "])
def test_a_name_of_one_character_is_no_name(db: Database, name: str) -> None:
    with pytest.raises(RefusedError, match="至少两个字"):
        named(db, name)


def test_what_was_erased_does_not_come_back_from_the_inbox(home: Path, db: Database) -> None:
    id_ = secret_draft(db)
    db.close()
    told = zugao(home, "erase", str(id_), "--why", "x", "--yes").output
    assert "收件箱里还有 1 个文件" in told
    lying = home / "收件箱" / f"{TITLE}.docx"
    lying.touch()  # looked at again, by its content
    intake_directly(load_settings(home), home / "收件箱", lambda *_: None, wait=False)
    with closing(open_database(home / "zugao.db")) as db:
        assert raw(db).execute(
            "SELECT count(*) FROM draft WHERE title = ?", (TITLE,)
        ).fetchone() == (0,)
    lying.unlink()
    assert "收件箱里还有" not in zugao(home, "erase", str(id_), "--why", "x", "--yes").output
    assert holding(home, "绣球议事") == []


def test_an_archive_goes_with_the_file_that_came_in_it(home: Path, db: Database) -> None:
    (id_, archive) = (
        raw(db)
        .execute(
            "SELECT draft.id, pack.sha256 FROM draft"
            " JOIN manuscript AS own ON own.id = manuscript_id"
            " JOIN manuscript AS pack ON pack.id = own.archive_id"
        )
        .fetchone()
    )
    assert (home / "originals" / archive[:2] / archive).exists()
    db.close()
    assert "删除原件 2 个" in zugao(home, "erase", str(id_), "--why", "x", "--yes").output
    assert not (home / "originals" / archive[:2] / archive).exists()


def test_a_backup_after_an_erasure_is_whole(home: Path, db: Database) -> None:
    id_ = secret_draft(db)
    db.close()
    zugao(home, "erase", str(id_), "--why", "x", "--yes")
    made = back_up(home, home.with_name("备份"))
    assert made.missing == ()
    assert holding(home.with_name("备份"), SECRET) == []


def test_what_cannot_be_erased_is_said(home: Path, db: Database) -> None:
    assert zugao(home, "erase").exit_code == 2
    assert "理由" in zugao(home, "erase", "1").output
    missing = zugao(home, "erase", "99", "--why", "x", "--yes")
    assert (missing.exit_code, missing.output) == (1, "没有第 99 号稿件。\n")
    assert "没有设保存年限" in zugao(home, "erase", "--expired", "--preview").output
    kept = zugao(home, "erase", str(secret_draft(db)), "--why", "x", text="n\n")
    assert kept.exit_code == 1
    assert raw(db).execute("SELECT count(*) FROM erasure").fetchone() == (0,)


def test_an_erasure_that_was_cut_off_is_finished_by_the_next(
    home: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = secret_draft(db)
    file = original(home, db, id_)

    def killed(store: BlobStore, digest: str) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(BlobStore, "remove", killed)
    assert zugao(home, "erase", str(id_), "--why", "x", "--yes").exit_code == 130
    assert file.exists()
    monkeypatch.undo()
    assert "删除原件 1 个" in zugao(home, "erase", str(id_), "--why", "x", "--yes").output
    assert not file.exists()
    assert holding(home, SECRET) == []
    assert raw(db).execute("SELECT count(*) FROM erasure").fetchone() == (1,)


def test_nothing_is_erased_while_an_intake_runs(home: Path, db: Database) -> None:
    with open_office(load_settings(home)) as office, sole_run(office):
        busy = zugao(home, "erase", str(secret_draft(db)), "--why", "x", "--yes")
    assert (busy.exit_code, "正在运行" in busy.output) == (4, True)
    assert raw(db).execute("SELECT count(*) FROM erasure").fetchone() == (0,)


def test_nothing_is_learnt_from_an_erased_draft(db: Database) -> None:
    id_ = secret_draft(db)
    with write(db) as conn:
        conn.execute(
            "INSERT INTO decision (draft_id, kind, theme, genre_before, decided_at)"
            " VALUES (?, 'accept', 'A2', '动态', '2026-09-01T00:00:00.000Z')",
            (id_,),
        )
    assert [one.draft_id for one in labelled(db)] == [id_]
    erase_drafts(db, [id_], kind="draft", why="x", who="")
    assert labelled(db) == []


def test_a_frozen_bulletin_that_prints_it_stops_the_hand(home: Path, db: Database) -> None:
    id_, profile = secret_draft(db), adopted(db, secret_draft(db))
    with write(db) as conn:
        snapshot = json.dumps({"items": [TITLE]}, ensure_ascii=False)
        conn.execute(
            "INSERT INTO bulletin (title, period_start, period_end, profile_id, snapshot, sha256,"
            " frozen_at) VALUES ('第三季度通报', '2026-07-01', '2026-10-01', ?, ?, ?, '')",
            (profile, snapshot, hashlib.sha256(snapshot.encode()).hexdigest()),
        )
    stopped = zugao(home, "erase", str(id_), "--why", "x", "--yes")
    assert stopped.exit_code == 1
    assert "第三季度通报" in stopped.output
    assert raw(db).execute("SELECT count(*) FROM erasure").fetchone() == (0,)
    assert zugao(home, "erase", str(id_), "--why", "x", "--yes", "--anyway").exit_code == 0
    assert raw(db).execute("SELECT snapshot FROM bulletin").fetchone() == (snapshot,)


def test_appended_rows_change_only_their_words_and_only_while_erasing(db: Database) -> None:
    id_ = secret_draft(db)
    adopted(db, id_)
    add_note(db, id_, "一句话", who="王审读")
    for table, column in (("award", "points"), ("event", "share"), ("draft_note", "who")):
        change = f"UPDATE {table} SET {column} = {column} || '1'"
        with pytest.raises(sqlite3.IntegrityError, match="append-only"), erasing(db) as conn:
            conn.execute(change)
        words = f"UPDATE {table} SET {WORDS[table][0]} = 'x'"
        with pytest.raises(sqlite3.IntegrityError, match="append-only"), write(db) as conn:
            conn.execute(words)
        with erasing(db) as conn:  # the control: this is what may be done
            conn.execute(words)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"), erasing(db) as conn:
            conn.execute(f"DELETE FROM {table}")
    with erasing(db) as conn:
        trace(conn, id_, "draft", "x", "")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), erasing(db) as conn:
        conn.execute("UPDATE erasure SET why = 'y'")
    assert raw(db).execute("SELECT count(*) FROM _erasing").fetchone() == (0,)


def test_the_words_of_appended_rows_are_all_columns_but_the_others(db: Database) -> None:
    """A column that a later migration adds must be put on one side or the other."""
    for table, words in WORDS.items():
        (sql,) = (
            raw(db)
            .execute("SELECT sql FROM sqlite_master WHERE name = ?", (f"{table}_no_update",))
            .fetchone()
        )
        columns = {row[1] for row in raw(db).execute(f"PRAGMA table_info({table})")}
        guarded = {column for column in columns if f"NEW.{column} IS NOT OLD.{column}" in sql}
        assert guarded == columns - set(words)


def test_texts_are_kept_as_long_as_the_settings_say(home: Path, db: Database) -> None:
    id_ = secret_draft(db)
    with write(db) as conn:
        conn.execute(
            "UPDATE manuscript SET received_at = '2020-11-20T16:00:00.000Z' WHERE id ="
            " (SELECT manuscript_id FROM draft WHERE id = ?)",
            (id_,),
        )  # 21 November 2020 in the office
    never = load_settings(home)
    assert due_on(never, date(2099, 1, 1)) == []
    (home / "zugao.toml").write_text("[retention]\nkeep_texts_years = 5\n", encoding="utf-8")
    five = load_settings(home)
    assert due_on(five, date(2025, 11, 21)) == []
    assert due_on(five, date(2025, 11, 22)) == [id_]
    assert due_on(five, date(2028, 2, 29)) == [id_]
    db.close()
    seen = zugao(home, "erase", "--expired", "--preview")
    assert "将删去 1 篇" in seen.output
    assert erase_expired.fn(str(home)).drafts == (id_,)
    with closing(open_database(home / "zugao.db")) as db:
        assert raw(db).execute("SELECT kind, why FROM erasure").fetchall() == [
            ("retention", "超过保存年限（5年）")
        ]
    assert "没有超过保存年限的稿件" in zugao(home, "erase", "--expired").output


def due_on(settings: Settings, day: date) -> list[int]:
    with open_office(settings) as office:
        return step.due(office, day)


def test_no_years_are_set_at_first() -> None:
    assert "keep_texts_years = 0" in default_toml()
