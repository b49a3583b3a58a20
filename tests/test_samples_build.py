"""The samples: what they must show, and that the inbox is what the sources say."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from typing import get_args

import docx
import pytest

from nlp.reuse import Kind
from samples import kinds, office, readme
from samples.broken import ALL
from samples.build import DRAFTS, HERE, INBOX, ISSUES, TRUTH, build, build_issues, planned
from samples.layout import DATE, lay_out
from samples.sources import Source, load

CONTENT = ("heading", "body", "row", "salutation")
HARD = {"动态": 1500, "经验": 1500, "问题": 1500, "建议": 1500, "评论": 1500, "信访": 1500,
        "调研报告": 5000, "讲话": 5000, "通知": 5000}  # fmt: skip
AT_LEAST = {
    "overlong": 5, "compilation": 2, "auto_numbers": 3, "table": 2, "tracked": 1, "textbox": 1,
    "footnote": 1, "traditional": 2, "masks": 1, "boilerplate": 1, "doc": 1, "rtf": 1,
    "archive": 2, "flat": 3,
    "resent": 1, "identical": 1, "trimmed": 1, "copied": 1, "borrowed": 1, "merged": 1,
}  # fmt: skip
DERIVED = {
    "沅北县委组织部/06-develop-members-again": ["沅北县委组织部/05-develop-members"],
    "汀洲区委组织部/03-four-one-again": ["汀洲区委组织部/01-four-one-branches"],
    "白芦县委组织部/06-wetland-talent-short": ["白芦县委组织部/05-wetland-talent-station"],
    "望岚县委组织部/01-red-grid-copy": ["临溪县委组织部/01-red-grid"],
    "沅北县委组织部/02-ecommerce-volunteer": ["望岚县委组织部/03-ecommerce-party"],
    "白芦县委组织部/09-fishermen-contains": ["白芦县柳湾镇党委/03-fishing-village"],
    "清漪区桂子街道党工委/02-training-menu-similar": ["清漪区委组织部/11-training-menu"],
    "清漪区委组织部/07-merged": [
        "清漪区委组织部/05-neighbourhood-branch",
        "清漪区委组织部/06-rider-station",
    ],
}
DERIVED_KINDS = {
    "resent", "identical", "trimmed", "copied", "borrowed", "merged", "contains", "similar",
}  # fmt: skip


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    return load(DRAFTS)


@pytest.fixture(scope="module")
def plan(sources: list[Source]) -> tuple[dict[str, bytes], dict[str, Source]]:
    return planned(sources)


@pytest.fixture(scope="module")
def files(plan: tuple[dict[str, bytes], dict[str, Source]]) -> dict[str, bytes]:
    return plan[0]


@pytest.fixture(scope="module")
def converted(plan: tuple[dict[str, bytes], dict[str, Source]]) -> dict[str, Source]:
    return plan[1]


@pytest.fixture(scope="module")
def by_key(sources: list[Source]) -> dict[str, Source]:
    return {source.key: source for source in sources}


def units() -> list[dict[str, str]]:
    with (HERE / "units.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def body(source: Source) -> str:
    return "\n".join(line.text for line in lay_out(source.lines) if line.kind in CONTENT)


def characters(source: Source) -> int:
    """字数 as Word counts: a run of Latin letters and digits is one."""
    return len(re.findall(r"[0-9A-Za-z.%]+|[^\s|]", body(source)))


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content), metadata_encoding="gb18030") as package:
        return {info.filename: package.read(info) for info in package.infolist()}


def same_parts(left: bytes, right: bytes) -> bool:
    """Equal members; not equal bytes, because zlib's versions compress differently."""
    ours, theirs = members(left), members(right)
    return list(ours) == list(theirs) and all(
        same_parts(ours[name], theirs[name]) if name.endswith(".docx") else ours[name] == part
        for name, part in theirs.items()
    )


# What the samples must show


def test_enough_files_units_and_groups(sources: list[Source]) -> None:
    groups = {row["name"]: row["group"] for row in units()}
    assert len(sources) >= 80
    assert len({source.unit for source in sources}) >= 12
    assert {groups[source.unit] for source in sources} == {"县区", "市直"}


