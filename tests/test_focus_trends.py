"""报送重点 and rising keywords: topics of the settings meet drafts; periods are compared."""

from __future__ import annotations

import csv
import json
import math
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from nlp import starter
from nlp.analyse import Analyst
from nlp.focus import MATCHED, Focus, Matcher
from nlp.types import Draft, Paragraph, Theme
from reports.trends import Rising, growth, rising
from storage.connection import open_database, write
from storage.periods import Period, before, parse_period
from storage.trends import PeriodWords
from zugao.cli import main
from zugao.settings import SettingsError, default_toml, load_settings

ECONOMY = Focus("村级集体经济", terms=("村级集体经济", "强村公司"))


@pytest.fixture(scope="module")
def analyst() -> Analyst:
    return Analyst()


def draft(title: str, *lines: str) -> Draft:
    return Draft(
        1, title, (Paragraph("title", "", title), *(Paragraph("body", "", x) for x in lines))
    )


def match(analyst: Analyst, topics: list[Focus], given: Draft, day: str = "") -> tuple[Theme, ...]:
    [seen] = analyst.evidence([given])
    return Matcher.of(topics, analyst.segmenter).match(seen, day)


def test_terms_in_title_or_twice_in_the_text_answer(analyst: Analyst) -> None:
    other = [sample.text for sample in starter.load() if sample.theme == "X0"][:4]
    once = draft("近日消息", "镇里开会，提到村级集体经济。", *other)
    twice = draft("近日消息", "镇里成立“强村公司”，发展村级集体经济。")
    titled = draft("村級集體經濟“消薄”", "各村各显身手。")
    assert match(analyst, [ECONOMY], once) == ()
    [found] = match(analyst, [ECONOMY], twice)
    assert found.code == "村级集体经济"
    assert MATCHED <= found.probability < 1
    spans = {t.text: twice.text[t.start : t.end] for t in found.terms}
    assert spans == {"村级集体经济": "村级集体经济", "强村公司": "强村公司"}
    [found] = match(analyst, [ECONOMY], titled)
    assert titled.text[found.terms[0].start : found.terms[0].end] == "村級集體經濟"


def test_a_sentence_alone_finds_its_drafts(analyst: Analyst) -> None:
    """Of all starter drafts the sentence matches a handful, and they speak of its subject."""
    topic = Matcher.of([Focus("流动党员", sentence="流动党员教育管理的新办法")], analyst.segmenter)
    samples = starter.load()
    seen = analyst.evidence([sample.draft() for sample in samples])
    met = [s for s, document in zip(samples, seen, strict=True) if topic.match(document)]
    assert 3 <= len(met) <= 12
    assert {sample.theme for sample in met} <= {"B2", "B3"}


def test_days_are_both_included(analyst: Analyst) -> None:
    topic = Focus("题", terms=("村级集体经济",), since="2026-07-01", until="2026-09-30")
    given_draft = draft("村级集体经济", "村级集体经济。")
    days = ["2026-06-30", "2026-07-01", "2026-09-30", "2026-10-01", ""]
    met = [bool(match(analyst, [topic], given_draft, day)) for day in days]
    assert met == [False, True, True, False, True]
    assert Focus("题").is_open("0001-01-01")


def test_nothing_to_match(analyst: Analyst) -> None:
    assert match(analyst, [], draft("题", "文")) == ()
    assert match(analyst, [ECONOMY], draft("")) == ()
    assert match(analyst, [Focus("、", terms=("…",))], draft("村级集体经济", "…")) == ()


FOCUS = """
[[focus]]
name = "村级集体经济"
terms = ["村级集体经济", "强村公司"]
until = 2099-12-31
"""


def zugao(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *words])


def test_settings_say_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "zugao.toml"
    file.write_text(default_toml() + FOCUS, encoding="utf-8")
    assert load_settings(tmp_path).topics() == (
        Focus("村级集体经济", "", ("村级集体经济", "强村公司"), "", "2099-12-31"),
    )
    commented = "\n".join(
        line.removeprefix("# ") if line.startswith("# ") and "报送重点" not in line else line
        for line in default_toml().partition("# ── 报送重点")[2].splitlines()[1:]
    )
    file.write_text(commented, encoding="utf-8")
    assert load_settings(tmp_path).topics()[0].since == "2026-07-01"
    for bad, sentence in (
        ('[[focus]]\nname = "空"', "要有 sentence 或 terms"),
        ('[[focus]]\nname = "倒"\nterms = ["甲"]\nsince = 2026-02-01\nuntil = 2026-01-01', "晚于"),
    ):
        file.write_text(bad, encoding="utf-8")
        with pytest.raises(SettingsError, match=sentence):
            load_settings(tmp_path)


