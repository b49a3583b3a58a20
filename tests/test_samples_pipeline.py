"""The pipeline is held to the samples: each shows what samples/README.md says that it shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from flows.direct import intake_directly
from reports.summary import Summary
from samples.kinds import PAIRS
from samples.sources import Source, load
from storage.connection import open_database
from storage.facts import export_rows
from zugao.setting_up import set_up
from zugao.settings import load_settings

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
pytestmark = pytest.mark.office  # one sample is a .doc, one an .rtf

REFUSED = {
    "沅北县基层党建重点任务推进情况.docx": "damaged_zip",
    "望岚县年轻干部调研材料（U盘拷贝）.docx": "damaged_zip",
    "汀洲区干部监督工作情况（加密）.docx": "encrypted",
    "高新区两新党建台账.docx": "hostile_zip",
    "新建 Microsoft Word 文档.docx": "empty_file",
    "临溪县七月组工信息.docx": "unknown_format",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("库") / "稿件库"
    list(set_up(folder, units=SAMPLES / "units.csv"))
    return folder


@pytest.fixture(scope="module")
def summary(home: Path) -> Summary:
    settings = load_settings(home)
    return intake_directly(settings, SAMPLES / "inbox", lambda *step: None, wait=False)


@pytest.fixture(scope="module")
def db(home: Path, summary: Summary) -> Iterator[Database]:
    opened = open_database(home / "zugao.db", readonly=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    return load(SAMPLES / "drafts")


@pytest.fixture(scope="module")
def drafts(db: Database, sources: list[Source]) -> dict[str, list[dict[str, Any]]]:
    """Source key → the drafts that the pipeline made of its file, in order."""
    by_file: defaultdict[tuple[object, object], list[dict[str, Any]]] = defaultdict(list)
    for row in export_rows(db):
        by_file[row["unit"], row["file_name"]].append(row)
    return {source.key: by_file[source.unit, source.file] for source in sources}


def shown(sources: list[Source], feature: str) -> list[str]:
    found = [source.key for source in sources if feature in source.shows]
    assert found, feature
    return found


def test_every_source_is_a_draft_of_its_unit(drafts: dict[str, list[dict[str, Any]]]) -> None:
    assert [key for key, rows in drafts.items() if not rows] == []


def test_only_compilations_are_split(
    drafts: dict[str, list[dict[str, Any]]], sources: list[Source]
) -> None:
    compiled = shown(sources, "compilation")
    assert {key: len(rows) for key, rows in drafts.items() if len(rows) != 1} == dict.fromkeys(
        compiled, 3
    )


def test_refused_files_and_their_reasons(summary: Summary) -> None:
    assert {r["name"]: r["reason"] for r in summary.facts.refused} == REFUSED


def test_pairs_and_their_kinds(db: Database, drafts: dict[str, list[dict[str, Any]]]) -> None:
    keys = {row["draft_id"]: key for key, rows in drafts.items() for row in rows}
    found = {
        frozenset((keys[p["draft_a"]], keys[p["draft_b"]])): p["kind"]
        for p in db.query("SELECT draft_a, draft_b, kind FROM duplicate_pair")
    }
    assert found == {frozenset(pair): kind for pair, kind in PAIRS.items()}


def test_overlong_and_short_drafts(
    drafts: dict[str, list[dict[str, Any]]], sources: list[Source]
) -> None:
    def flagged(kind: str) -> set[str]:
        return {k for k, rows in drafts.items() if any(f["kind"] == kind for f in rows[0]["flags"])}

    assert flagged("over_hard") == set(shown(sources, "overlong"))
    assert set(shown(sources, "short")) <= flagged("under_floor")


@pytest.mark.parametrize(
    ("feature", "code"),
    [
        ("tracked", "tracked_changes"),
        ("textbox", "text_boxes"),
        ("footnote", "footnotes"),
        ("traditional", "traditional"),
        ("doc", "converted"),
        ("rtf", "converted"),
    ],
)
def test_what_a_reader_should_know_is_noticed(
    db: Database,
    drafts: dict[str, list[dict[str, Any]]],
    sources: list[Source],
    feature: str,
    code: str,
) -> None:
    for key in shown(sources, feature):
        row = drafts[key][0]
        codes = {n["code"] for n in row["notices"]} | {
            n["code"]
            for n in db.query(
                "SELECT code FROM manuscript_notice WHERE manuscript_id = ?", [row["manuscript_id"]]
            )
        }
        assert code in codes, key


@pytest.mark.parametrize(
    ("feature", "kind"), [("masks", "placeholder"), ("boilerplate", "website_residue")]
)
def test_what_an_editor_should_mend_is_flagged(
    drafts: dict[str, list[dict[str, Any]]], sources: list[Source], feature: str, kind: str
) -> None:
    for key in shown(sources, feature):
        assert kind in {flag["kind"] for flag in drafts[key][0]["flags"]}, key


@pytest.mark.parametrize(("place", "floor"), [(0, 0.88), (1, 0.85)], ids=["theme", "genre"])
def test_themes_and_genres(
    drafts: dict[str, list[dict[str, Any]]],
    sources: list[Source],
    place: int,
    floor: float,
) -> None:
    wrong = []
    whole = [source for source in sources if "compilation" not in source.shows]
    for source in whole:
        row = drafts[source.key][0]
        got = (row["theme"] or "X0", row["genre"])[place]
        if got != source.shows[place]:
            wrong.append(f"{source.key}: {source.shows[place]}, not {got}")
    assert 1 - len(wrong) / len(whole) >= floor, "\n".join(wrong)


def test_the_inbox_is_as_large_and_varied_as_promised(
    summary: Summary, drafts: dict[str, list[dict[str, Any]]]
) -> None:
    rows = [row for found in drafts.values() for row in found]
    assert summary.found >= 80
    assert len({row["unit"] for row in rows}) >= 12
    assert len({row["unit_group"] for row in rows}) == 2
    quarters = {
        (row["dated"][:4], (int(row["dated"][5:7]) + 2) // 3) for row in rows if row["dated"]
    }
    assert quarters >= {("2026", 2), ("2026", 3)}
    assert min(row["characters"] for row in rows) < 160
    assert max(row["characters"] for row in rows) > 5900
