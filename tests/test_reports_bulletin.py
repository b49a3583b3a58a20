"""The bulletin: figures counted by hand, sentences, forms, freezing, adjustments of later ones."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from flows.bulletins import due_periods
from reports.bulletin import (
    Bulletin,
    SnapshotError,
    as_json,
    digest,
    read_snapshot,
)
from reports.bulletin_gather import gather
from reports.bulletin_letter import write_bulletin
from reports.bulletin_page import csv_of, json_of, page_of
from reports.standard import Office as Reporter
from reports.standard import Standard
from reports.wording import listed, period_words, span_words
from reports.workbook import write_workbook
from storage.awards import settle_compared
from storage.bulletins import BulletinError, freeze, frozen_bulletin, frozen_bulletins
from storage.event_log import undo_event
from storage.periods import Period, parse_period
from storage.profiles import add_profile
from storage.statistics import trace
from tests.support_statistics import Office

Q2, Q3 = parse_period("2026Q2"), parse_period("2026Q3")
ON = date(2026, 10, 9)
WHO = Reporter("云泽市委组织部办公室", to="各县区委组织部", copy_to="市委办公室")

RULES = """
name = "组工信息计分办法"
version = "2026-1"
valid_from = 2026-01-01
[adoption]
stacking = "sum"
credit = "equal"
[[adoption.rules]]
name = "县级采用"
when = { level = "县" }
points = 5
[[adoption.rules]]
name = "市级采用"
when = { level = "市" }
points = 10
[[adoption.rules]]
name = "省级采用"
when = { level = "省" }
points = 20
[instruction]
[[instruction.rules]]
name = "领导批示"
points = 10
[commission]
[[commission.rules]]
name = "约稿未交"
when = { state = "未交" }
points = -3
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    add_profile(office.db, RULES)
    yield office
    office.db.close()


def small(office: Office) -> dict[str, int]:
    """临溪: 3 sent, 1 printed twice (市, 省) and praised: 10 + 20 + 10. 白芦: 1 sent, 1 printed by
    the county: 5. 望岚: sent nothing, a commission missed: -3. 党校: 1 sent, nothing printed."""
    lin, bai, wang = (office.unit(f"{name}县委组织部") for name in ("临溪", "白芦", "望岚"))
    school = office.unit("云泽市委党校", "市直")
    first, *_ = (office.draft(lin, f"2026-07-0{n}", title=f"=第{n}件") for n in (1, 2, 3))
    other = office.draft(bai, "2026-09-30", title="湖边的议事会", theme="C2")
    office.draft(school, "2026-08-01", title="案例课堂")
    city = office.adopt(first, office.item("市", "2026-07-15", title="=第1件"))
    province = office.adopt(first, office.item("省", "2026-09-30", title="=第1件"))
    county = office.adopt(other, office.item("县", "2026-09-30", title="湖边的议事会"))
    office.adopt(other, office.item("市", "2026-10-01"))
    office.event(
        "instruction", draft_id=first, level="市", person="市委领导", happened_on="2026-08-01"
    )
    office.event(
        "commission", unit_id=wang, title="后备力量", happened_on="2026-08-01", due_on="2026-08-20"
    )
    return {"lin": lin, "bai": bai, "wang": wang, "school": school, "city": city,
            "province": province, "county": county, "first": first}  # fmt: skip


def made(office: Office, period: Period = Q3, number: str = "") -> Bulletin:
    settle_compared(office.db, period, "组工信息计分办法")
    return gather(office.db, period, WHO, profile="组工信息计分办法", number=number, on=ON)


def texts(bulletin: Bulletin) -> dict[str, tuple[str, ...]]:
    return {section.heading: section.lines for section in bulletin.sections}


