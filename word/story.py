"""One flow of text of a Word document — body, note, comment, header, text box — to blocks.

The final view is read: what Word shows with all changes accepted (see ``word.runs``). Empty
paragraphs give no block unless they show a list number. A text box comes right after the
paragraph or table row that holds it.

Tables come row by row, cells joined by tabs, the paragraphs of a cell by line feeds, each with its
list number. A merged cell stands once: the continued cells of a vertical merge are empty. Tables
inside cells follow the row as rows of their own. A row of a single cell is a frame rather than a
table: its paragraphs come as blocks of their own, in the layer of tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nlp.types import Block, Layer
from word.context import Context
from word.drawing import Drawing, chart_lines, diagram_lines
from word.numbering import Counters
from word.ooxml import MC, VAL, Element, M, W, branch, is_on, whole
from word.pieces import Body
from word.runs import Runs, control_content
from word.styles import Style, align_of, outline

_P, _R, _P_PR, _R_PR = W + "p", W + "r", W + "pPr", W + "rPr"
_TR, _TC, _T = W + "tr", W + "tc", W + "t"
_DEL, _MOVE_FROM = W + "del", W + "moveFrom"
_HIDES = (W + "vanish", W + "specVanish")
_NUM_PR, _NUM_ID, _ILVL = W + "numPr", W + "numId", W + "ilvl"
_P_STYLE, _JC, _OUTLINE, _SECT_PR = W + "pStyle", W + "jc", W + "outlineLvl", W + "sectPr"
_BODY_LAYERS = ("body", "table", "textbox")


class _Paragraph:
    """The properties of a paragraph that its block takes over."""

    __slots__ = ("align", "ilvl", "level", "mark_gone", "mark_hidden", "num_id", "section", "style")

    def __init__(self, style: Style) -> None:
        self.style = style
        self.align = style.align
        self.level = style.level
        self.num_id: str | None = None  # None = as the style says
        self.ilvl: int | None = None
        self.mark_gone = False  # deleted or hidden: the next paragraph goes on in the same line
        self.mark_hidden = False
        self.section: Element | None = None  # that ends here


class Story:
    """Reads one flow of text."""

    def __init__(self, context: Context, part: str, layer: Layer, counters: Counters) -> None:
        """``part`` is where relationship ids count; ``counters`` number the lists."""
        self._context = context
        self._part = part
        self._layer: Layer = layer
        self._counters = counters
        self._out: list[Block] = []
        self._after: list[Block] | None = None  # in a cell: what follows its row
        self._joined: _Paragraph | None = None  # of paragraphs whose marks are gone
        self._plain = _Paragraph(context.styles.paragraph(""))
        self._known: dict[int, _Paragraph] = {}  # by the piece that says it

    def read(self, root: Element) -> list[Block]:
        """All blocks under ``root`` in reading order."""
        self._runs = Runs(self._context, root, notes=self._layer in _BODY_LAYERS)
        self._blocks(root)
        self._flush()
        return self._out

    def read_cut(self, body: Body) -> list[Block]:
        """All blocks of a body that was taken apart."""
        self._runs = Runs(self._context, body.root, notes=self._layer in _BODY_LAYERS)
        for child in body.children:
            if isinstance(child, int):
                self._block(body.pieces[child])
            else:
                self._plain_paragraph(body.pieces, *child)
        self._flush()
        return self._out

    def _blocks(self, parent: Element) -> None:
        for child in parent:
            self._block(child)

    def _block(self, element: Element) -> None:
        tag = element.tag
        if tag == _P:
            self._paragraph(element)
        else:
            # What we do not know is looked through: it may hold paragraphs.
            _BLOCK.get(tag, Story._blocks)(self, element)

    # Paragraphs

    def _paragraph(self, element: Element) -> None:
        runs, paragraph = self._runs, self._plain
        runs.style(paragraph.style)
        before, skipped = len(runs), runs.skipped
        for child in element:
            tag = child.tag
            if tag == _R:
                runs.run(child)
            elif tag == _P_PR:
                paragraph = self._properties(child)
                runs.style(paragraph.style)
            else:
                runs.other(child)
        self._end(paragraph, before, skipped)

    def _plain_paragraph(
        self, pieces: list[Element], properties: int | None, texts: list[tuple[int, str]]
    ) -> None:
        """Take in a ``word.pieces.Plain``."""
        runs, paragraph = self._runs, self._plain
        if properties is not None:
            known = self._known.get(properties)
            if known is None:
                known = self._known[properties] = self._properties(pieces[properties])
            paragraph = known
        runs.style(paragraph.style)
        before = len(runs)
        runs.take(pieces, texts)
        self._end(paragraph, before, runs.skipped)

    def _end(self, paragraph: _Paragraph, before: int, skipped: int) -> None:
        """End a paragraph before which there were so many pieces of text and skipped changes."""
        runs = self._runs
        if paragraph.section is not None:
            self._context.sections.append(paragraph.section)
        if paragraph.mark_gone:
            if not paragraph.mark_hidden and runs.skipped == skipped:
                self._count("deleted")  # nothing was deleted but the mark
            self._join(paragraph, before)
        else:
            self._close(paragraph, before)

    def _properties(self, element: Element) -> _Paragraph:
        stated_level, align = None, ""
        found = _Paragraph(self._plain.style)
        for child in element:
            tag = child.tag
            if tag == _P_STYLE:
                found.style = self._context.styles.paragraph(child.get(VAL) or "")
            elif tag == _NUM_PR:
                _list_place(child, found)
            elif tag == _R_PR:
                _mark(child, found)
            elif tag == _OUTLINE:
                stated_level = outline(child)
            elif tag == _JC:
                align = align_of(child)
            elif tag == _SECT_PR:
                found.section = child
        found.level = found.style.level if stated_level is None else stated_level
        found.align = align or found.style.align
        return found

    def _join(self, paragraph: _Paragraph, before: int) -> None:
        """Let the next paragraph go on with this one, whose mark is gone."""
        known = self._joined
        if not (known and known.mark_hidden) and self._runs.visible(before):
            self._joined = paragraph

    def _close(self, paragraph: _Paragraph, before: int) -> None:
        """End a paragraph, with those before it whose marks are gone.

        Behind a hidden mark (a style separator) the first paragraph's properties hold, behind a
        deleted one those of the mark that remains, unless it had no text of its own: none after
        the first ``before`` pieces.
        """
        runs, joined = self._runs, self._joined
        if joined is not None and (joined.mark_hidden or not runs.visible(before)):
            paragraph = joined
        text = runs.text()
        label = self._label(paragraph)
        if label or (text and not text.isspace()):
            size, bold = runs.look_of_most()
            style = paragraph.style.name
            level, align = paragraph.level, paragraph.align
            self._out.append(Block(self._layer, label, text, style, level, align, size, bold))
        drawings = runs.drawings
        runs.clear()
        self._joined = None
        for drawing in drawings:
            (self._out if self._after is None else self._after).extend(self._drawn(drawing))

    def _flush(self) -> None:
        """End a paragraph whose mark is gone and that no other follows."""
        if len(self._runs) or self._runs.drawings:
            self._close(self._joined or self._plain, len(self._runs))

    def _label(self, paragraph: _Paragraph) -> str:
        style = paragraph.style
        num_id = style.num_id if paragraph.num_id is None else paragraph.num_id
        if not num_id or num_id == "0":
            return ""
        ilvl = paragraph.ilvl
        if ilvl is None and paragraph.num_id is None:
            ilvl = self._context.numbering.level_of_style(num_id, style.chain, style.ilvl)
        return self._counters.label(num_id, ilvl or 0)

    def _drawn(self, drawing: Drawing) -> list[Block]:
        """Text boxes, word art, charts and diagrams of a drawing as blocks."""
        layer: Layer = "textbox" if self._layer in _BODY_LAYERS else self._layer
        context, lines = self._context, list(drawing.lines)
        for ids, words in ((drawing.charts, chart_lines), (drawing.diagrams, diagram_lines)):
            roots = [context.linked(self._part, each) for each in ids]
            lines += [line for root in roots if root is not None for line in words(root)]
        found: list[Block] = []
        for box in drawing.boxes:
            found += Story(context, self._part, layer, context.box_counters).read(box)
        return found + [Block(layer, "", line) for line in lines if line.strip()]

    def _formula(self, element: Element) -> None:
        """A formula that stands between paragraphs."""
        self._flush()
        for formula in element.iter(M + "oMath"):
            self._runs.formula(formula)
        self._close(self._plain, 0)

    # What wraps paragraphs

    def _come(self, element: Element, code: str) -> None:
        self._context.tally[code] += 1
        self._blocks(element)

    def _control(self, control: Element) -> None:
        content = control_content(control, self._context)
        if content is not None:
            self._blocks(content)

    def _alternate(self, element: Element) -> None:
        chosen = branch(element)
        if chosen is not None:
            self._blocks(chosen)

    def _count(self, code: str) -> None:
        self._context.tally[code] += 1

    # Tables

    def _table(self, table: Element) -> None:
        self._flush()
        outer_out, outer_layer = self._out, self._layer
        if self._after is not None:
            self._count("nested_tables")
            self._out = self._after
        if outer_layer == "body":
            self._layer = "table"
        for row in self._inner(table, _TR):
            self._row(row)
        self._out, self._layer = outer_out, outer_layer

    def _inner(self, parent: Element, wanted: str) -> Iterator[Element]:
        """Rows of a table or cells of a row, also inside controls and other wrappers."""
        for child in parent:
            tag = child.tag
            if tag == wanted:
                yield child
            elif tag == W + "sdt":
                content = control_content(child, self._context)
                if content is not None:
                    yield from self._inner(content, wanted)
            elif tag == MC + "AlternateContent":
                chosen = branch(child)
                if chosen is not None:
                    yield from self._inner(chosen, wanted)
            elif tag in _ROW_WRAPPERS:
                yield from self._inner(child, wanted)

    def _row(self, row: Element) -> None:
        if row.find(f"{W}trPr/{_DEL}") is not None:
            self._runs.skip(row, "deleted")
            return
        out, outer_after = self._out, self._after
        after: list[Block] = []
        self._after = after
        cells = [self._cell(cell) for cell in self._inner(row, _TC)]
        self._out, self._after = out, outer_after
        if len(cells) == 1:
            out += cells[0] or ()
        else:
            shown = (blocks for blocks in cells if blocks is not None)
            text = "\t".join("\n".join(map(_cell_line, blocks)) for blocks in shown)
            if text and not text.isspace():
                out.append(Block(self._layer, "", text))
        out += after

    def _cell(self, cell: Element) -> list[Block] | None:
        """Blocks of a cell: none for the rest of a merged cell, None for a deleted one."""
        if cell.find(f"{W}tcPr/{W}cellDel") is not None:
            self._runs.skip(cell, "deleted")
            return None
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        if merge is not None and merge.get(VAL, "continue") == "continue":
            if any((t.text or "").strip() for t in cell.iter(_T)):
                self._count("hidden_text")
            return []
        found: list[Block] = []
        self._out = found
        self._blocks(cell)
        self._flush()
        return found


def _list_place(element: Element, found: _Paragraph) -> None:
    """Read a ``w:numPr``."""
    for child in element:
        if child.tag == _NUM_ID:
            found.num_id = child.get(VAL) or ""
        elif child.tag == _ILVL:
            found.ilvl = whole(child.get(VAL), 0)


def _mark(properties: Element, found: _Paragraph) -> None:
    """What is said of the paragraph mark: where it is gone, two paragraphs join."""
    for child in properties:
        tag = child.tag
        if tag in (_DEL, _MOVE_FROM):
            found.mark_gone = True
        elif tag in _HIDES and is_on(child):
            found.mark_gone = found.mark_hidden = True


def _cell_line(block: Block) -> str:
    return block.label + block.text.replace("\t", " ")


def _nothing(story: Story, element: Element) -> None:
    """Holds no text of its own."""


_ROW_WRAPPERS = frozenset(W + name for name in ("customXml", "smartTag", "ins", "moveTo"))
_Act = Callable[[Story, Any], None]
_BLOCK: dict[str, _Act] = {
    W + "tbl": Story._table,
    W + "sdt": Story._control,
    W + "ins": lambda story, e: story._come(e, "inserted"),
    W + "moveTo": lambda story, e: story._come(e, "moved_to"),
    W + "del": lambda story, e: story._runs.skip(e, "deleted"),
    W + "moveFrom": lambda story, e: story._runs.skip(e, "moved_from"),
    W + "altChunk": lambda story, e: story._count("alt_chunk"),
    W + "subDoc": lambda story, e: story._count("sub_documents"),
    W + "sectPr": lambda story, e: story._context.sections.append(e),
    W + "tcPr": _nothing,
    MC + "AlternateContent": Story._alternate,
    M + "oMath": Story._formula,
    M + "oMathPara": Story._formula,
}
