"""WordprocessingML that python-docx has no call for: lists, footnotes, text boxes, revisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# What Word writes for 一、 and （一） typed in a Chinese edition; （一） is japaneseCounting there.
LEVELS = (("chineseCountingThousand", "%1、"), ("japaneseCounting", "（%2）"), ("decimal", "%3."))
AUTHOR = 'w:author="审稿人" w:date="2026-09-01T09:00:00Z"'
REL_KEPT = ("/styles", "/settings", "/numbering", "/fontTable", "/theme", "/webSettings")
STYLES_KEPT = frozenset(
    {"Normal", "Title", "Subtitle", "Heading1", "Heading2", "Heading3",
     "DefaultParagraphFont", "TableNormal", "NoList"}
)  # fmt: skip


def strip(document: Document) -> None:
    """Drop what python-docx's template brings and no office sends: thumbnail, spare styles."""
    package = document.part.package
    for owner in (package, document.part):
        for key, rel in list(owner.rels.items()):
            if "thumbnail" in rel.reltype or (
                owner is document.part and not rel.reltype.endswith(REL_KEPT)
            ):
                del owner.rels[key]
    for style in list(document.styles.element):
        if style.tag == qn("w:style") and style.get(qn("w:styleId")) not in STYLES_KEPT:
            document.styles.element.remove(style)
        for link in style.findall(qn("w:link")):
            style.remove(link)


def plain_style(style: Any) -> None:
    """Take from a template style its colours, borders and numbers; its outline level stays."""
    for name in ("rPr", "pPr/w:numPr", "pPr/w:pBdr", "pPr/w:spacing", "pPr/w:contextualSpacing"):
        for element in style.findall(f"w:{name}", style.nsmap):
            element.getparent().remove(element)


def define_list(document: Document, indent: int, *, styled: bool) -> None:
    """Make list 1 the three levels 一、 （一） 1.; ``styled`` ties them to the heading styles."""
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{fmt}"/>'
        + (f'<w:pStyle w:val="Heading{i + 1}"/>' if styled else "")
        + f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="0" w:firstLine="{indent}"/></w:pPr></w:lvl>'
        for i, (fmt, text) in enumerate(LEVELS)
    )
    numbering = document.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    numbering.append(
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="0">'
            f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        )
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="1"><w:abstractNumId w:val="0"/></w:num>')
    )


def number(properties: Any, level: int) -> None:
    """Give a paragraph's (or style's) ``w:pPr`` the automatic number of ``level`` 1–3."""
    properties._insert_numPr(
        parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level - 1}"/><w:numId w:val="1"/></w:numPr>'
        )
    )


def add_footnotes(document: Document, notes: Sequence[tuple[str, str]]) -> None:
    """Add the footnotes part; ``notes`` are (number, text). Numbers start at 1."""
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{i}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for i, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    body = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        f'<w:footnoteRef/></w:r><w:r><w:rPr><w:sz w:val="21"/></w:rPr>'
        f'<w:t xml:space="preserve"> {escaped(text)}</w:t></w:r></w:p></w:footnote>'
        for number, text in notes
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f"<w:footnotes {nsdecls('w')}>{separators}{body}</w:footnotes>"
    )
    name = PackURI("/word/footnotes.xml")
    part = Part(name, FOOTNOTES_TYPE, xml.encode(), document.part.package)
    document.part.relate_to(part, FOOTNOTES)


def note_mark(number: str) -> Any:
    """The run in the text that refers to footnote ``number``."""
    return parse_xml(
        f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        f'<w:footnoteReference w:id="{number}"/></w:r>'
    )


def revision(run: Any, tag: str, identity: int) -> Any:
    """``run`` wrapped in a tracked ``w:ins`` or ``w:del``."""
    wrapper = parse_xml(f'<w:{tag} {nsdecls("w")} w:id="{identity}" {AUTHOR}/>')
    if tag == "del":
        for text in run.findall(qn("w:t")):
            text.tag = qn("w:delText")
    wrapper.append(run)
    return wrapper


def text_box(text: str) -> Any:
    """A run with a text box, as Word writes it: a drawing, and VML for older programs."""
    content = (
        "<w:txbxContent><w:p><w:r><w:rPr>"
        '<w:rFonts w:ascii="楷体_GB2312" w:hAnsi="楷体_GB2312" w:eastAsia="楷体_GB2312"/>'
        f'<w:sz w:val="28"/></w:rPr><w:t>{escaped(text)}</w:t></w:r></w:p></w:txbxContent>'
    )
    return parse_xml(
        f"<w:r {nsdecls('w', 'wp', 'a')}"
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
        ' xmlns:v="urn:schemas-microsoft-com:vml">'
        '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="5400000" cy="1260000"/>'
        '<wp:docPr id="1" name="文本框 1"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData'
        ' uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="5400000" cy="1260000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        '</a:prstGeom><a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln>'
        f"</wps:spPr><wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData>"
        "</a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f'<v:rect style="width:425pt;height:99pt"><v:textbox>{content}</v:textbox></v:rect>'
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def page_field() -> Any:
    """A run-level field that shows the page number."""
    return parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    )


def escaped(text: str) -> str:
    """``text`` for use between XML tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