def test_every_aspect_genre_and_feature(sources: list[Source]) -> None:
    shown = Counter(code for source in sources for code in source.shows)
    wanted = dict.fromkeys([*readme.ASPECTS, *readme.GENRES], 2) | AT_LEAST
    assert {code: shown[code] for code in wanted if shown[code] < wanted[code]} == {}
    assert set(shown) <= {*readme.ASPECTS, *readme.GENRES, *readme.FEATURES}


def test_each_source_names_aspect_then_genre(sources: list[Source]) -> None:
    wrong = [s.key for s in sources
             if s.shows[0] not in readme.ASPECTS or s.shows[1] not in readme.GENRES]  # fmt: skip
    assert wrong == []


def test_lengths_run_from_a_sentence_to_six_thousand(sources: list[Source]) -> None:
    counts = [characters(source) for source in sources]
    assert min(counts) <= 150
    assert max(counts) >= 5500


def test_overlong_and_only_they_pass_the_hard_limit(sources: list[Source]) -> None:
    singles = [source for source in sources if "compilation" not in source.shows]
    over = {s.key for s in singles if characters(s) > HARD[s.shows[1]]}
    assert over == {s.key for s in singles if "overlong" in s.shows}


def test_short_ones_are_below_every_floor(sources: list[Source]) -> None:
    assert [s.key for s in sources if "short" in s.shows and characters(s) >= 150] == []


def test_dates_fall_in_the_two_quarters(sources: list[Source]) -> None:
    dates = [line for source in sources for line in source.lines if re.match(r"2\d{3}年", line)
             and DATE.match(line)]  # fmt: skip
    months = {tuple(map(int, re.findall(r"\d+", date)[:2])) for date in dates}
    assert months == {(2026, month) for month in range(4, 10)}


def test_every_duplicate_shares_a_long_passage_with_its_origin(by_key: dict[str, Source]) -> None:
    kinds = {kind for key in DERIVED for kind in by_key[key].shows} & DERIVED_KINDS
    assert kinds == DERIVED_KINDS
    for key, origins in DERIVED.items():
        for origin in origins:
            left, right = body(by_key[key]), body(by_key[origin])
            match = SequenceMatcher(None, left, right, autojunk=False).find_longest_match()
            assert match.size >= 30, (key, origin)


def test_identical_is_the_same_bytes_and_the_others_are_not(
    files: dict[str, bytes], by_key: dict[str, Source]
) -> None:
    for key, origins in DERIVED.items():
        same = files[by_key[key].place] == files[by_key[origins[0]].place]
        assert same == ("identical" in by_key[key].shows)


def test_units_are_listed_with_known_parents_and_own_aliases(sources: list[Source]) -> None:
    rows = units()
    names = [row["name"] for row in rows]
    spoken = names + [alias for row in rows for alias in row["aliases"].split("；") if alias]
    assert len(spoken) == len(set(spoken))
    assert {row["parent"] for row in rows} - {""} <= set(names)
    assert {source.unit for source in sources} <= set(names)
    assert {source.folder for source in sources} - {""} <= set(spoken)


def test_flat_files_name_their_unit(sources: list[Source]) -> None:
    aliases = {row["name"]: [row["name"], *row["aliases"].split("；")] for row in units()}
    flat = [source for source in sources if not source.folder]
    assert {source.key for source in flat} == {s.key for s in sources if "flat" in s.shows}
    assert all(any(name in source.file for name in aliases[source.unit]) for source in flat)


# The inbox in the repository


def test_inbox_is_what_the_sources_make(
    files: dict[str, bytes], converted: dict[str, Source]
) -> None:
    committed = {p.relative_to(INBOX).as_posix() for p in INBOX.rglob("*") if p.is_file()}
    assert committed == {*files, *converted}, "请运行 python -m samples.build"
    hurt = {item.place for item in ALL}
    stale = [place for place, content in files.items() if place not in hurt
             and not same_parts(content, (INBOX / place).read_bytes())]  # fmt: skip
    assert stale == [], "请运行 python -m samples.build"


def test_same_parts_sees_one_changed_letter(files: dict[str, bytes]) -> None:
    place = next(place for place in files if place.endswith(".zip"))
    inner = members(files[place])
    name, content = next(iter(inner.items()))
    parts = members(content)
    parts["word/document.xml"] = parts["word/document.xml"].replace("8月".encode(), "9月".encode())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as changed:
        for part, data in parts.items():
            changed.writestr(part, data)
    assert not same_parts(content, out.getvalue())
    assert same_parts(content, inner[name])


