"""Files made on the spot for the tests of the guard and of the other formats."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def body_xml(body: str) -> bytes:
    """A main part with that body."""
    return f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx_parts(document: bytes, kind: str = MAIN) -> dict[str, bytes]:
    """The three parts that a Word package needs."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATION}" Target="word/document.xml"/>'
        "</Relationships>"
    )
    return {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": relations.encode(),
        "word/document.xml": document,
    }


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def docx(*texts: str) -> bytes:
    """A Word file with these paragraphs."""
    return zipped(docx_parts(body_xml("".join(map(paragraph, texts)))))


class Member:
    """A member of a zip file whose every field can be made to lie."""

    def __init__(
        self,
        name: bytes,
        content: bytes = b"x",
        *,
        size: int | None = None,
        flags: int = 0,
        method: int = 8,
        header: int | None = None,
        crc: int | None = None,
        extra: bytes = b"",
    ) -> None:
        self.name, self.flags, self.method, self.extra = name, flags, method, extra
        self.packed = deflated(content) if method == 8 else content
        self.size = len(content) if size is None else size
        self.crc = zlib.crc32(content) if crc is None else crc
        self.header = header  # where the directory says that it is


def deflated(content: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(content) + stream.flush()


def raw_zip(*members: Member) -> bytes:
    """A zip file of members that may lie."""
    data, directory = b"", b""
    for m in members:
        at = len(data) if m.header is None else m.header
        fields = (m.crc & 0xFFFFFFFF, len(m.packed), m.size, len(m.name))
        if m.header is None:
            data += struct.pack("<4s5H3I2H", b"PK\3\4", 20, m.flags, m.method, 0, 33, *fields, 0)
            data += m.name + m.packed
        directory += struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, m.flags, m.method, 0, 33, *fields,
            len(m.extra), 0, 0, 0, 0, at,
        )  # fmt: skip
        directory += m.name + m.extra
    count = len(members)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(data), 0)
    return data + directory + end


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE2 compound file ([MS-CFB]) with these streams, each padded to a regular one."""
    sector = 512
    contents = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    names = ["Root Entry", *contents]
    directory_sectors = -(-len(names) // 4)
    starts: dict[str, int] = {}
    chain = [0xFFFFFFFD]  # sector 0 holds the table itself
    chain += [*range(2, directory_sectors + 1), 0xFFFFFFFE]
    for name, data in contents.items():
        length = -(-len(data) // sector)
        starts[name] = len(chain)
        chain += [*range(len(chain) + 1, len(chain) + length), 0xFFFFFFFE]
    table = struct.pack("<128I", *(chain + [0xFFFFFFFF] * (128 - len(chain))))
    directory = b""
    for index, name in enumerate(names):
        encoded = (name + "\0").encode("utf-16-le")
        right = index + 1 if 0 < index < len(names) - 1 else 0xFFFFFFFF
        child = 1 if index == 0 and len(names) > 1 else 0xFFFFFFFF
        start = 0xFFFFFFFE if index == 0 else starts[name]
        size = 0 if index == 0 else len(contents[name])
        directory += struct.pack(
            "<64sHBBIII16sIQQIQ", encoded, len(encoded), 5 if index == 0 else 2, 1,
            0xFFFFFFFF, right, child, b"", 0, 0, 0, start, size,
        )  # fmt: skip
    directory = directory.ljust(directory_sectors * sector, b"\0")
    header = struct.pack(
        "<8s16sHHHHHHIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, 0, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    ) + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)  # fmt: skip
    body = b"".join(data.ljust(-(-len(data) // sector) * sector, b"\0")
                    for data in contents.values())  # fmt: skip
    return header + table + directory + body
