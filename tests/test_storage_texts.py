"""Text into the database and out again: nothing lost, offsets kept, nothing that UTF-8 refuses."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from nlp.types import Draft, Paragraph, Role
from storage.texts import pack_paragraphs, storable, storable_name, to_json, unpack_paragraphs

paragraphs = st.builds(
    Paragraph,
    role=st.sampled_from(get_args(Role)),
    label=st.sampled_from(["", "一、", "（二）", "3."]),
    text=st.text(alphabet=st.characters(codec="utf-8"), max_size=20),
    level=st.integers(0, 4),
)


@given(st.lists(paragraphs, max_size=8))
def test_paragraphs_come_back_from_the_text(given_: list[Paragraph]) -> None:
    draft = Draft(1, "题", tuple(given_))
    assert unpack_paragraphs(draft.text, pack_paragraphs(draft)) == draft.paragraphs


@given(st.text())
def test_storable_keeps_length_and_encodes(text: str) -> None:
    stored = storable(text)
    assert len(stored) == len(text)
    assert stored.encode().decode() == stored
    assert all(a == b or (b == "\ufffd" and "\ud800" <= a <= "\udfff")
               for a, b in zip(text, stored, strict=True))  # fmt: skip


def test_names_that_are_not_utf8() -> None:
    gbk = "安全生产.docx".encode("gbk").decode("utf-8", "surrogateescape")
    assert storable_name(f"/收稿/{gbk}") == "/收稿/安全生产.docx"
    assert storable_name("a\udcff.docx") == "a\\xff.docx"
    assert storable_name("正常.docx") == "正常.docx"


def test_json_keeps_chinese_readable() -> None:
    assert to_json([("村", 0, 1, 1.5)]) == '[["村",0,1,1.5]]'