def test_each_kind_of_reuse_has_samples_and_a_test(sources: list[Source]) -> None:
    assert set(kinds.TESTS) == set(kinds.PAIRS.values()) == {*get_args(Kind)}
    assert {key for pair in kinds.PAIRS for key in pair} <= {source.key for source in sources}
    for place in (*kinds.TESTS.values(), kinds.PRINTED):
        file, _, name = place.partition("::")
        assert f"def {name}(" in (HERE.parent / "tests" / file).read_text(encoding="utf-8")


def test_readme_is_what_the_sources_say(sources: list[Source]) -> None:
    assert (HERE / "README.md").read_text(encoding="utf-8") == readme.render(sources)


def test_every_docx_opens_and_bears_its_title(
    files: dict[str, bytes], sources: list[Source]
) -> None:
    for source in sources:
        if source.place in files and not source.archive and not source.word.tracked:
            paragraphs = docx.Document(io.BytesIO(files[source.place])).paragraphs
            assert paragraphs[0].text == source.lines[0].removeprefix("# "), source.key


def test_doc_and_rtf_hold_the_text_of_their_source(converted: dict[str, Source]) -> None:
    for source in converted.values():
        content = (INBOX / source.place).read_bytes()
        if source.word.format == "doc":  # Word 97 keeps Chinese text as UTF-16
            assert all(line.removeprefix("# ").encode("utf-16-le") in content
                       for line in source.lines)  # fmt: skip
        else:
            codes = re.findall(rb"\\u(-?\d+)", content)
            text = "".join(chr(int(code) % 65536) for code in codes)
            wanted = "".join(re.findall(r"[\u4e00-\u9fff]", "".join(source.lines)))
            assert wanted in "".join(re.findall(r"[\u4e00-\u9fff]", text))


@pytest.mark.office
@pytest.mark.skipif(not office.available(), reason="没有安装LibreOffice")
@pytest.mark.parametrize(("suffix", "magic"), [("doc", b"\xd0\xcf\x11\xe0"), ("rtf", b"{\\rtf1")])
def test_libreoffice_converts(files: dict[str, bytes], suffix: str, magic: bytes) -> None:
    content = office.convert(files["【望岚县】驻村第一书记打出“幸福井”.docx"], suffix)
    assert content.startswith(magic)


def test_without_libreoffice_the_build_says_what_is_missing(
    by_key: dict[str, Source], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "available", lambda: False)
    chosen = [source for source in by_key.values() if source.unit == "云泽高新区党工委组织部"]
    told = build(chosen, tmp_path)
    assert told == [
        "没有安装LibreOffice，云泽高新区党工委组织部/云泽高新区：技能大赛擂台选“工匠”.rtf 未生成",
        f"收件箱共{len(chosen) - 1 + len(ALL)}个文件，清除0个旧文件",
    ]
    assert not list(tmp_path.rglob("*.rtf"))


def test_build_removes_what_no_source_makes_and_repeats_itself(
    by_key: dict[str, Source], tmp_path: Path
) -> None:
    chosen = [by_key["临溪县委组织部/01-red-grid"]]
    (tmp_path / "旧稿.docx").write_bytes(b"old")
    assert build(chosen, tmp_path) == [f"收件箱共{1 + len(ALL)}个文件，清除1个旧文件"]
    first = {path: path.read_bytes() for path in tmp_path.rglob("*.docx")}
    assert build(chosen, tmp_path) == [f"收件箱共{1 + len(ALL)}个文件，清除0个旧文件"]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.docx")} == first


def _content(file: Path) -> object:
    """A file's bytes; of a package those of its parts, which do not depend on the packer."""
    if not zipfile.is_zipfile(file):
        return file.read_bytes()
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_printed_issues_are_those_of_their_sources(tmp_path: Path) -> None:
    for file in ISSUES.glob("*.pdf"):  # made again by LibreOffice alone
        (tmp_path / file.name).write_bytes(file.read_bytes())
    _, truth = build_issues(load(DRAFTS), tmp_path)
    assert truth == TRUTH.read_text("utf-8")
    made = {file.name: _content(file) for file in tmp_path.iterdir()}
    assert made == {file.name: _content(file) for file in ISSUES.iterdir()}
