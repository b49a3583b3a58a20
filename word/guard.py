"""The guard: what stands between a file from outside and the code that reads it.

It bounds what a file can make us do: size, members, inflated bytes, and for XML no DOCTYPE, a
bounded number of elements and attributes, and bounded depth. The limits are those of the largest
real drafts and of Word itself with a wide margin; the child process (``word.child``) is the
second fence, for what no list of checks foresees.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Any

from lxml import etree

from word.directory import UTF8, Entry, Member, MiB, inflate, member, read_directory
from word.reasons import Refused

MAX_FILE = 50 * MiB
MAX_XML = 32 * MiB
MAX_ELEMENTS = 1_000_000
MAX_ATTRIBUTES = 3_000_000
MAX_DEPTH = 128

_PARSER = etree.XMLParser(
    resolve_entities=False,
    load_dtd=False,
    no_network=True,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")
_ENCODING = re.compile(rb"""^<\?xml[^>]{0,80}?encoding\s{0,8}=\s{0,8}["']([A-Za-z0-9._-]{1,40})""")
# Encodings in which markup stands as ASCII bytes, so that a search for "<!DOCTYPE" sees it.
_PLAIN_ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252",
                              "gb2312", "gbk", "gb18030", "big5"})  # fmt: skip
_MANY = 4 * MiB  # below this no text can hold more elements or attributes than are allowed


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file.

    Raises:
        Refused: ``not_regular_file`` (a link is not followed), ``unreadable``, ``empty_file``,
            ``too_large``, ``incomplete`` (it changes while it is read).
    """
    try:
        # O_NONBLOCK: opening a pipe must not wait for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if path.is_symlink():
            raise Refused("not_regular_file", "symbolic link") from None
        raise Refused("unreadable", str(error.strerror)) from None
    try:
        return _read_open(handle)
    except OSError as error:
        raise Refused("unreadable", str(error.strerror)) from None
    finally:
        os.close(handle)


def _read_open(handle: int) -> bytes:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise Refused("not_regular_file", stat.filemode(status.st_mode))
    if status.st_size > MAX_FILE:
        raise Refused("too_large", f"{status.st_size} bytes")
    data = os.read(handle, status.st_size + 1)
    if not data:
        raise Refused("empty_file")
    if len(data) != status.st_size:
        raise Refused("incomplete", "changed while it was read")
    return data


class Parts:
    """The parts of a package by name; each is inflated when it is asked for."""

    __slots__ = ("_data", "_entries", "names")

    def __init__(self, data: bytes) -> None:
        """Check the directory of the zip file ``data``.

        Raises:
            Refused: ``damaged_zip``, ``hostile_zip``.
        """
        if data[:4] != b"PK\3\4":
            raise Refused("damaged_zip", "does not begin like a zip file")
        self._data = data
        self._entries = _by_name(read_directory(data))
        self.names = frozenset(self._entries)

    def read(self, name: str) -> bytes:
        """The content of a part, at most 100 MiB.

        Raises:
            Refused: ``damaged_zip`` (also when there is no such part), ``hostile_zip``,
                ``encrypted`` or ``zip_method``.
        """
        return inflate(self.member(name))

    def member(self, name: str) -> Member:
        """A part as it lies in the file.

        Raises:
            Refused: ``damaged_zip`` if there is no such part.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise Refused("damaged_zip", f"no part {name!r}")
        return member(self._data, entry)


def open_parts(path: Path) -> Parts:
    """The parts of the zip package at ``path``.

    Raises:
        Refused: as ``read_bytes`` and ``Parts``.
    """
    return Parts(read_bytes(path))


def _by_name(entries: list[Entry]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    folded: set[str] = set()
    for entry in entries:
        if entry.raw.endswith((b"/", b"\\")):
            continue
        name = _name(entry)
        key = name.casefold()
        if key in folded:  # which of the two an editor sees depends on the program
            raise Refused("hostile_zip", f"two members named {name!r}")
        folded.add(key)
        found[name] = entry
    return found


def _name(entry: Entry) -> str:
    """The name of a part; a backslash, which some exporters write, is read as a slash."""
    try:
        name = entry.raw.decode("utf-8" if entry.flags & UTF8 else "ascii")
    except UnicodeDecodeError:
        name = entry.raw.decode("utf-8", "surrogateescape" if not entry.flags & UTF8 else "strict")
    name = name.replace("\\", "/")
    if "\0" in name or name.startswith("/") or (".." in name and ".." in name.split("/")):
        raise Refused("hostile_zip", f"member name {name!r}")
    return name


def parse_xml(data: bytes) -> Any:
    """The root element of an XML part; comments and processing instructions are left out.

    Raises:
        Refused: ``hostile_xml`` (DOCTYPE, encoding that hides markup, too large, too many
            elements or attributes, too deep) or ``damaged_xml`` (not well-formed).
        MemoryError: if the tree does not fit.
    """
    _check_text(data)
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise _syntax(error) from None
    except ValueError as error:
        raise Refused("damaged_xml", str(error)) from None
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None:  # in an encoding that the search did not see
        raise Refused("hostile_xml", "DOCTYPE")
    if len(data) > 7 * MAX_DEPTH and _TOO_DEEP(root):
        raise Refused("hostile_xml", f"deeper than {MAX_DEPTH}")
    return root


def _check_text(data: bytes) -> None:
    if len(data) > MAX_XML:
        raise Refused("hostile_xml", f"{len(data)} bytes")
    plain = data
    if b"\0" in data[:64]:  # UTF-16: look at the ASCII half
        plain = data.replace(b"\0", b"")
    declared = _ENCODING.match(plain[:200].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n"))
    if declared:
        encoding = declared[1].decode().lower()
        if encoding not in _PLAIN_ENCODINGS and not encoding.startswith("utf-16"):
            raise Refused("hostile_xml", f"encoding {encoding}")
    if b"<!DOCTYPE" in plain:
        raise Refused("hostile_xml", "DOCTYPE")
    if len(plain) > _MANY:
        _check_counts(plain)


def _check_counts(plain: bytes) -> None:
    """Bounds before a tree is built: a tree takes some fourteen times the room of its text."""
    elements = plain.count(b"<") - plain.count(b"</")
    if elements > MAX_ELEMENTS:
        raise Refused("hostile_xml", f"about {elements} elements")
    attributes = plain.count(b"=")
    if attributes > MAX_ATTRIBUTES:
        raise Refused("hostile_xml", f"about {attributes} attributes")


def _syntax(error: Any) -> Exception:
    """What a parse error means for the file."""
    if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
        return MemoryError("libxml2")
    message = str(error.msg)
    hostile = ("Excessive depth", "amplification", "Huge input", "huge", "too long")
    if any(sign in message for sign in hostile):
        return Refused("hostile_xml", message)
    return Refused("damaged_xml", message)
