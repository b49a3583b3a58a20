"""The guard: each danger has its reason, and nothing legitimate is taken for a danger."""

from __future__ import annotations

import os
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.support_files import Member, body_xml, deflated, docx, raw_zip, zipped
from word.directory import MiB, read_directory
from word.guard import Parts, open_parts, parse_xml, read_bytes
from word.reasons import REASONS, Refused, sentence


def reason_of(data: bytes) -> str:
    """The reason for which a zip file is refused when all of it is read."""
    with pytest.raises(Refused) as caught:
        read_all(data)
    return caught.value.reason


def read_all(data: bytes) -> None:
    parts = Parts(data)
    for name in parts.names:
        parts.read(name)


def xml_reason(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        parse_xml(data)
    return caught.value.reason


class TestReasons:
    def test_every_sentence_names_the_file_and_ends(self) -> None:
        for code in REASONS:
            said = sentence(Refused(code), "春季简报.docx")
            assert said.startswith("“春季简报.docx”")
            assert said.endswith("。")
            assert "。。" not in said

    def test_the_list_is_closed(self) -> None:
        with pytest.raises(ValueError, match="closed list"):
            Refused("bad_luck")

    def test_only_what_may_pass_is_tried_again(self) -> None:
        retried = {code for code, reason in REASONS.items() if reason.retry}
        assert retried == {
            "unreadable", "incomplete", "timeout", "out_of_memory", "reader_died",
            "needs_libreoffice",
        }  # fmt: skip


class TestFile:
    def refused(self, path: Path) -> str:
        with pytest.raises(Refused) as caught:
            read_bytes(path)
        return caught.value.reason

    def test_regular_file_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"abc")
        assert read_bytes(tmp_path / "a") == b"abc"

    def test_empty(self, tmp_path: Path) -> None:
        (tmp_path / "a.docx").touch()
        assert self.refused(tmp_path / "a.docx") == "empty_file"

    def test_directory_named_like_a_draft(self, tmp_path: Path) -> None:
        (tmp_path / "a.docx").mkdir()
        assert self.refused(tmp_path / "a.docx") == "not_regular_file"

    def test_link_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("x")
        (tmp_path / "a.docx").symlink_to(tmp_path / "secret")
        assert self.refused(tmp_path / "a.docx") == "not_regular_file"

    def test_pipe_does_not_block(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.docx")
        assert self.refused(tmp_path / "a.docx") == "not_regular_file"

    def test_missing(self, tmp_path: Path) -> None:
        assert self.refused(tmp_path / "a.docx") == "unreadable"

    def test_too_large(self, tmp_path: Path) -> None:
        with (tmp_path / "a.docx").open("wb") as file:
            file.truncate(50 * MiB + 1)
        assert self.refused(tmp_path / "a.docx") == "too_large"


class TestZip:
    def test_a_draft_is_read(self) -> None:
        parts = Parts(docx("甲"))
        assert parts.names == {"[Content_Types].xml", "_rels/.rels", "word/document.xml"}
        assert "甲".encode() in parts.read("word/document.xml")

    def test_stored_members_are_read(self) -> None:
        assert Parts(zipped({"a": b"abc"}, zipfile.ZIP_STORED)).read("a") == b"abc"

    def test_zip64_sizes_are_read(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as package, package.open("a", "w", force_zip64=True) as f:
            f.write(b"abc")
        assert open_parts(path).read("a") == b"abc"

    def test_backslash_is_read_as_slash(self) -> None:
        assert Parts(raw_zip(Member(b"word\\document.xml"))).names == {"word/document.xml"}

    def test_folders_are_no_parts(self) -> None:
        assert Parts(raw_zip(Member(b"word/", b""), Member(b"word/a"))).names == {"word/a"}

    @pytest.mark.parametrize("cut", [0.3, 0.7, 0.99])
    def test_cut_off(self, cut: float) -> None:
        data = docx("甲" * 100)
        assert reason_of(data[: int(len(data) * cut)]) == "damaged_zip"

    def test_wrong_checksum(self) -> None:
        assert reason_of(raw_zip(Member(b"a", crc=7))) == "damaged_zip"

    def test_data_before_the_zip(self) -> None:
        assert reason_of(b"GIF89a" + docx("甲")) == "damaged_zip"

    @pytest.mark.parametrize("name", [b"../a", b"a/../../b", b"/etc/x", b"a\0b", b"..\\a"])
    def test_names_that_lead_elsewhere(self, name: bytes) -> None:
        assert reason_of(raw_zip(Member(name))) == "hostile_zip"

    def test_two_members_of_one_name(self) -> None:
        twice = raw_zip(Member(b"word/document.xml"), Member(b"word/Document.xml"))
        assert reason_of(twice) == "hostile_zip"
        mixed = raw_zip(Member(b"word/document.xml"), Member(b"word\\document.xml"))
        assert reason_of(mixed) == "hostile_zip"

    def test_encrypted_member(self) -> None:
        assert reason_of(raw_zip(Member(b"a", flags=1))) == "encrypted"

    def test_method_that_could_not_be_bounded(self) -> None:
        assert reason_of(zipped({"a": b"x" * 99}, zipfile.ZIP_BZIP2)) == "zip_method"

    def test_too_many_members(self) -> None:
        assert reason_of(zipped({str(i): b"" for i in range(2001)})) == "hostile_zip"
        assert len(Parts(zipped({str(i): b"" for i in range(2000)})).names) == 2000

    def test_bomb_by_ratio(self) -> None:
        assert reason_of(zipped({"a": bytes(11 * MiB)})) == "hostile_zip"
        assert len(Parts(zipped({"a": bytes(9 * MiB)})).read("a")) == 9 * MiB

    def test_bomb_by_sum(self) -> None:
        member = [Member(b"%d" % i, b"x", size=90 * MiB, method=0) for i in range(4)]
        for m in member:  # sizes that no ratio betrays: the data is said to be as long
            m.packed = bytes(MiB)
        assert reason_of(raw_zip(*member)) == "hostile_zip"

    def test_bomb_whose_directory_lies(self) -> None:
        bomb = raw_zip(Member(b"a", bytes(64 * MiB), size=100))
        assert reason_of(bomb) == "hostile_zip"
        # Positive control: what the declared size would have to stop is really there.
        (entry,) = read_directory(bomb)
        packed = bomb[entry.start : entry.start + entry.packed]
        assert len(zlib.decompress(packed, -15)) == 64 * MiB

    def test_members_that_share_bytes(self) -> None:
        kernel = deflated(bytes(MiB))
        first = Member(b"a", bytes(MiB))
        again = Member(b"a", bytes(MiB), header=0)
        assert first.packed == kernel
        assert reason_of(raw_zip(first, again)) == "hostile_zip"

    def test_quoted_overlap(self) -> None:
        """Fifield's bomb: each member quotes the header of the next, all share one kernel."""
        inner = raw_zip(Member(b"b", bytes(MiB)))
        end = inner.index(b"PK\1\2")
        quoted = b"\0" + end.to_bytes(2, "little") + (end ^ 0xFFFF).to_bytes(2, "little")
        outer = Member(b"a", size=MiB)
        outer.packed = quoted + inner[:end]
        inside = Member(b"b", bytes(MiB), header=30 + 1 + len(quoted))
        assert reason_of(raw_zip(outer, inside)) == "hostile_zip"

    @given(st.binary(max_size=300), st.integers(0, 10_000), st.integers(0, 255))
    def test_no_bytes_do_more_than_refuse(self, tail: bytes, at: int, value: int) -> None:
        data = bytearray(docx("甲", "乙") + tail)
        data[at % len(data)] = value
        with suppress(Refused):
            read_all(bytes(data))


class TestXml:
    def test_text_is_read_whole_without_comments(self) -> None:
        root = parse_xml("<a>前<!-- x --><?y z?>后</a>".encode())
        assert root.text == "前后"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "gb18030"])
    def test_encodings(self, encoding: str) -> None:
        declared = "utf-16" if encoding.startswith("utf-16") else encoding
        text = f'<?xml version="1.0" encoding="{declared}"?><a>安全生产</a>'
        assert parse_xml(text.encode(encoding)).text == "安全生产"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
    def test_doctype(self, encoding: str) -> None:
        text = '<!DOCTYPE a [<!ENTITY co "x">]><a>前&co;后</a>'
        assert xml_reason(text.encode(encoding)) == "hostile_xml"

    def test_doctype_in_an_encoding_that_hides_it(self) -> None:
        text = '<?xml version="1.0" encoding="{}"?><!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'
        assert xml_reason(text.format("cp037").encode("cp037")) == "damaged_xml"  # not read at all
        assert xml_reason(text.format("UTF-32").encode("utf-32")) == "hostile_xml"
        hidden = text.format("utf-7").replace("<!DOCTYPE", "+ADw-!DOCTYPE")
        assert xml_reason(hidden.encode()) == "hostile_xml"

    def test_entities_that_multiply(self) -> None:
        lines = "".join(
            f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "x" * 10}">' for i in range(9)
        )
        assert xml_reason(f"<!DOCTYPE a [{lines}]><a>&e8;</a>".encode()) == "hostile_xml"

    def test_unknown_entity(self) -> None:
        assert xml_reason(b"<a>&co;</a>") == "damaged_xml"

    @pytest.mark.parametrize("data", [b"", b"<a>", b"<a></b>", b"\xff\xfe<", b"<a b='\x01'/>"])
    def test_not_well_formed(self, data: bytes) -> None:
        assert xml_reason(data) == "damaged_xml"

    def test_depth(self) -> None:
        assert xml_reason(b"<a>" * 129 + b"</a>" * 129) == "hostile_xml"
        assert xml_reason(b"<a>" * 9000 + b"</a>" * 9000) == "hostile_xml"
        assert parse_xml(b"<a>" * 128 + b"</a>" * 128).tag == "a"

    def test_too_many_elements(self) -> None:
        many = b"<a>" + b"<b/>" * 1_050_000 + b"</a>"
        assert xml_reason(many) == "hostile_xml"

    def test_too_many_attributes(self) -> None:
        one = b"<a " + b" ".join(b"b%d=''" % i for i in range(40)) + b"/>"
        assert xml_reason(b"<r>" + one * 76_000 + b"</r>") == "hostile_xml"

    def test_too_large(self) -> None:
        assert xml_reason(b"<a>" + b" " * (32 * MiB) + b"</a>") == "hostile_xml"

    def test_many_paragraphs_are_no_danger(self) -> None:
        root = parse_xml(body_xml("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 20_000))
        assert len(root[0]) == 20_000

    def test_no_file_is_read_for_an_entity(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("秘密")
        text = f'<!DOCTYPE a [<!ENTITY s SYSTEM "{secret.as_uri()}">]><a>&s;</a>'.encode()
        assert xml_reason(text) == "hostile_xml"
        open_parser = etree.XMLParser(resolve_entities=True, load_dtd=True)  # positive control
        assert "秘密" in etree.tostring(etree.fromstring(text, open_parser), encoding="unicode")