def test_figures_and_sentences_by_hand_count(office: Office) -> None:
    small(office)
    bulletin = made(office)
    rows = [(u.unit, u.submitted, u.adopted, u.points, u.rank) for u in bulletin.units]
    assert rows == [
        ("临溪县委组织部", 3, 1, 40_000, 1), ("白芦县委组织部", 1, 1, 5_000, 2),
        ("望岚县委组织部", 0, 0, -3_000, 3), ("云泽市委党校", 1, 0, 0, 1),
    ]  # fmt: skip
    assert bulletin.head.title == "关于2026年第三季度\n组工信息采用情况的通报"
    found = texts(bulletin)
    assert found[""] == (
        "现将2026年第三季度（7月1日至9月30日）信息报送和采用情况通报如下。报送数按收稿日期统计，"
        "采用数按刊物印发日期统计，得分依据《组工信息计分办法》（版本2026-1）。",
    )
    assert found["一、总体情况"] == (
        "列入统计的4个单位中，3个单位报送信息5条，其中有效报送5条。刊物和媒体采用2条、3篇次，"
        "其中省级1篇次、市级1篇次、县级1篇次。获领导批示1件次。各单位得分合计42分，上期为0分。",
        "按组别看，县区3个单位报送4条、采用2条；市直1个单位报送1条、采用0条。",
    )
    assert found["二、排名情况"] == (
        "县区得分居前的是：临溪县委组织部（40分）、白芦县委组织部（5分）。",
        "市直各单位本期均没有得分。",
        "采用率为本期采用条数与本期报送条数之比。",
    )
    assert found["三、采用情况"] == (
        "省级以上刊物采用和获领导批示的有：",
        "☆▲《=第1件》（临溪县委组织部，《省刊》第2期）",
        "●▲《=第1件》（临溪县委组织部，《市刊》第1期）",
        "全部采用条目见附件2。★中央级，☆省级，●市级，○县级，▲获批示。",
    )
    assert found["四、约稿完成情况"] == (
        "本期到期约稿1件，按时完成0件，逾期完成0件，未交1件。",
        "未交的有：望岚县委组织部《后备力量》（8月20日截止）。",
    )
    assert found["六、存在问题"] == (
        "1.有1个单位没有报送：望岚县委组织部。",
        "2.有1个单位报送而没有采用：云泽市委党校（1条）。",
        "3.约稿没有交的有：望岚县委组织部（1件）。",
    )
    assert "七、对以前通报的调整" not in found


def test_rank_is_not_praise(office: Office) -> None:
    small(office)
    assert texts(made(office))["五、表扬"] == (
        "对县区的临溪县委组织部予以表扬。",
        "白芦县委组织部得分居县区第2位，但有效报送只有1条，不足3条，这次不列入表扬。",
    )
    strict = Reporter("办公室", standard=Standard(praised=1, least=4))
    told = gather(office.db, Q3, strict, profile="组工信息计分办法", on=ON)
    assert texts(told)["五、表扬"] == (
        "临溪县委组织部得分居县区第1位，但有效报送只有3条，不足4条，这次不列入表扬。",
    )


def test_a_rate_above_100_percent_is_explained(office: Office) -> None:
    unit = office.unit("临溪县委组织部")
    for title, received in (("甲", "2026-06-01"), ("乙", "2026-06-30"), ("丙", "2026-07-01")):
        office.adopt(
            office.draft(unit, received, title=title), office.item("市", "2026-08-01", title=title)
        )
    bulletin = made(office)
    assert bulletin.units[0].rate == 3
    assert texts(bulletin)["二、排名情况"][-1] == (
        "采用率为本期采用条数与本期报送条数之比。本期采用的3条中，有2条是以前报送的，"
        "因此有的单位采用率超过100%。"
    )


def test_every_figure_leads_to_its_rows(office: Office) -> None:
    ids = small(office)
    bulletin = made(office)
    for unit in bulletin.units:
        behind = bulletin.ids.get(str(unit.unit_id), {})
        for figure in ("submitted", "valid", "adopted", "adoptions", "commissions_missed"):
            assert len(behind.get(figure, [])) == getattr(unit, figure)
            again = trace(office.db, Q3, bulletin.head.profile_id, unit.unit_id, figure, on=ON)
            assert behind.get(figure, []) == again
        awards = {a.award_id: a.points for a in bulletin.awards}
        assert sum(awards[id_] for id_ in behind.get("points", [])) == unit.points
    assert bulletin.ids[str(ids["lin"])]["adoptions"] == [ids["city"], ids["province"]]
    assert sum(a.points for a in bulletin.awards) == sum(u.points for u in bulletin.units)


