"""The queue holds every draft where it belongs, whoever wrote last; search finds short words."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from nlp.types import Flag
from storage.aspects import remember_aspects
from storage.commit import commit_batch
from storage.connection import open_database, raw, write
from storage.decisions import DecisionError, Overtaken, decide, last_decision, undo
from storage.handling import (
    accept_many,
    add_note,
    assign,
    judge_pair,
    notes_and_assignments,
    reasons_of,
    recent_deeds,
    return_draft,
    undo_deed,
    verdicts,
)
from storage.ledger import receive
from storage.queue import TABS, Wanted, at_most, counts, neighbours, page_ids, rows_of, sure_ids
from storage.review import review_order
from storage.runs import start_run
from storage.schema_desk import fill
from storage.search import index_line, index_texts, match_expression, phrases
from storage.units import UnitRow, import_units
from storage.users import add_user
from tests.support_storage import ASPECTS, draft, findings, outcome, submission

BODIES = (
    "柳湾镇把议事桌摆到院坝里，村党组织书记带头听民声，三个月办成实事十二件。",
    "沅北县选派年轻干部到信访一线跟班学习，导师帮带，半年化解积案四十七件。",
    "桂子街道在快递站点设暖心驿站，骑手党员亮身份，APP 上认领微心愿。",
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_database(tmp_path / "zugao.db")
    import_units(db, [UnitRow("临溪县委组织部", "县区"), UnitRow("沅北县委组织部", "市直")])
    remember_aspects(db, ASPECTS, "t1")
    run = start_run(db, "direct", "/inbox")
    over = (Flag("over_hard", "error", "正文1600字，超过上限1500字", 0, 0, 1600, 1500),)
    found = [
        findings(exact="a" * 32),
        findings(exact="b" * 32, theme="", flags=over),
        findings(exact="a" * 32),
        findings(exact="c" * 32),
    ]
    bodies = [BODIES[0], BODIES[1], BODIES[0], BODIES[2]]
    receive(db, [submission(f"{n}.docx", unit_id=n % 2 + 1) for n in range(4)], run)
    commit_batch(
        db,
        run,
        [outcome(n + 1, draft(f"题目{n}", body=bodies[n]), found=[found[n]]) for n in range(4)],
    )
    yield db
    db.close()


def tab(db: Database, name: str, **more: str) -> list[int]:
    return page_ids(db, Wanted(tab=name, **more), "", 50)[0]


def kept_right(db: Database) -> bool:
    """Whether the rows that the triggers keep are those of a queue made anew."""
    before = raw(db).execute("SELECT * FROM _desk ORDER BY draft_id").fetchall()
    with write(db) as conn:
        conn.execute("DELETE FROM _desk")
        conn.execute(fill("true"))
    return before == raw(db).execute("SELECT * FROM _desk ORDER BY draft_id").fetchall()


def test_tabs_and_counts(db: Database) -> None:
    assert counts(db, Wanted()) == {
        "waiting": 4, "doubtful": 1, "duplicate": 2, "overlong": 1,
        "accepted": 0, "adopted": 0, "returned": 0, "all": 4,
    }  # fmt: skip
    assert tab(db, "waiting") == [4, 3, 2, 1]
    assert tab(db, "doubtful") == tab(db, "overlong") == [2]
    assert tab(db, "duplicate") == [3, 1]
    decide(db, 1, "C2", who="王")
    return_draft(db, 2, ["时效已过"], who="王")
    assert tab(db, "waiting") == [4, 3]
    assert (tab(db, "accepted"), tab(db, "returned")) == ([1], [2])
    undo(db, 1)
    assert tab(db, "waiting") == [4, 3, 1]
    for name in TABS:
        assert counts(db, Wanted())[name] == len(tab(db, name)), name
    assert kept_right(db)


def test_whoever_writes_the_row_is_right(db: Database) -> None:
    with write(db) as conn:
        conn.execute("UPDATE draft SET theme = NULL, theme_probability = NULL WHERE id = 4")
        conn.execute("DELETE FROM duplicate_pair")
        conn.execute("DELETE FROM flag")
    assert counts(db, Wanted())["doubtful"] == 2
    assert tab(db, "duplicate") == tab(db, "overlong") == []
    assert kept_right(db)
    with write(db) as conn:
        conn.execute("UPDATE aspect SET retired = 1, successor = 'C2' WHERE code = 'A1'")
    assert tab(db, "all", theme="C2") == [3, 1]
    assert kept_right(db)


def test_an_adopted_draft_stands_with_the_adopted(db: Database) -> None:
    with write(db) as conn:
        conn.execute(
            "INSERT INTO outlet (id, name, kind, level) VALUES (1, '云泽组工', '刊物', '市')"
        )
        conn.execute(
            "INSERT INTO issue (id, outlet_id, year, number, published_on, state, made_at)"
            " VALUES (1, 1, 2026, '7', '2026-09-30', 'printed', 'x')"
        )
        conn.execute(
            "INSERT INTO printed_item (id, issue_id, position, title, origin, made_at)"
            " VALUES (1, 1, 1, '题目', 'hand', 'x')"
        )
        conn.execute(
            "INSERT INTO event (id, kind, draft_id, item_id, form, share, recorded_at)"
            " VALUES (1, 'adopt', 1, 1, '单篇', 1, 'x')"
        )
    assert tab(db, "adopted") == [1]
    with write(db) as conn:
        conn.execute("INSERT INTO event (kind, undoes, recorded_at) VALUES ('undo', 1, 'x')")
    assert tab(db, "adopted") == []
    assert kept_right(db)


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"unit": "1"}, [3, 1]),
        ({"unit": "x"}, []),
        ({"group": "市直"}, [4, 2]),
        ({"theme": "A1"}, [4, 3, 1]),
        ({"theme": "A"}, [4, 3, 1]),
        ({"theme": "-"}, [2]),
        ({"genre": "经验"}, [4, 3, 2, 1]),
        ({"genre": "通知"}, []),
        ({"flag": "over_hard"}, [2]),
        ({"start": "2999-01-01"}, []),
        ({"end": "2999-01-01", "start": "2000-01-01"}, [4, 3, 2, 1]),
        ({"focus": "村级集体经济"}, []),
        ({"words": "信访"}, [2]),
        ({"words": "议事"}, [3, 1]),
        ({"words": "题目"}, [4, 3, 2, 1]),
        ({"words": "题目3"}, [4]),
        ({"words": "app"}, [4]),
        ({"words": "骑手 党员"}, [4]),
        ({"words": "骑手 信访"}, []),
        ({"words": "县"}, [4, 3, 2, 1]),
        ({"words": "坝"}, [3, 1]),
        ({"words": "！？"}, []),
        ({"words": '"柳湾镇" OR *'}, []),
        ({"words": "柳湾镇", "group": "县区"}, [3, 1]),
        ({"words": "党员亮身份"}, [4]),
        ({"words": "党员身份"}, []),
        ({"words": "骑手党员，APP上认领"}, [4]),
        ({"words": "ＡＰＰ　上认领"}, [4]),
        ({"words": "题目3年"}, []),
    ],
)
def test_filters_and_search(db: Database, filters: dict[str, str], ids: list[int]) -> None:
    for order in ("arrival", "urgency"):
        assert tab(db, "waiting", order=order, **filters) == ids
    assert sorted(tab(db, "waiting", order="teaching", **filters)) == sorted(ids)
    assert counts(db, Wanted(**filters))["waiting"] == len(ids)


@pytest.mark.parametrize("order", ["arrival", "urgency", "teaching"])
@pytest.mark.parametrize("words", ["", "题目"])
def test_pages_follow_each_other_and_neighbours_agree(db: Database, order: str, words: str) -> None:
    wanted = Wanted(order=order, words=words)
    whole = page_ids(db, wanted, "", 50)
    assert whole[1] == ""
    assert sorted(whole[0]) == [1, 2, 3, 4]
    found: list[int] = []
    after, pages = "", 0
    while not pages or after:
        ids, after = page_ids(db, wanted, after, 1)
        found, pages = found + ids, pages + 1
    assert found == whole[0]
    chain = [neighbours(db, wanted, one) for one in found]
    assert [a for a, _ in chain] == [None, *found[:-1]]
    assert [b for _, b in chain] == [*found[1:], None]
    assert page_ids(db, wanted, "no place", 50)[0] == found


def test_teaching_is_the_order_of_the_command(db: Database) -> None:
    assert tab(db, "waiting", order="teaching") == review_order(db)
    assert tab(db, "waiting", order="teaching", words="题目") == review_order(db)
    among = [id_ for id_ in review_order(db) if id_ in (1, 3)]
    assert tab(db, "waiting", order="teaching", words="议事桌") == among == [1, 3]


def test_the_order_of_characters_is_asked_for(db: Database) -> None:
    """The index knows the pairs alone: here both stand in the draft, their order does not."""
    with write(db) as conn:
        conn.execute(
            "UPDATE _draft_text SET text = '干部培养：年轻人说，轻干扰。' WHERE draft_id = 4"
        )
        index_texts(conn, [(4, "", "干部培养：年轻人说，轻干扰。")])
        conn.execute("UPDATE _draft_text SET text = '讲 习 所' WHERE draft_id = 2")
    assert tab(db, "waiting", words="年轻") == [4, 2]
    assert tab(db, "waiting", words="年轻干部") == []
    assert counts(db, Wanted(words="年轻干部"))["all"] == 0


@pytest.mark.parametrize("order", ["arrival", "urgency", "teaching"])
def test_more_than_can_be_read_is_read_page_by_page(
    db: Database, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Wanted(order=order, words="议事桌摆")
    exact = page_ids(db, asked, "", 50)
    assert (sorted(exact[0]), at_most(asked, counts(db, asked))) == ([1, 3], False)
    monkeypatch.setattr("storage.queue_filters.MOST_READ", 1)
    assert page_ids(db, asked, "", 50) == exact
    assert page_ids(db, asked, "", 1)[0] == exact[0][:1]
    assert neighbours(db, asked, exact[0][0]) == (None, exact[0][1])
    assert at_most(asked, counts(db, asked))
    assert not at_most(Wanted(words="议事"), counts(db, Wanted(words="议事")))


@pytest.mark.parametrize(
    ("words", "stretches"),
    [
        ("信访", []),
        ("年轻干部", ["年轻干部"]),
        ("年轻 干部", []),
        ("2026年", ["2026年"]),
        ("ＡＰＰ上", ["app上"]),
        ("APP 2026", []),
        ("《村规民约》、党建", ["村规民约"]),
        ("〇五年", ["〇五年"]),
    ],
)
def test_which_words_are_phrases(words: str, stretches: list[str]) -> None:
    assert phrases(words) == stretches


def test_a_row_tells_enough(db: Database) -> None:
    assign_to = add_user(db, "李", "editor", "h").name
    assign(db, 2, assign_to, who="王")
    add_note(db, 2, "先核实数字", who="王")
    row = rows_of(db, [3, 2])[1]
    assert (row["title"], row["unit"], row["theme"], row["characters"]) == (
        "题目1", "沅北县委组织部", None, len(BODIES[1]) + 4,
    )  # fmt: skip
    assert row["flags"] == [["over_hard", "error"]]
    assert (row["assignee"], row["noted"]) == ("李", 1)
    assert rows_of(db, [3])[0]["pairs"] == [["完全相同", 1.0]]
    assert tab(db, "waiting", assignee="李") == [2]
    assign(db, 2, "", who="王")
    assert tab(db, "waiting", assignee="李") == []
    told = {(r["kind"], r["text"]) for r in notes_and_assignments(db, 2)}
    assert told == {("assign", "李"), ("note", "先核实数字"), ("assign", "")}


def test_a_return_needs_a_reason_and_is_taken_back(db: Database) -> None:
    with pytest.raises(DecisionError, match="理由"):
        return_draft(db, 1, ["  "], who="王")
    number = return_draft(
        db, 1, ["时效已过", "时效已过", "格式不合要求"], note="请补数据", who="王"
    )
    told = reasons_of(db, number)
    assert told is not None
    assert (told["reasons"], told["note"]) == (["时效已过", "格式不合要求"], "请补数据")
    assert undo_deed(db, number, who="李") == 1
    assert reasons_of(db, number) is None
    assert tab(db, "returned") == []
    with pytest.raises(DecisionError, match="已经撤销"):
        undo_deed(db, number, who="李")


def test_who_comes_second_is_told_and_changes_nothing(db: Database) -> None:
    seen = last_decision(db, 1)
    decide(db, 1, "C2", who="王", expect=seen)
    with pytest.raises(Overtaken):
        decide(db, 1, "A1", who="李", expect=seen)
    with pytest.raises(Overtaken):
        return_draft(db, 1, ["时效已过"], who="李", expect=seen)
    assert rows_of(db, [1])[0]["theme"] == "C2"
    decide(db, 1, "A1", who="李", expect=last_decision(db, 1))
    assert rows_of(db, [1])[0]["theme"] == "A1"


def test_a_batch_is_accepted_and_taken_back_in_one_go(db: Database) -> None:
    assert sure_ids(db, 0.6, "", 50) == [4, 1]  # not 2: overlong, undecided; not 3: a copy
    assert sure_ids(db, 0.6, "C2", 50) == []
    decide(db, 4, "A1", who="李")
    done = accept_many(db, [(1, "A1", 0), (4, "A1", 0), (3, "C2", 0), (99, "A1", 0)], who="王")
    assert done == [1]
    time.sleep(0.002)  # what was done in one millisecond is one deed; no hand is so fast
    assert accept_many(db, [(3, "A1", 0), (2, "A1", 0)], who="王") == [3]
    (latest, *_) = recent_deeds(db, "王", 5)
    assert (latest.draft_id, latest.drafts) == (3, 1)
    undo_deed(db, latest.decision_id, who="王")
    assert tab(db, "accepted") == [4, 1]
    assert kept_right(db)


def test_a_whole_batch_is_one_deed(db: Database) -> None:
    accept_many(db, [(1, "A1", 0), (3, "A1", 0), (4, "A1", 0)], who="王")
    (deed,) = recent_deeds(db, "王", 5)
    assert (deed.drafts, deed.kind, deed.draft_id) == (3, "accept", 1)
    assert undo_deed(db, deed.decision_id, who="王") == 3
    assert len(tab(db, "waiting")) == 4


def test_the_last_verdict_on_a_pair_holds_and_the_view_shows_it(db: Database) -> None:
    judge_pair(db, 3, 1, "重复报送", who="王")
    judge_pair(db, 1, 3, "不同稿", who="李", note="两件事")
    assert [(n, v["verdict"], v["who"]) for n, v in verdicts(db, 1).items()] == [
        (3, "不同稿", "李")
    ]
    assert [row["verdict"] for row in db.query("SELECT verdict FROM duplicates")] == ["不同稿"]
    judge_pair(db, 1, 3, "", who="李")
    assert verdicts(db, 3) == {}
    for pair in ((1, 1, "套写"), (1, 99, "套写"), (1, 3, "抄袭")):
        with pytest.raises(DecisionError):
            judge_pair(db, *pair, who="王")


def test_what_was_stored_before_is_found_too(tmp_path: Path, db: Database) -> None:
    """A database of the version before: no queue, no index."""
    with write(db) as conn:
        for (name,) in conn.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '\\_desk%'"
            " ESCAPE '\\'"
        ).fetchall():
            conn.execute(f"DROP TRIGGER {name}")
        for table in (
            "_desk",
            "_search",
            "return_reason",
            "assignment",
            "draft_note",
            "pair_verdict",
        ):
            conn.execute(f"DROP TABLE {table}")
        conn.execute("DROP INDEX decision_by_time")
        conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm010_desk'")
    again = open_database(tmp_path / "zugao.db")
    assert tab(again, "waiting", words="信访") == [2]
    assert counts(again, Wanted())["doubtful"] == 1
    again.close()


TEXT = st.text(
    alphabet=st.one_of(st.sampled_from("党建引领村务a1 ，"), st.characters()), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(text=TEXT, around=TEXT, start=st.integers(0, 11), size=st.integers(1, 12))
def test_whatever_stands_in_a_text_is_found(text: str, around: str, start: int, size: int) -> None:
    """Any stretch of Chinese characters of a text finds it; no query is an error."""
    db = Database(memory=True)
    db.execute(
        "CREATE VIRTUAL TABLE s USING fts5(g, content='', detail=none,"
        " tokenize='unicode61 remove_diacritics 0')"
    )
    db.execute("INSERT INTO s (rowid, g) VALUES (1, ?)", (index_line(text + around),))
    part = text[start : start + size]
    expression = match_expression(part)
    if expression:
        found = db.execute("SELECT rowid FROM s WHERE s MATCH ?", (expression,)).fetchall()
        common = all("\u4e00" <= c <= "\u9fa5" for c in part)
        assert found == [(1,)] or not common
    db.close()


def pieces_of(text: str) -> set[str]:
    """The rule as it is told: pairs of neighbouring characters, the last of a run, plain words."""
    found: set[str] = set()
    han = "[〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
    if re.search("[\uf900-\ufaff\U0002f800-\U0002fa1f\u2e80-\u2fdf]", text):
        text = unicodedata.normalize("NFKC", text)
    for run in re.findall(f"{han}+|(?:(?!{han})[^\\W_])+", text):
        plain = run if re.match(han, run) else unicodedata.normalize("NFKC", run).lower()
        for part in re.findall(f"{han}+|(?:(?!{han})[^\\W_])+", plain):
            chinese = re.match(han, part)
            found |= {a + b for a, b in pairwise(part)} | {part[-1]} if chinese else {part}
    return found


ODD = st.sampled_from("党建〇引㆒一㊀①ⅣＡa1é_ ，\n䷀龥豈\ud800")


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet=st.one_of(ODD, st.characters()), max_size=30))
def test_the_index_takes_each_piece_once(text: str) -> None:
    line = index_line(text).split(" ")
    pieces = [piece for piece in line if piece]
    assert sorted(pieces) == sorted(pieces_of(text))
