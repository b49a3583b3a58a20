"""``zugao annotate``: a copy of the Word file with what was found as comments at its places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.trim import Cut, propose_cut
from storage.errors import why
from storage.outlet_lengths import OutletLength
from word.annotate import NotAnnotatable, Remark, annotate
from zugao.console import Problem
from zugao.cutting import headline
from zugao.judging import Judged, JudgedFile, judge, over
from zugao.lengths import as_rows, sentences

SUFFIX = ".批注.docx"
_CONVERTED = ("doc", "wps", "rtf", "odt")
_PASSAGES = 6
"""Passages of a pair that get a comment each, the longest ones."""
_LENGTH_KINDS = ("over_hard", "over_soft")


@dataclass(frozen=True, slots=True)
class Annotated:
    """What was written."""

    file: Path
    drafts: int
    comments: int


def annotate_file(home: Path, given: str, target: Path | None) -> Annotated:
    """Write the annotated copy of a stored draft's file, or of a file; returns where it is.

    Raises Problem if there is no such draft or file, if Word's comments cannot be written into
    its format, or if the copy cannot be written.
    """
    found = judge(home, given)
    target = target or Path(f"{Path(found.name).stem}{SUFFIX}")
    if target.exists() and target.samefile(found.path):
        raise Problem("批注稿不能写在原件上，请用 -o 另起一个文件名。")
    texts = [judged.draft.text for judged in found.judged]
    remarks = [
        r for n, judged in enumerate(found.judged) for r in remarks_on(n, judged, found.outlets)
    ]
    try:
        count = _write(found, target, texts, remarks)
    except NotAnnotatable as reason:
        raise Problem(f"{found.name}：{reason}") from None
    except OSError as error:
        raise Problem(f"写不了 {target}（{why(error)}），请换个位置。") from None
    return Annotated(target, len(texts), count)


def _write(found: JudgedFile, target: Path, texts: list[str], remarks: list[Remark]) -> int:
    """Annotate the file itself, or what LibreOffice makes of an old format."""
    from nlp.types import Refusal
    from word.convert import converted
    from word.reasons import sentence

    if found.format == "docx":
        return annotate(found.path, target, texts, remarks)
    if found.format not in _CONVERTED:
        raise Problem(f"{found.name} 不是 Word 文件（{found.format}），加不了批注。")
    with converted([(found.path, found.format)]) as [result]:
        if isinstance(result, Refusal):
            raise Problem(sentence(result, found.name))
        return annotate(result, target, texts, remarks)


def remarks_on(
    index: int, judged: Judged, outlets: Sequence[OutletLength] = ()
) -> Iterator[Remark]:
    """All comments on one draft, ``index`` being its place among the texts of the file."""
    start, end = _head(judged)
    yield Remark(index, start, end, _theme(judged))
    cut = _cut(judged)
    if cut is not None:
        yield Remark(index, start, end, "【字数】" + headline(cut))
        yield from (
            Remark(index, gone.start, gone.end, f"【建议删】{gone.reason}，省{gone.saved}字。")
            for gone in cut.dropped
        )
    count = judged.draft.characters
    if unfit := "".join(sentences(as_rows(outlets, count), count)):
        yield Remark(index, start, end, f"【刊物字数】正文{count}字。{unfit}")
    for flag in judged.flags:
        if flag.kind in _LENGTH_KINDS:
            continue
        place = (flag.start, flag.end) if flag.end > flag.start else (start, end)
        yield Remark(index, *place, f"【提醒】{flag.message}。")
    for pair in judged.pairs:
        yield from _pair(index, pair, (start, end))


def _head(judged: Judged) -> tuple[int, int]:
    """Where what concerns the whole draft is said: its title, else its first line."""
    titles = judged.draft.ranges(frozenset({"title"})) or judged.draft.ranges()
    return titles[0] if titles else (0, 0)


def _theme(judged: Judged) -> str:
    lines = []
    for theme, role in zip(judged.themes, ("主要", "次要", "次要"), strict=False):
        because = f"；依据：{'、'.join(theme.terms[:8])}" if theme.terms else ""
        lines.append(f"{role} {theme.name}（把握{theme.probability:.0%}{because}）")
    return "\n".join(
        ["【主题】" + (lines[0] if lines else "无法判断"), *lines[1:], f"体裁 {judged.genre}"]
    )


def _cut(judged: Judged) -> Cut | None:
    flag = over(judged.flags)
    return propose_cut(judged.draft, flag.limit, terms=judged.terms) if flag else None


def _pair(index: int, pair: dict[str, Any], head: tuple[int, int]) -> Iterator[Remark]:
    """The verdict on the title, then each of the longest shared passages at its place."""
    unit = pair["other_unit"] or "不在单位表里的单位"
    other = f"第{pair['other_id']}号《{pair['other_title']}》（{unit}）"
    yield Remark(
        index,
        *head,
        f"【重稿】{pair['kind']}：与{other}。本稿{pair['cover']:.0%}相同，"
        f"对方{pair['other_cover']:.0%}，共{pair['shared_characters']}字。",
    )
    spans = sorted(pair["spans"], key=lambda span: span[0] - span[1])[:_PASSAGES]
    for start, end, *_ in spans:
        yield Remark(index, start, end, f"【重稿】与{other}相同的段落，{end - start}字。")
