"""``zugao cut``: what to drop of an overlong draft, as a marked text and a shortened one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nlp.trim import Cut, propose_cut
from nlp.types import Draft
from storage.errors import why
from zugao.console import Problem, safe
from zugao.judging import Judged, judge, outlet_of, over


@dataclasses.dataclass(frozen=True, slots=True)
class Proposal:
    """A draft with its proposed cut."""

    judged: Judged
    name: str
    cut: Cut
    outlet: str = ""  # whose limit it is; "" = that of the genre, or a given one


def propose(home: Path, given: str, limit: int | None, outlet: str | None = None) -> Proposal:
    """The cut of a stored draft or of a file to ``limit`` 字, to the limit of the outlet of a
    name or alias, or by default to that of its genre.

    Raises Problem if there is no such draft, if the outlet states no limit, or if the draft is
    not overlong for its genre and neither limit nor outlet is given, or if no outlet has that
    name.
    """
    printed = outlet_of(home, outlet) if outlet else None
    found = judge(home, given)
    judged = found.judged[found.chosen]
    if printed:
        limit = printed.limit(judged.draft.characters)
        if limit is None:
            raise Problem(f"{printed.name}没有写明字数上限，请在刊物表的“提醒”“上限”里补上。")
    if limit is None:
        flag = over(judged.flags)
        if flag is None:
            count = judged.draft.characters
            raise Problem(
                f"正文{count}字，没有超过{judged.genre}的字数要求，不用删；"
                "要压到多少字，用 --limit 说明。"
            )
        limit = flag.limit
    cut = propose_cut(judged.draft, limit, terms=judged.terms)
    return Proposal(judged, found.name, cut, printed.name if printed else "")


def as_dict(found: Proposal) -> dict[str, Any]:
    """The ``--json`` shape, documented in docs/commands.md."""
    text, cut = found.judged.draft.text, found.cut
    return {
        "draft_id": found.judged.number or None,
        "file": found.name,
        "title": found.judged.draft.title,
        "genre": found.judged.genre,
        "outlet": found.outlet or None,
        "limit": cut.limit,
        "before": cut.before,
        "after": cut.after,
        "reached": cut.reached,
        "dropped": [
            {**dataclasses.asdict(gone), "text": text[gone.start : gone.end]}
            for gone in cut.dropped
        ],
        "text": cut.text,
    }


def headline(cut: Cut, outlet: str = "") -> str:
    """What the proposal comes to, in one sentence; ``outlet`` is whose limit it is."""
    if not cut.dropped and cut.reached:
        return f"正文{cut.before}字，不超过{outlet}{cut.limit}字，不用删。"
    saved = cut.before - cut.after
    sentence = f"正文{cut.before}字，建议删{len(cut.dropped)}处、{saved}字，余{cut.after}字"
    if cut.reached:
        return f"{sentence}（{outlet}上限{cut.limit}字）。"
    rest = "其余是标题、小标题、各部分首句和表格，请人工压缩"
    return f"{sentence}，仍超过{outlet}{cut.limit}字：{rest}。"


def marked_lines(draft: Draft, cut: Cut) -> Iterator[list[tuple[str, int]]]:
    """Each line of a draft as (text, number of the dropped passage from 1, 0 = kept)."""
    start, waiting = 0, list(enumerate(cut.dropped, 1))
    for paragraph in draft.paragraphs:
        line, place = paragraph.line, 0
        pieces: list[tuple[str, int]] = []
        while waiting and waiting[0][1].start < start + len(line):
            number, gone = waiting.pop(0)
            pieces.append((line[place : gone.start - start], 0))
            pieces.append((line[gone.start - start : gone.end - start], number))
            place = gone.end - start
        pieces.append((line[place:], 0))
        yield [piece for piece in pieces if piece[0]]
        start += len(line) + 1


def write_word(found: Proposal, file: Path) -> None:
    """Write the proposal as a Word file with tracked deletions. Problem if it cannot be written."""
    from reports.cut_word import write_cut

    reasons = [f"建议删：{gone.reason}，省{gone.saved}字" for gone in found.cut.dropped]
    lines = list(marked_lines(found.judged.draft, found.cut))
    try:
        write_cut(
            file, found.judged.draft, lines, head=headline(found.cut, found.outlet), reasons=reasons
        )
    except OSError as error:
        raise Problem(f"写不了 {file}（{why(error)}），请换个位置。") from None


def print_proposal(found: Proposal) -> None:
    """Print for people: the marked text, the reasons, the shortened draft."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.print(f"[bold]{safe(headline(found.cut, found.outlet))}[/]\n")
    if not found.cut.dropped:
        return
    for pieces in marked_lines(found.judged.draft, found.cut):
        line = Text()
        for text, number in pieces:
            if number:
                line.append(f"〔删{number}：", "red")
                line.append(_shown(text), "red strike")
                line.append("〕", "red")
            else:
                line.append(_shown(text))
        console.print(line)
    console.print("\n[bold]理由[/]")
    for number, gone in enumerate(found.cut.dropped, 1):
        console.print(f"  删{number}　{gone.reason}，省{gone.saved}字")
    console.print("\n[bold]删后[/]")
    for shown in found.cut.text.split("\n"):
        console.print(Text(_shown(shown)))


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
