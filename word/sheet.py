"""A part of which only a few elements are needed: styles and list definitions.

Such parts are mostly larger than the text itself (a common styles.xml has 350 KB and takes ten
times as long to parse as the body), and a draft uses five of their elements. So an element is
found in the bytes by an attribute and parsed by itself; the whole tree is built only when that
cannot be done with certainty, and then answers all further questions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from word.ooxml import Element, W

_ROOT_TAG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml [^>?]{0,200}\?>)?\s{0,8}<w:[a-zA-Z]{1,20} [^>]*>"
)
_OTHER_ENCODING = re.compile(rb"encoding=(?!.utf-8)", re.IGNORECASE)
_STRICT = b"purl.oclc.org"
_SAFE_VALUE = re.compile(r"[\w .-]{1,200}")
_PATIENCE = 200  # elements looked up one by one before the whole tree is the better bargain


class Sheet:
    """Finds elements that are children of the root of a part."""

    def __init__(self, data: bytes, parse: Callable[[bytes], Element | None]) -> None:
        """``parse`` makes an element of bytes; it gives None for what is damaged."""
        self.damaged = False  # known once the whole tree was needed
        self.size = len(data)
        self._data = data
        self._parse = parse
        self._open = root_tag(data)
        self._asked = 0
        self._root: Element | None = None
        self._indexes: dict[tuple[str, str], dict[str, Element]] = {}

    def find(self, name: str, attribute: str, value: str) -> Element | None:
        """The first ``w:name`` whose ``w:attribute`` is ``value``; None if there is none."""
        if self._open and _SAFE_VALUE.fullmatch(value):
            self._asked += 1
            found = self._cut(name, f' w:{attribute}="{value}"'.encode())
            if found is not None:
                return found
        return self._index(name, attribute).get(value)

    def default_style(self) -> str:
        """Id of the default paragraph style; "" if none is marked."""
        if self._open:
            for tag in self._tags(b' w:default="1"'):
                style = re.search(rb' w:styleId="([^"&]{1,200})"', tag)
                if b' w:type="paragraph"' in tag and style:
                    return style[1].decode("utf-8", "replace")
        for style_id, style in self._index("style", "styleId").items():
            kind, marked = style.get(W + "type"), style.get(W + "default")
            if kind == "paragraph" and marked in ("1", "true", "on"):
                return style_id
        return ""

    def first(self, name: str) -> Element | None:
        """The first ``w:name`` child; None if there is none."""
        opened = f"<w:{name}".encode()
        found = self._cut(name, opened) if self._open else None
        if found is None and not (self._open and opened not in self._data):
            root = self.root()
            found = None if root is None else root.find(W + name)
        return found

    def root(self) -> Element | None:
        """The whole tree; None if the part is damaged."""
        if self._data:
            self._root = self._parse(self._data)
            self.damaged = self._root is None
            self._data, self._open = b"", b""
        return self._root

    def _tags(self, mark: bytes) -> Iterator[bytes]:
        """Start tags that have an attribute, as bytes."""
        at = self._data.find(mark)
        while at >= 0:
            yield self._data[self._data.rfind(b"<", 0, at) : self._data.find(b">", at)]
            at = self._data.find(mark, at + 1)

    def _cut(self, name: str, mark: bytes) -> Element | None:
        """Parse the one element ``w:name`` whose start tag holds ``mark``."""
        data, opened = self._data, f"<w:{name}".encode()
        at = data.find(mark) if self._asked <= _PATIENCE else -1
        while at >= 0:
            start = data.rfind(b"<", 0, at + 1)
            if data.startswith((opened + b" ", opened + b">"), start):
                return self._alone(data[start : self._end(name, at)])
            at = data.find(mark, at + 1)
        return None

    def _end(self, name: str, at: int) -> int:
        """Where the element ends whose start tag is around ``at``."""
        tag_end = self._data.find(b">", at)
        if self._data[tag_end - 1 : tag_end] == b"/":
            return tag_end + 1
        closing = f"</w:{name}>".encode()
        return self._data.find(closing, tag_end) + len(closing)

    def _alone(self, element: bytes) -> Element | None:
        """Parse an element in a copy of the root that holds nothing else."""
        root_name = self._open[self._open.find(b"<w:") + 1 :].split(maxsplit=1)[0]
        parsed = self._parse(self._open + element + b"</" + root_name + b">")
        return None if parsed is None or len(parsed) != 1 else parsed[0]

    def _index(self, name: str, attribute: str) -> dict[str, Element]:
        known = self._indexes.get((name, attribute))
        if known is None:
            known = self._indexes[name, attribute] = {}
            root = self.root()
            for child in () if root is None else root.iterchildren(W + name):
                known.setdefault(child.get(W + attribute) or "", child)
        return known


def root_tag(data: bytes) -> bytes:
    """A part up to the end of its root's start tag; b"" where its bytes must not be cut."""
    found = _ROOT_TAG.match(data)
    # Comments and CDATA hide markup. The single sign is searched first: it is rare, so cheap.
    if found is None or (b"!" in data and b"<!" in data):
        return b""
    tag = found[0]
    return b"" if _STRICT in tag or _OTHER_ENCODING.search(tag) else tag
