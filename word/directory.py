"""The directory of a zip file, read with suspicion.

Own code instead of ``zipfile`` for three reasons: it must hold on every Python 3.11 (the standard
module checks for overlapping members only from 3.11.8 on), inflating must stop at the declared
size instead of trusting it, and opening a draft must cost a few dozen microseconds.

The layout is that of PKWARE's APPNOTE 6.3 (4.3.7 local header, 4.3.12 central header, 4.3.14–16
end records, 4.5.3 zip64 sizes).
"""

from __future__ import annotations

import zlib
from struct import Struct
from struct import error as StructError
from typing import NamedTuple

from word.reasons import Refused

MiB = 1 << 20
MAX_MEMBERS = 2_000
MAX_TOTAL = 300 * MiB
MAX_MEMBER = 100 * MiB
RATIO = 200  # to 1 …
RATIO_FROM = 10 * MiB  # … once a member is this large; Word's own files reach 38 : 1

_LOCAL = Struct("<4s5H3I2H")
_CENTRAL = Struct("<4s6H3I5H2I")
_END = Struct("<4s4H2IH")
_END64 = Struct("<4sQ2H2I4Q")
_LOCATOR64 = Struct("<4sIQI")
_FULL = 0xFFFFFFFF

ENCRYPTED = 0x1  # bits of Entry.flags
UTF8 = 0x800


class Entry(NamedTuple):
    """A member as the directory declares it; ``start`` is where its data really begins."""

    raw: bytes  # name as stored
    flags: int
    method: int
    crc: int
    packed: int  # bytes in the file
    size: int  # bytes when inflated, as declared
    start: int
    extra: bytes


def read_directory(data: bytes, too_much: str = "hostile_zip") -> list[Entry]:
    """The members of the zip file ``data`` in the order of its directory.

    Raises:
        Refused: ``damaged_zip`` if cut off or contradictory, ``too_much`` if there are too many
            members or too much to inflate, ``hostile_zip`` if a member is beyond all measure or
            members share bytes.
    """
    try:
        return _read_directory(data, too_much)
    except (StructError, OverflowError) as error:  # an offset beyond the file, or beyond 63 bits
        raise Refused("damaged_zip", str(error)) from None


class Member(NamedTuple):
    """A member as it lies in the file: what is equal here inflates to equal bytes."""

    raw: bytes
    flags: int
    method: int
    crc: int
    size: int
    packed: bytes


def member(data: bytes, entry: Entry) -> Member:
    """A member of the zip file ``data`` that its directory declares."""
    packed = data[entry.start : entry.start + entry.packed]
    return Member(entry.raw, entry.flags, entry.method, entry.crc, entry.size, packed)


def inflate(entry: Member) -> bytes:
    """The content of a member, never more than it declares.

    Raises:
        Refused: ``encrypted``, ``zip_method``, ``hostile_zip`` (inflates beyond its declared
            size) or ``damaged_zip`` (cut off, wrong checksum).
    """
    if entry.flags & ENCRYPTED:
        raise Refused("encrypted", f"zip member {entry.raw!r}")
    if entry.method == 0:
        content = entry.packed
    elif entry.method == 8:
        content = _inflate(entry)
    else:
        raise Refused("zip_method", f"method {entry.method}")
    if len(content) != entry.size or zlib.crc32(content) != entry.crc:
        raise Refused("damaged_zip", f"wrong size or checksum of {entry.raw!r}")
    return content


def is_whole(data: bytes) -> bool:
    """Whether a zip file that may still be written is all there: every checksum holds.

    What waiting does not mend (encrypted, hostile, an unknown method) counts as whole.
    """
    try:
        for entry in read_directory(data):
            inflate(member(data, entry))
    except Refused as refused:
        return refused.reason != "damaged_zip"
    return True


def _inflate(entry: Member) -> bytes:
    stream = zlib.decompressobj(-15)
    try:
        content = stream.decompress(entry.packed, entry.size + 1)  # one more: does it lie?
    except zlib.error as error:
        raise Refused("damaged_zip", f"{entry.raw!r}: {error}") from None
    if len(content) > entry.size:
        raise Refused("hostile_zip", f"{entry.raw!r} inflates beyond its declared {entry.size}")
    return content