def test_word_text_and_tables(office: Office, tmp_path: Path) -> None:
    small(office)
    write_bulletin(made(office, number="云组办通〔2026〕7号"), tmp_path / "a.docx")
    document = Document(str(tmp_path / "a.docx"))
    text = [p.text for p in document.paragraphs if p.text]
    assert text[:4] == [
        "云泽市委组织部办公室", "云组办通〔2026〕7号",
        "关于2026年第三季度\n组工信息采用情况的通报", "各县区委组织部：",
    ]  # fmt: skip
    assert text[-1] == "　云泽市委组织部办公室\t2026年10月9日印发"
    ranking = [[c.text for c in row.cells] for row in document.tables[0].rows]
    assert ranking == [
        ["排名", "单位", "报送", "采用", "采用率", "批示", "本期得分", "上期排名", "本年累计"],
        ["1", "临溪县委组织部", "3", "1", "33.3%", "1", "40", "—", "40"],
        ["2", "白芦县委组织部", "1", "1", "100.0%", "0", "5", "—", "5"],
        ["3", "望岚县委组织部", "0", "0", "—", "0", "-3", "—", "-3"],
    ]
    wide = [[c.text for c in row.cells] for row in document.tables[2].rows]
    assert wide[1][6:9] == ["县", "市", "省"]
    assert wide[4] == [
        "3", "望岚县委组织部", "0", "0", "0", "—", "0", "0", "0", "1", "0", "0", "1", "0", "0",
        "-3", "-3", "0", "-3", "零报送",
    ]  # fmt: skip
    assert len(document.inline_shapes) in (0, 2)  # none where no Chinese font is installed


