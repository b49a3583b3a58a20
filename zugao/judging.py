"""A draft with all that is known of it, stored or just read from a file: for cut and annotate."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from nlp.types import Draft, Findings, Flag
from storage.connection import Database, open_database, raw
from storage.facts import draft_facts, drafts_of_file
from storage.outlet_lengths import OutletLength, length_of, outlet_lengths
from storage.outlets import OutletError, outlet_named
from storage.printed_reuse import flags_of_unstored
from storage.reuse_ask import pairs_of_unstored
from storage.sides import stored_draft
from storage.units import load_units
from zugao.classifying import settings_or_defaults
from zugao.console import Problem
from zugao.settings import FILE_NAME, Settings


@dataclass(frozen=True, slots=True)
class ThemeSeen:
    """A theme of a draft in words."""

    name: str  # "A2 城市基层党建"
    probability: float
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """One draft and what was found of it."""

    draft: Draft
    genre: str
    themes: tuple[ThemeSeen, ...]
    flags: tuple[Flag, ...]
    pairs: tuple[dict[str, Any], ...] = ()  # as in ``storage.facts``; () without a working folder
    number: int = 0  # of the stored draft; 0 = not stored

    @property
    def terms(self) -> tuple[str, ...]:
        """The words that carry its themes."""
        return tuple(dict.fromkeys(term for theme in self.themes for term in theme.terms))


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """A file with its drafts in order."""

    path: Path  # where its bytes are
    name: str  # as the sender called it
    format: str
    judged: tuple[Judged, ...]
    chosen: int = 0  # index of the draft that was asked for
    outlets: tuple[OutletLength, ...] = ()  # that state a length; () without a working folder


def judge(home: Path, given: str) -> JudgedFile:
    """Everything about a stored draft (a number) or a file; ``file#2`` means its second draft.

    A file that the working folder already holds is told with what is stored of it; of another
    the stored drafts that it shares text with are looked up, and nothing is written.
    Raises Problem if there is no such draft or file, or if it cannot be read.
    """
    settings = settings_or_defaults(home)
    return replace(_judged(settings, given), outlets=_outlets(settings))


def _judged(settings: Settings, given: str) -> JudgedFile:
    if given.isdecimal() and not Path(given).is_file():
        return _stored(settings, int(given))
    file, number = _place(given)
    if not file.is_file():
        raise Problem(f"没有文件 {given}；库里的稿件用编号，例：zugao cut 12")
    known = _known(settings, file)
    found = _stored(settings, known[0]) if known else _read(settings, file)
    if number > len(found.judged):
        raise Problem(f"{file.name} 里只有 {len(found.judged)} 篇稿件，没有第 {number} 篇。")
    return replace(found, path=file, name=file.name, chosen=max(0, number - 1))


def outlet_of(home: Path, name: str) -> OutletLength:
    """What the outlet of a name or alias states. Raises Problem if none has that name."""
    settings = settings_or_defaults(home)
    if not (settings.home / FILE_NAME).exists():
        raise Problem("刊物的字数要求在稿件库里，请用 --home 指明，例：zugao --home 稿件库 cut 31")
    with closing(open_database(settings.database, readonly=True)) as db:
        try:
            return length_of(db, outlet_named(db, name))
        except OutletError as error:
            raise Problem(str(error)) from None


def _outlets(settings: Settings) -> tuple[OutletLength, ...]:
    if not (settings.home / FILE_NAME).exists():
        return ()
    with closing(open_database(settings.database, readonly=True)) as db:
        return outlet_lengths(db)


def _place(given: str) -> tuple[Path, int]:
    """File and number of the draft in it, 0 = not said."""
    name, mark, number = given.rpartition("#")
    if mark and number.isdecimal() and not Path(given).is_file():
        return Path(name), int(number)
    return Path(given), 0


def _known(settings: Settings, file: Path) -> list[int]:
    """Numbers of the stored drafts of a file with the same bytes; [] without a working folder."""
    if not (settings.home / FILE_NAME).exists():
        return []
    digest = sha256(file.read_bytes()).hexdigest()
    with closing(open_database(settings.database, readonly=True)) as db:
        return drafts_of_file(db, digest)


def _stored(settings: Settings, draft_id: int) -> JudgedFile:
    from storage.blobs import BlobStore

    with closing(open_database(settings.database, readonly=True)) as db:
        facts = draft_facts(db, draft_id)
        if facts is None:
            raise Problem(f"没有第 {draft_id} 号稿件；编号见汇总、export 的 id 列。")
        digest = str(facts["sha256"])
        ids = drafts_of_file(db, digest, manuscript=int(str(facts["manuscript_id"])))
        judged = tuple(_from_facts(db, one) for one in ids)
    path = BlobStore(settings.originals).path(digest)
    if not path.is_file():
        raise Problem(f"第 {draft_id} 号稿件的原件不在了：按要求删去了，或请用备份恢复。")
    chosen = ids.index(draft_id)
    return JudgedFile(path, str(facts["file_name"]), str(facts["format"]), judged, chosen)


def _from_facts(db: Database, draft_id: int) -> Judged:
    facts: dict[str, Any] = draft_facts(db, draft_id) or {}
    draft = replace(
        stored_draft(raw(db), draft_id)[0],
        position=facts["position"],
        characters=facts["characters"],
    )
    themes = tuple(
        ThemeSeen(
            f"{tag['code']} {tag['name']}",
            tag["probability"] or 0.0,
            tuple(str(term[0]) for term in tag["terms"]),
        )
        for tag in facts["tags"]
        if tag["kind"] == "theme"
    )
    flags = tuple(
        Flag(
            row["kind"], row["severity"], row["message"], row["start_offset"], row["end_offset"],
            row["count_value"], row["limit_value"],
        )
        for row in facts["flags"]
    )  # fmt: skip
    return Judged(draft, facts["genre"], themes, flags, tuple(facts["pairs"]), draft_id)


def _read(settings: Settings, file: Path) -> JudgedFile:
    from flows.models import analyst_in_use
    from nlp.taxonomy import Taxonomy
    from word.reasons import sentence
    from zugao.reading import read_one

    seen = read_one(file)
    if seen.refusal is not None:
        raise Problem(sentence(seen.refusal, file.name))
    if not seen.drafts or seen.reading is None:
        raise Problem(f"{file.name} 里没有可以成稿的文字。")
    names = {aspect.code: aspect.name for aspect in Taxonomy.load().aspects}
    findings = analyst_in_use(settings)[0].analyse(seen.drafts)
    pairs = _pairs(settings, file, seen.drafts, findings)
    printed = _printed(settings, seen.drafts, findings)
    judged = [
        Judged(
            draft,
            found.genre.code,
            tuple(
                ThemeSeen(
                    f"{theme.code} {names.get(theme.code, '')}",
                    theme.probability,
                    tuple(term.text for term in theme.terms),
                )
                for theme in found.themes
            ),
            (*found.flags, *flags),
            tuple(known),
        )
        for draft, found, known, flags in zip(seen.drafts, findings, pairs, printed, strict=True)
    ]
    return JudgedFile(file, file.name, seen.reading.format, tuple(judged))


def _pairs(
    settings: Settings, file: Path, drafts: Sequence[Draft], findings: Sequence[Findings]
) -> list[list[dict[str, Any]]]:
    """What the stored drafts share with those of a file; nothing without a working folder."""
    if not (settings.home / FILE_NAME).exists():
        return [[] for _ in drafts]
    with closing(open_database(settings.database, readonly=True)) as db:
        units = load_units(db)
        of_file, _ = units.of_file([file.absolute().parent.name], file.name)
        asked = [
            (draft, found, of_file or units.named(draft.unit) or draft.unit or None)
            for draft, found in zip(drafts, findings, strict=True)
        ]
        return pairs_of_unstored(db, asked, settings.reuse.rules())


def _printed(
    settings: Settings, drafts: Sequence[Draft], findings: Sequence[Findings]
) -> list[list[Flag]]:
    """已刊发 for each draft of a file; nothing without a working folder."""
    if not (settings.home / FILE_NAME).exists():
        return [[] for _ in drafts]
    with closing(open_database(settings.database, readonly=True)) as db:
        return flags_of_unstored(db, list(zip(drafts, findings, strict=True)))


def over(flags: Sequence[Flag]) -> Flag | None:
    """The flag that says that a draft is overlong, None if it is not."""
    return next((flag for flag in flags if flag.kind in ("over_hard", "over_soft")), None)
