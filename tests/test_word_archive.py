"""Archives of drafts: names right, nothing written elsewhere, no archive in an archive."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.types import Refusal
from tests.support_files import Member as Raw
from tests.support_files import docx, raw_zip, zipped
from word.archive import Member, RefusedMember, is_archive, unpack
from word.directory import UTF8, MiB
from word.reasons import Refused


def unpacked(tmp_path: Path, data: bytes) -> list[Member | RefusedMember]:
    archive = tmp_path / "drafts.zip"
    archive.write_bytes(data)
    (tmp_path / "into").mkdir()
    found = unpack(archive, tmp_path / "into")
    # Whatever the archive holds, nothing is written but files of ours in that folder.
    assert {p.name for p in tmp_path.iterdir()} == {"drafts.zip", "into"}
    assert sorted(p for p in (tmp_path / "into").iterdir()) == [
        m.path for m in found if isinstance(m, Member)
    ]
    return found


def names(found: list[Member | RefusedMember]) -> list[tuple[str, str]]:
    return [(member.folder, member.name) for member in found]


def test_names_in_gbk_and_folders(tmp_path: Path) -> None:
    draft = docx("关于党员教育的简报")
    found = unpacked(
        tmp_path,
        raw_zip(
            Raw("云岭县/".encode("gbk"), b""),
            Raw("云岭县/联通经验.docx".encode("gbk"), draft),
            Raw("云岭县\\镕基精神.docx".encode("gbk"), draft),
            Raw("河湾镇.docx".encode(), draft, flags=UTF8),
            Raw("河湾镇2.docx".encode(), draft),
        ),
    )
    assert names(found) == [
        ("云岭县", "联通经验.docx"),
        ("云岭县", "镕基精神.docx"),
        ("", "河湾镇.docx"),
        ("", "河湾镇2.docx"),
    ]
    assert all(isinstance(m, Member) and m.path.read_bytes() == draft for m in found)


def test_backslash_byte_inside_a_character_is_no_folder(tmp_path: Path) -> None:
    name = "誠信建設.docx"  # its first character ends in 0x5C in GBK
    assert b"\\" in name.encode("gbk")
    assert names(unpacked(tmp_path, raw_zip(Raw(name.encode("gbk"))))) == [("", name)]


def test_name_in_the_unicode_field(tmp_path: Path) -> None:
    stored, real = b"????.docx", "简报.docx".encode()
    field = b"\1" + zlib.crc32(stored).to_bytes(4, "little") + real
    extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
    stale = b"\x75\x70" + len(field).to_bytes(2, "little") + b"\1\0\0\0\0" + real
    found = unpacked(tmp_path, raw_zip(Raw(stored, extra=extra), Raw(b"a.docx", extra=stale)))
    assert names(found) == [("", "简报.docx"), ("", "a.docx")]


def test_name_in_no_known_encoding(tmp_path: Path) -> None:
    assert names(unpacked(tmp_path, raw_zip(Raw(b"\xff\xff.docx")))) == [("", "\xa0\xa0.docx")]


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=3))
def test_every_han_name_survives_both_ways(name: str) -> None:
    from word.archive import name_of
    from word.directory import read_directory

    data = raw_zip(Raw(name.encode(), flags=UTF8), Raw((name + "2").encode("gbk")))
    told, guessed = map(name_of, read_directory(data))
    assert told == name
    assert guessed == name + "2" or guessed.encode() == (name + "2").encode("gbk")


def test_litter_is_left_out(tmp_path: Path) -> None:
    litter = ["~$简报.docx", "__MACOSX/._简报.docx", "._a.docx", ".DS_Store", "x/Thumbs.db"]
    data = raw_zip(*[Raw(n.encode(), flags=UTF8) for n in [*litter, "简报.docx"]])
    assert names(unpacked(tmp_path, data)) == [("", "简报.docx")]


def test_one_bad_member_costs_only_itself(tmp_path: Path) -> None:
    data = raw_zip(
        Raw(b"a.docx", b"first"),
        Raw(b"../../b.docx"),
        Raw(b"/c.docx"),
        Raw(b"d.docx", flags=1),
        Raw(b"e.docx", b"x", method=12),
        Raw(b"f.docx", b""),
        Raw(b"g.docx", crc=1),
        Raw(b"h.zip", zipped({"a.docx": b"x"})),
        Raw(b"i.rar", b"Rar!\x1a\x07\x00"),
        Raw(b"j.docx", bytes(9 * MiB), size=100),
        Raw(b"z.docx", b"last"),
    )
    found = unpacked(tmp_path, data)
    reasons = [m.refusal.reason if isinstance(m, RefusedMember) else "" for m in found]
    assert reasons == [
        "", "hostile_zip", "hostile_zip", "encrypted", "zip_method", "empty_file",
        "damaged_zip", "archive_nested", "archive_nested", "hostile_zip", "",
    ]  # fmt: skip
    assert found[1] == RefusedMember(
        "b.docx", "../..", Refusal("hostile_zip", "member name '../../b.docx'")
    )
    last = found[-1]
    assert isinstance(last, Member)
    assert last.path.read_bytes() == b"last"


def test_a_word_file_inside_is_no_nested_archive(tmp_path: Path) -> None:
    (found,) = unpacked(tmp_path, zipped({"a.docx": docx("甲")}))
    assert isinstance(found, Member)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped({f"{i}.docx": b"" for i in range(2001)}), "archive_too_large"),
        (zipped({"a.docx": bytes(101 * MiB)}), "hostile_zip"),
        (zipped({"a.docx": b"x" * 500})[:-30], "damaged_zip"),
        (b"", "empty_file"),
    ],
    ids=["members", "bomb", "cut", "empty"],  # the bytes hold the time of day
)
def test_an_archive_refused_as_a_whole(tmp_path: Path, data: bytes, reason: str) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(data)
    with pytest.raises(Refused) as caught:
        unpack(archive, tmp_path)
    assert caught.value.reason == reason
    assert list(tmp_path.iterdir()) == [archive]


def test_what_is_an_archive(tmp_path: Path) -> None:
    def told(data: bytes) -> bool:
        (tmp_path / "a").write_bytes(data)
        return is_archive(tmp_path / "a")

    assert told(zipped({"简报.docx": docx("甲")}))
    assert told(raw_zip(Raw(b"a.docx", flags=1)))
    assert told(zipped({}))
    assert not told(docx("甲"))
    assert not told(b"text")
    assert not told(b"PK\3\4 cut off")
