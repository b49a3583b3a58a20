"""An OOXML package: its parts, how they refer to each other, and their XML.

Lenient where files are legal but odd (Strict OOXML, targets such as "NULL" or "#_top", absolute,
backslashed or percent-encoded targets, other upper and lower case): what cannot be found is
absent, never an error. What is hostile or damaged is for ``word.guard`` to refuse.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from posixpath import normpath
from typing import Protocol
from urllib.parse import unquote

from lxml import etree

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
_MAIN_TYPES = "wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml"


class Parts(Protocol):
    """What a package needs of a zip file: ``word.guard.Parts`` in earnest."""

    @property
    def names(self) -> Collection[str]:
        """Names of all parts."""

    def read(self, name: str) -> bytes:
        """The bytes of one part."""


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
        self._names = {name.casefold(): name for name in parts.names}
        self._relationships: dict[str, dict[str, Relationship]] = {}

    def main(self) -> str:
        """Name of the main document part.

        Raises:
            Refused: ``not_word`` if the package has none.
        """
        kinds = self.relationships("").values()
        found = next((r.target for r in kinds if r.kind == "officeDocument" and r.target), "")
        found = found or self._main_by_type() or self._find("word/document.xml")
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

    def _find(self, name: str) -> str:
        return self._names.get(name.casefold(), "")

    def _read_relationships(self, name: str) -> dict[str, Relationship]:
        folder, _, file = name.rpartition("/")
        part = self._find(f"{folder}/_rels/{file}.rels".lstrip("/"))
        if not part:
            return {}
        found: dict[str, Relationship] = {}
        for element in parse(self._parts.read(part)):
            target = element.get("Target") or ""
            kind = (element.get("Type") or "").rpartition("/")[2]
            if (element.get("TargetMode") or "").lower() == "external":
                found[element.get("Id")] = Relationship(kind, target, external=True)
            else:
                found[element.get("Id")] = Relationship(kind, self._resolve(folder, target))
        return found

    def _resolve(self, folder: str, target: str) -> str:
        """Name of the part that a target means, seen from ``folder``; "" if there is none."""
        path = target.replace("\\", "/").partition("#")[0]
        if not path:
            return ""
        path = path if path.startswith("/") else f"/{folder}/{path}"
        path = normpath(path).lstrip("/")
        return self._find(path) or self._find(unquote(path))

    def _main_by_type(self) -> str:
        part = self._find("[Content_Types].xml")
        if not part:
            return ""
        for element in parse(self._parts.read(part)):
            if (element.get("ContentType") or "").endswith(_MAIN_TYPES):
                return self._resolve("", element.get("PartName") or "")
        return ""


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
