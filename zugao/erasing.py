"""``zugao erase``: what would go, what goes, and what stays all the same, told plainly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flows.erasing_step import Erased, due, erase, erase_name, lying, reason
from flows.office import Busy, Office, open_office
from storage.erasing import Doomed, doomed
from storage.erasing_person import Named, named
from zugao.console import Exit, Problem, visible
from zugao.settings import load_settings

_SHOWN = 20
BACKUPS = "备份里的文字这里删不到：请在以后的备份做好之后，删去早于今天的备份（设置 [backup]）。"
OUTSIDE = "已印出、已导出的文件，已学成的模型里的词语权重，也不在删除范围。"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be erased: drafts, a person, or what is older than texts are kept."""

    drafts: tuple[int, ...] = ()
    person: str = ""
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would come to."""

    lines: tuple[str, ...]
    bulletins: tuple[str, ...]  # frozen ones that print what is erased
    facts: dict[str, Any]


def preview(home: Path, asked: Asked) -> Preview:
    """What would go and what would stay. Raises Problem where there is nothing to erase."""
    with open_office(load_settings(home)) as office:
        if asked.person:
            return _person(named(office.db, asked.person), asked.person)
        ids = due(office) if asked.expired else asked.drafts
        if asked.expired and not office.settings.retention.keep_texts_years:
            raise Problem("没有设保存年限：请先在设置 [retention] 里写 keep_texts_years。")
        if not ids:
            raise Problem("没有超过保存年限的稿件。" if asked.expired else "没有写要删哪一篇。")
        return _drafts(doomed(office.db, ids), lying(office, ids))


def carry_out(home: Path, asked: Asked, *, why: str, who: str) -> tuple[Erased, list[str]]:
    """Erase; what was done, and what to say. Raises Problem, StorageError, RefusedError."""
    with open_office(load_settings(home)) as office:
        try:
            if asked.person:
                found, done = erase_name(office, asked.person, why=why, who=who)
                told = f"{len(found.drafts)} 篇稿件里的这个姓名已删去，"
            else:
                done = _erase_drafts(office, asked, why=why, who=who)
                told = f"已删去 {len(done.drafts)} 篇稿件的文字，"
        except Busy as busy:
            raise Problem(str(busy), Exit.BUSY) from None
    told += f"删除原件 {done.originals} 个。"
    return done, [told, *_rest(done), BACKUPS, OUTSIDE]


def _erase_drafts(office: Office, asked: Asked, *, why: str, who: str) -> Erased:
    if asked.expired:
        words = why or reason(office.settings)
        return erase(office, due(office), kind="retention", why=words, who=who)
    return erase(office, asked.drafts, kind="draft", why=why, who=who)


def _rest(done: Erased) -> Iterator[str]:
    if not done.scrubbed:
        yield (
            "注意：别的程序正开着数据库或磁盘已满，文件里还可能有删去的痕迹；"
            "请停下编辑台和 zugao serve，再运行一次同样的命令。"
        )
    if done.lying:
        yield (
            f"收件箱里还有 {len(done.lying)} 个文件（如 {visible(done.lying[0])}），"
            "组稿不动收件箱：请自行删去，再运行一次同样的命令，文件名也会删去。"
        )


def _drafts(found: Sequence[Doomed], lies: Sequence[str]) -> Preview:
    lines = [f"将删去 {sum(not one.erased for one in found)} 篇稿件的文字和原件，编号、单位、作者、"
             "主题、字数、审核意见的结论、采用和得分都不变："]  # fmt: skip
    for one in found[:_SHOWN]:
        lines += _one(one)
    if len(found) > _SHOWN:
        lines.append(f"  ……共 {len(found)} 篇")
    if lies:
        lines.append(f"收件箱里的 {len(lies)} 个原文件不动，请自行删去。")
    bulletins = tuple(dict.fromkeys(title for one in found for title in one.bulletins))
    return Preview(
        (*lines, *_sealed(bulletins)), bulletins, {"drafts": [asdict(one) for one in found]}
    )


def _one(one: Doomed) -> Iterator[str]:
    title = visible(one.title) or "（无标题）"
    done = "，文字以前已删" if one.erased else ""
    yield f"  {one.draft_id}　{title}　{visible(one.unit)}　{one.received_on}{done}"
    if one.siblings:
        yield f"      同一原件里还有第 {_numbers(one.siblings)} 号：文字还在，原件一并删去"
    if one.copies:
        yield f"      大半相同的文字还在第 {_numbers(one.copies)} 号：要删请一并写上"
    if one.printed:
        yield f"      已采用 {one.printed} 次：刊物上印出的文字是公开的，不删"


def _person(found: Named, name: str) -> Preview:
    if not found.drafts:
        raise Problem(f"没有稿件写到“{visible(name)}”。")
    lines = [
        f"将把“{visible(name)}”从 {len(found.drafts)} 篇稿件里删去"
        f"（{len(found.written)} 篇是作者或签发人），并删去这些稿件的原件：",
        f"  第 {_numbers(found.drafts)} 号",
        "  正文里的姓名换成“某”，作者栏换成编号，得分仍按这个编号统计；同名的别人也会一起换掉。",
    ]
    if found.printed:
        lines.append(f"  刊物上印出的 {found.printed} 条写到这个姓名，是公开的，不删。")
    facts = {"written": list(found.written), "named": list(found.named), "printed": found.printed}
    return Preview((*lines, *_sealed(found.bulletins)), found.bulletins, facts)


def _sealed(bulletins: Sequence[str]) -> Iterator[str]:
    if bulletins:
        names = "、".join(f"“{visible(title)}”" for title in bulletins[:5])
        yield f"注意：已定稿的通报{names}印有要删的标题或姓名，定稿的通报不能改，会留着。"


def _numbers(ids: Sequence[int]) -> str:
    more = "……" if len(ids) > _SHOWN else ""
    return "、".join(map(str, ids[:_SHOWN])) + more
