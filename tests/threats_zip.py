"""Threats that lie in the zip container: bombs, lies, overlaps, names, polyglots, archives."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from tests.support_files import (
    Member,
    body_xml,
    deflated,
    docx,
    docx_parts,
    paragraph,
    raw_zip,
    zipped,
)
from tests.threats import MB, TEXT, Scene, Threat, bytes_of, noise

_HONEST = docx_parts(body_xml(paragraph(TEXT)))


def _with(*members: Member) -> bytes:
    """An honest Word file with further members that may lie."""
    return raw_zip(*(Member(name.encode(), part) for name, part in _HONEST.items()), *members)


def _zeros(size: int) -> bytes:
    """Deflated zeros, made without holding them all."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bytes(MB)
    packed = [stream.compress(block) for _ in range(size // MB)]
    return b"".join(packed) + stream.flush()


def _bomb(name: bytes, size: int, declared: int | None = None, method: int = 8) -> Member:
    made = Member(name, b"", size=size if declared is None else declared, method=method, crc=0)
    made.packed = _zeros(size)
    return made


def _one_text(s: Scene) -> bytes:
    others = {name: part for name, part in _HONEST.items() if name != "word/document.xml"}
    bomb = _bomb(b"word/document.xml", s.size(40, 1024) * MB)
    return raw_zip(*(Member(name.encode(), part) for name, part in others.items()), bomb)


def _lying_document(s: Scene) -> bytes:
    others = {name: part for name, part in _HONEST.items() if name != "word/document.xml"}
    bomb = _bomb(b"word/document.xml", s.size(40, 1024) * MB, declared=100)
    return raw_zip(*(Member(name.encode(), part) for name, part in others.items()), bomb)


def _overlap(s: Scene) -> bytes:
    first = _bomb(b"word/media/0.bin", s.size(9, 90) * MB)
    again = [Member(b"word/media/%d.bin" % n, b"", size=first.size, crc=0, header=0)
             for n in range(1, s.size(9, 900))]  # fmt: skip
    for member in again:
        member.packed = first.packed
    honest = [Member(name.encode(), part) for name, part in _HONEST.items()]
    return raw_zip(first, *again, *honest)


def quoted_overlap(s: Scene) -> bytes:
    """Fifield's bomb: each member quotes the headers that follow, all share one kernel."""
    count, size = s.size(20, 1000), s.size(9, 90) * MB
    kernel = _zeros(size)
    honest = [Member(name.encode(), part) for name, part in _HONEST.items()]
    directory = b""
    headers = [
        struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, 0, 0, 0, 8, 0) + b"m%07d" % n
        for n in range(count)
    ]
    bodies, quoted = [b""] * count, kernel
    for n in reversed(range(count)):
        bodies[n] = quoted
        head = headers[n]
        mark = b"\0" + struct.pack("<HH", len(head), len(head) ^ 0xFFFF)
        quoted = mark + head + quoted
    front = raw_zip(*honest)
    stop = front.index(b"PK\1\2")
    end = front.rindex(b"PK\5\6")
    data, at = front[:stop], stop
    for n in range(count):
        directory += struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 33, 0, len(bodies[n]), size, 8,
            0, 0, 0, 0, 0, at,
        ) + b"m%07d" % n  # fmt: skip
        at += len(headers[n]) + (5 if n + 1 < count else 0)
    data += quoted[5:]
    directory = front[stop:end] + directory
    total = count + len(honest)
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, total, total, len(directory), len(data), 0)
    return data + directory + tail


