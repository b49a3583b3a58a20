"""Tricks with characters: none hides that a text was sent before, or hides text from the editor."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from opencc import OpenCC

from storage.connection import open_database
from tests.support_docx import members, para, zipped
from tests.support_faults import light, run
from tests.test_flows_intake import office

__all__ = ["light"]

LINES = (
    "临溪县用“板凳会”把难事议在院坝里",
    "今年以来，临溪县以3个镇为试点，把议事桌从会议室搬到院坝里，群众坐上小板凳，一事一议、当场认领。",
    "一是定题目。村党支部每月10日前收集群众反映的事项，按轻重缓急列出清单，A类当月办，B类当季办。",
    "二是摆条件。包村干部带着政策和账本到场，能办的说清时间，办不了的说清原因，不打马虎眼。",
    "三是见结果。办结一件销号一件，逾期未办的由镇纪委提醒，半年累计办成实事126件，满意率97%。",
    "柳湾镇石桥村的机耕路拖了两年，板凳会上一晚上就定下了线路、筹资和工期，45天后通车。",
)
_HAN = range(0x4E00, 0xA000)


def between(sign: str) -> Callable[[str], str]:
    return lambda text: sign.join(text)


def behind_han(sign: str) -> Callable[[str], str]:
    return lambda text: "".join(c + sign if ord(c) in _HAN else c for c in text)


def replaced(pairs: str) -> Callable[[str], str]:
    """Every first character of "甲乙 丙丁" by the second."""
    table = {ord(pair[0]): pair[1] for pair in pairs.split()}
    return lambda text: text.translate(table)


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def radicals(text: str) -> str:
    """Kangxi radicals for the characters that they look like."""
    table = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0x2F00, 0x2FD6)}
    return "".join(table.get(c, c) for c in text)


def mathematical(text: str) -> str:
    return "".join(chr(0x1D400 + ord(c) - 65) if "A" <= c <= "Z" else c for c in text)


TRICKS: dict[str, tuple[Callable[[str], str], str]] = {  # how, and the flag that tells
    "zero_width_space": (between("\u200b"), "zero_width"),
    "zero_width_joiner": (between("\u200d"), "zero_width"),
    "word_joiner": (between("\u2060"), "zero_width"),
    "soft_hyphen": (between("\u00ad"), "zero_width"),
    "byte_order_mark": (between("\ufeff"), "zero_width"),
    "hangul_filler": (between("\u3164"), "zero_width"),
    "variation_selector": (behind_han("\ufe00"), "zero_width"),
    "ideographic_variation": (behind_han("\U000e0100"), "zero_width"),
    "tag_characters": (between("\U000e0041"), "zero_width"),
    "direction_marks": (between("\u200e"), "bidi"),
    "direction_embedding": (lambda text: f"\u202a{text}\u202c", "bidi"),
    "direction_isolates": (lambda text: f"\u2067{text}\u2069", "bidi"),
    "combining_marks": (behind_han("\u0332"), "odd_characters"),
    "enclosing_marks": (behind_han("\u20dd"), "odd_characters"),
    "radicals": (radicals, "odd_characters"),
    "cyrillic_letters": (replaced("AА BВ"), "odd_characters"),
    "mathematical_letters": (mathematical, "odd_characters"),
    "compatibility_ideographs": (replaced("里\uf9e9 類\uf9d0 一一 六\uf9d1 路\uf937 不\uf967"),
                                 "odd_characters"),
    "full_width": (wide, ""),
    "spaces": (between(" "), ""),
    "ideographic_spaces": (between("\u3000"), ""),
    "thin_spaces": (between("\u2009"), ""),
    "traditional": (OpenCC("s2t").convert, ""),
    "other_punctuation": (replaced("，、 。． “「 ”」"), ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """The original and all its disguises, taken in: by name, what the database says."""
    base = tmp_path_factory.mktemp("evasion")
    patch = pytest.MonkeyPatch()
    request_light(patch)
    inbox = base / "收件箱"
    for name, how in {"original": str, **{n: t[0] for n, t in TRICKS.items()}}.items():
        (inbox / f"单位{name}").mkdir(parents=True)
        body = "".join(para(how(line)) for line in LINES)
        (inbox / f"单位{name}" / f"{name}.docx").write_bytes(zipped(members(body)))
    settings = office(base / "库")
    run(settings, inbox)
    patch.undo()
    db = open_database(settings.database, readonly=True)
    drafts: dict[str, dict[str, object]] = {}
    for row in db.query(
        "SELECT draft.id, name, text, (SELECT json_group_array(kind) FROM flag"
        " WHERE flag.draft_id = draft.id) AS flags FROM draft JOIN manuscript"
        " ON manuscript.id = manuscript_id JOIN _draft_text ON _draft_text.draft_id = draft.id"
    ):
        drafts[str(row["name"]).removesuffix(".docx")] = {
            "id": row["id"], "text": row["text"], "flags": set(json.loads(row["flags"])),
        }  # fmt: skip
    pairs = [tuple(r.values()) for r in db.query("SELECT draft_a, draft_b FROM duplicate_pair")]
    same = {drafts["original"]["id"]}
    while further := {i for pair in pairs if same & set(pair) for i in pair} - same:
        same |= further  # a draft is paired with a few of its like, and they with others
    drafts["original"]["same"] = same
    db.close()
    return drafts


def request_light(patch: pytest.MonkeyPatch) -> None:
    from tests.support_faults import lighten

    lighten(patch.setattr)


@pytest.mark.parametrize("trick", TRICKS)
def test_it_is_known_as_the_same_text(trick: str, found: dict[str, dict[str, object]]) -> None:
    same = found["original"]["same"]
    assert isinstance(same, set)
    assert found[trick]["id"] in same


@pytest.mark.parametrize("trick", [name for name, (_, flag) in TRICKS.items() if flag])
def test_it_is_flagged(trick: str, found: dict[str, dict[str, object]]) -> None:
    flags = found[trick]["flags"]
    assert isinstance(flags, set)
    assert TRICKS[trick][1] in flags
    assert TRICKS[trick][1] not in found["original"]["flags"]  # type: ignore[operator]


@pytest.mark.parametrize("trick", TRICKS)
def test_the_editor_sees_every_sentence(trick: str, found: dict[str, dict[str, object]]) -> None:
    """Without what cannot be seen; what can be seen stays as it was written."""
    how, flag = TRICKS[trick]
    text = str(found[trick]["text"])
    for line in LINES[1:]:
        expected = line if flag in ("zero_width", "bidi") else how(line)
        assert "".join(expected.split()) in "".join(text.split()).replace("\u2009", "")


def test_a_plain_comparison_is_deceived() -> None:
    """Positive control: three-character pieces of the raw text, as a simple check has them."""
    deceived = 0
    original = pieces("".join(LINES))
    for how, _ in TRICKS.values():
        other = pieces("".join(map(how, LINES)))
        deceived += len(original & other) / len(original | other) < 0.5
    assert deceived >= 14


def pieces(text: str) -> set[str]:
    return {text[at : at + 3] for at in range(len(text) - 2)}


def test_reversed_display_is_told(tmp_path: Path, light: None) -> None:
    """Text written backwards and turned round by a mark: not recognised, but never unnoticed."""
    inbox = tmp_path / "收件箱" / "单位"
    inbox.mkdir(parents=True)
    body = para(LINES[0]) + "".join(para(f"\u202e{line[::-1]}\u202c") for line in LINES[1:])
    (inbox / "反.docx").write_bytes(zipped(members(body)))
    settings = office(tmp_path / "库")
    run(settings, tmp_path / "收件箱")
    db = open_database(settings.database, readonly=True)
    flags = {row["kind"]: row["severity"] for row in db.query("SELECT kind, severity FROM flag")}
    db.close()
    assert flags["bidi"] == "warn"
