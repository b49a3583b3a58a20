"""Small PDF and OFD files with Chinese text."""

from __future__ import annotations

import io
from collections.abc import Sequence

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from tests.support_files import zipped

_MAP = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Plain def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
%d beginbfchar
%s
endbfchar endcmap end end"""


def _stream(data: bytes, **entries: object) -> StreamObject:
    stream = StreamObject()
    stream.set_data(data)
    for key, value in entries.items():
        stream[NameObject("/" + key)] = value  # type: ignore[index]
    return stream


def _font(writer: PdfWriter, characters: set[str]) -> DictionaryObject:
    pairs = b"\n".join(b"<%04X> <%04X>" % (ord(c), ord(c)) for c in sorted(characters))
    name = NameObject
    inner = DictionaryObject(
        {
            name("/Type"): name("/Font"),
            name("/Subtype"): name("/CIDFontType2"),
            name("/BaseFont"): name("/Song"),
            name("/CIDSystemInfo"): DictionaryObject(
                {
                    name("/Registry"): TextStringObject("Adobe"),
                    name("/Ordering"): TextStringObject("Identity"),
                    name("/Supplement"): NumberObject(0),
                }
            ),
            name("/DW"): NumberObject(1000),
        }
    )
    return DictionaryObject(
        {
            name("/Type"): name("/Font"),
            name("/Subtype"): name("/Type0"),
            name("/BaseFont"): name("/Song"),
            name("/Encoding"): name("/Identity-H"),
            name("/DescendantFonts"): ArrayObject([writer._add_object(inner)]),
            name("/ToUnicode"): writer._add_object(_stream(_MAP % (len(characters), pairs))),
        }
    )


def pdf(*pages: Sequence[str], picture: bool = False, password: str = "") -> bytes:
    """A PDF file whose pages show these lines, each page perhaps with a picture besides."""
    writer = PdfWriter()
    font = _font(writer, set("".join(line for page in pages for line in page)))
    for lines in pages:
        page = writer.add_blank_page(600, 800)
        shown = b"BT /F1 16 Tf 24 TL 60 740 Td\n"
        for line in lines:
            shown += b"<" + line.encode("utf-16-be").hex().encode() + b"> Tj T*\n"
        name = NameObject
        page[name("/Contents")] = writer._add_object(_stream(shown + b"ET"))
        resources = DictionaryObject({name("/Font"): DictionaryObject({name("/F1"): font})})
        if picture:
            image = _stream(
                b"\0", Type=name("/XObject"), Subtype=name("/Image"), Width=NumberObject(1),
                Height=NumberObject(1), ColorSpace=name("/DeviceGray"),
                BitsPerComponent=NumberObject(8),
            )  # fmt: skip
            resources[name("/XObject")] = DictionaryObject({name("/I1"): writer._add_object(image)})
        page[name("/Resources")] = resources
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(*pages: Sequence[str], picture: bool = False) -> bytes:
    """An OFD file whose pages show these lines."""
    parts = {
        "OFD.xml": f"<ofd:OFD {_OFD}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_OFD}><ofd:Pages>"
        + "".join(
            f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>'
            for i, _ in enumerate(pages)
        )
        + "</ofd:Pages></ofd:Document>",
    }
    for i, lines in enumerate(pages):
        shown = "".join(_ofd_line(line, 20 + 10 * row) for row, line in enumerate(lines))
        image = '<ofd:ImageObject Boundary="0 0 9 9" ResourceID="1"/>' if picture else ""
        parts[f"Doc_0/Pages/Page_{i}/Content.xml"] = (
            f"<ofd:Page {_OFD}><ofd:Content><ofd:Layer>{image}{shown}</ofd:Layer></ofd:Content>"
            "</ofd:Page>"
        )
    return zipped({name: text.encode() for name, text in parts.items()})


def _ofd_line(line: str, top: int) -> str:
    """A line in two pieces, the right one first, as some writers leave them."""
    half = len(line) // 2
    pieces = [(120, line[half:]), (20, line[:half])]
    return "".join(
        f'<ofd:TextObject Boundary="{left} {top} 90 6" Font="1" Size="5">'
        f'<ofd:TextCode X="0" Y="4">{text}</ofd:TextCode></ofd:TextObject>'
        for left, text in pieces
        if text
    )