def test_topics_are_matched_at_intake_and_anew(tmp_path: Path) -> None:
    home, inbox = tmp_path / "库", tmp_path / "收" / "临溪县"
    assert CliRunner().invoke(main, ["init", str(home)]).exit_code == 0
    inbox.mkdir(parents=True)
    (inbox / "一.txt").write_text("强村公司带富一方\n\n发展村级集体经济，成立强村公司。", "utf-8")
    (inbox / "二.txt").write_text("党员冬训开班\n\n冬训送课到村，党员集中学习。", "utf-8")
    plain = (home / "zugao.toml").read_text("utf-8")
    (home / "zugao.toml").write_text(plain + FOCUS, encoding="utf-8")
    told = json.loads(
        zugao(home, "run", str(inbox.parent), "--direct", "--no-wait", "--json").output
    )
    assert told["focus"] == [{"name": "村级集体经济", "drafts": 1}]
    shown = [zugao(home, "show", str(n)).output for n in (1, 2)]
    assert ["报送重点" in text for text in shown] == [True, False]
    table = tmp_path / "全部.csv"
    zugao(home, "export", str(table))
    with table.open(encoding="utf-8-sig") as lines:
        assert [row["报送重点"] for row in csv.DictReader(lines)] == ["村级集体经济", ""]
    changed = FOCUS.replace("村级集体经济", "冬训").replace("强村公司", "送课")
    (home / "zugao.toml").write_text(plain + changed, encoding="utf-8")
    again = zugao(home, "retag", "--focus")
    assert again.output.splitlines()[-1] == "匹配 2 篇，合于报送重点的 1 篇。"
    db = open_database(home / "zugao.db", readonly=True)
    rows = db.execute("SELECT draft_id, code FROM tag WHERE kind = 'focus'").fetchall()
    db.close()
    assert rows == [(2, "冬训")]


def test_the_period_before_is_as_long() -> None:
    for text, start in (
        ("2026", date(2025, 1, 1)),
        ("2026H1", date(2025, 7, 1)),
        ("2026Q3", date(2026, 4, 1)),
        ("2026-01", date(2025, 12, 1)),
    ):
        period = parse_period(text)
        assert before(period) == Period(start, period.start)


def test_rising_words_by_hand() -> None:
    words = {("A1", "强村"): 6, ("A1", "头雁"): 5, ("A1", "偶见"): 1, ("C2", "墩苗"): 4}
    now = PeriodWords({"A1": 10, "C2": 4}, words)
    last = PeriodWords({"A1": 10}, {("A1", "头雁"): 5, ("A1", "强村"): 1})
    difference = math.log(6.5 / 4.5) - math.log(1.5 / 9.5)
    error = math.sqrt(1 / 6.5 + 1 / 4.5 + 1 / 1.5 + 1 / 9.5)
    # 头雁 did not grow, 偶见 is one draft, C2 has nothing to be compared with
    assert rising(now, last) == [Rising("A1", "强村", 6, 10, 1, 10, round(difference / error, 3))]
    assert rising(last, now) == []
    assert rising(PeriodWords({}, {}), now) == []


@given(*(st.integers(0, 50) for _ in range(4)))
def test_growth_is_antisymmetric_and_has_the_sign_of_the_difference(
    a: int, b: int, c: int, d: int
) -> None:
    now, of_now, earlier, of_earlier = min(a, b), max(a, b) + 1, min(c, d), max(c, d) + 1
    there = growth(now, of_now, earlier, of_earlier)
    assert there == pytest.approx(-growth(earlier, of_earlier, now, of_now))
    shares = (now + 0.5) / (of_now + 1), (earlier + 0.5) / (of_earlier + 1)
    assert (there > 1e-12) == (shares[0] > shares[1] + 1e-12)


def test_trends_of_a_database(tmp_path: Path) -> None:
    home, inbox = tmp_path / "库", tmp_path / "收" / "临溪县"
    assert CliRunner().invoke(main, ["init", str(home)]).exit_code == 0
    inbox.mkdir(parents=True)
    texts = [s.text for s in starter.load() if s.theme == "A1"]
    for n in range(8):
        subject = "强村公司抱团经营" if n < 4 else "驻村工作队轮换"
        body = f"{subject}，{subject}见效，{subject}再推广。{subject}。{texts[n][:150]}"
        (inbox / f"{n}.txt").write_text(f"{subject}之{n}\n\n{body}", "utf-8")
    assert zugao(home, "run", str(inbox.parent), "--direct", "--no-wait").exit_code == 0
    db = open_database(home / "zugao.db")
    with write(db) as conn:
        conn.execute("UPDATE manuscript SET received_at = '2026-08-01T02:00:00.000Z'")
        conn.execute("UPDATE manuscript SET received_at = '2026-05-01T02:00:00.000Z' WHERE"
                     " name GLOB '[4-7].txt'")  # fmt: skip
    db.close()
    told = json.loads(zugao(home, "trends", "--period", "2026Q3", "--json").output)
    assert (told["now"], told["before"]) == (
        ["2026-07-01", "2026-10-01"], ["2026-04-01", "2026-07-01"]
    )  # fmt: skip
    assert told["drafts"] == [4, 4]
    words = {row["word"]: (row["now"], row["before"]) for row in told["rising"]}
    assert words["强村公司"] == (4, 0)
    assert not any("驻村" in word for word in words)
    shown = zugao(home, "trends", "--period", "2026Q3").output
    assert "强村公司　本期 4/4 篇，上期 0/4 篇" in shown
    bad = zugao(home, "trends", "--period", "去年")
    assert (bad.exit_code, "看不懂期间" in bad.output) == (1, True)
