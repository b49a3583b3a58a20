"""Zip archives of drafts, as units send them: safe to unpack, Chinese names right."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nlp.types import Refusal
from word.directory import UTF8, Entry, extra_field, inflate, member, read_directory
from word.guard import MAX_FILE, read_bytes
from word.reasons import Refused
from word.sniff import kind_of

_UNICODE_PATH = 0x7075  # Info-ZIP's extra field: the name in UTF-8, with a checksum of the stored
_NO_DRAFTS = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive, written to ``path`` under a name of ours."""

    path: Path
    name: str  # file name as given
    folder: str  # folders inside the archive, joined by "/"; often the unit. "" if none


@dataclass(frozen=True, slots=True)
class RefusedMember:
    """A file of an archive that was not unpacked, and why."""

    name: str
    folder: str
    refusal: Refusal


def is_archive(path: Path) -> bool:
    """Whether the file holds other files to be read one by one."""
    try:
        return kind_of(read_bytes(path)) == "zip"
    except Refused:
        return False


def unpack(path: Path, into: Path) -> list[Member | RefusedMember]:
    """Write the files of the zip archive ``path`` into the folder ``into``, in stored order.

    They get numbers for names, so nothing in the archive decides where anything is written.
    Lock files of Word, resource forks and the like are left out; archives inside are not opened.

    Raises:
        Refused: if the archive as a whole is damaged, hostile or too large.
    """
    data = read_bytes(path)
    entries = read_directory(data, too_much="archive_too_large")
    found: list[Member | RefusedMember] = []
    for entry in entries:
        given = PurePosixPath(name_of(entry).replace("\\", "/"))
        if entry.raw.endswith((b"/", b"\\")) or _is_litter(given):
            continue
        folder = "" if str(given.parent) == "." else str(given.parent)
        try:
            content = _content(data, entry, given)
        except Refused as refused:
            found.append(RefusedMember(given.name, folder, refused.refusal()))
            continue
        target = into / f"{len(found) + 1:05d}"
        target.write_bytes(content)
        found.append(Member(target, given.name, folder))
    return found


def _content(data: bytes, entry: Entry, given: PurePosixPath) -> bytes:
    if given.is_absolute() or ".." in given.parts or "\0" in str(given):
        raise Refused("hostile_zip", f"member name {str(given)!r}")
    if entry.size > MAX_FILE:
        raise Refused("too_large", f"{entry.size} bytes")
    content = inflate(member(data, entry))
    if not content:
        raise Refused("empty_file")
    if _is_packed(content):
        raise Refused("archive_nested")
    return content


def _is_packed(content: bytes) -> bool:
    try:
        return kind_of(content) in ("zip", "packed")
    except Refused:
        return False  # damaged or hostile: the reader will say so


def _is_litter(given: PurePosixPath) -> bool:
    return (
        given.name.startswith(("~$", "._"))
        or given.name.casefold() in _NO_DRAFTS
        or "__MACOSX" in given.parts
    )


def name_of(entry: Entry) -> str:
    """The name of a member as its sender saw it.

    Said to be UTF-8, or given in Unicode besides: that. Else UTF-8 where the bytes hold Han
    characters so read (macOS writes it without saying so), else GB18030, as Chinese Windows
    does, else code page 437, as the format has it.
    """
    if entry.flags & UTF8:
        return entry.raw.decode("utf-8", "replace")
    field = extra_field(entry.extra, _UNICODE_PATH)
    if field[:1] == b"\1" and field[1:5] == zlib.crc32(entry.raw).to_bytes(4, "little"):
        return field[5:].decode("utf-8", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            name = entry.raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Two bytes a character is how GBK looks; UTF-8 has three for Han.
        if encoding == "gb18030" or name.isascii() or max(name) >= "\u0800":
            return name
    return entry.raw.decode("cp437")
