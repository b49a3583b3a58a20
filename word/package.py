"""An OOXML package: its parts, how they refer to each other, and their XML.

Lenient where files are legal but odd (Strict OOXML, targets such as "NULL" or "#_top", absolute,
backslashed or percent-encoded targets, other upper and lower case): what cannot be found is
absent, never an error. What is hostile or damaged is for ``word.guard`` to refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from posixpath import normpath
from typing import Protocol
from urllib.parse import unquote

from lxml import etree

from word.directory import Member, inflate
from word.guard import parse_xml
from word.ooxml import Element, W
from word.reasons import Refused

_STRICT = "http://purl.oclc.org/ooxml/"
_TRANSITIONAL = "http://schemas.openxmlformats.org/"
# The names of Strict OOXML (ISO/IEC 29500-1, annex A) and what transitional files call the same.
_SAME = {
    f'"{_STRICT}{strict}"'.encode(): f'"{_TRANSITIONAL}{transitional}"'.encode()
    for strict, transitional in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
        ("officeDocument/math", "officeDocument/2006/math"),
        ("drawingml/main", "drawingml/2006/main"),
        ("drawingml/wordprocessingDrawing", "drawingml/2006/wordprocessingDrawing"),
        ("drawingml/picture", "drawingml/2006/picture"),
        ("drawingml/chart", "drawingml/2006/chart"),
        ("drawingml/diagram", "drawingml/2006/diagram"),
    )
}
_SHARED = 1 << 16  # bytes; a larger list of relationships is not kept for the next file
_MAIN_TYPES = "wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml"


class Parts(Protocol):
    """What a package needs of a zip file: ``word.guard.Parts`` in earnest."""

    @property
    def names(self) -> frozenset[str]:
        """Names of all parts."""

    def read(self, name: str) -> bytes:
        """The bytes of one part."""

    def member(self, name: str) -> Member:
        """One part as it lies in the file."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """How a part refers to another or to the outside."""

    kind: str  # last segment of the type: "styles", "footnotes", "hyperlink"…
    target: str  # name of the part as the package has it; "" if there is none; external: the URI
    external: bool = False


class Package:
    """The parts of a Word file, found by relationship and parsed on request."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._names = _folded(parts.names)
        self._relationships: dict[str, dict[str, Relationship]] = {}

    def main(self) -> str:
        """Name of the main document part.

        Raises:
            Refused: ``not_word`` if the package has none.
        """
        kinds = self.relationships("").values()
        found = next((r.target for r in kinds if r.kind == "officeDocument" and r.target), "")
        found = found or self._main_by_type() or _find(self._names, "word/document.xml")
        if not found:
            raise Refused("not_word", "no main document part")
        return found

    def xml(self, name: str) -> Element:
        """Root element of a part, Strict names mapped to transitional ones.

        Raises:
            Refused: as ``word.guard.parse_xml``.
        """
        return parse(self._parts.read(name))

    def data(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            Refused: as the parts that the package was made of.
        """
        return self._parts.read(name)

    def relationships(self, name: str) -> dict[str, Relationship]:
        """Relationships of a part by id; "" stands for the package itself."""
        known = self._relationships.get(name)
        if known is None:
            known = self._relationships[name] = self._read_relationships(name)
        return known

    def related(self, name: str, kind: str) -> str:
        """The first existing part of a kind that ``name`` refers to; "" if there is none."""
        for relationship in self.relationships(name).values():
            if relationship.kind == kind and relationship.target and not relationship.external:
                return relationship.target
        return ""

    def member(self, name: str) -> Member:
        """A part as it lies in the file.

        Raises:
            Refused: as the parts that the package was made of.
        """
        return self._parts.member(name)

    def _read_relationships(self, name: str) -> dict[str, Relationship]:
        folder, _, file = name.rpartition("/")
        part = _find(self._names, f"{folder}/_rels/{file}.rels".lstrip("/"))
        if not part:
            return {}
        member = self._parts.member(part)
        read = _relationships if member.size <= _SHARED else _relationships.__wrapped__
        return read(member, folder, self._parts.names)

    def _main_by_type(self) -> str:
        part = _find(self._names, "[Content_Types].xml")
        if not part:
            return ""
        for element in parse(self._parts.read(part)):
            if (element.get("ContentType") or "").endswith(_MAIN_TYPES):
                return _resolve(self._names, "", element.get("PartName") or "")
        return ""


@lru_cache(maxsize=64)  # files of one office refer to the same few parts in the same words
def _relationships(member: Member, folder: str, names: frozenset[str]) -> dict[str, Relationship]:
    """The relationships that a part holds, for the package whose parts are ``names``."""
    folded = _folded(names)
    found: dict[str, Relationship] = {}
    for element in parse(inflate(member)):
        target = element.get("Target") or ""
        kind = (element.get("Type") or "").rpartition("/")[2]
        if (element.get("TargetMode") or "").lower() == "external":
            found[element.get("Id")] = Relationship(kind, target, external=True)
        else:
            found[element.get("Id")] = Relationship(kind, _resolve(folded, folder, target))
    return found


def _folded(names: frozenset[str]) -> dict[str, str]:
    return {name.casefold(): name for name in names}


def _find(names: Mapping[str, str], name: str) -> str:
    return names.get(name.casefold(), "")


def _resolve(names: Mapping[str, str], folder: str, target: str) -> str:
    """Name of the part that a target means, seen from ``folder``; "" if there is none."""
    path = target.replace("\\", "/").partition("#")[0]
    if not path:
        return ""
    path = path if path.startswith("/") else f"/{folder}/{path}"
    path = normpath(path).lstrip("/")
    return _find(names, path) or _find(names, unquote(path))


def parse(data: bytes) -> Element:
    """Root element of a part, Strict names mapped to transitional ones.

    Raises:
        Refused: as ``word.guard.parse_xml``.
    """
    root = parse_xml(data)
    if not root.tag.startswith("{" + _STRICT):
        return root
    # Written out once more, so that every encoding and way of quoting is mapped alike.
    data = etree.tostring(root, encoding="utf-8")
    for strict, transitional in _SAME.items():
        data = data.replace(strict, transitional)
    return parse_xml(data)


def is_word(root: Element) -> bool:
    """Whether ``root`` is the root of a Word document (not of a workbook or a slide show)."""
    return bool(root.tag == W + "document")
