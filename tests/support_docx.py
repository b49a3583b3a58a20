"""A tiny builder of Word files from raw XML, for the tests of the reader."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from nlp.types import Reading
from word.docx import read_docx
from word.guard import Parts
from word.package import Package

_OFFICE = "http://schemas.openxmlformats.org/"
_REL = _OFFICE + "officeDocument/2006/relationships/"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": _OFFICE + "wordprocessingml/2006/main",
        "r": _REL.rstrip("/"),
        "m": _OFFICE + "officeDocument/2006/math",
        "a": _OFFICE + "drawingml/2006/main",
        "pic": _OFFICE + "drawingml/2006/picture",
        "wp": _OFFICE + "drawingml/2006/wordprocessingDrawing",
        "c": _OFFICE + "drawingml/2006/chart",
        "dgm": _OFFICE + "drawingml/2006/diagram",
        "mc": _OFFICE + "markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
SIDE_PARTS = ("styles", "numbering", "footnotes", "endnotes", "comments", "settings")


def element(name: str, inner: str) -> str:
    """A root element with all namespaces that the tests use."""
    return f"<w:{name} {NAMESPACES}>{inner}</w:{name}>"


def run(text: str, properties: str = "") -> str:
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*inner: str, properties: str = "") -> str:
    """A paragraph; an argument that is no markup becomes a run."""
    parts = (part if part.startswith("<") else run(part) for part in inner)
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(parts)}</w:p>"


def row(*cells: str) -> str:
    """A table row; a cell is markup of a ``w:tc`` or a text."""
    made = (c if c.startswith("<w:tc>") else f"<w:tc>{para(c)}</w:tc>" for c in cells)
    return f"<w:tr>{''.join(made)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def box(*paragraphs: str) -> str:
    """A text box as Word writes it: the shape, and the same once more for old programs."""
    content = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wp:inline><wps:wsp><wps:txbx>{content}'
        "</wps:txbx></wps:wsp></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def field(instruction: str, result: str | None = None, *, begin: str = "") -> str:
    """A complex field; ``result`` is markup, None for a field without one."""
    stored = "" if result is None else '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + result
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{begin}</w:fldChar></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>{stored}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def relationship(rel_id: str, kind: str, target: str, mode: str = "") -> str:
    attributes = f'Id="{rel_id}" Type="{_REL}{kind}" Target="{target}"'
    return f"<Relationship {attributes}{f' TargetMode={chr(34)}{mode}{chr(34)}' if mode else ''}/>"


def relationships(*inner: str) -> str:
    uri = _OFFICE + "package/2006/relationships"
    return f'<Relationships xmlns="{uri}">{"".join(inner)}</Relationships>'


def members(body: str, *, rels: str = "", **parts: str) -> dict[str, str | bytes]:
    """Members of a Word file. ``parts``: content of styles, numbering, footnotes…"""
    side = "".join(relationship(f"side{n}", n, f"{n}.xml") for n in SIDE_PARTS if n in parts)
    types = _OFFICE + "package/2006/content-types"
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{_MAIN}"/></Types>',
        "_rels/.rels": relationships(relationship("r1", "officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": relationships(side, rels),
        "word/document.xml": element("document", f"<w:body>{body}</w:body>"),
    }
    return made | {f"word/{n}.xml": element(n, inner) for n, inner in parts.items()}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read_members(files: Mapping[str, str | bytes]) -> Reading:
    return read_docx(Package(Parts(zipped(files))))


def read(body: str, *, rels: str = "", **parts: str) -> Reading:
    """Read a document of which only the body and some parts are given."""
    return read_members(members(body, rels=rels, **parts))


def texts(reading: Reading, layer: str = "") -> list[str]:
    """Label and text of all blocks, or of those of a layer."""
    return [b.label + b.text for b in reading.blocks if not layer or b.layer == layer]


def notices(reading: Reading) -> dict[str, int]:
    return {n.code: n.count for n in reading.notices}
