"""Threats of XML itself: entities, reading of other files, depth, width, encodings."""

from __future__ import annotations

from collections.abc import Callable
from zipfile import ZIP_STORED

from tests.support_files import W, body_xml, docx_parts, paragraph, zipped
from tests.threats import MB, TEXT, Scene, Threat, bytes_of, package

_HONEST = docx_parts(body_xml(paragraph(TEXT)))


def _document(xml: bytes) -> bytes:
    return zipped(_HONEST | {"word/document.xml": xml})


def _dtd(subset: str, text: str = "&x;", encoding: str = "utf-8") -> bytes:
    """A main part with an internal DTD subset."""
    root = body_xml(paragraph(text)).decode()
    head = f'<?xml version="1.0" encoding="{encoding}"?>' if encoding != "utf-8" else ""
    return f"{head}<!DOCTYPE w:document [{subset}]>{root}".encode(encoding)


def _laughs(_: Scene) -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "哈" * 10}">' for n in range(10))
    return _document(_dtd(lines, "&l9;"))


def _quadratic(s: Scene) -> bytes:
    long = "哈" * s.size(10_000, 100_000)
    return _document(_dtd(f'<!ENTITY x "{long}">', "&x;" * s.size(10_000, 30_000)))


def _external(s: Scene) -> bytes:
    return _document(_dtd(f'<!ENTITY x SYSTEM "{s.secret.as_uri()}">'))


def _web(s: Scene) -> bytes:
    return _document(_dtd(f'<!ENTITY x SYSTEM "{s.address}/entity">'))


def _parameter(s: Scene) -> bytes:
    return _document(_dtd(f'<!ENTITY % p SYSTEM "{s.address}/dtd"> %p;', "文"))


def _outer_dtd(s: Scene) -> bytes:
    root = body_xml(paragraph(TEXT)).decode()
    return _document(f'<!DOCTYPE w:document SYSTEM "{s.address}/outer.dtd">{root}'.encode())


def _attribute_default(_: Scene) -> bytes:
    return _document(_dtd('<!ATTLIST w:p w:x CDATA "哈">', TEXT))


def _include(s: Scene) -> bytes:
    tag = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{}"/>'
    return package(tag.format(s.secret.as_uri()) + tag.format(s.address + "/x"))


def _stylesheet(s: Scene) -> bytes:
    line = f'<?xml-stylesheet type="text/xsl" href="{s.address}/x.xsl"?>'.encode()
    return _document(line + body_xml(paragraph(TEXT)))


def _schema(s: Scene) -> bytes:
    xml = body_xml(paragraph(TEXT)).replace(
        b"<w:document ",
        b'<w:document xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xsi:schemaLocation="%s %s/x.xsd" ' % (W.encode(), s.address.encode()),
    )
    return _document(xml)


def _in_part(part: str) -> Callable[[Scene], bytes]:
    """A DOCTYPE in another part than the document."""

    def make(s: Scene) -> bytes:
        old = _HONEST.get(part, f'<w:styles xmlns:w="{W}"/>'.encode())
        dtd = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{s.address}/{part}">]>'.encode()
        return zipped(_HONEST | {part: dtd + old} | _styles_relation(part))

    return make


def _styles_relation(part: str) -> dict[str, bytes]:
    if part != "word/styles.xml":
        return {}
    uri = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
    text = f'<Relationships xmlns="{uri}"><Relationship Id="s" Type="{kind}" Target="styles.xml"/>'
    return {"word/_rels/document.xml.rels": f"{text}</Relationships>".encode()}


def _deep(levels: int) -> bytes:
    return package("<w:sdt>" * levels + "</w:sdt>" * levels)


def _namespaces(s: Scene) -> bytes:
    names = " ".join(f'xmlns:a{n}="u{n}"' for n in range(s.size(20_000, 100_000)))
    root = body_xml(paragraph(TEXT))
    return _document(root.replace(b"<w:document ", f"<w:document {names} ".encode()))


def _namespaces_spread(s: Scene) -> bytes:
    """A new namespace on every paragraph, each inside the last open one."""
    count = 100
    inner = "".join(f'<w:p xmlns:b{n}="u{n}">' for n in range(count)) + "</w:p>" * count
    return package(inner * s.size(50, 500))


def _attributes(s: Scene) -> bytes:
    many = " ".join(f'a{n}=""' for n in range(s.size(20_000, 100_000)))
    return package(f"<w:p {many}/>")


def _attributes_spread(_: Scene) -> bytes:
    one = "<w:p " + " ".join(f'b{n}=""' for n in range(40)) + "/>"
    return package(one * 78_000, ZIP_STORED)


def _long_attributes(s: Scene) -> bytes:
    return package("".join(f'<w:p a="{"x" * (9 * MB)}"/>' for _ in range(s.size(2, 3))), ZIP_STORED)


def _element_name(_: Scene) -> bytes:
    name = "w:" + "n" * (9 * MB)
    return package(f"<{name}/>")


def _coded(encoding: str, declared: str = "") -> bytes:
    text = f'<?xml version="1.0" encoding="{declared or encoding}"?>'
    text += body_xml(paragraph(TEXT)).decode()
    return _document(text.encode(encoding))


