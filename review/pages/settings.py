"""设置: the settings file, units, outlets and rules of scoring: edited as text, previewed, saved.

Each is one text. A change is shown line by line and checked before it is saved, and it is saved
only over the text that it was made from. The settings file keeps its comments and each earlier
version; a rule profile is never changed, a new version of it is added.
"""

from __future__ import annotations

import hashlib
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from rapidfuzz.distance import Indel
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from points.profile import ProfileError, read_profile
from review.desk import Unable
from review.visit import Visit
from storage.clock import stamp
from storage.errors import why
from storage.list_texts import outlets_text, units_text
from storage.outlet_files import read_outlets
from storage.outlets import import_outlets
from storage.profiles import add_profile, profiles
from storage.tables import TableError
from storage.unit_files import read_units
from storage.units import UnitError, import_units
from zugao.settings import FILE_NAME, SettingsError, load_settings, settings_from

T = TypeVar("T")
_AROUND: Final = 2
"""Unchanged lines that are shown around a change."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text of the settings."""

    title: str
    hint: str
    now: Callable[[Visit], str]
    check: Callable[[Visit, str], str]  # what it comes to, in words; raises with a sentence
    save: Callable[[Visit, str], str]


def show(visit: Visit) -> Response:
    """One of the documents, to be edited."""
    name = str(visit.path["name"])
    return _page(visit, name, 200, text=_document(name).now(visit), sentence="")


def start(visit: Visit) -> Response:
    """The first of them."""
    return RedirectResponse("/settings/units", 303)


def change(visit: Visit) -> Response:
    """Check and preview a changed text; save it if that is what was said of the preview."""
    name = str(visit.path["name"])
    document, text = _document(name), _text(visit)
    now = document.now(visit)
    if text == now:
        return _page(visit, name, 400, text=text, sentence="没有改动。")
    try:
        told = document.check(visit, text)
        if visit.said("save") != "1":
            return visit.render(
                "settings_preview.html", document=document, name=name, documents=DOCUMENTS,
                text=text, told=told, lines=changed_lines(now, text), seen=_digest(now),
            )  # fmt: skip
        if visit.said("seen") != _digest(now):
            raise Unable("您看的这会儿，别人改过这一项；请重新打开，在新的上面改。")
        done = document.save(visit, text)
    except (Unable, UnitError, TableError, SettingsError, ProfileError, ValueError) as problem:
        return _page(visit, name, 400, text=text, sentence=str(problem))
    visit.about = f"settings:{name}"
    visit.detail["sha256"] = _digest(text)
    return _page(visit, name, 200, text=document.now(visit), sentence=done, saved=True)


def changed_lines(old: str, new: str) -> list[tuple[str, str]]:
    """(mark, line) of what changed: "+", "-", " " around a change, "…" for what is left out."""
    before, after = old.splitlines(), new.splitlines()
    every: list[tuple[str, str]] = []
    for step in Indel.opcodes(before, after):
        if step.tag == "delete":
            every += [("-", line) for line in before[step.src_start : step.src_end]]
        else:
            mark = " " if step.tag == "equal" else "+"
            every += [(mark, line) for line in after[step.dest_start : step.dest_end]]
    near = [
        any(mark != " " for mark, _ in every[max(0, n - _AROUND) : n + _AROUND + 1])
        for n in range(len(every))
    ]
    shown: list[tuple[str, str]] = []
    for (mark, line), kept in zip(every, near, strict=True):
        if kept:
            shown.append((mark, line))
        elif not shown or shown[-1][0] != "…":
            shown.append(("…", ""))
    return shown


def _page(
    visit: Visit, name: str, status: int, *, text: str, sentence: str, saved: bool = False
) -> Response:
    return visit.render(
        "settings.html", status, document=_document(name), name=name, documents=DOCUMENTS,
        text=text, sentence=sentence, saved=saved, profiles=profiles(visit.db),
    )  # fmt: skip


def _document(name: str) -> Document:
    if name not in DOCUMENTS:
        raise HTTPException(404)
    return DOCUMENTS[name]


