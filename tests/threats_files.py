"""Threats that are not a zip of anything: links, folders, pipes, names, other formats."""

from __future__ import annotations

import gzip
import os
import socket
import zlib
from pathlib import Path

from tests.support_files import body_xml, compound, docx, docx_parts, paragraph
from tests.threats import MB, TEXT, Scene, Threat, bytes_of, noise


def _folder(path: Path, scene: Scene) -> None:
    """What plain python-docx opens as a package, and reads the link's target into a part."""
    for name, content in docx_parts(body_xml(paragraph(TEXT))).items():
        part = path / name
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
    (path / "word" / "secret.xml").symlink_to(scene.secret)


def _socket(path: Path, _: Scene) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)  # the address of a socket may not be longer than 108 bytes
        try:
            server.bind(path.name)
        finally:
            os.chdir(here)


def _sparse(path: Path, _: Scene) -> None:
    with path.open("wb") as file:
        file.truncate(51 * MB)


def _pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first being the catalogue."""
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % at for at in places)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return data + table + trailer % (len(objects) + 1, len(data))


def _stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >> stream\n%s\nendstream" % (len(content), extra, content)


_CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def _pdf_bomb(scene: Scene) -> bytes:
    packed = zlib.compress(bytes(scene.size(80, 1024) * MB), 9)
    return _pdf(_CATALOGUE, _PAGES, _PAGE, _stream(packed, b"/Filter /FlateDecode"))


def _pdf_filters(scene: Scene) -> bytes:
    packed = bytes(scene.size(80, 1024) * MB)
    for _ in range(3):
        packed = zlib.compress(packed, 9)
    names = b"/Filter [" + b"/FlateDecode " * 3 + b"]"
    return _pdf(_CATALOGUE, _PAGES, _PAGE, _stream(packed, names))


def _pdf_loop(_: Scene) -> bytes:
    ring = b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>"
    return _pdf(_CATALOGUE, ring)


def _pdf_deep(scene: Scene) -> bytes:
    deep = b"[" * scene.size(50_000, 500_000)
    return _pdf(_CATALOGUE, _PAGES, _PAGE, deep)


def _tar(_: Scene) -> bytes:
    header = b"../../escaped.txt".ljust(100, b"\0") + b"0000644\0" * 3 + b"00000000000\0" * 2
    return header.ljust(257, b"\0") + b"ustar\x0000".ljust(255, b"\0") + bytes(1024)


def _html(scene: Scene) -> bytes:
    return f'<html><img src="{scene.address}/i"><p>{TEXT}</p></html>'.encode()


def _named(name: str, expect: str) -> Threat:
    return Threat(name, expect, bytes_of(lambda _: docx(TEXT)))


THREATS = (
    Threat("folder_with_link", "not_regular_file", _folder),
    Threat("link", "not_regular_file", lambda p, s: p.symlink_to(s.secret)),
    Threat("link_to_folder", "not_regular_file", lambda p, s: p.symlink_to("/etc")),
    Threat("link_to_itself", "not_regular_file", lambda p, s: p.symlink_to(p.name)),
    Threat("link_to_nothing", "not_regular_file", lambda p, s: p.symlink_to("/nowhere/at-all")),
    Threat("pipe", "not_regular_file", lambda p, s: os.mkfifo(p)),
    Threat("socket", "not_regular_file", _socket),
    Threat("empty", "empty_file", bytes_of(lambda _: b"")),
    Threat("sparse_51_mib", "too_large", _sparse),
    Threat("one_byte", "read|no_text|unknown_format", bytes_of(lambda _: b"x")),
    Threat("all_zero", "unknown_format", bytes_of(lambda _: bytes(MB))),
    Threat("random_bytes", "unknown_format", bytes_of(lambda _: noise(MB))),
    Threat("program", "unknown_format", bytes_of(lambda _: b"\x7fELF" + noise(9000))),
    Threat("text_beyond_8_mib", "too_large", bytes_of(lambda _: b"a\n" * (5 * MB)), ".txt"),
    Threat("text_one_line", "read", bytes_of(lambda s: TEXT.encode() * s.size(9_000, 90_000))),
    Threat("text_no_encoding", "unknown_encoding", bytes_of(lambda _: b"\xff\x81 " * 99), ".txt"),
    Threat("web_page", "unknown_format", bytes_of(_html)),
    Threat("gzip_bomb", "archive_format", bytes_of(lambda s: gzip.compress(bytes(9 * MB)))),
    Threat("rar", "archive_format", bytes_of(lambda _: b"Rar!\x1a\x07\1\0" + noise(999)), ".rar"),
    Threat("seven_zip", "archive_format", bytes_of(lambda _: b"7z\xbc\xaf'\x1c" + noise(999))),
    Threat("xz", "archive_format", bytes_of(lambda _: b"\xfd7zXZ\0" + noise(999))),
    Threat("tar_with_dots", "unknown_format", bytes_of(_tar)),
    Threat("ole_cut_off", "damaged_file", bytes_of(lambda _: compound({"a": b"a"})[:700])),
    Threat("ole_loop", "damaged_file|not_word|unknown_format",
           bytes_of(lambda _: compound({"a": b"a"}).replace(b"\xfe\xff\xff\xff", b"\1\0\0\0"))),
    Threat("ole_encrypted", "encrypted",
           bytes_of(lambda _: compound({"EncryptionInfo": b"x", "EncryptedPackage": noise(99)}))),
    Threat("ole_workbook", "not_word", bytes_of(lambda _: compound({"Workbook": b"x"}))),
    Threat("doc_with_macros", "macro",
           bytes_of(lambda _: compound({"WordDocument": b"\xec\xa5", "_VBA_PROJECT_CUR": b"x"}))),
    Threat("pdf_bomb", "damaged_file|hostile_zip|no_text|scan_needs_ocr|out_of_memory|timeout",
           bytes_of(_pdf_bomb), ".pdf"),
    Threat("pdf_bomb_in_filters",
           "damaged_file|no_text|scan_needs_ocr|out_of_memory|timeout",
           bytes_of(_pdf_filters), ".pdf"),
    Threat("pdf_page_loop", "damaged_file|no_text|scan_needs_ocr", bytes_of(_pdf_loop), ".pdf"),
    Threat("pdf_deep", "damaged_file|no_text|scan_needs_ocr|hostile_xml",
           bytes_of(_pdf_deep), ".pdf"),
    Threat("pdf_cut_off", "damaged_file", bytes_of(lambda s: _pdf_loop(s)[:60] + b"%%EOF"), ".pdf"),
    _named("名" * 80, "read"),
    _named("甲\u202excod", "read"),
    _named("两\n行\t；'\"$(touch escaped)`touch escaped`", "read"),
    _named("-rf --help", "read"),
    Threat("name_bytes_\udcff\udcfe", "read", bytes_of(lambda _: docx(TEXT))),
)  # fmt: skip