def test_workbook_holds_numbers_and_dates_and_no_formula(office: Office, tmp_path: Path) -> None:
    small(office)
    write_workbook(made(office), tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == [
        "排名", "明细", "采用条目", "零报送", "主题分析", "计分规则", "依据"
    ]  # fmt: skip
    ranking, pieces = book["排名"], book["采用条目"]
    heads = [cell.value for cell in ranking[3]]
    row = dict(zip(heads, [cell.value for cell in ranking[4]], strict=True))
    assert (row["单位"], row["报送"], row["本期得分"], row["信息·省"]) == (
        "临溪县委组织部",
        3,
        40,
        1,
    )
    assert ranking.freeze_panes == "E4"
    assert ranking.auto_filter.ref.startswith("A3:")
    assert len(ranking._charts) == 1
    titles = [cell for (cell,) in pieces.iter_rows(min_row=4, min_col=5, max_col=5)]
    assert [(c.value, c.data_type) for c in titles[:2]] == [("=第1件", "s")] * 2
    days = [cell for (cell,) in pieces.iter_rows(min_row=4, min_col=11, max_col=11)]
    assert (days[0].is_date, days[0].value.date()) == (True, date(2026, 9, 30))
    assert not [
        c for sheet in book for line in sheet.iter_rows() for c in line if c.data_type == "f"
    ]
    assert [c.value for c in book["零报送"][4]][:3] == ["县区", "望岚县委组织部", "零报送"]


def test_page_csv_and_json(office: Office) -> None:
    small(office)
    bulletin = made(office)
    page = page_of(bulletin)
    assert "<script" not in page
    fetched = re.findall(r"(?:src|href)=.|url\(.", page.replace('href="#', "").replace("url(#", ""))
    assert fetched == []
    assert '<td class="name">=第1件</td>' in page
    rows = list(csv.DictReader(io.StringIO(csv_of(bulletin).removeprefix("\ufeff"))))
    assert [(r["单位"], r["本期得分"]) for r in rows][:2] == [
        ("临溪县委组织部", "40.0"), ("白芦县委组织部", "5.0"),
    ]  # fmt: skip
    told = json.loads(json_of(bulletin))
    assert told["sha256"] == digest(as_json(bulletin))
    assert told["pieces"][0]["adoption_id"] == 2


def test_strangers_text_in_the_page_is_escaped(office: Office) -> None:
    unit = office.unit("<b>县</b>")
    office.adopt(
        office.draft(unit, "2026-07-01"),
        office.item("省", "2026-07-02", title="<script>1</script>"),
    )
    page = page_of(made(office))
    assert "<script>1" not in page
    assert "&lt;script&gt;1&lt;/script&gt;" in page


def frozen(office: Office, bulletin: Bulletin, number: str) -> int:
    period = Period(*(date.fromisoformat(day) for day in (bulletin.head.start, bulletin.head.end)))
    return freeze(
        office.db, title=bulletin.head.title.replace("\n", ""), number=number, period=period,
        profile_id=bulletin.head.profile_id, snapshot=as_json(bulletin),
    )  # fmt: skip


def test_a_frozen_bulletin_stays_and_corrections_are_told_once(office: Office) -> None:
    lin = office.unit("临溪县委组织部")
    draft = office.draft(lin, "2026-04-01")
    wrong = office.adopt(draft, office.item("省", "2026-05-01"))
    second = made(office, Q2)
    number = frozen(office, second, "通〔2026〕1号")
    undo_event(office.db, wrong, "编辑")
    third = made(office, Q3)
    told = [(c.unit, c.figure, c.told, c.now) for c in third.adjustments]
    assert told == [("临溪县委组织部", "points", 20_000, 0), ("临溪县委组织部", "adopted", 1, 0)]
    assert texts(third)["五、对以前通报的调整"] == (
        "临溪县委组织部：《关于2026年第二季度组工信息采用情况的通报》所列得分20分更正为0分（-20分），"
        "采用1条更正为0条（-1条）。",
        "以上更正已计入本年累计。",
    )
    assert third.units[0].cumulative == 0
    kept = frozen_bulletin(office.db, number)
    assert kept.sound
    assert read_snapshot(kept.snapshot) == second
    frozen(office, third, "通〔2026〕2号")
    fourth = gather(
        office.db, parse_period("2026Q4"), WHO, profile="组工信息计分办法", on=date(2027, 1, 5)
    )
    assert fourth.adjustments == ()


def test_what_cannot_be_frozen_is_told(office: Office) -> None:
    office.unit("临溪县委组织部")
    bulletin = made(office)
    frozen(office, bulletin, "通〔2026〕1号")
    for number, reason in (("通〔2026〕1号", "same_number"), (" ", "no_number")):
        with pytest.raises(BulletinError) as error:
            frozen(office, bulletin, number)
        assert error.value.reason == reason
    with pytest.raises(BulletinError) as error:
        freeze(
            office.db, title="早了", number="通〔2999〕1号", period=parse_period("2999"),
            profile_id=1, snapshot="{}",
        )  # fmt: skip
    assert error.value.reason == "future"
    with pytest.raises(SnapshotError):
        read_snapshot("{}")
    assert len(frozen_bulletins(office.db)) == 1


def test_tampering_shows(office: Office) -> None:
    office.unit("临溪县委组织部")
    number = frozen(office, made(office), "通〔2026〕1号")
    office.conn.execute("DROP TRIGGER bulletin_no_update")
    office.conn.execute("UPDATE bulletin SET snapshot = replace(snapshot, '临溪', '白芦')")
    assert not frozen_bulletin(office.db, number).sound


def test_words_of_periods() -> None:
    words = {
        name: period_words(parse_period(name))
        for name in ("2026", "2026H1", "2026H2", "2026Q1", "2026Q4", "2026-09", "2026-12")
    }
    assert words == {
        "2026": "2026年", "2026H1": "2026年上半年", "2026H2": "2026年下半年",
        "2026Q1": "2026年第一季度", "2026Q4": "2026年第四季度", "2026-09": "2026年9月",
        "2026-12": "2026年12月",
    }  # fmt: skip
    odd = Period(date(2026, 12, 30), date(2027, 1, 3))
    assert period_words(odd) == span_words(odd) == "2026年12月30日至2027年1月2日"
    assert listed(["甲", "乙", "丙"], most=2) == "甲、乙等3个"


def test_what_is_due_on_a_day() -> None:
    spans = ("月", "季度", "半年", "年")
    quarter = due_periods(date(2026, 10, 1), spans)
    assert quarter == [parse_period("2026-09"), parse_period("2026Q3")]
    assert due_periods(date(2027, 1, 31), spans) == [
        parse_period(name) for name in ("2026-12", "2026Q4", "2026H2", "2026")
    ]
    assert due_periods(date(2026, 9, 5), ("季度",)) == []
