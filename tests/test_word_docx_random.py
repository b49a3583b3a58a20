"""No text lost, none twice: documents nested at random, with a marker in every place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count

from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support_docx import box, field, members, para, read, row, run, table, zipped

Wrapper = tuple[str, Callable[[str], str]]

INLINE: list[Wrapper] = [
    ("shown", lambda x: f'<w:ins w:id="1">{x}</w:ins>'),
    ("shown", lambda x: f'<w:moveTo w:id="1">{x}</w:moveTo>'),
    ("shown", lambda x: f"<w:sdt><w:sdtContent>{x}</w:sdtContent></w:sdt>"),
    ("shown", lambda x: f'<w:smartTag w:element="x">{x}</w:smartTag>'),
    ("shown", lambda x: f'<w:hyperlink w:anchor="x">{x}</w:hyperlink>'),
    ("shown", lambda x: f'<w:fldSimple w:instr="REF x">{x}</w:fldSimple>'),
    ("shown", lambda x: field("REF x", x)),
    ("shown", lambda x: f"<w:r><w:ruby><w:rubyBase>{x}</w:rubyBase></w:ruby></w:r>"),
    ("shown", lambda x: box(para(x))),
    (
        "shown",
        lambda x: (
            '<mc:AlternateContent><mc:Choice Requires="wps">'
            f"{x}</mc:Choice><mc:Fallback>{x}</mc:Fallback></mc:AlternateContent>"
        ),
    ),
    ("gone", lambda x: f'<w:del w:id="1">{x}</w:del>'),
    ("gone", lambda x: f'<w:moveFrom w:id="1">{x}</w:moveFrom>'),
    (
        "gone",
        lambda x: (
            f"<w:r><w:rPr><w:vanish/></w:rPr><w:ruby><w:rubyBase>{x}</w:rubyBase></w:ruby></w:r>"
        ),
    ),
]
BLOCK: list[Wrapper] = [
    ("shown", para),
    ("shown", lambda x: table(row(f"<w:tc>{x}</w:tc>", "另"))),
    ("shown", lambda x: table(row(f"<w:tc>{x}</w:tc>"))),
    ("shown", lambda x: f"<w:sdt><w:sdtContent>{x}</w:sdtContent></w:sdt>"),
    ("shown", lambda x: f'<w:customXml w:element="x">{x}</w:customXml>'),
    ("shown", lambda x: f"<w:ins>{x}</w:ins>"),
    ("shown", lambda x: f"{x}<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr></w:p>"),
    ("gone", lambda x: f"<w:del>{x}</w:del>"),
    (
        "gone",
        lambda x: table(
            row(f"<w:tc>{x}</w:tc>").replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>", 1)
        ),
    ),
]

Tree = tuple[int, list["Tree"]]  # which wrapper, and what it holds


def trees(wrappers: list[Wrapper]) -> st.SearchStrategy[Tree]:
    place = st.integers(0, len(wrappers) - 1)
    leaf = st.tuples(place, st.just([]))
    return st.recursive(
        leaf, lambda inner: st.tuples(place, st.lists(inner, max_size=3)), max_leaves=8
    )


def markup(
    tree: Tree,
    wrappers: list[Wrapper],
    numbers: Iterator[int],
    *,
    gone: bool,
    shown: dict[str, bool],
) -> str:
    """Markup of a tree; every marker goes to ``shown`` with whether it may be seen."""
    fate, wrap = wrappers[tree[0]]
    gone = gone or fate == "gone"
    marker = f"〔{next(numbers)}〕"
    shown[marker] = not gone
    inner = "".join(markup(t, wrappers, numbers, gone=gone, shown=shown) for t in tree[1])
    own = run(marker) if wrappers is INLINE else para(run(marker))
    return wrap(own + inner) if wrap is not para else own + inner


@settings(max_examples=300, deadline=None)
@given(st.lists(trees(INLINE), max_size=3), st.lists(trees(BLOCK), max_size=3))
def test_every_visible_marker_once_and_no_other(inline: list[Tree], block: list[Tree]) -> None:
    shown: dict[str, bool] = {}
    numbers = count(1)
    body = para("始", *(markup(t, INLINE, numbers, gone=False, shown=shown) for t in inline))
    body += "".join(markup(t, BLOCK, numbers, gone=False, shown=shown) for t in block) + para("终")
    text = "\n".join(b.text for b in read(body).blocks)
    assert {m: text.count(m) for m in shown} == {m: int(seen) for m, seen in shown.items()}
    assert text.count("始") == text.count("终") == 1


def test_the_same_documents_do_lose_text_elsewhere() -> None:
    """Positive control: the markers stand where a reader that knows only runs misses them."""
    shown: dict[str, bool] = {}
    numbers = count(1)
    body = para(
        *(markup((i, []), INLINE, numbers, gone=False, shown=shown) for i in range(len(INLINE)))
    )
    files = members(body)
    kind = "application/vnd.openxmlformats-package.relationships+xml"
    files["[Content_Types].xml"] = str(files["[Content_Types].xml"]).replace(
        "<Default ", f'<Default Extension="rels" ContentType="{kind}"/><Default ', 1
    )
    plain = "\n".join(p.text for p in Document(BytesIO(zipped(files))).paragraphs)
    assert sum(plain.count(m) == int(seen) for m, seen in shown.items()) < len(shown) / 2
    own = "\n".join(b.text for b in read(body).blocks)
    assert all(own.count(m) == int(seen) for m, seen in shown.items())
