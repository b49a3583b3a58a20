"""Files that no reader can or should read: each must end in a named reason, never in a crash."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from samples.docx_writer import EPOCH

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
BOMB_SIZE = 64 << 20


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken file: where it goes, what it shows, and how it is made of a sound .docx."""

    folder: str
    file: str
    shows: str
    note: str
    make: Callable[[bytes], bytes]

    @property
    def place(self) -> str:
        """Where the file lies, relative to the inbox."""
        return f"{self.folder}/{self.file}"


def truncated(sound: bytes) -> bytes:
    """The first three fifths of a file: an upload or a copy that was cut off."""
    return sound[: len(sound) * 3 // 5]


def damaged(sound: bytes) -> bytes:
    """All of a file, but with 64 bytes of its text inverted: a bad disk or stick."""
    with zipfile.ZipFile(io.BytesIO(sound)) as package:
        info = package.getinfo("word/document.xml")
    middle = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    hurt = bytes(byte ^ 0xFF for byte in sound[middle : middle + 64])
    return sound[:middle] + hurt + sound[middle + 64 :]


def empty(_: bytes) -> bytes:
    """Nothing."""
    return b""


def web_page(_: bytes) -> bytes:
    """A login page that was saved as a draft."""
    return (
        "<!DOCTYPE html>\n<html><head><meta charset='utf-8'><title>统一登录平台</title></head>\n"
        "<body><form><p>登录已过期，请重新登录。</p><input name='user'></form></body></html>\n"
    ).encode()


def bomb(_: bytes) -> bytes:
    """A .docx of about 65 kB whose text unpacks to 64 MiB of spaces."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in (
            ("[Content_Types].xml", CONTENT_TYPES),
            ("_rels/.rels", RELATIONSHIPS),
            ("word/document.xml", DOCUMENT.replace("%", " " * BOMB_SIZE)),
        ):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, content, compresslevel=9)
    return out.getvalue()


def encrypted(_: bytes) -> bytes:
    """An OLE file with the two streams of a password-protected .docx (MS-OFFCRYPTO 2.3.4).

    The streams hold no real cipher text: what a reader must see is that there is a password.
    Sectors: 0 FAT, 1 directory, 2–9 EncryptionInfo, 10–17 EncryptedPackage.
    """
    size = 8 * SECTOR  # at the cutoff of 4,096 bytes, so that no mini stream is needed
    chain = [*range(3, 10), END, *range(11, 18), END]
    fat = [FAT, END, *chain]
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0, 0)
    header += struct.pack("<108I", *[FREE] * 108)
    directory = (
        _entry("Root Entry", 5, child=1, start=END, size=0)
        + _entry("EncryptionInfo", 2, right=2, start=2, size=size)
        + _entry("EncryptedPackage", 2, start=10, size=size)
        + _entry("", 0, start=0, size=0)
    )
    info = struct.pack("<HHI", 4, 4, 0x40) + b'<?xml version="1.0"?><encryption/>'
    table = struct.pack("<128I", *fat, *[FREE] * (128 - len(fat)))
    return header + table + directory + info.ljust(size, b"\0") + bytes(range(256)) * 16


def _entry(
    name: str, kind: int, *, start: int, size: int, child: int = -1, right: int = -1
) -> bytes:
    encoded = (name + "\0").encode("utf-16-le") if name else b""
    links = [FREE, *(FREE if link < 0 else link for link in (right, child))]
    fields = struct.pack("<HBB3I", len(encoded), kind, 1, *links)
    return encoded.ljust(64, b"\0") + fields + bytes(36) + struct.pack("<IQ", start, size)


CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONSHIPS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:body><w:p><w:r><w:t xml:space="preserve">%</w:t></w:r></w:p></w:body></w:document>'
)
ALL = (
    Broken("沅北县委组织部", "沅北县基层党建重点任务推进情况.docx", "truncated",
           "只传了一半的文件：应说明文件不完整，不影响其他来稿", truncated),
    Broken("望岚县委组织部", "望岚县年轻干部调研材料（U盘拷贝）.docx", "damaged",
           "内容损坏的文件：应说明文件已损坏", damaged),
    Broken("汀洲区委组织部", "汀洲区干部监督工作情况（加密）.docx", "encrypted",
           "设了打开密码的文件：应请报送单位去掉密码后重报", encrypted),
    Broken("云泽高新区党工委组织部", "高新区两新党建台账.docx", "bomb",
           "压缩炸弹：65KB，解开有64MB，应在解开之前拒收", bomb),
    Broken("清漪区委组织部", "新建 Microsoft Word 文档.docx", "empty",
           "空文件：应说明文件为空", empty),
    Broken("临溪县委组织部", "临溪县七月组工信息.docx", "web_page",
           "网页改名成的Word文件：应按内容而不是后缀认出", web_page),
)  # fmt: skip
