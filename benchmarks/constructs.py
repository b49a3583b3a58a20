"""Constructs of Word that lose, double or invent text in careless readers, each with a marker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Expectation = Literal["shown", "absent"]
_TRACKED = 'w:id="{0}" w:author="审稿" w:date="2026-09-01T08:00:00Z"'


@dataclass(frozen=True, slots=True)
class Construct:
    """How a marker is hidden in a document, and what a faithful reader makes of it."""

    name: str
    expect: Expectation
    paragraph: Callable[[str], str]  # marker → the inside of a w:p, or blocks if ``block``
    block: bool = False
    shown_as: str = "{}"  # what stands in the text, around the marker
    footnote: bool = False  # the marker stands in the footnotes part


@dataclass(frozen=True, slots=True)
class Planted:
    """A construct in a file: ``text`` must be in what is read exactly once, or not at all."""

    construct: str
    expect: Expectation
    text: str

    def holds(self, read: str) -> bool:
        """Whether ``read``, the whole text that a reader made of the file, is right here."""
        times = "".join(read.split()).count(self.text)
        return times == (1 if self.expect == "shown" else 0)


def run(text: str, properties: str = "") -> str:
    """A w:r with one w:t."""
    style = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{style}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _field(marker: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> REF 段落 </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(marker)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _instruction(marker: str) -> str:
    return _field("见上文").replace("REF 段落", f'QUOTE "{marker}"')


def _text_box(marker: str) -> str:
    content = f"<w:txbxContent><w:p>{run(marker)}</w:p></w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
        '<wp:extent cx="1000000" cy="400000"/><wp:docPr id="1" name="文本框"/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<wps:wsp><wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData>"
        "</a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
        f"<v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def _ruby(marker: str) -> str:
    return (
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>pinyin</w:t></w:r></w:rt>"
        f"<w:rubyBase>{run(marker)}</w:rubyBase></w:ruby></w:r>"
    )


def _nested_table(marker: str) -> str:
    return _table(f"<w:p>{run('表头')}</w:p>", _table(f"<w:p>{run(marker)}</w:p>") + "<w:p/>")


def _table(*cells: str) -> str:
    row = "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in cells)
    return f"<w:tbl><w:tblPr/><w:tr>{row}</w:tr></w:tbl>"


def _wrapped(tag: str, attributes: str = "") -> Callable[[str], str]:
    return lambda marker: f"<w:{tag}{' ' if attributes else ''}{attributes}>{run(marker)}</w:{tag}>"


def _deleted(marker: str) -> str:
    return (
        f"<w:del {_TRACKED.format(2)}><w:r><w:delText>{marker}</w:delText></w:r></w:del>"
        f"{run('照此办理。')}"
    )


CONSTRUCTS: tuple[Construct, ...] = (
    Construct("修订插入", "shown", _wrapped("ins", _TRACKED.format(1))),
    Construct("移入", "shown", _wrapped("moveTo", _TRACKED.format(3))),
    Construct("超链接", "shown", _wrapped("hyperlink", 'r:id="rId4"')),
    Construct("智能标记", "shown", _wrapped("smartTag", 'w:uri="x" w:element="place"')),
    Construct("简单域", "shown", _wrapped("fldSimple", 'w:instr=" REF x "')),
    Construct("复杂域", "shown", _field),
    Construct("文本框", "shown", _text_box),
    Construct("拼音指南", "shown", _ruby),
    Construct(
        "行内内容控件", "shown",
        lambda m: f"<w:sdt><w:sdtPr/><w:sdtContent>{run(m)}</w:sdtContent></w:sdt>",
    ),
    Construct(
        "段落内容控件", "shown",
        lambda m: f"<w:sdt><w:sdtPr/><w:sdtContent><w:p>{run(m)}</w:p></w:sdtContent></w:sdt>",
        block=True,
    ),
    Construct("嵌套表格", "shown", _nested_table, block=True),
    Construct(
        "脚注", "shown",
        lambda _: run("详见注释") + '<w:r><w:footnoteReference w:id="1"/></w:r>', footnote=True,
    ),
    Construct(
        "自动编号", "shown",
        lambda m: f'<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        f"{run(m)}",
        shown_as="（一）{}",
    ),
    Construct("修订删除", "absent", _deleted),
    Construct("移出", "absent", _wrapped("moveFrom", _TRACKED.format(4))),
    Construct("隐藏文字", "absent", lambda m: run(m, "<w:vanish/>") + run("照此执行。")),
    Construct("域代码", "absent", _instruction),
)  # fmt: skip
"""One of each; a document holds a construct at most once."""