def _text(visit: Visit) -> str:
    text = str(visit.form.get("text", "")).replace("\r\n", "\n")
    return text if text.endswith("\n") else text + "\n"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _units(visit: Visit, text: str) -> str:
    return f"共{len(_read(text, read_units))}个单位。去掉的行不会删除单位；停用的，“启用”写否。"


def _save_units(visit: Visit, text: str) -> str:
    done = import_units(visit.db, _read(text, read_units))
    return (
        f"已保存：共{done.units}个单位，新增{done.added}个，{done.assigned}个文件或稿件找到单位。"
    )


def _outlets(visit: Visit, text: str) -> str:
    rows, complaints = _read(text, read_outlets)
    if complaints:
        raise Unable("；".join(complaints[:10]))
    return f"共{len(rows)}个刊物。去掉的行不会删除刊物；停用的，“停用”写是。"


def _save_outlets(visit: Visit, text: str) -> str:
    rows, complaints = _read(text, read_outlets)
    done = import_outlets(visit.db, rows)
    refused = (*complaints, *done.refused)
    told = f"已保存：新增{done.added}个，更改{done.changed}个。"
    return told + (f"没有改的：{'；'.join(refused)}" if refused else "")


def _read(text: str, reader: Callable[[Path], T]) -> T:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "表.csv"
        file.write_text(text, encoding="utf-8")
        try:
            return reader(file)
        except (UnitError, TableError) as problem:
            raise Unable(str(problem).replace(str(file), "")) from None


def _file(visit: Visit) -> str:
    try:
        return (visit.desk.settings.home / FILE_NAME).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Unable(f"设置文件读不了（{why(error)}）。") from None


def _check_file(visit: Visit, text: str) -> str:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = "".join(c for c in str(error) if c.isdigit() or c in ", ").strip(" ,")
        where = f"（第{place.replace(' ', '').replace(',', '行第')}列附近）" if place else ""
        raise Unable(f"这样写不对{where}：文字要加引号，中文的项名也要加引号。") from None
    settings_from(raw, visit.desk.settings.home)
    return "写法没有问题。编辑台马上照新的用；定时任务（zugao serve）重新启动以后才用。"


def _save_file(visit: Visit, text: str) -> str:
    home = visit.desk.settings.home
    target = home / FILE_NAME
    kept = home / f"{FILE_NAME}.{stamp().replace(':', '').replace('-', '')[:15]}"
    part = home / f".{FILE_NAME}.part"
    try:
        kept.write_text(_file(visit), encoding="utf-8")
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        raise Unable(f"设置文件写不了（{why(error)}），没有改动。") from None
    visit.desk.settings = load_settings(home)
    return f"已保存；原来的留在 {kept.name}。"


def _rules(visit: Visit) -> str:
    found = profiles(visit.db)
    return found[-1].text if found else ""


def _check_rules(visit: Visit, text: str) -> str:
    profile = read_profile(text)
    until = f"到{profile.valid_to}前" if profile.valid_to else "起"
    return (
        f"“{profile.name}”版本{profile.version}，{profile.valid_from}{until}适用。加入以后不能改。"
    )


def _save_rules(visit: Visit, text: str) -> str:
    number = add_profile(visit.db, text, who=visit.who.name)
    return f"已加入，为第{number}号计分办法。"


DOCUMENTS: Final = {
    "units": Document(
        "单位表", "一行一个单位；别名用；隔开。可从Excel另存为CSV后粘贴。",
        lambda visit: units_text(visit.db), _units, _save_units,
    ),
    "outlets": Document(
        "刊物表", "一行一个刊物；字数的下限、提醒、上限没有就空着。",
        lambda visit: outlets_text(visit.db), _outlets, _save_outlets,
    ),
    "file": Document(
        "设置文件", "字数上限、报送重点、退稿理由、通报等，每一项上面有说明。",
        _file, _check_file, _save_file,
    ),
    "rules": Document(
        "计分办法", "在最近的办法上改：换版本号，写上起始日期。怎么写见《计分办法怎么写》。",
        _rules, _check_rules, _save_rules,
    ),
}  # fmt: skip
"""Name in the address → document."""
