"""Composite assessments: weights, outside sheets, the ledger scaled; bad sheets are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from storage.assessments import (
    AssessmentError,
    Part,
    assessment,
    assessment_names,
    read_scores,
    save_assessment,
    scaled,
)
from storage.periods import parse_period
from tests.support_statistics import Office

YEAR = parse_period("2026")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.db.close()


def test_the_parts_of_the_seed_practice_by_hand(office: Office) -> None:
    """社会调查20%、群众评价30%、领导评价30%、积分20%."""
    lin, bai = office.unit("临溪县委组织部"), office.unit("白芦县委组织部")
    office.award(lin, 30_000, "2026-05-01")
    office.award(bai, 40_000, "2026-12-31")
    office.award(bai, 99_000, "2027-01-01")
    names = ("临溪县委组织部", "白芦县委组织部")
    parts = [
        Part("社会调查", 20, scores=dict(zip(names, (80, 90), strict=True))),
        Part("群众评价", 30, full=10, scores=dict(zip(names, (9, 8), strict=True))),
        Part("领导评价", 30, scores={names[0]: 100}),
        Part("积分", 20, profile_id=1),
    ]
    save_assessment(office.db, "年度考核", YEAR, parts)
    found = assessment(office.db, "年度考核")
    assert found.weights == {"社会调查": 20, "群众评价": 30, "领导评价": 30, "积分": 20}
    first, second = found.units
    assert (first.unit, first.rank, first.total) == (names[0], 1, pytest.approx(88.0))
    assert first.parts == {"社会调查": 80, "群众评价": 90, "领导评价": 100, "积分": 75}
    assert (second.total, second.parts["领导评价"]) == (pytest.approx(62.0), None)


def test_it_is_replaced_by_one_of_its_name_and_follows_the_ledger(office: Office) -> None:
    unit = office.unit("临溪")
    for full_points in (10.0, 40.0):
        parts = [Part("积分", 100, profile_id=1, full_points=full_points)]
        save_assessment(office.db, "考核", YEAR, parts)
    assert assessment_names(office.db) == ["考核"]
    award = office.award(unit, 30_000, "2026-05-01")
    assert assessment(office.db, "考核").units[0].total == 75
    office.reverse(award)
    assert assessment(office.db, "考核").units[0].total == 0


@pytest.mark.parametrize(
    ("parts", "reason", "words"),
    [
        ([Part("甲", 50), Part("乙", 40)], "weights", "现在是90%（甲50%、乙40%）"),
        ([Part("甲", 120), Part("乙", -20)], "weights", "每项大于0"),
        ([], "weights", "没有写"),
        ([Part("甲", 50), Part("甲", 50)], "parts", "同名"),
        ([Part("甲", 100, scores={"临西县委": 9})], "unit", "名称相近的有“临溪县委”"),
        ([Part("甲", 100, scores={"临溪县委": 9, "临溪 县委": 8})], "unit", "同一单位"),
    ],
)
def test_bad_parts_are_told_and_nothing_is_stored(
    office: Office, parts: list[Part], reason: str, words: str
) -> None:
    office.unit("临溪县委")
    with pytest.raises(AssessmentError, match=words) as caught:
        save_assessment(office.db, "考核", YEAR, parts)
    assert caught.value.reason == reason
    with pytest.raises(AssessmentError, match="没有叫“考核”的考核"):
        assessment(office.db, "考核")


def test_a_sheet_of_excel_or_csv(tmp_path: Path) -> None:
    book = Workbook()
    for row in (("单位", "得分"), ("临溪", 88.5), ("白芦", 90)):
        book.active.append(row)
    book.save(tmp_path / "群众.xlsx")
    (tmp_path / "群众.csv").write_text("单位名称,评分\n临溪,88.5\n白芦,90\n", encoding="gb18030")
    expected = {"临溪": 88.5, "白芦": 90.0}
    assert read_scores(tmp_path / "群众.xlsx") == read_scores(tmp_path / "群众.csv") == expected


def test_rows_to_mend_are_named(tmp_path: Path) -> None:
    sheet = tmp_path / "群众.csv"
    sheet.write_text("单位,得分\n临溪,101\n,9\n白芦,优\n望岚,1\n望岚,2\n沅北,nan\n", "utf-8")
    with pytest.raises(AssessmentError) as caught:
        read_scores(sheet)
    for words in (
        "第2行“临溪”", "第3行没有单位", "第4行“白芦”", "第6行的“望岚”重复", "第7行“沅北”",
    ):  # fmt: skip
        assert words in str(caught.value)
    sheet.write_text("单位,评语\n临溪,好\n", "utf-8")
    with pytest.raises(AssessmentError, match="没有“得分”一栏"):
        read_scores(sheet)


@given(
    st.lists(st.tuples(st.sampled_from("甲乙"), st.integers(-9000, 90_000)), min_size=1),
    st.none() | st.floats(0.5, 100),
)
def test_scaled_points_keep_their_order_and_bounds(
    units: list[tuple[str, int]], full_points: float | None
) -> None:
    groups = {n: group for n, (group, _) in enumerate(units)}
    points = {n: worth for n, (_, worth) in enumerate(units)}
    found = scaled(groups, points, 100, full_points)
    assert all(0 <= score <= 100 for score in found.values())
    for a in groups:
        for b in groups:
            if groups[a] == groups[b] and points[a] >= points[b]:
                assert found[a] >= found[b]
    if full_points is None:
        for group in set(groups.values()):
            best = max(points[n] for n in groups if groups[n] == group)
            assert max(found[n] for n in groups if groups[n] == group) == (100 if best > 0 else 0)
