"""Charts of a bulletin: drawn with a Chinese font, the same bytes for the same figures, or none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reports import charts
from reports.bulletin import Bulletin
from reports.bulletin_gather import gather
from reports.bulletin_letter import letter_of
from reports.official import Picture
from reports.standard import Office as Reporter
from storage.periods import parse_period
from storage.profiles import add_profile
from tests.support_statistics import Office
from tests.test_reports_bulletin import RULES
from zugao.doctor import examine

Q3 = parse_period("2026Q3")


@pytest.fixture
def bulletin(tmp_path: Path) -> Bulletin:
    office = Office(tmp_path)
    profile = add_profile(office.db, RULES)
    unit = office.unit("$临溪$县委组织部")  # dollars would be mathematics to matplotlib
    office.draft(unit, "2026-07-01")
    office.award(unit, 12_500, "2026-07-02", profile=profile)
    made = gather(office.db, Q3, Reporter("办公室"), profile="组工信息计分办法")
    office.db.close()
    return made


@pytest.fixture
def no_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(charts, "FONTS", ())
    charts.chart_font.cache_clear()
    yield
    charts.chart_font.cache_clear()


def pictures(bulletin: Bulletin) -> list[str]:
    """Charts stand in the last annex, none in the text."""
    letter = letter_of(bulletin)
    assert not [block for block in letter.body if isinstance(block, Picture)]
    return [block.words for block in letter.annexes[-1].blocks if isinstance(block, Picture)]


@pytest.mark.skipif(not charts.chart_font(), reason="no font with Chinese letters")
def test_drawn_the_same_each_time(bulletin: Bulletin) -> None:
    assert charts.ranking_chart(bulletin)[:8] == b"\x89PNG\r\n\x1a\n"
    first = charts.themes_chart(bulletin, "svg")
    assert b"<svg" in first
    assert charts.themes_chart(bulletin, "svg") == first
    assert pictures(bulletin) == ["各单位本期得分", "各主题报送与采用"]


def test_without_a_font_the_bulletin_has_no_pictures(bulletin: Bulletin, no_font: None) -> None:
    assert charts.ranking_chart(bulletin) == charts.themes_chart(bulletin, "svg") == b""
    assert pictures(bulletin) == []


def test_the_doctor_says_so(tmp_path: Path, no_font: None) -> None:
    (check,) = [check for check in examine(tmp_path) if check.name == "通报插图"]
    assert (check.state, check.found) == ("注意", "不能画图")