def _sum(_: Scene) -> bytes:
    many = [Member(b"word/media/%d" % n, b"", size=90 * MB, method=0, crc=0) for n in range(4)]
    for member in many:
        member.packed = noise(MB // 2)
    return _with(*many)


def _huge_declared(_: Scene) -> bytes:
    return _with(Member(b"word/media/1", b"x", size=0xFFFFFFF0))


def _local_differs(_: Scene) -> bytes:
    """The local header declares other sizes than the directory; readers take the directory's."""
    data = bytearray(docx(TEXT))
    struct.pack_into("<II", data, 18, 1, 1)
    return bytes(data)


def _chain(s: Scene) -> bytes:
    """Parts that refer to each other, one after the other (a walk recurses)."""
    count = s.size(300, 1500)
    uri = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    link = f'<Relationships xmlns="{uri}"><Relationship Id="r" Type="{kind}" Target="%s"/>'
    link += "</Relationships>"
    parts = {"word/_rels/document.xml.rels": (link % "c0.xml").encode()}
    for n in range(count):
        parts[f"word/c{n}.xml"] = b"<a/>"
        parts[f"word/_rels/c{n}.xml.rels"] = (link % f"c{(n + 1) % count}.xml").encode()
    return zipped(_HONEST | parts)


def _archive(**files: bytes) -> bytes:
    return zipped({name.replace("__", "."): data for name, data in files.items()})


def _slip(_: Scene) -> bytes:
    names = (b"../escaped.docx", b"/tmp/escaped.docx", b"..\\..\\escaped.docx", b"a/../../e.docx")
    return raw_zip(Member(b"ok.docx", docx(TEXT)), *(Member(n, docx(TEXT)) for n in names))


def _link_member(_: Scene) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package_:
        info = zipfile.ZipInfo("link.docx")
        info.external_attr = 0o120777 << 16
        package_.writestr(info, "/etc/hostname")
    return buffer.getvalue()


def _forty_two(s: Scene) -> bytes:
    inner = _archive(**{f"{n}__zip": b"x" * 99 for n in range(16)})
    for _ in range(s.size(3, 6)):
        inner = _archive(**{f"{n}__zip": inner for n in range(8)})
    return inner


def _archive_bomb(s: Scene) -> bytes:
    return raw_zip(*(_bomb(b"%d.docx" % n, s.size(12, 100) * MB) for n in range(3)))


def _end(data: bytes, at: int, *values: int) -> bytes:
    """A copy of a zip file with 16-bit fields of its end record replaced from ``at`` on."""
    changed = bytearray(data)
    struct.pack_into(f"<{len(values)}H", changed, data.rindex(b"PK\5\6") + at, *values)
    return bytes(changed)


def _end64(offset: int) -> bytes:
    """A zip64 locator that points far beyond the file (found by fuzzing)."""
    data = _end(docx(TEXT), 8, 65535, 65535)
    end = data.rindex(b"PK\5\6")
    return data[:end] + struct.pack("<4sIQI", b"PK\6\7", 0, offset, 1) + data[end:]


def _fake_end(_: Scene) -> bytes:
    data = bytearray(docx(TEXT))
    fake = b"PK\5\6" + bytes(18)
    struct.pack_into("<H", data, len(data) - 2, len(fake))
    return bytes(data) + fake


def _changed(find: bytes, put: bytes, *, last: bool = False) -> bytes:
    data = docx(TEXT)
    at = data.rindex(find) if last else data.index(find)
    return data[:at] + put + data[at + len(put) :]


def _z(name: str, expect: str, data: bytes, suffix: str = ".docx") -> Threat:
    return Threat(name, expect, bytes_of(lambda _: data), suffix)


_ZIP = docx(TEXT)
THREATS = (
    Threat("bomb_one_text", "hostile_zip", bytes_of(_one_text)),
    Threat("bomb_part", "hostile_zip",
           bytes_of(lambda s: _with(_bomb(b"word/media/1.png", s.size(40, 1024) * MB)))),
    Threat("bomb_declared_4_gib", "hostile_zip", bytes_of(_huge_declared)),
    Threat("bomb_directory_lies", "hostile_zip", bytes_of(_lying_document)),
    Threat("bomb_overlap", "hostile_zip|damaged_zip", bytes_of(_overlap)),
    Threat("bomb_quoted_overlap", "hostile_zip", bytes_of(quoted_overlap)),
    Threat("bomb_sum", "hostile_zip", bytes_of(_sum)),
    Threat("bomb_bzip2", "zip_method|hostile_zip",
           bytes_of(lambda s: zipped(_HONEST | {"word/document.xml": bytes(s.size(2, 99) * MB)},
                                     zipfile.ZIP_BZIP2))),
    Threat("bomb_lzma", "zip_method|hostile_zip",
           bytes_of(lambda s: zipped(_HONEST | {"word/document.xml": bytes(s.size(2, 99) * MB)},
                                     zipfile.ZIP_LZMA))),
    Threat("tiny_parts_20000", "hostile_zip",
           bytes_of(lambda s: zipped(_HONEST | {f"x/{n}.xml": b"<a/>" for n in range(
               s.size(2500, 20_000))}))),
    Threat("part_chain", "read|hostile_zip", bytes_of(_chain)),
    Threat("local_header_differs", "read", bytes_of(_local_differs)),
    _z("stored_twice", "hostile_zip", _with(Member(b"word/document.xml", b"<a/>"))),
    _z("stored_twice_by_case", "hostile_zip", _with(Member(b"WORD/Document.xml", b"<a/>"))),
    _z("stored_twice_by_slash", "hostile_zip", _with(Member(b"word\\document.xml", b"<a/>"))),
    _z("name_with_dots", "hostile_zip", _with(Member(b"../../escaped.xml"))),
    _z("name_with_dots_backslash", "hostile_zip", _with(Member(b"..\\..\\escaped.xml"))),
    _z("name_absolute", "hostile_zip", _with(Member(b"/tmp/escaped.xml"))),
    _z("name_with_nul", "hostile_zip", _with(Member(b"word/a\0.xml"))),
    _z("name_with_drive", "read", _with(Member(b"C:/escaped.xml"))),
    _z("names_with_backslash", "read",
       raw_zip(*(Member(n.replace("/", "\\").encode(), p) for n, p in _HONEST.items()))),
    _z("method_deflate64", "zip_method",
       raw_zip(*(Member(n.encode(), p, method=9) for n, p in _HONEST.items()))),
    _z("method_aes", "encrypted|zip_method",
       raw_zip(*(Member(n.encode(), p, method=99, flags=1) for n, p in _HONEST.items()))),
    _z("encrypted_members", "encrypted",
       raw_zip(*(Member(n.encode(), p, flags=1) for n, p in _HONEST.items()))),
    _z("wrong_checksum", "damaged_zip",
       raw_zip(*(Member(n.encode(), p, crc=7) for n, p in _HONEST.items()))),
    _z("stored_too_short", "damaged_zip",
       raw_zip(*(Member(n.encode(), p, method=0, size=len(p) + 9) for n, p in _HONEST.items()))),
    _z("cut_in_the_middle", "damaged_zip", _ZIP[: len(_ZIP) // 2]),
    _z("cut_in_the_directory", "damaged_zip", _ZIP[:-60]),
    _z("garbage_in_stream", "damaged_zip",
       raw_zip(*(Member(n.encode(), p) for n, p in list(_HONEST.items())[:2]),
               Member(b"word/document.xml", noise(999), method=8, size=999)).replace(
           deflated(noise(999)), noise(len(deflated(noise(999))), seed=8))),
    _z("polyglot_picture", "scan_needs_ocr", b"GIF89a" + noise(99) + _ZIP),
    _z("polyglot_pdf", "damaged_file|no_text|scan_needs_ocr", b"%PDF-1.7\n" + _ZIP),
    _z("polyglot_page", "unknown_format", b"<html><script>x</script>" + _ZIP),
    _z("polyglot_program", "unknown_format", b"MZ\x90\0" + noise(99) + _ZIP),
    _z("polyglot_tail", "read|damaged_zip", _ZIP + b"<?php x ?>"),
    _z("polyglot_long_tail", "damaged_zip", _ZIP + noise(99_000)),
    _z("two_packages", "damaged_zip|hostile_zip|read", _ZIP + docx("另一份")),
    _z("end_record_fake", "damaged_zip|no_text|read", _fake_end(Scene())),
    _z("end_record_of_several_disks", "damaged_zip", _end(_ZIP, 4, 1, 1)),
    _z("end_record_counts_65534", "damaged_zip|hostile_zip", _end(_ZIP, 8, 65534, 65534)),
    _z("end_record_asks_zip64", "damaged_zip", _end(_ZIP, 8, 65535, 65535)),
    _z("end_record_64_beyond_63_bits", "damaged_zip", _end64((1 << 64) - 9)),
    _z("end_record_64_beyond_the_file", "damaged_zip", _end64(1 << 40)),
    _z("end_record_directory_beyond", "damaged_zip", _end(_ZIP, 12, 0xFFFF, 0x7FFF)),
    _z("directory_entry_spoilt", "damaged_zip", _changed(b"PK\1\2", b"PK\1\7")),
    _z("local_header_spoilt", "damaged_zip", _changed(b"PK\3\4", b"PK\3\7", last=True)),
    _z("no_main_part", "not_word|archive_nested|read",
       zipped({n: p for n, p in _HONEST.items() if n != "word/document.xml"})),
    _z("archive_slips_out", "hostile_zip", _slip(Scene()), ".zip"),
    _z("archive_with_link", "read", _link_member(Scene()), ".zip"),
    _z("archive_in_archive", "read", _archive(a__zip=_archive(b__docx=_ZIP)), ".zip"),
    Threat("archive_42", "read|archive_too_large|hostile_zip", bytes_of(_forty_two), ".zip"),
    Threat("archive_bomb", "hostile_zip|archive_too_large", bytes_of(_archive_bomb), ".zip"),
    Threat("archive_many", "hostile_zip|archive_too_large",
           bytes_of(lambda s: zipped({f"{n}.txt": b"x" for n in range(s.size(2100, 20_000))})),
           ".zip"),
    _z("archive_empty", "no_text|read", b"PK\5\6" + bytes(18), ".zip"),
    _z("archive_called_word", "read", _archive(a__docx=_ZIP)),
    _z("embedded_package", "read", zipped(_HONEST | {"word/embeddings/a.docx": _ZIP})),
)  # fmt: skip