def _hidden_doctype(encoding: str) -> bytes:
    return _document(_dtd('<!ENTITY x "哈">', "&x;", encoding))


def _utf7(_: Scene) -> bytes:
    text = '<?xml version="1.0" encoding="utf-7"?>' + _dtd('<!ENTITY x "h">').decode()
    return _document(text.replace("<!DOCTYPE", "+ADw-!DOCTYPE").encode())


def _x(name: str, expect: str, make: Callable[[Scene], bytes]) -> Threat:
    return Threat(name, expect, bytes_of(make))


THREATS = (
    _x("entities_billion_laughs", "hostile_xml", _laughs),
    _x("entities_quadratic", "hostile_xml", _quadratic),
    _x("entity_external_file", "hostile_xml", _external),
    _x("entity_external_web", "hostile_xml", _web),
    _x("entity_parameter_web", "hostile_xml", _parameter),
    _x("entity_that_swallows_text", "hostile_xml",
       lambda _: _document(_dtd('<!ENTITY co "x">', "前&co;后"))),
    _x("entity_unknown", "damaged_xml", lambda _: package("<w:p>&co;</w:p>")),
    _x("doctype_of_the_web", "hostile_xml", _outer_dtd),
    _x("doctype_attribute_default", "hostile_xml", _attribute_default),
    _x("doctype_utf16", "hostile_xml", lambda _: _hidden_doctype("utf-16")),
    _x("doctype_utf32", "hostile_xml|damaged_xml", lambda _: _hidden_doctype("utf-32")),
    _x("doctype_ebcdic", "hostile_xml|damaged_xml",
       lambda _: _document(_dtd('<!ENTITY x "h">', "&x;", "cp037"))),
    _x("doctype_utf7", "hostile_xml", _utf7),
    _x("doctype_in_content_types", "hostile_xml|read", _in_part("[Content_Types].xml")),
    _x("doctype_in_relations", "hostile_xml", _in_part("_rels/.rels")),
    _x("doctype_in_styles", "hostile_xml", _in_part("word/styles.xml")),
    _x("xinclude", "read", _include),
    _x("stylesheet_of_the_web", "read", _stylesheet),
    _x("schema_of_the_web", "read", _schema),
    _x("deep_130", "hostile_xml", lambda _: _deep(130)),
    _x("deep_300", "hostile_xml", lambda _: _deep(300)),
    _x("deep_100000", "hostile_xml", lambda _: _deep(100_000)),
    _x("elements_1100000", "hostile_xml",
       lambda s: package("<w:p/>" * s.size(1_100_000, 2_000_000))),
    _x("elements_at_the_limit", "read|hostile_xml|out_of_memory",
       lambda s: package("<w:p/>" * s.size(200_000, 990_000))),
    _x("attributes_one_element", "read|hostile_xml", _attributes),
    _x("attributes_everywhere", "hostile_xml", _attributes_spread),
    _x("attributes_long", "read|hostile_xml", _long_attributes),
    _x("name_of_9_mib", "hostile_xml|damaged_xml", _element_name),
    _x("namespaces_100000", "read|hostile_xml", _namespaces),
    _x("namespaces_nested", "read|hostile_xml", _namespaces_spread),
    _x("text_node_beyond_10_mb", "hostile_xml",
       lambda _: package(paragraph("安" * 3_600_000), ZIP_STORED)),
    _x("part_beyond_32_mib", "hostile_xml",
       lambda _: package("<w:p/>" + " " * 33 * MB, ZIP_STORED)),
    _x("comment_of_9_mib", "read", lambda _: package(f"<!--{'x' * 9 * MB}-->")),
    _x("instruction_of_9_mib", "read", lambda _: package(f"<?a {'x' * 9 * MB}?>")),
    _x("cdata_markup", "read", lambda _: package(paragraph("<![CDATA[<script>&x;</script>]]>"))),
    _x("not_well_formed", "damaged_xml", lambda _: package("<w:p><w:r></w:p>")),
    _x("control_characters", "damaged_xml", lambda _: package(paragraph("\x01\x0b"))),
    _x("character_zero", "damaged_xml|hostile_xml", lambda _: package(paragraph("&#0;"))),
    _x("surrogate_reference", "damaged_xml", lambda _: package(paragraph("&#xD800;"))),
    _x("encoding_lies", "damaged_xml|hostile_xml", lambda _: _coded("gb18030", "utf-8")),
    _x("encoding_gb18030", "read", lambda _: _coded("gb18030")),
    _x("encoding_utf16", "read", lambda _: _coded("utf-16")),
    _x("encoding_unknown", "hostile_xml", lambda _: _coded("utf-8", "x-mine")),
    _x("empty_main_part", "damaged_xml", lambda _: _document(b"")),
    _x("main_part_is_zeros", "damaged_xml", lambda _: _document(bytes(9999))),
    _x("main_part_is_a_page", "not_word|no_text|damaged_xml",
       lambda _: _document(b"<html><p>x</p></html>")),
)  # fmt: skip