def _read_directory(data: bytes, too_much: str) -> list[Entry]:
    count, size, offset, end = _find_end(data)
    if count > MAX_MEMBERS:
        raise Refused(too_much, f"{count} members")
    if offset + size > end:
        raise Refused("damaged_zip", "directory beyond the end")
    entries: list[Entry] = []
    spans: list[tuple[int, int]] = []
    total = 0
    for _ in range(count):
        entry, header, offset = _entry(data, offset, end)
        _check_size(entry)
        total += entry.size
        entries.append(entry)
        spans.append((header, entry.start + entry.packed))
    if total > MAX_TOTAL:
        raise Refused(too_much, f"{total} bytes inflated")
    _check_overlap(spans, end)
    return entries


def _find_end(data: bytes) -> tuple[int, int, int, int]:
    """Number of members, size and offset of the directory, and the end of its room."""
    end = data.rfind(b"PK\5\6", max(0, len(data) - _END.size - 0xFFFF - 4096))
    if end < 0:
        raise Refused("damaged_zip", "no end record")
    _, disk, start_disk, here, count, size, offset, _ = _END.unpack_from(data, end)
    if _FULL in (size, offset) or count == 0xFFFF:
        _, _, at, _ = _LOCATOR64.unpack_from(data, max(0, end - _LOCATOR64.size))
        mark, _, _, _, disk, start_disk, here, count, size, offset = _END64.unpack_from(data, at)
        if mark != b"PK\6\6":
            raise Refused("damaged_zip", "no zip64 end record")
        end = at
    if disk or start_disk or here != count:
        raise Refused("damaged_zip", "one part of several")
    return count, size, offset, end


def _entry(data: bytes, at: int, end: int) -> tuple[Entry, int, int]:
    """The member at ``at`` of the directory, where its local header stands, and the next."""
    (mark, _, _, flags, method, _, _, crc, packed, size, name_length, extra_length,
     comment_length, _, _, _, header) = _CENTRAL.unpack_from(data, at)  # fmt: skip
    name_at = at + _CENTRAL.size
    extra_at = name_at + name_length
    following = extra_at + extra_length + comment_length
    if mark != b"PK\1\2" or following > end:
        raise Refused("damaged_zip", "directory entry")
    raw, extra = data[name_at:extra_at], data[extra_at : extra_at + extra_length]
    if _FULL in (packed, size, header):
        size, packed, header = _sizes64(extra, size, packed, header)
    local = _LOCAL.unpack_from(data, header)
    start = header + _LOCAL.size + local[9] + local[10]
    name_at = header + _LOCAL.size
    if local[0] != b"PK\3\4" or data[name_at : name_at + local[9]] != raw:
        raise Refused("damaged_zip", f"directory and header disagree on {raw!r}")
    return Entry(raw, flags, method, crc, packed, size, start, extra), header, following


def _sizes64(extra: bytes, *declared: int) -> tuple[int, ...]:
    """Replace each full 32-bit value by the next 64-bit one of the zip64 field, in order."""
    field = extra_field(extra, 1)
    values = iter([int.from_bytes(field[i : i + 8], "little") for i in range(0, len(field), 8)])
    try:
        return tuple(next(values) if value == _FULL else value for value in declared)
    except (StopIteration, RuntimeError):
        raise Refused("damaged_zip", "zip64 sizes missing") from None


def extra_field(extra: bytes, wanted: int) -> bytes:
    """The content of one extra field of a directory entry, empty if it has none."""
    at = 0
    while at + 4 <= len(extra):
        kind = int.from_bytes(extra[at : at + 2], "little")
        length = int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind == wanted:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    return b""


def _check_size(entry: Entry) -> None:
    if entry.size > MAX_MEMBER:
        raise Refused("hostile_zip", f"{entry.raw!r}: {entry.size} bytes")
    if entry.size > RATIO_FROM and entry.size > RATIO * entry.packed:
        raise Refused("hostile_zip", f"{entry.raw!r}: {entry.size} from {entry.packed} bytes")


def _check_overlap(spans: list[tuple[int, int]], end: int) -> None:
    """Members that share bytes turn kilobytes into gigabytes without any single ratio showing."""
    reached = 0
    for start, stop in sorted(spans):
        if start < reached:
            raise Refused("hostile_zip", "members overlap")
        reached = stop
    if reached > end:
        raise Refused("damaged_zip", "member beyond the directory")
